"""The answer by arithmetic alone: the same figures as a simulation, without its error."""

from __future__ import annotations

from pathlib import Path

import pytest

from costsim.answers import Figures, means, simulated
from costsim.evaluation import evaluate
from costsim.results.estimates import Estimate
from costsim.scenario.loader import load

SCENARIOS = [*sorted(Path("scenarios/features").glob("*.yaml")), Path("scenarios/coram-2017.yaml")]
FIGURES = ("net_benefit", "annual_saving", "staff_hours_released_per_year", "fte_released")


def arithmetic(path: str | Path) -> dict[str, Figures]:
    found = means(load(path))
    assert found is not None
    return found


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_arithmetic_is_what_a_simulation_comes_to_within_its_error(path: Path) -> None:
    scenario = load(path)
    exact = means(scenario)
    if exact is None:
        assert path.stem in ("08-withdrawal", "10-dated-referrals")
        return
    found = simulated(scenario, evaluate(scenario, replications=60).runs)
    for option, figures in exact.items():
        for name in FIGURES:
            value, estimate = figures.named(name), found[option].named(name)
            assert value.mcse is None
            error = 4 * (estimate.mcse or 0.0) + 1e-9 * max(1.0, abs(value.number))
            assert value.number == pytest.approx(estimate.number, abs=error), (option, name)


def test_the_study_by_arithmetic_is_what_it_published() -> None:
    found = arithmetic("scenarios/coram-2017.yaml")["new"].economics

    assert round(found.per_case_saving.number, 2) == 97.88
    assert round(found.one_off_cost.number, 2) == 30_288.00
    assert found.net_benefit.number == pytest.approx(
        3 * found.annual_saving.number - found.one_off_cost.number, rel=1e-12
    )
    assert found.net_benefit.number == pytest.approx(16_507.78, abs=0.005)
    assert found.payback_years.number == pytest.approx(1.9417, abs=5e-5)
    assert found.net_present_value.number == pytest.approx(13_413.59, abs=0.005)


def test_outcomes_by_arithmetic_are_the_shares_that_a_simulation_has() -> None:
    scenario = load("scenarios/coram-2017.yaml")
    exact, found = means(scenario), simulated(scenario, evaluate(scenario, replications=60).runs)
    assert exact is not None
    for plan, averages in exact["new"].sites:
        sums = dict(next(sums for other, sums in found["new"].sites if other.site == plan.site))
        for world, average in averages.items():
            assert sum(float(cases[0]) for cases in average.outcomes.values()) == pytest.approx(1.0)
            tallied = sums[world]
            for name, cases in average.outcomes.items():
                share = tallied.outcomes[name].sum() / tallied.referrals.sum()
                assert share == pytest.approx(float(cases[0]), abs=0.03), (plan.site, world, name)


def test_scored_effects_by_arithmetic_are_those_worked_out_by_hand() -> None:
    found = arithmetic("scenarios/features/23-cost-effectiveness.yaml")

    gains = {option: figures.gain("helped").value for option, figures in found.items()}
    assert gains == pytest.approx({"call": 0.5, "centre": 1.0, "group": 0.6, "visit": 0.4})


def test_an_average_referral_has_no_error_and_no_interval() -> None:
    found = arithmetic("scenarios/starter.yaml")["new"]

    for name in FIGURES:
        estimate: Estimate = found.named(name)
        assert (estimate.mcse, estimate.ci95) == (None, None)
