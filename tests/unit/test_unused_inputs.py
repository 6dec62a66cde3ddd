"""Inputs that change no result: every one that is called so is run with another value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from costsim.economics.unused import unused
from costsim.errors import ScenarioError
from costsim.evaluation import evaluate
from costsim.report.files import cash_flows, summary
from costsim.scenario.inputs import Input, inputs, with_values
from costsim.scenario.loader import load
from costsim.scenario.schema import Scenario
from tests.architecture.checkout import ROOT

FIGURES = ("programme", "sites", "alternatives", "published", "gain_of_shared_luck")
SCENARIOS = sorted((ROOT / "scenarios").rglob("*.yaml"))
PLANTED = """\
costsim: 1
title: Planted
price_year: 2016-17
horizon: 2 years
calendar: {start: 2016-04-01}
discounting: {rate: 3.5%}
prices: {inflation: 3%, pay_growth: 1%}
run: {replications: 3, seed: 3}
staff:
  worker: {hourly_cost: £40, headcount: 3, share_of_time: 60%}
  steady: {hourly_cost: £30, posts: {in_post: 20, turnover: 50%}}
  idle: {hourly_cost: £99, headcount: 2, share_of_time: 50%, posts: {in_post: 5, turnover: 10%}}
  designer: {hourly_cost: £70, headcount: 1}
referrals:
  per_year: 60
  need: {lower: 60%, higher: rest}
  attributes: {region: {north: 50%, south: rest}}
targets: {decision: 2 days}
pathways:
  old:
    start: visit
    activities:
      visit: {staff: [{worker: 8 h}, {steady: 1 h}], next: closed}
    outcomes: [closed]
  new:
    start: form
    activities:
      form:
        staff: [{worker: {by_need: {lower: 2 h, higher: 3 h}}}, {steady: 1 h}]
        next: {closed: rest, appeal: {value: 30%, uncertain: {beta: {mean: 30%, sd: 5%}}}}
      appeal: {cost: £5, wait: 2 days, next: closed}
    outcomes: [closed]
take_up:
  eligible: {by_need: {lower: {value: 80%, uncertain: {beta: {mean: 80%, sd: 5%}}}, higher: 0%}}
  leakage: {share: {by_need: {lower: 10%, higher: 20%}}}
  ramp_up: [50%, 90%, 100%]
  fade: 5%
