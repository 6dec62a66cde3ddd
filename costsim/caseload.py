"""The people of one replication: when each is referred, what need they have, what luck they meet.

Baseline referrals are the same people in every world; a world with easier access has extra ones
beside them, with luck of their own. Each attribute, minute and choice is looked up by who, what and
which visit, so the engines consume nothing and cannot disturb each other.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from costsim.pathway.calendar import months_of
from costsim.pathway.plan import Plan, Varied, World
from costsim.sampling import Luck, values
from costsim.scenario.families import Family

Array = NDArray[np.float64]
Levels = NDArray[np.int64]


class Caseload:
    """The referrals of one world in one replication, numbered from 0: baseline first, then extra.

    `arrivals` are working minutes, `levels` the attributes' values by number (a row each),
    `counted` says who arrives within the window that is measured, `extra` who would not have come
    under the comparator.
    """

    def __init__(self, plan: Plan, world: World, luck: Luck) -> None:
        self._luck = luck
        baseline, given = _arrivals(plan, luck, 1.0, "")
        extra = np.empty(0)
        if world.extra_share > 0:
            extra, _ = _arrivals(plan, luck, world.extra_share, "extra/")
        self.arrivals: Array = np.concatenate([baseline, extra])
        self.extra = np.arange(len(self.arrivals)) >= len(baseline)
        self._baseline = len(baseline)
        self.levels = self._attribute_levels(plan, given)
        begin, finish = plan.window
        self.counted = (self.arrivals >= begin) & (self.arrivals < finish)
        self._world = world
        self._values: dict[tuple[str, int, int], list[float]] = {}
        self._chances: dict[tuple[str, int], list[float]] = {}

    def __len__(self) -> int:
        return len(self.arrivals)

    def _uniforms(self, purpose: str, visit: int = 0) -> Array:
        own = self._luck.uniforms(purpose, self._baseline, visit)
        more = len(self) - self._baseline
        return (
            np.concatenate([own, self._luck.uniforms(f"extra/{purpose}", more, visit)])
            if more
            else own
        )

    def _attribute_levels(self, plan: Plan, given: Levels | None) -> Levels:
        levels = np.zeros((len(self), len(plan.attributes)), dtype=np.int64)
        for number, attribute in enumerate(plan.attributes):
            bounds = np.cumsum(attribute.shares)[:-1]
            u = self._uniforms(f"attribute/{attribute.name}")
            levels[:, number] = np.searchsorted(bounds, u, side="right")
        if given is not None:
            known = levels[: self._baseline]
            levels[: self._baseline] = np.where(given >= 0, given, known)
        return levels

    @cached_property
    def people(self) -> list[tuple[int, ...]]:
        """Each referral's attribute values, by number."""
        return [tuple(row) for row in self.levels.tolist()]

    @cached_property
    def takes_up(self) -> list[bool]:
        """Whether each referral follows the world's option."""
        if self._world.option is None:
            return [False] * len(self)
        return self._chosen("take_up", self._world.eligible)

    @cached_property
    def leaks(self) -> list[bool]:
        """Whether each referral, having followed the option, needs the comparator as well."""
        if self._world.leak is None:
            return [False] * len(self)
        return self._chosen("leakage", self._world.leak.share)

    def _chosen(self, purpose: str, share: Varied[float]) -> list[bool]:
        limits = np.array(share.options)
        who = 0 if share.attribute is None else self.levels[:, share.attribute]
        return [bool(each) for each in self._uniforms(purpose) < limits[who]]

    def minutes(self, purpose: str, varied: Varied[Family], visit: int) -> list[float]:
        """Every referral's minutes for a purpose at their `visit`-th time there (from 0)."""
        # By identity: the plan holds on to its parts, and hashing them again and again is slow.
        address = (purpose, visit, id(varied))
        if address not in self._values:
            u = self._uniforms(purpose, visit)
            self._values[address] = values(varied, u, self.levels).tolist()
        return self._values[address]

    def chances(self, purpose: str, visit: int) -> list[float]:
        """Every referral's uniform number for a purpose at their `visit`-th time there."""
        address = (purpose, visit)
        if address not in self._chances:
            self._chances[address] = self._uniforms(purpose, visit).tolist()
        return self._chances[address]


def _arrivals(plan: Plan, luck: Luck, share: float, prefix: str) -> tuple[Array, Levels | None]:
    """Arrival minutes of so large a share of the demand, and attributes where a file gives them."""
    if plan.demand.style == "dated" and not prefix:
        times = np.array([minute for minute, _ in plan.demand.dated], dtype=np.float64)
        return times, np.array([levels for _, levels in plan.demand.dated], dtype=np.int64)
    expected = (
        share * plan.demand.per_year * math.ceil(plan.closing / plan.time.minutes_in_year() + 1)
    )
    if plan.demand.style == "evenly":
        return _placed(plan, np.arange(0.5, expected), share)
    return _placed(plan, _poisson(luck, expected, prefix), share)


def _poisson(luck: Luck, expected: float, prefix: str) -> Array:
    """Points of a Poisson process of unit rate, enough to pass `expected`."""
    count = 32 + math.ceil(expected + 6 * math.sqrt(expected))
    while True:
        gaps = -np.log1p(-luck.uniforms(f"{prefix}arrival", count))
        points = np.cumsum(gaps)
        if points[-1] > expected:
            return points
        count *= 2


def _placed(plan: Plan, points: Array, share: float) -> tuple[Array, None]:
    """Unit-rate points on the clock: the inverse of the expected number of referrals so far."""
    clock, expected = _cumulative(plan)
    times = np.interp(points, share * expected, clock, right=np.inf)
    return times[times < plan.closing], None


def _cumulative(plan: Plan) -> tuple[Array, Array]:
    """The ends of working days in minutes, and the referrals expected by then."""
    years = math.ceil(plan.warm_up * 2 + plan.length) + 1
    weights = _day_weights(plan, years)
    clock = plan.time.minutes_per_day * np.arange(len(weights) + 1, dtype=np.float64)
    return clock, np.concatenate([[0.0], np.cumsum(weights)])


def _day_weights(plan: Plan, years: int) -> Array:
    """Referrals expected on each working day; each year from the start adds up to `per_year`."""
    demand = plan.demand
    months = months_of(plan.time, years)
    weights = np.array(demand.monthly)[months - 1] if demand.monthly else np.ones(len(months))
    per_year = demand.per_year
    for year in range(years):
        days = slice(
            *(round(plan.time.period(y) / plan.time.minutes_per_day) for y in (year, year + 1))
        )
        total = weights[days].sum()
        weights[days] *= per_year / total if total > 0 else 0.0
    return np.asarray(weights)
