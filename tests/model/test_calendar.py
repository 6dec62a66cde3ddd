"""The working calendar, against the published bank holidays and NumPy's own business days."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import costsim
from costsim.pathway.calendar import (
    MOST_YEARS,
    WorkingTime,
    bank_holidays,
    working_days,
    working_time,
)
from costsim.scenario.schema import Calendar
from tests.model.building import load, problem
from tests.model.observing import records

# GOV.UK, bank holidays in England and Wales, with substitute days.
MONTHS_AND_DAYS = {
    2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
    2017: "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
}
ENGLAND = [f"{year}-{day}" for year, days in MONTHS_AND_DAYS.items() for day in days.split()]
DAY = 7.4 * 60


def _england(start: str, **parts: object) -> WorkingTime:
    return working_time(Calendar.model_validate({"start": start, **parts}))


def _business_days(first: date, last: date) -> int:
    return int(np.busday_count(first, last, holidays=ENGLAND))


def _weekdays_off(nation: str) -> list[str]:
    days = [date.fromordinal(n) for n in sorted(bank_holidays(nation, 2016, 8))]
    return [str(day) for day in days if day.weekday() < 5 and 2016 <= day.year <= 2024]


def test_the_bank_holidays_of_england_are_those_that_were_published() -> None:
    assert _weekdays_off("england") == ENGLAND


def test_other_nations_have_their_own_bank_holidays() -> None:
    assert "2024-01-02" in _weekdays_off("scotland")
    assert "2024-04-01" not in _weekdays_off("scotland")
    assert "2024-07-12" in _weekdays_off("northern_ireland")
    assert _weekdays_off("wales") == ENGLAND
    assert bank_holidays("none", 2016, 8) == set()


@pytest.mark.parametrize("year", range(2016, 2023))
def test_a_year_has_the_working_days_that_the_almanac_counts(year: int) -> None:
    time = _england(f"{year}-04-01")
    days = _business_days(date(year, 4, 1), date(year + 1, 4, 1))
    assert time.minutes_in_year() == pytest.approx(days * DAY)
    assert 251 <= days <= 256


@pytest.mark.parametrize("start", ["2016-02-29", "2016-04-01", "2017-03-01", "2016-12-31"])
def test_years_run_from_anniversary_to_anniversary(start: str) -> None:
    time, first = _england(start), date.fromisoformat(start)
    for years in range(1, 8):
        leap_day = (first.month, first.day) == (2, 29) and (first.year + years) % 4 != 0
        same = (3, 1) if leap_day else (first.month, first.day)
        last = date(first.year + years, *same)
        assert time.period(years) == pytest.approx(_business_days(first, last) * DAY)


def test_part_of_a_year_is_that_part_of_its_working_time() -> None:
    time = _england("2016-04-01")
    for years in (0.25, 1.5, 2.75):
        whole = int(years)
        begin, end = time.period(whole), time.period(whole + 1)
        assert time.period(years) == pytest.approx(begin + (years - whole) * (end - begin))
    assert time.period(0) == 0


def test_a_minute_s_date_and_a_date_s_minute_lead_back_to_each_other() -> None:
    time, start = _england("2016-04-01"), date(2016, 4, 1)
    for offset in range(0, 3000, 7):
        day = start + timedelta(days=offset)
        minute = time.minute_of(day)
        lands = date.fromordinal(int(time.dates(np.array([minute]))[0]))
        assert lands == np.busday_offset(day, 0, roll="forward", holidays=ENGLAND).astype(date)
        assert minute == pytest.approx(_business_days(start, day) * DAY)
        inside = time.dates(np.array([minute + DAY / 2, minute + DAY - 0.001]))
        assert (inside == lands.toordinal()).all()


def test_so_many_working_days_later_is_the_date_that_numpy_finds() -> None:
    time = _england("2016-04-01")
    begin = np.asarray(np.arange(1500) * DAY + 100.0, dtype=np.float64)
    for days in (1, 10, 45):
        found = time.dates(np.asarray(begin + days * DAY, dtype=np.float64))
        start = [date.fromordinal(int(each)) for each in time.dates(begin)]
        known = np.busday_offset(start, days, holidays=ENGLAND).astype(date)
        assert [date.fromordinal(int(each)) for each in found] == known.tolist()


@pytest.mark.parametrize(
    ("begin", "working_days", "calendar_days"),
    [
        ("2016-12-19", 4, 4),  # Monday to Friday before Christmas
        ("2016-12-23", 1, 5),  # Christmas on a Sunday: Monday and Tuesday are holidays too
        ("2016-12-28", 3, 6),  # over New Year, which has its substitute on Monday
        ("2016-12-19", 10, 17),
        ("2017-06-05", 5, 7),  # an ordinary week
        ("2017-06-05", 0, 0),
    ],
)
def test_calendar_days_on_both_sides_of_christmas(
    begin: str, working_days: int, calendar_days: int
) -> None:
    time = _england("2016-04-01")
    minute = np.array([time.minute_of(date.fromisoformat(begin)) + 200.0])
    found = time.calendar_days(minute, minute + working_days * DAY)
    assert found == pytest.approx([calendar_days])


def test_parts_of_days_count_as_parts_of_calendar_days() -> None:
    time = _england("2016-04-01")
    minute = np.array([time.minute_of(date(2017, 6, 5))])
    assert time.calendar_days(minute, minute + DAY / 4) == pytest.approx([0.25])


def test_what_lasts_for_ten_thousand_years_has_days_in_proportion_and_the_last_date_there_is() -> (
    None
):
    time = _england("2016-04-01")
    within = np.array([3.0, 2000.0, 1e6]) * DAY
    beyond = np.array([5e6, 5e6 + 5, 1e30, np.inf]) * DAY
    together = time.dates(np.concatenate([within, beyond]))
    assert together[:3].tolist() == time.dates(within).tolist()
    assert {date.fromordinal(int(each)) for each in together[3:]} == {date.max}
    assert time.calendar_days(beyond[:1], beyond[1:2]) == pytest.approx([7.0])
    assert time.calendar_days(within[2:], beyond[:1]) == pytest.approx([4e6 * 7 / 5], rel=0.01)


def test_days_run_on_where_the_calendar_s_last_day_is_passed() -> None:
    time = _england("2016-04-01")
    last = len(working_days(time, MOST_YEARS)) * DAY
    days = time.calendar_days(np.full(2, last - 0.5 * DAY), np.array([last, last + 4.5 * DAY]))
    assert days == pytest.approx([0.9, 7.0 - 0.1], abs=1.0)
    (passed,) = time.calendar_days(np.array([last - DAY / 2]), np.array([last + 9.5 * DAY]))
    assert passed == pytest.approx(14.0)


def test_days_that_the_office_is_closed_are_not_worked() -> None:
    open_, closed = _england("2016-04-01"), _england("2016-04-01", closed=["2016-12-28"])
    assert open_.minutes_in_year() - closed.minutes_in_year() == pytest.approx(DAY)
    twice = _england("2016-04-01", closed=["2016-12-25", "2016-12-26"])  # Sunday, bank holiday
    assert twice.minutes_in_year() == open_.minutes_in_year()


def test_the_week_and_the_day_are_as_long_as_the_calendar_says() -> None:
    four = ["monday", "tuesday", "wednesday", "thursday"]
    time = _england("2016-04-01", working_week=four, hours_per_day=8, bank_holidays="none")
    days = int(np.busday_count("2016-04-01", "2017-04-01", weekmask="1111000"))
    assert time.minutes_in_year() == pytest.approx(days * 8 * 60)


@pytest.mark.parametrize(
    "monthly", [{}, {"august": 0, "september": 3}, {"december": 0.5, "january": 2, "march": 0}]
)
def test_months_get_referrals_by_their_weight_and_the_year_its_number(
    monthly: dict[str, float], tmp_path: Path
) -> None:
    tree = problem(
        calendar={"start": "2016-04-01"},
        referrals={"per_year": 5_000, "arrive": "evenly", "monthly": monthly or None},
        run={"replications": 1},
    )
    if not monthly:
        del tree["referrals"]["monthly"]
    (record,) = records(costsim.evaluate(load(tree, tmp_path), keep=1), "old")
    time = _england("2016-04-01")
    dates = time.dates(record.cases.arrived)
    arrived = np.array([date.fromordinal(int(each)).month for each in dates])
    names = ["january", "february", "march", "april", "may", "june", "july", "august"]
    names += ["september", "october", "november", "december"]
    first, last = date(2016, 4, 1), date(2017, 4, 1)
    days = [first + timedelta(days=n) for n in range((last - first).days)]
    worked = [day.month for day in days if np.is_busday(day, holidays=ENGLAND)]
    weights = {m: worked.count(m) * monthly.get(names[m - 1], 1) for m in range(1, 13)}
    assert len(arrived) == 5_000
    for month, weight in weights.items():
        known = 5_000 * weight / sum(weights.values())
        assert abs((arrived == month).sum() - known) <= 1


def test_a_referral_dated_before_the_simulated_time_is_refused(tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text("date\n2024-03-28\n2024-05-07\n", encoding="utf-8")
    tree = problem(calendar={"start": "2024-04-01"}, referrals={"arrive": {"dates": "days.csv"}})
    with pytest.raises(costsim.ScenarioError, match="before"):
        load(tree, tmp_path)
    found = costsim.evaluate(load(tree | {"calendar": {"start": "2024-03-28"}}, tmp_path))
    assert found.main.programme.economics.referrals_per_year.value == 2
