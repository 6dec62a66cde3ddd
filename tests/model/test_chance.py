"""What chance does to cases and to years: means, spreads and numbers of visits that are known."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import costsim
from costsim.assurance import agrees_with_arithmetic
from costsim.economics.savings import SiteCase
from costsim.results.estimates import mean, ratio
from tests.model.building import Tree, exponential, load, minutes, pathway, problem, work
from tests.model.observing import Floats, assert_mean, records

MEAN_HOURS, SD_HOURS, POUNDS = 12.0, 6.0, 45.0


def _years(per_year: int, replications: int, folder: Path) -> SiteCase:
    """So many years in which each case takes hours with a known mean and spread."""
    hours = {"gamma": {"mean": f"{MEAN_HOURS} h", "sd": f"{SD_HOURS} h"}}
    tree = problem(
        staff={"worker": {"hourly_cost": POUNDS}},
        referrals={"per_year": per_year},
        run={"replications": replications, "seed": 21},
        pathways={
            "old": pathway(assess=work("worker", hours)),
            "new": pathway(nothing={"next": "done"}),
        },
    )
    found = costsim.evaluate(load(tree, folder), keep=0)
    return found.main.cases[0]


def _year_s_mean(per_year: int) -> float:
    return per_year * MEAN_HOURS * POUNDS


def _year_s_sd(per_year: int) -> float:
    """A Poisson number of cases, each of random cost: variance = rate x mean of the square."""
    return POUNDS * math.sqrt(per_year * (MEAN_HOURS**2 + SD_HOURS**2))


def test_the_known_year_of_a_thousand_referrals() -> None:
    assert _year_s_mean(1000) == 540_000
    assert _year_s_sd(1000) == pytest.approx(19_091.88309, abs=5e-6)


@pytest.fixture(scope="module")
def small_years(tmp_path_factory: pytest.TempPathFactory) -> SiteCase:
    return _years(20, 1500, tmp_path_factory.mktemp("years"))


def _assert_spread(costs: Floats, per_year: int) -> None:
    mean, sd = _year_s_mean(per_year), _year_s_sd(per_year)
    size = len(costs)
    assert abs(costs.mean() - mean) < 4 * sd / math.sqrt(size)
    # The spread of a sample variance: for near-normal values, sd x sqrt(2 / (n - 1)).
    gap = costs.var(ddof=1) / sd**2 - 1
    assert abs(gap) < 4 * math.sqrt(2.2 / (size - 1))


def test_a_year_s_cost_has_the_mean_and_the_spread_of_a_poisson_number_of_cases(
    small_years: SiteCase,
) -> None:
    _assert_spread(small_years.costs["old"], 20)


@pytest.mark.long
def test_a_large_year_s_cost_has_the_mean_and_the_spread_that_are_published(tmp_path: Path) -> None:
    _assert_spread(_years(1000, 600, tmp_path).costs["old"], 1000)


def test_ninety_five_intervals_in_a_hundred_hold_the_known_mean(small_years: SiteCase) -> None:
    size = 15
    known = MEAN_HOURS * POUNDS
    inside = 0
    for first in range(0, 1500, size):
        rows = slice(first, first + size)
        found = ratio(small_years.costs["old"][rows], small_years.referrals[rows])
        low, high = found.ci95 or (None, None)
        assert low is not None
        assert high is not None
        inside += low <= known <= high
    assert 95 - 4 * math.sqrt(100 * 0.95 * 0.05) < inside < 100


def test_the_interval_of_ten_known_values() -> None:
    values = np.array([118.0, 124, 131, 115, 127, 122, 119, 133, 125, 121])
    found = mean(values)
    assert found.value == 123.5
    assert found.ci95 is not None
    assert found.ci95 == pytest.approx((123.5 - 4.078161822, 123.5 + 4.078161822), abs=1e-9)


@pytest.mark.parametrize("dearer", [0.5, 2.0])
def test_replications_go_on_until_the_interval_is_narrow_whatever_the_saving_s_sign(
    dearer: float, tmp_path: Path
) -> None:
    tree = problem(
        run={"replications": 3},
        pathways={
            "old": pathway(assess=work("worker", exponential(60))),
            "new": pathway(form=work("worker", exponential(dearer * 60))),
        },
    )
    # The spread of the difference of two exponential costs, and what the precision then takes.
    needed = (1.96 * 60 * math.sqrt(1 + dearer**2) / 2.0) ** 2 / 100

    def watch(done: int, _of: int) -> None:
        assert done < 2 * needed + 40

    found = costsim.evaluate(load(tree, tmp_path), precision=2.0, progress=watch)
    saving = found.main.programme.economics.per_case_saving
    low, high = saving.ci95 or (None, None)
    assert low is not None
    assert high is not None
    assert (high - low) / 2 <= 2.0
    assert found.runs.replications > 0.5 * needed
    assert (low > 0) if dearer < 1 else (high < 0)


def test_the_standard_error_that_is_reported_is_that_of_the_mean(tmp_path: Path) -> None:
    tree = problem(
        referrals={"per_year": 200},
        run={"replications": 40},
        pathways={
            "old": pathway(assess=work("worker", exponential(600))),
            "new": pathway(assess=work("worker", "1 h")),
        },
    )
    figure = costsim.evaluate(load(tree, tmp_path)).main.programme.economics.cost_per_case["old"]
    # £600 a case with sd £600, over 40 x 200 cases.
    assert figure.mcse == pytest.approx(600 / math.sqrt(40 * 200), rel=0.3)


def _loop(again: float) -> Tree:
    step = work("worker", "1 h", {"check": again, "done": "rest"})
    return problem(
        referrals={"per_year": 3000},
        run={"replications": 2, "seed": 13},
        pathways={"old": pathway(check=step), "new": pathway(one=work("worker", "1 min"))},
    )


@pytest.mark.parametrize("again", [0.2, 0.6])
def test_a_loop_is_gone_round_a_geometric_number_of_times(again: float, tmp_path: Path) -> None:
    found = costsim.evaluate(load(_loop(again), tmp_path))
    samples = [
        np.bincount(r.visits.case, minlength=len(r.cases.arrived))[r.cases.counted].astype(float)
        for r in records(found, "old")
    ]
    visits = np.concatenate(samples)
    spread = math.sqrt(again) / (1 - again)
    known = 1 / (1 - again)
    assert abs(visits.mean() - known) < 4 * spread / math.sqrt(len(visits))
    for times in (1, 2, 3):
        share = (1 - again) * again ** (times - 1)
        error = math.sqrt(share * (1 - share) / len(visits))
        assert abs((visits == times).mean() - share) < 4 * error


def test_the_shares_of_attributes_and_branches_are_as_written(tmp_path: Path) -> None:
    tree = problem(
        referrals={
            "per_year": 6000,
            "need": {"lower": "60%", "middle": "rest", "higher": "15%"},
            "attributes": {"language": {"english": "90%", "other": "10%"}},
        },
        run={"replications": 1},
        pathways={
            "old": pathway(
                sort={"next": {"visit": "30%", "call": "70%"}},
                visit=work("worker", "2 h"),
                call=work("worker", "1 h"),
            ),
            "new": pathway(one=work("worker", "1 min")),
        },
    )
    found = costsim.evaluate(load(tree, tmp_path), keep=1)
    plan = found.runs.sites["site"].plan
    (record,) = records(found, "old")
    size = len(record.cases.arrived)
    shares = {}
    for number, attribute in enumerate(plan.attributes):
        for level, value in enumerate(attribute.values):
            shares[value] = (record.cases.levels[:, number] == level).mean()
    steps = plan.worlds[0].comparator.names
    shares |= {n: (record.visits.step == steps.index(n)).sum() / size for n in ("visit", "call")}
    known = {"lower": 0.6, "middle": 0.25, "higher": 0.15, "english": 0.9, "other": 0.1}
    for name, share in (known | {"visit": 0.3, "call": 0.7}).items():
        assert abs(shares[name] - share) < 4 * math.sqrt(share * (1 - share) / size)
    urgent = record.cases.levels[:, 1] == 0
    english = record.cases.levels[:, 0] == 0
    together, apart = (urgent & english).mean(), urgent.mean() * english.mean()
    assert abs(together - apart) < 4 * math.sqrt(apart * (1 - apart) / size)


def test_minutes_wait_and_luck_on_the_way_are_independent_of_each_other(tmp_path: Path) -> None:
    activity = work("worker", exponential(60), {"check": 0.3, "done": 0.7}, wait=exponential(60))
    tree = problem(
        referrals={"per_year": 8000},
        run={"replications": 1},
        pathways={"old": pathway(check=activity), "new": pathway(one=work("worker", "1 min"))},
    )
    (record,) = records(costsim.evaluate(load(tree, tmp_path), keep=1), "old")
    visits = record.visits
    minutes_ = np.zeros(len(visits.case))
    minutes_[record.work.visit] = record.work.minutes
    once = visits.number == 0
    again = np.isin(visits.case[once], visits.case[visits.number == 1])
    waited = (visits.began - visits.reached)[once]
    second = np.full(len(record.cases.arrived), np.nan)
    second[visits.case[visits.number == 1]] = minutes_[visits.number == 1]
    pairs = [
        (minutes_[once], waited),
        (minutes_[once], again.astype(float)),
        (waited, again.astype(float)),
        (minutes_[once][again], second[visits.case[once]][again]),
    ]
    for first, other in pairs:
        assert abs(np.corrcoef(first, other)[0, 1]) < 4 / math.sqrt(len(first))


def test_arrivals_are_a_poisson_process(tmp_path: Path) -> None:
    tree = problem(referrals={"per_year": 400}, run={"replications": 40, "seed": 4})
    found = costsim.evaluate(load(tree, tmp_path), keep=40)
    kept = records(found, "old")
    counts = np.array([float(len(r.cases.arrived)) for r in kept])
    gaps = np.concatenate([np.diff(r.cases.arrived) for r in kept])
    assert abs(counts.mean() - 400) < 4 * math.sqrt(400 / 40)
    assert abs(counts.var(ddof=1) / 400 - 1) < 4 * math.sqrt(2 / 39)
    scaled = gaps / gaps.mean()
    assert abs(scaled.std() - 1) < 4 * math.sqrt(2 / len(gaps))
    assert abs(np.corrcoef(gaps[:-1], gaps[1:])[0, 1]) < 4 / math.sqrt(len(gaps))
    assert_mean([np.diff(r.cases.arrived) for r in kept], 365 * 24 * 60 / 400, sharp=0.02)


def test_referrals_that_come_evenly_come_evenly(tmp_path: Path) -> None:
    tree = problem(referrals={"per_year": 73, "arrive": "evenly"}, run={"replications": 1})
    (record,) = records(costsim.evaluate(load(tree, tmp_path), keep=1), "old")
    days = record.cases.arrived / (24 * 60)
    assert days == pytest.approx(2.5 + 5 * np.arange(73))


def test_demand_brings_its_share_of_further_people_with_luck_of_their_own(tmp_path: Path) -> None:
    tree = problem(
        referrals={"per_year": 2000},
        run={"replications": 6},
        pathways={
            "old": pathway(assess=work("worker", exponential(600))),
            "new": pathway(assess=work("worker", exponential(240))),
        },
        take_up={"demand_response": "25%"},
    )
    found = costsim.evaluate(load(tree, tmp_path))
    extra = [np.array([float(r.cases.extra.sum())]) for r in records(found, "new")]
    assert_mean(extra, 500, sharp=0.03)
    assert not any(r.cases.extra.any() for r in records(found, "old"))
    for record in records(found, "new"):
        drawn = record.work.minutes[np.argsort(record.visits.case[record.work.visit])]
        own, more = drawn[~record.cases.extra], drawn[record.cases.extra]
        assert not np.isin(more, own).any()
        assert abs(more.mean() - 240) < 4 * 240 / math.sqrt(len(more))


def test_a_bare_number_of_minutes_is_the_same_for_everyone(tmp_path: Path) -> None:
    tree = problem(
        pathways={
            "old": pathway(assess=work("worker", minutes(123.0))),
            "new": pathway(assess=work("worker", "1 h")),
        }
    )
    found = costsim.evaluate(load(tree, tmp_path))
    assert all((r.work.minutes == 123.0).all() for r in records(found, "old"))


def test_a_role_that_works_twice_in_an_activity_has_luck_of_its_own_each_time(
    tmp_path: Path,
) -> None:
    turns = [{"worker": exponential(60)}, {"worker": exponential(60)}]
    tree = problem(
        referrals={"per_year": 2000},
        run={"replications": 1},
        pathways={
            "old": pathway(assess={"staff": turns, "next": "done"}),
            "new": pathway(one=work("worker", "1 min")),
        },
    )
    (record,) = records(costsim.evaluate(load(tree, tmp_path)), "old")
    order = np.argsort(record.work.visit, kind="stable")
    first, second = record.work.minutes[order][::2], record.work.minutes[order][1::2]
    assert abs(np.corrcoef(first, second)[0, 1]) < 4 / math.sqrt(len(first))


def _rarely(again: str, replications: int) -> Tree:
    rare = work("worker", exponential(60), {"assess": again, "done": "rest"})
    return problem(
        referrals={"per_year": 10, "arrive": "evenly"},
        run={"replications": replications},
        pathways={"old": pathway(assess=rare), "new": pathway(one=work("worker", "30 min"))},
    )


@pytest.mark.parametrize(("again", "replications"), [("20%", 2), ("20%", 3), ("0.1%", 40)])
def test_a_sound_scenario_does_not_fail_its_checks_by_bad_luck(
    again: str, replications: int, tmp_path: Path
) -> None:
    scenario = load(_rarely(again, replications), tmp_path)
    assert all(costsim.evaluate(scenario, seed=seed, keep=1).passed for seed in range(30))


def test_a_simulation_that_contradicts_arithmetic_fails_its_check(tmp_path: Path) -> None:
    found = costsim.evaluate(load(_rarely("20%", 40), tmp_path)).main.programme.economics
    assert agrees_with_arithmetic("new", found, 40).passed
    for wrong in (20.0, -20.0):
        elsewhere = costsim.Estimate((found.per_case_saving.value or 0.0) + wrong)
        other = replace(found, expected_per_case_saving=elsewhere)
        assert not agrees_with_arithmetic("new", other, 40).passed


def test_a_run_in_which_nobody_came_is_no_answer(tmp_path: Path) -> None:
    tree = problem(referrals={"per_year": 0.01}, run={"replications": 2, "seed": 3})
    found = costsim.evaluate(load(tree, tmp_path))
    assert found.runs.sites["site"].referrals.sum() == 0
    assert not found.passed
