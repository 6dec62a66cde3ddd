"""Scenarios that are valid but odd: the answer stays meaningful, and says what it cannot say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from costsim.scenario.text import read_text
from costsim.scenario.tree import Plain, plain
from tests.faults.command import SCENARIO, Done, contents, costsim

RUN = ("run", "s.yaml", "--replications", "2")


def changed(folder: Path, *changes: tuple[str, str], more: str = "") -> None:
    """Rewrite the scenario with some words replaced."""
    text = SCENARIO
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "s.yaml").write_text(text + more, encoding="utf-8")


def without_names(found: Any) -> Any:
    """A summary without what names its file."""
    return {key: each for key, each in found.items() if key != "scenario"}


# --- what cannot be said -------------------------------------------------------------------------


def test_one_replication_gives_values_without_uncertainty_and_says_so() -> None:
    found = costsim("run", "s.yaml", "--replications", 1, "--json")
    saving = found.json["programme"]["per_case_saving"]
    assert saving["value"] > 0
    assert (saving["mcse"], saving["ci95"]) == (None, None)
    assert any("no uncertainty can be given" in each for each in found.json["warnings"])
    screen = costsim("run", "s.yaml", "--replications", 1).out
    assert "no uncertainty can be given" in screen
    assert "95% interval" not in screen.partition("Checks")[0]


@pytest.mark.parametrize(
    "changes",
    [
        [("gamma: {mean: 2 h, sd: 1 h}", "gamma: {mean: 40 h, sd: 1 h}")],
        [("other: £5000", "other: £5000000")],
    ],
    ids=["it costs more", "it cost too much"],
)
def test_what_never_pays_back_is_said_and_never_a_number(
    folder: Path, changes: list[tuple[str, str]]
) -> None:
    changed(folder, *changes)
    done = costsim(*RUN, "--json")
    programme = done.json["programme"]
    assert done.code == 0
    assert programme["payback_years"]["value"] is None
    assert programme["discounted_payback_years"]["value"] is None
    assert programme["net_benefit"]["value"] < 0
    assert any("does not pay back within 3 years" in each for each in done.json["warnings"])
    assert "does not pay back within 3 years" in costsim(*RUN).out


def test_without_a_one_off_cost_there_is_nothing_to_pay_back(folder: Path) -> None:
    changed(folder, ("one_off: {co_design: {staff: {worker: 40 h}, other: £5000}}\n", ""))
    found = costsim(*RUN, "--json").json["programme"]
    assert found["benefit_cost_ratio"]["value"] is None
    assert found["payback_years"]["value"] == 0
    assert "nothing to pay back" in costsim(*RUN).out


ODD = {
    "nobody is eligible": ([], "take_up: {eligible: 0%}\n"),
    "everybody needs both": ([], "take_up: {leakage: {share: 100%}}\n"),
    "it starts after the end": ([], "take_up: {start_delay: 10 years}\n"),
    "it fades at once": ([], "take_up: {fade: 100%}\n"),
    "it is never rolled out": ([], "take_up: {ramp_up: [0%]}\n"),
    "nobody is paid": (
        [("{value: £40, assumed: true, uncertain: {uniform: [£30, £50]}}", "£0")],
        "",
    ),
    "a week of one day": ([], "calendar: {working_week: [sunday], bank_holidays: none}\n"),
    "a leap day": ([], "calendar: {start: 2024-02-29}\n"),
    "the last day of a financial year": ([], "calendar: {start: 2023-03-31}\n"),
    "the first day of a financial year": ([], "calendar: {start: 2023-04-01}\n"),
    "another century": ([], "calendar: {start: 2101-12-31}\n"),
    "a century": ([("3 years", "100 years")], ""),
    "a rate below zero": ([], "discounting: {rate: -2%, timing: mid_year}\n"),
    "a need that nobody has": ([("lower: 60%, higher: 40%", "lower: 0%, higher: 100%")], ""),
    "work that takes no time": ([("gamma: {mean: 2 h, sd: 1 h}", "fixed: 0 h")], ""),
    "a wait beyond the horizon": ([("form: {", "form: {wait: 1000 weeks, ")], ""),
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_scenario_has_an_answer_in_real_numbers(folder: Path, kind: str) -> None:
    changes, more = ODD[kind]
    changed(folder, *changes, more=more)
    done = costsim(*RUN, "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json["programme"]["cost_per_case"]["old"]["value"] >= 0
    shown = costsim(*RUN).out
    assert not {"nan", "inf", "None"} & set(shown.replace("£", "").split())


VALUE = "per_year: {value: 50, assumed: true, uncertain: {uniform: [40, 60]}}"
MONTHS = "january february march april may june july august september october november december"


@pytest.mark.parametrize(
    "instead",
    ["per_year: 0.001", f"per_year: 50\n  monthly: {{{MONTHS.replace(' ', ': 0, ')}: 0}}"],
    ids=["hardly ever", "in no month"],
)
def test_a_period_without_any_referral_has_no_answer_and_says_so(
    folder: Path, instead: str
) -> None:
    changed(folder, (VALUE, instead))
    done = costsim(*RUN, "--json")
    assert done.code in (1, 3)
    assert "referral" in done.err or not all(each["passed"] for each in done.json["checks"])


ENDLESS = "meeting: {every: 0.001 min, capacity: 1, members: {worker: 1}, each_case: 1 min}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("horizon", "calendar: {start: 9999-12-31}\nhorizon", "9999-12-31"),
        ("horizon", "run: {length: 0.001 years}\nhorizon", "0.001"),
        ("worker: {hourly_cost", "worker: {share_of_time: 1e-9, hourly_cost", "share_of_time"),
        ("staff: {worker: {gamma: {mean: 2 h, sd: 1 h}}}", ENDLESS, "every"),
    ],
    ids=["the last date", "no period", "next to no time", "meetings without end"],
)
def test_what_could_never_be_simulated_is_refused_at_once(
    folder: Path, old: str, new: str, said: str
) -> None:
    changed(folder, (old, new))
    done = costsim(*RUN)
    assert (done.code, done.out) == (3, "")
    assert said in done.err


@pytest.mark.parametrize("cost", ["£4000", "£0.40"])
def test_an_hourly_cost_a_hundred_times_the_usual_is_doubted(folder: Path, cost: str) -> None:
    changed(folder, ("{value: £40, assumed: true, uncertain: {uniform: [£30, £50]}}", cost))
    assert any(
        "hourly costs are usually" in each for each in costsim(*RUN, "--json").json["warnings"]
    )


def test_a_rework_loop_that_hardly_ever_ends_is_stopped_and_named(folder: Path) -> None:
    changed(folder, ("next: {closed: 90%, refused: rest}", "next: {visit: 99.9999%, closed: rest}"),
            ("[closed, refused]", "[closed]"))  # fmt: skip
    done = costsim(*RUN)
    assert (done.code, done.out) == (1, "")
    assert "visit" in done.err


# --- what must not matter ------------------------------------------------------------------------


def summary(*words: str) -> Done:
    return costsim(*RUN, "--json", "--quiet", *words)


def test_the_seed_of_the_scenario_is_used_and_recorded_and_another_may_be_chosen(
    folder: Path,
) -> None:
    changed(folder, more="run: {seed: 11}\n")
    written, same, other = summary(), summary("--seed", "11"), summary("--seed", "12")
    assert written.out == same.out
    assert (written.json["seed"], other.json["seed"]) == (11, 12)
    assert written.json["programme"] != other.json["programme"]


def test_without_any_seed_the_default_is_recorded_and_gives_the_same_again() -> None:
    first, again = summary(), summary()
    assert isinstance(first.json["seed"], int)
    assert first.out == again.out == summary("--seed", str(first.json["seed"])).out


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_change_neither_the_hash_nor_a_byte_of_the_results(
    folder: Path, line_end: str
) -> None:
    assert costsim(*RUN, "--out", "out", "--quiet").code == 0
    unix = contents(folder / "out")
    (folder / "out").rename(folder / "unix")
    (folder / "s.yaml").write_bytes(SCENARIO.replace("\n", line_end).encode())
    assert costsim(*RUN, "--out", "out", "--quiet").code == 0
    assert contents(folder / "out") == unix


def test_the_order_of_the_keys_changes_no_figure(folder: Path) -> None:
    def turned(node: Plain) -> Plain:
        if isinstance(node, dict):
            return {key: turned(node[key]) for key in reversed(node)}
        return node

    before = summary().json
    tree = turned(plain(read_text(SCENARIO, "s.yaml").root))
    (folder / "s.yaml").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    after = summary().json
    assert after["scenario"]["sha256"] != before["scenario"]["sha256"]
    for name in ("programme", "sites", "checks"):
        assert after[name] == before[name]


def test_more_replications_keep_those_that_were_there(folder: Path) -> None:
    few = summary("--replications", "2", "--out", "few")
    many = summary("--replications", "4", "--keep", "2", "--out", "many")
    assert (few.code, many.code) == (0, 0)
    for name in ("cases.parquet", "ledger.parquet"):
        assert (folder / "few" / name).read_bytes() == (folder / "many" / name).read_bytes()
