"""The years of one site's money: staff time grows dearer with pay, other cost does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from costsim.economics.activities import OTHER, ActivityRow
from costsim.economics.agencies import agency_rows
from costsim.economics.discounting import Discounting
from costsim.economics.rollout import Rollout
from costsim.economics.savings import SiteCase, Terms, other_savings
from costsim.scenario.schema import Site

TERMS = Terms(2, Discounting(0.0), 96_000.0, pay_growth=0.10)
SITE = Site.model_validate(
    {
        "staff": {
            "worker": {"hourly_cost": "£60"},
            "nurse": {"hourly_cost": "£30", "agency": "the NHS"},
        },
        "referrals": {"per_year": 10},
        "pathways": {
            name: {
                "start": "visit",
                "activities": {"visit": {"cost": {"value": cost, "agency": "the charity"},
                                         "next": "done"}},
                "outcomes": ["done"],
            }
            for name, cost in (("old", "£50"), ("new", "£80"))
        },
        "one_off": {"co_design": {"staff": {"nurse": "10 h", "worker": "5 h"}}},
    }
)  # fmt: skip


def _row(pathway: str, role: str, cost: float) -> ActivityRow:
    return ActivityRow(pathway, pathway, "visit", role, 1.0, 0.0, 0.0, cost)


ROWS = (
    _row("old", "worker", 200.0),
    _row("old", OTHER, 50.0),
    _row("new", "worker", 60.0),
    _row("new", "nurse", 40.0),
    _row("new", OTHER, 80.0),
)
ONE = np.ones(2)
CASE = SiteCase(
    comparator="old",
    option="new",
    referrals_per_year=10.0,
    referrals=ONE,
    costs={"old": 250 * ONE, "new": 180 * ONE},
    minutes={"old": ONE, "new": ONE},
    running_change=0.0,
    one_off=600.0,
    rollout=Rollout(double_running=0.5),
    expected_saving=None,
    roles=(),
    activities=ROWS,
)


def test_staff_time_grows_with_pay_and_other_cost_stays() -> None:
    """£70 a case, of which staff save £100 and other cost loses £30; ten cases a year."""
    flow = CASE.flow(CASE.gross().number, TERMS)
    assert flow.savings == pytest.approx((0.5 * 700, 1000 * 1.1 - 300))
    assert flow.double_running == pytest.approx((0.5 * 1800, 0.0))


def test_what_is_run_double_in_a_later_year_is_paid_at_that_years_pay() -> None:
    late = replace(CASE, rollout=Rollout(start_delay=1.0, double_running=1.0))
    flow = late.flow(late.gross().number, TERMS)
    assert flow.savings == (0.0, 0.0)
    assert flow.double_running == pytest.approx((0.0, 10 * (100 * 1.1 + 80)))


def test_savings_other_than_staff_time_follow_the_roll_out() -> None:
    assert other_savings([CASE, CASE], TERMS) == pytest.approx((-300, -600))


@pytest.mark.parametrize("name", ["council", "The Council", "the  council"])
def test_the_council_is_one_whatever_it_is_called(name: str) -> None:
    plain = SITE.model_copy(update={"staff": {
        role: each.model_copy(update={"agency": name}) for role, each in SITE.staff.items()
    }})  # fmt: skip
    assert [row.agency for row in agency_rows([plain], [CASE], TERMS)] == [
        "the council",
        "the charity",
    ]


def test_each_agency_has_the_money_that_is_its_own() -> None:
    rows = {row.agency: row for row in agency_rows([SITE], [CASE], TERMS)}
    assert list(rows) == ["the council", "the NHS", "the charity"]
    assert {name: row.one_off for name, row in rows.items()} == {
        "the council": 300, "the NHS": 300, "the charity": 0,
    }  # fmt: skip
    savings = {name: row.saving for name, row in rows.items()}
    assert savings == pytest.approx(
        {
            "the council": 1400 * (0.5 + 1.1),
            "the NHS": -400 * (0.5 + 1.1),
            "the charity": -300 * 1.5,
        }
    )
    doubled = {name: row.double_running for name, row in rows.items()}
    assert doubled == pytest.approx({"the council": 300, "the NHS": 200, "the charity": 400})
