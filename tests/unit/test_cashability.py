"""Staff time that is cash and staff time that is capacity: whole posts, by role and by site."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import costsim
from costsim.comparison import cash_of
from costsim.economics.cashability import CashRow, cash_rows, cashability
from costsim.economics.discounting import Discounting
from costsim.economics.rollout import Rollout
from costsim.economics.savings import RoleTime, SiteCase, Terms
from costsim.report import cash
from costsim.results.estimates import mean
from tests.architecture.checkout import ROOT

YEAR = 1600.0  # hours of a full-time year
HOURLY = 50.0
POST = YEAR * HOURLY


def _terms(years: int = 3) -> Terms:
    return Terms(years, Discounting(0.035), YEAR * 60)


def _case(*roles: RoleTime, rollout: Rollout | None = None) -> SiteCase:
    """A site to which one referral a year comes, in each of two replications."""
    nothing = np.zeros(2)
    return SiteCase(
        comparator="old",
        option="new",
        referrals_per_year=1.0,
        referrals=np.ones(2),
        costs={"old": nothing, "new": nothing},
        minutes={"old": nothing, "new": nothing},
        running_change=0.0,
        one_off=0.0,
        rollout=rollout or Rollout(),
        expected_saving=None,
        roles=roles,
    )


def _role(
    posts: float, vacated: float = 0.0, backfill: float = 0.0, spread: float = 0.0
) -> RoleTime:
    """A role of which so many posts are released, give or take, in the two replications."""
    minutes = YEAR * 60 * np.array([posts - spread, posts + spread])
    return RoleTime("worker", HOURLY, mean(minutes), vacated, backfill)


def test_posts_of_later_years_are_worth_what_pay_has_grown_to() -> None:
    terms = Terms(3, Discounting(0.035), YEAR * 60, pay_growth=0.5)
    rows = list(cash_rows(_case(_role(1.0, vacated=9.0)), terms))
    assert [row.staff_time for row in rows] == pytest.approx([POST, 1.5 * POST, 2.25 * POST])
    assert [row.cash for row in rows] == pytest.approx([0.0, 1.5 * POST, 2.25 * POST])


def _rows(role: RoleTime, years: int = 3, **parts: Rollout) -> list[CashRow]:
    return list(cash_rows(_case(role, **parts), _terms(years)))


def test_parts_of_posts_are_capacity_whatever_they_come_to_together() -> None:
    cases = [_case(_role(0.6, vacated=9.0)), _case(_role(0.6, vacated=9.0), _role(0.9, 9.0))]
    found = cashability(cases, _terms())
    assert found.cashable_saving.value == 0
    assert found.staff_time_saving.value == pytest.approx(3 * (0.6 + 0.6 + 0.9) * POST)


def test_a_post_goes_only_when_somebody_has_left_before_the_year_begins() -> None:
    rows = _rows(_role(2.5, vacated=0.7), years=5)
    assert [row.vacated for row in rows] == [0, 0, 1, 2, 2]
    assert [row.posts_gone for row in rows] == [0, 0, 1, 2, 2]
    assert [row.cash for row in rows] == [0, 0, POST, 2 * POST, 2 * POST]
    assert [row.not_vacated for row in rows] == [2 * POST, 2 * POST, POST, 0, 0]


def test_where_nobody_is_known_to_leave_nothing_is_cash() -> None:
    assert [row.cash for row in _rows(_role(40.0))] == [0, 0, 0]


def test_posts_that_are_filled_again_are_no_cash() -> None:
    rows = _rows(_role(4.0, vacated=9.0, backfill=0.25))
    assert [row.filled_again for row in rows] == [0, POST, POST]
    assert [row.cash for row in rows] == [0, 3 * POST, 3 * POST]


def test_more_time_is_absorbed_in_parts_and_paid_in_whole_posts_at_once() -> None:
    rows = _rows(_role(-1.5, vacated=9.0, backfill=0.5))
    assert [(row.whole_posts, row.posts_gone) for row in rows] == [(-1, -1)] * 3
    assert [row.cash for row in rows] == [-POST] * 3
    assert [row.part_posts for row in rows] == [-POST / 2] * 3


def test_a_number_of_posts_that_is_whole_but_for_rounding_is_whole() -> None:
    assert _rows(_role(0.1 + 0.2 + 0.7 - 1e-15, vacated=1.0))[2].whole_posts == 1
    assert _rows(_role(1.999, vacated=9.0))[2].whole_posts == 1


def test_the_course_of_the_roll_out_is_that_of_the_savings() -> None:
    rows = _rows(_role(2.0, vacated=9.0), rollout=Rollout(ramp_up=(0.25, 0.5, 1.0)))
    assert [row.posts for row in rows] == [0.5, 1.0, 2.0]
    assert [row.cash for row in rows] == [0, POST, 2 * POST]


@given(
    posts=st.floats(-50, 50),
    vacated=st.floats(0, 20),
    backfill=st.floats(0, 1),
    years=st.integers(1, 8),
)
def test_the_steps_add_up_and_cash_is_never_more_than_the_time_that_is_saved(
    posts: float, vacated: float, backfill: float, years: int
) -> None:
    for row in _rows(_role(posts, vacated, backfill), years):
        steps = row.part_posts + row.not_vacated + row.filled_again + row.cash
        assert steps == pytest.approx(row.staff_time, rel=1e-9, abs=1e-6)
        assert row.cash <= max(row.staff_time, 0.0) + 1e-3
        assert row.posts_gone <= max(row.vacated, 0)


def test_the_interval_of_the_cash_ends_where_the_hours_at_their_ends_take_it() -> None:
    found = cashability([_case(_role(2.5, vacated=9.0, spread=0.001))], _terms()).cashable_saving
    assert found.ci95 == (4 * POST, 4 * POST)  # two posts in each of two years, at either end
    # One standard error is 0.05 posts here, and t with one degree of freedom 12.7: 1.86 to 3.14.
    wide = cashability([_case(_role(2.5, vacated=9.0, spread=0.05))], _terms()).cashable_saving
    assert wide.value == 4 * POST
    assert wide.ci95 == (2 * POST, 6 * POST)


def test_one_replication_gives_no_interval() -> None:
    case = _case(_role(2.5, vacated=9.0))
    once = replace(
        case,
        referrals=case.referrals[:1],
        costs={name: each[:1] for name, each in case.costs.items()},
        roles=(replace(case.roles[0], released=mean(np.array([2.5 * YEAR * 60]))),),
    )
    found = cashability([once], _terms()).cashable_saving
    assert (found.value, found.mcse, found.ci95) == (4 * POST, None, None)


def test_the_study_saves_about_a_fifth_of_a_post_over_three_councils_and_no_cash() -> None:
    scenario = costsim.load(ROOT / "scenarios" / "coram-2017.yaml")
    found = costsim.evaluate(scenario, replications=30)
    money = found.main.programme.cashability
    assert money.cashable_saving.value == 0
    assert money.cashable_saving.ci95 == (0, 0)
    # There are no other costs of a case in the study, so its staff time is all of its saving.
    saving = found.main.programme.economics.total_saving
    assert money.staff_time_saving.number == pytest.approx(saving.number, rel=1e-12)
    rows = [row for case in found.main.cases for row in cash_rows(case, _terms())]
    assert 0 < max(row.posts for row in rows) < 0.15
    shown = _verdict(scenario, found)
    assert shown.startswith("This is capacity for other work, not cash: 0.1")
    assert "of a full-time post in the last year, over 3 sites, and no whole post" in shown


def _verdict(scenario: costsim.Scenario, found: costsim.Evaluation) -> str:
    """What the screen says of the cash."""
    by_site = cash_of(scenario, found.main)
    return cash.verdict(scenario, [row for rows in by_site.values() for row in rows])


def test_the_screen_says_how_many_posts_can_go_and_what_is_missing_where_none_can() -> None:
    scenario = costsim.load(ROOT / "scenarios" / "features" / "20-cash-or-capacity.yaml")
    found = costsim.evaluate(scenario, replications=2)
    assert "2 of 2 whole posts can go" in _verdict(scenario, found)
    rows = list(cash_rows(_case(_role(3.2)), _terms()))
    assert "3 whole posts, but nobody is known to leave one" in cash.verdict(scenario, rows)
