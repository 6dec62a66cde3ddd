"""The net benefit as the years go by: when the one-off cost is repaid, and how sure chance lets
us be of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from costsim.findings import Findings
from costsim.report.figures.canvas import (
    BODY,
    INK,
    MARGIN,
    SMALL,
    WIDTH,
    Manner,
    Sheet,
    broken,
    height_of,
    write,
)
from costsim.report.figures.figure import Figure
from costsim.report.figures.marks import BLUE, money_axis
from costsim.report.figures.setting import ends_of, source, subtitle
from costsim.report.words import money, years
from costsim.results.estimates import Estimate
from costsim.units import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_YEARS = 7
FILL = "#d0d9e4"
HOW = (
    "The interval of a year is that of the net benefit, narrowed by the share of all savings that "
    "has come by then."
)


@dataclass(frozen=True)
class Course:
    """Pounds at the end of each year from year 0, with both ends of the interval where known."""

    years: tuple[int, ...]
    net: tuple[float, ...]
    ends: tuple[tuple[float, float], ...]
    payback: float | None
    payback_between: str
    horizon: int

    @classmethod
    def of(cls, findings: Findings) -> Course:
        """The programme's course under the main option."""
        rows = findings.cash_flow["programme"]
        found = findings.main.programme.economics
        net = tuple(row.cumulative for row in rows)
        shares = _shares([row.saving for row in rows])
        return cls(
            years=tuple(row.year for row in rows),
            net=net,
            ends=tuple(_ends(found.net_benefit, net, shares)),
            payback=found.payback_years.value,
            payback_between=_payback_between(found.payback_years),
            horizon=findings.scenario.years,
        )


def _payback_between(payback: Estimate) -> str:
    ends = list(map(years, ends_of(payback)))
    return f"{' to '.join(ends)} years" if len(set(ends)) > 1 else ""


def _shares(savings: Sequence[float]) -> list[float]:
    """The share of all savings that has come by each year; by the years where none comes at all."""
    total = math.fsum(savings)
    if not total:
        return [number / max(1, len(savings) - 1) for number in range(len(savings))]
    return [math.fsum(savings[: number + 1]) / total for number in range(len(savings))]


def _ends(
    benefit: Estimate, net: Sequence[float], shares: Sequence[float]
) -> list[tuple[float, float]]:
    ends = list(ends_of(benefit))
    if not ends:
        return []
    below, above = (end - benefit.number for end in ends)
    return [(n + below * share, n + above * share) for n, share in zip(net, shares, strict=True)]


def net_benefit_by_year(findings: Findings) -> Figure:
    """The course of the cumulative net benefit."""
    course = Course.of(findings)
    measure = "Cumulative net benefit at the end of each year, undiscounted, in real pounds"
    band = (
        "; the band is its 95% interval (chance only, not uncertain inputs)" if course.ends else ""
    )
    return Figure(
        name="net-benefit-by-year",
        title=_title(course),
        subtitle=subtitle(findings, measure + band),
        source=source(findings),
        description=_description(course),
        header=("Year", "Cumulative net benefit", "95% interval"),
        rows=(*_rows(course), ("One-off cost repaid after, years", _repaid(course), "")),
        draw=partial(_draw, course=course),
    )


def _repaid(course: Course) -> str:
    return "nothing to repay" if course.payback == 0 else years(course.payback)


def _title(course: Course) -> str:
    within = counted(course.horizon, "year")
    last = course.net[-1]
    result = f"a net {'benefit' if last >= 0 else 'cost'} of {money(abs(last))} after {within}"
    if abs(last) < 0.005:
        result = f"neither a net benefit nor a net cost after {within}"
    if course.payback is None:
        return f"The one-off cost is not repaid within {within}: {result}"
    if course.payback == 0:
        return f"There is no one-off cost to repay: {result}"
    return f"The one-off cost is repaid after {years(course.payback)} years: {result}"


