"""The budget view: cash by financial year, in the prices of that year, from a start date.

The Green Book asks what a decision is worth to society, in real terms and discounted; a budget
holder asks what it does to the account of each financial year, from April to March. The same money
stands in both. An hour released is no cash until a post goes, so cash is shown apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from costsim.economics.appraisal import CashFlow
from costsim.economics.cashability import CashRow
from costsim.scenario.deflators import Deflators

Amounts = Sequence[float]


@dataclass(frozen=True)
class BudgetRow:
    """One financial year in pounds of its own prices (nominal).

    `price_level` is what £1 of the scenario's price year is in this year's. `saving` is gross, all
    staff time at its cost; `net` is it less the costs beside it. `cash` is the part of the saving
    of staff time that leaves the pay bill, `own_staff` the part of the costs that is time of staff
    who are paid anyway, and `net_cash` what the account shows: cash and savings other than staff
    time, less the costs other than own staff.
    """

    financial_year: str
    price_level: float
    one_off: float
    saving: float
    running_cost_change: float
    double_running: float
    net: float
    cumulative: float
    other_saving: float
    cash: float
    own_staff: float
    net_cash: float
    cumulative_cash: float


@dataclass(frozen=True)
class Parts:
    """Parts of a cash flow, in its real pounds: savings other than staff time by year, and the time
    of own staff within the one-off cost and, by year, within double running.
    """

    other_savings: Amounts
    own_staff_once: float
    own_staff_doubled: Amounts


@dataclass(frozen=True)
class PriceLevels:
    """Prices of financial years against those of the scenario's price year.

    After the last year of the table prices rise by `inflation` a year.
    """

    deflators: Deflators
    base: str
    inflation: float

    def level(self, year: str) -> float:
        """What £1 of the base year is in prices of a financial year.

        Raises `ValueError` for a year before the table or in a hole of it, or such a base.
        """
        last = max((y for y in self.deflators.index if len(y) == len(year)), default=year)
        if year <= last:
            return self.deflators.factor(self.base, year)
        years = int(year[:4]) - int(last[:4])
        return self.deflators.factor(self.base, last) * (1 + self.inflation) ** years


def financial_year(day: date) -> str:
    """The financial year in which a day falls.

    >>> financial_year(date(2016, 4, 1)), financial_year(date(2000, 3, 31))
    ('2016-17', '1999-00')
    """
    first = day.year if day >= date(day.year, 4, 1) else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def financial_years(start: date, years: int) -> list[str]:
    """The financial years that some years from a day touch, and one at the least.

    >>> financial_years(date(2024, 10, 1), 1)
    ['2024-25', '2025-26']
    """
    first = int(financial_year(start)[:4])
    touched = _length(share_before_april(start), years)
    return [financial_year(date(first + n, 4, 1)) for n in range(touched)]


def share_before_april(start: date) -> float:
    """The share of a year from a day that falls before the next 1 April; 1 from a 1 April.

    >>> share_before_april(date(2016, 4, 1)), round(share_before_april(date(2016, 10, 1)), 3)
    (1.0, 0.499)
    """
    first = int(financial_year(start)[:4])
    begin, end = date(first, 4, 1), date(first + 1, 4, 1)
    return (end - start).days / (end - begin).days


def budget(
    flow: CashFlow, parts: Parts, cash: Sequence[CashRow], start: date, prices: PriceLevels
) -> tuple[BudgetRow, ...]:
    """A cash flow by financial year, with the part of it that is cash.

    The one-off cost falls on the first day, the money of each year evenly through it, so that a
    start in mid-year shares each year between two financial years. Raises `ValueError` where a year
    has no price level.
    """
    begins = share_before_april(start)
    by_year = [math.fsum(r.cash for r in cash if r.year == y + 1) for y in range(flow.years)]
    spread = _spreader(begins, flow.years)
    once = _at_once(parts.own_staff_once, begins, flow.years)
    doubled = spread(parts.own_staff_doubled)
    columns = [
        _at_once(flow.one_off, begins, flow.years),
        *map(spread, (flow.savings, flow.running, flow.double_running)),
        *map(spread, (parts.other_savings, by_year)),
        [one + other for one, other in zip(once, doubled, strict=True)],
    ]
    names = financial_years(start, flow.years)
    return tuple(_rows(names, [prices.level(name) for name in names], columns))


def _spreader(begins: float, years: int) -> Callable[[Amounts], list[float]]:
    """Shares the money of appraisal years out between financial years."""

    def spread(amounts: Amounts) -> list[float]:
        early = [amount * begins for amount in amounts]
        late = [amount - part for amount, part in zip(amounts, early, strict=True)]
        found = [a + b for a, b in zip([*early, 0.0], [0.0, *late], strict=True)]
        return found[: _length(begins, years)]

    return spread


def _length(begins: float, years: int) -> int:
    """How many financial years some years touch, and one at the least."""
    return max(1, years + (begins < 1.0))


def _at_once(amount: float, begins: float, years: int) -> list[float]:
    return [amount, *[0.0] * (_length(begins, years) - 1)]


def _rows(
    names: Sequence[str], levels: Sequence[float], real: Sequence[Amounts]
) -> Iterator[BudgetRow]:
    """The rows, each amount brought to the prices of its year."""
    nets: list[float] = []
    net_cash: list[float] = []
    for number, (name, level) in enumerate(zip(names, levels, strict=True)):
        one_off, saving, running, doubled, other, cash, own = (c[number] * level for c in real)
        costs = one_off + running + doubled
        nets.append(saving - costs)
        net_cash.append(cash + other - (costs - own))
        yield BudgetRow(
            financial_year=name,
            price_level=level,
            one_off=one_off,
            saving=saving,
            running_cost_change=running,
            double_running=doubled,
            net=nets[-1],
            cumulative=math.fsum(nets),
            other_saving=other,
            cash=cash,
            own_staff=own,
            net_cash=net_cash[-1],
            cumulative_cash=math.fsum(net_cash),
        )
