"""Scenario discovery: known boxes are found, noise is not mistaken for one, and it says so."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.figure import Figure as Drawing
from scipy.stats import binomtest, chi2_contingency

from costsim.drawing.canvas import Sheet
from costsim.uncertainty.designs import Array, cube
from costsim.uncertainty.discovery import Discovery, prim
from costsim.uncertainty.discovery.box import Box, Count, Draws, Flags
from costsim.uncertainty.discovery.drawn import MOST_POINTS
from costsim.uncertainty.discovery.peeling import Search, pasted, peeled, pruned, quasi_p, sought
from costsim.uncertainty.discovery.telling import plain_value

NAMES = ("leakage", "referrals_a_year", "wage", "take_up", "minutes", "rework")
WIDTH = len(NAMES)


def _inputs(seed: int, draws: int = 1000) -> Array:
    return cube("random", draws, WIDTH, seed)


def _luck(seed: int, draws: int = 1000) -> Array:
    return cube("random", draws, 1, seed + 1000)[:, 0]


def _corner(x: Array) -> Flags:
    return np.asarray((x[:, 0] > 0.7) & (x[:, 1] < 0.4))


def _noisy_corner(seed: int, draws: int = 1000) -> tuple[Array, Flags]:
    """Failures in 85 % of a corner and in 10 % elsewhere."""
    x = _inputs(seed, draws)
    return x, np.asarray(_luck(seed, draws) < np.where(_corner(x), 0.85, 0.1))


def _found_in_noise(seed: int, draws: int = 1000, least_mass: float = 0.05) -> Discovery:
    x, failing = _noisy_corner(seed, draws)
    return prim(x, NAMES, failing, least_mass=least_mass)


def _found(seed: int, failing: Callable[[Array], Flags] = _corner, draws: int = 1000) -> Discovery:
    x = _inputs(seed, draws)
    return prim(x, NAMES, failing(x))


def _limits(found: Discovery) -> dict[str, tuple[float, float]]:
    return {each.name: (each.low, each.high) for each in found.restrictions}


@pytest.mark.parametrize("seed", range(8))
def test_a_corner_of_the_cube_is_found(seed: int) -> None:
    found = _found(seed)
    assert found.verdict == "box"
    limits = _limits(found)
    assert set(limits) == {"leakage", "referrals_a_year"}
    assert limits["leakage"] == pytest.approx((0.7, math.inf), abs=0.04)
    assert limits["referrals_a_year"] == pytest.approx((-math.inf, 0.4), abs=0.04)
    assert found.density > 0.9
    assert found.coverage > 0.95
    assert found.mass == pytest.approx(0.12, abs=0.045)


@pytest.mark.parametrize("seed", range(8))
def test_a_corner_in_which_failures_are_only_denser_is_found(seed: int) -> None:
    found = _found_in_noise(seed)
    limits = _limits(found)
    assert set(limits) == {"leakage", "referrals_a_year"}
    assert limits["leakage"] == pytest.approx((0.7, math.inf), abs=0.06)
    assert limits["referrals_a_year"] == pytest.approx((-math.inf, 0.4), abs=0.06)
    assert found.density == pytest.approx(0.85, abs=0.08)
    assert found.check is not None
    assert found.check.count.density > 0.7


@pytest.mark.parametrize("seed", range(8))
def test_a_box_in_the_middle_of_an_input_has_both_limits(seed: int) -> None:
    found = _found(seed, lambda x: np.asarray(np.abs(x[:, 3] - 0.5) < 0.15))
    limits = _limits(found)
    assert set(limits) == {"take_up"}
    assert limits["take_up"] == pytest.approx((0.35, 0.65), abs=0.04)
    assert found.density > 0.9


@pytest.mark.parametrize("seed", range(8))
def test_of_an_l_shape_one_arm_is_found(seed: int) -> None:
    found = _found(seed, lambda x: np.asarray((x[:, 0] > 0.8) | (x[:, 1] > 0.8)), draws=2000)
    limits = _limits(found)
    assert len(limits) == 1
    assert set(limits) < {"leakage", "referrals_a_year"}
    assert limits.popitem()[1] == pytest.approx((0.8, math.inf), abs=0.03)
    assert found.density > 0.95
    assert found.coverage == pytest.approx(0.2 / 0.36, abs=0.06)
    assert "Outside these limits it still fails in" in found.summary()


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.9])
def test_pure_noise_is_hardly_ever_mistaken_for_a_box(rate: float) -> None:
    boxes = [prim(_inputs(seed), NAMES, _luck(seed) < rate).verdict for seed in range(40)]
    assert set(boxes) <= {"box", "chance"}
    assert boxes.count("box") <= 2


def test_limits_that_noise_alone_suggests_do_not_hold_in_the_draws_kept_aside() -> None:
    """Without dropping limits and without the check, noise would yield a box every time."""
    x, failing = _inputs(0), _luck(0) < 0.3
    boxes = peeled(Draws(x, failing), Search(tuple(range(WIDTH)), 0.05, 0.05))
    assert Draws(x, failing).count(boxes[-1]).density > 0.45
    found = prim(x, NAMES, failing)
    assert found.verdict == "chance"
    assert found.restrictions == ()
    assert found.mass == 1
    assert "no limits on the inputs tell where" in found.summary()


def test_limits_that_look_good_where_they_were_sought_must_hold_where_they_were_not() -> None:
    found = prim(_inputs(9, 400), NAMES, _luck(9, 400) < 0.07)
    assert found.verdict == "chance"
    assert found.restrictions == ()
    assert found.check is not None
    assert found.check.count.held > 0
    assert found.check.p > 0.3
    words = found.summary()
    held, failing = found.check.count.held, found.check.count.failing
    assert f"there {failing} of the {held} within them failed, which is no more" in words


@pytest.mark.parametrize("seed", range(8))
def test_an_irrelevant_input_is_hardly_ever_named(seed: int) -> None:
    x = _inputs(seed, 4000)
    found = prim(x, NAMES, np.asarray(x[:, 4] + 0.3 * x[:, 5] > 0.9))
    assert set(_limits(found)) <= {"minutes", "rework"}
    assert found.restrictions[0].name == "minutes"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("values", [5, 2**52])
def test_the_order_of_inputs_and_their_units_change_nothing(seed: int, values: int) -> None:
    x, failing = _noisy_corner(seed)
    x = np.round(x * values) / values
    usual = prim(x, NAMES, failing)
    assert usual.verdict == "box"
    for order in ([3, 1, 5, 0, 4, 2], [5, 4, 3, 2, 1, 0]):
        turned = prim(x[:, order] / 8 + 7, [NAMES[place] for place in order], failing)
        assert turned.trajectory == usual.trajectory
        assert (turned.count, turned.check) == (usual.count, usual.check)
        for each, other in zip(turned.restrictions, usual.restrictions, strict=True):
            assert each.name == other.name
            assert each.low == pytest.approx(other.low / 8 + 7)
            assert each.high == pytest.approx(other.high / 8 + 7)


def test_figures_are_those_of_all_draws_in_the_box() -> None:
    x, failing = _noisy_corner(1)
    found = prim(x, NAMES, failing)
    held = np.ones(len(x), dtype=bool)
    for name, (low, high) in _limits(found).items():
        held &= (x[:, NAMES.index(name)] > low) & (x[:, NAMES.index(name)] < high)
    assert (found.box.holds(x) == held).all()
    assert found.mass == held.mean()
    assert found.density == failing[held].mean()
    assert found.coverage == failing[held].sum() / failing.sum()
    assert found.rate == failing.mean()


def test_the_check_uses_a_quarter_in_which_the_box_was_not_sought() -> None:
    x, failing = _noisy_corner(2, 2000)
    found = prim(x, NAMES, failing)
    assert found.check is not None
    ours, aside = found.trajectory[0].count, found.check.count
    assert ours.draws + aside.draws == 2000
    assert ours.failures + aside.failures == failing.sum()
    assert aside.draws == pytest.approx(500, abs=1)
    assert aside.failures / aside.draws == pytest.approx(failing.mean(), abs=0.002)
    other = prim(x, NAMES, failing, seed=1)
    assert other.check != found.check
    assert prim(x, NAMES, failing, seed=0).check == found.check


def test_the_p_value_of_the_check_is_that_of_drawing_blindly() -> None:
    x, failing = _noisy_corner(2)
    found = prim(x, NAMES, failing)
    assert found.check is not None
    count = found.check.count
    ways = sum(
        math.comb(count.failures, hits) * math.comb(count.draws - count.failures, count.held - hits)
        for hits in range(count.failing, count.held + 1)
    )
    assert found.check.p == pytest.approx(
        ways / math.comb(count.draws, count.held), rel=1e-9, abs=0
    )


def test_quasi_p_values_are_those_of_a_binomial_test() -> None:
    x, failing = _noisy_corner(3)
    draws = Draws(x, failing)
    box = Box.everything(WIDTH).limited(0, low=0.6).limited(1, high=0.5).limited(2, low=0.02)
    for column in box.restricted:
        inside, freed = draws.count(box), draws.count(box.without(column))
        test = binomtest(inside.failing, inside.held, freed.density, alternative="greater")
        expected = pytest.approx(test.pvalue, rel=1e-9, abs=0)
        assert quasi_p(draws, box, box.without(column)) == expected
    assert quasi_p(draws, box, box.without(0)) < 1e-6
    assert quasi_p(draws, box, box.without(2)) > 0.05
    assert pruned(draws, box).restricted == [0, 1]


def test_one_of_two_limits_on_an_input_is_dropped_if_it_could_be_chance() -> None:
    x, failing = _noisy_corner(3)
    box = Box.everything(WIDTH).limited(0, low=0.7, high=0.99).limited(1, high=0.4)
    kept = pruned(Draws(x, failing), box)
    assert (kept.low[0], kept.high[0], kept.high[1]) == (0.7, math.inf, 0.4)


def test_every_restriction_reported_has_a_small_quasi_p_value_and_makes_failures_denser() -> None:
    found = _found_in_noise(4)
    assert all(each.quasi_p <= 0.05 for each in found.restrictions)
    found = _found(4, lambda x: np.asarray((x[:, 0] > 0.3) & (x[:, 1] < 0.2)))
    assert [each.name for each in found.restrictions] == ["referrals_a_year", "leakage"]
    densities = [each.without.density for each in found.restrictions]
    assert densities == sorted(densities)
    assert densities[-1] < found.density


def test_peeling_takes_a_twentieth_at_a_time_down_to_the_least_mass() -> None:
    found = _found_in_noise(5, 4000, least_mass=0.1)
    counts = [step.count for step in found.trajectory]
    assert counts[0].mass == 1
    for before, after in pairwise(counts):
        assert before.held - after.held == math.ceil(0.05 * before.held - 1e-9)
    assert 0.1 <= counts[-1].mass < 0.1 / 0.95 + 0.001
    assert sum(step.chosen for step in found.trajectory) == 1


def test_pasting_takes_back_what_was_peeled_too_far() -> None:
    x = _inputs(6)
    draws = Draws(x, _corner(x))
    far = Box.everything(WIDTH).limited(0, low=0.9).limited(1, high=0.1).limited(2, high=0.8)
    grown = pasted(draws, far, Search(tuple(range(WIDTH)), 0.05, 0.05))
    assert grown.low[0] == pytest.approx(0.7, abs=0.03)
    assert grown.high[1] == pytest.approx(0.4, abs=0.03)
    assert grown.restricted == [0, 1]
    assert draws.count(grown).evidence > draws.count(far).evidence


def test_a_box_is_pasted_after_it_is_peeled() -> None:
    """Most boxes cannot be made better; this one can."""
    draws = Draws(*_noisy_corner(8))
    path = sought(draws, Search(tuple(range(WIDTH)), 0.05, 0.05))
    peeled_only = pruned(draws, path.boxes[path.kept])
    assert draws.count(path.box).evidence > draws.count(peeled_only).evidence + 0.5


def test_evidence_is_half_the_statistic_of_the_g_test() -> None:
    count = Count(held=30, failing=20, draws=200, failures=50)
    table = [[20, 10], [30, 140]]
    statistic = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    assert count.evidence == pytest.approx(statistic / 2)
    assert Count(held=30, failing=2, draws=200, failures=50).evidence == 0
    assert Count(held=200, failing=50, draws=200, failures=50).evidence == 0
    assert Count(held=0, failing=0, draws=200, failures=50).evidence == 0


def test_inputs_of_few_values_are_cut_between_them() -> None:
    x = np.round(_inputs(7, 2000) * 4)
    x[:, 5] = 1.0
    found = prim(x, NAMES, np.asarray((x[:, 0] >= 3) & (x[:, 1] == 0)))
    assert _limits(found) == {"leakage": (2.5, math.inf), "referrals_a_year": (-math.inf, 0.5)}
    assert found.density == found.coverage == 1
    assert "Outside these limits it never fails." in found.summary()


@pytest.mark.parametrize(
    ("failures", "verdict", "words"),
    [
        (0, "nothing_fails", "The case fails in none of 100 draws."),
        (100, "everything_fails", "The case fails in every one of 100 draws."),
        (19, "too_few_fail", "The case fails in 19 of 100 draws: too few to say when."),
        (81, "too_few_succeed", "The case fails in all but 19 of 100 draws: it fails nearly"),
    ],
)
def test_where_no_box_can_be_sought_it_says_why(failures: int, verdict: str, words: str) -> None:
    x = _inputs(0, 100)
    found = prim(x, NAMES, x[:, 0].argsort().argsort() < failures)
    assert found.verdict == verdict
    assert found.restrictions == ()
    assert found.trajectory == ()
    assert found.check is None
    assert words in found.summary()
    assert len(found.to_frame()) == 0
    assert found.plot().svg().startswith("<svg")
    assert found.plot().title == found.summary().split(". ")[0]


def test_twenty_failures_are_enough_if_they_are_together() -> None:
    x = _inputs(0, 400)
    found = prim(x, NAMES, x[:, 0].argsort().argsort() < 20)
    assert found.verdict == "box"
    assert set(_limits(found)) == {"leakage"}


def test_the_summary_says_when_how_often_and_how_much_of_it() -> None:
    x = _inputs(0)
    x[:, 1] *= 130
    failing = (x[:, 0] > 0.6) & (x[:, 1] < 52) | (_luck(0) < 0.1)
    found = prim(x, NAMES, failing)
    words = found.summary({"leakage": "{:.0%}".format})
    leakage, referrals = (_limits(found)[name] for name in NAMES[:2])
    assert f"The case fails in {failing.mean():.0%} of draws." in words
    assert f"leakage above {leakage[0]:.0%}" in words
    assert f"referrals_a_year below {referrals[1]:.3g}" in words
    assert f"it fails in {found.density:.0%} of draws" in words
    assert f"this explains {found.coverage:.0%} of the failures" in words
    assert found.check is not None
    kept = found.check.count.density
    assert f"kept aside while the limits were sought, it fails in {kept:.0%}" in words
    assert "not that the inputs named cause them" in words


def test_tables_have_a_row_for_each_limit_and_for_each_peel() -> None:
    found = _found(0)
    frame = found.to_frame()
    assert list(frame.columns) == ["input", "at_least", "at_most", "quasi_p", "density_without",
                                   "coverage_without", "mass_without"]  # fmt: skip
    assert frame["input"].tolist() == [each.name for each in found.restrictions]
    row = frame.set_index("input").loc["leakage"]
    assert row["at_least"] == _limits(found)["leakage"][0]
    assert np.isnan(row["at_most"])
    path = found.trajectory_frame()
    assert len(path) == len(found.trajectory)
    assert path["mass"].is_monotonic_decreasing
    assert path["chosen"].sum() == 1
    assert path.loc[0, "restricted_inputs"] == 0


def _texts(svg: str) -> str:
    return " ".join(text.strip() for text in ET.fromstring(svg).itertext())  # noqa: S314


def test_the_plot_tells_failures_by_mark_and_draws_the_box() -> None:
    found = _found(0, draws=400)
    figure = found.plot({"leakage": "{:.0%}".format})
    assert figure.title.startswith("With ")
    assert "leakage above 7" in figure.title
    assert "Crosses are draws in which the case fails" in figure.description
    written = _texts(figure.svg())
    assert "It fails" in written
    assert "The case does not fail" in written
    assert "75%" in written
    assert figure.svg() == found.plot({"leakage": "{:.0%}".format}).svg()
    assert ("Failures that lie within the limits", f"{found.coverage:.0%}") in figure.rows
    assert figure.png().startswith(b"\x89PNG")


def test_the_plot_has_a_cross_for_each_failure_and_a_rectangle_where_the_limits_are() -> None:
    found = _found(0, lambda x: np.asarray((x[:, 0] > 0.3) & (x[:, 1] < 0.2)), draws=400)
    drawing = Drawing()
    found.plot().draw(Sheet(drawing, None))
    axes = drawing.axes[-1]
    circles, crosses = axes.lines
    assert (circles.get_marker(), crosses.get_marker()) == ("o", "x")
    assert circles.get_color() != crosses.get_color()
    failing = found.draws.inputs[found.draws.failing]
    assert (np.column_stack(crosses.get_data()) == failing[:, [1, 0]]).all()
    assert np.size(circles.get_xdata()) == 400 - len(failing)
    (rectangle,) = axes.patches
    (left, low), (right, top) = rectangle.get_extents().transformed(
        axes.transData.inverted()
    ).get_points()  # fmt: skip
    limits = _limits(found)
    assert (left, right) == pytest.approx((axes.get_xlim()[0], limits["referrals_a_year"][1]))
    assert (low, top) == pytest.approx((limits["leakage"][0], axes.get_ylim()[1]))


def test_the_plot_shows_only_draws_within_the_limits_of_other_inputs() -> None:
    found = _found(0, lambda x: np.asarray((x[:, :3] > 0.5).all(axis=1)), draws=3000)
    assert len(found.restrictions) == 3
    third = found.restrictions[2]
    held = (found.draws.inputs[:, NAMES.index(third.name)] > third.low).sum()
    figure = found.plot()
    assert f"of the {min(held, MOST_POINTS):,} shown" in figure.description
    assert f", of those with {third.name.replace('_', ' ')} above" in figure.subtitle


def test_one_input_alone_is_drawn_against_the_number_of_the_draw() -> None:
    x = _inputs(0)[:, :1]
    found = prim(x, ["leakage"], x[:, 0] > 0.6)
    assert "Number of the draw" in _texts(found.plot().svg())


def test_a_count_of_nothing_has_no_density() -> None:
    assert math.isnan(Count(held=0, failing=0, draws=10, failures=3).density)
    assert math.isnan(Count(held=10, failing=0, draws=10, failures=0).coverage)


def test_plain_values_are_short() -> None:
    assert [plain_value(v) for v in (0.0, 0.12345, -3.0, 999.4, 1234.5)] == [
        "0", "0.123", "-3", "999", "1,234"
    ]  # fmt: skip


_GOOD = np.full((3, 2), 0.5)
_FLAGS = np.array([True, False, True])


@pytest.mark.parametrize(
    ("inputs", "names", "failing", "words"),
    [
        (_GOOD, ["a"], _FLAGS, r"The inputs have the shape \(3, 2\).* each of the 1 names"),
        (_GOOD[:, 0], ["a"], _FLAGS, r"The inputs have the shape \(3,\)"),
        (_GOOD[:0], ["a", "b"], _FLAGS[:0], r"and at least one of both"),
        (_GOOD, ["a", "b"], _FLAGS[:2], r"`failing` has the shape \(2,\)"),
        (_GOOD, ["a", "b"], np.array([1.0, 0, 1]), "the type float64. It needs true or false"),
        (_GOOD, ["a", "a"], _FLAGS, "The input 'a' is named twice"),
        (np.array([[1, 2], [3, np.nan], [1, 1]]), ["a", "b"], _FLAGS, "Row 2 of 'b' is nan"),
        (np.array([[1, 2], [3, 1], [np.inf, 1]]), ["a", "b"], _FLAGS, "Row 3 of 'a' is inf"),
    ],
)
def test_arrays_that_do_not_fit_are_refused_in_words(
    inputs: Array, names: list[str], failing: Flags, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        prim(inputs, names, failing)


@pytest.mark.parametrize(
    ("peel", "least_mass", "words"),
    [
        (0.0, 0.05, "`peel` is 0.0. It must be above 0 and below 0.5"),
        (0.5, 0.05, "`peel` is 0.5"),
        (math.nan, 0.05, "`peel` is nan"),
        (0.05, 1.0, "`least_mass` is 1.0. It must be above 0 and below 1"),
    ],
)
def test_shares_out_of_range_are_refused_in_words(
    peel: float, least_mass: float, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        prim(_GOOD, ["a", "b"], _FLAGS, peel, least_mass)
