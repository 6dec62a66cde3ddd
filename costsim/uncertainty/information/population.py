"""How many decisions a piece of information serves: from one case to a year and to the horizon.

A value of information is worked out for one decision. Where the decision is made anew for every
case, or the net benefit is that of one case, it is worth that much in each case of each year until
the horizon ends; where it is that of a whole programme, it must be shared out among the cases. Both
ways use the same number of cases, so there and back is the same figure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from costsim.economics.discounting import Discounting, Timing


@dataclass(frozen=True)
class Scope:
    """The cases that one decision is about: so many a year, for a number of whole years.

    `rate` discounts later years: a share a year, 0 for not at all, None for the Green Book's
    schedule. `timing` says when in its year a case's value falls. Raises ValueError for fewer than
    no cases, or less than a year.

    >>> Scope(per_year=56, years=3).over_horizon(2.0)
    336.0
    >>> round(Scope(per_year=56, years=3, rate=0.035).over_horizon(2.0), 2)
    313.78
    """

    per_year: float
    years: int
    rate: float | None = 0.0
    timing: Timing = field(default=Timing.YEAR_END, kw_only=True)

    def __post_init__(self) -> None:
        if not 0 < self.per_year < math.inf:
            raise ValueError(
                f"There are {self.per_year:g} cases a year: give a number above 0 that is finite."
            )
        if self.years < 1 or self.years != int(self.years):
            raise ValueError(
                f"The horizon is {self.years:g} years: give a whole number of 1 or more."
            )
        self._discounting.factors(1)

    @property
    def _discounting(self) -> Discounting:
        return Discounting(self.rate, self.timing)

    @property
    def cases(self) -> float:
        """How many cases the horizon has, each counted once."""
        return self.per_year * self.years

    @property
    def present_cases(self) -> float:
        """How many cases today the horizon is worth: later ones count by their discount factor."""
        return self.per_year * math.fsum(self._discounting.factors(int(self.years)))

    def a_year(self, per_case: float) -> float:
        """The value of a year, not discounted, from that of a case."""
        return per_case * self.per_year

    def over_horizon(self, per_case: float) -> float:
        """The value of the whole horizon from that of a case, discounted by `rate`."""
        return per_case * self.present_cases

    def per_case(self, over_horizon: float) -> float:
        """The value of a case from that of the whole horizon, which is discounted by `rate`.

        >>> scope = Scope(per_year=56, years=3, rate=0.035)
        >>> round(scope.per_case(scope.over_horizon(2.0)), 12)
        2.0
        """
        return over_horizon / self.present_cases
