"""Indices from draws that exist: known answers, SALib kept harmless, bad input, and in words."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from costsim.uncertainty.indices.chaos import chaos_indices
from costsim.uncertainty.indices.found import Indices
from costsim.uncertainty.indices.given import delta, main_effects, pawn, rbd_fast
from costsim.uncertainty.indices.measures import Measure
from costsim.uncertainty.indices.salib import harmless

Array = NDArray[np.float64]
ABC = ["a", "b", "c"]
ISHIGAMI_S1 = np.array([0.3139051911, 0.4424111448, 0.0])
ISHIGAMI_ST = np.array([0.5575888552, 0.4424111448, 0.2436836641])
ISHIGAMI_VARIANCE = 13.8445879407
METHODS: list[Callable[..., Indices]] = [rbd_fast, pawn, delta, main_effects, chaos_indices]
every_method = pytest.mark.parametrize("method", METHODS)


def ishigami(cube: Array) -> Array:
    x = np.pi * (2 * cube - 1)
    value = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return np.asarray(value)


def draws(seed: int, count: int = 1000, width: int = 3) -> Array:
    return np.random.default_rng(seed).random((count, width))


def estimates(measure: Measure | None) -> Array:
    assert measure is not None
    return np.array(measure.values)


def half_widths(measure: Measure | None) -> Array:
    assert measure is not None
    assert measure.half_widths is not None
    return np.array(measure.half_widths)


def root_mean_square(found: list[Array], truth: Array) -> float:
    return float(np.sqrt(np.mean([(each - truth) ** 2 for each in found])))


# --- known answers ---------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "most"), [(rbd_fast, 0.02), (main_effects, 0.02)])
def test_first_order_indices_of_ishigami_are_met(
    method: Callable[..., Indices], most: float
) -> None:
    found = [method(draws(s, 4000), ishigami(draws(s, 4000)), names=ABC) for s in range(4)]
    assert root_mean_square([estimates(each.first) for each in found], ISHIGAMI_S1) < most
    for each in found:
        missed = np.abs(estimates(each.first) - ISHIGAMI_S1)
        assert (missed <= 4 * half_widths(each.first) / 1.96 + 1e-3).all()


def test_ishigami_is_met_by_polynomials() -> None:
    found = [chaos_indices(draws(s, 2000), ishigami(draws(s, 2000)), names=ABC) for s in range(4)]
    assert root_mean_square([estimates(each.first) for each in found], ISHIGAMI_S1) < 0.0005
    assert root_mean_square([estimates(each.total) for each in found], ISHIGAMI_ST) < 0.0005


def test_hours_by_wage_is_met_by_polynomials_exactly() -> None:
    cube = draws(1, 200, 2)
    found = chaos_indices(cube, (8 + 8 * cube[:, 0]) * (30 + 20 * cube[:, 1]), names=["h", "w"])
    assert estimates(found.first) == pytest.approx([0.6315789474, 0.3552631579], abs=1e-9)
    assert estimates(found.total) == pytest.approx([0.6447368421, 0.3684210526], abs=1e-9)
    assert "degree 2 (6 terms)" in found.summary()


def test_many_inputs_are_met_by_polynomials_of_low_degree() -> None:
    cube = draws(2, 1500, 20)
    weights = np.arange(20.0)
    found = chaos_indices(cube, cube @ weights, names=[f"x{n}" for n in range(20)])
    assert estimates(found.total) == pytest.approx(weights**2 / (weights**2).sum(), abs=1e-6)


@pytest.mark.parametrize("known", [False, True])
def test_noise_is_taken_out_where_its_variance_is_known(known: bool) -> None:
    first, total, alone = [], [], []
    noise = ISHIGAMI_VARIANCE if known else 0.0
    for seed in range(12):
        cube = draws(seed, 1000)
        drawn = np.random.default_rng(seed + 1000).standard_normal(1000)
        outcome = ishigami(cube) + np.sqrt(ISHIGAMI_VARIANCE) * drawn
        found = chaos_indices(cube, outcome, noise, names=ABC)
        first.append(estimates(found.first))
        total.append(estimates(found.total))
        curves = main_effects(cube, outcome, names=ABC, noise_variance=noise)
        alone.append(estimates(curves.first))
    share = 1.0 if known else 0.5
    assert np.mean(first, axis=0) == pytest.approx(share * ISHIGAMI_S1, abs=0.025)
    assert np.mean(total, axis=0) == pytest.approx(share * ISHIGAMI_ST, abs=0.025)
    assert np.mean(alone, axis=0) == pytest.approx(share * ISHIGAMI_S1, abs=0.025)


def polynomials(cube: Array, outcome: Array) -> Measure | None:
    return chaos_indices(cube, outcome, 5 / 12, names=["a", "b"]).total


def curves(cube: Array, outcome: Array) -> Measure | None:
    return main_effects(cube, outcome, names=["a", "b"]).first


@pytest.mark.parametrize(("method", "truth"), [(polynomials, (0.8, 0.2)), (curves, (0.4, 0.1))])
def test_intervals_are_as_wide_as_estimates_differ(
    method: Callable[[Array, Array], Measure | None], truth: tuple[float, float]
) -> None:
    found = []
    for seed in range(1000, 1080):
        cube = draws(seed, 400, 2)
        drawn = np.random.default_rng(seed + 1000).standard_normal(400)
        found.append(method(cube, cube @ np.array([2.0, 1.0]) + np.sqrt(5 / 12) * drawn))
    values, halves = (np.array([of(each) for each in found]) for of in (estimates, half_widths))
    covered = np.abs(values - truth) <= halves
    assert covered.mean() > 0.95 - 4 * np.sqrt(0.95 * 0.05 / covered.size)
    # The standard deviation of 80 values is known to 8 %: four times that either way.
    assert halves.mean(axis=0) / 1.96 == pytest.approx(values.std(axis=0, ddof=1), rel=0.32)


@pytest.mark.parametrize("method", [rbd_fast, main_effects, chaos_indices])
def test_an_input_that_does_nothing_has_an_index_of_about_zero(
    method: Callable[..., Indices],
) -> None:
    found = []
    for seed in range(10):
        cube = draws(seed, 500, 2)
        drawn = np.random.default_rng(seed + 1000).standard_normal(500)
        found.append(method(cube, cube[:, 0] + drawn, names=["a", "b"]).measures[-1].values[1])
    error = np.std(found, ddof=1) / np.sqrt(len(found))
    assert abs(np.mean(found)) < max(4 * error, 0.015)


def test_delta_is_that_of_salib_without_its_resampling_error() -> None:
    cube = draws(3, 500)
    outcome = ishigami(cube)
    ours = delta(cube, outcome, names=ABC).measure("delta")
    with harmless():
        from SALib.analyze import delta as analysis

        theirs = analysis.analyze(
            {"num_vars": 3, "names": ABC}, cube, outcome, num_resamples=10, seed=1, method="delta"
        )
    key = "delta_raw" if "delta_raw" in theirs else "delta"
    assert estimates(ours) == pytest.approx(theirs[key], abs=0.04)
    assert half_widths(ours) == pytest.approx(theirs[f"{key}_conf"], rel=0.8)


@pytest.mark.parametrize("method", [pawn, delta])
def test_an_input_that_does_nothing_is_near_the_floor(method: Callable[..., Indices]) -> None:
    cube = draws(4, 600, 3)
    found = method(cube, 5 * cube[:, 0] + 2 * cube[:, 1], names=ABC)
    assert found.floor is not None
    values = estimates(found.measures[0])
    assert values[2] < 1.5 * found.floor
    assert values[0] > values[1] > found.floor


def test_the_floor_is_seldom_passed_by_chance() -> None:
    below = 0
    for seed in range(12):
        found = pawn(draws(seed, 150, 1), draws(seed + 100, 150)[:, 0], names=["a"], seed=seed)
        assert found.floor is not None
        below += found.measures[0].values[0] <= found.floor
    assert below >= 7


def test_delta_is_corrected_for_its_bias() -> None:
    cube = draws(4, 500, 2)
    found = delta(cube, cube[:, 0], names=["a", "b"]).measure("delta")
    with harmless():
        from SALib.analyze.delta import calc_delta

        raw = calc_delta(cube[:, 0], np.linspace(0, 1, 100), cube[:, 1], np.linspace(0, 500, 6))
    assert estimates(found)[1] < 0.75 * raw


def test_an_input_of_two_values_counts_as_any_other() -> None:
    switch = (draws(5)[:, [0]] < 0.4).astype(np.float64)
    noise = draws(6)[:, [0]]
    outcome = 2 * switch[:, 0] + noise[:, 0]
    truth = 4 * 0.24 / (4 * 0.24 + 1 / 12)
    inputs = np.hstack([switch, noise])
    found = main_effects(inputs, outcome, names=["switch", "noise"])
    assert estimates(found.first)[0] == pytest.approx(truth, abs=0.01)
    found = rbd_fast(inputs, outcome, names=["switch", "noise"])
    assert estimates(found.first)[0] == pytest.approx(truth, abs=0.05)
    found = pawn(inputs, outcome, names=["switch", "noise"])
    assert estimates(found.measure("PAWN"))[0] > 0.3


@settings(max_examples=8)
@given(weights=st.lists(st.floats(-5, 5), min_size=1, max_size=4), seed=st.integers(0, 2**32))
def test_inputs_that_add_up_have_shares_that_do(weights: list[float], seed: int) -> None:
    cube = draws(seed, 400, len(weights) + 1)
    names = [f"x{number}" for number in range(len(weights) + 1)]
    outcome = cube @ np.array([*weights, 1.0])
    assert estimates(chaos_indices(cube, outcome, names=names).first).sum() <= 1 + 1e-6
    found = main_effects(cube, outcome, names=names)
    error = np.sqrt((half_widths(found.first) ** 2).sum()) / 1.96
    assert estimates(found.first).sum() <= 1 + 5 * error


@every_method
def test_inputs_in_another_order_have_the_same_indices(method: Callable[..., Indices]) -> None:
    cube = draws(7, 300)
    outcome = ishigami(cube) + cube[:, 2]
    plain = method(cube, outcome, names=ABC).measures[-1].values
    turned = method(cube[:, [2, 0, 1]], outcome, names=["c", "a", "b"]).measures[-1].values
    assert turned == pytest.approx([plain[2], plain[0], plain[1]], abs=1e-8)


@pytest.mark.parametrize("method", [rbd_fast, pawn, delta])
def test_the_unit_and_scale_of_an_input_do_not_matter(method: Callable[..., Indices]) -> None:
    cube = draws(8, 300)
    plain = method(cube, ishigami(cube), names=ABC)
    assert method(np.exp(9 * cube), ishigami(cube), names=ABC) == plain


# --- SALib is kept harmless ------------------------------------------------------------------


@every_method
def test_nothing_global_and_nothing_of_the_caller_is_changed(
    method: Callable[..., Indices],
) -> None:
    cube, names = draws(9, 200), ["a_raw", "b_step", "c_conf"]
    outcome = ishigami(cube)
    before = cube.copy(), outcome.copy()
    np.random.seed(3)  # noqa: NPY002
    state: Any = np.random.get_state()  # noqa: NPY002
    writer = warnings.formatwarning
    filters, errors = list(warnings.filters), np.geterr()
    method(cube, outcome, names=names)
    after: Any = np.random.get_state()  # noqa: NPY002
    assert (after[1] == state[1]).all()
    assert after[2:] == state[2:]
    assert warnings.formatwarning is writer
    assert list(warnings.filters) == filters
    assert np.geterr() == errors
    assert np.array_equal(cube, before[0])
    assert np.array_equal(outcome, before[1])
    assert names == ["a_raw", "b_step", "c_conf"]


def meddle() -> None:
    """What SALib's analyses do to the process, all at once, and then fail."""
    np.random.seed(5)  # noqa: NPY002
    warnings.formatwarning = lambda *_, **__: ""
    warnings.simplefilter("always")
    warnings.warn("unheard", stacklevel=1)
    raise KeyError


