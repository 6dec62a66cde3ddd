"""Estimates: ratios and quantiles of cases that replications hold, and how often they are right."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable, Iterable
from itertools import chain

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from costsim.results.estimates import difference, mean, quantile, ratio, t_quantile
from costsim.results.samples import Samples

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, NDArray[np.int64]], Floats]

numbers = st.floats(-1e6, 1e6, allow_subnormal=False)
replications = st.lists(st.lists(numbers, max_size=12), min_size=1, max_size=6)
LEVELS = [0.0, 0.025, 0.5, 0.9, 1 / 3, 1.0]


def _flat(parts: Iterable[list[float]]) -> list[float]:
    return list(chain.from_iterable(parts))


def _samples(parts: list[list[float]]) -> Samples:
    counts = np.array([len(part) for part in parts], dtype=np.int64)
    return Samples(np.array(_flat(parts), dtype=np.float64), counts)


def test_t_is_that_of_scipy_for_one_number_and_for_an_array() -> None:
    degrees = np.array([1.0, 2, 29, 1317])
    known = stats.t.ppf(0.975, degrees)
    assert t_quantile(degrees) == pytest.approx(known, rel=1e-12)
    assert [t_quantile(int(each)) for each in degrees] == pytest.approx(known, rel=1e-12)
    assert type(t_quantile(29)) is float


def test_a_ratio_has_the_error_of_the_ratio_estimator() -> None:
    found = ratio(np.array([10.0, 0.0, 26.0]), np.array([2, 0, 4]))  # residuals -2, 0 and 2
    assert found.value == 6.0
    assert found.mcse == pytest.approx(math.sqrt(8 / 2 / 3) / 2)
    assert found.half_width == pytest.approx(4.302653 * math.sqrt(8 / 2 / 3) / 2)


def test_a_ratio_of_nothing_and_one_replication_have_no_interval() -> None:
    nothing = ratio(np.zeros(3), np.zeros(3))
    assert (nothing.value, nothing.mcse, nothing.degrees) == (None, None, 2)
    one = ratio(np.array([6.0]), np.array([2.0]))
    assert (one.value, one.mcse, one.ci95, one.degrees) == (3.0, None, None, 0)


def test_a_difference_of_two_worlds_is_as_sure_as_the_luck_that_they_share_makes_it() -> None:
    rng = np.random.default_rng(4)
    years = [rng.normal(size=5) + 10 * rng.normal() for _ in range(40)]
    one = Samples(np.concatenate(years) + 3, np.full(40, 5))
    other = Samples(np.concatenate(years) + rng.normal(size=200) / 100, np.full(40, 5))
    found = difference(one, other)
    known = mean((one.totals() - other.totals()) / 5)
    assert found.value == pytest.approx(known.value)
    assert found.mcse == pytest.approx(known.mcse)
    assert found.half_width < ratio(one.totals(), one.counts).half_width / 100


def test_a_difference_from_nobody_is_none() -> None:
    nobody, some = _samples([[], []]), _samples([[1.0], [2.0]])
    for pair in ((nobody, some), (some, nobody)):
        found = difference(*pair)
        assert (found.value, found.mcse, found.degrees) == (None, None, 1)


@pytest.mark.parametrize("level", LEVELS)
@given(parts=replications)
def test_a_quantile_is_that_of_all_cases_and_within_its_interval(
    parts: list[list[float]], level: float
) -> None:
    assume(_flat(parts))
    found = quantile(_samples(parts), level)
    assert found.value == np.quantile(_flat(parts), level)
    assert found.degrees == len(parts) - 1
    if sum(map(bool, parts)) < 2:
        assert (found.mcse, found.ci95) == (None, None)
    else:
        low, high = found.interval or (math.nan, math.nan)
        assert min(_flat(parts)) <= low <= found.number <= high <= max(_flat(parts))
        half = float(stats.t.ppf(0.975, len(parts) - 1)) * (found.mcse or 0.0)
        assert half == pytest.approx((high - low) / 2, rel=1e-9, abs=1e-9)


@given(parts=replications)
def test_it_does_not_matter_in_which_order_cases_or_replications_come(
    parts: list[list[float]],
) -> None:
    assume(_flat(parts))
    found = quantile(_samples([sorted(part) for part in sorted(parts, key=len)]), 0.7)
    known = quantile(_samples(parts), 0.7)
    assert found.value == known.value
    assert found.half_width == pytest.approx(known.half_width, rel=1e-9, abs=1e-6)


def test_ends_of_a_quantile_s_interval_are_the_quantiles_at_the_ends_of_the_share_s() -> None:
    shares = [0.2, 0.4, 0.6, 0.8]  # of the ten cases of each replication, those below a half
    parts = [[i / 1000 + (i >= round(10 * share)) for i in range(10)] for share in shares]
    value = float(np.quantile(_flat(parts), 0.5))
    below = [sum(each < value for each in part) / 10 for part in parts]
    assert below == pytest.approx(shares)
    reach = float(stats.t.ppf(0.975, 3)) * float(np.std(below, ddof=1)) / 2
    assert 0.05 < reach < 0.45
    found = quantile(_samples(parts), 0.5)
    known = np.quantile(_flat(parts), [0.5 - reach, 0.5 + reach])
    assert found.interval == pytest.approx(known.tolist(), rel=1e-12)


def test_a_quantile_of_cases_that_are_all_alike_is_certain() -> None:
    found = quantile(_samples([[7.0, 7.0], [7.0], [7.0, 7.0, 7.0]]), 0.9)
    assert (found.value, found.mcse, found.ci95) == (7.0, 0.0, (7.0, 7.0))


def test_a_median_between_two_values_of_many_cases_may_be_either() -> None:
    mostly_late = _samples([[1.0, 45.0, 1.0, 45.0], [45.0, 1.0, 45.0], [1.0, 45.0, 45.0, 1.0]])
    assert quantile(mostly_late, 0.5).ci95 == (1.0, 45.0)


def test_there_may_be_no_case_at_all_or_only_in_one_replication() -> None:
    nothing = quantile(_samples([[], [], []]), 0.5)
    assert (nothing.value, nothing.mcse, nothing.ci95, nothing.degrees) == (None, None, None, 2)
    alone = quantile(_samples([[], [5.0, 6.0], []]), 0.5)
    assert (alone.value, alone.mcse, alone.ci95, alone.degrees) == (5.5, None, None, 2)


def test_one_crowded_replication_among_many_takes_no_more_memory_than_its_cases() -> None:
    counts = np.ones(20_000, dtype=np.int64)
    counts[7] = 20_000
    samples = Samples(np.arange(counts.sum(), dtype=np.float64), counts)
    tracemalloc.start()
    assert quantile(samples, 0.5).value == 19_999.0
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * samples.values.nbytes


def _alone(rng: np.random.Generator, counts: NDArray[np.int64]) -> Floats:
    """Exponential times."""
    return rng.exponential(size=int(counts.sum()))


def _in_step(rng: np.random.Generator, counts: NDArray[np.int64]) -> Floats:
    """Exponential times, each replication's at its own gamma-distributed rate: a Pareto mixture."""
    return _alone(rng, counts) / np.repeat(rng.gamma(IN_STEP, 1 / IN_STEP, len(counts)), counts)


