"""What studies are worth against closed forms, and from one case to a programme and back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from costsim.economics.discounting import Discounting, Timing
from costsim.uncertainty.information.evppi import evppi
from costsim.uncertainty.information.evsi import SampleValue, Study, evsi, evsi_share
from costsim.uncertainty.information.population import Scope
from costsim.uncertainty.information.ridge import Array

DRAWS = 20_000
# p1 ~ N(1, 1) observed n times with sd 1; p2 ~ N(0, sd 2); the option is worth p1 - p2, or 0.
KNOWN = {1: 0.0251272708, 10: 0.0723251203, 100: 0.0821176056}


def generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def example(seed: int, rows: int = DRAWS) -> tuple[Array, Array]:
    luck = generator(seed)
    p1, p2 = luck.normal(1, 1, rows), luck.normal(0, 2, rows)
    return p1 - p2, p1


def assert_near(found: SampleValue, truth: list[float]) -> None:
    for value, error, known in zip(found.values, found.standard_errors, truth, strict=True):
        assert error > 0
        assert abs(value - known) <= 4 * error, (value, error, known)


def test_evsi_meets_the_closed_form() -> None:
    found = [evsi(*example(seed), 1.0, list(KNOWN), seed) for seed in range(3)]
    for each in found:
        assert_near(each, list(KNOWN.values()))


def test_the_mean_evsi_of_several_seeds_is_within_one_per_cent() -> None:
    """Even samples with their mirror images, so that hardly any chance is left."""
    found = []
    for seed in range(6):
        luck = generator(seed)
        parts = luck.permuted(np.tile(np.arange(DRAWS), (2, 1)), axis=1)
        z1, z2 = ndtri((parts + luck.random((2, DRAWS))) / DRAWS)
        for first, second in [(1, 1), (1, -1), (-1, 1), (-1, -1)]:
            p1 = 1 + first * z1
            found.append(evsi(p1 - 2 * second * z2, p1, 1.0, list(KNOWN), seed).values)
    assert np.mean(found, axis=0) == pytest.approx(list(KNOWN.values()), rel=0.01)


def test_a_spread_of_its_own_for_each_draw_gives_the_same() -> None:
    worth, p1 = example(1)
    found = evsi(worth, p1, np.ones(DRAWS), list(KNOWN))
    assert_near(found, list(KNOWN.values()))
    assert found.values != evsi(worth, p1, 1.0, list(KNOWN)).values


def test_a_larger_study_is_worth_more_and_never_more_than_certainty() -> None:
    worth, p1 = example(2, 3000)
    found = evsi(worth, p1, 2.0, [1, 2, 5, 10, 50, 200, 1000, 100_000])
    slack = 0.02 * found.evppi
    assert all(np.diff(found.values) > -slack)
    assert all(value <= found.evppi for value in found.values)
    assert found.evppi == pytest.approx(evppi(worth, p1, "spline").value, rel=1e-8)
    assert found.values[-1] == pytest.approx(found.evppi, rel=0.02)
    assert found.values[0] < 0.3 * found.evppi


def test_a_study_of_a_share_meets_the_beta_binomial_form() -> None:
    """Given k of m, a Beta(a, b) share is expected to be (a + k) / (a + b + m)."""
    a, b, sizes = 3, 7, [1, 5, 40]
    luck = generator(3)
    share = luck.beta(a, b, DRAWS)
    worth = 100 * (share - 0.33) + luck.normal(0, 20, DRAWS)
    found = evsi_share(worth, share, sizes, 3)
    truth = [_beta_binomial_value(a, b, size) for size in sizes]
    assert_near(found, truth)
    assert all(value <= found.evppi for value in found.values)


def _beta_binomial_value(a: int, b: int, size: int) -> float:
    def log_beta(x: float, y: float) -> float:
        return math.lgamma(x) + math.lgamma(y) - math.lgamma(x + y)

    total = 0.0
    for k in range(size + 1):
        chance = math.comb(size, k) * math.exp(log_beta(a + k, b + size - k) - log_beta(a, b))
        total += chance * max(100 * ((a + k) / (a + b + size) - 0.33), 0)
    return total


def test_studies_of_all_sizes_share_their_luck() -> None:
    worth, p1 = example(4, 2000)
    alone, among = evsi(worth, p1, 1.0, [10], 5), evsi(worth, p1, 1.0, [100, 10, 1], 5)
    assert among.sizes == (1, 10, 100)
    assert alone.values[0] == among.values[1]
    assert alone.values != evsi(worth, p1, 1.0, [10], 6).values


def test_the_best_size_is_where_worth_exceeds_cost_by_most() -> None:
    scope = Scope(per_year=56, years=3)
    study = Study("minutes", fixed_cost=2.0, cost_each=0.05, decisions=scope.present_cases)
    found = evsi(*example(5), 1.0, [1, 10, 100], study=study)
    assert found.costs == (2.05, 2.5, 7.0)
    assert found.worths == tuple(168 * value for value in found.values)
    returns = [168 * v - c for v, c in zip(found.values, found.costs, strict=True)]
    assert found.net_returns == pytest.approx(returns)
    assert found.best == 10
    assert "a study of 10 cases pays best" in found.summary()
    frame = found.to_frame()
    assert frame["net_return"].tolist() == list(found.net_returns)
    figure = found.plot()
    assert figure.title == "Observing minutes in 10 cases pays best"
    assert "<svg" in figure.svg()


def test_where_no_study_pays_that_is_said() -> None:
    study = Study("minutes", fixed_cost=1000.0)
    found = evsi(*example(6, 500), 1.0, [1, 10], study=study)
    assert found.best is None
    assert "No study of 1 to 10 cases is worth what it costs" in found.summary()
    assert found.plot().title == "No study of minutes pays"


def test_an_input_that_decides_nothing_makes_no_study_worth_anything() -> None:
    luck = generator(7)
    found = evsi(luck.normal(3, 1, 500), luck.normal(size=500), 1.0, [5, 50])
    assert found.values == (0.0, 0.0)
    assert found.best is None


@pytest.mark.parametrize(
    ("spread", "sizes", "words"),
    [
        (-1.0, [1], "spread between cases must be 0 or more"),
        (math.nan, [1], "spread between cases must be 0 or more"),
        (1.0, [0], "A study of 0 cases"),
        (1.0, [], "No size of study"),
    ],
)
def test_impossible_studies_are_refused(spread: float, sizes: list[int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        evsi(*example(8, 50), spread, sizes)


def test_impossible_shares_and_costs_are_refused() -> None:
    worth, _ = example(9, 50)
    share = np.linspace(0, 1.02, 50)
    with pytest.raises(ValueError, match=r"row 50 has 1\.02"):
        evsi_share(worth, share, [5])
    with pytest.raises(ValueError, match="cost_each is -1"):
        Study(cost_each=-1.0)


@given(st.floats(0.1, 1e6), st.integers(1, 60), st.floats(0.0, 0.5), st.floats(-1e6, 1e6))
def test_from_a_case_to_the_horizon_and_back(
    per_year: float, years: int, rate: float, value: float
) -> None:
    scope = Scope(per_year, years, rate)
    assert scope.per_case(scope.over_horizon(value)) == pytest.approx(value)
    assert scope.over_horizon(value) == pytest.approx(
        value * per_year * math.fsum(Discounting(rate).factors(years))
    )


def test_a_zero_rate_keeps_the_whole_horizon() -> None:
    for rate in (0.0, 0):
        scope = Scope(56, 10, rate)
        assert scope.over_horizon(2.0) == 1120.0
        assert scope.per_case(1120.0) == 2.0
        assert scope.present_cases == scope.cases == 560
    nearly = Scope(56, 10, 1e-12)
    assert nearly.over_horizon(2.0) == pytest.approx(1120.0)
    assert Scope(56, 10).a_year(2.0) == 112.0


def test_discounting_is_that_of_the_appraisal() -> None:
    assert Scope(1, 10, 0.035).present_cases == pytest.approx(8.316605323, rel=1e-9)
    assert Scope(1, 10, None).present_cases == pytest.approx(8.316605323, rel=1e-9)
    start = Scope(1, 10, 0.035, timing=Timing.YEAR_START)
    assert start.present_cases == pytest.approx(8.316605323 * 1.035, rel=1e-9)


@pytest.mark.parametrize(
    ("per_year", "years", "rate", "words"),
    [
        (0.0, 3, 0.0, "There are 0 cases a year"),
        (math.inf, 3, 0.0, "There are inf cases a year"),
        (5.0, 0, 0.0, "The horizon is 0 years"),
        (5.0, 3, -1.0, "above -100 %"),
    ],
)
def test_impossible_scopes_are_refused(
    per_year: float, years: int, rate: float, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Scope(per_year, years, rate)