def test_the_guard_puts_back_what_was_changed_even_after_an_error() -> None:
    state: Any = np.random.get_state()  # noqa: NPY002
    writer = warnings.formatwarning
    with warnings.catch_warnings(record=True) as heard, pytest.raises(KeyError), harmless():
        meddle()
    after: Any = np.random.get_state()  # noqa: NPY002
    assert (after[1] == state[1]).all()
    assert warnings.formatwarning is writer
    assert heard == []


@every_method
@pytest.mark.parametrize("seed", [0, 7])
def test_the_same_seed_gives_the_same_whatever_the_global_one(
    method: Callable[..., Indices], seed: int
) -> None:
    cube = draws(10, 200)
    np.random.seed(1)  # noqa: NPY002
    one = method(cube, ishigami(cube), names=ABC, seed=seed)
    np.random.seed(2)  # noqa: NPY002
    assert method(cube, ishigami(cube), names=ABC, seed=seed) == one


@pytest.mark.parametrize("method", [rbd_fast, delta, chaos_indices])
def test_seeds_differ(method: Callable[..., Indices]) -> None:
    cube = draws(10, 200)
    outcome = ishigami(cube) + draws(11, 200)[:, 0]
    zero, one = (method(cube, outcome, names=ABC, seed=seed) for seed in (0, 1))
    assert half_widths(zero.measures[0]).tolist() != half_widths(one.measures[0]).tolist()


