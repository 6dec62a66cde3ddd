"""One-way, two-way and switching values, and what drives the spread, on known answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from costsim.scenario.loader import load
from costsim.uncertainty.drivers import global_sensitivity
from costsim.uncertainty.oneway import Tornado, one_way
from costsim.uncertainty.probabilistic import probabilistic
from costsim.uncertainty.switching import root, switches
from costsim.uncertainty.twoway import two_way
from costsim.uncertainty.worth import matching, proposed, value_of_information
from tests.unit.uncertain import COUNTED, HOURS_BY_WAGE, QUEUE, scenario_of

WAGE = "staff.worker.hourly_cost"
HOURS = "pathways.old.activities.visit.staff.worker.gamma.mean"


@pytest.fixture
def product(tmp_path: Path) -> Tornado:
    return one_way(scenario_of(tmp_path, HOURS_BY_WAGE))


def test_a_tornado_has_each_input_at_its_quantiles_without_chance(product: Tornado) -> None:
    hours, wage = product.swings

    assert (hours.input.name, wage.input.name) == (HOURS, WAGE)
    assert hours.ends == pytest.approx((8.8 * 40 - 480, 15.2 * 40 - 480))
    assert wage.ends == pytest.approx((12 * 32 - 480, 12 * 48 - 480))
    assert product.value == pytest.approx(0.0, abs=1e-9)


def test_any_headline_can_be_followed(tmp_path: Path) -> None:
    found = one_way(scenario_of(tmp_path, HOURS_BY_WAGE), outcome="annual_saving")

    assert found.value == pytest.approx(480.0)
    assert found.swings[0].at_high == pytest.approx(15.2 * 40)


def test_what_has_no_arithmetic_is_simulated_with_the_same_luck(tmp_path: Path) -> None:
    found = one_way(scenario_of(tmp_path, QUEUE), replications=20)

    assert not found.steady.exact
    wage = next(swing for swing in found.swings if swing.input.name == WAGE)
    assert wage.at_high > wage.at_low
    base = found.base.main.programme.economics
    assert found.value == base.net_benefit.value


def test_the_switching_value_of_a_product_is_its_quotient(tmp_path: Path) -> None:
    text = HOURS_BY_WAGE.replace("£480", "£420")
    found = switches(one_way(scenario_of(tmp_path, text)).steady, others=200)
    by_name = {switch.input.name: switch for switch in found.each}

    assert by_name[WAGE].value == pytest.approx(420 / 12)
    assert by_name[HOURS].value == pytest.approx(420 / 40 * 60)
    assert by_name[WAGE].within
    assert by_name[WAGE].rising
    assert by_name[WAGE].sentence() == "at least £35.00"
    # Over draws of the hours, U(8, 16), the wage that breaks even is 420 / hours.
    assert by_name[WAGE].p10 == pytest.approx(420 / 15.2, rel=0.01)
    assert by_name[WAGE].p90 == pytest.approx(420 / 8.8, rel=0.01)
    assert "it pays if" in found.summary()


def test_a_switching_value_beyond_the_range_is_said_to_be_beyond(tmp_path: Path) -> None:
    text = HOURS_BY_WAGE.replace("£480", "£240")
    found = switches(one_way(scenario_of(tmp_path, text)).steady, others=10)
    wage = next(switch for switch in found.each if switch.input.name == WAGE)

    assert not wage.within
    assert wage.value == pytest.approx(20.0)
    assert "No uncertain input alone, within its own range, changes that" in found.summary()


def test_what_never_breaks_even_has_no_switching_value(tmp_path: Path) -> None:
    text = HOURS_BY_WAGE.replace("£480", "£0")
    found = switches(one_way(scenario_of(tmp_path, text)).steady, others=10)

    assert [switch.value for switch in found.each if switch.value] == []


def test_the_study_pays_while_few_enough_leak() -> None:
    tornado = one_way(load("scenarios/coram-2017.yaml"), replications=2)
    assert tornado.swings[0].input.name.endswith("by_need.lower.lognormal.mean")
    found = switches(tornado.steady, others=4)
    for switch in found.each:
        if switch.value is not None:
            number = tornado.steady.parameters.number(switch.input.name)
            assert tornado.steady.moved({number: switch.value}) == pytest.approx(0.0, abs=0.01)


def test_a_root_is_found_where_the_response_comes_back() -> None:
    assert root(lambda x: (x - 1.0) * (x - 9.0), 0.0, 10.0) == pytest.approx(1.0)
    assert root(lambda x: x * x + 1.0, -5.0, 5.0) is None


def test_two_inputs_break_even_along_a_hyperbola(product: Tornado) -> None:
    found = two_way(product.steady, WAGE, HOURS, steps=5)

    assert found.outcome.shape == (5, 5)
    wages, hours = np.meshgrid(found.first_values, found.second_values / 60, indexing="ij")
    assert np.allclose(found.outcome, wages * hours - 480)
    for wage, minutes in found.contour:
        assert wage * minutes / 60 == pytest.approx(480.0, rel=1e-6)
    assert len(found.contour) >= 4
    with pytest.raises(ValueError, match="given twice"):
        two_way(product.steady, WAGE, WAGE)


@pytest.mark.parametrize(
    ("method", "size", "tolerance"),
    [("sobol", 1024, 0.02), ("regression", 4096, 0.03), ("rbd_fast", 4096, 0.04)],
)
def test_shares_of_variance_are_those_of_the_closed_form(
    tmp_path: Path, method: str, size: int, tolerance: float
) -> None:
    scenario = scenario_of(tmp_path, HOURS_BY_WAGE)

    frame = global_sensitivity(scenario, method=method, size=size).to_frame()  # type: ignore[arg-type]
    shares = dict(zip(frame["name"], frame["S1"], strict=True))

    assert shares[HOURS] == pytest.approx(0.6315789474, abs=tolerance)
    assert shares[WAGE] == pytest.approx(0.3552631579, abs=tolerance)
    if method == "sobol":
        totals = dict(zip(frame["name"], frame["ST"], strict=True))
        assert totals[HOURS] - shares[HOURS] == pytest.approx(0.0131578947, abs=0.02)


def test_counted_shares_are_one_factor_of_a_design(tmp_path: Path) -> None:
    text = COUNTED.replace(
        "hourly_cost: £60", "hourly_cost: {value: £60, uncertain: {uniform: [£50, £70]}}"
    )
    frame = global_sensitivity(scenario_of(tmp_path, text), method="sobol", size=256).to_frame()

    assert set(frame["name"]) == {"pathways.old.activities.visit.next", WAGE}
    assert frame["ST"].sum() == pytest.approx(1.0, abs=0.1)


def test_chance_has_a_bar_of_its_own_where_the_outcome_is_simulated(tmp_path: Path) -> None:
    found = global_sensitivity(scenario_of(tmp_path, QUEUE), method="sobol", size=16)

    assert found.runs == 2 * 16 * 4
    assert "chance" in found.to_frame()["name"].tolist()


def test_an_unknown_method_outcome_or_input_is_refused_by_name(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, HOURS_BY_WAGE)

    with pytest.raises(ValueError, match="'sobl' is no method"):
        global_sensitivity(scenario, method="sobl")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'profit' is no outcome here"):
        global_sensitivity(scenario, outcome="profit")
    with pytest.raises(ValueError, match=r"power of two.*the next is 1,024"):
        global_sensitivity(scenario, method="sobol", size=1000)
    with pytest.raises(ValueError, match="has no number in some draws"):
        global_sensitivity(scenario, method="sobol", size=64, outcome="payback_years")
    with pytest.raises(ValueError, match="no uncertain input is called 'sites"):
        matching(["sites.*"], [WAGE, HOURS])


def test_information_is_worth_most_about_what_turns_the_decision(tmp_path: Path) -> None:
    found = probabilistic(scenario_of(tmp_path, HOURS_BY_WAGE), draws=4096)
    worth = value_of_information(found, groups={"both": ["*"]})

    # EVPPI of the hours: E max(0, 40 h - 480) = 40 x E max(0, h - 12) = 40 x 1; of the wage 30.
    assert worth.partial[HOURS].value == pytest.approx(40.0, abs=2.0)
    assert worth.partial[WAGE].value == pytest.approx(12 * 2.5, abs=2.0)
    assert worth.partial["both"].value == pytest.approx(worth.evpi, rel=0.05)
    assert worth.evpi == pytest.approx(found.evpi)
    assert worth.partial[HOURS].agree
    assert worth.scope is not None
    assert worth.to_frame()["evppi_per_case"][0] == pytest.approx(worth.partial.factors[0].value)


def test_a_study_is_worth_more_the_larger_it_is_and_never_more_than_knowing(
    tmp_path: Path,
) -> None:
    found = probabilistic(scenario_of(tmp_path, HOURS_BY_WAGE), draws=4096)

    sample = proposed(found, HOURS, sizes=(1, 4, 16), cost_each=1.0)

    assert sample.values[0] < sample.values[2] <= sample.evppi + 1e-9
    # One hour from case to case is little beside U(8, 16): 16 cases tell nearly all.
    assert sample.values[2] == pytest.approx(sample.evppi, rel=0.02)
    assert sample.best in (1, 4, 16)
    with pytest.raises(ValueError, match="give the spread"):
        proposed(found, WAGE)


def test_it_pays_above_the_switching_value_though_the_lowest_end_has_no_answer(
    tmp_path: Path,
) -> None:
    text = HOURS_BY_WAGE.replace(
        "per_year: 1,",
        "per_year: {value: 1, uncertain: {discrete: [{value: 0, share: 30%}, "
        "{value: 1, share: 70%}]}},",
    ).replace("£480", "£240")
    found = switches(one_way(scenario_of(tmp_path, text)).steady, others=4)
    people = next(each for each in found.each if each.input.name == "referrals.per_year")

    assert people.value == pytest.approx(0.5)
    assert people.sentence() == "at least 0.5"
