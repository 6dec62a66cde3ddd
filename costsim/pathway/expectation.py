"""What a plan costs on average, by arithmetic alone: an oracle for the simulation.

A pathway is an absorbing Markov chain: from an activity a referral goes on with fixed shares. Its
expected number of visits to each activity solves v = start + P'v (Kemeny and Snell 1960, ch. 3),
and expected minutes follow from the means of the distributions. Waiting does not change who does
what, so queues do not matter; withdrawal does, and then there is no such arithmetic, only bounds:
what comes if nobody withdraws, and what comes if everybody does who can.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from costsim.errors import SimulationError
from costsim.pathway.plan import Panel, Plan, Route, Step, Track, World

Floats = NDArray[np.float64]
Levels = tuple[int, ...]
Meeting = tuple[str, Panel]
Stays = Mapping[str, Floats] | None
"""For each track by name, the share of those at each activity who go on from it; None: all."""


@dataclass(frozen=True)
class Expected:
    """Means per baseline referral, by track: visits to each activity, and minutes by role there.

    `ends` is how many cases end in each outcome, by its name.
    """

    visits: dict[str, Floats]
    work: dict[str, Floats]
    ends: dict[str, float]

    @property
    def minutes(self) -> Floats:
        """Minutes by role."""
        by_track = [each.sum(axis=0) for each in self.work.values()]
        return np.asarray(np.sum(by_track, axis=0), dtype=np.float64)


@dataclass(frozen=True)
class Load:
    """Work brought to a role or a meeting, as a share of what it can do; nan where unlimited.

    `most` is all of it, as if nobody withdrew; `lasting` the part for which nobody gives up
    waiting, as if nobody withdrew before; `sure` the part of that which comes even if everybody
    withdraws who can. They are the same where nobody can. `overruns` if a meeting is short of time
    rather than of places.
    """

    most: float
    lasting: float
    sure: float
    overruns: bool = False


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
    work = {track.name: np.zeros((len(track.steps), len(plan.posts))) for track in world.tracks}
    ends = {name: 0.0 for track in world.tracks for name in track.outcomes}
    for levels, share in _people(plan):
        for track, seen, final in _journeys(world, levels, None):
            came = share * seen
            visits[track.name] += came
            work[track.name] += came[:, None] * _minutes(plan, track, levels)
            for name, cases in _ended(track, levels, came):
                ends[name] += final * cases
    return Expected(visits, work, ends)


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


def cases_in(plan: Plan) -> float:
    """Cases to be expected in one replication of all worlds of a plan, counted or not.

    A case is one referral, of the backlog or not, in one world.
    """
    years = plan.closing / plan.time.minutes_in_year()
    waiting = sum(count for _, count in plan.backlog)
    shares = (1.0 + world.extra_share for world in plan.worlds)
    return years * plan.demand.per_year * math.fsum(shares) + waiting * len(plan.worlds)


def offered_load(plan: Plan, world: World) -> list[Load]:
    """The load of each role, in the order of the plan's posts; meetings are no part of it."""
    minutes = np.zeros((len(plan.posts), 3))
    for levels, step, first, later in _comers(plan, world):
        for number, turn in enumerate(step.turns):
            for work in turn:
                come = later if number else first
                minutes[work.role] += come * work.minutes.at(levels).mean
    capacity = np.array([[post.capacity] for post in plan.posts])
    shares = plan.demand.per_year * minutes / (capacity * plan.time.minutes_in_year())
    return [Load(*row.tolist()) for row in shares]


def panel_load(plan: Plan, world: World) -> dict[str, Load]:
    """The load of each meeting of a world: of places at its sittings, or of time if that is more.

    A meeting can sit in all working time, because a sitting that overruns makes the next one late.
    One that shares its name with another is called by its pathway too: `panel of old`.
    """
    places = {each: np.zeros(3) for each in world.meetings}
    times = {each: np.zeros(3) for each in world.meetings}
    for levels, step, come, _ in _comers(plan, world):
        if step.panel is not None:
            places[step.name, step.panel] += come * step.panel.every / step.panel.capacity
            times[step.name, step.panel] += come * step.panel.each_case.at(levels).mean
    rate = plan.demand.per_year / plan.time.minutes_in_year()
    return {
        _called(world, each): _larger(rate * places[each], rate * times[each]) for each in places
    }


def _called(world: World, meeting: Meeting) -> str:
    name, others = meeting[0], [each for each, _ in world.meetings]
    if others.count(name) == 1:
        return name
    tracks = (
        track.name
        for track in world.tracks
        if meeting in {(step.name, step.panel) for step in track.steps}
    )
    return f"{name} of {' and '.join(tracks)}"


def _larger(places: Floats, time: Floats) -> Load:
    most, lasting, sure = map(float, np.maximum(places, time))
    return Load(most, lasting, sure, overruns=bool(time[0] > places[0]))


def partners(plan: Plan, world: World) -> dict[str, list[str]]:
    """Limited roles that take a turn together with other limited roles, and with which."""
    found: dict[str, set[str]] = {}
    for step in itertools.chain.from_iterable(track.steps for track in world.tracks):
        for turn in step.turns:
            limited = {plan.posts[work.role].name for work in turn if _limited(plan, work.role)}
            for name in limited:
                found.setdefault(name, set()).update(limited - {name})
    return {name: sorted(others) for name, others in sorted(found.items()) if others}


def _limited(plan: Plan, role: int) -> bool:
    return plan.posts[role].headcount is not None


def _may_withdraw(world: World) -> bool:
    return any(step.patience is not None for track in world.tracks for step in track.steps)


