"""Journeys: who goes where, in what order, which luck and need alone decide.

Queues and clocks change when a referral is at an activity, not which comes next; so the way of
every referral is known before the clock starts, as far as it will go if nobody gives up.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from costsim.caseload import Caseload
from costsim.engines.kernel.blueprint import Blueprint, Ints
from costsim.engines.kernel.compiling import compiled
from costsim.engines.kernel.luck import CompiledLuck, Where, block, unit
from costsim.engines.kernel.office import VISIT
from costsim.engines.protocol import MOST_VISITS

ENDLESS = 1 << 40  # added to an activity's number where a referral has been there too often


class Journeys(NamedTuple):
    """Every case's visits between `bounds`, which know whose they are, where, and which time there.

    `target` is where it ends: an outcome (-1, -2, ...), or `ENDLESS` and an activity. `track` is
    the track on which it ends. `works` is how many pieces of work there are in all.
    """

    visits: NDArray[np.void]
    bounds: Ints
    target: Ints
    track: Ints
    works: int


class Travellers(NamedTuple):
    """What decides where each case goes: where its luck is, its needs, and its start."""

    where: Where
    levels: Ints
    start: Ints
    leaks: NDArray[np.bool_]


def travellers(blueprint: Blueprint, caseload: Caseload) -> Travellers:
    """The cases of a caseload."""
    starts = blueprint.routes.starts[caseload.takes_up.astype(np.int64)]
    return Travellers(
        where=Where(caseload.group, caseload.replication, caseload.position),
        levels=caseload.levels,
        start=np.where(caseload.starts >= 0, caseload.starts, starts),
        leaks=caseload.leaks,
    )


def journeys_of(blueprint: Blueprint, who: Travellers, luck: CompiledLuck) -> Journeys:
    """The journeys of all cases."""
    size, steps = len(who.start), len(blueprint.steps)
    keys = np.array([luck.keys(f"route/{step.name}") for step in blueprint.steps])
    bounds = np.empty(size + 1, dtype=np.int64)
    target, track = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    room = 1024 + 4 * size
    while True:
        visits = np.empty(room, dtype=VISIT)
        dice = _dice((keys, luck.first, luck.draw), steps)
        works = walk(blueprint.routes, who, dice, visits, (bounds, target, track))
        if works >= 0:
            return Journeys(visits[: bounds[-1]], bounds, target, track, works)
        room *= 2


def _dice(address: tuple[Any, int, int], steps: int) -> tuple[Any, Ints, Ints, Any]:
    """Where luck is, how often a case was at each activity, and each activity's last block."""
    seen, known = np.zeros(steps, dtype=np.int64), np.full((steps, 4), -1, dtype=np.int64)
    return address, seen, known, np.empty((steps, 4), dtype=np.uint64)


@compiled
def walk(routes: Any, who: Any, dice: Any, visits: Any, found: Any) -> Any:
    """Follow every case from its start to its end: how many works; -1 if there is no more room."""
    bounds, target, track = found
    luck, seen, known, words = dice
    row, work = 0, 0
    for case in range(len(target)):
        bounds[case] = row
        at = who.start[case]
        while at >= 0:
            if seen[at] >= MOST_VISITS:
                at += ENDLESS
                break
            if row == len(visits):
                return -1
            number = seen[at]
            visit = visits[row]
            visit["case"], visit["step"] = case, at
            visit["number"], visit["work"] = number, work
            row += 1
            work += routes.works[at]
            seen[at] = number + 1
            track[case] = routes.tracks[at]
            at = _next(routes, who, case, (at, number), (luck, known, words))
        target[case] = at
        for back in range(bounds[case], row):
            seen[visits[back]["step"]] = 0
    bounds[len(target)] = row
    return work


@compiled
def _next(routes: Any, who: Any, case: Any, visit: Any, dice: Any) -> Any:
    """Where a case goes next, by its needs and its luck, and whether it leaks to the old."""
    at, _ = visit
    attribute = routes.attribute[at]
    option = routes.first[at] + (who.levels[case, attribute] if attribute >= 0 else 0)
    choice, last = routes.bounds[option], routes.bounds[option + 1] - 1
    if choice < last:
        u = _chance(who, case, visit, dice)
        while choice < last and routes.cumulative[choice] <= u:
            choice += 1
    to = routes.targets[choice]
    if to < 0 and routes.leak_to >= 0 and routes.tracks[at] == 1 and who.leaks[case]:
        return routes.leak_to
    return to


@compiled
def _chance(who: Any, case: Any, visit: Any, dice: Any) -> Any:
    """The uniform number of a case for its route; blocks are kept, for neighbours share them."""
    at, number = visit
    (keys, first, draw), known, words = dice
    group, replication = who.where.group[case], who.where.replication[case]
    place = who.where.position[case] >> 2
    mine = known[at]
    if mine[0] != place or mine[1] != number or mine[2] != replication or mine[3] != group:
        mine[0], mine[1], mine[2], mine[3] = place, number, replication, group
        key = (keys[at, group, 0], keys[at, group, 1])
        counter = (
            np.uint64(place + 1),
            np.uint64(number),
            np.uint64(first + replication),
            np.uint64(draw),
        )
        block(key, counter, words[at])
    return unit(words[at, who.where.position[case] & 3])
