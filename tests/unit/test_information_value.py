"""The value of perfect and partial information against closed forms, and what must always hold."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from costsim.uncertainty.information.bins import bins_of
from costsim.uncertainty.information.decision import Decision
from costsim.uncertainty.information.evpi import evpi, expected_losses
from costsim.uncertainty.information.evppi import evppi, partial_information
from costsim.uncertainty.information.learning import learn
from costsim.uncertainty.information.ridge import Array
from costsim.uncertainty.information.worths import METHODS, Method, Worth

CHECKOUT = Path(__file__).parents[2]
DRAWS = 20_000
# p1 ~ N(1, 1), p2 ~ N(0, sd 2); one option is worth k p1 - p2, the other 0: EVPI, EVPPI of each.
KNOWN = {
    1: (0.4798107063, 0.0833154706, 0.3955931148),
    2: (0.3992824567, 0.1666309412, 0.1666309412),
    3: (0.409463416, 0.2499464118, 0.0586135875),
}


def draws(seed: int, rows: int = DRAWS) -> Array:
    luck = np.random.Generator(np.random.Philox(seed))
    return np.column_stack([luck.normal(1, 1, rows), luck.normal(0, 2, rows)])


def even(seed: int) -> Array:
    """Standard normal draws of two inputs, one from each of as many equal parts."""
    luck = np.random.Generator(np.random.Philox(seed))
    parts = luck.permuted(np.tile(np.arange(DRAWS), (2, 1)), axis=1).T
    return np.asarray(ndtri((parts + luck.random((DRAWS, 2))) / DRAWS))


def worth_of(k: int, inputs: Array) -> Array:
    return np.asarray(k * inputs[:, 0] - inputs[:, 1])


def assert_near(found: Worth, truth: float, errors: float = 4.0) -> None:
    assert found.standard_error > 0
    assert abs(found.value - truth) <= errors * found.standard_error, (found, truth)


@pytest.mark.parametrize("k", KNOWN)
def test_evpi_meets_the_closed_form(k: int) -> None:
    truth = KNOWN[k][0]
    found = [evpi(worth_of(k, draws(seed))) for seed in range(40)]
    assert all(abs(each.value - truth) < 4 * each.standard_error for each in found)
    assert np.mean([each.value for each in found]) == pytest.approx(truth, rel=0.01)


@pytest.mark.parametrize("k", KNOWN)
@pytest.mark.parametrize("method", METHODS)
def test_evppi_meets_the_closed_form_by_every_method(k: int, method: Method) -> None:
    inputs = draws(1)
    for column in (0, 1):
        found = evppi(worth_of(k, inputs), inputs[:, column], method)
        assert_near(found, KNOWN[k][1 + column])


@pytest.mark.parametrize("k", KNOWN)
def test_the_mean_evppi_of_several_seeds_is_within_one_per_cent(k: int) -> None:
    """Even samples with their mirror images, so that hardly any chance is left."""
    mirrors = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    samples = [[1, 0] + even(seed) * each * [1, 2] for seed in range(3) for each in mirrors]
    for column in (0, 1):
        decisions = [(Decision.of(worth_of(k, each)), each[:, [column]]) for each in samples]
        found = [learn(decision, x, "spline").value for decision, x in decisions]
        assert np.mean(found) == pytest.approx(KNOWN[k][1 + column], rel=0.01)


def test_the_standard_error_is_that_from_sample_to_sample() -> None:
    samples = [draws(seed, 1000) for seed in range(40)]
    for method in ("spline", "bins"):
        found = [evppi(worth_of(1, each), each[:, 0], method) for each in samples]
        spread = np.std([each.value for each in found])
        claimed = np.mean([each.standard_error for each in found])
        assert 0.8 < claimed / spread < 1.6, method


def test_six_methods_agree() -> None:
    inputs = draws(2)
    found = [evppi(worth_of(1, inputs), inputs[:, 0], method).value for method in METHODS]
    luck = np.random.Generator(np.random.Philox(3))
    nested = [np.mean(p1 - luck.normal(0, 2, 4000)) for p1 in luck.normal(1, 1, 4000)]
    found.append(float(np.mean(np.maximum(nested, 0)) - max(np.mean(nested), 0)))
    points = np.linspace(-8, 10, 200_001)
    density = np.exp(-((points - 1) ** 2) / 2) / math.sqrt(2 * math.pi)
    found.append(float(np.sum(density * np.maximum(points, 0))) * 18 / 200_000 - 1)
    assert len(found) == 6
    assert max(found) - min(found) < 0.015
    assert np.mean(found) == pytest.approx(KNOWN[1][1], abs=0.008)


@pytest.mark.parametrize("rows", [1000, 5000])
@pytest.mark.parametrize("method", METHODS)
def test_an_input_that_is_noise_is_worth_next_to_nothing(rows: int, method: Method) -> None:
    found = []
    for seed in range(3):
        luck = np.random.Generator(np.random.Philox(100 + seed))
        worth = luck.normal(0.5, 3, rows)
        found.append(evppi(worth, luck.normal(size=rows), method).value)
    # Bins with the cube root of the draws invent most: published biases are .028 and .004.
    assert np.mean(found) < (0.06 if rows == 1000 else 0.02)


def test_many_bins_would_invent_value() -> None:
    assert len(np.unique(bins_of(np.arange(8000.0)))) == 20


def test_draws_of_one_value_are_never_parted() -> None:
    x = np.repeat([0.0, 1.0, 2.0], [700, 200, 100])
    found = bins_of(x)
    assert [len(set(found[x == value])) for value in (0, 1, 2)] == [1, 1, 1]
    assert len(set(found)) == 3


def test_the_least_expected_loss_is_evpi() -> None:
    luck = np.random.Generator(np.random.Philox(4))
    worths = luck.normal([0, 1, 2], [1, 5, 3], size=(5000, 3))
    losses = expected_losses(worths)
    found = evpi(worths, ["old", "new", "newer"])
    assert found.value == losses.min()
    assert found.value == pytest.approx(worths.max(axis=1).mean() - worths.mean(axis=0).max())
    assert found.choice == "newer"
    assert sum(found.best_in) == pytest.approx(1.0)


def test_one_option_is_compared_with_doing_nothing() -> None:
    worth = worth_of(1, draws(5, 500))
    both = evpi(np.column_stack([np.zeros(500), worth]))
    assert evpi(worth).value == both.value
    assert evpi(worth, ["new form"]).options == ("doing nothing", "new form")


def test_what_is_common_to_all_options_does_not_matter() -> None:
    inputs = draws(6, 4000)
    gain = worth_of(1, inputs)
    common = 1e6 + 500 * np.random.Generator(np.random.Philox(7)).normal(size=4000)
    pair = np.column_stack([common, common + gain])
    found, plain = evppi(pair, inputs[:, 1], "spline"), evppi(gain, inputs[:, 1], "spline")
    assert found.value == pytest.approx(plain.value, rel=1e-6)


def test_three_options_meet_numerical_integration() -> None:
    luck = np.random.Generator(np.random.Philox(8))
    x, noise = luck.normal(size=DRAWS), luck.normal(0, 3, size=(DRAWS, 3))
    worths = np.column_stack([0 * x, x, 1 - 2 * x]) + noise
    points = np.linspace(-9, 9, 200_001)
    density = np.exp(-(points**2) / 2) / math.sqrt(2 * math.pi)
    best = np.max([0 * points, points, 1 - 2 * points], axis=0)
    truth = float(np.sum(density * best)) * 18 / 200_000 - 1
    for method in ("spline", "bins", "polynomial"):
        assert_near(evppi(worths, x, method), truth)


def test_values_are_in_order() -> None:
    luck = np.random.Generator(np.random.Philox(9))
    for _ in range(2):
        inputs = luck.normal(size=(800, 3))
        worth = inputs[:, 0] * inputs[:, 1] + inputs[:, 0] - 0.3 + luck.normal(size=800)
        found = partial_information(
            worth, inputs, ["a", "b", "c"], groups={"ab": ["a", "b"], "all": ["a", "b", "c"]}
        )
        assert found.perfect.value >= found["all"].value >= found["ab"].value
        assert found["ab"].value >= max(found["a"].value, found["b"].value)
        assert all(each.value >= 0 for each in found.factors)


def test_a_value_above_that_of_knowing_everything_is_cut_and_says_so() -> None:
    x = np.random.Generator(np.random.Philox(10)).uniform(-1, 1, size=(400, 1))
    worth = np.where(x[:, 0] < 0, -0.01, -1.0)  # a cliff, beside which a smooth curve overshoots
    worth[0] = 0.5
    found = partial_information(worth, x, ["x"])
    assert found["x"].first.value > found.perfect.value == found["x"].value
    assert "is cut" in found["x"].note
    assert "is cut" in found.summary()


def test_a_group_worth_less_than_a_part_of_it_is_raised_and_doubted() -> None:
    luck = np.random.Generator(np.random.Philox(11))
    x = luck.uniform(-3, 3, size=(2000, 2))
    raised = partial_information(np.sin(4 * x[:, 0]), x, ["a", "b"], groups={"ab": ["a", "b"]})
    assert raised["ab"].value == raised["a"].value > raised["ab"].first.value
    assert "is raised" in raised["ab"].note
    assert not raised["ab"].agree
    assert "disagree on a and ab" in raised.summary()


@given(st.floats(1.0, 4.0), st.floats(-2.0, 2.0))
@settings(max_examples=25, deadline=None)
def test_widening_an_input_does_not_lower_evpi(factor: float, mean: float) -> None:
    inputs = draws(12, 500)
    centred = inputs[:, 1] - inputs[:, 1].mean()
    narrow, wide = evpi(mean + centred), evpi(mean + factor * centred)
    assert wide.value >= narrow.value - 1e-12


def test_chance_within_a_draw_is_taken_out_of_evpi() -> None:
    luck = np.random.Generator(np.random.Philox(113))
    inputs = draws(13)
    noisy = worth_of(1, inputs) + luck.normal(0, 2, DRAWS)
    truth = KNOWN[1][0]
    assert evpi(noisy).value > truth + 0.2
    shrunk = evpi(noisy, noise_variance=4.0)
    smoothed = evpi(noisy, noise_variance=4.0, inputs=inputs)
    assert (shrunk.manner, smoothed.manner) == ("shrunk", "smoothed")
    for found in (shrunk, smoothed):
        assert abs(found.value - truth) < 4 * found.standard_error
        assert "Chance within a draw is taken out" in found.summary()
    names = ["p1", "p2"]
    partial = partial_information(noisy, inputs, names, noise_variance=4.0)
    assert partial.perfect.value == smoothed.value
    assert_near(partial["p1"].first, KNOWN[1][1])


def test_nothing_but_chance_is_worth_nothing() -> None:
    noise = np.random.Generator(np.random.Philox(14)).normal(1, 1, 500)
    assert evpi(noise, noise_variance=9.0).value == 0
    with pytest.raises(ValueError, match="variance of chance is -1"):
        evpi(noise, noise_variance=-1.0)


def test_partial_information_tells_what_to_learn_about() -> None:
    inputs = np.column_stack([draws(15, 4000), np.ones(4000)])
    told: list[str] = []
    found = partial_information(
        1000 * worth_of(1, inputs), inputs, ["wage", "minutes", "fixed"], options=["new form"],
        groups={"costs": ["wage", "minutes"]}, progress=told.append,
    )  # fmt: skip
    assert [each.name for each in found.factors] == ["costs", "minutes", "wage", "fixed"]
    assert told == ["wage", "minutes", "fixed", "costs"]
    assert all(each.agree for each in found.factors)
    words = found.summary()
    assert "greatest for minutes (£3" in words
    assert "What fixed alone would be worth cannot be told from nothing" in words
    frame = found.to_frame()
    assert frame["factor"].tolist() == ["costs", "minutes", "wage", "fixed"]
    assert frame["evppi"].tolist() == [each.value for each in found.factors]
    assert frame["method"].tolist() == ["polynomial", "spline", "spline", "spline"]


def test_figures_can_be_drawn_and_say_the_same() -> None:
    inputs = draws(16, 500)
    found = partial_information(worth_of(1, inputs), inputs, ["wage", "minutes"])
    figure = found.plot()
    assert figure.title.startswith("Minutes is the most worth knowing")
    assert [row[0] for row in figure.rows] == ["minutes", "wage"]
    assert "Everything (EVPI)" in figure.svg()
    assert found.perfect.plot().svg().count("doing nothing") >= 1


def test_the_same_seed_gives_the_same_and_another_seed_another_error() -> None:
    inputs = draws(17, 1000)
    worth = worth_of(1, inputs)
    first = evppi(worth, inputs[:, 0], "spline", 0)
    assert first == evppi(worth, inputs[:, 0], "spline", 0)
    other = evppi(worth, inputs[:, 0], "spline", 1)
    assert other.value == first.value
    assert other.standard_error != first.standard_error


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({"g": ["wage", "minuts"]}, "minuts, which is no input. Did you mean minutes"),
        ({"wage": ["minutes"]}, "has the name of an input"),
        ({"g": []}, "is empty or names an input twice"),
        ({"g": ["wage", "wage"]}, "is empty or names an input twice"),
    ],
)
def test_groups_that_make_no_sense_are_refused(groups: dict[str, list[str]], words: str) -> None:
    inputs = draws(18, 50)
    with pytest.raises(ValueError, match=words):
        partial_information(inputs[:, 0], inputs, ["wage", "minutes"], groups=groups)


def test_bad_numbers_are_refused_naming_input_and_row() -> None:
    inputs = draws(19, 50)
    inputs[6, 1] = np.nan
    with pytest.raises(ValueError, match=r"The input minutes .* row 7 is not"):
        partial_information(inputs[:, 0], inputs, ["wage", "minutes"])
    with pytest.raises(ValueError, match="along one input, but 2"):
        evppi(inputs[:, 0], np.ones((50, 2)), "bins")
    with pytest.raises(ValueError, match="give each a name of its own"):
        evpi(np.ones((50, 2)), ["old", "old"])


PROGRAM = """
import numpy as np
from costsim.uncertainty.information.evppi import evppi
from costsim.uncertainty.information.worths import METHODS
from costsim.uncertainty.information.smoothing import fit
luck = np.random.Generator(np.random.Philox(1))
x = luck.normal(size=(1500, 4))
y = x[:, 0] * x[:, 1] + luck.normal(size=1500)
print(fit(x[:, 0], y).fitted.tobytes().hex())
print([evppi(y, x[:, 0], method).value for method in METHODS])
print([evppi(y, x, method).value for method in METHODS[2:]])
"""


def test_the_number_of_processors_changes_no_figure() -> None:
    found = set()
    for threads in ("1", "2"):
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": threads}
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, cwd=CHECKOUT, check=True,
            capture_output=True,
        )  # fmt: skip
        found.add(run.stdout)
    assert len(found) == 1
    assert len(found.pop()) > 1500 * 16
