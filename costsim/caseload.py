"""The people of replications: when each is referred, what need they have, what luck they meet.

Baseline referrals are the same people in every world; a world with easier access has extra ones
beside them, and there may be a backlog of cases that wait when the clock starts: each kind has luck
of its own. Each attribute, minute and choice is looked up by who, what and
which visit, so the engines consume nothing and cannot disturb each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from costsim.pathway.demand import referrals_by
from costsim.pathway.plan import Plan, Varied, World
from costsim.sampling import Luck, is_settled, values
from costsim.scenario.families import Family

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

BASELINE, EXTRA, BACKLOG = range(3)
PREFIXES = ("", "extra/", "backlog/")
"""What the purposes of each group's luck begin with."""


@dataclass(frozen=True)
class Group:
    """Referrals with luck of their own: those of every world, extra ones, or the backlog.

    A row for each: its replication, its position in the group there, when it arrives, and its
    attributes' values by number.
    """

    kind: int
    replication: Ints
    position: Ints
    arrivals: Array
    levels: Ints

    @classmethod
    def of(cls, plan: Plan, luck: Luck, kind: int, coming: Coming) -> Group:
        """The referrals that come, with what is drawn for each of them."""
        replication, arrivals, given = coming
        sizes = np.bincount(replication)
        position = np.arange(len(replication)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        first = np.zeros_like(position)
        levels = np.zeros((len(position), len(plan.attributes)), dtype=np.int64)
        for number, attribute in enumerate(plan.attributes):
            purpose = f"{PREFIXES[kind]}attribute/{attribute.name}"
            u = luck.uniforms(purpose, replication, position, first)
            bounds = np.cumsum(attribute.shares)[:-1]
            levels[:, number] = np.searchsorted(bounds, u, side="right")
        known = levels if given is None else np.where(given >= 0, given, levels)
        return cls(kind, replication, position, arrivals, known)


Coming = tuple[Ints, Array, Ints | None]
"""Replications, arrivals, and the values of attributes where they are given (-1 where not)."""


def baseline(plan: Plan, luck: Luck) -> Group:
    """The referrals who come in every world."""
    return Group.of(plan, luck, BASELINE, _arrivals(plan, luck, 1.0, BASELINE))


@dataclass(frozen=True)
class Addresses:
    """Where luck is, purpose apart: a row for each time that somebody needs some.

    `levels` are the values of their attributes, on which it depends what their luck comes to.
    """

    group: Ints
    replication: Ints
    position: Ints
    visit: Ints
    levels: Ints


class Caseload:
    """The referrals of one world in some replications: baseline first, then extra, then backlog.

    `arrivals` are working minutes, `levels` the attributes' values by number (a row each),
    `counted` says who arrives within the window that is measured, `extra` who would not have come
    under the comparator, `starts` at which of the comparator's activities a case of the backlog
    waits (-1 for a referral that comes new). `bounds` are where each replication's rows begin;
    `group` and `position` are part of the address of each row's luck.
    """

    def __init__(self, plan: Plan, world: World, luck: Luck, baseline: Group) -> None:
        self._luck = luck
        self._world = world
        self._groups = [baseline, *_others(plan, world, luck)]
        self.replication, self.arrivals, self.levels = (
            baseline.replication,
            baseline.arrivals,
            baseline.levels,
        )
        self.position, self.group = baseline.position, np.zeros_like(baseline.position)
        if len(self._groups) > 1:
            self._merge()
        self.bounds = np.searchsorted(self.replication, np.arange(luck.replications + 1))
        self.extra = self.group == EXTRA
        self.backlog = self.group == BACKLOG
        begin, finish = plan.window
        inside = (self.arrivals >= begin) & (self.arrivals < finish)
        self.counted = inside & ~self.backlog
        self.starts = self._waiting_at(plan)

    def _merge(self) -> None:
        """All groups together, by replication."""
        parts = self._groups
        order = np.argsort(np.concatenate([each.replication for each in parts]), kind="stable")
        self.replication = np.concatenate([each.replication for each in parts])[order]
        self.position = np.concatenate([each.position for each in parts])[order]
        self.arrivals = np.concatenate([each.arrivals for each in parts])[order]
        self.levels = np.concatenate([each.levels for each in parts])[order]
        sizes = [len(each.arrivals) for each in parts]
        self.group = np.repeat([each.kind for each in parts], sizes)[order]

    def __len__(self) -> int:
        return len(self.arrivals)

    def uniforms(self, purpose: str, at: Addresses) -> Array:
        """The uniform number at each address, for a purpose."""
        found = np.empty(len(at.visit))
        for group in self._groups:
            mine = at.group == group.kind
            found[mine] = self._luck.uniforms(
                PREFIXES[group.kind] + purpose,
                at.replication[mine],
                at.position[mine],
                at.visit[mine],
            )
        return found

    @cached_property
    def first(self) -> Addresses:
        """Where everybody's luck is for what happens once."""
        once = np.zeros(len(self), dtype=np.int64)
        return Addresses(self.group, self.replication, self.position, once, self.levels)

    def _waiting_at(self, plan: Plan) -> Ints:
        found = np.full(len(self), -1, dtype=np.int64)
        steps = np.repeat(*np.array(plan.backlog, dtype=np.int64).reshape(-1, 2).T)
        found[self.backlog] = np.tile(steps, self._luck.replications)
        return found

    @cached_property
    def takes_up(self) -> Flags:
        """Whether each referral follows the world's option; the backlog does not."""
        if self._world.option is None:
            return np.zeros(len(self), dtype=bool)
        return np.asarray(self._chosen("take_up", self._world.eligible) & ~self.backlog)

    @cached_property
    def leaks(self) -> Flags:
        """Whether each referral, having followed the option, needs the comparator as well."""
        if self._world.leak is None:
            return np.zeros(len(self), dtype=bool)
        return self._chosen("leakage", self._world.leak.share)

    def _chosen(self, purpose: str, share: Varied[float]) -> Flags:
        limits = np.array(share.options)
        who = 0 if share.attribute is None else self.levels[:, share.attribute]
        return np.asarray(self.uniforms(purpose, self.first) < limits[who])

    def minutes(self, purpose: str, varied: Varied[Family], at: Addresses) -> Array:
        """The minutes at each address, for a purpose."""
        u = np.zeros(len(at.visit)) if is_settled(varied) else self.uniforms(purpose, at)
        return values(varied, u, at.levels)


def _others(plan: Plan, world: World, luck: Luck) -> Iterator[Group]:
    """Extra referrals and the backlog, where there are any."""
    if world.extra_share > 0:
        yield Group.of(plan, luck, EXTRA, _arrivals(plan, luck, world.extra_share, EXTRA))
    if backlog := sum(count for _, count in plan.backlog):
        replication = np.repeat(np.arange(luck.replications), backlog)
        yield Group.of(plan, luck, BACKLOG, (replication, np.zeros(len(replication)), None))


def _arrivals(plan: Plan, luck: Luck, share: float, kind: int) -> Coming:
    """When so large a share of the demand arrives, and its attributes where a file gives them."""
    if plan.demand.style == "dated" and kind == BASELINE:
        return _dated(plan, luck.replications)
    clock, expected = referrals_by(plan)
    expected = share * expected
    until = float(np.interp(plan.closing, clock, expected))
    if plan.demand.style == "evenly":
        points = np.tile(np.arange(0.5, until), (luck.replications, 1))
    else:
        points = _poisson(luck, until, f"{PREFIXES[kind]}arrival")
    times = np.interp(points, expected, clock, right=np.inf)
    inside = times < plan.closing
    return np.repeat(np.arange(len(points)), inside.sum(axis=1)), times[inside], None


def _dated(plan: Plan, replications: int) -> Coming:
    times = np.array([minute for minute, _ in plan.demand.dated], dtype=np.float64)
    given = np.array([levels for _, levels in plan.demand.dated], dtype=np.int64)
    replication = np.repeat(np.arange(replications), len(times))
    return replication, np.tile(times, replications), np.tile(given, (replications, 1))


def _poisson(luck: Luck, until: float, purpose: str) -> Array:
    """Points of Poisson processes of unit rate, a row each, enough to pass `until` in all."""
    count = 10 + math.ceil(until + 4 * math.sqrt(until))
    while True:
        replication, position = np.divmod(np.arange(luck.replications * count), count)
        u = luck.uniforms(purpose, replication, position, np.zeros_like(position))
        points = np.cumsum(-np.log1p(-u).reshape(-1, count), axis=1)
        if (points[:, -1] > until).all():
            return points
        count += 10 + count // 4
