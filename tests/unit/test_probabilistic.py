"""Probabilistic analysis: what the draws come to, against answers worked out by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from costsim.errors import ScenarioError
from costsim.evaluation import evaluate
from costsim.executors import LocalProcesses
from costsim.scenario.loader import load
from costsim.uncertainty.acceptability import acceptability
from costsim.uncertainty.allocation import best_replications
from costsim.uncertainty.parameters import Parameters
from costsim.uncertainty.probabilistic import Probabilistic, probabilistic
from costsim.uncertainty.response import (
    Luckily,
    by_arithmetic_of,
    only_priced,
    simulated_of,
)
from costsim.uncertainty.spread import probability, spread, without_chance
from tests.unit.uncertain import COUNTED, HOURS_BY_WAGE, QUEUE, scenario_of


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Probabilistic:
    """Net benefit = U(8, 16) x U(30, 50) - 480."""
    folder = tmp_path_factory.mktemp("product")
    return probabilistic(scenario_of(folder, HOURS_BY_WAGE), draws=4096)


def test_the_spread_of_a_product_is_that_of_its_closed_form(product: Probabilistic) -> None:
    found = product.spread_of("net_benefit")

    assert found.value == pytest.approx(0.0, abs=1e-9)
    assert found.mean == pytest.approx(0.0, abs=1.0)
    variance = (144 + 16 / 3) * (1600 + 100 / 3) - 480**2  # E[h2] E[w2] - (E[h] E[w])2
    assert found.sd == pytest.approx(math.sqrt(variance), rel=0.01)
    assert found.chance_error == 0.0
    assert found.sampling_error == pytest.approx(math.sqrt(variance / 4096), rel=0.01)


def test_quantiles_and_probabilities_are_those_of_the_closed_form(product: Probabilistic) -> None:
    # P(h w <= x) for x = 480, by integrating over h: 1/160 times the area where h w <= 480.
    hours = np.linspace(8, 16, 200_001)
    below = np.clip(480 / hours - 30, 0, 20).mean() / 20
    assert product.pays().value == pytest.approx(1 - below, abs=0.01)
    assert product.saves().value == 1.0
    middle = product.spread_of("net_benefit").p50 + 480
    share = np.clip(middle / hours - 30, 0, 20).mean() / 20
    assert share == pytest.approx(0.5, abs=0.01)


def test_a_payback_that_never_comes_is_never_in_quantiles_and_probabilities(
    product: Probabilistic,
) -> None:
    payback = product.spread_of("payback_years")

    assert payback.mean is None
    assert payback.p90 == math.inf
    assert payback.p10 < 1.0
    assert product.repays_within(1).value == pytest.approx(product.pays().value)


def test_the_expected_losses_are_those_of_each_choice(product: Probabilistic) -> None:
    net = product.draws.outcome("net_benefit", "new")

    losses = product.expected_losses
    assert losses["old"] == pytest.approx(float(np.maximum(net, 0).mean()))
    assert losses["new"] == pytest.approx(float(np.maximum(-net, 0).mean()))
    assert product.evpi == min(losses.values())


def test_counted_shares_give_the_mean_and_variance_of_their_dirichlet(tmp_path: Path) -> None:
    found = probabilistic(scenario_of(tmp_path, COUNTED), draws=2000).spread_of("per_case_saving")

    assert found.value == pytest.approx(60 * (1 + 2 * 0.3 + 5 * 0.1))
    assert found.mean == pytest.approx(126.0, abs=0.3)
    b, c, both = 0.3 * 0.7 / 121, 0.1 * 0.9 / 121, -0.3 * 0.1 / 121
    assert found.sd == pytest.approx(60 * math.sqrt(4 * b + 25 * c + 20 * both), rel=0.04)


def test_the_study_saves_and_mostly_repays() -> None:
    found = probabilistic(load("scenarios/coram-2017.yaml"), draws=400)

    assert found.by_arithmetic
    assert found.spread_of("net_benefit").value == pytest.approx(16_507.78, abs=0.01)
    assert found.saves().value == 1.0
    assert 0.9 < found.repays_within(3).value < 1.0
    assert found.spread_of("days_sooner").draws == found.allocation.draws
    assert (found.spread_of("days_sooner").chance_error or 0.0) > 0
    assert found.spread_of("net_benefit").chance_error == 0
    assert found.idle == ()


def test_an_input_that_moves_nothing_is_named(tmp_path: Path) -> None:
    text = HOURS_BY_WAGE.replace(
        "uncertain: {uniform: [£30, £50]}}}",
        "uncertain: {uniform: [£30, £50]}}}\n"
        "  clerk: {hourly_cost: {value: £20, uncertain: {uniform: [£10, £30]}}}",
    )
    found = probabilistic(scenario_of(tmp_path, text), draws=20)

    assert found.idle == ("staff.clerk.hourly_cost",)
    assert any("move no outcome: staff.clerk.hourly_cost" in each for each in found.warnings)


def test_a_target_is_met_as_often_as_the_saving_reaches_it(tmp_path: Path) -> None:
    text = HOURS_BY_WAGE + "uncertainty: {target: £480, draws: 512, sampling: sobol}\n"
    found = probabilistic(scenario_of(tmp_path, text))

    met = found.meets_target()
    assert met is not None
    assert len(found.draws) == 512
    assert met.value == pytest.approx(
        float(np.mean(found.draws.outcome("annual_saving", "new") >= 480))
    )


def test_draws_are_the_same_whoever_does_them(tmp_path: Path) -> None:
    parameters = Parameters.of(scenario_of(tmp_path, HOURS_BY_WAGE))
    rows = parameters.values(np.random.default_rng(1).random((2500, 2)))

    alone = by_arithmetic_of(parameters, ("net_benefit",), rows)
    with LocalProcesses(2) as crew:
        shared = by_arithmetic_of(parameters, ("net_benefit",), rows, crew=crew)

    assert alone.values.tobytes() == shared.values.tobytes()


def test_a_draw_that_is_impossible_is_left_out_and_said(tmp_path: Path) -> None:
    parameters = Parameters.of(scenario_of(tmp_path, HOURS_BY_WAGE))
    rows = np.array([[720.0, 40.0], [720.0, -5.0], [720.0, 50.0]])

    found = by_arithmetic_of(parameters, ("net_benefit",), rows)

    assert np.isnan(found.of("net_benefit", "new")).tolist() == [False, True, False]
    assert [row for row, _ in found.failures] == [1]
    assert "impossible" in found.failures[0][1] or "negative" in found.failures[0][1]


def test_simulated_draws_have_luck_of_their_own_and_know_their_noise(tmp_path: Path) -> None:
    parameters = Parameters.of(scenario_of(tmp_path, QUEUE))
    rows = np.tile(parameters.base, (200, 1))

    found = simulated_of(parameters, ("per_case_saving",), rows, Luckily(1, 4))
    values, noise = found.of("per_case_saving", "new"), found.noise("per_case_saving", "new")

    assert len(set(values.tolist())) > 190
    assert values.var(ddof=1) == pytest.approx(noise.mean(), rel=0.35)
    spread_of = spread("per_case_saving", 0.0, values, noise)
    assert spread_of.sd is not None
    assert spread_of.sd < 0.6 * values.std()


def test_what_must_be_simulated_is_and_says_both_errors(tmp_path: Path) -> None:
    found = probabilistic(scenario_of(tmp_path, QUEUE), draws=80)

    assert not found.by_arithmetic
    assert found.allocation.replications >= 2
    net = found.spread_of("net_benefit")
    assert net.sampling_error is not None
    assert net.chance_error is not None
    assert net.sampling_error > 0
    assert net.chance_error > 0


def test_chance_is_taken_out_of_the_spread() -> None:
    luck = np.random.default_rng(5)
    truth, noise = luck.normal(0, 3, 20_000), luck.normal(0, 4, 20_000)

    found = spread("net_benefit", 0.0, truth + noise, np.full(20_000, 16.0))

    assert found.sd == pytest.approx(3.0, rel=0.03)
    assert found.p90 == pytest.approx(3 * 1.2816, rel=0.04)
    assert found.noise_ratio == pytest.approx(16 / 9, rel=0.05)
    assert found.sampling_error == pytest.approx(3 / math.sqrt(20_000), rel=0.03)
    assert found.chance_error == pytest.approx(4 / math.sqrt(20_000), rel=0.01)
    assert without_chance(truth, np.zeros(20_000)) is truth


def test_replications_follow_the_variances_and_their_prices() -> None:
    assert best_replications(within=0.0, between=1.0, preparation=1.0, each=1.0) == 2
    assert best_replications(within=100.0, between=1.0, preparation=1.0, each=1.0) == 10
    assert best_replications(within=1.0, between=0.0, preparation=1.0, each=1.0) == 1000


def test_probability_has_a_binomial_error() -> None:
    found = probability(np.arange(100) < 20)

    assert (found.value, found.draws) == (0.2, 100)
    assert found.error == pytest.approx(0.04)


def test_acceptability_follows_the_price_of_an_effect() -> None:
    luck = np.random.default_rng(2)
    gain, cost = luck.normal(1.0, 0.5, 50_000), luck.normal(100.0, 40.0, 50_000)
    nothing = np.zeros(50_000)
    found = acceptability(
        "helped",
        ["old", "new"],
        np.column_stack([nothing, cost]),
        np.column_stack([nothing, gain]),
        np.array([0.0, 100.0, 300.0]),
    )

    # gain x 300 - cost ~ N(200, sqrt(150^2 + 40^2)): P(> 0) = Phi(200 / 155.24) = 0.9012.
    assert found.probability[2, 1] == pytest.approx(0.9012, abs=0.005)
    assert found.probability[0, 1] == pytest.approx(1 - 0.99379, abs=0.002)
    assert found.best.tolist()[0] == 0
    assert found.best.tolist()[2] == 1
    mean, sd = 200.0, math.hypot(150, 40)
    density = math.exp(-((mean / sd) ** 2) / 2) / math.sqrt(2 * math.pi)
    evpi = sd * density - mean * (1 - 0.9012)
    assert found.evpi[2] == pytest.approx(evpi, abs=1.0)
    assert found.frontier.tolist()[2] == found.probability[2, 1]


def test_a_scenario_that_is_sure_of_everything_is_refused(tmp_path: Path) -> None:
    text = HOURS_BY_WAGE.replace(", uncertain: {uniform: [£30, £50]}", "").replace(
        ", uncertain: {uniform: [8 h, 16 h]}", ""
    )
    with pytest.raises(ScenarioError, match="no input of this scenario is uncertain"):
        probabilistic(scenario_of(tmp_path, text))


def test_too_few_draws_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="9 draws are too few"):
        probabilistic(scenario_of(tmp_path, HOURS_BY_WAGE), draws=9)


PRICED = QUEUE.replace(
    "{gamma: {mean: {value: 8 h, uncertain: {uniform: [6 h, 10 h]}}, sd: 4 h}}",
    "{gamma: {mean: 8 h, sd: 4 h}}",
)


def test_inputs_that_only_price_are_priced_again_on_one_run(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, PRICED)
    found = probabilistic(scenario, draws=400)

    assert found.allocation.one_run
    wages = found.draws.values[:, 0]
    saving = found.draws.outcome("per_case_saving", "new")
    # The same minutes at every wage: the saving is in proportion to it, without any noise.
    assert np.ptp(saving / wages) < 1e-9 * saving.mean() / wages.mean()
    spread_of = found.spread_of("per_case_saving")
    assert spread_of.mean == pytest.approx(
        evaluate(scenario).main.programme.economics.per_case_saving.number, rel=0.01
    )
    noise = found.draws.noise("per_case_saving", "new")
    assert spread_of.chance_error == pytest.approx(math.sqrt(noise.mean()))
    assert spread_of.sd == pytest.approx(float(np.std(saving, ddof=1)))


def test_times_that_no_input_moves_are_those_of_one_run(tmp_path: Path) -> None:
    text = HOURS_BY_WAGE.replace(", uncertain: {uniform: [8 h, 16 h]}", "")
    found = probabilistic(scenario_of(tmp_path, text), draws=50)

    assert found.by_arithmetic
    assert found.allocation.one_run
    assert found.spread_of("days_sooner").sd == 0.0
    assert (found.spread_of("days_sooner").chance_error or 0.0) > 0


BRANCH = QUEUE.replace(
    "        next: done\n    outcomes: [done]\n  new:",
    "        next:\n"
    "          panel: {value: 0%, uncertain: {discrete: [{value: 0%, share: 94%},"
    " {value: 100%, share: 6%}]}}\n"
    "          done: rest\n"
    "      panel: {staff: {worker: 5 h}, next: done}\n"
    "    outcomes: [done]\n  new:",
).replace(", uncertain: {uniform: [6 h, 10 h]}", "")
EVEN = COUNTED.replace("dirichlet: 72", "dirichlet: 5").replace("dirichlet: 36", "dirichlet: 5")
EVEN = EVEN.replace("      third: {staff: {worker: 5 h}, next: done}\n", "").replace(
    "          third: {value: 10%, uncertain: {dirichlet: 12}}\n", ""
)
EVEN = EVEN.replace("value: 60%", "value: 50%").replace("value: 30%", "value: 50%")


@pytest.mark.parametrize("text", [BRANCH, EVEN], ids=["a rare branch", "even counts"])
def test_what_changes_where_cases_go_is_no_mere_price(tmp_path: Path, text: str) -> None:
    assert not only_priced(Parameters.of(scenario_of(tmp_path, text)))


def test_the_order_of_a_file_changes_no_figure(tmp_path: Path) -> None:
    _, _, rest = HOURS_BY_WAGE.partition("staff:\n")
    worker, _, after = rest.partition("referrals:")
    shuffled = HOURS_BY_WAGE.replace(f"staff:\n{worker}", "") + f"staff:\n{worker}"
    assert after
    for kind in ("latin_hypercube", "sobol", "random"):
        found = [
            probabilistic(
                scenario_of(tmp_path, f"{text}uncertainty: {{sampling: {kind}, draws: 64}}\n")
            ).spread_of("net_benefit")
            for text in (HOURS_BY_WAGE, shuffled)
        ]
        assert found[0] == found[1]


def test_where_nothing_was_spent_a_loss_repays_nothing(tmp_path: Path) -> None:
    text = HOURS_BY_WAGE.replace("£480", "£0") + "running_costs: {new: {hosting: £480}}\n"
    found = probabilistic(scenario_of(tmp_path, text), draws=256)

    assert found.repays_within(1).value == found.pays().value
    assert 0.3 < found.pays().value < 0.7


def test_probabilities_and_losses_are_without_chance_too() -> None:
    luck = np.random.default_rng(3)
    truth, noise = luck.normal(1.0, 1.0, 20_000), luck.normal(0.0, 2.0, 20_000)
    cleared = without_chance(truth + noise, np.full(20_000, 4.0))

    assert np.mean(cleared > 0) == pytest.approx(0.8413, abs=0.02)
    assert np.mean(np.maximum(-cleared, 0)) == pytest.approx(0.0833, abs=0.01)


def test_draws_that_show_nothing_but_chance_stay_as_wide_as_they_are() -> None:
    draws = np.random.default_rng(4).normal(0.0, 1.0, 100)

    assert without_chance(draws, np.full(100, 2.0)) is draws
    found = spread("net_benefit", 0.0, draws, np.full(100, 2.0))
    assert found.noise_ratio is None
    assert found.p10 < -0.8 < 0.8 < found.p90


def test_a_draw_without_anybody_is_one_that_could_not_be_evaluated(tmp_path: Path) -> None:
    text = HOURS_BY_WAGE.replace(
        "per_year: 1,",
        "per_year: {value: 1, uncertain: {discrete: [{value: 0, share: 25%}, "
        "{value: 1, share: 75%}]}},",
    )
    found = probabilistic(scenario_of(tmp_path, text), draws=64)

    assert int(found.draws.good.sum()) == 48
    assert any("nobody is referred" in each for each in found.warnings)
