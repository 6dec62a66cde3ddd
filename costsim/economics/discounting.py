"""What a pound of a later year is worth today.

Public appraisal prefers money now to money later. The HM Treasury Green Book sets the rate of that
preference: 3.5 % a year, declining after the thirtieth year. A discount factor is the worth today
of £1 that falls in a given year of the appraisal; what falls at time 0 has the factor 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

GREEN_BOOK_SCHEDULE: tuple[tuple[int, float], ...] = (
    (1, 0.035),
    (31, 0.030),
    (76, 0.025),
    (126, 0.020),
    (201, 0.015),
    (301, 0.010),
)
"""Real discount rates of the HM Treasury Green Book: (first year it applies to, rate a year)."""


class Timing(StrEnum):
    """The moment of the year at which the money of that year is taken to fall."""

    YEAR_END = "year_end"
    MID_YEAR = "mid_year"
    YEAR_START = "year_start"


_RATES_OF_OWN_YEAR_APPLIED = {Timing.YEAR_END: 1.0, Timing.MID_YEAR: 0.5, Timing.YEAR_START: 0.0}


@dataclass(frozen=True)
class Discounting:
    """How later money is made comparable with money at time 0.

    `rate` is a share a year (0.035 is 3.5 %); None takes the Green Book's declining schedule.
    `timing` says when in its year the money falls. Raises ValueError for a rate of -100 % or less,
    one that is not a finite number, or an unknown timing.

    >>> [round(factor, 4) for factor in Discounting(0.05).factors(3)]
    [0.9524, 0.907, 0.8638]
    >>> [round(factor, 4) for factor in Discounting(0.05, Timing.YEAR_START).factors(3)]
    [1.0, 0.9524, 0.907]
    """

    rate: float | None = None
    timing: Timing = Timing.YEAR_END

    def __post_init__(self) -> None:
        Timing(self.timing)
        if self.rate is not None and not -1 < self.rate < math.inf:
            raise ValueError(
                f"The discount rate must be a number above -100 % a year, "
                f"but it is {100 * self.rate:g} %."
            )

    def moments(self, years: int) -> tuple[float, ...]:
        """When the money of each of the years 1 to `years` falls, in years from time 0.

        >>> Discounting(timing=Timing.MID_YEAR).moments(3)
        (0.5, 1.5, 2.5)
        """
        own_year = _RATES_OF_OWN_YEAR_APPLIED[self.timing]
        return tuple(year - 1 + own_year for year in range(1, years + 1))

    def annual_rate(self, year: int) -> float:
        """The rate that applies within one year of the appraisal, as a share; years count from 1.

        Raises ValueError for a year before the first.

        >>> Discounting().annual_rate(30), Discounting().annual_rate(31)
        (0.035, 0.03)
        """
        if year < 1:
            raise ValueError(f"Years of an appraisal count from 1, but year {year} was asked for.")
        if self.rate is not None:
            return self.rate
        return next(rate for first, rate in reversed(GREEN_BOOK_SCHEDULE) if year >= first)

    def factors(self, years: int) -> tuple[float, ...]:
        """The worth today of £1 falling in each of the years 1 to `years`.

        A running product of the years' rates, as the Green Book defines it. Raises ValueError
        where a rate near -100 % makes a factor too large to be a number.
        """
        factors = tuple(self._running_product(years))
        if not all(map(math.isfinite, factors)):
            raise ValueError(
                f"A discount rate so near to -100 % cannot be applied over {years} years."
            )
        return factors

    def _running_product(self, years: int) -> Iterator[float]:
        own_year = _RATES_OF_OWN_YEAR_APPLIED[self.timing]
        start_of_year = 1.0
        for year in range(1, years + 1):
            growth = 1.0 + self.annual_rate(year)
            yield start_of_year / growth**own_year
            start_of_year /= growth
