"""Sampling designs: inside the cube, as even as they promise, and functions of their arguments."""

from __future__ import annotations

import math

import numpy as np
import pytest

from costsim.uncertainty import designs
from costsim.uncertainty.designs import KINDS, MOST_SOBOL_COLUMNS, Array, Kind, cube, mean_error

each_kind = pytest.mark.parametrize("kind", KINDS)


def _smooth(design: Array) -> Array:
    """A product whose mean over the cube is 1."""
    return np.asarray((1 + (design - 0.5) / np.arange(1, design.shape[1] + 1)).prod(axis=1))


@each_kind
def test_a_design_has_the_shape_asked_for_and_lies_strictly_inside_the_cube(kind: Kind) -> None:
    found = cube(kind, 4096, 7, seed=0)
    assert found.shape == (4096, 7)
    assert found.dtype == np.float64
    assert found.min() > 0
    assert found.max() < 1
    assert np.abs(found.mean(axis=0) - 0.5).max() < 4 / math.sqrt(12 * 4096)


@each_kind
def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_numbers(kind: Kind) -> None:
    designs = [cube(kind, 64, 3, seed) for seed in (0, 1, 2, 2**64 - 1)]
    np.random.seed(3)  # noqa: NPY002 - to show that the global generator is not read
    again = [cube(kind, 64, 3, seed) for seed in (0, 1, 2, 2**64 - 1)]
    assert [each.tobytes() for each in designs] == [each.tobytes() for each in again]
    assert len({each.tobytes() for each in designs}) == 4


@each_kind
def test_making_a_design_leaves_the_global_generator_alone(kind: Kind) -> None:
    np.random.seed(3)  # noqa: NPY002
    before = np.random.get_state()[1].tobytes()  # type: ignore[index]  # noqa: NPY002
    cube(kind, 64, 3, seed=0)
    after = np.random.get_state()[1].tobytes()  # type: ignore[index]  # noqa: NPY002
    assert before == after


@each_kind
def test_the_columns_of_a_design_are_not_alike(kind: Kind) -> None:
    found = cube(kind, 1024, 6, seed=5)
    correlation = np.corrcoef(found, rowvar=False) - np.eye(6)
    assert np.abs(correlation).max() < 4 / math.sqrt(1024)


@pytest.mark.parametrize("draws", [1, 2, 3, 10, 1000, 2**17 + 1])
def test_a_latin_hypercube_has_exactly_one_draw_in_each_stratum(draws: int) -> None:
    found = cube("latin_hypercube", draws, 3, seed=11)
    strata = np.sort(np.floor(found * draws), axis=0)
    assert (strata == np.arange(draws)[:, None]).all()


def test_a_latin_hypercube_is_uniform_within_its_strata() -> None:
    within = cube("latin_hypercube", 4000, 1, seed=2)[:, 0] * 4000 % 1
    ranks = (np.arange(4000) + 0.5) / 4000
    assert np.abs(np.sort(within) - ranks).max() < 1.63 / math.sqrt(4000)  # Kolmogorov, 1 %


class _Stuck:
    """A generator that gives nothing but one word."""

    def __init__(self, word: int) -> None:
        self.word = word

    def random_raw(self, count: int) -> object:
        return np.full(count, self.word, dtype=np.uint64)


@pytest.mark.parametrize("kind", ["random", "latin_hypercube"])
@pytest.mark.parametrize("word", [0, 2**64 - 1])
def test_not_even_the_rarest_words_leave_the_cube_or_their_stratum(
    monkeypatch: pytest.MonkeyPatch, kind: Kind, word: int
) -> None:
    monkeypatch.setattr(designs, "_generator", lambda *_: _Stuck(word))
    for draws in (1, 1000, 2**17 + 1):
        found = cube(kind, draws, 1, seed=0)[:, 0]
        assert found.min() > 0
        assert found.max() < 1
        if kind == "latin_hypercube":
            assert (np.floor(found * draws) == np.arange(draws)).all()


@pytest.mark.parametrize("kind", ["random", "latin_hypercube"])
def test_a_further_column_changes_no_other(kind: Kind) -> None:
    few, more = cube(kind, 50, 3, seed=8), cube(kind, 50, 9, seed=8)
    assert few.tobytes() == np.ascontiguousarray(more[:, :3]).tobytes()


@pytest.mark.parametrize("first", [1, 2, 3, 4, 7, 64])
def test_random_draws_go_on_from_any_row(first: int) -> None:
    whole = cube("random", 100, 5, seed=4)
    rest = cube("random", 100 - first, 5, 4, first)
    assert rest.tobytes() == whole[first:].tobytes()


