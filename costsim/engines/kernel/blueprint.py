"""A world as arrays of numbers, in the order of the plan: what the compiled code reads.

The activities of all tracks are numbered through, and so are the pieces of work of all activities:
those of a meeting's members, or those of its turns, one turn after the other. Purposes of luck and
distributions of minutes are listed beside them, for the draws are made outside the compiled code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from costsim.engines.kernel.office import DESK, MEETING, NOBODY, POST, TASK, TURN, UNLIMITED
from costsim.engines.protocol import outcomes_of
from costsim.pathway.plan import Plan, Step, Varied, World
from costsim.scenario.families import Family

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
ENOUGH = 2**31  # staff or room for more cases than can be numbered


class Routes(NamedTuple):
    """Where referrals go from each activity.

    `attribute` is the one that decides (-1: none); from `first`, an option for each of its values.
    An option's targets lie between `bounds`: activities, or outcomes (-1, -2, ... by number).
    `works` is how many pieces of work a visit to each activity has.
    """

    attribute: Ints
    first: Ints
    bounds: Ints
    targets: Ints
    cumulative: Floats
    tracks: Ints
    starts: Ints
    leak_to: int
    works: Ints


class Tables(NamedTuple):
    """The office's tables that do not depend on who comes."""

    desks: NDArray[np.void]
    turns: NDArray[np.void]
    tasks: NDArray[np.void]
    posts: NDArray[np.void]
    meetings: NDArray[np.void]


class Draw(NamedTuple):
    """One thing that is drawn for visits to an activity, by the purpose of its luck.

    It is written into a `column` of the visits; or, where there is none, into the works, by its
    number among those of a visit.
    """

    step: int
    purpose: str
    minutes: Varied[Family]
    column: str = ""
    work: int = 0


@dataclass(frozen=True)
class Blueprint:
    """One world, ready for the compiled code."""

    routes: Routes
    tables: Tables
    draws: tuple[Draw, ...]
    steps: tuple[Step, ...]
    offsets: tuple[int, ...]
    outcomes: tuple[str, ...]


class WorldStep(NamedTuple):
    """An activity of a world: the number of its track and of that track's first activity."""

    track: int
    offset: int
    ends: tuple[int, ...]
    step: Step

    @property
    def works(self) -> list[tuple[int, int]]:
        """The role and the number of people of each piece of work: of a meeting, or of staff."""
        if self.step.panel is not None:
            return list(self.step.panel.members)
        return [(work.role, 1) for work in self.step.works()]

    @property
    def turns(self) -> list[int]:
        """How many pieces of work each turn has."""
        return list(map(len, self.step.turns))

    def target(self, to: int) -> int:
        """A target of its track as a number of the whole world."""
        return self.ends[-1 - to] if to < 0 else self.offset + to


@lru_cache(maxsize=64)
def blueprint_of(plan: Plan, world: World) -> Blueprint:
    """The arrays of a world, which nobody may change: they are kept."""
    places = list(_places(world))
    steps = tuple(place.step for place in places)
    return Blueprint(
        routes=_routes(world, places),
        tables=_tables(plan, world, places),
        draws=tuple(_draws(steps)),
        steps=steps,
        offsets=tuple(_bounds(len(track.steps) for track in world.tracks)),
        outcomes=outcomes_of(world),
    )


def _places(world: World) -> Iterator[WorldStep]:
    outcomes = outcomes_of(world)
    offset = 0
    for number, track in enumerate(world.tracks):
        ends = tuple(-1 - outcomes.index(name) for name in track.outcomes)
        yield from (WorldStep(number, offset, ends, step) for step in track.steps)
        offset += len(track.steps)


def _bounds(sizes: Iterable[int]) -> Iterator[int]:
    """Where each part begins, and where the last one ends."""
    return accumulate(chain([0], sizes))


def _routes(world: World, places: list[WorldStep]) -> Routes:
    routes = [place.step.routes for place in places]
    targets = [list(_targets(place)) for place in places]
    options = list(chain.from_iterable(targets))
    shares = [option.cumulative for route in routes for option in route.options]
    offsets = _bounds(len(track.steps) for track in world.tracks)
    return Routes(
        attribute=_ints(route.attribute for route in routes),
        first=_ints(_bounds(map(len, targets))),
        bounds=_ints(_bounds(map(len, options))),
        targets=_ints(chain.from_iterable(options)),
        cumulative=np.array(list(chain.from_iterable(shares))),
        tracks=_ints(place.track for place in places),
        starts=np.add([track.start for track in world.tracks], list(offsets)[:-1]),
        leak_to=world.leak.to if world.leak else NOBODY,
        works=_ints(len(place.works) for place in places),
    )


def _targets(place: WorldStep) -> Iterator[list[int]]:
    """The targets of each option of an activity's routes."""
    for option in place.step.routes.options:
        yield list(map(place.target, option.targets))


def _tables(plan: Plan, world: World, places: list[WorldStep]) -> Tables:
    posts = [(_limit(post.headcount), post.share_of_time, 0) for post in plan.posts]
    meetings = [(panel.every, min(panel.capacity, ENOUGH), 0.0) for _, panel in world.meetings]
    return Tables(
        desks=_desks(world, places),
        turns=_turns(places),
        tasks=_table(TASK, list(chain.from_iterable(place.works for place in places))),
        posts=_table(POST, posts),
        meetings=_table(MEETING, meetings),
    )


def _table(kind: np.dtype[Any], rows: list[Any]) -> NDArray[np.void]:
    return np.array(rows, dtype=kind)


def _limit(headcount: int | None) -> int:
    return UNLIMITED if headcount is None else min(headcount, ENOUGH)


def _turns(places: list[WorldStep]) -> NDArray[np.void]:
    """Turns follow each other as their works do, but for those of meetings, which have none."""
    rows: list[tuple[int, int]] = []
    for place, begin in zip(places, _bounds(len(place.works) for place in places), strict=False):
        rows += pairwise(begin + before for before in _bounds(place.turns))
    return _table(TURN, rows)


def _desks(world: World, places: list[WorldStep]) -> NDArray[np.void]:
    """The activities, and a last row that says where their works end."""
    works = _bounds(len(place.works) for place in places)
    turns = pairwise(_bounds(len(place.turns) for place in places))
    rows = [
        (place.step.wait is not None, place.step.patience is not None, _panel(world, place.step))
        for place in places
    ]
    desks = [(*row, next(works), *turn) for row, turn in zip(rows, turns, strict=True)]
    return _table(DESK, [*desks, (False, False, NOBODY, next(works), 0, 0)])


def _panel(world: World, step: Step) -> int:
    """The number of the meeting that hears cases at an activity."""
    return NOBODY if step.panel is None else world.meetings.index((step.name, step.panel))


def _draws(steps: tuple[Step, ...]) -> Iterator[Draw]:
    for number, step in enumerate(steps):
        if step.wait is not None:
            yield Draw(number, f"wait/{step.name}", step.wait, "wait")
        if step.patience is not None:
            yield Draw(number, f"patience/{step.name}", step.patience, "patience")
        if step.panel is not None:
            yield Draw(number, step.panel.purpose, step.panel.each_case, "hearing")
        for place, work in enumerate(step.works()):
            yield Draw(number, work.purpose, work.minutes, work=place)


def _ints(values: Iterable[int | None]) -> Ints:
    """Numbers as an array; -1 for None."""
    return np.array([NOBODY if v is None else v for v in values], dtype=np.int64)
