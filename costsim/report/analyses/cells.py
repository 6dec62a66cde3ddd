"""Figures of an analysis as cells of a table: the number, and how people write it.

A payback that does not come within the horizon is an infinite number of years, written `never`; a
figure that does not exist is written `none`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from costsim import words
from costsim.report.analyses.exhibit import Cell, Column, Table, Value
from costsim.uncertainty.discovery.telling import share as whole_share
from costsim.uncertainty.outcomes import GAIN

_SHARES = frozenset({"within_target"})
_WHOLE = frozenset({
    "staff_hours_released_per_year", "referrals_per_year", "break_even_referrals_per_year",
})  # fmt: skip
_NUMBERS = frozenset({
    "benefit_cost_ratio", "return_on_investment", "fte_released", "days_sooner",
})  # fmt: skip
_NAMES = {
    "break_even_referrals_per_year": "break-even, referrals a year",
    "cashable_saving": "saving a year that is cash",
    "discounted_payback_years": "payback, years, discounted",
    "staff_hours_released_per_year": "staff hours released a year",
    "within_target": "decided within the target",
}


def outcome_name(name: str) -> str:
    """What an outcome is called, such as in the first column of a table.

    >>> outcome_name("net_benefit"), outcome_name("gain.helped")
    ('net benefit', 'gain of a case: helped')
    """
    if name.startswith(GAIN):
        return f"gain of a case: {words.plain_name(name.removeprefix(GAIN))}"
    if name.startswith("adjusted_"):
        return f"{words.figure_name(name.removeprefix('adjusted_'))}, after optimism bias"
    return _NAMES.get(name, words.figure_name(name))


def kind_of(name: str) -> str:
    """What kind of figure an outcome is, as a column of a table has it.

    >>> kind_of("adjusted_net_benefit"), kind_of("payback_years"), kind_of("gain.helped")
    ('money', 'years', 'number')
    """
    if name in _SHARES:
        return "share"
    if name in _WHOLE:
        return "count"
    if name in _NUMBERS or name.startswith(GAIN):
        return "number"
    return "years" if name.endswith("payback_years") else "money"


def outcome(name: str, value: float | None) -> Value:
    """A figure of an outcome.

    >>> outcome("payback_years", math.inf).shown, outcome("net_benefit", -1234.5).shown
    ('never', '-£1,234')
    """
    return of_kind("number" if name.startswith(GAIN) else kind_of(name), value)


def of_kind(kind: str, value: float | None) -> Value:
    """A figure of a kind: `money`, `share`, `years`, `count` or `number`.

    >>> of_kind("share", 0.1234).shown, of_kind("number", None).shown
    ('12.3%', 'none')
    """
    if value is None or math.isnan(value):
        return Value(math.nan, "none")
    if math.isinf(value):
        return Value(value, "never")
    return Value(value, _WRITERS[kind](value))


def _small(value: float) -> str:
    """Two decimals, or two digits that matter where there would be none."""
    return f"{value:,.2f}" if abs(value) >= 0.095 or value == 0 else f"{value:.2g}"


_WRITERS = {
    "money": words.money,
    "share": lambda value: f"{value:.1%}",
    "years": words.years,
    "count": lambda value: f"{value:,.0f}",
    "number": _small,
}


def money(value: float | None) -> Value:
    """An amount of money."""
    return of_kind("money", value)


def share(value: float | None) -> Value:
    """A share, with one decimal."""
    return of_kind("share", value)


def probable(value: float) -> Value:
    """A probability in whole per cent, never none or all of what is not.

    >>> probable(0.9996).shown, probable(1.0).shown
    ('more than 99%', '100%')
    """
    return Value(value, whole_share(value)) if math.isfinite(value) else Value(math.nan, "none")


def text_list(name: str, caption: str, lines: Iterable[str]) -> tuple[Table, ...]:
    """A list under a caption; nothing where there are no lines."""
    rows: Sequence[tuple[Cell, ...]] = [(line,) for line in lines]
    return (Table(name, caption, (Column("text", caption),), tuple(rows)),) if rows else ()
