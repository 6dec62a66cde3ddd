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

import numpy as np
from numpy.typing import NDArray

from costsim.errors import SimulationError
from costsim.pathway.plan import Panel, Plan, Step, Track, World

Floats = NDArray[np.float64]
Levels = tuple[int, ...]
Meeting = tuple[str, Panel]
Stays = Mapping[str, Floats]
"""For each track by name, the share of those at each activity who go on from it."""


@dataclass(frozen=True)
class Expected:
    """Means per baseline referral: minutes by role, and visits by activity of each track.

    `queued` are the minutes that referrals queue for: all but those of meetings.
    """

    minutes: Floats
    queued: Floats
    visits: dict[str, Floats]


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
    queued, met = np.zeros(len(plan.posts)), np.zeros(len(plan.posts))
    for levels, share in _people(plan):
        for track, seen in _journeys(world, levels, _all_stay(world)):
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
        every = _by_track(world, levels, _all_stay(world))
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
    for track, seen in _journeys(world, levels, stays):
        visits[track.name] += seen
    return visits


def _all_stay(world: World) -> Stays:
    return {track.name: np.ones(len(track.steps)) for track in world.tracks}


def _staying(plan: Plan, world: World, levels: Levels) -> Stays:
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


def _journeys(world: World, levels: Levels, stays: Stays) -> Iterator[tuple[Track, Floats]]:
    """The tracks that such referrals follow, with expected visits per baseline referral."""
    for track, start, share in _starts(world, levels, stays):
        if share > 0:
            yield track, share * _visits(track, levels, start, stays)


def _starts(world: World, levels: Levels, stays: Stays) -> Iterator[tuple[Track, int, float]]:
    """Where such referrals start, or go on after a leak, and the share of them that do."""
    old = world.comparator
    if world.option is None:
        yield old, old.start, 1.0
        return
    takers, more = world.eligible.at(levels), 1.0 + world.extra_share
    yield old, old.start, more * (1.0 - takers)
    yield world.option, world.option.start, more * takers
    if world.leak is not None and takers > 0:
        seen = _visits(world.option, levels, world.option.start, stays)
        ended = 1.0 - float((seen * (1.0 - stays[world.option.name])).sum())
        yield old, world.leak.to, more * takers * world.leak.share.at(levels) * ended


def _visits(track: Track, levels: Levels, start: int, stays: Stays) -> Floats:
    ways = np.zeros((len(track.steps), len(track.steps)))
    for number, step in enumerate(track.steps):
        route = step.routes.at(levels)
        shares, targets = np.diff(route.cumulative, prepend=0.0), np.array(route.targets)
        np.add.at(ways[number], targets[targets >= 0], shares[targets >= 0])
    ways *= stays[track.name][:, None]
    first = np.zeros(len(track.steps))
    first[start] = 1.0
    try:
        return np.asarray(np.linalg.solve(np.eye(len(first)) - ways.T, first))
    except np.linalg.LinAlgError as error:
        raise SimulationError(
            f"some referrals can never leave the pathway {track.name!r}: for their attributes the "
            "shares of its branches lead to no outcome"
        ) from error


def _worked(plan: Plan, step: Step, levels: Levels) -> Floats:
    """Expected minutes of each role at a visit, meetings apart."""
    found = np.zeros(len(plan.posts))
    for work in step.works():
        found[work.role] += work.minutes.at(levels).mean
    return found


def _met(plan: Plan, step: Step, levels: Levels) -> Floats:
    """Expected minutes of each role in a meeting at a visit."""
    found = np.zeros(len(plan.posts))
    if step.panel is not None:
        for role, members in step.panel.members:
            found[role] += members * step.panel.each_case.at(levels).mean
    return found
