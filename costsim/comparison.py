"""What was simulated, priced: an option compared with the comparator, by site and as a programme.

Prices are applied here, after the clock has run, so the same runs can be priced again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from costsim.economics.cashability import CashRow, cash_rows, cashability
from costsim.economics.costing import Prices, added_up, costs, one_off_cost, prices, running_cost
from costsim.economics.discounting import Discounting, Timing
from costsim.economics.rollout import Rollout
from costsim.economics.savings import RoleTime, SiteCase, Terms, economics
from costsim.experiment import Runs, SiteRuns
from costsim.pathway.expectation import expected
from costsim.pathway.plan import Plan, World
from costsim.results.estimates import ratio
from costsim.results.metrics import Metrics
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
        return Metrics(economics(priced, shared), cashability(priced, shared), times)

    sites = {name: metrics([name]) for name in cases}
    return OptionResult(option, metrics(cases), sites, tuple(cases.values()))


def cash_of(scenario: Scenario, result: OptionResult) -> dict[str, list[CashRow]]:
    """How much of each role's time is cash, by site: a row for each role and year."""
    shared = terms(scenario)
    pairs = zip(result.sites, result.cases, strict=True)
    return {name: list(cash_rows(case, shared)) for name, case in pairs}


def terms(scenario: Scenario) -> Terms:
    """What the appraisal of every site of a scenario shares."""
    written = scenario.discounting
    rate = written.rate.value if written.rate else None if written.schedule else 0.035
    discounting = Discounting(rate, Timing(written.timing))
    return Terms(scenario.years, discounting, scenario.calendar.full_time_year.value)


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
        one_off=one_off_cost(site),
        rollout=_rollout(site),
        expected_saving=_expected_saving(runs.plan, worlds, price, option),
        roles=tuple(_role_times(site, runs, (scenario.comparator, option))),
    )


def _role_times(site: Site, runs: SiteRuns, worlds: tuple[str, str]) -> Iterator[RoleTime]:
    """What each role's time costs, and how much of it is released."""
    before, after = (runs.tallies[name].minutes for name in worlds)
    for number, post in enumerate(runs.plan.posts):
        role, posts = site.staff[post.name], site.staff[post.name].posts
        yield RoleTime(
            name=post.name,
            hourly_cost=role.hourly_cost.value,
            released=ratio(before[:, number] - after[:, number], runs.referrals),
            vacated_a_year=posts.in_post.value * posts.turnover.value if posts else 0.0,
            backfill=posts.backfill.value if posts else 0.0,
        )


def _rollout(site: Site) -> Rollout:
    take_up = site.take_up
    ramp_up = tuple(share.value for share in take_up.ramp_up)
    return Rollout(take_up.start_delay.value, ramp_up, take_up.fade.value)


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
