"""The families against scipy's functions, numerical integration, published figures and laws."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, cast

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from costsim.scenario.families import (
    Array,
    Beta,
    Empirical,
    Exponential,
    Family,
    Fixed,
    Gamma,
    LogNormal,
    Pert,
    Triangular,
    TruncatedNormal,
    Uniform,
    Weibull,
)
from costsim.scenario.tables import Bins, Discrete

# Completed assessments in England, 2024-25, by working days. A duration of 10 days means that the
# tenth day was over and the eleventh was not, so the band "1-10" runs from 1 to 11; 61+ ends at 90.
DAYS = ((0, 1), (1, 11), (11, 21), (21, 31), (31, 41), (41, 46), (46, 51), (51, 61), (61, 90))
COUNTS = (11680, 75590, 112180, 102260, 131380, 122730, 37640, 27860, 27500)
ENGLAND = Bins(DAYS, tuple(count / sum(COUNTS) for count in COUNTS))

ENGLAND_AS_HISTOGRAM = scipy.stats.rv_histogram(
    (np.array(COUNTS), np.array([0, *(end for _, end in DAYS)])), density=False
)
FINE_EDGES = np.cumsum(np.arange(41.0))
FINE_COUNTS = np.arange(40) % 7 + 1
WITH_ORACLE: list[tuple[Family, Any]] = [
    (Uniform(-3, 5), scipy.stats.uniform(-3, 8)),
    (Triangular(2, 3, 10), scipy.stats.triang(1 / 8, 2, 8)),
    (Triangular(0, 0, 4), scipy.stats.triang(0, 0, 4)),
    (Triangular(-4, 4, 4), scipy.stats.triang(1, -4, 8)),
    (Pert(4, 8, 20), scipy.stats.beta(2, 4, 4, 16)),
    (Pert(36, 43.4, 52), scipy.stats.beta(1 + 4 * 7.4 / 16, 1 + 4 * 8.6 / 16, 36, 16)),
    (TruncatedNormal(49, 30), scipy.stats.truncnorm(-49 / 30, math.inf, 49, 30)),
    (TruncatedNormal(1000, 1), scipy.stats.truncnorm(-1000, math.inf, 1000, 1)),
    (TruncatedNormal(-10, 2), scipy.stats.truncnorm(5, math.inf, -10, 2)),
    (LogNormal(1.84, 0.587), scipy.stats.lognorm(0.587, scale=math.exp(1.84))),
    (LogNormal(-2, 2), scipy.stats.lognorm(2, scale=math.exp(-2))),
    (Gamma(10.89, 909.0909), scipy.stats.gamma(10.89, scale=909.0909)),
    (Gamma(0.3, 2), scipy.stats.gamma(0.3, scale=2)),
    (Weibull(0.7, 12), scipy.stats.weibull_min(0.7, scale=12)),
    (Weibull(5, 12), scipy.stats.weibull_min(5, scale=12)),
    (Exponential(33), scipy.stats.expon(scale=33)),
    (Beta(14, 6, 0, 1), scipy.stats.beta(14, 6)),
    (Beta(0.5, 3, -1, 9), scipy.stats.beta(0.5, 3, -1, 10)),
    (ENGLAND, ENGLAND_AS_HISTOGRAM),
    (
        Bins(tuple(pairwise(FINE_EDGES.tolist())), tuple(FINE_COUNTS / FINE_COUNTS.sum())),
        scipy.stats.rv_histogram((FINE_COUNTS, FINE_EDGES), density=False),
    ),
]
EVERY_FAMILY: list[Family] = [
    *(family for family, _ in WITH_ORACLE),
    Fixed(7.4),
    Empirical((30, 10, 20, 10)),
    Empirical(tuple(range(3, 1000, 7))),
    Bins(((0, 0), (0, 10), (20, 30)), (0.25, 0.5, 0.25)),
    Discrete((10, 5), (0.6, 0.4)),
    Discrete((0, 1, 0.25), (0.5, 0, 0.5)),
    TruncatedNormal(-30, 1),
    Weibull(0.02, 3),
    Gamma(1e-6, 3),
    Gamma(1e-3, 3),
    Gamma(1e6, 1e-6),
    Beta(1e-3, 1e3, 0, 1),
    Beta(1e3, 1e5, 0, 1),
    Beta(1e5, 1e5, 0, 1),
    Beta(1.02, 0.48, 0, 1),
]
LAST_UNIFORM = 1 - 2.0**-53
# At every odd thirty-second of a normal score an interpolated inverse passes from cell to cell.
SCORES = np.concatenate(
    [np.arange(-8.28125, 8.2, 0.0625), np.random.default_rng(1).normal(size=999)]
)
U_TO_BOTH_ENDS = np.concatenate(
    [
        special.ndtr(SCORES),
        *(np.nextafter(special.ndtr(SCORES), towards) for towards in (0, 1)),
        np.random.default_rng(2).integers(0, 2**53, 2000) * 2.0**-53,
        *((2.0**-power, 1 - 2.0**-power) for power in range(1, 54)),
    ]
)
every_family = pytest.mark.parametrize("family", EVERY_FAMILY, ids=lambda f: repr(f)[:60])
uniforms = st.lists(
    st.integers(0, 2**53 - 1).map(lambda k: k * 2.0**-53), min_size=1, max_size=40
).map(np.array)


@pytest.mark.parametrize(
    ("family", "oracle"), WITH_ORACLE, ids=[repr(family)[:60] for family, _ in WITH_ORACLE]
)
def test_quantiles_mean_and_sd_agree_with_scipy_stats(family: Family, oracle: Any) -> None:
    u = np.array([1e-6, 0.001, 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 0.999, 1 - 1e-6])
    # The 1e-9 of an sd is what scipy's own truncated normal is good for near zero.
    np.testing.assert_allclose(
        family.quantile(u),
        oracle.ppf(u),
        rtol=1e-10,
        atol=1e-9 * family.sd,
    )
    assert family.mean == pytest.approx(oracle.mean(), rel=1e-9)
    assert family.sd == pytest.approx(oracle.std(), rel=1e-7)
    assert family.support == pytest.approx(oracle.support())


@pytest.mark.parametrize(
    "family",
    [f for f in EVERY_FAMILY if f.sd < 3 * f.mean or f.support[0] < 0],
    ids=lambda f: repr(f)[:60],
)
def test_mean_and_sd_are_those_of_the_quantiles_integrated_over_u(family: Family) -> None:
    # With u = Phi(z) the normal density puts the grid where the tails need it.
    z = np.linspace(-8.1, 8.1, 30_001)
    weight = scipy.stats.norm.pdf(z) * (z[1] - z[0])
    values = family.quantile(scipy.stats.norm.cdf(z))
    mean = float(np.sum(weight * values))
    spread = math.sqrt(np.sum(weight * (values - mean) ** 2))
    assert family.mean == pytest.approx(mean, rel=1e-3, abs=1e-3 * family.sd)
    assert family.sd == pytest.approx(spread, rel=1e-3, abs=1e-10 * abs(mean))


@every_family
def test_the_first_and_the_last_uniform_give_finite_values_inside_the_support(
    family: Family,
) -> None:
    values = family.quantile(np.array([0.0, 2.0**-53, 0.5, 1 - 2.0**-52, LAST_UNIFORM, 1.0]))
    low, high = family.support
    assert np.all(np.isfinite(values))
    assert np.all((low <= values) & (values <= high))
    assert values[-1] == values[-2]


@every_family
@settings(deadline=None, max_examples=20)
@given(u=uniforms)
def test_a_value_depends_on_its_own_uniform_alone_to_the_last_bit(family: Family, u: Array) -> None:
    together = family.quantile(u)
    alone = np.array([family.quantile(u[i : i + 1])[0] for i in range(len(u))])
    strided = family.quantile(np.repeat(u, 3)[::3])
    folded = family.quantile(np.stack([u[::-1], u]))
    assert together.dtype == np.float64
    assert together.tobytes() == alone.tobytes() == strided.tobytes() == folded[1].tobytes()
    assert folded.shape == (2, len(u))


@every_family
@settings(deadline=None, max_examples=20)
@given(u=uniforms)
def test_values_rise_with_their_uniforms_to_within_rounding(family: Family, u: Array) -> None:
    values = family.quantile(np.sort(u))
    assert np.all(np.diff(values) >= -1e-12 * np.abs(values[1:]) - 1e-14 * family.sd)


@every_family
def test_a_family_serves_as_part_of_a_dictionary_key(family: Family) -> None:
    parameters = [field.name for field in dataclasses.fields(cast(Any, family))]
    twin = type(family)(**{name: getattr(family, name) for name in parameters})
    seen = {("minutes", family): family.mean}
    assert twin is not family
    assert seen[("minutes", twin)] == twin.mean
    with pytest.raises(AttributeError):
        setattr(family, parameters[0], 1.0)


@every_family
def test_long_arrays_hold_the_values_of_short_ones_whatever_their_order_and_layout(
    family: Family,
) -> None:
    u = np.random.default_rng(3).permutation(np.resize(U_TO_BOTH_ENDS, 20_000))
    values = family.quantile(u)
    order = np.argsort(u)
    assert family.quantile(u[order]).tobytes() == values[order].tobytes()
    assert family.quantile(u[::-3]).tobytes() == values[::-3].tobytes()
    assert family.quantile(u[777:1234]).tobytes() == values[777:1234].tobytes()
    table = np.asfortranarray(u.reshape(200, 100))
    assert family.quantile(table).tobytes() == values.tobytes()


@every_family
def test_values_rise_between_neighbouring_floats_and_from_cell_to_cell(family: Family) -> None:
    values = family.quantile(np.sort(U_TO_BOTH_ENDS))
    assert np.all(np.diff(values) >= -1e-12 * np.abs(values[1:]) - 1e-14 * family.sd)


@pytest.mark.parametrize(
    "shape", [*np.geomspace(0.01, 1e6, 41).tolist(), 1 / 3, 0.5, 1, 1.7777, 2.67, 3e5]
)
def test_a_gamma_is_within_1e_12_of_the_inverse_by_scipy_from_end_to_end(shape: float) -> None:
    np.testing.assert_allclose(
        Gamma(shape, 3.0).quantile(U_TO_BOTH_ENDS),
        3.0 * special.gammaincinv(shape, U_TO_BOTH_ENDS),
        rtol=1e-12,
    )


@pytest.mark.parametrize("alpha", [0.01, 0.1, 0.3, 0.5, 1, 1.3, 2, 4.7, 14, 200, 5e3, 1e5])
@pytest.mark.parametrize("beta", [0.01, 0.2, 0.4, 0.7, 1, 2.2, 3, 6, 50, 1e3, 1e5])
def test_a_beta_is_within_1e_12_of_the_inverse_by_scipy_from_end_to_end(
    alpha: float, beta: float
) -> None:
    np.testing.assert_allclose(
        Beta(alpha, beta, 0, 7).quantile(U_TO_BOTH_ENDS),
        7 * special.betaincinv(alpha, beta, U_TO_BOTH_ENDS),
        rtol=1e-12,
    )


# Roots of mpmath's regularised incomplete gamma and beta functions, to 40 digits.
@pytest.mark.parametrize(
    ("family", "values"),
    [
        (Gamma(0.5, 1), (9.6807797833848627e-33, 0.11945119003106821, 34.381626105834206)),
        (Gamma(2.75, 1), (2.7110470362566826e-6, 1.9673264248517839, 42.879456357715311)),
        (Gamma(40, 1), (7.5661043724943123, 37.695400606555787, 115.84804307149903)),
        (Beta(2, 4, 0, 1), (3.3320009484147583e-9, 0.25370388348004099, 0.99993135387622488)),
        (Pert(0, 0.25, 1), (3.3320009484147583e-9, 0.25370388348004099, 0.99993135387622488)),
        (Beta(0.5, 0.75, 0, 1), (1.7694396895448305e-32, 0.19495931645658342, 1.0)),
        (Beta(14, 6, 0, 1), (0.037630230996545628, 0.67329506771745346, 0.99959976882215797)),
    ],
    ids=repr,
)
def test_gammas_and_betas_have_thirteen_digits_at_both_ends_and_in_between(
    family: Family, values: tuple[float, ...]
) -> None:
    found = family.quantile(np.array([2.0**-53, 0.375, LAST_UNIFORM]))
    np.testing.assert_allclose(found, values, rtol=1e-13)


@pytest.mark.parametrize(
    "family",
    [
        Gamma(0.3, 2),
        Gamma(2.67, 18),
        Gamma(400, 1),
        Beta(0.6, 3, 0, 1),
        Beta(14, 6, -1, 2),
        Pert(4, 8, 20),
        Pert(1, 1, 3),
    ],
    ids=repr,
)
def test_interpolated_families_keep_their_moments_to_ten_digits(family: Family) -> None:
    # The trapezium rule is exact to rounding where every derivative vanishes at both ends.
    z = np.linspace(-8.2, 8.2, 2001)
    weight = scipy.stats.norm.pdf(z) * (z[1] - z[0])
    values = family.quantile(special.ndtr(z))
    assert np.sum(weight * values) == pytest.approx(family.mean, rel=1e-10)
    spread = math.sqrt(np.sum(weight * (values - family.mean) ** 2))
    assert spread == pytest.approx(family.sd, rel=1e-10)


def test_where_scipy_loses_the_lowest_value_of_a_beta_its_power_series_has_it() -> None:
    lowest = (1.02 * special.beta(1.02, 0.48) * 2.0**-54) ** (1 / 1.02)
    assert Beta(1.02, 0.48, 0, 1).quantile(np.zeros(1))[0] == pytest.approx(lowest, rel=1e-12)


@pytest.mark.parametrize(
    ("family", "twin", "inverses"),
    [
        (Gamma(3.21, 2), Gamma(3.21, 5), ("gammaincinv", "gammainccinv")),
        (Beta(3.21, 4, 0, 1), Beta(3.21, 4, 5, 6), ("betaincinv", "betainccinv")),
        (Pert(0, 0.321, 1), Pert(0, 0.321, 1), ("betaincinv", "betainccinv")),
    ],
    ids=repr,
)
def test_the_exact_inverse_is_asked_for_a_few_hundred_values_once_and_only_for_quantiles(
    family: Family, twin: Family, inverses: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    for name in inverses:
        exact = getattr(special, name)

        def counted(*arguments: Any, exact: Any = exact) -> Any:
            asked.append(np.size(arguments[-1]))
            return exact(*arguments)

        monkeypatch.setattr(special, name, counted)
    assert family.mean > 0 < family.sd
    assert asked == []
    for each in (family, family, twin):
        each.quantile(U_TO_BOTH_ENDS)
    assert 0 < sum(asked) < 600 < len(U_TO_BOTH_ENDS)


def test_a_pert_is_the_beta_with_the_published_shapes() -> None:
    assert Pert(4, 8, 20).as_beta == Beta(2, 4, 4, 20)
    assert Pert(4, 8, 20).mean == pytest.approx(9.3333, abs=5e-5)


@pytest.mark.parametrize(("mu", "sigma"), [(-10.0, 2.0), (-20.0, 1.0), (-300.0, 10.0)])
def test_a_normal_cut_off_far_out_keeps_its_digits(mu: float, sigma: float) -> None:
    u = np.array([1e-3, 0.1, 0.5, 0.9, 0.999, 1 - 1e-9])
    x = TruncatedNormal(mu, sigma).quantile(u)
    above = special.erfc((x - mu) / (sigma * math.sqrt(2))) / special.erfc(
        -mu / (sigma * math.sqrt(2))
    )
    np.testing.assert_allclose(above, 1 - u, rtol=1e-9)


@pytest.mark.parametrize("depth", [5.0, 12.0, 30.0])
def test_a_normal_cut_off_far_out_has_the_moments_of_its_asymptotic_series(depth: float) -> None:
    family = TruncatedNormal(-depth, 1)
    # Gauss-Laguerre on exp(-depth x - x^2 / 2), which loses nothing to cancellation.
    nodes, weights = np.polynomial.laguerre.laggauss(60)
    weights = weights * np.exp(-((nodes / depth) ** 2) / 2)
    mean = np.average(nodes / depth, weights=weights)
    variance = np.average((nodes / depth - mean) ** 2, weights=weights)
    assert family.mean == pytest.approx(mean, rel=1e-10)
    assert family.sd == pytest.approx(math.sqrt(variance), rel=1e-8)


@pytest.mark.parametrize(
    "family",
    [
        Fixed(3),
        Uniform(3, 3),
        Triangular(3, 3, 3),
        Pert(3, 3, 3),
        Beta(2, 5, 3, 3),
        Empirical((3,)),
    ],
    ids=repr,
)
def test_a_range_without_width_is_a_constant(family: Family) -> None:
    assert family.quantile(np.array([0.0, 0.3, LAST_UNIFORM])).tolist() == [3, 3, 3]
    assert (family.mean, family.sd) == (3, 0)


def test_empirical_values_are_drawn_equally_often_in_ascending_order() -> None:
    family = Empirical((30, 10, 20, 10))
    u = np.array([0.0, 0.2499, 0.25, 0.4999, 0.5, 0.7499, 0.75, LAST_UNIFORM])
    assert family.quantile(u).tolist() == [10, 10, 10, 10, 20, 20, 30, 30]
    assert family.mean == 17.5
    assert family.sd == pytest.approx(math.sqrt(275 / 4))


@pytest.mark.parametrize("count", [4, 64])
def test_a_share_that_ends_one_band_begins_the_next_however_many_there_are(count: int) -> None:
    family = Bins(tuple((value, value) for value in range(count)), (1 / count,) * count)
    assert family.quantile(np.arange(count) / count).tolist() == list(range(count))


def test_bins_are_filled_evenly_with_point_masses_gaps_and_empty_bands() -> None:
    family = Bins(((-9, 0), (0, 0), (0, 10), (20, 30), (30, 99)), (0, 0.25, 0.5, 0.25, 0))
    u = np.array([0.0, 0.24, 0.5, 0.75, 0.875, LAST_UNIFORM])
    np.testing.assert_allclose(family.quantile(u), [0, 0, 5, 20, 25, 30], atol=1e-12)
    assert family.support == (0, 30)
    assert family.mean == 0.5 * 5 + 0.25 * 25
    second = 0.5 * 100 / 3 + 0.25 * (25**2 + 100 / 12)
    assert family.sd == pytest.approx(math.sqrt(second - family.mean**2))


def test_alternatives_come_as_often_as_their_shares_say_in_ascending_order() -> None:
    family = Discrete((10, 5, 99), (0.6, 0.4, 0))
    u = np.array([0.0, 0.3999, 0.4, LAST_UNIFORM])
    assert family.quantile(u).tolist() == [5, 5, 10, 10]
    assert family.support == (5, 10)
    assert family.mean == pytest.approx(8)
    assert family.sd == pytest.approx(math.sqrt(0.6 * 0.4) * 5)


def test_the_published_quartiles_of_assessment_durations_are_met_within_a_day() -> None:
    np.testing.assert_allclose(
        ENGLAND.quantile(np.array([0.25, 0.5, 0.75])), [17, 33, 43], rtol=0, atol=1
    )


def test_the_published_share_of_assessments_is_done_within_45_working_days() -> None:
    u = (np.arange(100_000) + 0.5) / 100_000
    within = np.floor(ENGLAND.quantile(u)) <= 45
    assert float(np.mean(within)) == pytest.approx(0.857, abs=0.0005)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Triangular(10, 70, 60), "the mode 70 lies outside low 10 to high 60"),
        (lambda: Pert(10, 7, 60), "the mode 7 lies outside low 10 to high 60"),
        (lambda: Pert(60, 40, 10), "low 60 is above high 10"),
        (lambda: Uniform(5, 4), "low 5 is above high 4"),
        (lambda: Beta(1, 2, 5, 4), "low 5 is above high 4"),
        (lambda: Beta(0, 2, 0, 1), "alpha must be above zero, but it is 0"),
        (lambda: Beta(2, -1, 0, 1), "beta must be above zero, but it is -1"),
        (lambda: TruncatedNormal(10, 0), "sigma must be above zero, but it is 0"),
        (lambda: TruncatedNormal(-31, 1), "mu / sigma must be from -30 to inf, but it is -31"),
        (lambda: LogNormal(1, -0.5), "sigma must be above zero, but it is -0.5"),
        (lambda: LogNormal(0, 30), "mu + sigma * sigma must be from -inf to 500, but it is 900"),
        (lambda: Gamma(0, 1), "shape must be above zero, but it is 0"),
        (lambda: Gamma(1, 0), "scale must be above zero, but it is 0"),
        (lambda: Gamma(1e9, 1), "shape must be from 0 to 1e+06, but it is 1e+09"),
        (lambda: Beta(1e3, 1e7, 0, 1), "beta must be from 0 to 100000, but it is 10000000"),
        (lambda: Exponential(math.inf), "mean must be from 0 to 1e+100, but it is inf"),
        (lambda: Weibull(0.01, 1), "shape must be from 0.02 to 10000, but it is 0.01"),
        (lambda: Exponential(0), "mean must be above zero, but it is 0"),
        (lambda: Fixed(math.nan), "value must be from -1e+100 to 1e+100, but it is nan"),
        (lambda: Uniform(0, math.inf), "high must be from -1e+100 to 1e+100, but it is inf"),
        (lambda: Empirical((1, math.nan)), "values must be from -1e+100 to 1e+100, but it is nan"),
        (lambda: Empirical(()), "observed values are needed, but there are none"),
        (lambda: Bins((), ()), "the shares must add up to 1, but they add up to 0"),
        (lambda: Bins(((0, 1),), (0.5, 0.5)), "there are 1 bands, but 2 shares"),
        (lambda: Bins(((0, 1), (1, 2)), (0.5, 0.4)), "must add up to 1, but they add up to 0.9"),
        (lambda: Bins(((0, 1), (1, 2)), (-0.5, 1.5)), "share must be from 0 to 1, but it is -0.5"),
        (lambda: Discrete((1, 2, 1), (0.2, 0.3, 0.5)), "must differ, but 1 is given twice"),
        (lambda: Discrete((1, 2), (0.5, 0.4)), "must add up to 1, but they add up to 0.9"),
        (lambda: Discrete((1, 2), (1.0,)), "there are 2 alternatives, but 1 shares"),
        (lambda: Discrete((1, 2), (-0.5, 1.5)), "share must be from 0 to 1, but it is -0.5"),
        (lambda: Bins(((0, 2), (1, 3)), (0.5, 0.5)), "bands must ascend, but 1 follows 2"),
        (lambda: Bins(((2, 0),), (1,)), "bands must ascend, but 0 follows 2"),
    ],
)
def test_impossible_parameters_are_refused_with_the_rule_and_the_values(
    make: Callable[[], Family], sentence: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        make()
