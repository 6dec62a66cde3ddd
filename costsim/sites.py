"""One site's comparison of an option with the comparator: what was tallied there, priced.

Prices are applied here, after the clock has run, so the same runs can be priced again and again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from costsim.economics.activities import activity_rows
from costsim.economics.costing import (
    added_up,
    costs,
    one_off_cost,
    prices,
    running_cost,
)
from costsim.economics.discounting import Discounting, Timing
from costsim.economics.optimism import LADDER, OptimismBias
from costsim.economics.rollout import Rollout
from costsim.economics.savings import RoleTime, SiteCase, Terms
from costsim.experiment import SiteRuns
from costsim.pathway.plan import Plan
from costsim.results.average import averages_of
from costsim.results.estimates import ratio
from costsim.results.tally import Tallies
from costsim.scenario.schema import Scenario, Site


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
    """One site's comparison of an option with the comparator, simulated and priced."""
    found = priced(scenario, runs.plan, runs.tallies, option)
    case = average_case(scenario, runs.plan, option)
    return replace(found, expected_saving=case.saving().value) if case else found


def average_case(scenario: Scenario, plan: Plan, option: str) -> SiteCase | None:
    """One site's comparison by arithmetic alone: the means of one referral, which have no error.

    None where they depend on the order of events.
    """
    found = averages_of(plan, (scenario.comparator, option))
    return priced(scenario, plan, found, option) if len(found) == 2 else None


def priced(scenario: Scenario, plan: Plan, tallies: Mapping[str, Tallies], option: str) -> SiteCase:
    """One site's comparison by its tallies, whether simulated or on average."""
    site = scenario.sites[plan.site]
    price = prices(scenario, plan)
    worlds = {w.name: w for w in plan.worlds if w.name in (scenario.comparator, option)}
    return SiteCase(
        comparator=scenario.comparator,
        option=option,
        referrals_per_year=plan.demand.per_year,
        referrals=tallies[scenario.comparator].referrals,
        costs={name: costs(tallies[name], world, price) for name, world in worlds.items()},
        minutes={name: added_up(tallies[name].minutes) for name in worlds},
        running_change=running_cost(site, option) - running_cost(site, scenario.comparator),
        running_old=running_cost(site, scenario.comparator),
        one_off=one_off_cost(site),
        rollout=Rollout.of(site.take_up),
        expected_saving=None,
        roles=tuple(_role_times(site, plan, tallies, (scenario.comparator, option))),
        activities=tuple(
            row
            for name, world in worlds.items()
            for row in activity_rows(plan, world, tallies[name], price)
        ),
    )


def _role_times(
    site: Site, plan: Plan, tallies: Mapping[str, Tallies], worlds: tuple[str, str]
) -> Iterator[RoleTime]:
    """What each role's time costs, and how much of it is released."""
    before, after = (tallies[name].minutes for name in worlds)
    referrals = tallies[worlds[0]].referrals
    for number, post in enumerate(plan.posts):
        role, posts = site.staff[post.name], site.staff[post.name].posts
        yield RoleTime(
            name=post.name,
            hourly_cost=role.rate,
            released=ratio(before[:, number] - after[:, number], referrals),
            vacated_a_year=posts.in_post.value * posts.turnover.value if posts else 0.0,
            backfill=posts.backfill.value if posts else 0.0,
        )
