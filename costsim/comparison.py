"""What was simulated, priced: an option compared with the comparator, by site and as a programme.

Prices are applied here, after the clock has run, so the same runs can be priced again and again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from costsim.economics.agencies import AgencyRow, agency_rows
from costsim.economics.appraisal import CashFlow
from costsim.economics.budget import BudgetRow, Parts, PriceLevels, budget, financial_years
from costsim.economics.cashability import CashRow, cash_rows, cashability
from costsim.economics.costing import (
    own_staff_once,
)
from costsim.economics.effectiveness import CostEffectiveness, EffectRow, measures
from costsim.economics.outlook import allowance, economics
from costsim.economics.savings import SiteCase, Terms, double_staff, other_savings, programme_flow
from costsim.experiment import Runs
from costsim.results.metrics import (
    PROGRAMME,
    Metrics,
)
from costsim.results.timeliness import SiteTallies, timeliness
from costsim.scenario.schema import Scenario
from costsim.sites import site_case, terms


@dataclass(frozen=True)
class OptionResult:
    """One option compared with the comparator: the programme's figures and each site's."""

    option: str
    programme: Metrics
    sites: dict[str, Metrics]
    cases: tuple[SiteCase, ...] = field(repr=False)


def option_result(scenario: Scenario, runs: Runs, option: str) -> OptionResult:
    """Compare one option with the comparator, site by site and as a programme."""
    shared = terms(scenario)
    cases = {name: site_case(scenario, each, option) for name, each in runs.sites.items()}

    def metrics(names: Iterable[str]) -> Metrics:
        tallies = [SiteTallies(runs.sites[name].plan, runs.sites[name].tallies) for name in names]
        times = timeliness(tallies, scenario.comparator, option)
        priced = [cases[name] for name in names]
        return Metrics(
            economics(priced, shared), allowance(priced, shared), cashability(priced, shared), times
        )

    sites = {name: metrics([name]) for name in cases}
    return OptionResult(option, metrics(cases), sites, tuple(cases.values()))


def cash_of(scenario: Scenario, result: OptionResult) -> dict[str, list[CashRow]]:
    """How much of each role's time is cash, by site: a row for each role and year."""
    shared = terms(scenario)
    pairs = zip(result.sites, result.cases, strict=True)
    return {name: list(cash_rows(case, shared)) for name, case in pairs}


def flows_of(scenario: Scenario, result: OptionResult) -> dict[str, CashFlow]:
    """The cash flow of the programme and of each site."""
    shared = terms(scenario)
    return {
        name: programme_flow(list(cases.values()), shared)
        for name, cases in _owners(result).items()
    }


def _owners(result: OptionResult) -> dict[str, dict[str, SiteCase]]:
    """Whose money it is, the programme's and each site's: their sites' cases, by name."""
    cases = dict(zip(result.sites, result.cases, strict=True))
    return {PROGRAMME: cases} | {name: {name: case} for name, case in cases.items()}


def _price_levels(scenario: Scenario) -> PriceLevels:
    return PriceLevels(scenario.deflators, scenario.price_year, scenario.prices.inflation.value)


def budget_of(scenario: Scenario, result: OptionResult) -> dict[str, tuple[BudgetRow, ...]]:
    """The budget view of the programme and of each site.

    Raises `ValueError` in plain words where a year has no price level.
    """
    shared, flows = terms(scenario), flows_of(scenario, result)
    cash = cash_of(scenario, result)
    cash[PROGRAMME] = list(chain.from_iterable(cash.values()))
    prices, start = _price_levels(scenario), scenario.calendar.start
    return {
        name: budget(flows[name], _parts(scenario, cases, shared), cash[name], start, prices)
        for name, cases in _owners(result).items()
    }


def _parts(scenario: Scenario, cases: Mapping[str, SiteCase], shared: Terms) -> Parts:
    """What of some sites' money is not staff time, or time of staff who are paid anyway."""
    priced = list(cases.values())
    return Parts(
        other_savings=other_savings(priced, shared),
        own_staff_once=math.fsum(own_staff_once(scenario.sites[name]) for name in cases),
        own_staff_doubled=double_staff(priced, shared),
    )


def late_savings(scenario: Scenario) -> Iterator[str]:
    """Sites where nothing is saved within the horizon, because both ways are run for so long."""
    for name, site in sorted(scenario.sites.items()):
        doubled = site.take_up.double_running.value
        if doubled and site.take_up.start_delay.value + doubled >= scenario.years:
            yield f"{name}: double_running lasts to the end of the horizon, so nothing is saved"


def without_budget(scenario: Scenario) -> Iterator[str]:
    """Why there is no budget view, if there is none: a year has no price level."""
    prices = _price_levels(scenario)
    try:
        for year in financial_years(scenario.calendar.start, scenario.years):
            prices.level(year)
    except ValueError as error:
        yield "no budget view by financial year: " + str(error).replace("|", ". ")


def agencies_of(scenario: Scenario, result: OptionResult) -> dict[str, tuple[AgencyRow, ...]]:
    """Who pays and who gains, in the programme and at each site."""
    shared = terms(scenario)
    return {
        owner: agency_rows([scenario.sites[name] for name in cases], list(cases.values()), shared)
        for owner, cases in _owners(result).items()
    }


def effects_of(
    scenario: Scenario, runs: Runs, results: Mapping[str, OptionResult]
) -> dict[str, tuple[EffectRow, ...]]:
    """Every pathway's cost and effect, by effect."""
    worlds = {
        name: [(r.plan.demand.per_year, r.tallies[name]) for r in runs.sites.values()]
        for name in (scenario.comparator, *results)
    }
    options = {name: result.cases for name, result in results.items()}
    per_day = scenario.calendar.hours_per_day.value * 60
    return {
        each.name: CostEffectiveness(each, scenario.comparator, options).rows()
        for each in measures(worlds, scenario.effects, per_day)
    }
