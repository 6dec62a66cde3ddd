"""Inputs that change no result, however they are changed: what an analyst gave, and nobody needs.

A figure that has no effect is either superfluous or a sign that the model is not what its author
meant: minutes of a need that is never eligible, a ramp-up of years beyond the horizon, a rate for a
role that does nothing. To find them each input is moved alone, and everything that results are made
of is compared: what referrals can meet, who works and is paid, and what money is counted. Nothing
is simulated. Where it is not certain that a number has no effect it counts as used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from operator import ne
from typing import Any

from costsim.economics.budget import PriceLevels, financial_years
from costsim.economics.discounting import Discounting, Timing
from costsim.economics.rollout import Rollout
from costsim.errors import ScenarioError
from costsim.pathway.compile import compile_site
from costsim.pathway.reach import Met, all_within, written
from costsim.scenario.inputs import Input, inputs, with_values
from costsim.scenario.pathways import TakeUp
from costsim.scenario.schema import Scenario, Site

FACTORS = (1.1, 0.9, 2.0, 0.5)
ENDS = (0.0, 1.0, 2.0)
# What a plan holds of a site's referrals, take-up and activities, or what comes of them below;
# anything else that they may say is compared as it is written.
OF_REFERRALS = {"per_year", "arrive", "monthly", "need", "attributes", "priority", "backlog"}
OF_TAKE_UP = {
    "eligible", "leakage", "demand_response", "ramp_up", "fade", "start_delay", "double_running",
}  # fmt: skip
OF_ACTIVITIES = {"title", "wait", "staff", "meeting", "withdraw_after", "next"}
OF_WORK = {"headcount", "share_of_time", "posts"}


def unused(scenario: Scenario) -> tuple[Input, ...]:
    """The inputs that change no result however they are changed, in the order of the file.

    >>> from costsim.scenario.loader import load
    >>> unused(load("scenarios/starter.yaml"))
    ()
    """
    search = _Search(scenario)
    return tuple(each for each in inputs(scenario) if not search.matters(each))


@dataclass
class _Search:
    """What the results of a scenario are made of, to compare with those of one that was moved."""

    scenario: Scenario
    shared: Any = field(init=False)
    sites: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.shared = _of_all(self.scenario)
        self.sites = {name: _of_site(self.scenario, name) for name in self.scenario.sites}

    def matters(self, each: Input) -> bool:
        """Whether any of the other values that an input may have makes a difference."""
        return any(self._matters_at(each, value) for value in _others(each))

    def _matters_at(self, each: Input, value: float) -> bool:
        with suppress(ScenarioError):  # an impossible value
            return self._differs(with_values(self.scenario, dict.fromkeys(each.where, value)))
        return False

    def _differs(self, moved: Scenario) -> bool:
        """Whether the results may differ: of all sites, or of one that was moved."""
        return _of_all(moved) != self.shared or any(
            _of_site(moved, name) != self.sites[name] for name in self._touched(moved)
        )

    def _touched(self, moved: Scenario) -> list[str]:
        """The sites that the moved scenario does not share with this one."""
        mine = self.scenario.sites
        return [name for name, site in moved.sites.items() if site is not mine[name]]


def _others(each: Input) -> Iterator[float]:
    """Other values of an input, near ones first; `with_values` refuses those out of its bounds."""
    near = [(each.value or 0.0) * factor for factor in FACTORS]
    return filter(partial(ne, each.value), dict.fromkeys((*near, *ENDS, *(each.p10_p90 or ()))))


def _of_all(scenario: Scenario) -> tuple[Any, ...]:
    """What all sites share: what is written, what later money is worth, later pay and prices."""
    prices = scenario.prices
    return (
        written(scenario, {"sites", "discounting", "prices"}),
        _discounting(scenario),
        written(prices, {"pay_growth", "inflation"}),
        [prices.pay_growth.value] * (scenario.years - 1),  # pay grows from the second year on
        _price_levels(scenario),
    )


def _discounting(scenario: Scenario) -> tuple[Any, ...]:
    """How later money is weighed."""
    weighed = scenario.discounting
    factors = Discounting(weighed.yearly_rate, Timing(weighed.timing)).factors(scenario.years)
    return written(weighed, {"rate"}), factors


def _price_levels(scenario: Scenario) -> list[float]:
    """Prices of the financial years of the budget view; none where there is no such view."""
    levels = PriceLevels(scenario.deflators, scenario.price_year, scenario.prices.inflation.value)
    with suppress(ValueError):
        return list(map(levels.level, financial_years(scenario.calendar.start, scenario.years)))
    return []


def _of_site(scenario: Scenario, name: str) -> tuple[Any, ...]:
    """What the results of a site are made of."""
    site, met = scenario.sites[name], Met(compile_site(scenario, name))
    rest = written(site, {"staff", "referrals", "targets", "pathways", "take_up"})
    return (
        met.essence,
        _of_staff(site, [post.name for post in met.posts], rest),
        [_of_activity(site, *where) for where in met.activities],
        rest,
        written(site.referrals, OF_REFERRALS),
        written(site.take_up, OF_TAKE_UP),
        _course(site.take_up, scenario.years),
    )


def _of_staff(site: Site, workers: Collection[str], rest: Any) -> dict[str, Any]:
    """Roles that work count with all that they say, those that are only paid with their price."""
    named = set(all_within(rest, str)).intersection(site.staff)
    paid = {role: written(site.staff[role], OF_WORK) for role in named}
    return paid | {role: site.staff[role] for role in workers}


def _of_activity(site: Site, pathway: str, activity: str) -> Any:
    return pathway, activity, written(site.pathways[pathway].activities[activity], OF_ACTIVITIES)


def _course(take_up: TakeUp, years: int) -> Any:
    """The shares of the years in which the new pathway saves, is live, and runs beside the old."""
    course = Rollout.of(take_up)
    shares = (course.saving_shares, course.live_shares, course.double_shares, course.both_shares)
    return [share(years) for share in shares]
