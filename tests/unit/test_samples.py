"""Values by replication: their totals and quantiles are those of each replication by itself."""

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
LEVELS = [0.0, 0.025, 0.5, 0.9, 1 / 3, 1.0]


def _flat(parts: Iterable[list[float]]) -> list[float]:
    return list(chain.from_iterable(parts))


def _samples(parts: list[list[float]]) -> Samples:
    counts = np.array([len(part) for part in parts], dtype=np.int64)
    return Samples(np.array(_flat(parts), dtype=np.float64), counts)


@pytest.mark.parametrize("level", LEVELS)
@given(parts=replications)
def test_quantiles_are_those_that_numpy_gives_for_each_replication_that_has_any_values(
    parts: list[list[float]], level: float
) -> None:
    found = _samples(parts).ranked().quantiles(level)
    known = [np.quantile(part, level) for part in parts if part]
    assert len(found) == len(known)
    assert found == pytest.approx(known, rel=1e-12, abs=1e-9)


@given(parts=replications)
def test_ranking_puts_each_replication_in_order_and_moves_no_value_to_another(
    parts: list[list[float]],
) -> None:
    ranked = _samples(parts).ranked()
    assert ranked.counts.tolist() == [len(part) for part in parts]
    assert ranked.values.tolist() == _flat(map(sorted, parts))


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
    assert nothing.ranked().quantiles(0.5).tolist() == []


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
