"""The evidence of a report: the log, the checklists and the page on quality assurance."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from costsim.findings import Findings
from costsim.report.evidence import (
    Assumption,
    ChecklistItem,
    assumptions,
    checklists,
    quality,
)
from costsim.results.checks import Check
from costsim.scenario.inputs import inputs
from tests.report.folders import FEATURES, STUDY, findings_of, folder_of

QUICK, FEW = ("--replications", "40"), ("--replications", "2")
STRESS = [
    "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5",
    "3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1",
]  # fmt: skip
TOLD = """\
costsim: 1
title: Told
price_year: 2016-17
horizon: 2 years
run: {replications: 2, seed: 5}
quality: {commissioner: Ann, analyst: Bea Lee, assurer: ASSURER, date: 2026-01-31}
optimism_bias: {savings: 15%}
effects: {helped: {scores: {closed: 1}, worth: £100}}
staff:
  worker:
    hourly_cost: {value: £40, price_year: 2015-16, source: A table, year: 2015, grade: 2, note: Why}
    agency: NHS trust
  idle: {hourly_cost: {value: £99, assumed: true}}
referrals:
  per_year: {value: 60, uncertain: {uniform: [50, 70]}}
pathways:
  old:
    start: visit
    activities: {visit: {staff: {worker: 8 h}, next: closed}}
    outcomes: [closed]
  new:
    start: form
    activities: {form: {staff: {worker: 2 h}, next: closed}}
    outcomes: [closed]
