"""A plan: one site's arrangement, integer-coded, with everything the clock needs and no prices.

A *world* is what a site runs: in the comparator's world everyone follows the comparator; in an
option's world those who take it up follow the option, and the rest the comparator, with the same
staff. Activities, roles and attribute values are numbered in alphabetical order of their names, so
that the order of keys in a file cannot change a number.

Order rule of both engines: events happen in order of time and, at the same time, in the order in
which they were scheduled. First sittings of meetings are scheduled before arrivals, and arrivals of
the backlog before others. Staff who finish with a case together are free in the order of their
roles, and then the case goes on. Queues serve by priority, then by the time of joining, then by the
order of joining; whoever is called leaves all queues at once, and those are served next. Someone
who is called, or gives up, acts on it in an event of its own at the same time. A sitting schedules
the next sitting, and then hears its first case within the same event; it waits for a hearing that
overran, unless by less than a millionth of a minute. The clock stops when the counted period is
over and all counted cases are decided; what happens at that very moment still happens, and what
lies beyond is not recorded.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Generic, TypeVar

from costsim.pathway.calendar import WorkingTime
from costsim.scenario.families import Family

T = TypeVar("T")


@dataclass(frozen=True)
class Varied(Generic[T]):
    """One thing for every referral, or one for each value of an attribute, by its number."""

    options: tuple[T, ...]
    attribute: int | None = None

    def at(self, levels: tuple[int, ...]) -> T:
        """What holds for a referral whose attributes have these values."""
        return self.options[0 if self.attribute is None else levels[self.attribute]]


@dataclass(frozen=True)
class Attribute:
    """Something that differs between referrals, such as need, with its values and their shares."""

    name: str
    values: tuple[str, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Post:
    """A staff role as the clock sees it: how many (None: unlimited), and their share of time."""

    name: str
    headcount: int | None
    share_of_time: float

    @property
    def capacity(self) -> float:
        """How many whole people's time it comes to; nan where it is unlimited."""
        return self.headcount * self.share_of_time if self.headcount else math.nan


@dataclass(frozen=True)
class Work:
    """Minutes of one role in one activity; `purpose` is the address of its luck."""

    role: int
    minutes: Varied[Family]
    purpose: str


@dataclass(frozen=True)
class Panel:
    """A meeting: working minutes between sittings, most cases, members by role, time on each."""

    every: float
    capacity: int
    members: tuple[tuple[int, int], ...]
    each_case: Varied[Family]
    purpose: str


@dataclass(frozen=True)
class Route:
    """Where next: target numbers with cumulative shares. Below 0 are outcomes (see `end`)."""

    targets: tuple[int, ...]
    cumulative: tuple[float, ...]

    def shares(self) -> Iterator[tuple[int, float]]:
        """Each target with the share that goes there."""
        before = 0.0
        for target, until in zip(self.targets, self.cumulative, strict=True):
            yield target, until - before
            before = until


@dataclass(frozen=True)
class Step:
    """One activity of a pathway, numbered within its world."""

    name: str
    wait: Varied[Family] | None
    turns: tuple[tuple[Work, ...], ...]
    panel: Panel | None
    patience: Varied[Family] | None
    routes: Varied[Route]

    def works(self) -> Iterator[Work]:
        """Every piece of staff work of the activity, in turn."""
        for turn in self.turns:
            yield from turn


@dataclass(frozen=True)
class Track:
    """One pathway: its activities, where it starts, and the names of its outcomes."""

    name: str
    steps: tuple[Step, ...]
    start: int
    outcomes: tuple[str, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the activities by number."""
        return tuple(step.name for step in self.steps)


@dataclass(frozen=True)
class Leak:
    """Cases of the option that go on in the comparator, from activity `to`."""

    share: Varied[float]
    to: int


@dataclass(frozen=True)
class World:
    """What a site runs: the comparator's track alone, or an option's track beside it."""

    name: str
    comparator: Track
    option: Track | None = None
    eligible: Varied[float] = Varied((1.0,))
    leak: Leak | None = None
    extra_share: float = 0.0

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks that referrals can follow here."""
        return (self.comparator,) if self.option is None else (self.comparator, self.option)

    @property
    def routes(self) -> tuple[str, ...]:
        """Names of the tracks by number."""
        return tuple(track.name for track in self.tracks)

    @property
    def meetings(self) -> tuple[tuple[str, Panel], ...]:
        """The meetings that sit here, by name and terms, in a fixed order.

        Tracks share a meeting of the same name and terms; on other terms it is another meeting.
        """
        steps = [step for track in self.tracks for step in track.steps]
        found = {(step.name, step.panel) for step in steps if step.panel is not None}
        return tuple(sorted(found, key=repr))


@dataclass(frozen=True)
class Demand:
    """Referrals of a site: how many a year, how they arrive, weights of months, or given times."""

    per_year: float
    style: str
    monthly: tuple[float, ...] = ()
    dated: tuple[tuple[float, tuple[int, ...]], ...] = ()


@dataclass(frozen=True)
class Plan:
    """One site, ready for an engine: time, people, staff and worlds, without prices.

    `backlog` says at which of the comparator's activities how many cases wait at the start.
    """

    site: str
    time: WorkingTime
    attributes: tuple[Attribute, ...]
    demand: Demand
    posts: tuple[Post, ...]
    precedence: Varied[int]
    worlds: tuple[World, ...]
    backlog: tuple[tuple[int, int], ...]
    targets: tuple[tuple[str, float], ...]
    length: float
    warm_up: float

    @property
    def unlimited(self) -> bool:
        """Whether no referral can ever wait for staff."""
        return all(post.headcount is None for post in self.posts)

    def shortened(self, share: float) -> Plan:
        """The first part of the period, and of what precedes and follows it: the same referrals."""
        return replace(
            self,
            length=self.length * share,
            warm_up=self.warm_up * share,
            backlog=tuple((step, math.ceil(count * share)) for step, count in self.backlog),
        )

    @cached_property
    def window(self) -> tuple[float, float]:
        """The working minutes between which arriving referrals are counted."""
        return self.time.period(self.warm_up), self.time.period(self.warm_up + self.length)

    @cached_property
    def closing(self) -> float:
        """When arrivals stop: as long after the window as the warm-up lasts before it."""
        return self.time.period(self.warm_up + self.length + self.warm_up)


def end(outcome: int) -> int:
    """The target number of an outcome: -1, -2, ... (-1 is the first outcome of the track)."""
    return -1 - outcome