def _people(plan: Plan) -> Iterator[tuple[Levels, float]]:
    """Every combination of attribute values, with its share of referrals."""
    counted = [range(len(each.values)) for each in plan.attributes]
    for levels in itertools.product(*counted):
        shares = [each.shares[n] for each, n in zip(plan.attributes, levels, strict=True)]
        if math.prod(shares) > 0:
            yield levels, math.prod(shares)


def _comers(plan: Plan, world: World) -> Iterator[tuple[Levels, Step, Floats, Floats]]:
    """Each activity with its visits per baseline referral by people with some attributes.

    The visits at which the first turn or the meeting is waited for, then those at which later turns
    are: each as `most`, `lasting` and `sure` of a `Load`.
    """
    for levels, share in _people(plan):
        stays = _staying(plan, world, levels)
        every = _by_track(world, levels, None)
        surely = _by_track(world, levels, stays)
        for track in world.tracks:
            rows = zip(
                track.steps, every[track.name], surely[track.name], stays[track.name], strict=True
            )
            for step, seen, sure, stay in rows:
                first = share * np.array([seen, seen * stay, sure * stay])
                yield levels, step, first, share * np.array([seen, seen, sure * stay])


def _by_track(world: World, levels: Levels, stays: Stays) -> dict[str, Floats]:
    visits = {track.name: np.zeros(len(track.steps)) for track in world.tracks}
    for track, seen, _ in _journeys(world, levels, stays):
        visits[track.name] += seen
    return visits


def _staying(plan: Plan, world: World, levels: Levels) -> dict[str, Floats]:
    """0 for each activity from which people with such attributes may withdraw, else 1."""
    return {
        track.name: np.array([float(not _may_leave(plan, step, levels)) for step in track.steps])
        for track in world.tracks
    }


def _may_leave(plan: Plan, step: Step, levels: Levels) -> bool:
    """Whether patience can end while somebody queues, or before."""
    if step.patience is None:
        return False
    queues = any(_limited(plan, work.role) for turn in step.turns[:1] for work in turn)
    longest = step.wait.at(levels).support[1] if step.wait is not None else 0.0
    shortest = step.patience.at(levels).support[0]
    return queues or step.panel is not None or shortest < longest


def _journeys(world: World, levels: Levels, stays: Stays) -> Iterator[tuple[Track, Floats, float]]:
    """The tracks that such referrals follow, with expected visits per baseline referral.

    With the share of those who come to the track's end for whom it is the end: others leak.
    """
    for track, start, share, final in _starts(world, levels, stays):
        if share > 0:
            yield track, share * _visits(track, levels, start, stays), final


def _starts(
    world: World, levels: Levels, stays: Stays
) -> Iterator[tuple[Track, int, float, float]]:
    """Where such referrals start, or go on after a leak, the share that does, and ends there."""
    old = world.comparator
    if world.option is None:
        yield old, old.start, 1.0, 1.0
        return
    takers, more = world.eligible.at(levels), 1.0 + world.extra_share
    leaking = world.leak.share.at(levels) if world.leak else 0.0
    yield old, old.start, more * (1.0 - takers), 1.0
    yield world.option, world.option.start, more * takers, 1.0 - leaking
    if world.leak is not None and takers > 0:
        ended = _reach_the_end(world.option, levels, stays)
        yield old, world.leak.to, more * takers * leaking * ended, 1.0


def _reach_the_end(track: Track, levels: Levels, stays: Stays) -> float:
    """The share of those who start a track who do not leave it on the way."""
    if stays is None:
        return 1.0
    seen = _visits(track, levels, track.start, stays)
    return 1.0 - float((seen * (1.0 - stays[track.name])).sum())


def _visits(track: Track, levels: Levels, start: int, stays: Stays) -> Floats:
    """Expected visits to each activity by somebody who starts at one of them."""
    routes = tuple(step.routes.at(levels) for step in track.steps)
    staying = None if stays is None else tuple(stays[track.name].tolist())
    try:
        return _solved(routes, staying, start)
    except np.linalg.LinAlgError as error:
        raise SimulationError(
            f"some referrals can never leave the pathway {track.name!r}: for their attributes the "
            "shares of its branches lead to no outcome"
        ) from error


@lru_cache(maxsize=4096)
def _solved(routes: tuple[Route, ...], stays: tuple[float, ...] | None, start: int) -> Floats:
    """Visits by the routes of each activity; kept, for most inputs that vary are no routes."""
    ways = np.zeros((len(routes), len(routes)))
    for number, route in enumerate(routes):
        for target, share in route.shares():
            if target >= 0:
                ways[number, target] += share * (stays[number] if stays else 1.0)
    first = np.zeros(len(routes))
    first[start] = 1.0
    found = np.asarray(np.linalg.solve(np.eye(len(first)) - ways.T, first), dtype=np.float64)
    found.flags.writeable = False
    return found


def _ended(track: Track, levels: Levels, came: Floats) -> Iterator[tuple[str, float]]:
    """How many of those who come to a track's activities end there, by outcome."""
    for step, cases in zip(track.steps, came.tolist(), strict=True):
        for target, share in step.routes.at(levels).shares():
            if target < 0:
                yield track.outcomes[-1 - target], share * cases


def _minutes(plan: Plan, track: Track, levels: Levels) -> Floats:
    """Expected minutes of a visit to each activity of a track, by role."""
    found = np.zeros((len(track.steps), len(plan.posts)))
    for number, step in enumerate(track.steps):
        for work in step.works():
            found[number, work.role] += work.minutes.at(levels).mean
        if step.panel is not None:
            for role, members in step.panel.members:
                found[number, role] += members * step.panel.each_case.at(levels).mean
    return found
