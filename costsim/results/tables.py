"""The tables of a run: cases and ledger, under a column contract that readers can rely on.

`cases` has a row for each replication, referral and pathway; `ledger` one for each activity visit
and role (role `other` is a visit's cost other than staff). Times are working days on the model's
clock from the first simulated day; dates are calendar dates; money is pounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from costsim.pathway.plan import Plan, World
from costsim.results.record import Flags, Floats, Ints, Record

if TYPE_CHECKING:
    import pyarrow as pa

NO_ROLE = -1
UNIX_EPOCH = 719163  # proleptic ordinal of 1970-01-01


@dataclass(frozen=True)
class Ledger:
    """Lines by visit: the visit's row, the role (`NO_ROLE`: other cost), minutes, pounds, case."""

    visit: Ints
    role: Ints
    minutes: Floats
    cost: Floats
    case: Ints

    def by_case(self, cases: int) -> Floats:
        """Pounds of each case, by its number."""
        return np.bincount(self.case, self.cost, minlength=cases).astype(np.float64)

    def minutes_by_case(self, cases: int) -> Floats:
        """Staff minutes of each case, by its number."""
        return np.bincount(self.case, self.minutes, minlength=cases).astype(np.float64)


@dataclass(frozen=True)
class Column:
    """One column: its name, its Arrow type, and what it holds."""

    name: str
    type: str
    description: str


KEYS = (
    Column("site", "string", "the site"),
    Column("pathway", "string", "whose world it is: that of the comparator or of an option"),
    Column("replication", "int64", "number of the replication, from 0"),
    Column("referral", "int64", "number of the referral within the replication, from 1"),
)
CASES = (
    *KEYS,
    Column("extra", "bool", "true if only easier access brought it"),
    Column("counted", "bool", "true if it arrived within the period that is measured"),
    Column("route", "string", "the pathway on which it ended"),
    Column("outcome", "string", "where it ended; empty if it had not when the run stopped"),
    Column("arrived", "double", "working day of arrival"),
    Column("decided", "double", "working day of the outcome"),
    Column("arrived_on", "date32[day]", "date of arrival"),
    Column("decided_on", "date32[day]", "date of the outcome"),
    Column("staff_minutes", "double", "minutes of staff time"),
    Column("cost", "double", "pounds"),
)
LEDGER = (
    *KEYS,
    Column("counted", "bool", "true if its referral is counted"),
    Column("route", "string", "the pathway that the activity belongs to"),
    Column("activity", "string", "the activity"),
    Column("visit", "int64", "which visit of this referral to the activity, from 1"),
    Column("role", "string", "the staff role; `other` for cost other than staff time"),
    Column("reached", "double", "working day on which the referral reached the activity"),
    Column("began", "double", "working day on which its work began"),
    Column("ended", "double", "working day on which its work ended"),
    Column("minutes", "double", "minutes of staff time"),
    Column("cost", "double", "pounds"),
)


@dataclass(frozen=True)
class Priced:
    """One replication of one world with its ledger, ready to be set out in tables."""

    plan: Plan
    world: World
    replication: int
    record: Record
    book: Ledger


def cases_table(priced: Priced, attributes: tuple[str, ...] = ()) -> pa.Table:
    """The cases of one replication of one world; attributes follow the contract's columns."""
    record, plan = priced.record, priced.plan
    cases, size = record.cases, len(record.cases.arrived)
    columns = _keys(priced, np.arange(size)) | {
        "extra": cases.extra,
        "counted": cases.counted,
        "route": _names(priced.world.routes, cases.track),
        "outcome": _names(record.outcomes, cases.outcome),
        "arrived": cases.arrived / plan.time.minutes_per_day,
        "decided": cases.decided / plan.time.minutes_per_day,
        "arrived_on": _dates(plan, cases.arrived),
        "decided_on": _dates(plan, cases.decided),
        "staff_minutes": priced.book.minutes_by_case(size),
        "cost": priced.book.by_case(size),
    }
    table = _table(columns, CASES)
    known = {each.name: (each.values, cases.levels[:, n]) for n, each in enumerate(plan.attributes)}
    for name in attributes:
        values, levels = known.get(name, ((), np.full(size, -1)))
        table = table.append_column(name, [_names(values, levels)])
    return table


