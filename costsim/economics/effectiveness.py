"""What the money buys: outcomes other than money, and the cost of one more of them.

Pathways are put in order of what they achieve. One that costs more and achieves no more than
another is dominated; one that a mixture of two others would beat is extendedly dominated. The rest
form a frontier, along which the incremental cost-effectiveness ratio (ICER) is the cost of one more
unit of the effect (Drummond and others, Methods for the Economic Evaluation of Health Care
Programmes). Effects are per case; a positive difference is always better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from costsim.economics.savings import SiteCase
from costsim.results.estimates import Estimate, Numbers, Part, combined
from costsim.results.samples import Floats
from costsim.results.tally import Tallies
from costsim.scenario.terms import DECISION_DAYS, WITHIN_TARGET, Effect

FRONTIER = "on the frontier"
DOMINATED = "dominated"
EXTENDEDLY = "extendedly dominated"
PLACES = 9  # decimals to which costs and effects are told apart


@dataclass(frozen=True)
class Strategy:
    """One way of doing it: pounds and effect of a case."""

    name: str
    cost: float
    effect: float


@dataclass(frozen=True)
class Verdict:
    """Where a strategy stands: pounds for one more effect than `compared_with`, the one before it.

    `icer` and `compared_with` are None for the first of the frontier, and for what is dominated.
    """

    standing: str
    icer: float | None = None
    compared_with: str | None = None


def league(strategies: Sequence[Strategy]) -> dict[str, Verdict]:
    """Every strategy's standing, by name.

    Of two that cost and achieve the same, the first in the order given stays.

    >>> found = league([Strategy("A", 0, 0), Strategy("B", 100, 0.5), Strategy("C", 300, 0.6),
    ...                 Strategy("D", 400, 1.0), Strategy("E", 250, 0.4)])
    >>> found["B"].icer, found["D"].icer, found["C"].standing, found["E"].standing
    (200.0, 600.0, 'extendedly dominated', 'dominated')
    """
    ladder: list[Strategy] = []
    for each in sorted(strategies, key=_cheapest_first):
        if not ladder or round(each.effect - ladder[-1].effect, PLACES) > 0:
            ladder.append(each)
    frontier = _without_extendedly_dominated(ladder)
    found = {each.name: Verdict(DOMINATED) for each in strategies}
    found |= {each.name: Verdict(EXTENDEDLY) for each in ladder}
    return found | dict(_verdicts(frontier))


def _cheapest_first(each: Strategy) -> tuple[float, float]:
    """Pounds and effects that differ by rounding alone are the same."""
    return round(each.cost, PLACES), -round(each.effect, PLACES)


def _without_extendedly_dominated(ladder: Sequence[Strategy]) -> list[Strategy]:
    """The lower convex hull: ratios that rise from step to step."""
    hull: list[Strategy] = []
    for each in ladder:
        while len(hull) > 1 and _icer(hull[-2], hull[-1]) >= _icer(hull[-1], each):
            hull.pop()
        hull.append(each)
    return hull


def _icer(less: Strategy, more: Strategy) -> float:
    return (more.cost - less.cost) / (more.effect - less.effect)


def _verdicts(frontier: Sequence[Strategy]) -> Iterator[tuple[str, Verdict]]:
    for number, each in enumerate(frontier):
        before = frontier[number - 1] if number else None
        icer = _icer(before, each) if before else None
        yield each.name, Verdict(FRONTIER, icer, before.name if before else None)


@dataclass(frozen=True)
class Measure:
    """An effect as it was simulated: the parts of its mean, site by site, by pathway's world.

    A site counts by its yearly referrals, as in costs. `sign` is -1 where less is better.
    """

    name: str
    sign: float
    worth: float | None
    worlds: Mapping[str, Sequence[Part]]

    def mean(self, world: str) -> Estimate:
        """The mean of a case, as it is measured."""
        return combined(self.worlds[world])

    def gain(self, comparator: str, option: str, factor: float = 1.0) -> list[Part]:
        """How much better the option is, times a factor, as parts of a sum."""
        signs = ((self.sign * factor, option), (-self.sign * factor, comparator))
        return [
            (sign * weight, totals, counts)
            for sign, world in signs
            for weight, totals, counts in self.worlds[world]
        ]


@dataclass(frozen=True)
class EffectRow:
    """One pathway by one effect, for each case; `low` and `high` are ends of 95 % intervals.

    `effect` is as measured; `incremental_effect` and `incremental_cost` (pounds) are against the
    comparator, and a positive effect is better. `standing`, `icer` and `compared_with` place it
    among all pathways. `net_monetary_benefit` is the incremental effect at its `worth` (pounds)
    less the incremental cost. Empty where there is none.
    """

    pathway: str
    effect: float | None
    cost: float | None
    incremental_effect: float | None
    incremental_effect_low: float | None
    incremental_effect_high: float | None
    incremental_cost: float | None
    incremental_cost_low: float | None
    incremental_cost_high: float | None
    standing: str
    icer: float | None
    compared_with: str
    worth: float | None
    net_monetary_benefit: float | None
    net_monetary_benefit_low: float | None
    net_monetary_benefit_high: float | None


Worlds = Mapping[str, Sequence[tuple[float, Tallies]]]
"""Yearly referrals and tallies of every site, by pathway's world."""


