"""What a plan costs on average, by arithmetic alone: an oracle for the simulation.

A pathway is an absorbing Markov chain: from an activity a referral goes on with fixed shares. Its
expected number of visits to each activity solves v = start + P'v (Kemeny and Snell 1960, ch. 3),
and expected minutes follow from the means of the distributions. Waiting does not change who does
what, so queues do not matter; withdrawal does, and then there is no such arithmetic.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costsim.pathway.plan import Plan, Step, Track, World

Levels = tuple[int, ...]


@dataclass(frozen=True)
class Expected:
    """Means per baseline referral: minutes by role, and visits by activity of each track."""

    minutes: NDArray[np.float64]
    visits: dict[str, NDArray[np.float64]]


def expected(plan: Plan, world: World) -> Expected | None:
    """Expected minutes and visits per baseline referral in a world, at full roll-out.

    None where withdrawal, or given referrals, make it depend on the order of events.
    """
    if plan.demand.style == "dated" or _may_withdraw(world):
        return None
    visits = {track.name: np.zeros(len(track.steps)) for track in world.tracks}
    minutes = np.zeros(len(plan.posts))
    for levels, share in _people(plan):
        for track, seen in _journeys(world, levels):
            visits[track.name] += share * seen
            minutes += share * _minutes(plan, track, levels, seen)
    return Expected(minutes, visits)


def offered_load(plan: Plan, world: World) -> NDArray[np.float64]:
    """Work brought to each role as a share of what its people can do; nan where it is unlimited."""
    found = expected(plan, world)
    capacity = np.array([post.capacity for post in plan.posts])
    if found is None:
        return np.full(len(plan.posts), math.nan)
    return np.asarray(
        plan.demand.per_year * found.minutes / (capacity * plan.time.minutes_in_year())
    )


def _may_withdraw(world: World) -> bool:
    return any(step.patience is not None for track in world.tracks for step in track.steps)


def _people(plan: Plan) -> Iterator[tuple[Levels, float]]:
    """Every combination of attribute values, with its share of referrals."""
    counted = [range(len(each.values)) for each in plan.attributes]
    for levels in itertools.product(*counted):
        shares = [each.shares[n] for each, n in zip(plan.attributes, levels, strict=True)]
        yield levels, math.prod(shares)


def _journeys(world: World, levels: Levels) -> Iterator[tuple[Track, NDArray[np.float64]]]:
    """The tracks that such referrals follow, with expected visits per baseline referral."""
    if world.option is None:
        yield world.comparator, _visits(world.comparator, levels, world.comparator.start)
        return
    takers = world.eligible.at(levels)
    more = 1.0 + world.extra_share
    stay = _visits(world.comparator, levels, world.comparator.start)
    yield world.comparator, more * (1.0 - takers) * stay
    yield world.option, more * takers * _visits(world.option, levels, world.option.start)
    if world.leak is not None:
        leaked = more * takers * world.leak.share.at(levels)
        yield world.comparator, leaked * _visits(world.comparator, levels, world.leak.to)


def _visits(track: Track, levels: Levels, start: int) -> NDArray[np.float64]:
    ways = np.zeros((len(track.steps), len(track.steps)))
    for number, step in enumerate(track.steps):
        route = step.routes.at(levels)
        shares, targets = np.diff(route.cumulative, prepend=0.0), np.array(route.targets)
        np.add.at(ways[number], targets[targets >= 0], shares[targets >= 0])
    first = np.zeros(len(track.steps))
    first[start] = 1.0
    return np.asarray(np.linalg.solve(np.eye(len(first)) - ways.T, first))


def _minutes(
    plan: Plan, track: Track, levels: Levels, visits: NDArray[np.float64]
) -> NDArray[np.float64]:
    found = np.zeros(len(plan.posts))
    for step, count in zip(track.steps, visits, strict=True):
        for role, people, mean in _work(step, levels):
            found[role] += count * people * mean
    return found


def _work(step: Step, levels: Levels) -> Iterator[tuple[int, int, float]]:
    """Each role at an activity: how many of it, and the mean minutes of each one."""
    for work in step.works():
        yield work.role, 1, work.minutes.at(levels).mean
    if step.panel is not None:
        for role, members in step.panel.members:
            yield role, members, step.panel.each_case.at(levels).mean
