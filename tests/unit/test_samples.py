"""Values by replication: whatever is counted, cut or joined, each stays with its replication."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costsim.results.samples import Samples, pooled

numbers = st.floats(-1e6, 1e6, allow_subnormal=False)
replications = st.lists(st.lists(numbers, max_size=12), min_size=1, max_size=6)


def _flat(parts: Iterable[list[float]]) -> list[float]:
    return list(chain.from_iterable(parts))


def _samples(parts: list[list[float]]) -> Samples:
    counts = np.array([len(part) for part in parts], dtype=np.int64)
    return Samples(np.array(_flat(parts), dtype=np.float64), counts)


@given(parts=replications)
def test_those_that_are_chosen_are_counted_where_they_belong(parts: list[list[float]]) -> None:
    samples = _samples(parts)
    found = samples.numbers(samples.values > 1)
    assert found.tolist() == [sum(each > 1 for each in part) for part in parts]


@given(parts=replications, ends=st.tuples(st.integers(0, 6), st.integers(0, 6)))
def test_those_before_between_and_after_are_together_all(
    parts: list[list[float]], ends: tuple[int, int]
) -> None:
    begin, end = sorted(min(each, len(parts)) for each in ends)
    samples = _samples(parts)
    middle = samples.between(begin, end)
    assert middle.counts.tolist() == [len(part) for part in parts[begin:end]]
    assert middle.values.tolist() == _flat(parts[begin:end])
    whole = Samples.together([_samples(parts[:begin]), middle, samples.between(end, len(parts))])
    assert whole.counts.tolist() == samples.counts.tolist()
    assert whole.values.tolist() == samples.values.tolist()
    assert whole.counts.dtype == np.int64


@given(parts=replications)
def test_totals_are_the_sum_of_each_replication_and_nothing_for_an_empty_one(
    parts: list[list[float]],
) -> None:
    found = _samples(parts).totals()
    assert found == pytest.approx([sum(part) for part in parts], rel=1e-12, abs=1e-6)
    assert found.dtype == np.float64


def test_values_belong_to_the_replication_that_counts_them() -> None:
    samples = _samples([[], [5.0, 6.0], [], [7.0], []])
    assert samples.replication.tolist() == [1, 1, 3]


def test_there_may_be_no_value_at_all() -> None:
    nothing = _samples([[], [], []])
    assert nothing.totals().tolist() == [0.0, 0.0, 0.0]
    assert nothing.numbers(nothing.values > 0).tolist() == [0, 0, 0]


@given(st.integers(1, 5).flatmap(
    lambda size: st.lists(
        st.lists(st.lists(numbers, max_size=5), min_size=size, max_size=size),
        min_size=1,
        max_size=4,
    )
))  # fmt: skip
def test_several_are_pooled_replication_by_replication(sites: list[list[list[float]]]) -> None:
    found = pooled([_samples(parts) for parts in sites])
    together = [_flat(parts) for parts in zip(*sites, strict=True)]
    assert found.counts.tolist() == [len(part) for part in together]
    assert found.values.tolist() == _flat(together)