def test_a_sobol_design_can_be_doubled() -> None:
    whole = cube("sobol", 256, 5, seed=4)
    halves = [cube("sobol", 128, 5, 4, first) for first in (0, 128)]
    assert np.concatenate(halves).tobytes() == whole.tobytes()


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_an_even_design_has_a_lower_discrepancy_than_random_draws(kind: Kind) -> None:
    from scipy.stats.qmc import discrepancy

    pairs = [(cube(kind, 256, 4, seed), cube("random", 256, 4, seed)) for seed in range(20)]
    found, usual = np.array([[discrepancy(each) for each in pair] for pair in pairs]).T
    assert found.max() < usual.min() if kind == "sobol" else found.mean() < usual.mean()


@pytest.mark.parametrize(("kind", "factor"), [("latin_hypercube", 4), ("sobol", 20)])
def test_an_even_design_integrates_a_smooth_function_better(kind: Kind, factor: float) -> None:
    errors = [
        [_smooth(cube(each, 1024, 5, seed)).mean() - 1 for seed in range(20)]
        for each in (kind, "random")
    ]
    even, random = np.sqrt(np.square(errors).mean(axis=1))
    assert even < random / factor


@each_kind
def test_an_interval_from_the_standard_error_covers_the_mean(kind: Kind) -> None:
    values = [_smooth(cube(kind, 256, 3, seed)) for seed in range(200)]
    covered = np.mean([abs(v.mean() - 1) <= 1.96 * mean_error(v, kind) for v in values])
    # Of 200 intervals that cover in 95 % of cases, 4 standard errors fewer are a fault.
    assert covered >= (0.95 - 4 * math.sqrt(0.95 * 0.05 / 200) if kind == "random" else 0.95)


def test_the_standard_error_of_random_draws_is_neither_too_small_nor_too_large() -> None:
    values = [_smooth(cube("random", 256, 3, seed)) for seed in range(400)]
    spread = np.std([each.mean() for each in values], ddof=1)
    usual = np.mean([mean_error(each, "random") for each in values])
    assert usual == pytest.approx(spread, rel=4 / math.sqrt(2 * 400))


def test_the_standard_error_is_that_of_independent_draws() -> None:
    values = np.arange(10.0)
    assert mean_error(values, "sobol") == pytest.approx(values.std(ddof=1) / math.sqrt(10))
    assert mean_error(values, "random", blocks=5) == mean_error(values, "random")


def test_several_sobol_designs_know_that_they_are_better_than_random_draws() -> None:
    blocks = [_smooth(cube("sobol", 256, 3, seed)) for seed in range(8)]
    values = np.concatenate(blocks)
    error = mean_error(values, "sobol", blocks=8)
    assert error == pytest.approx(np.std([b.mean() for b in blocks], ddof=1) / math.sqrt(8))
    assert error < mean_error(values, "sobol") / 5
    assert abs(values.mean() - 1) < 5.41 * error  # Student's t, 7 degrees of freedom, 0.1 %


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grid", 8, 2, 0), "'grid' is not a sampling design. Use one of random, latin_hypercube"),
        (("random", 0, 2, 0), "The number of draws is 0. It must be a whole number from 1"),
        (("random", 2.5, 2, 0), r"The number of draws is 2.5"),
        (("random", True, 2, 0), "The number of draws is True"),
        (("random", 8, 0, 0), "The number of columns is 0"),
        (("random", 8, 2, -1), "The seed is -1"),
        (("random", 8, 2, 2**64), "The seed is"),
        (("random", 8, 2, 0, -1), "The number of the first row is -1"),
        (("latin_hypercube", 8, 2, 0, 8), "cannot go on from row 8"),
        (("sobol", 100, 2, 0), "100 draws are not a power of two.* The next is 128."),
        (("sobol", 8, MOST_SOBOL_COLUMNS + 1, 0), "at most 21,201 columns, not 21,202"),
        (("sobol", 8, 2, 0, 4), "cannot begin at row 4. Begin at 0 or at a multiple of 8 below"),
        (("sobol", 8, 2, 0, 2**31), "cannot begin at row 2,147,483,648"),
    ],
)
def test_a_design_that_cannot_be_is_refused_in_words(
    arguments: tuple[Kind, int, int, int], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        cube(*arguments)


@pytest.mark.parametrize(
    ("values", "blocks", "words"),
    [
        ([1.0], 1, "needs one column of two values or more"),
        ([[1.0, 2.0]], 1, "needs one column"),
        ([1.0, np.nan], 1, "Value 2 is nan, not a finite number"),
        ([1.0, 2.0, 3.0], 2, "3 values do not divide into 2 blocks"),
        ([1.0, 2.0], 0, "The number of blocks is 0"),
    ],
)
def test_values_without_a_standard_error_are_refused(
    values: list[float], blocks: int, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        mean_error(np.array(values), "random", blocks)


def test_sobol_knows_as_many_columns_as_it_says() -> None:
    from scipy.stats.qmc import Sobol

    assert Sobol.MAXDIM == MOST_SOBOL_COLUMNS