one_off: {co_design: {staff: {designer: 40 h}, coaching: £500}}
running_costs: {old: {paper: £100}, new: {licence: £200}}
"""
NEVER_USED = [
    "prices.inflation",
    "staff.idle.hourly_cost",
    "staff.idle.headcount",
    "staff.idle.share_of_time",
    "staff.idle.posts.in_post",
    "staff.idle.posts.turnover",
    "staff.designer.headcount",
    "referrals.attributes.region.north",
    "pathways.new.activities.form.staff.0.worker.by_need.higher",
    "take_up.leakage.share.by_need.higher",
    "take_up.ramp_up.2",
]
# A post of a role whose time never changes shows in cashability.csv alone.
NOT_IN_THE_SUMMARY = {"staff.steady.posts.in_post", "staff.steady.posts.turnover"}


def read(folder: Path, text: str) -> Scenario:
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    return load(folder / "s.yaml")


def names(found: tuple[Input, ...]) -> list[str]:
    return [each.name for each in found]


def moved(scenario: Scenario, each: Input) -> Iterator[Scenario]:
    """The scenario with the input far higher, and far lower, as far as that is possible."""
    for value in (each.value or 1.0) * 1.7, (each.value or 2.0) * 0.3:
        with suppress(ScenarioError):
            yield with_values(scenario, dict.fromkeys(each.where, value))


def figures(scenario: Scenario) -> str:
    """Every figure of the summary and of the cash flow, to the last digit.

    But for the saving by arithmetic alone: that is added up over all kinds of people, and other
    shares of kinds that differ in nothing may change how the sum is rounded.
    """
    found = evaluate(scenario, replications=3, keep=0)
    told = json.loads(json.dumps(summary(found)), object_hook=_arithmetic_to_12_digits)
    return json.dumps({name: told.get(name) for name in FIGURES}) + repr(cash_flows(found))


def _arithmetic_to_12_digits(part: dict[str, Any]) -> dict[str, Any]:
    if (expected := part.get("expected_per_case_saving")) and expected["value"]:
        part["expected_per_case_saving"] = f"{expected['value']:.12g}"
    return part


def test_what_nobody_needs_is_found_and_nothing_else(tmp_path: Path) -> None:
    assert names(unused(read(tmp_path, PLANTED))) == NEVER_USED


def test_moving_what_is_called_unused_changes_no_digit(tmp_path: Path) -> None:
    scenario = read(tmp_path, PLANTED)
    before = figures(scenario)
    for each in unused(scenario):
        others = [figures(other) for other in moved(scenario, each)]
        assert others, each.name
        assert set(others) == {before}, each.name


def test_moving_what_is_called_used_changes_the_figures(tmp_path: Path) -> None:
    scenario = read(tmp_path, PLANTED)
    before, idle = figures(scenario), {*names(unused(scenario)), *NOT_IN_THE_SUMMARY}
    for each in inputs(scenario):
        if each.name not in idle:
            assert any(figures(other) != before for other in moved(scenario, each)), each.name


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_input_of_a_shipped_scenario_that_is_called_unused_is(path: Path) -> None:
    scenario = load(path)
    found = unused(scenario)
    before = figures(scenario) if found else ""
    assert all(figures(other) == before for each in found for other in moved(scenario, each))


def test_the_shipped_study_has_no_input_that_nobody_needs() -> None:
    assert unused(load(ROOT / "scenarios" / "coram-2017.yaml")) == ()


@pytest.mark.parametrize(
    ("change", "name", "used"),
    [
        ("", "prices.inflation", False),
        ("start: 2016-04-01|start: 2035-04-01", "prices.inflation", True),
        ("horizon: 2 years|horizon: 3 years", "take_up.ramp_up.2", True),
        ("horizon: 2 years|horizon: 1 years", "take_up.fade", False),
        ("horizon: 2 years|horizon: 1 years", "prices.pay_growth", False),
        ("higher: 0%}}|higher: 5%}}", "take_up.leakage.share.by_need.higher", True),
        ("lower: 2 h, higher: 3 h|lower: 2 h, higher: 2 h", "referrals.need.lower", True),
        ("staff: {designer: 40 h}|staff: {idle: 1 h}", "staff.idle.hourly_cost", True),
        ("staff: {designer: 40 h}|staff: {idle: 1 h}", "staff.idle.headcount", False),
    ],
)  # fmt: skip
def test_the_same_number_is_used_or_not_by_what_surrounds_it(
    tmp_path: Path, change: str, name: str, used: bool
) -> None:
    before, _, after = change.partition("|")
    scenario = read(tmp_path, PLANTED.replace(before, after) if change else PLANTED)
    assert (name not in names(unused(scenario))) is used


def test_a_rate_that_weighs_nothing_is_unused(tmp_path: Path) -> None:
    at_once = PLANTED.replace("horizon: 2 years", "horizon: 1 years")
    at_once = at_once.replace("{rate: 3.5%}", "{rate: 3.5%, timing: year_start}")
    assert "discounting.rate" in names(unused(read(tmp_path, at_once)))
    assert "discounting.rate" not in names(unused(read(tmp_path, PLANTED)))


def test_withdrawal_that_never_happens_as_it_stands_counts_as_used() -> None:
    found = unused(load(ROOT / "scenarios" / "features" / "08-withdrawal.yaml"))
    assert found == ()


def test_needs_that_a_file_of_dates_gives_leave_their_shares_unused() -> None:
    found = unused(load(ROOT / "scenarios" / "features" / "10-dated-referrals.yaml"))
    assert names(found) == ["referrals.need.lower"]
