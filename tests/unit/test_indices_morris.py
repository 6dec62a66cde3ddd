"""Morris screening: the design, the effects against SALib and known answers, and in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from costsim.uncertainty.indices.factors import Factors
from costsim.uncertainty.indices.morris import MorrisDesign, morris_effects
from costsim.uncertainty.indices.salib import harmless

Array = NDArray[np.float64]
ABC = Factors.single(["a", "b", "c"])
GROUPED = Factors.grouped(["a", "b", "c", "d"], {"both": ["a", "c"]})


def curved(cube: Array) -> Array:
    return np.asarray(5 * cube[:, 0] - 3 * cube[:, 1] ** 2 + 4 * cube[:, 0] * cube[:, 2])


@pytest.mark.parametrize("levels", [2, 4, 6, 8])
def test_points_lie_on_the_grid_inside_the_cube(levels: int) -> None:
    cube = MorrisDesign(ABC, 40, levels).cube
    grid = (np.arange(levels) + 0.5) / levels
    assert set(cube.ravel().tolist()) == set(grid.tolist())


@pytest.mark.parametrize("factors", [ABC, GROUPED])
def test_each_step_moves_one_factor_by_half_of_the_grid(factors: Factors) -> None:
    design = MorrisDesign(factors, 12, levels=6)
    count = len(factors.names)
    paths = design.cube.reshape(12, count + 1, factors.width)
    steps = np.diff(paths, axis=1)
    assert set(np.abs(steps).round(12).ravel().tolist()) == {0.0, 0.5}
    for path in steps:
        moved = [tuple(np.flatnonzero(step).tolist()) for step in path]
        assert sorted(moved) == sorted(factors.columns)


def test_starts_directions_and_orders_differ() -> None:
    design = MorrisDesign(ABC, 60, levels=8)
    assert len({tuple(row) for row in design.order.tolist()}) == 6
    assert len({tuple(row) for row in design.directions.tolist()}) == 8
    assert np.abs(design.cube.mean(axis=0) - 0.5).max() < 0.1


def test_a_design_is_the_beginning_of_that_of_more_trajectories() -> None:
    few, many = (MorrisDesign(ABC, count) for count in (10, 20))
    assert np.array_equal(many.cube[: few.rows], few.cube)
    assert not np.array_equal(few.cube, MorrisDesign(ABC, 10, seed=1).cube)


@pytest.mark.parametrize("levels", [3, 0, -2])
def test_an_odd_number_of_levels_is_refused(levels: int) -> None:
    with pytest.raises(ValueError, match="even number"):
        MorrisDesign(ABC, 10, levels)


def test_one_trajectory_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        MorrisDesign(ABC, 1)


def salib_effects(design: MorrisDesign, outcome: Array, groups: list[str] | None) -> Any:
    """SALib's analysis; its step of the whole grid, where ours is one of quantiles."""
    grid = (design.cube * design.levels - 0.5) / (design.levels - 1)
    width = design.factors.width
    problem = {"num_vars": width, "names": [f"x{n}" for n in range(width)], "groups": groups}
    with harmless():
        from SALib.analyze import morris

        return morris.analyze(
            problem, grid, outcome, num_levels=design.levels, num_resamples=1000, seed=1
        )


@pytest.mark.parametrize("levels", [4, 6])
def test_effects_are_those_of_salib(levels: int) -> None:
    design = MorrisDesign(ABC, 30, levels)
    outcome = curved(design.cube)
    ours, theirs = morris_effects(design, outcome), salib_effects(design, outcome, None)
    scale = levels / (levels - 1)
    assert ours.mu == pytest.approx(scale * np.asarray(theirs["mu"]), rel=1e-9)
    assert ours.mu_star.values == pytest.approx(scale * np.asarray(theirs["mu_star"]), rel=1e-9)
    assert ours.sigma == pytest.approx(scale * np.asarray(theirs["sigma"]), rel=1e-9)
    widths = scale * np.asarray(theirs["mu_star_conf"], dtype=np.float64)
    assert ours.mu_star.half_widths == pytest.approx(widths, rel=0.15)


