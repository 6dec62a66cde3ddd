"""What was simulated, priced: an option compared with the comparator, by site and as a programme.

Prices are applied here, after the clock has run, so the same runs can be priced again and again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from costsim.economics.activities import activity_rows
from costsim.economics.agencies import AgencyRow, agency_rows
from costsim.economics.appraisal import CashFlow
from costsim.economics.budget import BudgetRow, Parts, PriceLevels, budget, financial_years
from costsim.economics.cashability import CashRow, cash_rows, cashability
from costsim.economics.costing import (
    Prices,
    added_up,
    costs,
    one_off_cost,
    own_staff_once,
    prices,
    running_cost,
)
from costsim.economics.discounting import Discounting, Timing
from costsim.economics.effectiveness import CostEffectiveness, EffectRow, measures
from costsim.economics.optimism import LADDER, OptimismBias
from costsim.economics.rollout import Rollout
from costsim.economics.savings import (
    RoleTime,
    SiteCase,
    Terms,
    allowance,
    double_staff,
    economics,
    other_savings,
    programme_flow,
)
from costsim.experiment import Runs, SiteRuns
from costsim.pathway.expectation import expected
from costsim.pathway.plan import Plan, World
from costsim.results.estimates import ratio
from costsim.results.metrics import PROGRAMME, Metrics
from costsim.results.timeliness import SiteTallies, timeliness
from costsim.scenario.schema import Scenario, Site


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


def terms(scenario: Scenario) -> Terms:
    """What the appraisal of every site of a scenario shares."""
    written = scenario.discounting
    discounting = Discounting(written.yearly_rate, Timing(written.timing))
    return Terms(
        years=scenario.years,
        discounting=discounting,
        full_time_minutes=scenario.calendar.full_time_year.value,
        pay_growth=scenario.prices.pay_growth.value,
        optimism_bias=_optimism_bias(scenario),
    )


def _optimism_bias(scenario: Scenario) -> OptimismBias | None:
    written = scenario.optimism_bias
    if written is None:
        return None
    graded = LADDER[(written.grade or 1) - 1]
    savings = written.savings.value if written.savings else graded
    return OptimismBias(savings, written.costs.value)


def site_case(scenario: Scenario, runs: SiteRuns, option: str) -> SiteCase:
    """One site's comparison of an option with the comparator, priced."""
    site = scenario.sites[runs.plan.site]
    price = prices(scenario, runs.plan)
    worlds = {w.name: w for w in runs.plan.worlds if w.name in (scenario.comparator, option)}
    return SiteCase(
        comparator=scenario.comparator,
        option=option,
        referrals_per_year=runs.plan.demand.per_year,
        referrals=runs.referrals,
        costs={name: costs(runs.tallies[name], world, price) for name, world in worlds.items()},
        minutes={name: added_up(runs.tallies[name].minutes) for name in worlds},
        running_change=running_cost(site, option) - running_cost(site, scenario.comparator),
        running_old=running_cost(site, scenario.comparator),
        one_off=one_off_cost(site),
        rollout=Rollout.of(site.take_up),
        expected_saving=_expected_saving(runs.plan, worlds, price, option),
        roles=tuple(_role_times(site, runs, (scenario.comparator, option))),
        activities=tuple(
            row
            for name, world in worlds.items()
            for row in activity_rows(runs.plan, world, runs.tallies[name], price)
        ),
    )


def _role_times(site: Site, runs: SiteRuns, worlds: tuple[str, str]) -> Iterator[RoleTime]:
    """What each role's time costs, and how much of it is released."""
    before, after = (runs.tallies[name].minutes for name in worlds)
    for number, post in enumerate(runs.plan.posts):
        role, posts = site.staff[post.name], site.staff[post.name].posts
        yield RoleTime(
            name=post.name,
            hourly_cost=role.rate,
            released=ratio(before[:, number] - after[:, number], runs.referrals),
            vacated_a_year=posts.in_post.value * posts.turnover.value if posts else 0.0,
            backfill=posts.backfill.value if posts else 0.0,
        )


def _expected_saving(
    plan: Plan, worlds: dict[str, World], price: Prices, option: str
) -> float | None:
    """The saving per case by arithmetic alone, where there is such an answer."""
    found = {name: _expected_cost(plan, world, price) for name, world in worlds.items()}
    new = found.pop(option)
    (old,) = found.values()
    return None if old is None or new is None else old - new


def _expected_cost(plan: Plan, world: World, price: Prices) -> float | None:
    means = expected(plan, world)
    if means is None:
        return None
    staff = float(means.minutes @ price.per_minute)
    return staff + sum(float(v @ price.per_visit[name]) for name, v in means.visits.items())
