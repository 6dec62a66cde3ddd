"""Fits against known answers, against scipy.stats, and there and back again for every family."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np
import pytest
import scipy.stats
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from costsim.scenario.families import (
    Beta,
    Exponential,
    Family,
    Gamma,
    LogNormal,
    Pert,
    Triangular,
    TruncatedNormal,
    Uniform,
    Weibull,
)
from costsim.scenario.fitting import (
    from_interval,
    from_mean_in_range,
    from_moments,
    from_quantiles,
)

TWO_PARAMETERS = ["uniform", "triangular", "pert", "normal", "lognormal", "gamma", "weibull"]
means = st.floats(0.01, 1e5)
shares = st.floats(0.01, 0.99)


def parameters(family: Family) -> tuple[float, ...]:
    return dataclasses.astuple(cast(Any, family))


def values_at(family: Family, points: Mapping[float, float]) -> list[float]:
    return [float(value) for value in family.quantile(np.array(list(points)))]


def points_of(family: Family, *at: float) -> dict[float, float]:
    return dict(zip(at, family.quantile(np.array(at)).tolist(), strict=True))


@pytest.mark.parametrize(
    ("fitted", "expected"),
    [
        (from_moments("gamma", 9900, 3000), Gamma(10.89, 909.0909090909)),
        (from_moments("beta", 0.7, 0.1), Beta(14, 6, 0, 1)),
        (from_moments("beta", 70, 10, low=0, high=100), Beta(14, 6, 0, 100)),
        (from_moments("lognormal", 1, 0.5), LogNormal(-0.1115717757, 0.4723807271)),
        (from_interval("lognormal", 2, 20), LogNormal(1.844439727, 0.5874049499)),
        (from_moments("uniform", 10, 2), Uniform(10 - math.sqrt(12), 10 + math.sqrt(12))),
        (from_moments("triangular", 10, 2), Triangular(10 - math.sqrt(24), 10, 10 + math.sqrt(24))),
        (from_moments("pert", 10, 2), Pert(10 - math.sqrt(28), 10, 10 + math.sqrt(28))),
        (from_moments("exponential", 33), Exponential(33)),
        (from_moments("exponential", 33, 33), Exponential(33)),
        (from_moments("weibull", 2, 2), Weibull(1, 2)),
        (
            from_moments("weibull", math.sqrt(math.pi) / 2, math.sqrt(1 - math.pi / 4)),
            Weibull(2, 1),
        ),
        (from_moments("normal", 100, 1), TruncatedNormal(100, 1)),
        (
            # The half normal: mu is zero.
            from_moments("normal", math.sqrt(2 / math.pi), math.sqrt(1 - 2 / math.pi)),
            TruncatedNormal(0, 1),
        ),
        (from_moments("triangular", 5, low=0, high=12), Triangular(0, 3, 12)),
        (from_mean_in_range("triangular", 0, 5, 12), Triangular(0, 3, 12)),
        (from_mean_in_range("triangular", 0, 4, 12), Triangular(0, 0, 12)),
        (from_mean_in_range("pert", 4, 28 / 3, 20), Pert(4, 8, 20)),
        (from_mean_in_range("pert", 3, 3, 3), Pert(3, 3, 3)),
        (from_quantiles("exponential", {0.5: math.log(2) * 7}), Exponential(7)),
        (from_quantiles("uniform", {0.9: 9, 0.1: 1}), Uniform(0, 10)),
        (from_quantiles("triangular", {0.125: 1, 0.875: 3}), Triangular(0, 2, 4)),
        (from_quantiles("beta", {0.25: 0.25, 0.75: 0.75}), Beta(1, 1, 0, 1)),
        (from_quantiles("beta", {0.25: 35, 0.75: 45}, low=30, high=50), Beta(1, 1, 30, 50)),
        (from_interval("beta", 0.1, 0.9, level=0.8, low=0, high=1), Beta(1, 1, 0, 1)),
        (from_interval("uniform", 1, 9, level=0.8), Uniform(0, 10)),
    ],
    ids=repr,
)
def test_known_answers_come_out(fitted: Family, expected: Family) -> None:
    assert type(fitted) is type(expected)
    assert parameters(fitted) == pytest.approx(parameters(expected), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", TWO_PARAMETERS)
@settings(deadline=None, max_examples=60)
@given(mean=means, cv=st.floats(0.0011, 3))
def test_a_mean_and_an_sd_are_met_over_their_whole_domain(
    name: str, mean: float, cv: float
) -> None:
    assume(name != "normal" or cv <= 0.9988)
    fitted = from_moments(name, mean, mean * cv)
    assert (fitted.mean, fitted.sd) == pytest.approx((mean, mean * cv), rel=1e-6)


@settings(deadline=None, max_examples=60)
@given(share=shares, spread=st.floats(0.005, 0.999), low=st.floats(-100, 100))
def test_a_beta_meets_any_sd_that_its_range_and_mean_allow(
    share: float, spread: float, low: float
) -> None:
    mean, sd = low + 50 * share, 50 * spread * math.sqrt(share * (1 - share))
    fitted = from_moments("beta", mean, sd, low=low, high=low + 50)
    assert (fitted.mean, fitted.sd) == pytest.approx((mean, sd), rel=1e-6)
    assert fitted.support == (low, low + 50)


@settings(deadline=None, max_examples=60)
@given(name=st.sampled_from(["triangular", "pert"]), low=st.floats(-50, 50), share=shares)
def test_a_mode_is_found_again_from_the_range_and_the_mean(
    name: str, low: float, share: float
) -> None:
    make = {"triangular": Triangular, "pert": Pert}[name]
    truth = make(low, low + 20 * share, low + 20)
    fitted = from_mean_in_range(name, low, truth.mean, low + 20)
    assert parameters(fitted) == pytest.approx(parameters(truth), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("normal", lambda form, scale: TruncatedNormal((4 - 3 * form) * scale, scale)),
        ("lognormal", lambda form, scale: LogNormal(math.log(scale), form)),
        ("gamma", Gamma),
        ("weibull", Weibull),
        ("uniform", lambda form, scale: Uniform(form, form + scale)),
        ("triangular", lambda form, scale: Triangular(form - scale, form, form + scale)),
        ("pert", lambda form, scale: Pert(form - scale, form, form + scale)),
        ("beta", lambda form, scale: Beta(form, scale, 0, 1)),
    ],
)
@settings(deadline=None, max_examples=60)
@given(form=st.floats(0.3, 8), scale=st.floats(0.1, 50), at=st.tuples(shares, shares))
def test_a_distribution_is_found_again_from_two_of_its_quantiles(
    name: str,
    make: Callable[[float, float], Family],
    form: float,
    scale: float,
    at: tuple[float, float],
) -> None:
    first, second = sorted(at)
    assume(second - first > 0.02)
    truth = make(form, scale)
    points = points_of(truth, first, second)
    assume(name != "beta" or 1e-9 < points[first] < points[second] < 1 - 1e-9)
    fitted = from_quantiles(name, points)
    assert values_at(fitted, points) == pytest.approx(list(points.values()), rel=1e-6, abs=1e-9)
    assert fitted.mean == pytest.approx(truth.mean, rel=1e-4, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(
    name=st.sampled_from(["triangular", "pert"]),
    low=st.floats(-50, 50),
    share=st.floats(0, 1),
    at=st.lists(shares, min_size=3, max_size=3, unique_by=lambda p: round(p, 1)),
)
def test_three_quantiles_of_a_lopsided_triangular_or_pert_are_met(
    name: str, low: float, share: float, at: list[float]
) -> None:
    make = {"triangular": Triangular, "pert": Pert}[name]
    at = sorted(at)
    assume(min(at[1] - at[0], at[2] - at[1]) > 0.02)
    points = points_of(make(low, low + 20 * share, low + 20), *at)
    fitted = from_quantiles(name, points)
    assert values_at(fitted, points) == pytest.approx(list(points.values()), rel=1e-6, abs=1e-9)


def test_a_lopsided_pert_is_found_again_from_three_quantiles() -> None:
    fitted = from_quantiles("pert", points_of(Pert(4, 8, 20), 0.1, 0.5, 0.9))
    assert parameters(fitted) == pytest.approx((4, 8, 20), rel=1e-7)


MANY = (0.05, 0.25, 0.5, 0.75, 0.95)
NEAREST: dict[str, Family] = {
    "uniform": Uniform(3, 9),
    "triangular": Triangular(2, 3, 10),
    "pert": Pert(4, 8, 20),
    "normal": TruncatedNormal(49, 30),
    "lognormal": LogNormal(1.8, 0.5),
    "gamma": Gamma(2.7, 18),
    "weibull": Weibull(0.7, 12),
    "exponential": Exponential(33),
    "beta": Beta(14, 6, 0, 1),
}
every_name = pytest.mark.parametrize("name", NEAREST)


@every_name
def test_of_more_quantiles_than_parameters_the_distribution_that_has_them_all_is_found(
    name: str,
) -> None:
    truth = NEAREST[name]
    fitted = from_quantiles(name, points_of(truth, *MANY))
    assert type(fitted) is type(truth)
    assert parameters(fitted) == pytest.approx(parameters(truth), rel=1e-6, abs=1e-6)


@every_name
def test_no_neighbour_of_the_nearest_distribution_comes_nearer(name: str) -> None:
    found = points_of(NEAREST[name], *MANY)
    bent = dict(zip(found, np.array([1, 1.05, 0.97, 1, 0.98]) * list(found.values()), strict=True))
    fitted = from_quantiles(name, bent)

    def misses(family: Family) -> float:
        return float(np.sum((np.array(values_at(family, bent)) - list(bent.values())) ** 2))

    free = [field.name for field in dataclasses.fields(cast(Any, fitted))]
    if name == "beta":
        free = ["alpha", "beta"]
    for parameter in free:
        value = getattr(fitted, parameter)
        for moved in (value * 0.999, value * 1.001):
            neighbour = dataclasses.replace(cast(Any, fitted), **{parameter: moved})
            assert misses(neighbour) > misses(fitted)


def test_the_nearest_normal_far_from_zero_is_the_regression_line_on_normal_scores() -> None:
    shares, values = [0.05, 0.3, 0.5, 0.8], [995.0, 1000.5, 1003.0, 1009.0]
    line = scipy.stats.linregress(np.asarray(scipy.stats.norm.ppf(shares)).tolist(), values)
    fitted = from_quantiles("normal", dict(zip(shares, values, strict=True)))
    assert parameters(fitted) == pytest.approx((line.intercept, line.slope), rel=1e-6)


def test_three_quantiles_of_a_pert_are_met_exactly_though_a_fourth_would_not_be() -> None:
    points = {0.1: 6.0, 0.5: 9.0, 0.9: 14.0}
    assert values_at(from_quantiles("pert", points), points) == pytest.approx([6, 9, 14], rel=1e-9)
    four = points | {0.95: 15.0}
    assert values_at(from_quantiles("pert", four), four) == pytest.approx([6, 9, 14, 15], rel=0.02)


@pytest.mark.parametrize(
    ("name", "as_scipy"),
    [
        ("normal", lambda mu, sigma: scipy.stats.truncnorm(-mu / sigma, math.inf, mu, sigma)),
        ("lognormal", lambda mu, sigma: scipy.stats.lognorm(sigma, scale=math.exp(mu))),
        ("gamma", lambda shape, scale: scipy.stats.gamma(shape, scale=scale)),
        ("weibull", lambda shape, scale: scipy.stats.weibull_min(shape, scale=scale)),
        ("uniform", lambda low, high: scipy.stats.uniform(low, high - low)),
    ],
)
def test_scipy_stats_finds_the_fitted_figures_too(
    name: str, as_scipy: Callable[[float, float], Any]
) -> None:
    by_moments = as_scipy(*parameters(from_moments(name, 49, 30)))
    assert (by_moments.mean(), by_moments.std()) == pytest.approx((49, 30), rel=1e-8)
    by_interval = as_scipy(*parameters(from_interval(name, 15, 60, level=0.9)))
    assert by_interval.cdf([15, 60]).tolist() == pytest.approx([0.05, 0.95], rel=1e-8)


@pytest.mark.parametrize(
    ("fit", "sentence"),
    [
        (
            lambda: from_moments("gama", 1, 1),
            "there is no distribution called gama; there are uniform, triangular, pert, normal, "
            "lognormal, gamma, weibull, exponential, beta",
        ),
        (
            lambda: from_moments("gamma", 10, 0),
            "a gamma cannot have mean 10 and sd 0: the sd must be above zero",
        ),
        (
            lambda: from_moments("lognormal", -3, 1),
            "a lognormal cannot have mean -3 and sd 1: the mean must be above zero",
        ),
        (
            lambda: from_moments("uniform", math.nan, 1),
            "a uniform cannot have mean nan and sd 1: the mean must be a finite number",
        ),
        (lambda: from_moments("gamma", 10), "a gamma cannot have mean 10: its sd is needed too"),
        (
            lambda: from_moments("normal", 10, 12),
            "a normal cut off at zero cannot have mean 10 and sd 12: its sd always stays below "
            "its mean (0.9988 of it at most)",
        ),
        (
            lambda: from_moments("exponential", 10, 3),
            "an exponential cannot have mean 10 and sd 3: its sd would be 10",
        ),
        (
            lambda: from_moments("weibull", 10, 1e-6),
            "a weibull cannot have mean 10 and sd 1e-06: they are too far apart",
        ),
        (
            lambda: from_moments("beta", 0.7, 0.6),
            "a beta cannot have mean 0.7 and sd 0.6: the sd is too large for a beta with this mean "
            "from 0 to 1: it must be below 0.458257569",
        ),
        (
            lambda: from_moments("beta", 7, 0.6),
            "a beta cannot have mean 7 and sd 0.6: the mean must lie between low 0 and high 1",
        ),
        (lambda: from_moments("beta", 0.5, 0.1, low=1, high=1), "low 1 is not below high 1"),
        (lambda: from_moments("gamma", 7, 1, low=0), "a gamma cannot be fitted with low known"),
        (lambda: from_moments("pert", 7, 1, low=0), "a pert needs both low and high, or neither"),
        (
            lambda: from_moments("pert", 7, 9, low=0, high=10),
            "a pert cannot have mean 7 and sd 9: its sd would be",
        ),
        (
            lambda: from_mean_in_range("triangular", 0, 9, 10),
            "a triangular cannot have low 0 and mean 9 and high 10: on this range the mean can "
            "only be from 3.33333333 to 6.66666667, or the mode (here 17) would lie outside",
        ),
        (
            lambda: from_mean_in_range("pert", 0, 1, 10),
            "the mean can only be from 1.66666667 to 8.33333333, or the mode (here -1) would",
        ),
        (
            lambda: from_mean_in_range("pert", 0, 12, 10),
            "a pert cannot have low 0 and mean 12 and high 10: low, mean and high must ascend",
        ),
        (
            lambda: from_mean_in_range("gamma", 0, 5, 10),
            "a gamma does not follow from its range and its mean",
        ),
        (
            lambda: from_quantiles("gamma", {0.5: 8, 0.9: 5}),
            "a gamma cannot have 50% quantile 8 and 90% quantile 5: quantiles must ascend",
        ),
        (
            lambda: from_quantiles("gamma", {0.5: 8, 0.9: 8}),
            "quantiles must ascend, and not be all but equal",
        ),
        (
            lambda: from_quantiles("gamma", {0.5: 8}),
            "a gamma cannot have 50% quantile 8: the number of quantiles must be 2, not 1",
        ),
        (
            lambda: from_quantiles("pert", {}),
            "a pert cannot have nothing: the number of quantiles must be 2 or 3, not 0",
        ),
        (
            lambda: from_interval("exponential", 2, 20),
            "97.5% quantile 20: the number of quantiles must be 1, not 2",
        ),
        (
            lambda: from_quantiles("uniform", {0: 8, 0.9: 9}),
            "quantiles are finite numbers at shares between 0% and 100%",
        ),
        (lambda: from_quantiles("weibull", {0.1: 0, 0.9: 9}), "it only takes values above zero"),
        (
            lambda: from_quantiles("beta", {0.1: 0.5, 0.9: 9}),
            "quantiles must lie between low 0 and high 1",
        ),
        (
            lambda: from_quantiles("normal", {0.1: 1, 0.9: 100}),
            "a normal cut off at zero cannot have 10% quantile 1 and 90% quantile 100: they are "
            "too far apart or too close together",
        ),
        (
            # Its scale would be no finite number.
            lambda: from_quantiles("weibull", {0.0005: 1, 0.00053: 1000}),
            "and 0.053% quantile 1000: they are too far apart or too close together",
        ),
        (
            lambda: from_quantiles("triangular", {0.1: 1, 0.5: 1.1, 0.9: 9}),
            "and 90% quantile 9: the middle one lies too far to one side",
        ),
        (
            # Beyond what a uniform random number can reach.
            lambda: from_quantiles("lognormal", {1e-30: 1e-9, 0.9: 9}),
            "its 1e-28% quantile would be",
        ),
        (
            # Two clusters, which no gamma has.
            lambda: from_quantiles("gamma", {0.05: 10, 0.25: 11, 0.5: 12, 0.75: 80, 0.95: 81}),
            "75% quantile 80 and 95% quantile 81: its 75% quantile would be 50.6",
        ),
        (
            lambda: from_quantiles("beta", {0.05: 0.2, 0.5: 0.6, 0.95: 1.2}),
            "quantiles must lie between low 0 and high 1",
        ),
        (
            lambda: from_interval("gamma", 20, 2),
            "the interval must ascend, but it goes from 20 to 2",
        ),
        (
            lambda: from_interval("gamma", 2, 20, level=95),
            "the level must lie between 0 and 1, but it is 95",
        ),
    ],
)
def test_the_impossible_is_refused_in_words_that_an_analyst_understands(
    fit: Callable[[], Family], sentence: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        fit()
