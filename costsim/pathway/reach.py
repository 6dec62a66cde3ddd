"""What the referrals of a plan can meet: which kinds of people come to which activities, and what
is asked of them there. Two plans of which they meet the same give the same results.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, singledispatch
from itertools import chain, compress, pairwise, product, repeat, starmap
from operator import attrgetter, eq, gt, itemgetter
from typing import Any, TypeVar

from pydantic import BaseModel

from costsim.pathway.plan import Attribute, Plan, Post, Step, Varied, World

T = TypeVar("T")
Levels = tuple[int, ...]
"""A kind of people: the numbers of the values of their attributes."""
Place = tuple[str, int]
"""An activity of a world: the name of its track and its number there."""


@dataclass(frozen=True)
class By:
    """What differs between people, by the number of an attribute and of its values."""

    attribute: int
    options: tuple[tuple[int, Any], ...]


def met_by(people: Iterable[Levels], varied: Varied[T]) -> T | By | None:
    """What holds for some people: one thing, or several by an attribute; None for nobody.

    >>> met_by([(0,), (1,)], Varied(("short", "long"), attribute=0))
    By(attribute=0, options=((0, 'short'), (1, 'long')))
    >>> met_by([(1,)], Varied(("short", "long"), attribute=0))
    'long'
    """
    if varied.attribute is None:
        return next(map(varied.at, people), None)
    found = {who[varied.attribute]: varied.at(who) for who in people}
    if all(starmap(eq, pairwise(found.values()))):
        return next(iter(found.values()), None)
    return By(varied.attribute, tuple(sorted(found.items())))


def all_within(part: Any, kind: type[T]) -> list[T]:
    """All of a kind that is within a part, the names of fields and keys included.

    >>> all_within({"a": [1, ("b", 2)]}, str)
    ['a', 'b']
    """
    return [each for each in _everything(part) if isinstance(each, kind)]


def _everything(part: Any) -> Iterator[Any]:
    yield part
    for inner in _within(part):
        yield from _everything(inner)


@singledispatch
def _within(_part: Any) -> Iterable[Any]:
    return ()


@_within.register(list)
@_within.register(tuple)
def _(part: Collection[Any]) -> Iterable[Any]:
    return part


@_within.register
def _(part: dict) -> Iterable[Any]:  # type: ignore[type-arg]  # registered by the bare type
    return chain(*part.items())


@_within.register
def _(part: BaseModel) -> Iterable[Any]:
    return [written(part)]


def written(part: BaseModel, but: Collection[str] = ()) -> dict[str, Any]:
    """What a part of the scenario says by field, but for some fields."""
    return {name: getattr(part, name) for name in type(part).model_fields if name not in but}


def _asked(step: Step) -> dict[str, Varied[Any]]:
    """What an activity asks of a referral, by its attributes."""
    asked = {
        "wait": step.wait,
        "patience": step.patience,
        "meeting": step.panel and step.panel.each_case,
        "routes": step.routes,
        **{f"work {number}": work.minutes for number, work in enumerate(step.works())},
    }
    return {what: varied for what, varied in asked.items() if varied}


@dataclass(frozen=True)
class Stop:
    """An activity of a world, with the people who can come to it."""

    world: str
    track: str
    step: Step
    people: frozenset[Levels]

    @property
    def name(self) -> tuple[str, str]:
        """The pathway and the activity."""
        return self.track, self.step.name

    @property
    def roles(self) -> set[int]:
        """The numbers of the roles that work or sit here."""
        sitting = dict(self.step.panel.members) if self.step.panel else {}
        return {*map(attrgetter("role"), self.step.works()), *sitting}

    @property
    def essence(self) -> tuple[Any, ...]:
        """The activity as it is for those who come to it."""
        panel = self.step.panel
        duties = attrgetter("role", "purpose")
        turns = [list(map(duties, turn)) for turn in self.step.turns]
        sitting = panel and (panel.every, panel.capacity, panel.members)
        asked = {what: met_by(self.people, each) for what, each in _asked(self.step).items()}
        return self.world, *self.name, turns, sitting, asked


@dataclass(frozen=True)
class _Ways:
    """The ways that people can go in a world, where some wait in the comparator at the start."""

    world: World
    waiting: tuple[int, ...]

    @cached_property
    def steps(self) -> dict[Place, Step]:
        """The activities of the world."""
        return {
            (track.name, number): step
            for track in self.world.tracks
            for number, step in enumerate(track.steps)
        }

    @property
    def varied(self) -> Iterator[Varied[Any]]:
        """Everything that may vary between referrals here."""
        yield self.world.eligible
        if self.world.leak:
            yield self.world.leak.share
        yield from chain(*(_asked(step).values() for step in self.steps.values()))

    def taken(self, who: Levels) -> float:
        """The share of such people who take up the option; none where there is no option."""
        return self.world.eligible.at(who) if self.world.option else 0.0

    def _entries(self, who: Levels) -> Iterator[tuple[Place, float]]:
        """Where such people begin, with a share that is above 0 if anybody does."""
        old, taken = self.world.comparator, self.taken(who)
        yield from (((old.name, number), 1.0) for number in self.waiting)
        yield (old.name, old.start), 1.0 - taken
        if self.world.option:
            yield (self.world.option.name, self.world.option.start), taken
        if self.world.leak:
            yield (old.name, self.world.leak.to), min(taken, self.world.leak.share.at(who))

    def _onward(self, place: Place, who: Levels) -> set[Place]:
        """The activities to which such people go on; the numbers of outcomes are below 0."""
        route = self.steps[place].routes.at(who)
        possible = map(gt, route.cumulative, (0.0, *route.cumulative))
        return {(place[0], target) for target in compress(route.targets, possible) if target >= 0}

    def _journey(self, who: Levels) -> list[Place]:
        """Every activity that such people can come to."""
        places = [place for place, share in self._entries(who) if share > 0]
        for place in places:
            places += self._onward(place, who).difference(places)
        return places

    def stops(self, people: Iterable[Levels]) -> list[Stop]:
        """The activities that any of the people can come to."""
        comers = defaultdict(set)
        for who in people:
            for place in self._journey(who):
                comers[place].add(who)
        return [
            Stop(self.world.name, place[0], self.steps[place], frozenset(found))
            for place, found in sorted(comers.items())
        ]

    def essence(self, people: Collection[Levels]) -> tuple[Any, ...]:
        """Who is given which way, as it is for those who are."""
        world, leak = self.world, self.world.leak
        routes = [(track.name, track.start, track.outcomes) for track in world.tracks]
        takers = filter(self.taken, people)
        leaking = leak and (leak.to, met_by(takers, leak.share))
        return world.name, routes, met_by(people, world.eligible), leaking, world.extra_share


def _possible(plan: Plan, attribute: Attribute) -> list[int]:
    """The numbers of the values that a referral can have; a file of dates may give any."""
    given = repeat(True) if plan.demand.dated else attribute.shares
    return list(compress(range(len(attribute.shares)), given))


class Met:
    """What the referrals of a plan can meet."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        waiting = tuple(number for number, _ in plan.backlog)
        self._ways = [_Ways(world, waiting) for world in plan.worlds]

    @cached_property
    def people(self) -> tuple[Levels, ...]:
        """Every combination of values of the attributes by which anything varies."""
        varied = chain([self.plan.precedence], *map(attrgetter("varied"), self._ways))
        values = [_possible(self.plan, each) for each in self.plan.attributes]
        for idle in set(range(len(values))).difference(map(attrgetter("attribute"), varied)):
            del values[idle][1:]
        return tuple(product(*values))

    @cached_property
    def stops(self) -> list[Stop]:
        """The activities that somebody comes to, in each world."""
        return list(chain(*(ways.stops(self.people) for ways in self._ways)))

    @property
    def activities(self) -> list[tuple[str, str]]:
        """The activities that somebody comes to, each after its pathway."""
        return sorted(set(map(attrgetter("name"), self.stops)))

    @property
    def posts(self) -> list[Post]:
        """The staff who work at an activity that somebody comes to."""
        found = set().union(*map(attrgetter("roles"), self.stops))
        return [self.plan.posts[role] for role in sorted(found)]

    @property
    def essence(self) -> tuple[Any, ...]:
        """The plan without what no referral meets, so that equal ones give equal results."""
        plan = self.plan
        worlds = [ways.essence(self.people) for ways in self._ways]
        parts = (worlds, [stop.essence for stop in self.stops], self._precedence)
        return (
            plan.time, plan.demand, plan.backlog, plan.targets, plan.length, plan.warm_up, parts,
            self.posts, _mix(plan, parts),
        )  # fmt: skip

    @property
    def _precedence(self) -> Any:
        """Who is served first, where anybody can queue for staff or for a place at a meeting."""
        limited, sitting = attrgetter("headcount"), attrgetter("step.panel")
        queues = any(map(limited, self.posts)) or any(map(sitting, self.stops))
        return met_by(self.people, self.plan.precedence) if queues else None


def _mix(plan: Plan, parts: Any) -> list[Attribute]:
    """The attributes whose values luck draws, and by which anything differs that is met."""
    differing = {each.attribute for each in all_within(parts, By)} if _drawn(plan) else set()
    return [plan.attributes[number] for number in sorted(differing)]


def _drawn(plan: Plan) -> bool:
    """Whether luck has a say in who comes, which it has not where every date gives it."""
    given = chain(*map(itemgetter(1), plan.demand.dated))
    return plan.demand.style != "dated" or bool(plan.backlog) or -1 in given
