"""The logbook of a replication: what an engine writes down as it happens, column by column."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from costsim.caseload import Caseload
from costsim.engines.protocol import MOST_VISITS, endless, outcomes_of
from costsim.pathway.plan import Step, Track, World
from costsim.results.record import WITHDRAWN, Cases, Record, Visits, WorkDone


@dataclass(eq=False, slots=True)
class Visit:
    """A referral's visit to an activity, while it lasts. `number` counts them from 0."""

    row: int
    referral: int
    track: Track
    step: Step
    number: int
    reached: float


@dataclass
class Logbook:
    """Columns that grow as referrals live their stories, and become a `Record` at the end."""

    world: World
    size: int
    outcomes: tuple[str, ...] = field(init=False)
    _visits: list[tuple[int, int, int, int]] = field(default_factory=list)
    _times: list[list[float]] = field(default_factory=list)
    _work: list[tuple[int, int, int]] = field(default_factory=list)
    _work_times: list[tuple[float, float, float]] = field(default_factory=list)
    _seen: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outcomes = outcomes_of(self.world)
        self._decided = [math.nan] * self.size
        self._track = [-1] * self.size
        self._outcome = [-1] * self.size

    def reaches(self, referral: int, track: Track, number: int, now: float) -> Visit:
        """A referral reaches an activity."""
        which = 0 if track is self.world.comparator else 1
        address = (referral, which, number)
        times = self._seen.get(address, 0)
        self._seen[address] = times + 1
        step = track.steps[number]
        if times >= MOST_VISITS:
            raise endless(referral, step)
        visit = Visit(len(self._visits), referral, track, step, times, now)
        self._visits.append((referral, which, number, times))
        self._times.append([now, math.nan, math.nan])
        return visit

    def begins(self, visit: Visit, now: float) -> None:
        """Its first work begins."""
        self._times[visit.row][1] = now

    def ends(self, visit: Visit, now: float) -> None:
        """Its last work ends."""
        self._times[visit.row][2] = now

    def works(
        self, visit: Visit, role: int, minutes: float, when: tuple[float, float], people: int = 1
    ) -> None:
        """So many people of a role each give it so many minutes, between two times."""
        self._work.append((visit.row, role, people))
        self._work_times.append((people * minutes, *when))

    def closes(self, referral: int, track: Track, target: int, now: float) -> None:
        """A case ends, with the outcome that `target` stands for, or withdrawn at an activity."""
        name = track.outcomes[-1 - target] if target < 0 else WITHDRAWN
        self._decided[referral] = now
        self._track[referral] = 0 if track is self.world.comparator else 1
        self._outcome[referral] = self.outcomes.index(name)

    def record(self, caseload: Caseload) -> Record:
        """Everything that was written down, in the order of a record."""
        visits = np.array(self._visits, dtype=np.int64).reshape(-1, 4)
        order = np.argsort(visits[:, 0], kind="stable")
        times = np.array(self._times, dtype=np.float64).reshape(-1, 3)[order]
        work = np.array(self._work, dtype=np.int64).reshape(-1, 3)
        work_times = np.array(self._work_times, dtype=np.float64).reshape(-1, 3)
        row = np.empty_like(order)
        row[order] = np.arange(len(order))
        work[:, 0] = row[work[:, 0]]
        turns = np.argsort(work[:, 0], kind="stable")
        cases = Cases(
            replication=caseload.replication,
            arrived=caseload.arrivals,
            decided=np.array(self._decided, dtype=np.float64),
            track=np.array(self._track, dtype=np.int64),
            outcome=np.array(self._outcome, dtype=np.int64),
            counted=caseload.counted,
            extra=caseload.extra,
            levels=caseload.levels,
        )
        return Record(
            cases,
            Visits(*visits[order].T, *times.T),
            WorkDone(*work[turns].T, *work_times[turns].T),
            self.outcomes,
        )