def _two_values(rng: np.random.Generator, counts: NDArray[np.int64]) -> Floats:
    """One day for a little more than half of the cases, 45 days for the others."""
    return np.where(rng.random(int(counts.sum())) < 0.52, 1.0, 45.0)


IN_STEP = 4.0
P90, P90_IN_STEP = math.log(10), IN_STEP * (10 ** (1 / IN_STEP) - 1)


def _coverage(draw: Draw, level: float, known: float, cases: float, runs: int = 400) -> float:
    """How often the interval from 30 replications holds the quantile that is known."""
    rng = np.random.default_rng(3)
    inside = 0
    for _ in range(runs):
        counts = rng.poisson(cases, 30)
        low, high = quantile(Samples(draw(rng, counts), counts), level).interval or (1.0, 0.0)
        inside += low <= known <= high
    return inside / runs


@pytest.mark.parametrize("cases", [1.5, 5, 20])
@pytest.mark.parametrize(("draw", "known"), [(_alone, P90), (_in_step, P90_IN_STEP)])
def test_ninety_five_intervals_in_a_hundred_hold_the_known_90th_percentile(
    draw: Draw, known: float, cases: float
) -> None:
    """However few cases a replication has. Chance moves the share of 400 intervals by 1.1 %."""
    assert 0.92 < _coverage(draw, 0.9, known, cases) < 0.98


@pytest.mark.parametrize("cases", [1.5, 5, 20])
def test_intervals_of_a_median_among_two_values_hold_it_as_often(cases: float) -> None:
    assert _coverage(_two_values, 0.5, 1.0, cases) > 0.93


@pytest.mark.long
@pytest.mark.parametrize("cases", [1.5, 5, 20])
@pytest.mark.parametrize(
    ("draw", "level", "known"),
    [
        (_alone, 0.5, math.log(2)),
        (_alone, 0.9, P90),
        (_in_step, 0.5, IN_STEP * (2 ** (1 / IN_STEP) - 1)),
        (_in_step, 0.9, P90_IN_STEP),
    ],
)
def test_intervals_of_quantiles_hold_them_as_often_as_they_say(
    draw: Draw, level: float, known: float, cases: float
) -> None:
    assert 0.935 < _coverage(draw, level, known, cases, runs=8000) < 0.972
