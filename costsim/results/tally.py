"""What one replication of one world adds up to, over the referrals that are counted.

A tally is what estimates are made of: it holds no prices and forgets who was who, so a run's memory
does not grow with its detail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costsim.pathway.plan import Plan, World
from costsim.results.record import WITHDRAWN, Flags, Floats, Record


@dataclass(frozen=True)
class Tally:
    """Totals of one replication: minutes by role, visits by track and activity, times, targets.

    `referrals` counts baseline referrals, `extra` those that easier access brought. Decision times
    are those of counted cases that were decided, in working minutes and in calendar days; `busy` is
    each role's staff minutes within the window; `targets` holds (met, checked) for each target.
    """

    referrals: int
    extra: int
    minutes: Floats
    visits: tuple[Floats, ...]
    decision_minutes: Floats
    decision_calendar_days: Floats
    waiting_minutes: float
    busy: Floats
    targets: dict[str, tuple[int, int]]
    withdrawn: int
    outcomes: dict[str, int]


def tally(plan: Plan, world: World, record: Record) -> Tally:
    """Add up one record."""
    cases, visits, work = record.cases, record.visits, record.work
    counted_visits = cases.counted[visits.case]
    counted_work = counted_visits[work.visit]
    decided = _decided(record)
    return Tally(
        referrals=int((cases.counted & ~cases.extra).sum()),
        extra=int((cases.counted & cases.extra).sum()),
        minutes=_summed(work.role, work.minutes, counted_work, len(plan.posts)),
        visits=tuple(_visits(record, world, counted_visits)),
        decision_minutes=(cases.decided - cases.arrived)[decided],
        decision_calendar_days=plan.time.calendar_days(
            cases.arrived[decided], cases.decided[decided]
        ),
        waiting_minutes=_waiting(record, counted_visits),
        busy=_busy(plan, record),
        targets={name: _on_time(name, limit, record, world) for name, limit in plan.targets},
        withdrawn=_outcomes(record)[WITHDRAWN],
        outcomes=_outcomes(record),
    )


def _outcomes(record: Record) -> dict[str, int]:
    """Counted cases by the outcome in which they ended."""
    ended = record.cases.outcome[record.cases.counted & (record.cases.outcome >= 0)]
    counts = np.bincount(ended, minlength=len(record.outcomes)).tolist()
    return dict(zip(record.outcomes, counts, strict=True))


def _decided(record: Record) -> Flags:
    withdrawn = record.outcomes.index(WITHDRAWN)
    cases = record.cases
    return np.asarray(cases.counted & ~np.isnan(cases.decided) & (cases.outcome != withdrawn))


def _summed(group: NDArray[np.int64], amounts: Floats, rows: Flags, size: int) -> Floats:
    return np.bincount(group[rows], amounts[rows], minlength=size).astype(np.float64)


def _visits(record: Record, world: World, counted: Flags) -> Iterable[Floats]:
    """Visits to each step of each track; a visit whose work never began cost nothing."""
    visits = record.visits
    rows = counted & ~np.isnan(visits.began)
    for number, track in enumerate(world.tracks):
        on_track = rows & (visits.track == number)
        yield np.bincount(visits.step[on_track], minlength=len(track.steps)).astype(np.float64)


def _waiting(record: Record, counted: Flags) -> float:
    """Time from reaching activities to beginning them, or to giving up."""
    visits = record.visits
    gave_up = np.isnan(visits.began)
    until = np.where(gave_up, record.cases.decided[visits.case], visits.began)
    return float(np.nansum((until - visits.reached)[counted]))


def _busy(plan: Plan, record: Record) -> Floats:
    """Each role's staff minutes within the window, whoever they were for."""
    begin, finish = plan.window
    work = record.work
    overlap = np.minimum(work.ended, finish) - np.maximum(work.began, begin)
    lasted = np.maximum(work.ended - work.began, 1e-12)
    weights = work.minutes * np.clip(overlap / lasted, 0.0, 1.0)
    return np.bincount(work.role, weights, minlength=len(plan.posts)).astype(np.float64)


def _on_time(name: str, limit: float, record: Record, world: World) -> tuple[int, int]:
    """Cases that met a target, and cases that it applied to."""
    cases, visits = record.cases, record.visits
    if name == "decision":
        rows = _decided(record)
        taken = (cases.decided - cases.arrived)[rows]
    else:
        rows = _first_visits_to(name, record, world)
        taken = visits.ended[rows] - cases.arrived[visits.case[rows]]
    return int((taken <= limit).sum()), len(taken)


def _first_visits_to(name: str, record: Record, world: World) -> Flags:
    visits = record.visits
    rows = record.cases.counted[visits.case] & (visits.number == 0) & ~np.isnan(visits.ended)
    steps = np.zeros(len(rows), dtype=bool)
    for number, track in enumerate(world.tracks):
        if name in track.names:
            steps |= (visits.track == number) & (visits.step == track.names.index(name))
    matching = np.flatnonzero(rows & steps)
    _, first = np.unique(visits.case[matching], return_index=True)  # visits are in order of time
    found = np.zeros(len(rows), dtype=bool)
    found[matching[first]] = True
    return found
