"""From staff time saved to cash: what is lost on the way, step by step, over the horizon."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

from costsim.economics.cashability import CashRow
from costsim.findings import Findings
from costsim.report.cash import STEPS, verdict
from costsim.report.figures.canvas import BODY, INK, LEADING, SMALL, WIDTH, Sheet, broken
from costsim.report.figures.figure import Figure
from costsim.report.figures.marks import BLUE, ORANGE, money_axis
from costsim.report.figures.setting import ends_of, source, subtitle
from costsim.report.figures.text import sentence, shown
from costsim.report.words import between, money, plain_name, posts
from costsim.units import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT = 0.95
Ends = tuple[float, ...]


def cash_waterfall(findings: Findings) -> Figure | None:
    """The steps of all sites and roles together; nothing where no staff time changes."""
    rows = list(chain.from_iterable(findings.cash.values()))
    if not any(row.staff_time for row in rows):
        return None
    found = findings.main.programme.cashability
    amounts = [_sum(rows, name) for name in STEPS.values()]
    ends = (tuple(ends_of(found.staff_time_saving)), tuple(ends_of(found.cashable_saving)))
    over = counted(findings.scenario.years, "year")
    measure = f"Pounds of staff time over {over}, all roles and sites; lines are 95% intervals"
    return Figure(
        name="staff-time-to-cash",
        title=_title(findings, rows, amounts),
        subtitle=subtitle(findings, measure),
        source=source(findings),
        description=_description(findings, rows, amounts),
        header=("Role", *STEPS),
        rows=(
            *(_row(_role(findings, role), _of(rows, role)) for role in _roles(rows)),
            _row("All roles", rows),
            (
                "95% interval",
                between(found.staff_time_saving) or "none",
                *("not given",) * 3,
                between(found.cashable_saving) or "none",
            ),
        ),
        draw=partial(_draw, amounts=amounts, ends=ends),
    )


def _sum(rows: Sequence[CashRow], name: str) -> float:
    return math.fsum(map(attrgetter(name), rows))


def _roles(rows: Sequence[CashRow]) -> list[str]:
    return sorted({row.role for row in rows})


def _of(rows: Sequence[CashRow], role: str) -> list[CashRow]:
    return [row for row in rows if row.role == role]


def _role(findings: Findings, name: str) -> str:
    titles = {
        site.staff[name].title for site in findings.scenario.sites.values() if name in site.staff
    }
    title = titles.pop() if len(titles) == 1 else None
    return sentence(shown(title or plain_name(name)))


def _row(title: str, rows: Sequence[CashRow]) -> tuple[str, ...]:
    return (title, *(money(_sum(rows, name)) for name in STEPS.values()))


def _title(findings: Findings, rows: list[CashRow], amounts: list[float]) -> str:
    saved, cash = amounts[0], amounts[-1]
    last = [row for row in rows if row.year == findings.scenario.years]
    freed = _sum(last, "posts")
    if saved < 0:
        more = f"takes {money(-saved)} more staff time"
        if abs(cash) < 0.005:
            return f"The new way {more}: parts of posts, to be found among the work there is"
        return f"The new way {more}; {money(-cash)} of it has to be paid as whole posts"
    if abs(cash) < 0.005:
        return (
            f"It is capacity, not cash: the {money(saved)} of staff time saved comes to "
            f"{posts(freed)}{_spread_over(findings)}, and no whole post can go"
        )
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


def _description(findings: Findings, rows: list[CashRow], amounts: list[float]) -> str:
    steps = "; ".join(f"{n} {money(a)}" for n, a in zip(STEPS, amounts, strict=True))
    return f"Waterfall chart. {steps}. {verdict(findings.scenario, rows)}"


def _draw(sheet: Sheet, amounts: list[float], ends: tuple[Ends, Ends]) -> None:
    sheet.open(3.6)
    axes = sheet.axes(LEFT, 0.75, WIDTH - LEFT - 0.15, 2.6)
    bars = levels(amounts)
    flat = [0.0, *chain.from_iterable(bars), *ends[0], *ends[1]]
    low, high = min(flat), max(flat)
    money_axis(axes, low - (high - low) * 0.04 * (low < 0), high + (high - low) * 0.08)
    axes.axhline(0.0, color=INK, lw=1.0)
    for number, (start, end) in enumerate(bars):
        _bar(axes, number, (start, end), amounts[number])
        if number:
            before = bars[number - 1][1]
            axes.plot([number - 0.68, number + 0.32], [before, before], color=INK, lw=0.7, ls=":")
    for number, line in ((0, ends[0]), (len(bars) - 1, ends[1])):
        if line and line[0] < line[1]:
            axes.plot([number + 0.22] * 2, line, color="white", lw=4)
            axes.plot([number + 0.22] * 2, line, color=INK, lw=1.4, marker="_", ms=7)
    _names(axes)


def _names(axes: Axes) -> None:
    """The steps in words below their bars."""
    room = (WIDTH - LEFT - 0.15) / len(STEPS) - 0.12
    axes.set_xticks(range(len(STEPS)), [""] * len(STEPS))
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.5, len(STEPS) - 0.5)
    for number, name in enumerate(STEPS):
        for place, line in enumerate(broken(name, room, SMALL)):
            axes.annotate(
                line,
                (number, 0),
                xycoords=("data", "axes fraction"),
                xytext=(0, -14 - LEADING * SMALL * place),
                textcoords="offset points",
                ha="center",
                fontsize=SMALL,
                annotation_clip=False,
            )


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
    whole = start == 0.0 and (number == 0 or end == amount)
    axes.bar(
        number, end - start, 0.64, bottom=start, color=BLUE if whole else ORANGE,
        hatch="" if whole else "////", edgecolor="white", lw=0,
    )  # fmt: skip
    axes.annotate(
        money(amount) if whole or not amount else money(-amount),
        (number, max(start, end)),
        xytext=(-12 if number == 0 else 0, 4),
        textcoords="offset points",
        ha="center",
        fontsize=BODY,
        fontweight="bold",
    )
