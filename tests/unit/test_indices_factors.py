"""Factors of a sensitivity analysis, and the numbers that it is given."""

from __future__ import annotations

import numpy as np
import pytest

from costsim.uncertainty.indices.arrays import column, columns, foreign_seed, luck, replicated
from costsim.uncertainty.indices.factors import Factors


def test_groups_come_where_their_first_column_does() -> None:
    found = Factors.grouped(["a", "b", "c", "d"], {"both": ["b", "d"]})
    assert found == Factors(("a", "both", "c"), ((0,), (1, 3), (2,)))
    assert found.width == 4
    assert found.membership.tolist() == [
        [True, False, False, False],
        [False, True, False, True],
        [False, False, True, False],
    ]


def test_an_unknown_member_of_a_group_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ValueError, match=r"group pay: no input is called hourly_csot\. Did you "
                       r"mean hourly_cost\?"):  # fmt: skip
        Factors.grouped(["hourly_cost", "hours"], {"pay": ["hourly_csot"]})


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({"g": ["a"], "h": ["a"]}, "a is in the groups g and h"),
        ({"g": []}, "group g has no members"),
        ({"b": ["a"]}, "name of an input that is not in it"),
        ({"g": ["a", "a"]}, "names a twice"),
    ],
)
def test_groups_that_cannot_be_are_refused(groups: dict[str, list[str]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Factors.grouped(["a", "b"], groups)


@pytest.mark.parametrize(
    ("names", "places", "words"),
    [
        (("a", "a"), ((0,), (1,)), "a: named more than once"),
        (("a", "b"), ((0,), (0,)), "exactly one factor"),
        (("a", "b"), ((0,), (2,)), "exactly one factor"),
        (("a", "b"), ((0,), ()), "b has no columns"),
        (("a", "b"), ((0,),), "2 factors are named"),
    ],
)
def test_columns_that_do_not_cover_the_cube_once_are_refused(
    names: tuple[str, ...], places: tuple[tuple[int, ...], ...], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Factors(names, places)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused_by_name_and_row(wrong: float) -> None:
    table = np.ones((5, 2))
    table[3, 1] = table[4, 0] = wrong
    with pytest.raises(ValueError, match=r"inputs, wage, row 4: .* is no finite number"):
        columns("inputs", table, ["hours", "wage"])
    with pytest.raises(ValueError, match=r"outcome, row 4"):
        column("outcome", table[:, 1])
    with pytest.raises(ValueError, match=r"outcome, replication 2, row 4"):
        replicated(table, 5)


def test_arrays_of_the_wrong_shape_or_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="2 columns, but 3 names"):
        columns("inputs", np.ones((5, 2)), ["a", "b", "c"])
    with pytest.raises(ValueError, match="same name"):
        columns("inputs", np.ones((5, 2)), ["a", "a"])
    with pytest.raises(ValueError, match="4 rows of 1, where the design has 5 points"):
        replicated(np.ones(4), 5)
    with pytest.raises(ValueError, match="numbers alone"):
        column("outcome", ["£1,200"])
    with pytest.raises(ValueError, match="not an array of 2 axes"):
        column("outcome", np.ones((2, 2)))


def test_numbers_are_copied() -> None:
    mine = np.ones(3)
    column("outcome", mine)[0] = 7.0
    assert mine.tolist() == [1.0, 1.0, 1.0]


def test_every_seed_and_purpose_has_luck_of_its_own() -> None:
    drawn = {luck(seed, purpose).random() for seed in (0, 1, 2**64 - 1) for purpose in "ab"}
    assert len(drawn) == 6
    assert luck(0, "a").random() == luck(0, "a").random()
    assert all(foreign_seed(seed, "a") > 0 for seed in range(50))


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(ValueError, match=f"The seed is {seed}"):
        luck(seed, "a")
