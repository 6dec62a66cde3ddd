"""A world as arrays of numbers, in the order of the plan: what the compiled code reads.

The activities of all tracks are numbered through, and so are the pieces of work of all activities:
those of a meeting's members, or those of its turns, one turn after the other. Purposes of luck and
distributions of minutes are listed beside them, for the draws are made outside the compiled code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from costsim.engines.kernel.office import DESK, MEETING, NOBODY, POST, TASK, TURN, table
from costsim.engines.protocol import outcomes_of
from costsim.pathway.plan import Plan, Route, Step, Varied, World
from costsim.scenario.families import Family

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Roads(NamedTuple):
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
    """One thing that is drawn for visits to an activity: its place there, and its address."""

    step: int
    place: str | int
    purpose: str
    minutes: Varied[Family]


@dataclass(frozen=True)
class Blueprint:
    """One world, ready for the compiled code."""

    roads: Roads
    tables: Tables
    draws: tuple[Draw, ...]
    steps: tuple[Step, ...]
    offsets: tuple[int, ...]
    outcomes: tuple[str, ...]


def blueprint(plan: Plan, world: World) -> Blueprint:
    """The arrays of a world."""
    steps = tuple(step for track in world.tracks for step in track.steps)
    offsets = tuple(_bounds(len(track.steps) for track in world.tracks))
    return Blueprint(
        roads=_roads(world, offsets),
        tables=_tables(plan, world, steps),
        draws=tuple(_draws(steps)),
        steps=steps,
        offsets=offsets,
        outcomes=outcomes_of(world),
    )


def _bounds(sizes: Iterator[int]) -> Iterator[int]:
    return accumulate(chain([0], sizes))


def _roads(world: World, offsets: tuple[int, ...]) -> Roads:
    routed = list(_routed(world, offsets))
    options = [option for _, each in routed for option in each]
    numbers = [track for track, each in enumerate(world.tracks) for _ in each.steps]
    starts = [offset + track.start for offset, track in zip(offsets, world.tracks, strict=False)]
    return Roads(
        attribute=_ints(varied.attribute for varied, _ in routed),
        first=_ints(_bounds(len(each) for _, each in routed)),
        bounds=_ints(_bounds(len(targets) for targets, _ in options)),
        targets=_ints(chain.from_iterable(targets for targets, _ in options)),
        cumulative=np.array(list(chain.from_iterable(shares for _, shares in options))),
        tracks=_ints(numbers),
        starts=_ints(starts),
        leak_to=world.leak.to if world.leak else NOBODY,
        works=_ints(len(list(_works(s))) for track in world.tracks for s in track.steps),
    )


Option = tuple[list[int], tuple[float, ...]]


def _routed(world: World, offsets: tuple[int, ...]) -> Iterator[tuple[Varied[Route], list[Option]]]:
    """Each activity's routes, their targets as numbers of the whole world."""
    outcomes = outcomes_of(world)
    for track, offset in zip(world.tracks, offsets, strict=False):
        ends = [-1 - outcomes.index(name) for name in track.outcomes]
        for step in track.steps:
            yield (
                step.routes,
                [
                    ([ends[-1 - to] if to < 0 else offset + to for to in r.targets], r.cumulative)
                    for r in step.routes.options
                ],
            )


def _tables(plan: Plan, world: World, steps: tuple[Step, ...]) -> Tables:
    works = [list(_works(step)) for step in steps]
    tasks = list(chain.from_iterable(works))
    turns = [len(turn) for step in steps for turn in step.turns]
    # A meeting's activity has no turns, so turns follow each other as their works do, gaps apart.
    first = [
        begin + before
        for begin, step in zip(_bounds(map(len, works)), steps, strict=False)
        for before in list(_bounds(map(len, step.turns)))[:-1]
    ]
    return Tables(
        desks=_desks(world, steps, works),
        turns=table(TURN, len(turns), first=first, last=np.add(first, turns)),
        tasks=table(
            TASK, len(tasks), role=[role for role, _ in tasks], people=[many for _, many in tasks]
        ),
        posts=table(
            POST,
            len(plan.posts),
            headcount=_ints(post.headcount for post in plan.posts),
            share=[post.share_of_time for post in plan.posts],
        ),
        meetings=table(
            MEETING,
            len(world.meetings),
            every=[panel.every for _, panel in world.meetings],
            capacity=[panel.capacity for _, panel in world.meetings],
        ),
    )


def _desks(
    world: World, steps: tuple[Step, ...], works: list[list[tuple[int, int]]]
) -> NDArray[np.void]:
    """The activities, and a last row that says where their works end."""
    meetings = world.meetings
    turns = list(_bounds(len(step.turns) for step in steps))
    panels = [(step.name, step.panel) for step in steps]
    return table(
        DESK,
        len(steps) + 1,
        waits=[*(step.wait is not None for step in steps), False],
        patient=[*(step.patience is not None for step in steps), False],
        panel=[*(meetings.index(p) if p in meetings else NOBODY for p in panels), NOBODY],
        works=list(_bounds(map(len, works))),
        turns=turns,
        end=[*turns[1:], turns[-1]],
    )


def _works(step: Step) -> Iterator[tuple[int, int]]:
    """The role and the number of people of each piece of work: a meeting's members, or staff."""
    if step.panel is not None:
        yield from step.panel.members
        return
    for work in step.works():
        yield work.role, 1


def _draws(steps: tuple[Step, ...]) -> Iterator[Draw]:
    for number, step in enumerate(steps):
        if step.wait is not None:
            yield Draw(number, "wait", f"wait/{step.name}", step.wait)
        if step.patience is not None:
            yield Draw(number, "patience", f"patience/{step.name}", step.patience)
        if step.panel is not None:
            yield Draw(number, "hearing", step.panel.purpose, step.panel.each_case)
        for place, work in enumerate(step.works()):
            yield Draw(number, place, work.purpose, work.minutes)


def _ints(values: Iterator[int | None] | list[int]) -> Ints:
    """Numbers as an array; -1 for None."""
    return np.array([NOBODY if v is None else v for v in values], dtype=np.int64)
