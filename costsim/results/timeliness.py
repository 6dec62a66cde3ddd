"""How long decisions take, who waits and who is busy: estimates from the tallies of some sites."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from costsim.pathway.plan import Plan
from costsim.results.estimates import Estimate, difference, mean, quantile, ratio
from costsim.results.metrics import Timeliness, Times
from costsim.results.record import WITHDRAWN
from costsim.results.samples import Floats, Samples, pooled
from costsim.results.tally import Tallies


@dataclass(frozen=True)
class SiteTallies:
    """One site's plan and the tallies of its worlds."""

    plan: Plan
    worlds: dict[str, Tallies]


Sites = Sequence[Tallies]
Read = TypeVar("Read")
Found = TypeVar("Found")


def timeliness(sites: Sequence[SiteTallies], comparator: str, option: str) -> Timeliness:
    """The timeliness of a comparison, over all cases of the sites together."""
    worlds = {name: [site.worlds[name] for site in sites] for name in (comparator, option)}
    per_day = sites[0].plan.time.minutes_per_day
    days = _each(worlds, partial(_working_days, per_day=per_day))
    return Timeliness(
        time_to_decision_days=_each(days, _times),
        time_to_decision_calendar_days=_each(_each(worlds, _calendar_days), _times),
        days_sooner=difference(days[comparator], days[option]),
        waiting_days_per_case=_each(worlds, partial(_waiting, per_day=per_day)),
        within_target=_each(worlds, partial(_on_time, name="decision")),
        other_targets={
            name: _each(worlds, partial(_on_time, name=name)) for name in _other_targets(sites)
        },
        withdrawn_share=_each(worlds, partial(_ended, name=WITHDRAWN)),
        outcome_share={
            name: _each(worlds, partial(_ended, name=name)) for name in _outcomes(worlds)
        },
        utilisation={name: _utilisation(sites, name) for name in worlds},
    )


def _each(worlds: Mapping[str, Read], figure: Callable[[Read], Found]) -> dict[str, Found]:
    """One figure of each world, by its name."""
    return {name: figure(read) for name, read in worlds.items()}


def _other_targets(sites: Sequence[SiteTallies]) -> list[str]:
    return sorted({name for site in sites for name, _ in site.plan.targets} - {"decision"})


def _working_days(sites: Sites, per_day: float) -> Samples:
    taken = pooled([tallies.decision_minutes for tallies in sites])
    return Samples(taken.values / per_day, taken.counts)


def _calendar_days(sites: Sites) -> Samples:
    return pooled([tallies.decision_calendar_days for tallies in sites])


def _times(taken: Samples) -> Times:
    mean_time = ratio(taken.totals(), taken.counts)
    return Times(mean_time, quantile(taken, 0.5), quantile(taken, 0.9))


def _summed(sites: Sites, read: Callable[[Tallies], Floats]) -> Floats:
    return np.asarray(np.sum([read(site) for site in sites], axis=0))


def _referrals(sites: Sites) -> Floats:
    return _summed(sites, lambda tallies: tallies.referrals + tallies.extra)


def _waiting(sites: Sites, per_day: float) -> Estimate:
    return ratio(_summed(sites, lambda each: each.waiting_minutes / per_day), _referrals(sites))


def _on_time(sites: Sites, name: str) -> Estimate:
    def column(tallies: Tallies, number: int) -> Floats:
        return tallies.targets.get(name, np.zeros((len(tallies), 2)))[:, number]

    return ratio(
        _summed(sites, partial(column, number=0)), _summed(sites, partial(column, number=1))
    )


def _outcomes(worlds: Mapping[str, Sites]) -> list[str]:
    every = [tallies.outcomes for sites in worlds.values() for tallies in sites]
    return sorted({name for outcomes in every for name in outcomes} - {WITHDRAWN})


def _ended(sites: Sites, name: str) -> Estimate:
    def cases(tallies: Tallies) -> Floats:
        return tallies.outcomes.get(name, np.zeros(len(tallies)))

    return ratio(_summed(sites, cases), _referrals(sites))


def _utilisation(sites: Sequence[SiteTallies], world: str) -> dict[str, Estimate]:
    """Time in use over the time that a role's people have; no value where they are unlimited."""
    roles = sorted({post.name for site in sites for post in site.plan.posts})
    return {role: _role_utilisation(sites, world, role) for role in roles}


def _role_utilisation(sites: Sequence[SiteTallies], world: str, role: str) -> Estimate:
    busy, capacity = [], 0.0
    for site in sites:
        for number, post in enumerate(site.plan.posts):
            if post.name == role and post.headcount is not None:
                begin, finish = site.plan.window
                capacity += post.headcount * post.share_of_time * (finish - begin)
                busy.append(site.worlds[world].busy[:, number])
    if not busy:
        return Estimate(None)
    return mean(np.sum(busy, axis=0) / capacity)
