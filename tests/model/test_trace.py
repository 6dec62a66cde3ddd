"""`costsim trace`: whose story a number tells, and whether that case is in the figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from costsim.evaluation import replay
from costsim.report import story
from costsim.results.tables import Priced
from tests.model.building import Tree, load, pathway, problem, role, work, write
from tests.model.command import run_command

WARM_UP = "not counted: it comes during the warm-up"
BACKLOG = "not counted: it waits in the backlog when the clock starts"
AFTER = "not counted: it comes after the time that is counted"


def _evenly(backlog: int, **parts: Any) -> Tree:
    """Ten referrals a year: five before what is counted, ten within, five after; then backlog."""
    return problem(
        referrals={
            "per_year": 10,
            "arrive": "evenly",
            "need": {"lower": "50%", "higher": "50%"},
            "backlog": {"assess": backlog},
        },
        run={"replications": 1, "warm_up": "6 months"},
        staff={"worker": role(1)},
        pathways={
            "old": pathway(contact=work("worker", "1 h", "assess"), assess=work("worker", "9 h")),
            "new": pathway(form=work("worker", "1 h")),
        },
        **parts,
    )


def _told(file: Path, referral: int, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert run_command("trace", file, "--referral", str(referral), *options) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("referral", "note"),
    [(1, WARM_UP), (5, WARM_UP), (6, ""), (15, ""), (16, AFTER), (20, AFTER), (21, BACKLOG)],
)
def test_a_trace_says_whether_the_case_is_counted_and_why_not(
    referral: int, note: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(_evenly(backlog=2), tmp_path)
    shown = _told(file, referral, capsys)
    assert (note in shown) if note else ("not counted" not in shown)
    found = json.loads(_told(file, referral, capsys, "--json"))
    assert found["counted"] is not bool(note)
    assert found["why_not_counted"] == (note.removeprefix("not counted: ") or None)


def test_a_case_of_the_backlog_is_not_told_as_one_that_is_referred(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(_evenly(backlog=2), tmp_path)
    firsts = [
        json.loads(_told(file, referral, capsys, "--json"))["pathways"]["old"]["lines"][0]["what"]
        for referral in (20, 21, 22)
    ]
    assert firsts == ["referred", "waits in the backlog", "waits in the backlog"]


@pytest.mark.parametrize(
    ("backlog", "said"),
    [
        (0, "has 20 referrals."),
        (1, "has 21 referrals, the last of which waits in the backlog"),
        (3, "has 23 referrals, the last 3 of which wait in the backlog"),
    ],
)
def test_a_number_too_high_is_told_how_many_there_are_and_how_many_are_backlog(
    backlog: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(_evenly(backlog), tmp_path)
    assert run_command("trace", file, "--referral", "24") == 2
    assert said in " ".join(capsys.readouterr().err.split())


def _days_of_the_last(priced: Priced, number: int) -> list[float]:
    minutes: list[float] = priced.record.cases.decided[-number:].tolist()
    return [each / (24 * 60) for each in minutes]


def test_a_case_of_the_backlog_is_the_same_one_where_extra_referrals_come_before_it(
    tmp_path: Path,
) -> None:
    tree = _evenly(backlog=4, take_up={"demand_response": "50%"})
    tree["pathways"]["new"]["activities"]["assess"] = work("worker", "9 h")
    tree["pathways"]["new"]["activities"]["form"]["next"] = "assess"
    replayed = replay(load(tree, tmp_path), "site")
    old, new = replayed
    assert len(new.record.cases.arrived) > len(old.record.cases.arrived) == 24
    days = [_days_of_the_last(each, 4) for each in replayed]
    for position in range(4):
        told = story.stories(replayed, 21 + position)
        assert [each.days for each in told] == [found[position] for found in days]
        assert len({each.who for each in told}) == 1
        assert {each.not_counted for each in told} == {BACKLOG.removeprefix("not counted: ")}
    everyone = [story.stories(replayed, referral) for referral in range(1, 21)]
    assert all(one.who == other.who for one, other in everyone)
    assert not any("backlog" in each.not_counted for told in everyone for each in told)