def measures(worlds: Worlds, effects: Mapping[str, Effect], per_day: float) -> Iterator[Measure]:
    """The effects of a scenario: days to decision, cases decided in time, and what it scores.

    `per_day` is working minutes in a day.
    """
    known = {DECISION_DAYS: Effect(), WITHIN_TARGET: Effect(), **effects}
    for name, effect in known.items():
        found = measure(name, effect, worlds, per_day)
        if all(found.worlds.values()):
            yield found


def measure(name: str, effect: Effect, worlds: Worlds, per_day: float = 1.0) -> Measure:
    """One effect; a world without parts is one that does not have it."""
    found = {world: _parts(name, effect, sites, per_day) for world, sites in worlds.items()}
    worth = effect.worth.pounds if effect.worth else None
    return Measure(name, -1.0 if name == DECISION_DAYS else 1.0, worth, found)


def _parts(
    name: str, effect: Effect, sites: Sequence[tuple[float, Tallies]], per_day: float
) -> list[Part]:
    """The parts of an effect's mean over the sites that have it; none if there is no such thing."""
    found = [(volume, _read(name, effect, each, per_day)) for volume, each in sites]
    there = [(volume, read) for volume, read in found if read is not None]
    volumes = sum(volume for volume, _ in there)
    return [(volume / volumes, *read) for volume, read in there]


def _read(
    name: str, effect: Effect, site: Tallies, per_day: float
) -> tuple[Numbers, Numbers] | None:
    """Totals and counts of an effect at one site; None where there is no such thing.

    Days and targets are of the cases that were decided. Scores are per baseline referral, as costs
    are: who came only because access is easier is helped as well as paid for.
    """
    if name == DECISION_DAYS:
        return site.decision_minutes.totals() / per_day, site.decision_minutes.counts
    if name == WITHIN_TARGET:
        target = site.targets.get("decision")
        return None if target is None else (target[:, 0], target[:, 1])
    nothing = np.zeros(len(site))
    scores = (effect.scores[o].value * n for o, n in site.outcomes.items() if o in effect.scores)
    return np.sum([nothing, *scores], axis=0), site.referrals


Options = Mapping[str, Sequence[SiteCase]]
"""The priced cases of every site, by option."""


@dataclass(frozen=True)
class CostEffectiveness:
    """All pathways compared by one effect."""

    measure: Measure
    comparator: str
    options: Options

    def rows(self) -> tuple[EffectRow, ...]:
        """Every pathway, the comparator first."""
        effects = {name: self.measure.mean(name).value for name in self.costs}
        strategies = [
            Strategy(name, cost.number, self.measure.sign * effect)
            for name, cost in self.costs.items()
            if (effect := effects[name]) is not None and cost.value is not None
        ]
        verdicts = league(strategies)
        return tuple(self._row(name, verdicts.get(name, Verdict("none"))) for name in self.costs)

    @cached_property
    def costs(self) -> dict[str, Estimate]:
        """Pounds of a case by pathway, the comparator first."""
        first = next(iter(self.options.values()))
        found = {self.comparator: combined(_weighted(first, lambda c: c.costs[c.comparator]))}
        for name, cases in self.options.items():
            found[name] = combined(_weighted(cases, lambda c: c.costs[c.option]))
        return found

    def _row(self, name: str, verdict: Verdict) -> EffectRow:
        gain, dearer, benefit = self._differences(name)
        return EffectRow(
            name,
            self.measure.mean(name).value,
            self.costs[name].value,
            *_with_ends(gain),
            *_with_ends(dearer),
            verdict.standing,
            verdict.icer,
            verdict.compared_with or "",
            self.measure.worth,
            *_with_ends(benefit),
        )

    def _differences(self, name: str) -> tuple[Estimate, Estimate, Estimate]:
        """More effect, more cost, and their balance; the comparator differs from nothing."""
        none = Estimate(None)
        if name == self.comparator:
            return none, none, none
        measure, saving = self.measure, _weighted(self.options[name], lambda c: c.saved)
        gain = combined(measure.gain(self.comparator, name))
        dearer = combined(saving).linear(-1.0)
        if measure.worth is None:
            return gain, dearer, none
        worth = measure.gain(self.comparator, name, measure.worth)
        return gain, dearer, combined([*worth, *saving])


def _with_ends(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    low, high = estimate.interval or (None, None)
    return estimate.value, low, high


def _weighted(cases: Sequence[SiteCase], amounts: Callable[[SiteCase], Floats]) -> list[Part]:
    """An amount per baseline referral over all sites, each by its share of the referrals."""
    volume = sum(case.referrals_per_year for case in cases)
    return [(c.referrals_per_year / volume, amounts(c), c.referrals) for c in cases]
