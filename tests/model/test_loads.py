"""What staff and meetings are asked for: too much, perhaps too much, or not, and what is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import costsim
from costsim.caseload import baseline
from costsim.pathway.compile import compile_site
from costsim.pathway.demand import anybody_expected
from costsim.pathway.expectation import Load, offered_load, panel_load, partners
from costsim.pathway.plan import Plan
from costsim.sampling import Luck
from tests.model.building import Tree, exponential, load, pathway, problem, role, work

ONE = {"worker": role(1), "clerk": role()}
A_YEAR = 365  # one worker's days


def plan_of(tree: Tree, folder: Path) -> Plan:
    return compile_site(load(tree, folder), "site")


def office(per_year: float = A_YEAR, staff: Tree | None = None, **steps: Any) -> Tree:
    """Referrals who follow the activities given, or with nobody to wait for in the new world."""
    return problem(
        staff=staff or ONE,
        referrals={"per_year": per_year},
        run={"replications": 10, "seed": 4},
        pathways={"old": pathway(**steps), "new": pathway(form=work("clerk", "1 min"))},
    )


def parts(each: Load) -> tuple[float, float, float]:
    return each.most, each.lasting, each.sure


def of_worker(tree: Tree, folder: Path) -> Load:
    plan = plan_of(tree, folder)
    number = [post.name for post in plan.posts].index("worker")
    return offered_load(plan, plan.worlds[0])[number]


def said(tree: Tree, folder: Path) -> tuple[list[str], list[str]]:
    """The checks of the load that fail, and the warnings about it."""
    found = costsim.evaluate(load(tree, folder), keep=10)
    failed = [each.detail for each in found.checks if each.name == "load" and not each.passed]
    return failed, [each for each in found.warnings if "asked for" in each]


# --- staff ---------------------------------------------------------------------------------------


def test_a_withdrawal_elsewhere_hides_no_endless_queue(tmp_path: Path) -> None:
    """Who waits a day for a clerk that is always there does not lose two years of patience."""
    call = work("clerk", "10 min", "visit", wait="1 day", withdraw_after="700 days")
    tree = office(call=call, visit=work("worker", "36 h"))
    assert parts(of_worker(tree, tmp_path)) == pytest.approx((1.5, 1.5, 1.5))
    failed, warned = said(tree, tmp_path)
    assert ["worker is asked for 150% of their time" in each for each in failed] == [True]
    assert not warned


def test_what_may_be_withdrawn_before_is_a_warning_and_no_failure(tmp_path: Path) -> None:
    call = work("clerk", "10 min", "visit", wait=exponential(600), withdraw_after="1 day")
    tree = office(call=call, visit=work("worker", "36 h"))
    assert parts(of_worker(tree, tmp_path)) == pytest.approx((1.5, 1.5, 0.0))
    failed, warned = said(tree, tmp_path)
    assert not failed
    assert ["up to 150% of their time, if nobody withdraws before" in w for w in warned] == [True]


def test_a_queue_that_people_leave_is_not_endless(tmp_path: Path) -> None:
    tree = office(visit=work("worker", "36 h", withdraw_after=exponential(9000)))
    assert parts(of_worker(tree, tmp_path)) == pytest.approx((1.5, 0.0, 0.0))
    failed, warned = said(tree, tmp_path)
    assert not failed
    assert ["up to 150% of their time, which is more" in each for each in warned] == [True]


def test_later_turns_are_waited_for_whatever_the_patience(tmp_path: Path) -> None:
    turns = {"staff": [{"worker": "6 h"}, {"worker": "12 h"}], "withdraw_after": exponential(9000)}
    tree = office(visit={**turns, "next": "done"})
    assert parts(of_worker(tree, tmp_path)) == pytest.approx((0.75, 0.5, 0.0))


def test_those_who_bypass_every_withdrawal_come_for_certain(tmp_path: Path) -> None:
    call = work("clerk", "1 min", "visit", wait=exponential(600), withdraw_after="1 day")
    steps: Tree = {"sort": {"next": {"call": "25%", "visit": "75%"}}, "call": call}
    tree = office(**steps, visit=work("worker", "36 h"))
    assert of_worker(tree, tmp_path).sure == pytest.approx(1.5 * 0.75)
    failed, warned = said(tree, tmp_path)
    assert ["for 112.5% to 150% of their time" in each for each in failed] == [True]
    assert not warned


@pytest.mark.parametrize(
    ("leaving", "sure"), [({}, 0.5), ({"withdraw_after": exponential(60)}, 0.0)]
)
def test_who_withdraws_from_the_option_leaks_no_more(
    leaving: Tree, sure: float, tmp_path: Path
) -> None:
    form = work("clerk", "1 min", wait=exponential(60))
    tree = office(visit=work("worker", "12 h"))
    tree["take_up"] = {"leakage": {"share": "100%", "to": "visit"}}
    tree["pathways"]["new"] = pathway(form=form | leaving)
    plan = plan_of(tree, tmp_path)
    found = offered_load(plan, plan.worlds[1])[1]
    assert parts(found) == pytest.approx((0.5, 0.5, sure))


def test_a_load_beyond_all_measure_is_still_readable(tmp_path: Path) -> None:
    failed, _ = said(office(visit=work("worker", "9000 h")), tmp_path)
    assert ["asked for 37,500% of" in each for each in failed] == [True]


# --- meetings ------------------------------------------------------------------------------------


def sit(**terms: Any) -> Tree:
    meeting = {"every": "1 day", "capacity": 5, "members": {"clerk": 1}, "each_case": "1 h"}
    return {"meeting": meeting | terms, "next": "done"}


def test_a_meeting_that_has_places_but_no_time_fails_its_check(tmp_path: Path) -> None:
    tree = office(panel=sit(each_case="30 h"))
    plan = plan_of(tree, tmp_path)
    (found,) = panel_load(plan, plan.worlds[0]).values()
    assert found.overruns
    assert parts(found) == pytest.approx((1.25, 1.25, 1.25))
    failed, _ = said(tree, tmp_path)
    assert ["the meeting panel is asked for 125% of all working time" in f for f in failed] == [
        True
    ]


def test_meetings_that_share_only_a_name_are_not_added_together(tmp_path: Path) -> None:
    tree = office(panel=sit(capacity=1))
    tree["pathways"]["new"] = pathway(panel=sit(capacity=2))
    tree["take_up"] = {"eligible": "20%"}
    plan = plan_of(tree, tmp_path)
    found = {name: each.most for name, each in panel_load(plan, plan.worlds[1]).items()}
    assert found == pytest.approx({"panel of old": 0.8, "panel of new": 0.1})


def test_meetings_on_the_same_terms_are_one(tmp_path: Path) -> None:
    tree = office(panel=sit(capacity=1))
    tree["pathways"]["new"] = pathway(panel=sit(capacity=1))
    tree["take_up"] = {"eligible": "20%"}
    plan = plan_of(tree, tmp_path)
    ((name, found),) = panel_load(plan, plan.worlds[1]).items()
    assert name == "panel"
    assert parts(found) == pytest.approx((1.0, 1.0, 1.0))


def test_a_meeting_that_people_give_up_waiting_for_fails_no_check(tmp_path: Path) -> None:
    tree = office(per_year=2 * A_YEAR, panel=sit(capacity=1) | {"withdraw_after": "20 days"})
    failed, warned = said(tree, tmp_path)
    assert not failed
    assert ["up to 200% of its sittings, which is more" in each for each in warned] == [True]


# --- people who work together --------------------------------------------------------------------


def in_pairs(days: float) -> Tree:
    """A third needs the worker, a third the nurse, and a third both for half as long."""
    half = f"{days / 2} days"
    steps: Tree = {
        "sort": {"next": {"alone": 1 / 3, "other": 1 / 3, "both": "rest"}},
        "alone": work("worker", f"{days} days"),
        "other": work("nurse", f"{days} days"),
        "both": {"staff": {"worker": half, "nurse": half}, "next": "done"},
    }
    return office(2 * A_YEAR, {**ONE, "nurse": role(1)}, **steps)


def test_who_works_with_whom_leaves_out_those_nobody_waits_for(tmp_path: Path) -> None:
    plan = plan_of(in_pairs(0.5), tmp_path)
    assert partners(plan, plan.worlds[0]) == {"nurse": ["worker"], "worker": ["nurse"]}
    alone = office(visit={"staff": {"worker": "1 h", "clerk": "1 h"}, "next": "done"})
    plan = plan_of(alone, tmp_path)
    assert partners(plan, plan.worlds[0]) == {}


@pytest.mark.parametrize(("days", "words"), [(0.6, []), (0.75, [False] * 2), (0.9, [True] * 2)])
def test_people_who_wait_for_each_other_are_said_to_with_what_the_waits_show(
    days: float, words: list[bool], tmp_path: Path
) -> None:
    """Asked for 60%, 75% and 90%; by simulation they can do some 77%."""
    tree = in_pairs(days) | {"run": {"replications": 10, "length": "2 years", "warm_up": "1 year"}}
    failed, warned = said(tree, tmp_path)
    assert not failed
    assert ["wait 1." in each or "wait 2." in each for each in warned] == words
    assert all("works together with" in each for each in warned)


# --- whether anybody comes -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("referrals", "run", "somebody"),
    [
        ({"per_year": 1, "arrive": "evenly"}, {"length": "5 months"}, False),
        ({"per_year": 1, "arrive": "evenly"}, {"length": "7 months"}, True),
        ({"per_year": 1, "arrive": "evenly"}, {"length": "5 months", "warm_up": "2 months"}, True),
        ({"per_year": 1, "arrive": "evenly"}, {"length": "5 months", "warm_up": "7 months"}, False),
        ({"per_year": 0.1, "arrive": "evenly"}, {"length": "4 years"}, False),
        ({"per_year": 500, "arrive": "evenly"}, {"length": "1 months"}, True),
        ({"per_year": 1}, {"length": "1 months"}, True),
        ({"per_year": 500, "monthly": {"april": 0}}, {"length": "0.05 years"}, False),
        ({"per_year": 500, "monthly": {"may": 0}}, {"length": "0.05 years"}, True),
    ],
)  # fmt: skip
def test_whether_anybody_can_come_is_known_before(
    referrals: Tree, run: Tree, somebody: bool, tmp_path: Path
) -> None:
    tree = problem(calendar={"start": "2016-04-01"}, referrals=referrals, run=run)
    plan = plan_of(tree, tmp_path)
    assert anybody_expected(plan) == somebody
    came = baseline(plan, Luck(1, "site", 0, 200)).arrivals
    begin, finish = plan.window
    assert bool(np.any((came >= begin) & (came < finish))) == somebody
