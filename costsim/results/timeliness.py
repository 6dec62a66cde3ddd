"""How long decisions take, who waits and who is busy: estimates from the tallies of some sites."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from costsim.pathway.plan import Plan
from costsim.results.estimates import Estimate, Floats, interval, mean, quantile, ratio
from costsim.results.metrics import Timeliness, Times
from costsim.results.record import WITHDRAWN
from costsim.results.samples import Samples, pooled
from costsim.results.tally import Tallies


@dataclass(frozen=True)
class SiteTallies:
    """One site's plan and the tallies of its worlds."""

    plan: Plan
    worlds: dict[str, Tallies]


Sites = Sequence[Tallies]
Reading = Callable[[Tallies], Samples]
Found = TypeVar("Found")


def timeliness(sites: Sequence[SiteTallies], comparator: str, option: str) -> Timeliness:
    """The timeliness of a comparison, over all cases of the sites together."""
    worlds = {name: [site.worlds[name] for site in sites] for name in (comparator, option)}
    per_day = sites[0].plan.time.minutes_per_day

    def working_days(tallies: Tallies) -> Samples:
        return Samples(tallies.decisions.minutes / per_day, tallies.decisions.cases)

    return Timeliness(
        time_to_decision_days=_each(worlds, partial(_times, read=working_days)),
        time_to_decision_calendar_days=_each(worlds, partial(_times, read=_calendar_days)),
        days_sooner=_days_sooner(worlds[comparator], worlds[option], working_days),
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


def _each(worlds: Mapping[str, Sites], figure: Callable[[Sites], Found]) -> dict[str, Found]:
    """One figure of each world, by its name."""
    return {name: figure(tallies) for name, tallies in worlds.items()}


def _other_targets(sites: Sequence[SiteTallies]) -> list[str]:
    return sorted({name for site in sites for name, _ in site.plan.targets} - {"decision"})


def _calendar_days(tallies: Tallies) -> Samples:
    return Samples(tallies.decisions.calendar_days, tallies.decisions.cases)


def _times(sites: Sites, read: Reading) -> Times:
    samples = pooled(list(map(read, sites)))
    totals, counts = samples.totals(), samples.counts.astype(np.float64)
    ranked = samples.ranked()
    return Times(ratio(totals, counts), quantile(ranked, 0.5), quantile(ranked, 0.9))


def _days_sooner(old: Sites, new: Sites, read: Reading) -> Estimate:
    """Mean days under the comparator less under the option.

    Its standard error is that of a difference of two ratios of the same replications (each total
    less ratio x count, over the mean count), so the luck that both share narrows it.
    """
    before, after = (_residuals(pooled(list(map(read, sites)))) for sites in (old, new))
    if before is None or after is None:
        return Estimate(None, None, None, len(old[0]) - 1)
    value = before[0] - after[0]
    spread = mean(before[1] - after[1])
    if spread.mcse is None:
        return Estimate(value, None, None, spread.degrees)
    return interval(value, spread.mcse, spread.degrees or 0)


def _residuals(samples: Samples) -> tuple[float, Floats] | None:
    """The mean over all cases, and how far each replication pulls it."""
    totals, counts = samples.totals(), samples.counts
    if not counts.sum():
        return None
    value = float(totals.sum() / counts.sum())
    return value, (totals - value * counts) / counts.mean()


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
