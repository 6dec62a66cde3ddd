"""Rank correlations in a design: they are met, margins stay, contradictions are put right."""

from __future__ import annotations

import math
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from costsim.uncertainty import copula
from costsim.uncertainty.copula import Correlations, Pair, correlated, nearest_correlation
from costsim.uncertainty.designs import KINDS, Kind, cube

NAMES = ("wage", "hours", "take_up", "leakage")
PAIRS: list[Pair] = [("wage", "hours", 0.6), ("hours", "leakage", -0.45), ("wage", "leakage", 0.1)]
DRAWS = 2**13
ALONE = NAMES.index("take_up")
CONTRADICTION: list[Pair] = [("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", -0.9)]
each_kind = pytest.mark.parametrize("kind", KINDS)


def _ranks(design: np.ndarray) -> np.ndarray:
    return np.asarray(spearmanr(design).statistic)


def _error(rank: float, draws: int) -> float:
    """The standard error of a rank correlation of normal scores (Bonett & Wright 2000)."""
    return (1 - rank**2) * math.sqrt((1 + rank**2 / 2) / (draws - 3))


@each_kind
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_sample_has_the_rank_correlations_asked_for(kind: Kind, seed: int) -> None:
    found = _ranks(correlated(cube(kind, DRAWS, 4, seed), Correlations(NAMES, PAIRS), kind))
    asked = {frozenset(pair[:2]): pair[2] for pair in PAIRS}
    for a, b in combinations(range(4), 2):
        rank = asked.get(frozenset((NAMES[a], NAMES[b])), 0.0)
        assert abs(found[a, b] - rank) < 4 * _error(rank, DRAWS)


@pytest.mark.parametrize("rank", [-0.95, -0.5, 0.3, 0.5, 0.8, 0.99])
def test_a_pair_of_ten_thousand_draws_is_met_within_four_standard_errors(rank: float) -> None:
    found = correlated(cube("random", 10_000, 2, 7), Correlations("ab", [("a", "b", rank)]))
    assert abs(_ranks(found) - rank) < 4 * _error(rank, 10_000)


def test_pearson_correlation_of_normal_scores_is_not_the_rank_correlation() -> None:
    found = Correlations("ab", [("b", "a", 0.5)]).matrix
    assert found[0, 1] == found[1, 0] == pytest.approx(0.517638090205, rel=1e-12)


@each_kind
def test_every_column_stays_uniform(kind: Kind) -> None:
    found = correlated(cube(kind, DRAWS, 4, 3), Correlations(NAMES, PAIRS), kind)
    assert found.min() > 0
    assert found.max() < 1
    expected = (np.arange(DRAWS) + 0.5) / DRAWS
    away = np.abs(np.sort(found, axis=0) - expected[:, None]).max()
    assert away < 1.95 / math.sqrt(DRAWS)  # Kolmogorov, 0.1 %


def test_a_latin_hypercube_keeps_the_numbers_of_each_column() -> None:
    design = cube("latin_hypercube", 1000, 4, 3)
    found = correlated(design, Correlations(NAMES, PAIRS), "latin_hypercube")
    assert np.sort(found, axis=0).tobytes() == np.sort(design, axis=0).tobytes()
    assert found.tobytes() != design.tobytes()


@each_kind
def test_columns_that_move_with_no_other_stay_as_they_are_to_the_byte(kind: Kind) -> None:
    design = cube(kind, 64, 4, 3)
    found = correlated(design, Correlations(NAMES, PAIRS), kind)
    assert found[:, ALONE].tobytes() == design[:, ALONE].tobytes()
    first = NAMES.index(min(set(NAMES) - {"take_up"}))
    assert found[:, first].tobytes() == design[:, first].tobytes()
    others = [place for place in range(4) if place not in {ALONE, first}]
    assert (found[:, others] != design[:, others]).any(axis=0).all()


@each_kind
@pytest.mark.parametrize("pairs", [[], [("wage", "hours", 0.0), ("hours", "take_up", 0.0)]])
def test_without_correlation_a_design_stays_as_it_is(kind: Kind, pairs: list[Pair]) -> None:
    design = cube(kind, 64, 4, 3)
    correlations = Correlations(NAMES, pairs)
    assert correlated(design, correlations, kind).tobytes() == design.tobytes()
    assert correlations.matrix.tobytes() == np.eye(4).tobytes()
    assert not correlations.repaired
    assert correlations.summary().startswith("No inputs move together")


