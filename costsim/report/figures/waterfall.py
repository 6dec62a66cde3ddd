"""From staff time saved to cash: what is lost on the way, step by step, over the horizon."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from costsim.drawing.canvas import BODY, INK, LEADING, SMALL, WIDTH, Sheet, broken
from costsim.drawing.figure import Figure
from costsim.drawing.grouping import grouped
from costsim.drawing.marks import below_axis, inks, money_axis
from costsim.drawing.text import sentence, titled
from costsim.economics.cashability import CashRow
from costsim.findings import Findings
from costsim.report.cash import STEPS, verdict
from costsim.report.figures.setting import ends_of, source, subtitle
from costsim.units import counted
from costsim.words import between, money, posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT = 0.95
NOTHING = 0.005
"""Pounds of cash that count as none."""
WHOLE, LOST = inks(2)
Ends = tuple[float, ...]


@dataclass(frozen=True)
class _Flow:
    """Staff time on its way to cash: rows of all sites and roles, or of one role."""

    title: str
    rows: tuple[CashRow, ...]

    @property
    def amounts(self) -> list[float]:
        """Pounds of each step."""
        return [self.sum(name) for name in STEPS.values()]

    @property
    def cells(self) -> tuple[str, ...]:
        """Its row in a table."""
        return (self.title, *map(money, self.amounts))

    def sum(self, name: str) -> float:
        """The sum of a figure of its rows."""
        return math.fsum(map(attrgetter(name), self.rows))

    def in_year(self, year: int) -> _Flow:
        """What of it is in one year."""
        return replace(self, rows=tuple(row for row in self.rows if row.year == year))


def cash_waterfall(findings: Findings) -> Figure | None:
    """The steps of all sites and roles together; nothing where no staff time changes."""
    whole = _Flow("All roles", tuple(chain.from_iterable(findings.cash.values())))
    if not any(row.staff_time for row in whole.rows):
        return None
    found = findings.main.programme.cashability
    over = counted(findings.scenario.years, "year")
    measure = f"Pounds of staff time over {over}, all roles and sites; lines are 95% intervals"
    ends = (ends_of(found.staff_time_saving), ends_of(found.cashable_saving))
    return Figure(
        name="staff-time-to-cash",
        title=_title(findings, whole),
        subtitle=subtitle(findings, measure),
        source=source(findings),
        description=_description(findings, whole),
        header=("Role", *STEPS),
        rows=(
            *(each.cells for each in (*_by_role(findings, whole.rows), whole)),
            (
                "95% interval",
                between(found.staff_time_saving) or "none",
                *("not given",) * 3,
                between(found.cashable_saving) or "none",
            ),
        ),
        draw=partial(_draw, amounts=whole.amounts, ends=ends),
    )


def _by_role(findings: Findings, rows: Sequence[CashRow]) -> Iterator[_Flow]:
    for role, mine in sorted(grouped((row.role, row) for row in rows).items()):
        yield _Flow(_role(findings, role), tuple(mine))


def _role(findings: Findings, name: str) -> str:
    """A role's title where all sites that have it agree, or its name."""
    staff = (site.staff for site in findings.scenario.sites.values())
    title, *others = {roles[name].title for roles in staff if name in roles} or {None}
    return sentence(titled(None if others else title, name))


def _title(findings: Findings, flow: _Flow) -> str:
    """What becomes of the time, in a sentence; less than half a penny of cash is none."""
    saved, cash = flow.amounts[0], flow.amounts[-1]
    none = abs(cash) < NOTHING
    if saved < 0:
        more = f"The new way takes {money(-saved)} more staff time"
        parts = f"{more}: parts of posts, to be found among the work there is"
        return parts if none else f"{more}; {money(-cash)} of it has to be paid as whole posts"
    if none:
        freed = flow.in_year(findings.scenario.years).sum("posts")
        return (
            f"It is capacity, not cash: the {money(saved)} of staff time saved comes to "
            f"{posts(freed)}{_spread_over(findings)}, and no whole post can go"
        )
    return _cash(saved, cash)