def test_effects_of_groups_are_those_of_salib() -> None:
    design = MorrisDesign(GROUPED, 25)
    outcome = curved(design.cube) + design.cube[:, 3]
    ours = morris_effects(design, outcome)
    theirs = salib_effects(design, outcome, ["both", "b", "both", "d"])
    scale = 4 / 3
    assert ours.names == ("both", "b", "d")
    assert ours.mu_star.values == pytest.approx(scale * np.asarray(theirs["mu_star"]), rel=1e-9)
    assert (ours.mu[0], ours.sigma[0]) == (None, None)
    assert ours.mu[2] == pytest.approx(1.0)


def test_a_straight_line_has_its_slopes_as_effects() -> None:
    design = MorrisDesign(ABC, 10)
    found = morris_effects(design, design.cube @ np.array([2.0, -3.0, 0.0]))
    assert found.mu == pytest.approx([2.0, -3.0, 0.0])
    assert found.mu_star.values == pytest.approx([2.0, 3.0, 0.0])
    assert found.sigma == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    assert found.mu_star.half_widths == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)


def test_rounding_is_no_effect() -> None:
    design = MorrisDesign(ABC, 10)
    found = morris_effects(design, 0.1 + 1e6 * design.cube[:, 0] + 1e-11 * design.cube[:, 1])
    assert found.mu_star.values[1:] == (0.0, 0.0)


def test_an_input_without_effect_reaches_the_floor_by_chance() -> None:
    design = MorrisDesign(ABC, 400)
    drawn = np.random.default_rng(1).standard_normal((design.rows, 2))
    found = morris_effects(design, 3 * drawn + 40 * design.cube[:, [0]])
    assert found.floor is not None
    assert found.mu_star.values[1] == pytest.approx(found.floor, rel=0.1)
    assert "Chance alone would make it" in found.summary()
    assert "so of b and c nothing can be said" in found.summary().replace("c and b", "b and c")
    assert morris_effects(design, design.cube[:, 0]).floor is None


def test_the_same_input_gives_the_same() -> None:
    design = MorrisDesign(ABC, 10)
    one, again, other = (morris_effects(design, curved(design.cube), seed=s) for s in (0, 0, 1))
    assert one == again
    assert one.mu_star.values == other.mu_star.values
    assert one.mu_star.half_widths != other.mu_star.half_widths


def test_bad_outcomes_are_refused() -> None:
    design = MorrisDesign(ABC, 10)
    outcome = curved(design.cube)
    outcome[6] = np.nan
    with pytest.raises(ValueError, match="outcome, row 7"):
        morris_effects(design, outcome)
    with pytest.raises(ValueError, match="40 points"):
        morris_effects(design, outcome[:39])
    with pytest.raises(ValueError, match="give no interval"):
        morris_effects(design, curved(design.cube), resamples=1)


def test_the_table_the_words_and_the_bars_say_the_same() -> None:
    design = MorrisDesign(ABC, 20)
    found = morris_effects(design, curved(design.cube))
    table = found.to_frame()
    assert list(table) == ["name", "mu", "mu_star", "mu_star_low", "mu_star_high", "sigma"]
    assert table["name"].tolist() == ["a", "b", "c"]
    said = found.summary(show=lambda value: f"£{value:.0f}")
    assert said.startswith("Over its range a moves the outcome by £7")
    figure = found.plot()
    assert figure.title.startswith("a moves the outcome most")
    assert [row[0] for row in figure.rows] == ["a", "b", "c"]
    assert ">a<" in figure.svg()


def test_an_outcome_that_nothing_moves_says_so() -> None:
    design = MorrisDesign(ABC, 10)
    found = morris_effects(design, np.ones(design.rows))
    assert found.constant
    assert "No input moves the outcome" in found.summary()
    assert found.plot().title == "No input moves the outcome"
    assert found.plot().svg()
