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

from costsim.errors import SimulationError
from costsim.pathway.plan import Plan, Step, Track, World

Levels = tuple[int, ...]


@dataclass(frozen=True)
class Expected:
    """Means per baseline referral: minutes by role, and visits by activity of each track.

    `queued` are the minutes that referrals queue for: all but those of meetings.
    """

    minutes: NDArray[np.float64]
    queued: NDArray[np.float64]
    visits: dict[str, NDArray[np.float64]]


def expected(plan: Plan, world: World) -> Expected | None:
    """Expected minutes and visits per baseline referral in a world, at full roll-out.

    None where withdrawal, or given referrals, make it depend on the order of events.
    """
    if plan.demand.style == "dated" or _may_withdraw(world):
        return None
    return _means(plan, world)


def _means(plan: Plan, world: World) -> Expected:
    """The same whatever the dates, if nobody withdraws."""
    visits = {track.name: np.zeros(len(track.steps)) for track in world.tracks}
    queued, met = np.zeros(len(plan.posts)), np.zeros(len(plan.posts))
    for levels, share in _people(plan):
        for track, seen in _journeys(world, levels):
            visits[track.name] += share * seen
            for step, count in zip(track.steps, share * seen, strict=True):
                queued += count * _worked(plan, step, levels)
                met += count * _met(plan, step, levels)
    return Expected(queued + met, queued, visits)


def visits_in(plan: Plan, most: float) -> float:
    """Visits to activities to be expected in one replication of the largest of a plan's worlds.

    Where some withdraw it is as if nobody did. Nobody comes to an activity more than `most` times.
    """
    years = plan.closing / plan.time.minutes_in_year()
    waiting = sum(count for _, count in plan.backlog)
    means = [_means(plan, world).visits.values() for world in plan.worlds]
    largest = max(
        math.fsum(float(np.minimum(each, most).sum()) for each in visits) for visits in means
    )
    return (years * plan.demand.per_year + waiting) * largest


def offered_load(plan: Plan, world: World) -> NDArray[np.float64]:
    """Work brought to each role as a share of what its people can do; nan where it is unlimited."""
    capacity = np.array([post.capacity for post in plan.posts])
    if _may_withdraw(world):
        return np.full(len(plan.posts), math.nan)
    queued = _means(plan, world).queued
    return np.asarray(plan.demand.per_year * queued / (capacity * plan.time.minutes_in_year()))


def panel_load(plan: Plan, world: World) -> dict[str, float]:
    """Cases brought to each meeting as a share of those that its sittings can hear."""
    if _may_withdraw(world):
        return {}
    found = _means(plan, world)
    brought: dict[str, float] = {}
    for track in world.tracks:
        for step, visits in zip(track.steps, found.visits[track.name], strict=True):
            if step.panel is not None:
                room = step.panel.capacity * plan.time.minutes_in_year() / step.panel.every
                known = brought.get(step.name, 0.0)
                brought[step.name] = known + float(plan.demand.per_year * visits / room)
    return brought


def _may_withdraw(world: World) -> bool:
    return any(step.patience is not None for track in world.tracks for step in track.steps)


def _people(plan: Plan) -> Iterator[tuple[Levels, float]]:
    """Every combination of attribute values, with its share of referrals."""
    counted = [range(len(each.values)) for each in plan.attributes]
    for levels in itertools.product(*counted):
        shares = [each.shares[n] for each, n in zip(plan.attributes, levels, strict=True)]
        if math.prod(shares) > 0:
            yield levels, math.prod(shares)


def _journeys(world: World, levels: Levels) -> Iterator[tuple[Track, NDArray[np.float64]]]:
    """The tracks that such referrals follow, with expected visits per baseline referral."""
    for track, start, share in _starts(world, levels):
        if share > 0:
            yield track, share * _visits(track, levels, start)


def _starts(world: World, levels: Levels) -> Iterator[tuple[Track, int, float]]:
    """Where such referrals start, or go on after a leak, and the share of them that do."""
    old = world.comparator
    if world.option is None:
        yield old, old.start, 1.0
        return
    takers, more = world.eligible.at(levels), 1.0 + world.extra_share
    yield old, old.start, more * (1.0 - takers)
    yield world.option, world.option.start, more * takers
    if world.leak is not None:
        yield old, world.leak.to, more * takers * world.leak.share.at(levels)


def _visits(track: Track, levels: Levels, start: int) -> NDArray[np.float64]:
    ways = np.zeros((len(track.steps), len(track.steps)))
    for number, step in enumerate(track.steps):
        route = step.routes.at(levels)
        shares, targets = np.diff(route.cumulative, prepend=0.0), np.array(route.targets)
        np.add.at(ways[number], targets[targets >= 0], shares[targets >= 0])
    first = np.zeros(len(track.steps))
    first[start] = 1.0
    try:
        return np.asarray(np.linalg.solve(np.eye(len(first)) - ways.T, first))
    except np.linalg.LinAlgError as error:
        raise SimulationError(
            f"some referrals can never leave the pathway {track.name!r}: for their attributes the "
            "shares of its branches lead to no outcome"
        ) from error


def _worked(plan: Plan, step: Step, levels: Levels) -> NDArray[np.float64]:
    """Expected minutes of each role at a visit, meetings apart."""
    found = np.zeros(len(plan.posts))
    for work in step.works():
        found[work.role] += work.minutes.at(levels).mean
    return found


def _met(plan: Plan, step: Step, levels: Levels) -> NDArray[np.float64]:
    """Expected minutes of each role in a meeting at a visit."""
    found = np.zeros(len(plan.posts))
    if step.panel is not None:
        for role, members in step.panel.members:
            found[role] += members * step.panel.each_case.at(levels).mean
    return found