one_off: {co_design: {payments_to_parents: £250}}
"""


def feature(start: str) -> Findings:
    (path,) = FEATURES.glob(f"{start}-*.yaml")
    return findings_of(path, *FEW)


@pytest.fixture(scope="session")
def study() -> Findings:
    return findings_of(STUDY, *QUICK)


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    return told_by("Cay", tmp_path_factory.mktemp("told"))


def told_by(assurer: str, folder: Path) -> Findings:
    (folder / "told.yaml").write_text(TOLD.replace("ASSURER", assurer), encoding="utf-8")
    return findings_of(folder / "told.yaml")


def items(findings: Findings) -> dict[str, ChecklistItem]:
    """The items of both checklists by number: those of CHEERS have no point in it."""
    return {item.number: item for each in checklists(findings) for item in each.items}


def filled(findings: Findings, number: str) -> str:
    return items(findings)[number].filled or ""


def facts(findings: Findings) -> dict[str, str | None]:
    return {fact.name: fact.value for fact in quality(findings)}


def log(findings: Findings) -> dict[str, Assumption]:
    return {each.name: each for each in assumptions(findings)}


def everything(findings: Findings) -> list[str]:
    """All text of the evidence."""
    listed = [vars(item) for each in checklists(findings) for item in each.items]
    parts = [*listed, *map(vars, quality(findings)), *map(vars, assumptions(findings))]
    return [text for part in parts for text in part.values() if isinstance(text, str)]


# --- the log --------------------------------------------------------------------------------------


def test_the_log_has_a_line_for_each_input_in_the_order_of_the_file(study: Findings) -> None:
    found = assumptions(study)
    assert [each.name for each in found] == [each.name for each in inputs(study.scenario)]
    lines = [int(each.place.partition(":")[2]) for each in found]
    assert lines == sorted(lines)


def test_the_place_of_a_line_is_where_its_value_is_written(study: Findings) -> None:
    written = STUDY.read_text(encoding="utf-8").splitlines()
    money = [each for each in assumptions(study) if each.value.startswith("£")]
    assert len(money) > 20
    for each in money:
        file, _, line = each.place.partition(":")
        digits = re.sub(r"(\.00|(?<=\.\d)0)$", "", each.value).replace(",", "")
        assert file == "coram-2017.yaml"
        assert digits in written[int(line) - 1].replace(",", ""), each


def test_a_line_says_all_that_is_said_and_is_empty_where_nothing_is(told: Findings) -> None:
    found = log(told)
    assert found["staff.worker.hourly_cost"] == Assumption(
        name="staff.worker.hourly_cost",
        value="£40.00 in 2015-16 prices (£40.80)",
        range="",
        source="A table",
        year="2015",
        grade="2",
        note="Why",
        place="told.yaml:11",
        used=True,
    )
    rate = found["referrals.per_year"]
    assert (rate.source, rate.year, rate.grade, rate.note) == ("", "", "", "")
    assert rate.range == "52 to 68 (uniform)"
    assert found["staff.idle.hourly_cost"].source == "assumed"


def test_an_input_that_changes_nothing_is_marked_in_the_log_and_named_on_the_page(
    told: Findings,
) -> None:
    assert [each.name for each in assumptions(told) if not each.used] == ["staff.idle.hourly_cost"]
    assert facts(told)["Limitations: inputs that change no result"] == "staff.idle.hourly_cost"


# --- the checklists -------------------------------------------------------------------------------


def test_every_item_is_there_in_order_with_the_numbers_of_the_official_lists(
    study: Findings,
) -> None:
    stress, cheers = checklists(study)
    assert [each.number for each in stress.items] == STRESS
    assert [each.number for each in cheers.items] == [str(number) for number in range(1, 29)]
    assert [each.name for each in cheers.items[-2:]] == [
        "Source of funding",
        "Conflicts of interest",
    ]
    assert "27 and 28" in cheers.source


SEVERAL = ("04", "08", "09", "10", "13", "15", "18", "19", "20", "21", "22", "23")
MANY = [
    (STUDY, *QUICK),
    *((path, *FEW) for path in sorted(FEATURES.glob("*.yaml")) if path.name.startswith(SEVERAL)),
]


@pytest.mark.parametrize("run", MANY, ids=lambda run: run[0].stem)
def test_no_item_is_silent_or_empty_or_holds_what_is_no_number(run: tuple[Path, str]) -> None:
    findings = findings_of(*run)
    for item in items(findings).values():
        assert item.filled or item.to_write, item
        assert "" not in (item.filled, item.to_write)
    for text in everything(findings):
        assert not re.search(r"\b(None|nan|inf)\b", text), text
        assert not re.search(r"  |\.\.| [.,;:]|\(\)|: \.|^[,;.]", text), text
    assert everything(findings) == everything(findings)


def test_what_only_a_person_can_say_is_left_to_write_and_not_filled(study: Findings) -> None:
    found = items(study)
    for number in ("4", "19", "25", "27", "28", "5.4"):
        assert found[number].filled is None
        assert found[number].to_write
    for number in ("2.2", "2.5.2", "4.1", "5.2", "15", "23"):
        assert found[number].filled
        assert found[number].to_write is None


def test_the_study_is_told_by_its_own_names_and_figures(study: Findings) -> None:
    assert "social worker gamma (mean 49 min, sd 30 min), then team manager 30 min" in filled(
        study, "2.5.2"
    )
    assert "contact leads to assessment 78.4% and no further action 21.6%" in filled(study, "2.2")
    assert "a meeting every 10 days for at most 12 cases" in filled(study, "2.5.2")
    assert "9 bins of a table from 0 min to 90 days" in filled(study, "2.5.2")
    assert "by need (lower 85%; higher 0%)" in filled(study, "2.3")
    assert "then go on in the comparator at assessment" in filled(study, "2.3")
    assert "Staff are unlimited: nobody queues for staff" in filled(study, "2.5.4")
    assert filled(study, "4.1").startswith("No warm-up. The office starts empty.")
    assert "Philox 4x64-10" in filled(study, "5.2")
    assert "seed 2017" in filled(study, "5.2")
    assert "3 years" in filled(study, "9")
    assert "3.5% a year, in real terms (2016-17 prices)" in filled(study, "10")
    assert "Source: HM Treasury Green Book." in filled(study, "10")
    assert "One-off cost £30,288" in filled(study, "14")
    assert "2016-17 prices" in filled(study, "15")


def test_results_are_those_of_the_summary_with_their_intervals(study: Findings) -> None:
    told = json.loads((study.folder / "summary.json").read_text(encoding="utf-8"))["programme"]
    saving, npv = told["per_case_saving"], told["net_present_value"]
    low, high = saving["ci95"]
    text = filled(study, "23")
    assert (
        f"saving per case: £{saving['value']:.2f} (95% interval £{low:.2f} to £{high:.2f})" in text
    )
    assert f"net present value: £{npv['value']:,.0f} (95% interval" in text
    days = told["time_to_decision_days"]["old"]
    assert f"old: mean {days['mean']['value']:.1f} working days to a decision" in text
    assert f"{told['within_target']['new']['value']:.1%} within the target" in text
    share = told["net_benefit"]["value"] / told["total_saving"]["value"]
    assert f"Net savings could be {share:.0%} lower" in filled(study, "24")


def test_replications_are_explained_as_they_came_about(study: Findings) -> None:
    assert filled(study, "4.3").startswith("40 replications, the number that was asked for.")
    assert items(study)["4.3"].to_write
    (path,) = FEATURES.glob("12-*.yaml")
    precise = findings_of(path, "--precision", "20")
    done = precise.summary["replications"]
    assert f"{done} replications: as many as it took" in filled(precise, "4.3")
    assert "£20.00 either way" in filled(precise, "4.3")
    assert items(precise)["4.3"].to_write is None


def test_a_precision_that_was_not_reached_is_not_claimed(study: Findings) -> None:
    short = replace(study, summary={**study.summary, "precision": 0.01})
    assert "it stopped before the saving per case is known within £0.01" in filled(short, "4.3")


def test_one_replication_has_no_interval_anywhere() -> None:
    single = findings_of(STUDY, "--replications", "1")
    assert "One replication has no measure of error" in filled(single, "4.3")
    assert not any("95% interval £" in text for text in everything(single))
    assert "(one replication: no interval)" in filled(single, "23")


def test_queues_are_told_as_they_are() -> None:
    scarce, first, leaving = feature("06"), feature("07"), feature("08")
    assert filled(scarce, "2.5.4").startswith("Cases queue for social worker. First come")
    assert "Nobody gives up waiting" in filled(scarce, "2.5.4")
    assert filled(scarce, "4.1").startswith("Warm-up: 1 year before anything is counted")
    assert "referrals of 2 years" in filled(scarce, "4.2")
    assert "bank holidays are worked" in filled(scarce, "4.2")
    busy = scarce.main.programme.timeliness.utilisation["old"]["social_worker"].number
    assert f"social worker busy {busy:.0%} of their time" in filled(scarce, "23")
    assert "Served by need: " in filled(first, "2.5.4")
    assert "withdrawn if visit (old) has not begun within 30 days or" in filled(leaving, "2.5.4")
    assert "or withdrawn" in filled(leaving, "2.5.5")
    gone = leaving.main.programme.timeliness.withdrawn_share["old"].number
    assert f"{gone:.1%} withdrawn" in filled(leaving, "23")


def test_arrivals_take_up_and_roll_out_are_told() -> None:
    assert "on the dates of a file" in filled(feature("10"), "2.5.5")
    assert "months weigh august 0, september 2" in filled(feature("09"), "2.5.5")
    assert "with the new pathway come 10% more" in filled(feature("14"), "2.5.5")
    assert "of those, 20% then go on in the comparator" in filled(feature("12"), "2.3")
    late = feature("13").scenario.sites["site"].take_up
    assert f"start delay: {late.start_delay.value:g} years" in filled(feature("13"), "2.3")


def test_every_option_is_named_and_told_with_its_result() -> None:
    three = feature("19")
    assert "Compares visit with online and phone." in filled(three, "1.1")
    assert "Option (phone): By phone." in filled(three, "7")
    assert "phone against visit: " in filled(three, "23")
    assert "saving per case: £348.00 (the same in every replication)" in filled(three, "23")
    assert "benefit cost ratio: not defined; payback, years: nothing to pay back" in filled(
        three, "23"
    )


def test_effects_are_told_as_the_league_of_the_results_has_them() -> None:
    league = feature("23")
    rows = {row.pathway: row for row in league.effects["helped"]}
    text = filled(league, "23")
    assert rows["call"].icer is not None
    assert f"on the frontier, £{rows['call'].icer:.2f} for one more than nothing" in text
    assert rows["group"].standing == "extendedly dominated"
    assert "group 0.600 (the same in every replication) at £300.00 more cost, extendedly" in text
    assert "cases end in called, centred, grouped, informed and visited" in filled(league, "11")


def test_agencies_effects_optimism_and_other_prices_are_told(told: Findings) -> None:
    assert "Costs to the council and NHS trust" in filled(told, "8")
    assert "Scored by outcome: helped." in filled(told, "11")
    assert filled(told, "13") == "One unit of helped is taken to be worth £100.00."
    assert "what was in prices of 2015-16 is brought to it" in filled(told, "15")
    after = told.main.programme.allowance.adjusted_net_benefit.number
    assert f"£{after:,.0f} (the same in every replication) after it" in filled(told, "17")
    assert "£250.00 of payments to parents" in filled(told, "21")
    cost = 40 * told.scenario.deflators.factor("2015-16", "2016-17")
    assert f"worker £{cost:.2f}" in filled(told, "14")


# --- quality assurance ----------------------------------------------------------------------------


def test_the_page_names_who_and_leaves_open_who_is_not_named(
    study: Findings, told: Findings
) -> None:
    assert [facts(told)[name] for name in ("Commissioner", "Analyst", "Assurer", "Approver")] == [
        "Ann",
        "Bea Lee",
        "Cay",
        None,
    ]
    assert facts(told)["Date of assurance"] == "2026-01-31"
    assert facts(study)["Analyst"] is None
    assert "Assurer independent of the analyst" not in facts(study)


def test_an_assurer_who_is_the_analyst_is_warned_of(tmp_path: Path, told: Findings) -> None:
    same = facts(told_by("bea  lee", tmp_path))["Assurer independent of the analyst"]
    assert (same or "").startswith("NO: Bea Lee is named for both")
    assert (facts(told)["Assurer independent of the analyst"] or "").startswith("different people")


def test_the_page_says_what_ran_with_which_hash_version_and_seed(study: Findings) -> None:
    told = json.loads((study.folder / "summary.json").read_text(encoding="utf-8"))
    found = facts(study)
    assert found["SHA-256 of the scenario"] == told["scenario"]["sha256"]
    assert found["Version of costsim"] == told["versions"]["costsim"]
    assert found["Seed"] == str(told["seed"])
    assert found["Replications"] == f"{told['replications']:,}"


def test_a_check_that_failed_says_so_first(study: Findings) -> None:
    failing = replace(study, checks=(*study.checks, Check("load", False, "york: too much")))
    found = facts(failing)
    names = [name for name in found if name.startswith("Verification")]
    assert found["Verification: load"] == "FAILED: york: too much"
    assert names.index("Verification: load") <= 1
    assert "1 FAILED" in (found["Checks that ran"] or "")
    assert facts(study)["Verification: load"].startswith("passed")  # type: ignore[union-attr]  # always there


def test_a_check_that_could_not_judge_is_not_said_to_have_passed() -> None:
    found = facts(feature("19"))
    told = found["Verification: simulation against arithmetic"] or ""
    assert told.startswith("no verdict: ")
    assert found["Checks that ran"] == "5: 3 passed and 2 no verdict"
    assert (found["Verification: engines"] or "").startswith("not compared: the reference engine")


def test_validation_stands_apart_and_says_what_agrees_and_what_was_fitted(
    study: Findings,
) -> None:
    found = facts(study)
    assert "does NOT agree" in (found["Validation: payback, years"] or "")
    assert "published £30,288, computed £30,288: agrees" in (
        found["Validation: one-off cost"] or ""
    )
    fitted = found["Validation: what was calibrated"] or ""
    assert "sites.york.take_up.leakage.share" in fitted
    assert "is no evidence" in fitted
    assert facts(feature("06"))["Validation: figures from elsewhere to compare with"] is None


def test_limitations_count_the_evidence_and_repeat_the_warnings(study: Findings) -> None:
    found = facts(study)
    every = inputs(study.scenario)
    assumed = sum(each.assumed for each in every)
    assert f"Of {len(every)} inputs: assumed {assumed}, " in (
        found["Limitations: inputs by evidence"] or ""
    )
    told = found["Limitations: warnings"] or ""
    assert len(told.splitlines()) == len(study.warnings)
    assert "0.1" in told


def test_nothing_of_where_the_results_lie_gets_into_the_evidence(study: Findings) -> None:
    told = everything(replace(study, manifest={**study.manifest, "command": None}))
    assert not any(str(folder_of(STUDY, *QUICK).parent) in text for text in told)