def test_a_design_is_not_changed_in_place() -> None:
    design = cube("random", 64, 4, 3)
    before = design.tobytes()
    correlated(design, Correlations(NAMES, PAIRS))
    assert design.tobytes() == before


@each_kind
def test_neither_the_order_of_names_nor_that_of_pairs_matters(kind: Kind) -> None:
    design = cube(kind, 64, 4, 3)
    usual = correlated(design, Correlations(NAMES, PAIRS), kind)
    for order in permutations(range(4)):
        turned = [(b, a, rank) for a, b, rank in reversed(PAIRS)]
        correlations = Correlations([NAMES[place] for place in order], turned)
        found = correlated(design[:, order], correlations, kind)
        assert found.tobytes() == np.ascontiguousarray(usual[:, order]).tobytes()


def test_inputs_that_contradict_each_other_are_moved_to_the_same_place_in_any_order() -> None:
    usual = Correlations("abc", CONTRADICTION).matrix
    for order in permutations(range(3)):
        found = Correlations(["abc"[place] for place in order], CONTRADICTION[::-1]).matrix
        assert found.tobytes() == np.ascontiguousarray(usual[np.ix_(order, order)]).tobytes()


def test_another_group_of_inputs_is_left_alone_by_a_repair() -> None:
    pairs = [*CONTRADICTION, ("d", "e", 0.3)]
    found = Correlations("abcde", pairs).matrix
    assert found[3, 4] == 2 * math.sin(math.pi * 0.3 / 6)
    assert (found[:3, 3:] == 0).all()


def test_a_contradiction_is_repaired_and_reported() -> None:
    found = Correlations(("aa", "b_b", "cc"), [("aa", "b_b", 0.9), ("b_b", "cc", 0.9),
                                               ("aa", "cc", -0.9)])  # fmt: skip
    assert found.repaired
    assert np.linalg.eigvalsh(found.matrix)[0] >= 0.99e-8
    assert (np.diag(found.matrix) == 1).all()
    repairs = {(a, b): (asked, got) for a, b, asked, got in found.repairs()}
    assert set(repairs) == {("aa", "b_b"), ("aa", "cc"), ("b_b", "cc")}
    # By symmetry the nearest has correlations of 0.5, 0.5 and -0.5 between normal scores.
    for (a, b), (asked, got) in repairs.items():
        sign = -1 if (a, b) == ("aa", "cc") else 1
        assert asked == pytest.approx(sign * 0.9)
        assert got == pytest.approx(sign * 6 / math.pi * math.asin(0.25), abs=1e-5)
    words = found.summary()
    assert "They contradict each other" in words
    assert "aa and b_b 0.48 instead of 0.90" in words
    assert "aa and cc -0.48 instead of -0.90" in words


def test_a_repaired_design_has_the_correlations_reported() -> None:
    correlations = Correlations("abc", CONTRADICTION)
    found = _ranks(correlated(cube("random", 10_000, 3, 1), correlations))
    for a, b, _, got in correlations.repairs():
        place = "abc".index(a), "abc".index(b)
        assert abs(found[place] - got) < 4 * _error(got, 10_000)


def test_highams_example_is_met() -> None:
    found = nearest_correlation(np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]]))
    expected = [[1, 0.7607, 0.1573], [0.7607, 1, 0.7607], [0.1573, 0.7607, 1]]
    assert found == pytest.approx(np.array(expected), abs=5e-5)