def ledger_table(priced: Priced) -> pa.Table:
    """The ledger of one replication of one world."""
    visits, book, world = priced.record.visits, priced.book, priced.world
    row = book.visit
    per_day = priced.plan.time.minutes_per_day
    roles = (*(post.name for post in priced.plan.posts), "other")
    activities, offsets = _activities(world)
    columns = _keys(priced, book.case) | {
        "counted": priced.record.cases.counted[book.case],
        "route": _names(world.routes, visits.track[row]),
        "activity": _names(activities, offsets[visits.track[row]] + visits.step[row]),
        "visit": visits.number[row] + 1,
        "role": _names(roles, np.where(book.role == NO_ROLE, len(roles) - 1, book.role)),
        "reached": visits.reached[row] / per_day,
        "began": visits.began[row] / per_day,
        "ended": visits.ended[row] / per_day,
        "minutes": book.minutes,
        "cost": book.cost,
    }
    return _table(columns, LEDGER)


def _activities(world: World) -> tuple[tuple[str, ...], Any]:
    names = [track.names for track in world.tracks]
    starts = np.cumsum([0, *map(len, names)])[:-1]
    return tuple(chain.from_iterable(names)), starts


def _keys(priced: Priced, case: Any) -> dict[str, Any]:
    return {
        "site": _names((priced.plan.site,), np.zeros_like(case)),
        "pathway": _names((priced.world.name,), np.zeros_like(case)),
        "replication": np.full(len(case), priced.replication),
        "referral": case + 1,
    }


def _names(names: tuple[str, ...], numbers: Ints) -> pa.Array:
    """Names by number; nothing where the number is below 0."""
    import pyarrow as pa

    encoded = [name.encode() for name in names]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    known = pa.Array.from_buffers(pa.string(), len(names), buffers)
    return known.take(_array(numbers, pa.int64(), numbers < 0))


def _dates(plan: Plan, minutes: Floats) -> pa.Array:
    """Dates of working minutes; nothing where there is no minute."""
    import pyarrow as pa

    missing = np.isnan(minutes)
    days = plan.time.dates(np.where(missing, 0.0, minutes)) - UNIX_EPOCH
    return _array(days.astype(np.int32), pa.date32(), missing)


def _array(values: NDArray[Any], kind: pa.DataType, missing: Flags | None = None) -> pa.Array:
    """NumPy's values as Arrow's, by their memory; nothing where they are missing.

    Not by `pyarrow.array`, which imports pandas for a NumPy array if it is there: a second's wait.
    """
    import pyarrow as pa

    present = None if missing is None else _bits(~missing)
    stored = _bits(values) if values.dtype == bool else pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(kind, len(values), [present, stored])


def _bits(flags: Flags) -> Any:
    import pyarrow as pa

    return pa.py_buffer(np.packbits(flags, bitorder="little"))


def _table(columns: Mapping[str, Any], contract: tuple[Column, ...]) -> pa.Table:
    """A table with exactly the contract's columns and types."""
    import pyarrow as pa

    schema = pa.schema([(column.name, _type(column.type)) for column in contract])
    arrays = [_column(columns[field.name], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _column(values: Any, kind: pa.DataType) -> pa.Array:
    return _array(values, kind) if isinstance(values, np.ndarray) else values


def _type(name: str) -> pa.DataType:
    import pyarrow as pa

    kinds = {
        "string": pa.string(),
        "int64": pa.int64(),
        "bool": pa.bool_(),
        "double": pa.float64(),
        "date32[day]": pa.date32(),
    }
    return kinds[name]
