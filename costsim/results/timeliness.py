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
from costsim.results.tally import Tally


@dataclass(frozen=True)
class SiteTallies:
    """One site's plan and the tallies of its worlds, one for each replication."""

    plan: Plan
    worlds: dict[str, list[Tally]]


def timeliness(sites: Sequence[SiteTallies], comparator: str, option: str) -> Timeliness:
    """The timeliness of a comparison, over all cases of the sites together."""
    worlds = {name: [site.worlds[name] for site in sites] for name in (comparator, option)}
    per_day = sites[0].plan.time.minutes_per_day

    def working_days(tally: Tally) -> Floats:
        return tally.decision_minutes / per_day

    return Timeliness(
        time_to_decision_days=_each(worlds, partial(_times, read=working_days)),
        time_to_decision_calendar_days=_each(worlds, partial(_times, read=_calendar_days)),
        days_sooner=_days_sooner(worlds[comparator], worlds[option], working_days),
        waiting_days_per_case=_each(worlds, partial(_waiting, per_day=per_day)),
        within_target=_each(worlds, partial(_on_time, name="decision")),
        other_targets={
            name: _each(worlds, partial(_on_time, name=name)) for name in _other_targets(sites)
        },
        withdrawn_share=_each(worlds, _withdrawn),
        outcome_share={
            name: _each(worlds, partial(_ended, name=name)) for name in _outcomes(worlds)
        },
        utilisation={name: _utilisation(sites, name) for name in worlds},
    )


ByReplication = Sequence[list[Tally]]
Reading = Callable[[Tally], Floats]
Found = TypeVar("Found")


def _each(
    worlds: Mapping[str, ByReplication], figure: Callable[[ByReplication], Found]
) -> dict[str, Found]:
    """One figure of each world, by its name."""
    return {name: figure(tallies) for name, tallies in worlds.items()}


def _other_targets(sites: Sequence[SiteTallies]) -> list[str]:
    return sorted({name for site in sites for name, _ in site.plan.targets} - {"decision"})


def _pooled(tallies: ByReplication, read: Reading) -> list[Floats]:
    """Every replication's cases of all sites together."""
    return [np.concatenate([read(site) for site in sites]) for sites in zip(*tallies, strict=True)]


def _calendar_days(tally: Tally) -> Floats:
    return tally.decision_calendar_days


def _times(tallies: ByReplication, read: Reading) -> Times:
    samples = _pooled(tallies, read)
    totals = np.array([sample.sum() for sample in samples])
    counts = np.array([len(sample) for sample in samples], dtype=np.float64)
    return Times(ratio(totals, counts), quantile(samples, 0.5), quantile(samples, 0.9))


def _days_sooner(old: ByReplication, new: ByReplication, read: Reading) -> Estimate:
    """Mean days under the comparator less under the option.

    Its standard error is that of a difference of two ratios of the same replications (each total
    less ratio x count, over the mean count), so the luck that both share narrows it.
    """
    before, after = _residuals(_pooled(old, read)), _residuals(_pooled(new, read))
    if before is None or after is None:
        return Estimate(None, None, None, len(old[0]) - 1)
    value = before[0] - after[0]
    spread = mean(before[1] - after[1])
    if spread.mcse is None:
        return Estimate(value, None, None, spread.degrees)
    return interval(value, spread.mcse, spread.degrees or 0)


def _residuals(samples: list[Floats]) -> tuple[float, Floats] | None:
    """The mean over all cases, and how far each replication pulls it."""
    totals = np.array([sample.sum() for sample in samples])
    counts = np.array([len(sample) for sample in samples], dtype=np.float64)
    if not counts.sum():
        return None
    value = float(totals.sum() / counts.sum())
    return value, (totals - value * counts) / counts.mean()


def _summed(tallies: ByReplication, read: Callable[[Tally], float]) -> Floats:
    return np.array([sum(read(site) for site in sites) for sites in zip(*tallies, strict=True)])


def _referrals(tallies: ByReplication) -> Floats:
    return _summed(tallies, lambda tally: float(tally.referrals + tally.extra))


def _waiting(tallies: ByReplication, per_day: float) -> Estimate:
    return ratio(_summed(tallies, lambda t: t.waiting_minutes / per_day), _referrals(tallies))


def _on_time(tallies: ByReplication, name: str) -> Estimate:
    nothing = (0, 0)
    met = _summed(tallies, lambda tally: float(tally.targets.get(name, nothing)[0]))
    checked = _summed(tallies, lambda tally: float(tally.targets.get(name, nothing)[1]))
    return ratio(met, checked)


def _withdrawn(tallies: ByReplication) -> Estimate:
    return ratio(_summed(tallies, lambda tally: float(tally.withdrawn)), _referrals(tallies))


def _outcomes(worlds: Mapping[str, ByReplication]) -> list[str]:
    first = [site[0].outcomes for tallies in worlds.values() for site in tallies if site]
    return sorted({name for outcomes in first for name in outcomes} - {WITHDRAWN})


def _ended(tallies: ByReplication, name: str) -> Estimate:
    return ratio(
        _summed(tallies, lambda tally: float(tally.outcomes.get(name, 0))), _referrals(tallies)
    )


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
                busy.append(np.array([tally.busy[number] for tally in site.worlds[world]]))
    if not busy:
        return Estimate(None)
    return mean(np.sum(busy, axis=0) / capacity)
