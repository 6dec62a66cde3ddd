"""The working calendar: which days are worked, and where a working minute falls among them.

The model's clock counts working minutes from the start of the calendar's first working day; nights,
weekends, bank holidays and closed days take no time on it. This module turns that clock into dates
and calendar days, and says how much working time a period holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from costsim.scenario.schema import Calendar

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SUBDIVISION = {"england": "ENG", "scotland": "SCT", "wales": "WLS", "northern_ireland": "NIR"}
MOST_YEARS = 4096  # from the start of the calendar, which is before 2151


@dataclass(frozen=True)
class WorkingTime:
    """A calendar ready for the clock: minutes in a working day, and the dates that are worked."""

    start: date
    minutes_per_day: float
    weekdays: tuple[int, ...]
    bank_holidays: str
    closed: tuple[date, ...]

    def period(self, years: float) -> float:
        """Working minutes in so many years from the start; part of a year in proportion."""
        whole = int(years)
        minutes = self._minutes_until(whole)
        return minutes + (years - whole) * (self._minutes_until(whole + 1) - minutes)

    def minutes_in_year(self) -> float:
        """Working minutes in the first year."""
        return self.period(1)

    def _minutes_until(self, years: int) -> float:
        anniversary = same_day(self.start, years)
        return self.minutes_per_day * np.searchsorted(
            self._days(years + 1), anniversary.toordinal()
        )

    def _days(self, years: int) -> NDArray[np.int64]:
        return working_days(self, years)

    def dates(self, minute: NDArray[np.float64]) -> NDArray[np.int64]:
        """The date, as a proleptic ordinal, on which each working minute falls.

        There is none after 31 December 9999, which stands for whatever comes later.
        """
        return np.minimum(self._ordinals(minute), date.max.toordinal()).astype(np.int64)

    def _ordinals(self, minute: NDArray[np.float64]) -> NDArray[np.float64]:
        """Ordinals of the days of working minutes: whole numbers, unless they lie beyond reason.

        After some thousand years, which only an endless queue or a distribution without bounds can
        take, a week has as many working days as it has weekdays, and no holidays.
        """
        index = np.floor(minute / self.minutes_per_day)
        latest, years = index.max(initial=0), 2
        days = self._days(years)
        while len(days) <= latest and years < MOST_YEARS:
            years *= 2
            days = self._days(years)
        last = len(days) - 1
        known = days[np.minimum(index, last).astype(np.int64)]
        return np.asarray(known + np.maximum(index - last, 0.0) * (7 / len(self.weekdays)))

    def calendar_days(
        self, begin: NDArray[np.float64], end: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Calendar days between working minutes, with the parts of the first and last day.

        A working minute is placed within its day in proportion to the working day, so that a
        case decided at the same time of day a week later took 7 days.
        """
        return self._placed(end) - self._placed(begin)

    def _placed(self, minute: NDArray[np.float64]) -> NDArray[np.float64]:
        return self._ordinals(minute) + (minute % self.minutes_per_day) / self.minutes_per_day

    def minute_of(self, day: date) -> float:
        """The first working minute on or after a date, from the start of the calendar."""
        years = max(1, day.year - self.start.year + 2)
        return self.minutes_per_day * int(np.searchsorted(self._days(years), day.toordinal()))


@lru_cache(maxsize=64)
def working_days(calendar: WorkingTime, years: int) -> NDArray[np.int64]:
    """Ordinals of the days worked in so many years from the calendar's start."""
    first = calendar.start.toordinal()
    last = same_day(calendar.start, years).toordinal()
    closed = set(map(date.toordinal, calendar.closed))
    closed |= bank_holidays(calendar.bank_holidays, calendar.start.year, years + 1)
    days = np.arange(first, last, dtype=np.int64)
    worked = np.isin((days - 1) % 7, calendar.weekdays) & ~np.isin(days, sorted(closed))
    return days[worked]


def bank_holidays(nation: str, year: int, years: int) -> set[int]:
    """Ordinals of the bank holidays of a nation of the United Kingdom.

    >>> date(2016, 5, 30).toordinal() in bank_holidays("england", 2016, 1)
    True
    """
    if nation == "none":
        return set()
    import holidays

    found = holidays.country_holidays(
        "GB", subdiv=_SUBDIVISION[nation], years=range(year, year + years + 1)
    )
    return {day.toordinal() for day in found}


def same_day(start: date, years: int) -> date:
    """The anniversary of a date; 29 February becomes 1 March in common years.

    >>> same_day(date(2016, 2, 29), 1)
    datetime.date(2017, 3, 1)
    """
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def working_time(calendar: Calendar) -> WorkingTime:
    """The scenario's calendar, ready for the clock."""
    return WorkingTime(
        start=calendar.start,
        minutes_per_day=calendar.hours_per_day.value * 60,
        weekdays=tuple(sorted(_WEEKDAYS.index(day) for day in calendar.working_week)),
        bank_holidays=calendar.bank_holidays,
        closed=tuple(sorted(calendar.closed)),
    )


@lru_cache(maxsize=64)
def months_of(calendar: WorkingTime, years: int) -> NDArray[np.int64]:
    """The month, 1 to 12, of each working day."""
    return np.array([date.fromordinal(int(d)).month for d in working_days(calendar, years)])