# --- bad input -------------------------------------------------------------------------------


@every_method
def test_a_value_that_is_not_finite_is_refused_with_its_row(
    method: Callable[..., Indices],
) -> None:
    cube = draws(12, 200)
    outcome = ishigami(cube)
    outcome[4] = np.nan
    with pytest.raises(ValueError, match="outcome, row 5: nan"):
        method(cube, outcome, names=ABC)
    cube[41, 1] = np.inf
    with pytest.raises(ValueError, match="inputs, b, row 42: inf"):
        method(cube, ishigami(draws(12, 200)), names=ABC)


@every_method
def test_too_few_draws_or_outcomes_are_refused(method: Callable[..., Indices]) -> None:
    cube = draws(13, 200)
    with pytest.raises(ValueError, match="200 draws of inputs and 199 outcomes"):
        method(cube, ishigami(cube)[:-1], names=ABC)
    with pytest.raises(ValueError, match="too few"):
        method(cube[:9], ishigami(cube)[:9], names=ABC)


def test_arguments_that_make_no_sense_are_refused() -> None:
    cube = draws(14, 200)
    outcome = ishigami(cube)
    for wrong in (-1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="noise variance"):
            chaos_indices(cube, outcome, wrong, names=ABC)
        with pytest.raises(ValueError, match="noise variance"):
            main_effects(cube, outcome, names=ABC, noise_variance=wrong)
    for method in (rbd_fast, delta):
        with pytest.raises(ValueError, match="give no interval"):
            method(cube, outcome, names=ABC, resamples=1)
    with pytest.raises(ValueError, match="too few for delta"):
        delta(cube, outcome, names=ABC, most=10)