def _cash(saved: float, cash: float) -> str:
    """How much of the time saved is cash, or costs more."""
    if cash < 0:
        return (
            f"The staff time saved, {money(saved)}, brings no cash: posts cost {money(-cash)} more"
        )
    return (
        f"Of the {money(saved)} of staff time saved, {money(cash)} ({cash / saved:.0%}) is cash; "
        "the rest is capacity for other work"
    )


def _spread_over(findings: Findings) -> str:
    count = len(findings.scenario.sites)
    return f" over {counted(count, 'site')}" if count > 1 else ""


def _description(findings: Findings, flow: _Flow) -> str:
    steps = "; ".join(f"{n} {money(a)}" for n, a in zip(STEPS, flow.amounts, strict=True))
    return f"Waterfall chart. {steps}. {verdict(findings.scenario, flow.rows)}"


def _draw(sheet: Sheet, amounts: list[float], ends: tuple[Ends, Ends]) -> None:
    sheet.open(3.6)
    axes = sheet.axes(LEFT, 0.75, WIDTH - LEFT - 0.15, 2.6)
    bars = levels(amounts)
    flat = [0.0, *chain.from_iterable(bars), *ends[0], *ends[1]]
    low, high = min(flat), max(flat)
    money_axis(axes, low - (high - low) * 0.04 * (low < 0), high + (high - low) * 0.08)
    axes.axhline(0.0, color=INK, lw=1.0)
    _bar(axes, 0, bars[0], amounts[0])
    for number, ((_, before), bar) in enumerate(pairwise(bars), start=1):
        _bar(axes, number, bar, amounts[number])
        axes.plot([number - 0.68, number + 0.32], [before, before], color=INK, lw=0.7, ls=":")
    _interval(axes, 0, ends[0])
    _interval(axes, len(bars) - 1, ends[1])
    _names(axes)


def _interval(axes: Axes, number: int, ends: Ends) -> None:
    """A line beside a bar from one end of its interval to the other, if it has any width."""
    if len(set(ends)) > 1:
        axes.plot([number + 0.22] * 2, ends, color="white", lw=4)
        axes.plot([number + 0.22] * 2, ends, color=INK, lw=1.4, marker="_", ms=7)


def _names(axes: Axes) -> None:
    """The steps in words below their bars."""
    room = (WIDTH - LEFT - 0.15) / len(STEPS) - 0.12
    axes.set_xticks(range(len(STEPS)), [""] * len(STEPS))
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.5, len(STEPS) - 0.5)
    for number, name in enumerate(STEPS):
        for place, line in enumerate(broken(name, room, SMALL)):
            below_axis(axes, line, number, -14 - LEADING * SMALL * place, SMALL)


def levels(amounts: list[float]) -> list[tuple[float, float]]:
    """Where each bar starts and ends: the first and the last at nothing, others where one ended.

    >>> levels([9.0, 2.0, 3.0, 4.0])
    [(0.0, 9.0), (9.0, 7.0), (7.0, 4.0), (0.0, 4.0)]
    """
    found = [(0.0, amounts[0])]
    for amount in amounts[1:-1]:
        found.append((found[-1][1], found[-1][1] - amount))
    return [*found, (0.0, amounts[-1])]


def _bar(axes: Axes, number: int, level: tuple[float, float], amount: float) -> None:
    """One bar with its amount above it; what is lost is hatched."""
    start, end = level
    whole = level == (0.0, amount)
    look = WHOLE if whole else LOST
    axes.bar(
        number, end - start, 0.64, bottom=start, color=look.colour, hatch=look.hatch,
        edgecolor="white", lw=0,
    )  # fmt: skip
    axes.annotate(
        money(amount if whole else 0.0 - amount),
        (number, max(level)),
        xytext=(0 if number else -12, 4),
        textcoords="offset points",
        ha="center",
        fontsize=BODY,
        fontweight="bold",
    )
