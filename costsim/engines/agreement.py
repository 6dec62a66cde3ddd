"""Whether two engines wrote down the same: the first referral and activity to differ, if any."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from costsim.pathway.plan import World
from costsim.results.record import Record, Visits
from costsim.results.tally import Tallies

Column = NDArray[Any]


def first_difference(world: World, one: Record, other: Record) -> str | None:
    """What differs first, in any bit, between two records of one replication; None if nothing.

    Referrals are named by their numbers from 1, as everywhere that people read.
    """
    within = sorted([*_of_visits(world, one, other), *_of_work(world, one, other)])
    return next((words for _, words in [*within, *_of_cases(one, other)]), None)


def same_bits(one: Tallies, other: Tallies) -> bool:
    """Whether two engines' totals are the same in every bit."""
    here, there = (list(_columns_in(each)) for each in (one, other))
    return len(here) == len(there) and all(
        mine.shape == theirs.shape and bool((_bits(mine) == _bits(theirs)).all())
        for mine, theirs in zip(here, there, strict=True)
    )


def _columns_in(totals: Any) -> Iterator[Column]:
    """Every array, however it is held."""
    if isinstance(totals, np.ndarray):
        yield np.ascontiguousarray(totals)
        return
    by_name = totals if isinstance(totals, dict | tuple) else vars(totals)
    parts = by_name if isinstance(by_name, tuple) else by_name.values()
    for each in parts:
        yield from _columns_in(each)


def _of_cases(one: Record, other: Record) -> Iterator[tuple[int, str]]:
    for name, column, there in _columns(one.cases, other.cases):
        row = _first(column, there)
        if row is not None:
            yield row, f"referral {row + 1}: {name} is {_values(column, there, row)}"


def _of_visits(world: World, one: Record, other: Record) -> Iterator[tuple[int, str]]:
    for name, column, there in _columns(one.visits, other.visits):
        row = _first(column, there)
        if row is not None:
            visits = one.visits if row < len(one.visits.case) else other.visits
            yield row, f"{_visit(world, visits, row)}: {name} is {_values(column, there, row)}"


def _of_work(world: World, one: Record, other: Record) -> Iterator[tuple[int, str]]:
    for name, column, there in _columns(one.work, other.work):
        row = _first(column, there)
        if row is not None:
            record = one if row < len(one.work.visit) else other
            visit = int(record.work.visit[row])
            where = _visit(world, record.visits, visit)
            yield visit, f"{where}: {name} of its work is {_values(column, there, row)}"


def _columns(one: Any, other: Any) -> Iterator[tuple[str, Column, Column]]:
    for name, column in vars(one).items():
        yield name, column, getattr(other, name)


def _visit(world: World, visits: Visits, row: int) -> str:
    track = world.tracks[visits.track[row]]
    return f"referral {visits.case[row] + 1} at {track.names[visits.step[row]]!r}"


def _first(one: Column, other: Column) -> int | None:
    """The first row that differs in any bit, or that only one of them has."""
    size = min(len(one), len(other))
    differs = _bits(one[:size]) != _bits(other[:size])
    rows = np.flatnonzero(differs.any(axis=1) if differs.ndim > 1 else differs)
    if len(rows):
        return int(rows[0])
    return size if len(one) != len(other) else None


def _bits(column: Column) -> Column:
    """Numbers as their bits, where nothing (nan) equals nothing."""
    if column.dtype != np.float64:
        return column
    plain = np.where(np.isnan(column), np.nan, column)
    return plain.view(np.int64)


def _values(one: Column, other: Column, row: int) -> str:
    here, there = (
        repr(each[row].tolist()) if row < len(each) else "nothing" for each in (one, other)
    )
    return f"{here} or {there}"
