"""Smoothers against curves that are known, and what they do with awkward inputs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from costsim.uncertainty.information.ridge import Array
from costsim.uncertainty.information.smoothing import Method, fit, fit_surface

SURFACES: tuple[Method, ...] = ("polynomial", "kernel")


def draws(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def miss(fitted: Array, truth: Array) -> float:
    return float(np.sqrt(np.mean((fitted - truth) ** 2)))


def test_a_spline_finds_a_wave_behind_noise_as_large() -> None:
    luck = draws(1)
    x = luck.normal(size=4000)
    truth = np.sin(2 * x)
    found = fit(x, truth + luck.normal(size=4000))
    assert miss(found.fitted, truth) < 0.08
    assert 6 < found.edf < 20
    assert found.residual_variance == pytest.approx(1.0, abs=0.1)


def test_a_straight_line_is_never_held_back() -> None:
    x = draws(2).normal(size=500)
    found = fit(x, 3 * x - 7)
    assert found.edf == pytest.approx(2.0, abs=1e-6)
    assert found.at(np.array([0.0, 1.0])) == pytest.approx([-7.0, -4.0], abs=1e-6)


def test_noise_is_smoothed_away() -> None:
    luck = draws(3)
    found = [fit(luck.normal(size=2000), luck.normal(size=2000)) for _ in range(20)]
    assert np.mean([each.edf for each in found]) < 3.0
    assert np.mean([np.var(each.fitted) for each in found]) < 3 / 2000


def test_a_discrete_input_gets_the_means_of_its_groups() -> None:
    luck = draws(4)
    x = luck.integers(0, 4, 300).astype(float)
    y = x**2 + luck.normal(size=300)
    found = fit(x, y)
    for value in range(4):
        at = float(found.at(np.array([value]))[0])
        assert at == pytest.approx(float(y[x == value].mean()), rel=1e-12)
    assert found.edf == 4


def test_a_constant_input_gives_the_mean() -> None:
    y = draws(5).normal(size=50)
    found = fit(np.full(50, 3.0), y)
    assert found.fitted == pytest.approx(np.full(50, y.mean()))
    assert found.edf == pytest.approx(1.0)


AWKWARD: dict[str, Callable[[np.random.Generator, int], Array]] = {
    "lognormal": lambda luck, size: np.exp(2 * luck.normal(size=size)),
    "cauchy": lambda luck, size: luck.standard_cauchy(size),
    "counts": lambda luck, size: luck.poisson(30, size).astype(float),
    "half zero": lambda luck, size: np.where(luck.random(size) < 0.5, 0.0, luck.random(size)),
    "far away": lambda luck, size: 1e9 + luck.normal(size=size),
    "few": lambda luck, _: luck.normal(size=20),
}


@pytest.mark.parametrize("kind", AWKWARD)
def test_awkward_inputs_are_followed(kind: str) -> None:
    luck = draws(6)
    x = AWKWARD[kind](luck, 5000)
    low, middle, high = np.quantile(x, [0.25, 0.5, 0.75])
    truth = np.tanh((x - middle) / (high - low))
    found = fit(x, truth + 0.2 * luck.normal(size=len(x)))
    assert miss(found.fitted, truth) < (0.2 if kind == "few" else 0.04)
    basis = found.shapes.values
    assert np.abs(basis.T @ basis - np.eye(basis.shape[1])).max() < 1e-6


def test_fitted_values_are_those_at_the_draws() -> None:
    luck = draws(7)
    columns = luck.normal(size=(400, 2))
    y = columns[:, 0] ** 2 + luck.normal(size=400)
    one = fit(columns[:, 0], y)
    assert one.at(columns[:9, 0]) == pytest.approx(one.fitted[:9], rel=1e-9)
    for method in SURFACES:
        found = fit_surface(columns, y, method)
        assert found.at(columns[:9]) == pytest.approx(found.fitted[:9], rel=1e-9)


def test_coefficient_draws_vary_as_the_curve_does_from_sample_to_sample() -> None:
    luck = draws(8)
    x = luck.normal(size=1000)
    again = [fit(x, np.sin(x) + luck.normal(size=1000)) for _ in range(60)]
    truth = np.std([each.fitted for each in again], axis=0)
    claimed = np.std(again[0].coefficient_draws(400, seed=0), axis=0)
    middle = np.abs(x) < 1.5
    assert np.median(claimed[middle] / truth[middle]) == pytest.approx(1.0, abs=0.3)


def test_coefficient_draws_depend_on_the_seed_alone() -> None:
    x = draws(9).normal(size=100)
    found = fit(x, np.sin(3 * x) + draws(10).normal(size=100))
    first = found.coefficient_draws(3, seed=0)
    assert np.array_equal(first, found.coefficient_draws(3, seed=0))
    assert not np.allclose(first, found.coefficient_draws(3, seed=1))


@pytest.mark.parametrize("method", ["spline", *SURFACES])
@pytest.mark.parametrize("shape", ["as it is", "by ratio"])
def test_an_input_with_a_long_tail_is_followed_as_it_is_or_by_ratio(
    shape: str, method: Method
) -> None:
    luck = draws(14)
    x = np.exp(3 * luck.normal(size=(3000, 1)))
    truth = x[:, 0] / x.std() if shape == "as it is" else np.log(x[:, 0]) / 3
    found = fit_surface(x, truth + 0.5 * luck.normal(size=3000), method)
    assert miss(found.fitted, truth) < 0.05


@pytest.mark.parametrize("method", SURFACES)
def test_a_surface_finds_a_product_of_inputs(method: Method) -> None:
    luck = draws(11)
    columns = luck.normal(size=(3000, 3))
    truth = columns[:, 0] * columns[:, 1]
    found = fit_surface(columns, truth + luck.normal(size=3000), method)
    assert miss(found.fitted, truth) < 0.2


def test_a_kernel_follows_what_no_cubic_can() -> None:
    luck = draws(12)
    columns = luck.uniform(-3, 3, size=(3000, 2))
    truth = np.sin(2 * columns[:, 0])
    y = truth + 0.3 * luck.normal(size=3000)
    assert miss(fit_surface(columns, y, "kernel").fitted, truth) < 0.15
    assert miss(fit_surface(columns, y, "polynomial").fitted, truth) > 0.4


@pytest.mark.parametrize("method", SURFACES)
def test_fixed_and_repeated_columns_change_nothing(method: Method) -> None:
    luck = draws(13)
    x = luck.normal(size=(500, 2))
    y = x[:, 0] ** 2 + x[:, 1] + 0.1 * luck.normal(size=500)
    padded = np.column_stack([np.ones(500), x, 3 * x[:, 0] + 1])
    plain, more = fit_surface(x, y, method), fit_surface(padded, y, method)
    assert miss(more.fitted, plain.fitted) < (0.1 if method == "kernel" else 1e-6)
    still = fit_surface(np.ones((500, 2)), y, method)
    assert still.fitted == pytest.approx(np.full(500, y.mean()))


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (np.arange(9.0), np.arange(9.0), "has 9 draws, and at least 10"),
        (np.arange(12.0), np.arange(11.0), "12 draws and the outcome 11"),
        (np.r_[np.arange(11.0), np.nan], np.arange(12.0), "row 12 is not"),
        (np.arange(12.0), np.r_[np.inf, np.arange(11.0)], "The outcome .* row 1 is not"),
        (np.ones((12, 2)), np.arange(12.0), "must have 1 dimension,"),
    ],
)
def test_bad_numbers_are_refused_in_plain_words(x: Array, y: Array, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fit(x, y)


def test_a_spline_of_two_inputs_is_refused() -> None:
    with pytest.raises(ValueError, match="follows one input, but 2"):
        fit_surface(np.ones((12, 2)), np.ones(12), "spline")
