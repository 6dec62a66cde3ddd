"""Estimates as a reader sees them: the figure in its unit, its interval, and what is not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from costsim.report.page.content import Cell
from costsim.results.estimates import Estimate
from costsim.results.metrics import ADJUSTED
from costsim.words import money, number, percentage

Shown = Callable[[float | None], str]

NEVER = frozenset({"payback_years", "discounted_payback_years"})
RATIOS = frozenset({"benefit_cost_ratio", "return_on_investment", "internal_rate_of_return"})
PERCENT = frozenset({"return_on_investment", "internal_rate_of_return"})
PLAIN = {
    "benefit_cost_ratio": 2, "payback_years": 2, "discounted_payback_years": 2,
    "referrals_per_year": 1, "break_even_referrals_per_year": 1,
    "staff_hours_released_per_year": 0, "fte_released": 2, "days_sooner": 1,
}  # fmt: skip


def shown(name: str, value: float | None) -> str:
    """A figure by its published name, in its unit.

    >>> shown("net_benefit", 16687.8), shown("payback_years", None), shown("fte_released", 0.178)
    ('£16,688', 'never', '0.18')
    """
    name = name.removeprefix(ADJUSTED)
    if value is None:
        return "never" if name in NEVER else "not defined" if name in RATIOS else "none"
    if name in PERCENT:
        return percentage(value)
    return tidy(value, PLAIN[name]) if name in PLAIN else money(value)


def tidy(value: float, digits: int = 2) -> str:
    """A plain number, in which nothing is never negative.

    >>> tidy(-0.0019), tidy(-3.0, 1)
    ('0.00', '-3.0')
    """
    return number(value if round(value, digits) else 0.0, digits)


def between(estimate: Estimate, show: Shown) -> str:
    """The 95 % interval of an estimate, where it has one; an end may be `never`."""
    low, high = estimate.ci95 or (None, None)
    return "" if low is None and high is None else f"{show(low)} to {show(high)}"


def cell(name: str, estimate: Estimate) -> Cell:
    """An estimate with its interval, by its published name."""
    show = partial(shown, name)
    return Cell(show(estimate.value), between(estimate, show))


def plain_cell(estimate: Estimate, show: Shown) -> Cell:
    """An estimate with its interval, shown in a given way."""
    return Cell(show(estimate.value) or "none", between(estimate, show))


def certainty(name: str, estimate: Estimate) -> str:
    """The interval in a cell of its own: `exact` for what has no chance in it."""
    if estimate.exact:
        return "exact"
    return between(estimate, partial(shown, name)) or "not known"
