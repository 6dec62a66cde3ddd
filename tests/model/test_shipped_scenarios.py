"""Every scenario that is shipped runs, agrees with plain arithmetic, and obeys Little's law."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import costsim
from costsim.pathway.compile import compile_site
from costsim.pathway.expectation import expected, offered_load
from costsim.pathway.plan import Plan, World
from costsim.results.tally import Tallies
from tests.architecture.checkout import ROOT
from tests.model.command import run_scenario
from tests.model.observing import Floats, area, records, withdrawn

SCENARIOS = ROOT / "scenarios"
FILES = sorted(SCENARIOS.rglob("*.yaml"))
WHOLE = sorted(SCENARIOS.glob("*.yaml"))
REPLICATIONS = 30


def test_there_are_scenarios_to_test() -> None:
    names = {file.stem for file in WHOLE}
    assert {"coram-2017", "scarce-staff", "starter"} <= names
    assert len(FILES) >= len(WHOLE) + 19


@pytest.mark.parametrize("file", WHOLE, ids=lambda file: file.stem)
def test_a_whole_scenario_runs_from_the_command_line(file: Path, tmp_path: Path) -> None:
    summary = run_scenario(file, tmp_path / "out")
    assert summary["checks"]
    assert all(check["passed"] for check in summary["checks"])
    assert not any("source" in warning for warning in summary["warnings"])
    if file.stem == "scarce-staff":
        _assert_that_the_queue_of_weeks_all_but_goes(summary["programme"])


def _assert_that_the_queue_of_weeks_all_but_goes(found: dict[str, Any]) -> None:
    arranged, signed = 5.0, 3.0  # days that the old pathway's visits and signatures take anyway
    assert found["waiting_days_per_case"]["old"]["value"] - arranged - signed > 7
    assert found["utilisation"]["old"]["social_worker"]["ci95"][1] > 0.88
    assert found["utilisation"]["new"]["social_worker"]["value"] < 0.65
    assert found["days_sooner"]["ci95"][0] > 5
    assert found["within_target"]["new"]["value"] > 0.98


@pytest.fixture(scope="module", params=FILES, ids=lambda file: file.stem)
def evaluated(request: pytest.FixtureRequest) -> costsim.Evaluation:
    """Each scenario over a single year, which is enough to count what happens to its cases."""
    scenario = costsim.load(request.param)
    year = scenario.run.model_copy(update={"length": 1.0, "warm_up": 0.0})
    return costsim.evaluate(
        scenario.model_copy(update={"run": year}), replications=REPLICATIONS, keep=REPLICATIONS
    )


def _worlds(found: costsim.Evaluation) -> Iterator[tuple[Plan, World, Tallies]]:
    for runs in found.runs.sites.values():
        for world in runs.plan.worlds:
            yield runs.plan, world, runs.tallies[world.name]


def _assert_agree(amounts: Floats, referrals: Floats, known: float, what: str) -> None:
    """A ratio of sums over replications lies within 4 standard errors of what is known."""
    found = amounts.sum() / referrals.sum()
    residuals = amounts - found * referrals
    error = np.sqrt((residuals**2).sum() / (len(amounts) - 1) / len(amounts)) / referrals.mean()
    assert abs(found - known) <= 4 * error + 1e-9 * max(1.0, abs(known)), (what, found, known)


def test_minutes_and_visits_agree_with_arithmetic(evaluated: costsim.Evaluation) -> None:
    for plan, world, tallies in _worlds(evaluated):
        known = expected(plan, world)
        if known is None:
            assert _has_no_closed_form(plan, world)
            continue
        referrals = tallies.referrals
        assert len(referrals) == REPLICATIONS
        for number, post in enumerate(plan.posts):
            spent = tallies.minutes[:, number]
            _assert_agree(spent, referrals, float(known.minutes[number]), post.name)
        for number, track in enumerate(world.tracks):
            for step, name in enumerate(track.names):
                seen = tallies.visits[number][:, step]
                _assert_agree(seen, referrals, float(known.visits[track.name][step]), name)


def _has_no_closed_form(plan: Plan, world: World) -> bool:
    patient = any(step.patience for track in world.tracks for step in track.steps)
    return patient or plan.demand.style == "dated"


def test_the_saving_agrees_with_arithmetic(evaluated: costsim.Evaluation) -> None:
    for result in evaluated.options.values():
        for metrics in (result.programme, *result.sites.values()):
            saving, known = (
                metrics.economics.per_case_saving,
                metrics.economics.expected_per_case_saving.value,
            )
            if known is not None:
                assert saving.value is not None
                assert abs(saving.value - known) <= 4 * (saving.mcse or 0.0) + 1e-6


def test_the_number_waiting_is_the_rate_times_the_wait(evaluated: costsim.Evaluation) -> None:
    for site, runs in evaluated.runs.sites.items():
        begin, finish = runs.plan.window
        for option, result in evaluated.options.items():
            for world in (evaluated.scenario.comparator, option):
                kept = records(evaluated, world, site)
                present = 0.0
                for record in kept:
                    visits, cases = record.visits, record.cases
                    rows = cases.counted[visits.case]
                    gave_up = np.isnan(visits.began)
                    until = np.where(gave_up, cases.decided[visits.case], visits.began)
                    present += area(visits.reached[rows], until[rows]) / (finish - begin)
                came = sum(int(record.cases.counted.sum()) for record in kept)
                wait = result.sites[site].timeliness.waiting_days_per_case[world].value
                assert wait is not None
                rate = came / (finish - begin)
                known = rate * wait * runs.plan.time.minutes_per_day
                assert present == pytest.approx(known, rel=1e-9, abs=1e-12)


def test_the_number_of_open_cases_is_the_rate_times_the_time_to_a_decision(
    evaluated: costsim.Evaluation,
) -> None:
    for site, runs in evaluated.runs.sites.items():
        per_day = runs.plan.time.minutes_per_day
        for option, result in evaluated.options.items():
            for world in (evaluated.scenario.comparator, option):
                open_, cases = 0.0, 0
                for record in records(evaluated, world, site):
                    counted = record.cases.counted
                    stayed = ~withdrawn(record)
                    arrived = record.cases.arrived[counted][stayed]
                    open_ += area(arrived, record.cases.decided[counted][stayed])
                    cases += len(arrived)
                time = result.sites[site].timeliness.time_to_decision_days[world].mean.value
                assert time is not None
                assert open_ == pytest.approx(cases * time * per_day, rel=1e-9)


def test_scarce_staff_are_as_busy_as_worked_out_by_hand() -> None:
    plan = compile_site(costsim.load(SCENARIOS / "scarce-staff.yaml"), "site")
    number = [post.name for post in plan.posts].index("social_worker")
    loads = {world.name: offered_load(plan, world)[number].most for world in plan.worlds}
    days = plan.time.minutes_in_year() / plan.time.minutes_per_day
    assert days == 254
    assert loads["old"] == pytest.approx(138 * 0.935 * 10.5 / (2 * 254 * 7.4 * 0.4))
    spared = 138 * 0.6 * 0.85 * (0.935 - 0.15) * 8.5
    assert loads["new"] == pytest.approx(loads["old"] - spared / (2 * 254 * 7.4 * 0.4))
    assert loads["old"] == pytest.approx(0.90, abs=0.005)
    assert loads["new"] == pytest.approx(0.59, abs=0.005)