def test_a_second_published_example_of_a_nearest_correlation_matrix_is_met() -> None:
    # Higham 2002, section 4: the distance from this matrix to the correlation matrices is 2.13.
    asked = np.array([[2.0, -1, 0, 0], [-1, 2, -1, 0], [0, -1, 2, -1], [0, 0, -1, 2]])
    found = nearest_correlation(asked)
    expected = [
        [1, -0.8084, 0.1916, 0.1068],
        [-0.8084, 1, -0.6562, 0.1916],
        [0.1916, -0.6562, 1, -0.8084],
        [0.1068, 0.1916, -0.8084, 1],
    ]
    assert found == pytest.approx(np.array(expected), abs=5e-5)
    assert np.linalg.norm(found - asked) == pytest.approx(2.1342, abs=5e-4)


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_a_search_for_the_nearest_that_is_cut_short_still_ends_in_a_correlation_matrix(
    monkeypatch: pytest.MonkeyPatch, rounds: int
) -> None:
    monkeypatch.setattr(copula, "_ROUNDS", rounds)
    found = nearest_correlation(np.array([[1.0, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]))
    assert np.linalg.eigvalsh(found)[0] >= 0.99e-8
    assert (np.diag(found) == 1).all()


def test_inputs_that_move_as_one_are_met_without_a_word_of_contradiction() -> None:
    correlations = Correlations("ab", [("a", "b", -1.0)])
    assert correlations.repaired
    assert correlations.repairs() == []
    assert correlations.summary().endswith("a and b -1.00.")
    found = correlated(cube("random", 1000, 2, 1), correlations)
    assert found[:, 1] == pytest.approx(1 - found[:, 0], abs=1e-3)


def test_what_can_hold_together_is_not_repaired() -> None:
    correlations = Correlations(NAMES, PAIRS)
    assert not correlations.repaired
    assert correlations.repairs() == []
    assert correlations.summary() == (
        "Inputs that move together (rank correlation): wage and hours 0.60, "
        "hours and leakage -0.45 and wage and leakage 0.10."
    )


def test_a_draw_in_the_outermost_corner_stays_inside() -> None:
    correlations = Correlations("abc", [("a", "b", 0.6), ("b", "c", 0.6), ("a", "c", 0.6)])
    ends = np.array([[2.0**-53] * 3, [1 - 2.0**-53] * 3])
    found = correlated(ends, correlations)
    assert found.min() > 0
    assert found.max() < 1


_RANKS = st.lists(st.floats(-1, 1), min_size=10, max_size=10)


@settings(max_examples=60)
@given(_RANKS)
def test_any_correlations_give_a_positive_definite_matrix(ranks: list[float]) -> None:
    pairs = [(a, b, rank) for (a, b), rank in zip(combinations("abcde", 2), ranks, strict=True)]
    found = Correlations("abcde", pairs)
    assert np.linalg.eigvalsh(found.matrix)[0] >= 0.99e-8
    assert (found.matrix == found.matrix.T).all()
    assert (np.diag(found.matrix) == 1).all()
    assert np.isfinite(correlated(cube("random", 16, 5, 0), found)).all()


@pytest.mark.parametrize(
    ("names", "pairs", "words"),
    [
        (("a", "a"), [], "The input 'a' is named twice"),
        (("wage", "hours"), [("wage", "hour", 0.1)], "Correlation 1 names 'hour'.*'hours'"),
        (("a", "b"), [("a", "a", 0.1)], "Correlation 1 is of 'a' with itself"),
        (("a", "b"), [("a", "b", 1.2)], "Correlation 1, of 'a' and 'b', is 1.2"),
        (("a", "b"), [("a", "b", math.nan)], "is nan"),
        (("a", "b"), [("a", "b", 0.1), ("b", "a", 0.1)], "of 'a' and 'b' is given twice"),
        ((), [("a", "b", 0.1)], "names 'a', which is not an uncertain input"),
    ],
)
def test_pairs_that_make_no_sense_are_refused_in_words(
    names: tuple[str, ...], pairs: list[Pair], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Correlations(names, pairs)


def test_an_unknown_kind_of_design_is_refused() -> None:
    kind: Kind = "grid"  # type: ignore[assignment]
    with pytest.raises(ValueError, match="'grid' is not a sampling design"):
        correlated(np.full((2, 2), 0.5), Correlations("ab", []), kind)


@pytest.mark.parametrize(
    ("design", "words"),
    [
        (np.full((3, 3), 0.5), r"has the shape \(3, 3\)"),
        (np.full(2, 0.5), r"has the shape \(2,\)"),
        (np.array([[0.5, 0.5], [0.5, 1.0], [0.0, 0.5]]), "Row 3 of 'a' is 0.0"),
        (np.array([[0.5, 0.5], [0.5, np.nan]]), "Row 2 of 'b' is nan"),
    ],
)
def test_a_design_that_does_not_fit_is_refused_in_words(design: np.ndarray, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        correlated(design, Correlations("ab", [("a", "b", 0.5)]))
