"""What each replication of one world adds up to, over the referrals that are counted.

Tallies are what estimates are made of: they hold no prices and forget who was who. A row of every
column is one replication, whichever batch it was simulated in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from costsim.pathway.plan import Plan, World
from costsim.results.record import WITHDRAWN, Flags, Floats, Ints, Record
from costsim.results.samples import Samples


@dataclass(frozen=True)
class Tallies:
    """Totals of replications: by role, by track and activity, of waiting, by outcome and target.

    Every column is made of arrays with a row for each replication, or of samples. `referrals`
    counts baseline referrals, `extra` those that easier access brought. `visits` and `work` have an
    array for each track: visits to each activity, and minutes worked for counted referrals by
    activity and role. `busy` is minutes by role within the window for anybody. `decision_minutes`
    and `decision_calendar_days` are how long counted cases took to be decided. `targets` has
    columns for cases that met a target and cases that it applied to.
    """

    referrals: Floats
    extra: Floats
    visits: tuple[Floats, ...]
    work: tuple[Floats, ...]
    decision_minutes: Samples
    decision_calendar_days: Samples
    waiting_minutes: Floats
    busy: Floats
    targets: dict[str, Floats]
    outcomes: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.referrals)

    @property
    def minutes(self) -> Floats:
        """Minutes worked for counted referrals, by role."""
        return reduce(np.add, map(_added, self.work))

    @property
    def withdrawn(self) -> Floats:
        """Counted cases that were withdrawn."""
        return self.outcomes[WITHDRAWN]

    def first(self, replications: int) -> Tallies:
        """Those of the first replications only."""
        return self._between(0, replications)

    def of(self, replication: int) -> Tallies:
        """Those of one replication only."""
        return self._between(replication, replication + 1)

    def _between(self, begin: int, end: int) -> Tallies:
        return _by_column(partial(_cut, begin, end), [self])


def _added(work: Floats) -> Floats:
    """Work of all activities by role, one after another: one of nothing changes no bit."""
    return reduce(np.add, work.swapaxes(0, 1))


def together(parts: Sequence[Tallies]) -> Tallies:
    """Tallies of replications that follow each other, as one."""
    if len(parts) == 1:
        return parts[0]
    return _by_column(_joined, parts)


Change = Callable[[Sequence[Any]], Any]
"""Makes one array or samples of those that several tallies hold in the same place."""


def _by_column(change: Change, parts: Sequence[Tallies]) -> Tallies:
    """Tallies whose every column, whichever there are, is changed in the same way."""
    columns = [vars(part) for part in parts]
    return Tallies(**_inside(change, columns))


def _inside(change: Change, columns: Sequence[Any]) -> Any:
    """A change of every array or samples inside columns of the same form."""
    form = columns[0]
    if isinstance(form, dict):
        return {name: _inside(change, [each[name] for each in columns]) for name in form}
    if isinstance(form, tuple):
        return tuple(_inside(change, each) for each in zip(*columns, strict=True))
    return change(columns)


def _cut(begin: int, end: int, each: Sequence[Any]) -> Any:
    (column,) = each
    return column.between(begin, end) if isinstance(column, Samples) else column[begin:end]


def _joined(each: Sequence[Any]) -> Any:
    return Samples.together(each) if isinstance(each[0], Samples) else np.concatenate(each)


def tally(plan: Plan, world: World, record: Record) -> Tallies:
    """Add up a record, replication by replication."""
    return Sums(plan, world, record).tallies()


class Sums:
    """A record being added up: which rows count, and to which replication each belongs."""

    def __init__(self, plan: Plan, world: World, record: Record) -> None:
        self.plan = plan
        self.world = world
        self.record = record
        cases, visits, work = record.cases, record.visits, record.work
        self.bounds = np.cumsum([0, *(len(track.steps) for track in world.tracks)])
        self.visit_replication = cases.replication[visits.case]
        self.counted_visits = cases.counted[visits.case]
        step = self.bounds[visits.track] + visits.step
        self.visit_activity = self.visit_replication * self.bounds[-1] + step
        self.work_cell = self.visit_activity[work.visit] * len(plan.posts) + work.role
        withdrawn = record.outcomes.index(WITHDRAWN)
        self.decided = cases.counted & ~np.isnan(cases.decided) & (cases.outcome != withdrawn)

    def tallies(self) -> Tallies:
        """Every total."""
        cases = self.record.cases
        minutes, calendar_days = self._decisions()
        return Tallies(
            referrals=self._count(cases.replication[cases.counted & ~cases.extra]),
            extra=self._count(cases.replication[cases.counted & cases.extra]),
            visits=self._by_track(self._visits()),
            work=self._by_track(self._work()),
            decision_minutes=minutes,
            decision_calendar_days=calendar_days,
            waiting_minutes=self._waiting(),
            busy=self._busy(),
            targets={name: self._on_time(name, limit) for name, limit in self.plan.targets},
            outcomes=self._outcomes(),
        )

    def _count(self, replication: Ints) -> Floats:
        return np.bincount(replication, minlength=self.record.replications).astype(np.float64)

    def _table(self, replication: Ints, column: Ints, columns: int, amount: Floats) -> Floats:
        """Amounts added up by replication and column, in the order of their rows."""
        size = self.record.replications * columns
        cells = np.bincount(replication * columns + column, amount, minlength=size)
        return cells.astype(np.float64).reshape(self.record.replications, columns)

    def _by_track(self, activities: Floats) -> tuple[Floats, ...]:
        """The activities of each track, out of a table with a column for each activity."""
        return tuple(activities[:, begin:finish] for begin, finish in pairwise(self.bounds))

    def _by_activity(self, amount: Floats) -> Floats:
        """Amounts of work added up by replication, activity and role."""
        shape = self.record.replications, int(self.bounds[-1]), len(self.plan.posts)
        cells = np.bincount(self.work_cell, amount, minlength=math.prod(shape))
        return cells.astype(np.float64).reshape(shape)

    def _work(self) -> Floats:
        """Minutes by activity and role; those that do not count are added as nothing."""
        work = self.record.work
        return self._by_activity(work.minutes * self.counted_visits[work.visit])

    def _visits(self) -> Floats:
        """Visits to each activity; a visit whose work never began cost nothing."""
        amount = (self.counted_visits & ~np.isnan(self.record.visits.began)).astype(np.float64)
        shape = self.record.replications, int(self.bounds[-1])
        cells = np.bincount(self.visit_activity, amount, minlength=math.prod(shape))
        return cells.astype(np.float64).reshape(shape)

    def _decisions(self) -> tuple[Samples, Samples]:
        """Working minutes and calendar days of decided cases; the counts are held once for both."""
        cases = self.record.cases
        arrived, decided = cases.arrived[self.decided], cases.decided[self.decided]
        counts = np.bincount(cases.replication[self.decided], minlength=self.record.replications)
        calendar_days = self.plan.time.calendar_days(arrived, decided)
        return Samples(decided - arrived, counts), Samples(calendar_days, counts)

    def _waiting(self) -> Floats:
        """Time from reaching activities to beginning them, or to giving up."""
        visits = self.record.visits
        gave_up = np.isnan(visits.began)
        until = np.where(gave_up, self.record.cases.decided[visits.case], visits.began)
        waited = np.where(self.counted_visits, until - visits.reached, 0.0)
        return np.bincount(
            self.visit_replication, np.nan_to_num(waited), minlength=self.record.replications
        ).astype(np.float64)

    def _busy(self) -> Floats:
        """Each role's staff minutes within the window, whoever they were for."""
        begin, finish = self.plan.window
        work = self.record.work
        overlap = np.minimum(work.ended, finish) - np.maximum(work.began, begin)
        lasted = np.maximum(work.ended - work.began, 1e-12)
        weights = work.minutes * np.clip(overlap / lasted, 0.0, 1.0)
        return _added(self._by_activity(weights))

    def _outcomes(self) -> dict[str, Floats]:
        """Counted cases by the outcome in which they ended."""
        cases, names = self.record.cases, self.record.outcomes
        rows = cases.counted & (cases.outcome >= 0)
        found = self._table(
            cases.replication[rows], cases.outcome[rows], len(names), np.ones(int(rows.sum()))
        )
        return {name: found[:, number] for number, name in enumerate(names)}

    def _on_time(self, name: str, limit: float) -> Floats:
        """Cases that met a target, and cases that it applied to."""
        cases, visits = self.record.cases, self.record.visits
        if name == "decision":
            case = np.flatnonzero(self.decided)
            taken = (cases.decided - cases.arrived)[case]
        else:
            rows = self._first_visits_to(name)
            case = visits.case[rows]
            taken = visits.ended[rows] - cases.arrived[case]
        replication = cases.replication[case]
        return np.stack(
            [self._count(replication[taken <= limit]), self._count(replication)], axis=1
        )

    def _first_visits_to(self, name: str) -> NDArray[np.int64]:
        """Rows of each counted case's first visit to an activity, if it has ended."""
        visits = self.record.visits
        rows = self.counted_visits & (visits.number == 0) & ~np.isnan(visits.ended)
        rows &= self._is_at(name)
        matching = np.flatnonzero(rows)
        _, first = np.unique(visits.case[matching], return_index=True)  # in order of time
        return np.asarray(matching[first])

    def _is_at(self, name: str) -> Flags:
        visits = self.record.visits
        found = np.zeros(len(visits.case), dtype=bool)
        for number, track in enumerate(self.world.tracks):
            if name in track.names:
                found |= (visits.track == number) & (visits.step == track.names.index(name))
        return found
