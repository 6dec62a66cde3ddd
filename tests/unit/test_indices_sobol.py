"""Sobol indices: against SALib, against known answers, with noise, and in words."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from costsim.uncertainty.indices.factors import Factors
from costsim.uncertainty.indices.measures import Measure
from costsim.uncertainty.indices.salib import harmless
from costsim.uncertainty.indices.sobol import SobolDesign, SobolIndices, sobol_indices

Array = NDArray[np.float64]
ISHIGAMI_S1 = np.array([0.3139051911, 0.4424111448, 0.0])
ISHIGAMI_ST = np.array([0.5575888552, 0.4424111448, 0.2436836641])
ISHIGAMI_VARIANCE = 13.8445879407
G_S1 = np.array([0.716192169, 0.179048042, 0.0236757742, 0.00716192, *[7.16e-5] * 4])
G_ST_OF_FIRST_THREE = np.array([0.7871441267, 0.2421981928, 0.0343169102])


def ishigami(cube: Array) -> Array:
    x = np.pi * (2 * cube - 1)
    value = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return np.asarray(value)


def sobol_g(cube: Array) -> Array:
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    return np.asarray(np.prod((np.abs(4 * cube - 2) + a) / (1 + a), axis=1))


def hours_by_wage(cube: Array) -> Array:
    return np.asarray((8 + 8 * cube[:, 0]) * (30 + 20 * cube[:, 1]))


def singles(count: int) -> Factors:
    return Factors.single([f"x{number}" for number in range(1, count + 1)])


def estimates(measure: Measure | None) -> Array:
    assert measure is not None
    return np.array(measure.values)


def half_widths(measure: Measure | None) -> Array:
    assert measure is not None
    assert measure.half_widths is not None
    return np.array(measure.half_widths)


def assert_covered(measure: Measure | None, truth: Array) -> None:
    """Every estimate lies within four standard errors of the truth."""
    errors = half_widths(measure)[: len(truth)] / 1.96
    assert (np.abs(estimates(measure)[: len(truth)] - truth) <= 4 * errors).all()


def root_mean_square(found: list[Array], truth: Array) -> float:
    return float(np.sqrt(np.mean([(each[: len(truth)] - truth) ** 2 for each in found])))


def salib_problem(names: list[str], groups: list[str] | None = None) -> dict[str, Any]:
    problem: dict[str, Any] = {"num_vars": len(names), "names": names}
    problem["bounds"] = [[0.0, 1.0]] * len(names)
    return problem | ({"groups": groups} if groups else {})


def salib_sample(design: SobolDesign, problem: dict[str, Any]) -> Array:
    with harmless():
        from SALib.sample import sobol

        found = sobol.sample(
            problem, design.size, calc_second_order=design.second_order, seed=design.scramble
        )
        return np.asarray(found)


# --- the design ------------------------------------------------------------------------------


@pytest.mark.parametrize("second_order", [False, True])
@pytest.mark.parametrize("count", [2, 3, 7, 20])
def test_rows_are_those_of_salib_byte_for_byte(count: int, second_order: bool) -> None:
    design = SobolDesign(singles(count), 16, second_order, seed=count)
    theirs = salib_sample(design, salib_problem(list(design.factors.names)))
    assert np.array_equal(design.cube, theirs)
    assert design.cube.shape == (design.rows, count)


@pytest.mark.parametrize("second_order", [False, True])
def test_rows_of_groups_are_those_of_salib_byte_for_byte(second_order: bool) -> None:
    names = list("abcdefgh")
    factors = Factors.grouped(names, {"pay": ["b", "e"], "time": ["h", "c", "d"]})
    design = SobolDesign(factors, 32, second_order)
    groups = ["a", "pay", "time", "time", "pay", "f", "g", "time"]
    assert np.array_equal(design.cube, salib_sample(design, salib_problem(names, groups)))


def test_points_are_inside_the_cube_and_cannot_be_written_to() -> None:
    cube = SobolDesign(singles(3), 1024).cube
    assert cube.min() > 0
    assert cube.max() < 1
    with pytest.raises(ValueError, match="read-only"):
        cube[0, 0] = 0.5


def test_a_point_at_nothing_is_moved_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    from scipy.stats import qmc

    monkeypatch.setattr(qmc.Sobol, "random", lambda *_: np.zeros((4, 4)))
    assert (SobolDesign(singles(2), 4).cube == 2.0**-31).all()


@pytest.mark.parametrize("second_order", [False, True])
def test_a_design_is_the_beginning_of_that_of_twice_the_size(second_order: bool) -> None:
    small, large = (SobolDesign(singles(4), size, second_order, seed=0) for size in (64, 128))
    assert np.array_equal(large.cube[: small.rows], small.cube)


def test_seeds_give_different_points_and_the_same_seed_the_same() -> None:
    zero, again, one = (SobolDesign(singles(2), 8, seed=seed).cube for seed in (0, 0, 1))
    assert np.array_equal(zero, again)
    assert not np.array_equal(zero, one)


def test_the_global_generator_has_no_part_in_a_design() -> None:
    np.random.seed(1)  # noqa: NPY002
    before = SobolDesign(singles(2), 8).cube
    np.random.seed(2)  # noqa: NPY002
    assert np.array_equal(before, SobolDesign(singles(2), 8).cube)


@pytest.mark.parametrize(
    ("size", "words"), [(1000, "next is 1,024"), (5, "next is 8"), (2, "at least 4"), (0, "least")]
)
def test_a_size_that_is_no_power_of_two_is_refused_with_the_next(size: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        SobolDesign(singles(2), size)


def test_one_factor_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two"):
        SobolDesign(singles(1), 8)


# --- the estimates ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_indices_are_those_of_salib(seed: int) -> None:
    design = SobolDesign(singles(4), 256, second_order=True, seed=seed)
    outcome = 1e4 + ishigami(design.cube) + design.cube[:, 3] * design.cube[:, 1]
    ours = sobol_indices(design, outcome, resamples=400, seed=seed)
    with harmless():
        from SALib.analyze import sobol

        theirs = sobol.analyze(
            salib_problem(list(design.factors.names)), outcome.copy(), num_resamples=400, seed=1
        )
    assert np.abs(estimates(ours.first) - theirs["S1"]).max() < 1e-12
    assert np.abs(estimates(ours.total) - theirs["ST"]).max() < 1e-12
    pairs = list(combinations(range(4), 2))
    second = np.array([theirs["S2"][pair] for pair in pairs])
    assert np.abs(np.array([each.value for each in ours.second]) - second).max() < 1e-12
    named = [(f"x{j + 1}", f"x{k + 1}") for j, k in pairs]
    assert [each.names for each in ours.second] == named
    assert half_widths(ours.first) == pytest.approx(theirs["S1_conf"], rel=0.2)
    assert half_widths(ours.total) == pytest.approx(theirs["ST_conf"], rel=0.2)
    widths = [each.half_width for each in ours.second]
    assert widths == pytest.approx([theirs["S2_conf"][pair] for pair in pairs], rel=0.2)


def test_indices_of_groups_are_those_of_salib() -> None:
    names = ["a", "b", "c"]
    design = SobolDesign(Factors.grouped(names, {"g": ["a", "c"]}), 256)
    outcome = ishigami(design.cube)
    ours = sobol_indices(design, outcome, resamples=0)
    with harmless():
        from SALib.analyze import sobol

        theirs = sobol.analyze(
            salib_problem(names, ["g", "b", "g"]), outcome, calc_second_order=False, seed=1
        )
    assert ours.names == ("g", "b")
    assert np.abs(estimates(ours.first) - theirs["S1"]).max() < 1e-12
    assert np.abs(estimates(ours.total) - theirs["ST"]).max() < 1e-12


def test_ishigami_is_met() -> None:
    designs = [SobolDesign(singles(3), 4096, seed=seed) for seed in range(6)]
    found = [sobol_indices(each, ishigami(each.cube), resamples=50) for each in designs]
    for each in found:
        assert_covered(each.first, ISHIGAMI_S1)
        assert_covered(each.total, ISHIGAMI_ST)
        assert each.variance == pytest.approx(ISHIGAMI_VARIANCE, rel=0.01)
        assert each.mean == pytest.approx(3.5, abs=0.02)
    assert root_mean_square([estimates(each.first) for each in found], ISHIGAMI_S1) < 0.0065
    assert root_mean_square([estimates(each.total) for each in found], ISHIGAMI_ST) < 0.003


def test_sobol_g_of_eight_inputs_is_met() -> None:
    designs = [SobolDesign(singles(8), 1024, seed=seed) for seed in range(6)]
    found = [sobol_indices(each, sobol_g(each.cube), resamples=50) for each in designs]
    for each in found:
        assert_covered(each.first, G_S1)
        assert_covered(each.total, G_ST_OF_FIRST_THREE)
    assert root_mean_square([estimates(each.first) for each in found], G_S1) < 0.004
    assert root_mean_square([estimates(each.total) for each in found], G_ST_OF_FIRST_THREE) < 0.006


def test_hours_by_wage_is_met_with_its_interaction() -> None:
    design = SobolDesign(Factors.single(["hours", "wage"]), 4096, second_order=True)
    found = sobol_indices(design, hours_by_wage(design.cube), resamples=100)
    assert estimates(found.first) == pytest.approx([0.6315789474, 0.3552631579], abs=0.003)
    total = [0.6315789474 + 0.0131578947, 0.3552631579 + 0.0131578947]
    assert estimates(found.total) == pytest.approx(total, abs=0.003)
    (both,) = found.second
    assert both.names == ("hours", "wage")
    assert both.value == pytest.approx(0.0131578947, abs=0.003)


def test_the_unit_of_the_outcome_does_not_matter() -> None:
    design = SobolDesign(singles(3), 128)
    plain = sobol_indices(design, ishigami(design.cube), resamples=20)
    for scale in (1e-120, 1e140):
        scaled = sobol_indices(design, scale * ishigami(design.cube), resamples=20)
        assert estimates(scaled.total) == pytest.approx(estimates(plain.total), rel=1e-9)


def test_the_half_is_the_analysis_of_the_design_of_half_the_size() -> None:
    whole, half = (SobolDesign(singles(3), size, second_order=True) for size in (256, 128))
    found = sobol_indices(whole, ishigami(whole.cube), resamples=40, seed=5)
    alone = sobol_indices(half, ishigami(half.cube), resamples=40, seed=5)
    assert found.half is not None
    assert found.half.half is None
    assert (found.half.first, found.half.total) == (alone.first, alone.total)
    assert found.half.size == 128
    assert sobol_indices(SobolDesign(singles(2), 4), np.arange(16.0)).half is None


def test_the_same_input_gives_the_same_and_another_seed_other_intervals_alone() -> None:
    design = SobolDesign(singles(3), 64)
    one, again, other = (sobol_indices(design, ishigami(design.cube), seed=s) for s in (0, 0, 1))
    assert one == again
    assert estimates(one.first).tolist() == estimates(other.first).tolist()
    assert half_widths(one.first).tolist() != half_widths(other.first).tolist()


def test_no_resamples_give_no_interval_and_one_is_refused() -> None:
    design = SobolDesign(singles(2), 8)
    found = sobol_indices(design, hours_by_wage(design.cube), resamples=0)
    assert found.first is not None
    assert found.first.half_widths is None
    for wrong in (1, -1):
        with pytest.raises(ValueError, match="give no interval"):
            sobol_indices(design, hours_by_wage(design.cube), resamples=wrong)


@settings(max_examples=25)
@given(weights=st.lists(st.floats(-5, 5), min_size=2, max_size=6), seed=st.integers(0, 2**64 - 1))
def test_inputs_that_add_up_leave_nothing_to_interactions(weights: list[float], seed: int) -> None:
    design = SobolDesign(singles(len(weights)), 256, seed=seed)
    found = sobol_indices(design, design.cube @ np.array([*weights[:-1], 1.0]), resamples=100)
    error = 4 * np.sqrt((half_widths(found.first) ** 2).sum()) / 1.96
    assert estimates(found.first).sum() <= 1 + error
    assert estimates(found.total).sum() >= 1 - error


@settings(max_examples=10)
@given(order=st.permutations(range(4)))
def test_factors_in_another_order_have_the_same_indices(order: list[int]) -> None:
    def analysed(places: list[int]) -> dict[str, tuple[float, float]]:
        names = tuple(f"x{place}" for place in places)
        design = SobolDesign(Factors(names, tuple((place,) for place in places)), 64)
        outcome = ishigami(design.cube) + 3 * design.cube[:, 3]
        found = sobol_indices(design, outcome, resamples=0)
        pairs = zip(estimates(found.first), estimates(found.total), strict=True)
        return {name: (float(s1), float(st)) for name, (s1, st) in zip(names, pairs, strict=True)}

    ours, plain = analysed(list(order)), analysed([0, 1, 2, 3])
    for name, both in plain.items():
        assert ours[name] == pytest.approx(both, abs=1e-12)


# --- chance ----------------------------------------------------------------------------------


def noisy_ishigami(seed: int, replications: int, size: int = 512) -> tuple[SobolDesign, Array]:
    """Ishigami with an inert fourth input, and noise of the same variance on average (lambda 1)."""
    design = SobolDesign(singles(4), size, seed=seed)
    spread = np.sqrt(ISHIGAMI_VARIANCE * 2 * design.cube[:, [0]])
    drawn = np.random.default_rng(seed).standard_normal((design.rows, replications))
    return design, ishigami(design.cube)[:, None] + spread * drawn


def test_chance_makes_an_inert_input_matter_unless_it_is_taken_out() -> None:
    naive, debiased = [], []
    for seed in range(24):
        design, outcomes = noisy_ishigami(seed, 2)
        once = sobol_indices(design, outcomes[:, 0], resamples=0)
        naive.append(estimates(once.total)[3])
        debiased.append(estimates(sobol_indices(design, outcomes, resamples=0).total))
    assert np.mean(naive) == pytest.approx(0.5, abs=0.03)
    truth = np.array([*ISHIGAMI_ST, 0.0])
    errors = np.std(debiased, axis=0, ddof=1) / np.sqrt(len(debiased))
    assert (np.abs(np.mean(debiased, axis=0) - truth) <= 4 * errors).all()
    assert errors[3] < 0.02


def test_first_order_indices_are_of_the_expected_outcome() -> None:
    found = [
        estimates(sobol_indices(*noisy_ishigami(seed, 2), resamples=0).first) for seed in range(24)
    ]
    errors = np.std(found, axis=0, ddof=1) / np.sqrt(len(found))
    assert (np.abs(np.mean(found, axis=0) - [*ISHIGAMI_S1, 0.0]) <= 4 * errors).all()


def test_intervals_under_noise_cover_the_truth() -> None:
    covered = []
    for seed in range(24):
        found = sobol_indices(*noisy_ishigami(seed, 2), resamples=200)
        for measure, truth in ((found.first, ISHIGAMI_S1), (found.total, ISHIGAMI_ST)):
            missed = np.abs(estimates(measure) - [*truth, 0.0])
            covered += (missed <= half_widths(measure)).tolist()
    assert np.mean(covered) > 0.92


def test_the_share_of_chance_is_measured() -> None:
    found = [sobol_indices(*noisy_ishigami(seed, 4), resamples=0) for seed in range(8)]
    assert np.mean([each.noise_ratio for each in found]) == pytest.approx(1.0, abs=0.05)
    assert np.mean([each.chance for each in found]) == pytest.approx(0.5, abs=0.02)
    assert np.mean([each.noise for each in found]) == pytest.approx(ISHIGAMI_VARIANCE, rel=0.03)
    assert np.mean([each.variance for each in found]) == pytest.approx(ISHIGAMI_VARIANCE, rel=0.05)


def test_replications_without_noise_change_nothing() -> None:
    design = SobolDesign(singles(3), 64)
    once = sobol_indices(design, ishigami(design.cube), resamples=50)
    twice = sobol_indices(design, np.repeat(ishigami(design.cube)[:, None], 2, axis=1), 50)
    assert estimates(twice.total) == pytest.approx(estimates(once.total), abs=1e-12)
    assert (twice.noise_ratio, twice.chance) == (0.0, 0.0)
    assert (once.noise_ratio, once.chance) == (None, None)


def test_a_noisy_simulation_that_ran_once_is_refused() -> None:
    design = SobolDesign(singles(2), 8)
    with pytest.raises(ValueError, match="at least two replications are needed to tell chance"):
        sobol_indices(design, hours_by_wage(design.cube), noisy=True)
    assert sobol_indices(design, np.ones((design.rows, 2)), noisy=True).constant


def test_chance_alone_is_seldom_taken_for_the_inputs_part() -> None:
    told = 0
    for seed in range(40):
        design = SobolDesign(singles(2), 64, seed=seed)
        drawn = np.random.default_rng(seed).standard_normal((design.rows, 2))
        told += sobol_indices(design, drawn, resamples=0).first is not None
    assert told <= 6


def test_chance_alone_gives_no_indices() -> None:
    design = SobolDesign(singles(2), 256)
    drawn = np.random.default_rng(5).standard_normal((design.rows, 2))
    found = sobol_indices(design, drawn)
    assert found.only_chance
    assert (found.first, found.total, found.noise_ratio) == (None, None, None)
    assert found.chance == pytest.approx(1.0, abs=0.1)
    assert "cannot be told from chance" in found.summary()


# --- tables, words and bars ------------------------------------------------------------------


@pytest.mark.parametrize("value", [0.0, 7.5, 1e9 + 0.1])
def test_a_constant_outcome_has_no_indices_and_says_so(value: float) -> None:
    design = SobolDesign(singles(2), 8)
    found = sobol_indices(design, np.full(design.rows, value))
    assert found.constant
    assert (found.first, found.total, found.second, found.chance) == (None, None, (), None)
    assert "the same whatever the inputs" in found.summary()
    assert "nan" not in found.summary()
    table = found.to_frame()
    assert table["name"].tolist() == ["x1", "x2"]
    assert table["S1"].tolist() == [None, None]
    assert "There is nothing to draw." in found.plot().svg()


def test_an_outcome_that_differs_at_one_point_alone_is_not_called_constant() -> None:
    design = SobolDesign(singles(2), 8)
    outcome = np.zeros(design.rows)
    outcome[1] = 1.0
    found = sobol_indices(design, outcome)
    assert not found.constant
    assert found.first is None
    assert "differs at too few points" in found.summary()


def measured(**changes: Any) -> SobolIndices:
    found = SobolIndices(
        names=("hours", "wage", "nil"), size=8, runs=80, replications=2, mean=1.0, variance=2.0,
        widest=9.0, noise=2.0,
        first=Measure("S1", (0.4, 0.5, -0.01), (0.1, 0.1, 0.02)),
        total=Measure("ST", (0.45, 0.55, 0.001), (0.1, 0.1, 0.02)),
    )  # fmt: skip
    return SobolIndices(**(vars(found) | changes))


def test_the_table_has_intervals_halves_and_a_row_of_chance() -> None:
    before = measured(first=Measure("S1", (0.3, 0.5, 0.0)), total=Measure("ST", (0.4, 0.5, 0.1)))
    table = measured(half=before).to_frame()
    assert table["name"].tolist() == ["hours", "wage", "nil", "chance"]
    assert table["kind"].tolist() == ["input"] * 3 + ["chance"]
    first = table.set_index("name").loc["hours"]
    assert (first["S1"], first["S1_low"], first["S1_high"]) == (0.4, pytest.approx(0.3), 0.5)
    assert (first["S1_at_half"], first["ST_at_half"]) == (0.3, 0.4)
    assert table["share_of_one_run"].tolist() == [0.2, 0.25, -0.005, 0.5]
    assert table["S1"][2] == -0.01


def test_an_input_called_chance_is_told_from_chance() -> None:
    table = measured(names=("chance", "wage", "nil")).to_frame()
    assert table[table["name"] == "chance"]["kind"].tolist() == ["input", "chance"]


def test_the_summary_names_inputs_explains_indices_and_warns() -> None:
    said = measured(half=measured(total=Measure("ST", (0.45, 0.45, 0.001)))).summary()
    assert said.startswith("Of the variance of the expected outcome, 50.0% would go if wage alone")
    for words in (
        "first-order index, S1; 95% interval 40.0% to 60.0%", "total index, ST",
        "For hours it is 40.0%", "50.0% is chance", "(nil) is zero within its error",
        "no index differed by more than 10.0 percentage points", "whether the scheme pays",
    ):  # fmt: skip
        assert words in said


def test_a_negative_index_beyond_its_error_is_not_called_zero_within_it() -> None:
    said = measured(total=Measure("ST", (0.45, 0.55, -0.05), (0.1, 0.1, 0.02))).summary()
    assert "An index of nil is negative by more than its interval" in said
    assert "zero within its error" not in said


def test_bars_come_largest_first_with_chance_last() -> None:
    figure = measured().plot()
    assert figure.title == "Most of the spread comes with wage: 55.0% of the variance"
    assert figure.header == ("Input", "S1", "95% interval", "ST", "95% interval")
    assert [row[0] for row in figure.rows][:3] == ["wage", "hours", "nil"]
    assert figure.rows[0] == ("wage", "50.0%", "40.0% to 60.0%", "55.0%", "45.0% to 65.0%")
    assert figure.rows[3][:2] == ("chance, of one run's variance", "50.0%")
    assert len({len(row) for row in figure.rows}) == 1
    drawn = figure.svg()
    places = [drawn.index(f">{name}<") for name in ("wage", "hours", "nil")]
    assert places == sorted(places)
    assert "chance, of one run" in drawn


def test_of_many_inputs_the_largest_are_drawn_and_all_are_in_the_table() -> None:
    design = SobolDesign(singles(24), 64)
    figure = sobol_indices(design, design.cube @ np.arange(24), resamples=10).plot()
    assert len(figure.rows) == 24
    assert "the 20 largest of 24" in figure.subtitle
    assert ">x24<" in figure.svg()
    assert ">x1<" not in figure.svg()


def test_interactions_have_a_table() -> None:
    design = SobolDesign(singles(3), 64, second_order=True)
    table = sobol_indices(design, ishigami(design.cube), resamples=10).interactions_frame()
    assert list(zip(table["name"], table["other"], strict=True)) == [
        ("x1", "x2"), ("x1", "x3"), ("x2", "x3"),
    ]  # fmt: skip
    assert table["S2"].idxmax() == 1
    assert measured().interactions_frame().empty
