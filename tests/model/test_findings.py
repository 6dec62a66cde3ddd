"""Rules that a reviewer found broken: each scenario here once gave a wrong number, or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import costsim
from costsim.pathway.compile import compile_site
from costsim.pathway.expectation import offered_load, panel_load
from costsim.scenario.quantities import Portion, portions
from tests.model.building import load, pathway, problem, role, work


def economics(tree: dict[str, Any], folder: Path) -> Any:
    return costsim.evaluate(load(tree, folder)).main.programme.economics


def sitting(**terms: Any) -> dict[str, Any]:
    meeting = {"every": "1 day", "capacity": 5, "members": {"worker": 1}, "each_case": "60 min"}
    return {"meeting": meeting | terms, "next": "done"}


def test_a_cost_named_like_a_distribution_leaves_its_neighbours_alone(tmp_path: Path) -> None:
    costs = {"new": {"hosting": "£900", "fixed": "£100"}}
    tree = problem(
        running_costs=costs, sites={"here": {"running_costs": {"new": {"fixed": "£200"}}}}
    )
    assert economics(tree, tmp_path).annual_running_cost_change.value == 1100


def test_an_attribute_of_a_site_replaces_the_whole_set_of_shares(tmp_path: Path) -> None:
    referrals = {"per_year": 100, "attributes": {"area": {"a": "50%", "b": "50%"}}}
    own = {"referrals": {"attributes": {"area": {"a": "30%", "c": "70%"}}}}
    scenario = load(problem(referrals=referrals, sites={"here": own}), tmp_path)
    assert set(scenario.sites["here"].referrals.attributes["area"]) == {"a", "c"}


def test_each_figure_of_a_list_is_an_input_of_its_own(tmp_path: Path) -> None:
    unsure = {"value": "60 min", "uncertain": {"uniform": ["50 min", "70 min"]}}
    spread = {"triangular": ["20 min", unsure, "90 min"]}
    tree = problem(pathways={
        "old": pathway(assess=work("worker", spread)), "new": pathway(assess=work("worker", "1 h")),
    })  # fmt: skip
    (varied,) = [each for each in costsim.inputs(load(tree, tmp_path)) if each.uncertain]
    assert (varied.value, len(varied.where)) == (60.0, 1)


@pytest.mark.parametrize("moved", ["50%", "82%", "100%"])
def test_shares_with_a_rest_add_up_to_one_however_far_one_is_moved(moved: str) -> None:
    unsure = {"value": "50%", "uncertain": {"uniform": ["10%", "100%"]}}
    done = Portion.model_validate(unsure).moved(float(moved[:-1]) / 100)
    found = portions(
        {"done": done, "p": Portion.model_validate("40%"), "q": Portion.model_validate("rest")}
    )
    assert sum(found.values()) == pytest.approx(1.0, abs=1e-12)
    assert min(found.values()) >= 0


def test_time_in_meetings_is_no_queue_for_staff(tmp_path: Path) -> None:
    tree = problem(
        staff={"worker": role(1, share_of_time="5%")},
        pathways={"old": pathway(panel=sitting()), "new": pathway(panel=sitting())},
    )
    plan = compile_site(load(tree, tmp_path), "site")
    assert [each.most for each in offered_load(plan, plan.worlds[0])] == [0.0]
    assert costsim.evaluate(load(tree, tmp_path)).passed


def test_a_meeting_that_is_brought_too_many_cases_fails_its_check(tmp_path: Path) -> None:
    tree = problem(
        pathways={"old": pathway(panel=sitting(every="20 days")), "new": pathway(panel=sitting())}
    )
    plan = compile_site(load(tree, tmp_path), "site")
    assert panel_load(plan, plan.worlds[0])["panel"].most == pytest.approx(100 / (5 * 365 / 20))
    failed = [check for check in costsim.evaluate(load(tree, tmp_path)).checks if not check.passed]
    assert ["panel" in check.detail for check in failed] == [True]


@pytest.mark.parametrize("minutes", [286, 288, 290])
def test_a_sitting_that_just_fits_or_overruns_loses_no_sitting(
    minutes: int, tmp_path: Path
) -> None:
    """Five cases of 288 minutes fill a day of 24 hours exactly."""
    terms = {"each_case": f"{minutes} min"}
    tree = problem(
        referrals={"per_year": 1500, "arrive": "evenly"},
        pathways={"old": pathway(panel=sitting(**terms)), "new": pathway(assess=work("worker", 0))},
    )
    found = costsim.evaluate(load(tree, tmp_path)).main.programme.timeliness
    assert found.time_to_decision_days["old"].mean.number < 3


def test_a_range_that_makes_a_distribution_impossible_is_refused_at_once(tmp_path: Path) -> None:
    mode = {"value": "60 min", "uncertain": {"uniform": ["50 min", "150 min"]}}
    spread = {"triangular": {"low": "20 min", "mode": mode, "high": "90 min"}}
    tree = problem(pathways={
        "old": pathway(assess=work("worker", spread)), "new": pathway(assess=work("worker", "1 h")),
    })  # fmt: skip
    with pytest.raises(costsim.ScenarioError, match="CS316"):
        load(tree, tmp_path)


def test_a_varied_headcount_is_whole_and_never_nobody(tmp_path: Path) -> None:
    scenario = load(problem(staff={"worker": role(4)}), tmp_path)
    place = ("sites", "site", "staff", "worker", "headcount")
    for value, people in ((0.4, 1), (2.5, 3), (3.5, 4)):
        changed = costsim.with_values(scenario, {place: value})
        assert changed.sites["site"].staff["worker"].headcount.value == people


def test_an_impossible_value_is_refused_in_words(tmp_path: Path) -> None:
    place = ("sites", "site", "staff", "worker", "hourly_cost")
    with pytest.raises(costsim.ScenarioError, match="cannot be negative"):
        costsim.with_values(load(problem(), tmp_path), {place: -60.0})


def test_a_need_that_nobody_has_cannot_stop_a_run(tmp_path: Path) -> None:
    routes = {"by_need": {"nobody": "again", "all": "done"}}
    tree = problem(
        referrals={"per_year": 100, "need": {"all": "100%", "nobody": "0%"}},
        pathways={
            "old": {
                "start": "assess",
                "activities": {
                    "assess": work("worker", "1 h", routes),
                    "again": {"next": "assess"},
                },
                "outcomes": ["done"],
            },
            "new": pathway(assess=work("worker", "1 h")),
        },
    )
    assert costsim.evaluate(load(tree, tmp_path)).passed


def test_a_target_is_checked_once_for_a_case_that_leaks(tmp_path: Path) -> None:
    tree = problem(
        targets={"assess": "30 days"}, take_up={"leakage": {"share": "100%", "to": "assess"}}
    )
    runs = costsim.evaluate(load(tree, tmp_path)).runs.sites["site"]
    tallies = runs.tallies["new"]
    assert len(tallies) == 3
    assert tallies.targets["assess"][:, 1].tolist() == tallies.referrals.tolist()


def test_ratios_of_the_programme_add_benefits_and_costs_over_sites(tmp_path: Path) -> None:
    sites = {
        "dear": {"running_costs": {"new": {"upkeep": "£5,000"}}},
        "cheap": {"running_costs": {"old": {"upkeep": "£5,000"}}},
    }
    result = costsim.evaluate(load(problem(sites=sites), tmp_path)).main
    dear, cheap = result.sites["dear"].economics, result.sites["cheap"].economics
    assert cheap.benefit_cost_ratio.value is None  # nothing there costs more
    benefits = dear.net_present_value.number + cheap.net_present_value.number
    factors = sum(1 / 1.035**year for year in (1, 2, 3))
    costs = 5000 * factors
    assert result.programme.economics.benefit_cost_ratio.value == pytest.approx(
        (benefits + costs) / costs
    )


def test_too_few_replications_judge_no_published_figure(tmp_path: Path) -> None:
    published = {"per_case_saving": "£360", "one_off_cost": "£0"}
    spread = {"exponential": {"mean": "10 h"}}
    tree = problem(published=published, pathways={
        "old": pathway(assess=work("worker", spread)), "new": pathway(assess=work("worker", "4 h")),
    })  # fmt: skip
    few = costsim.evaluate(load(tree, tmp_path), replications=5).published
    many = costsim.evaluate(load(tree, tmp_path), replications=40).published
    assert [each.agrees for each in few] == [None, True]
    assert [each.agrees for each in many] == [True, True]


def test_outcomes_that_move_are_said_to(tmp_path: Path) -> None:
    split = {"done": "50%", "refused": "50%"}
    tree = problem(pathways={
        "old": pathway(assess=work("worker", "1 h", split)) | {"outcomes": ["done", "refused"]},
        "new": pathway(assess=work("worker", "1 h")),
    })  # fmt: skip
    found = costsim.evaluate(load(tree, tmp_path), replications=20)
    shares = found.main.programme.timeliness.outcome_share["done"]
    assert shares["old"].value == pytest.approx(0.5, abs=0.05)
    assert shares["new"].value == 1.0
    assert any("done goes from" in warning for warning in found.warnings)


@pytest.mark.parametrize("seed", [2**53 + 1, 2**63 - 1])
def test_a_large_seed_is_the_one_that_is_written(seed: int, tmp_path: Path) -> None:
    scenario = load(problem(run={"replications": 2, "seed": seed}), tmp_path)
    assert scenario.run.seed == seed
    assert costsim.evaluate(scenario).settings.seed == seed


def test_a_wait_of_more_than_ten_thousand_years_is_reported_as_an_endless_queue(
    tmp_path: Path,
) -> None:
    tree = problem(
        staff={"worker": role(1, share_of_time="1%")},
        referrals={"per_year": 12_000},
        run={"replications": 2},
        pathways={
            "old": pathway(assess=work("worker", "70 h")),
            "new": pathway(assess=work("worker", "1 h")),
        },
    )
    found = costsim.evaluate(load(tree, tmp_path))
    days = found.main.programme.timeliness.time_to_decision_days["old"].mean.number
    assert days > 365 * 4000
    failed = [check.detail for check in found.checks if not check.passed]
    assert any("the queue grows without limit" in each for each in failed)


def test_a_column_that_almost_names_an_attribute_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("date,Need,who\n2024-05-07,hi,17\n", encoding="utf-8")
    referrals = {"arrive": {"dates": "d.csv"}, "need": {"hi": "50%", "lo": "50%"}}
    with pytest.raises(costsim.ScenarioError, match="column 'Need'"):
        load(problem(referrals=referrals), tmp_path)
