"""The figures of an option, each worked out as it is asked for: simulated, or by arithmetic alone.

A run asks for all of them. An analysis that evaluates a scenario thousands of times asks for a few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from costsim.economics.cashability import cashability
from costsim.economics.effectiveness import measure
from costsim.economics.outlook import allowance, economics
from costsim.economics.savings import SiteCase, Terms
from costsim.experiment import Runs
from costsim.pathway.compile import compile_site
from costsim.pathway.plan import Plan
from costsim.results.average import averages_of
from costsim.results.estimates import Estimate, combined
from costsim.results.metrics import (
    Allowance,
    Cashability,
    Economics,
    Timeliness,
)
from costsim.results.tally import Tallies
from costsim.results.timeliness import SiteTallies, timeliness
from costsim.scenario.schema import Scenario
from costsim.sites import priced, terms

SiteSums = Sequence[tuple[Plan, Mapping[str, Tallies]]]
"""The plan of every site, with its tallies by pathway's world."""


_PARTS = {
    part: frozenset(each.name for each in fields(kind))
    for part, kind in [
        ("economics", Economics), ("allowance", Allowance), ("cashability", Cashability),
        ("timeliness", Timeliness),
    ]
}  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """One option compared with the comparator, all sites together; each figure as it is asked for.

    `sites` are the plans with what was tallied, simulated or on average.
    """

    scenario: Scenario
    option: str
    sites: SiteSums

    @cached_property
    def _cases(self) -> list[SiteCase]:
        return [priced(self.scenario, plan, sums, self.option) for plan, sums in self.sites]

    @cached_property
    def _terms(self) -> Terms:
        return terms(self.scenario)

    @cached_property
    def economics(self) -> Economics:
        """Money and staff time."""
        return economics(self._cases, self._terms)

    @cached_property
    def allowance(self) -> Allowance:
        """The appraisal after optimism bias."""
        return allowance(self._cases, self._terms)

    @cached_property
    def cashability(self) -> Cashability:
        """How much of the staff time is cash."""
        return cashability(self._cases, self._terms)

    @cached_property
    def timeliness(self) -> Timeliness:
        """How long cases take; of an average referral, which waits for nothing, nothing."""
        tallies = [SiteTallies(plan, dict(sums)) for plan, sums in self.sites]
        return timeliness(tallies, self.scenario.comparator, self.option)

    def gain(self, effect: str) -> Estimate:
        """How much better a case fares by an effect."""
        comparator = self.scenario.comparator
        worlds = {
            name: [(plan.demand.per_year, sums[name]) for plan, sums in self.sites]
            for name in (comparator, self.option)
        }
        found = measure(effect, self.scenario.effects[effect], worlds, self._per_day)
        return combined(found.gain(comparator, self.option))

    @property
    def _per_day(self) -> float:
        return self.scenario.calendar.hours_per_day.value * 60

    def named(self, name: str) -> Any:
        """One figure by its published name."""
        part = next(part for part, names in _PARTS.items() if name in names)
        return getattr(getattr(self, part), name)


def means(scenario: Scenario) -> dict[str, Figures] | None:
    """Every option by arithmetic alone; None where means depend on the order of events.

    Nothing is simulated, so it takes milliseconds and changes smoothly with every input, and no
    figure has an error.
    """
    plans = [compile_site(scenario, site) for site in sorted(scenario.sites)]
    averages = [(plan, averages_of(plan)) for plan in plans]
    if not all(len(found) == len(plan.worlds) for plan, found in averages):
        return None
    return {name: Figures(scenario, name, averages) for name in scenario.options}


def simulated(scenario: Scenario, runs: Runs) -> dict[str, Figures]:
    """Every option as it was simulated."""
    sites = [(each.plan, each.tallies) for each in runs.sites.values()]
    return {name: Figures(scenario, name, sites) for name in scenario.options}