def _rows(course: Course) -> list[tuple[str, str, str]]:
    found = []
    for number, (year, net) in enumerate(zip(course.years, course.net, strict=True)):
        name = f"{year} (the one-off cost)" if year == 0 else str(year)
        found.append((name, money(net), _between(course, number)))
    return found


def _between(course: Course, number: int) -> str:
    if not course.ends:
        return "none"
    low, high = course.ends[number]
    return "exact" if money(low) == money(high) else f"{money(low)} to {money(high)}"


def _description(course: Course) -> str:
    steps = "; ".join(f"year {row[0]} {row[1]}" for row in _rows(course))
    how = f" {HOW}" if course.ends else " One replication gives no interval."
    return f"Line chart of the cumulative net benefit by year. {_title(course)}. {steps}.{how}"


def _draw(sheet: Sheet, course: Course) -> None:
    notes = broken(_notes(course), WIDTH - 2 * MARGIN, SMALL)
    ground = sheet.open(3.55 + height_of(len(notes), SMALL))
    axes = sheet.axes(0.95, 0.55 + height_of(len(notes), SMALL), WIDTH - 0.95 - 0.45, 2.85)
    flat = [*course.net, 0.0, *(end for ends in course.ends for end in ends)]
    low, high = min(flat), max(flat)
    money_axis(axes, low - (high - low) * 0.04, high + (high - low) * 0.04)
    axes.axhline(0.0, color=INK, lw=1.2)
    if course.ends:
        low_ends, high_ends = zip(*course.ends, strict=True)
        axes.fill_between(course.years, low_ends, high_ends, color=FILL, lw=0)
        for end in (low_ends, high_ends):
            axes.plot(course.years, end, color=BLUE, lw=0.7, ls=":")
    axes.plot(course.years, course.net, color=BLUE, lw=2, marker="o", ms=5)
    _years_below(axes, course)
    _payback(axes, course)
    write(ground, (MARGIN, height_of(len(notes), SMALL)), notes, Manner(SMALL))


def _notes(course: Course) -> str:
    found = "Year 0 is the one-off cost; savings come evenly through each year."
    if _between(course, -1) not in ("none", "exact"):
        found += f" 95% interval after {counted(course.horizon, 'year')}: {_between(course, -1)}"
        found += f"; payback {course.payback_between}." if course.payback_between else "."
    return found


def _years_below(axes: Axes, course: Course) -> None:
    """Years with their amounts below the axis, where no line can cross them."""
    step = max(1, math.ceil(course.horizon / MOST_YEARS))
    ticks = [year for year in course.years if year % step == 0]
    axes.set_xticks(ticks, [f"Year {year}" for year in ticks])
    axes.set_xlim(-0.06 * course.horizon, 1.06 * course.horizon)
    for year, net in zip(course.years, course.net, strict=True):
        if year in ticks:
            axes.annotate(
                money(net),
                (year, 0),
                xycoords=("data", "axes fraction"),
                xytext=(0, -27),
                textcoords="offset points",
                ha="center",
                fontsize=BODY,
                annotation_clip=False,
            )


def _payback(axes: Axes, course: Course) -> None:
    """A mark where the one-off cost is repaid, or words that it never is."""
    if not course.payback:
        if course.payback is None:
            words = f"not repaid within {counted(course.horizon, 'year')}"
            axes.annotate(
                words, (course.horizon / 2, 0.0), xytext=(0, 5), textcoords="offset points",
                ha="center", fontsize=BODY, fontweight="bold",
            )  # fmt: skip
        return
    axes.plot([course.payback], [0.0], marker="D", ms=8, color="#F46A25", mec=INK, zorder=5)
    left = course.payback > course.horizon / 3
    axes.annotate(
        f"repaid after {years(course.payback)} years",
        (course.payback, 0.0),
        xytext=(-9 if left else 9, 9 if left else -16),
        textcoords="offset points",
        ha="right" if left else "left",
        fontsize=BODY,
        fontweight="bold",
    )