def test_draws_that_are_not_uniform_and_independent_are_refused_for_polynomials() -> None:
    cube = draws(15, 1000)
    outcome = ishigami(cube)
    outside = cube.copy()
    outside[6, 2] = 1.5
    with pytest.raises(ValueError, match=r"inputs, c, row 7: 1\.5 is not within 0 and 1"):
        chaos_indices(outside, outcome, names=ABC)
    with pytest.raises(ValueError, match="inputs, a: the draws are not uniform"):
        chaos_indices(np.column_stack([cube[:, 0] ** 3, cube[:, 1:]]), outcome, names=ABC)
    still = np.column_stack([cube[:, :2], np.full(1000, 0.5)])
    with pytest.raises(ValueError, match="inputs, c: the draws are not uniform"):
        chaos_indices(still, outcome, names=ABC)
    alike = np.column_stack([cube[:, :2], (cube[:, 0] + 0.1 * cube[:, 1]) % 1])
    with pytest.raises(ValueError, match="inputs, a and c: their draws go together"):
        chaos_indices(alike, outcome, names=ABC)


# --- tables, words and bars ------------------------------------------------------------------


@every_method
def test_a_constant_outcome_has_no_indices_and_says_so(method: Callable[..., Indices]) -> None:
    found = method(draws(16, 200), np.full(200, 3.3), names=ABC)
    assert found.measures == ()
    assert "the same in all draws" in found.summary()
    assert found.to_frame()["name"].tolist() == ABC
    assert "There is nothing to draw." in found.plot().svg()


