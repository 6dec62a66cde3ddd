"""What happened in some replications of one world: cases, visits and work, without prices.

A case is a referral from arrival to outcome; a visit is one time at one activity; a piece of work
is one role's minutes at a visit. Times are working minutes on the model's clock. Rows are in order:
cases by replication and number, visits by case and then as they happened, work by visit and then
by turn; so that whatever is summed is summed in the same order, whichever engine wrote it down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Rows = TypeVar("Rows", "Cases", "Visits", "WorkDone")

WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Cases:
    """A row for each referral. `replication` counts from 0 within the record.

    `decided` is nan until a case has ended; `track` is the track on which it ended, `outcome` a
    number in the record's `outcomes` (both -1 until then).
    """

    replication: Ints
    arrived: Floats
    decided: Floats
    track: Ints
    outcome: Ints
    counted: Flags
    extra: Flags
    levels: Ints


@dataclass(frozen=True)
class Visits:
    """A row for each visit: whose, on which track and step, which time there (from 0), and when.

    `began` and `ended` are nan for what had not begun or ended when the clock stopped.
    """

    case: Ints
    track: Ints
    step: Ints
    number: Ints
    reached: Floats
    began: Floats
    ended: Floats


@dataclass(frozen=True)
class WorkDone:
    """A row for each role's work at a visit: the visit's row, the role, how many people, and when.

    `minutes` are those of all its people together.
    """

    visit: Ints
    role: Ints
    people: Ints
    minutes: Floats
    began: Floats
    ended: Floats


@dataclass(frozen=True)
class Record:
    """Everything that happened in some replications of one world."""

    cases: Cases
    visits: Visits
    work: WorkDone
    outcomes: tuple[str, ...]
    replications: int = 1

    @cached_property
    def case_ends(self) -> Ints:
        """Where each replication's cases begin, and where the last one's end."""
        return _starts(self.cases.replication, self.replications)

    def of(self, replication: int) -> Record:
        """One replication by its number within the record; its rows are numbered from 0."""
        cases = slice(*self.case_ends[[replication, replication + 1]])
        visits = slice(*np.searchsorted(self.visits.case, [cases.start, cases.stop]))
        work = slice(*np.searchsorted(self.work.visit, [visits.start, visits.stop]))
        return Record(
            _moved(_cut(self.cases, cases), "replication", -replication),
            _moved(_cut(self.visits, visits), "case", -cases.start),
            _moved(_cut(self.work, work), "visit", -visits.start),
            self.outcomes,
        )


def joined(records: Sequence[Record]) -> Record:
    """Several records of one world after each other, as one."""
    replications = _offsets([each.replications for each in records])
    cases = _offsets([len(each.cases.arrived) for each in records])
    visits = _offsets([len(each.visits.case) for each in records])
    pairs = list(zip(records, replications, strict=True))
    return Record(
        _stacked([_moved(each.cases, "replication", by) for each, by in pairs]),
        _stacked(
            [_moved(each.visits, "case", by) for each, by in zip(records, cases, strict=True)]
        ),
        _stacked(
            [_moved(each.work, "visit", by) for each, by in zip(records, visits, strict=True)]
        ),
        records[0].outcomes,
        sum(each.replications for each in records),
    )


def _starts(group: Ints, groups: int) -> Ints:
    return np.asarray(np.searchsorted(group, np.arange(groups + 1)), dtype=np.int64)


def _offsets(sizes: Sequence[int]) -> list[int]:
    """How many rows come before each part."""
    return [0, *np.cumsum(sizes)[:-1].tolist()]


def _cut(rows: Rows, which: slice) -> Rows:
    return type(rows)(**{name: column[which] for name, column in vars(rows).items()})


def _moved(rows: Rows, column: str, by: int) -> Rows:
    """The same rows, with their reference to other rows moved."""
    return type(rows)(**(vars(rows) | {column: getattr(rows, column) + by}))


def _stacked(parts: Sequence[Rows]) -> Rows:
    names = vars(parts[0])
    return type(parts[0])(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    )
