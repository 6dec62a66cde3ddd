"""The years of one site's money: staff time grows dearer with pay, other cost does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from costsim.economics.activities import OTHER, ActivityRow
from costsim.economics.agencies import agency_rows
from costsim.economics.discounting import Discounting
from costsim.economics.optimism import OptimismBias
from costsim.economics.outlook import allowance, economics
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


def test_while_both_are_run_the_old_ways_running_costs_go_on() -> None:
    """£10,000 of the old way and £2,000 of the new one: a fall only once the old one ends."""
    case = replace(CASE, running_change=-8000.0, running_old=10_000.0)
    assert case.flow(0.0, TERMS).running == pytest.approx((-8000 + 5000, -8000))
    long = replace(case, rollout=Rollout(start_delay=0.5, double_running=1.0))
    assert long.flow(0.0, TERMS).running == pytest.approx((0.5 * 2000, 0.5 * 2000 - 0.5 * 8000))


def test_a_loss_does_not_hide_in_another_sites_gain_before_the_allowance() -> None:
    bias = OptimismBias(0.2)
    terms = Terms(1, Discounting(0.0), 96_000.0, optimism_bias=bias)
    gain = replace(CASE, rollout=Rollout(), one_off=0.0)
    loss = replace(gain, costs={"old": 180 * ONE, "new": 250 * ONE})
    each = [allowance([case], terms).adjusted_net_benefit.number for case in (gain, loss)]
    assert each == pytest.approx([0.8 * 700, -1.2 * 700])
    together = allowance([gain, loss], terms).adjusted_net_benefit.number
    assert together == pytest.approx(sum(each))


def test_a_loss_does_not_hide_in_a_fall_of_running_costs_before_the_allowance() -> None:
    terms = Terms(3, Discounting(0.0), 96_000.0, optimism_bias=OptimismBias(0.2))
    case = replace(
        CASE, rollout=Rollout(), one_off=0.0, running_change=-8000.0,
        costs={"old": 0 * ONE, "new": 500 * ONE},
    )  # fmt: skip
    assert allowance([case], terms).adjusted_total_saving.number == pytest.approx(
        3 * (-6000 + 6400)
    )


def test_break_even_knows_that_double_running_follows_the_referrals_and_not_the_saving() -> None:
    """n = one-off / (2 S - 250) for one year of double running at £250 a case in three years."""
    spread = np.array([-10.0, 10.0])
    case = replace(
        CASE,
        activities=(_row("old", "worker", 500.0), _row("new", "worker", 250.0)),
        costs={"old": 500.0 + spread, "new": 250.0 * ONE},
        rollout=Rollout(double_running=1.0),
        one_off=50_000.0,
    )
    found = economics([case], Terms(3, Discounting(0.0), 96_000.0)).break_even_referrals_per_year
    assert found.number == pytest.approx(50_000 / (2 * 250 - 250))
    assert found.mcse == pytest.approx(
        (50_000 / (2 * 240 - 250) - 50_000 / (2 * 260 - 250)) / 2, rel=1e-9
    )


def test_break_even_is_found_where_only_growing_pay_saves_anything() -> None:
    """£100 of staff against £100 of other cost: 2% and 4.04% of £100 are saved in years 2 and 3."""
    case = replace(
        CASE,
        activities=(_row("old", "worker", 100.0), _row("new", OTHER, 100.0)),
        costs={"old": 100.0 * ONE, "new": 100.0 * ONE},
        rollout=Rollout(),
        one_off=1000.0,
    )
    terms = Terms(3, Discounting(0.0), 96_000.0, pay_growth=0.02)
    found = economics([case], terms).break_even_referrals_per_year
    assert found.number == pytest.approx(1000 / 6.04)


def test_what_rounding_leaves_of_a_saving_never_breaks_even() -> None:
    case = replace(CASE, costs={"old": (0.1 + 0.2) * ONE, "new": 0.3 * ONE}, rollout=Rollout())
    found = economics([case], Terms(3, Discounting(0.0), 96_000.0))
    assert found.per_case_saving.number != 0
    assert found.break_even_referrals_per_year.value is None


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