@pytest.mark.parametrize("method", [rbd_fast, pawn, delta, main_effects])
def test_an_input_that_does_not_vary_has_no_part(method: Callable[..., Indices]) -> None:
    cube = draws(17, 300)
    cube[:, 1] = 0.1
    found = method(cube, cube[:, 0], names=ABC)
    assert found.measures[0].values[1] == 0.0
    assert "b did not vary" in found.summary()
    assert "No input varies" in method(np.ones((300, 1)), cube[:, 0], names=["a"]).summary()


@pytest.mark.parametrize("method", [main_effects, chaos_indices])
def test_noise_as_large_as_the_variance_gives_no_indices(method: Callable[..., Indices]) -> None:
    found = []
    for seed in range(30):
        drawn = np.random.default_rng(seed + 1000).standard_normal(300)
        found.append(method(draws(seed, 300, 2), drawn, names=["a", "b"], noise_variance=1.0))
    silent = [each for each in found if each.measures == ()]
    assert len(silent) >= 25
    assert all("cannot be told from chance" in each.summary() for each in silent)


def test_delta_says_which_draws_it_used() -> None:
    cube = draws(19, 400)
    found = delta(cube, ishigami(cube), names=ABC, most=150)
    assert (found.rows, found.draws) == (150, 400)
    assert "from the first 150 of 400 draws" in found.summary()
    assert found.measures == delta(cube[:150], ishigami(cube[:150]), names=ABC).measures


@every_method
def test_tables_words_and_bars_name_every_input(method: Callable[..., Indices]) -> None:
    cube = draws(20, 400)
    found = method(cube, cube @ np.array([3.0, 2.0, 1.0]), names=["pay", "hours", "rent"])
    table = found.to_frame()
    assert table["name"].tolist() == ["pay", "hours", "rent"]
    code = found.measures[-1].code
    assert table[code].tolist() == list(found.measures[-1].values)
    if found.measures[-1].half_widths:
        assert (table[f"{code}_low"] <= table[code]).all()
        assert (table[f"{code}_high"] >= table[code]).all()
    said = found.summary()
    assert said.index("pay ") < said.index("hours ") < said.index("rent ")
    assert f"{code})" in said or f"({code}:" in said
    figure = found.plot()
    assert figure.title.startswith("pay matters most")
    assert [row[0] for row in figure.rows][:3] == ["pay", "hours", "rent"]
    assert ">pay<" in figure.svg()


def test_salib_is_not_imported_before_it_is_needed() -> None:
    import subprocess

    code = (
        "import sys, costsim.uncertainty.indices.given, costsim.uncertainty.indices.sobol\n"
        "heavy = {'SALib', 'pandas', 'matplotlib', 'scipy'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert found.returncode == 0, found.stderr
