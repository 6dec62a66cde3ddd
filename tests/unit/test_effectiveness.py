"""Cost-effectiveness: the league table of strategies, against published ones and by brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from costsim.economics.effectiveness import (
    DOMINATED,
    EXTENDEDLY,
    FRONTIER,
    Measure,
    Strategy,
    league,
)
from costsim.results.estimates import combined, difference
from costsim.results.samples import Samples

SIX = [
    Strategy(str(number), cost, effect)
    for number, (cost, effect) in enumerate(
        zip((5000, 10000, 12000, 25000, 35000, 55000), (1, 2, 1.5, 3, 4, 5), strict=True), start=1
    )
]


def test_six_strategies_have_the_ratios_of_the_textbook() -> None:
    found = league(SIX)
    assert {name: each.icer for name, each in found.items()} == {
        "1": None, "2": 5000.0, "3": None, "4": None, "5": 12500.0, "6": 20000.0,
    }  # fmt: skip
    assert (found["3"].standing, found["4"].standing) == (DOMINATED, EXTENDEDLY)
    assert [found[name].compared_with for name in "1256"] == [None, "1", "2", "5"]


def test_the_order_in_which_they_are_given_changes_nothing() -> None:
    assert league(SIX[::-1]) == league(SIX)


def test_two_that_are_equal_do_not_divide_by_nothing() -> None:
    found = league([Strategy("one", 10, 1), Strategy("same", 10, 1), Strategy("dearer", 11, 1)])
    assert [each.standing for each in found.values()] == [FRONTIER, DOMINATED, DOMINATED]
    assert all(each.icer is None for each in found.values())


def test_a_cheaper_way_that_achieves_more_dominates_the_comparator() -> None:
    found = league([Strategy("old", 400, 0.8), Strategy("new", 300, 0.9)])
    assert found["old"].standing == DOMINATED
    assert (found["new"].standing, found["new"].icer) == (FRONTIER, None)


def test_what_a_cheaper_way_that_achieves_less_saves_is_the_price_of_what_is_lost() -> None:
    found = league([Strategy("old", 400, 0.8), Strategy("new", 300, 0.6)])
    assert found["old"].icer == pytest.approx(500)
    assert found["old"].compared_with == "new"


def test_one_that_a_mixture_of_its_neighbours_matches_is_extendedly_dominated() -> None:
    line = [Strategy("none", 0, 0), Strategy("half", 50, 0.5), Strategy("all", 100, 1)]
    assert league(line)["half"].standing == EXTENDEDLY
    assert league(line)["all"].icer == 100


def test_what_rounding_alone_makes_cheaper_dominates_nothing() -> None:
    same = [Strategy("old", 0.1 + 0.2, 1), Strategy("new", 0.3, 1)]
    assert league(same)["old"].standing == FRONTIER
    assert league(same)["new"].standing == DOMINATED


def test_a_site_counts_by_its_yearly_referrals_however_many_were_simulated() -> None:
    parts = [(0.5, np.array([7.0, 5.0]), np.array([7.0, 5.0])),
             (0.5, np.zeros(2), np.array([20.0, 30.0]))]  # fmt: skip
    measure = Measure("helped", 1.0, None, {"old": parts, "new": parts})
    assert measure.mean("new").value == pytest.approx(0.5)
    assert combined(measure.gain("old", "new")).value == 0.0


amounts = st.integers(0, 12).map(float)


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=7))
def test_nobody_on_the_frontier_is_beaten_and_everybody_else_is(
    points: list[tuple[float, float]],
) -> None:
    """By net benefit: the frontier's steps are best somewhere, others nowhere alone."""
    assume(len(set(points)) == len(points))
    every = [Strategy(str(number), *point) for number, point in enumerate(points)]
    verdicts = league(every)
    for each in every:
        others = [other for other in every if other is not each]
        dominated = any(o.cost <= each.cost and o.effect >= each.effect for o in others)
        mixed = any(_mixture_beats(each, *pair) for pair in combinations(others, 2))
        standing = verdicts[each.name].standing
        assert (standing == DOMINATED) == dominated
        assert (standing == EXTENDEDLY) == (mixed and not dominated)


def _mixture_beats(each: Strategy, one: Strategy, other: Strategy) -> bool:
    """Whether some mixture of two achieves as much as a third for no more money."""
    low, high = sorted((one, other), key=lambda strategy: strategy.effect)
    if not low.effect < each.effect < high.effect:
        return False
    share = (each.effect - low.effect) / (high.effect - low.effect)
    return low.cost + share * (high.cost - low.cost) <= each.cost + 1e-9


def test_a_sum_of_ratios_counts_the_luck_that_they_share() -> None:
    luck = np.random.default_rng(1).normal(size=40)
    counts = np.full(40, 10)
    up, down = 100 + 10 * luck, 50 - 10 * luck
    together = combined([(1.0, up, counts), (1.0, down, counts)])
    assert together.value == pytest.approx((100 + 50) / 10, rel=1e-12)
    assert together.mcse == pytest.approx(0.0, abs=1e-12)
    apart = combined([(2.0, up, counts)])
    assert apart.mcse == pytest.approx(2 * np.std(up / 10, ddof=1) / np.sqrt(40), rel=1e-12)


def test_a_difference_is_a_sum_with_a_minus_sign() -> None:
    one = Samples(np.arange(12.0), np.array([3, 4, 5]))
    other = Samples(np.arange(12.0) ** 2, np.array([5, 4, 3]))
    parts = [(1.0, one.totals(), one.counts), (-1.0, other.totals(), other.counts)]
    assert difference(one, other) == combined(parts)


def test_a_sum_with_a_part_that_counts_nothing_has_no_value() -> None:
    nothing = (1.0, np.zeros(3), np.zeros(3))
    assert combined([(1.0, np.ones(3), np.ones(3)), nothing]).value is None
