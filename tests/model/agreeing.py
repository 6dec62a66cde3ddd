"""Two records are the same: every column of every table, bit for bit, whoever wrote it down."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from costsim.engines.agreement import first_difference
from costsim.engines.kernel import KernelEngine
from costsim.engines.protocol import Engine
from costsim.engines.reference import ReferenceEngine
from costsim.errors import SimulationError
from costsim.pathway.plan import Plan
from costsim.results.record import Record
from costsim.sampling import Luck


def assert_engines_agree(plan: Plan, luck: Luck) -> dict[str, Record]:
    """Both engines write down the same of every world; that is what is returned."""
    expected = ReferenceEngine().run(plan, luck)
    found = KernelEngine().run(plan, luck)
    assert list(found) == list(expected)
    for world in plan.worlds:
        one, other = found[world.name], expected[world.name]
        difference = first_difference(world, one, other)
        assert difference is None, f"{world.name}: {difference}"
        assert_identical(one, other)
    return expected


def assert_same_outcome(plan: Plan, luck: Luck) -> dict[str, Record] | str:
    """Both engines write down the same, or say the same of a referral in an endless loop."""
    expected, found = (_outcome(each, plan, luck) for each in (ReferenceEngine(), KernelEngine()))
    if isinstance(expected, str) or isinstance(found, str):
        assert found == expected, f"{found} or {expected}"
    else:
        for name, record in expected.items():
            assert_identical(found[name], record)
    return expected


def _outcome(engine: Engine, plan: Plan, luck: Luck) -> dict[str, Record] | str:
    try:
        return engine.run(plan, luck)
    except SimulationError as error:
        return str(error)


def assert_identical(one: Record, other: Record) -> None:
    """Two records are the same in every bit; nan, which means nothing, is like nan."""
    assert one.outcomes == other.outcomes
    assert one.replications == other.replications
    for (name, here), (_, there) in zip(columns(one), columns(other), strict=True):
        assert here.dtype == there.dtype, name
        assert here.shape == there.shape, name
        assert _bytes(here) == _bytes(there), name


def columns(record: Record) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """Every column of a record's tables, by the names of its table and its own."""
    for table in ("cases", "visits", "work"):
        for name, column in vars(getattr(record, table)).items():
            yield f"{table}.{name}", column


def _bytes(column: NDArray[np.generic]) -> bytes:
    if column.dtype.kind == "f":
        column = np.where(np.isnan(column), np.nan, column)
    return np.ascontiguousarray(column).tobytes()
