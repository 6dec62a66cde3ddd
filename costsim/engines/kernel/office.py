"""The office as the compiled clock sees it: tables whose rows are read and written by number.

Each table is a NumPy array of records, so that the compiled code is given a dozen pointers and not
a hundred. Nothing here runs; `clock` lets time pass in it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# Numbers of NumPy, because numba would compile a function anew for each plain number handed to it.
NOBODY: Any = np.int64(-1)
UNLIMITED: Any = np.int64(-1)

KINDS = np.int64(16)
WAITED, GAVE_UP, CALLED, LEFT, PATIENCE = map(np.int64, range(5))
DONE, DONE_AND_FREE, FREE, SITS, HEARS = map(np.int64, range(5, 10))
"""Kinds of events. Who they happen to is a case, but for `PATIENCE` a visit, for `FREE` a role, for
`SITS` a meeting, and for `HEARS` a meeting and how many it can still hear."""


def _record(**columns: type) -> np.dtype[Any]:
    return np.dtype(list(columns.items()), align=True)


DESK = _record(
    waits=np.bool_, patient=np.bool_, panel=np.int64, works=np.int64, turns=np.int64, end=np.int64
)
"""An activity: whether one waits and gives up there, its meeting, first work, and turns."""

TURN = _record(first=np.int64, last=np.int64)
"""Works that are done together: the first, and the one after the last."""

TASK = _record(role=np.int64, people=np.int64)
"""A piece of work of an activity: whose, and how many of them."""

POST = _record(headcount=np.int64, share=np.float64, free=np.int64)
"""A role: how many (`UNLIMITED`), their share of time, and how many of them are free."""

MEETING = _record(every=np.float64, capacity=np.int64, heard_until=np.float64)
"""A meeting: its interval and room, and when its last hearing ends."""

LINE = _record(head=np.int64, size=np.int64)
"""Those of one rank in a queue: the place of the first of them, and how many they are."""

CASE = _record(
    row=np.int32,
    end=np.int32,
    turn=np.int32,
    rank=np.int32,
    withdrawn_at=np.int32,
    decided=np.float64,
    waiting=np.bool_,
    counted=np.bool_,
    endless=np.bool_,
)
"""A case: its visit and the one after its last, its turn, its rank in queues, its end."""

VISIT = _record(
    case=np.int32,
    step=np.int32,
    number=np.int32,
    work=np.int32,
    wait=np.float64,
    patience=np.float64,
    hearing=np.float64,
    reached=np.float64,
    began=np.float64,
    ended=np.float64,
)
"""A visit: whose, where, which time there, its first work; its minutes, and when it happened.

It is as long as a line of the processor's cache, which is why it has small numbers."""

WORK = _record(minutes=np.float64, began=np.float64, ended=np.float64)
"""A piece of work on a case: its minutes, and when it was done."""

EVENT = _record(time=np.float64, order=np.int64, what=np.int64)
"""An event to come: when, in what order, and who x `KINDS` + kind."""

STATE = _record(
    events=np.int64,
    sequence=np.int64,
    next_moment=np.int64,
    moments=np.int64,
    to_come=np.int64,
    asking=np.int64,
    endless=np.int64,
    full=np.bool_,
)
"""One row: events on the agenda, numbers given out, the first event of this moment and how many
there are, counted cases not yet decided, who asks, and the case that does not leave a loop."""


class Office(NamedTuple):
    """Everything that the compiled clock reads and writes."""

    desks: NDArray[np.void]
    turns: NDArray[np.void]
    tasks: NDArray[np.void]
    posts: NDArray[np.void]
    meetings: NDArray[np.void]
    cases: NDArray[np.void]
    visits: NDArray[np.void]
    works: NDArray[np.void]
    agenda: NDArray[np.void]
    moment: NDArray[np.void]
    lines: NDArray[np.void]
    queues: NDArray[np.int32]
    to_serve: NDArray[np.int64]
    state: NDArray[np.void]


def table(kind: np.dtype[Any], rows: int, **columns: Any) -> NDArray[np.void]:
    """A table of some rows with the given columns; what is not given is zero."""
    found = np.zeros(rows, dtype=kind)
    for name, values in columns.items():
        found[name] = values
    return found
