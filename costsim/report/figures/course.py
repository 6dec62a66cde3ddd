"""The net benefit as the years go by: when the one-off cost is repaid, and how sure chance lets
us be of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from costsim.drawing.canvas import (
    BODY,
    INK,
    MARGIN,
    ROOM,
    SMALL,
    WIDTH,
    Manner,
    Sheet,
    broken,
    height_of,
    write,
)
from costsim.drawing.figure import Figure
from costsim.drawing.marks import BLUE, Side, below_axis, money_axis
from costsim.findings import Findings
from costsim.report.figures.setting import ends_of, source, subtitle
from costsim.results.estimates import Estimate
from costsim.results.metrics import PROGRAMME
from costsim.units import counted
from costsim.words import money, years

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_YEARS = 7
FILL = "#d0d9e4"
NOTHING = 0.005
"""Pounds that count as neither benefit nor cost."""
MEASURE = "Cumulative net benefit at the end of each year, undiscounted, in real pounds"
BAND = "; the band is its 95% interval (chance only, not uncertain inputs)"
HOW = (
    "The interval of a year is that of the net benefit, narrowed by the share of all savings that "
    "has come by then."
)


@dataclass(frozen=True)
class Point:
    """Pounds at the end of a year, with both ends of their interval where known."""

    year: int
    net: float
    ends: tuple[float, ...]

    @property
    def between(self) -> str:
        """The interval in words."""
        if not self.ends:
            return "none"
        low, high = map(money, self.ends)
        return "exact" if low == high else f"{low} to {high}"

    @property
    def cells(self) -> tuple[str, str, str]:
        """Its row in a table."""
        name = str(self.year) if self.year else "0 (the one-off cost)"
        return (name, money(self.net), self.between)


@dataclass(frozen=True)
class Course:
    """The net benefit at the end of each year from year 0, and when the one-off cost is repaid."""

    points: tuple[Point, ...]
    payback: float | None
    payback_between: str
    horizon: int

    @classmethod
    def of(cls, findings: Findings) -> Course:
        """The programme's course under the main option."""
        rows = findings.cash_flow[PROGRAMME]
        found = findings.main.programme.economics
        reach = [end - found.net_benefit.number for end in ends_of(found.net_benefit)]
        points = (
            Point(row.year, row.cumulative, tuple(row.cumulative + each * share for each in reach))
            for row, share in zip(rows, _shares([row.saving for row in rows]), strict=True)
        )
        return cls(
            points=tuple(points),
            payback=found.payback_years.value,
            payback_between=_payback_between(found.payback_years),
            horizon=findings.scenario.years,
        )

    @property
    def last(self) -> Point:
        """The end of the horizon."""
        return self.points[-1]

    @property
    def years(self) -> list[int]:
        """The years, from 0."""
        return [point.year for point in self.points]

    @property
    def net(self) -> list[float]:
        """Pounds at the end of each year."""
        return [point.net for point in self.points]

    @property
    def ends(self) -> list[tuple[float, ...]]:
        """The lower ends of all intervals, and the upper ones; nothing where there are none."""
        return list(zip(*(point.ends for point in self.points), strict=True))

    @property
    def within(self) -> str:
        """The horizon in words."""
        return counted(self.horizon, "year")

    @property
    def repaid(self) -> str:
        """When the one-off cost is repaid, in a table."""
        return "nothing to repay" if self.payback == 0 else years(self.payback)

    @property
    def result(self) -> str:
        """What it comes to; less than half a penny is nothing."""
        net = self.last.net
        if abs(net) < NOTHING:
            return f"neither a net benefit nor a net cost after {self.within}"
        return f"a net {'benefit' if net >= 0 else 'cost'} of {money(abs(net))} after {self.within}"

    @property
    def title(self) -> str:
        """When the one-off cost is repaid, and what it all comes to."""
        if self.payback is None:
            return f"The one-off cost is not repaid within {self.within}: {self.result}"
        if self.payback == 0:
            return f"There is no one-off cost to repay: {self.result}"
        return f"The one-off cost is repaid after {years(self.payback)} years: {self.result}"


def _payback_between(payback: Estimate) -> str:
    ends = list(map(years, ends_of(payback)))
    return f"{' to '.join(ends)} years" if len(set(ends)) > 1 else ""


def _shares(savings: Sequence[float]) -> list[float]:
    """The share of all savings that has come by each year; by the years where none comes at all."""
    total = math.fsum(savings)
    if not total:
        return [number / max(1, len(savings) - 1) for number in range(len(savings))]
    return [math.fsum(savings[: number + 1]) / total for number in range(len(savings))]


def net_benefit_by_year(findings: Findings) -> Figure:
    """The course of the cumulative net benefit."""
    course = Course.of(findings)
    return Figure(
        name="net-benefit-by-year",
        title=course.title,
        subtitle=subtitle(findings, MEASURE + BAND * bool(course.ends)),
        source=source(findings),
        description=_description(course),
        header=("Year", "Cumulative net benefit", "95% interval"),
        rows=(
            *(point.cells for point in course.points),
            ("One-off cost repaid after, years", course.repaid, ""),
        ),
        draw=partial(_draw, course=course),
    )


def _description(course: Course) -> str:
    steps = "; ".join("year {} {}".format(*point.cells) for point in course.points)
    how = HOW if course.ends else "One replication gives no interval."
    return f"Line chart of the cumulative net benefit by year. {course.title}. {steps}. {how}"


def _draw(sheet: Sheet, course: Course) -> None:
    notes = broken(_notes(course), ROOM, SMALL)
    ground = sheet.open(3.55 + height_of(len(notes), SMALL))
    axes = sheet.axes(0.95, 0.55 + height_of(len(notes), SMALL), WIDTH - 0.95 - 0.45, 2.85)
    flat = [*course.net, 0.0, *chain.from_iterable(course.ends)]
    low, high = min(flat), max(flat)
    money_axis(axes, low - (high - low) * 0.04, high + (high - low) * 0.04)
    axes.axhline(0.0, color=INK, lw=1.2)
    _band(axes, course)
    axes.plot(course.years, course.net, color=BLUE, lw=2, marker="o", ms=5)
    _years_below(axes, course)
    _payback(axes, course)
    write(ground, (MARGIN, height_of(len(notes), SMALL)), notes, Manner(SMALL))


def _band(axes: Axes, course: Course) -> None:
    """The interval of each year, if there is one."""
    if course.ends:
        low, high = course.ends
        axes.fill_between(course.years, low, high, color=FILL, lw=0)
    for ends in course.ends:
        axes.plot(course.years, ends, color=BLUE, lw=0.7, ls=":")


def _notes(course: Course) -> str:
    found = "Year 0 is the one-off cost; savings come evenly through each year."
    payback = f"; payback {course.payback_between}." if course.payback_between else "."
    last = f" 95% interval after {course.within}: {course.last.between}{payback}"
    return found if course.last.between in {"none", "exact"} else found + last


def _years_below(axes: Axes, course: Course) -> None:
    """Years with their amounts below the axis, where no line can cross them."""
    step = max(1, math.ceil(course.horizon / MOST_YEARS))
    ticks = [point for point in course.points if point.year % step == 0]
    axes.set_xticks([point.year for point in ticks], [f"Year {point.year}" for point in ticks])
    axes.set_xlim(-0.06 * course.horizon, 1.06 * course.horizon)
    for point in ticks:
        below_axis(axes, money(point.net), point.year, -27, BODY)


def _payback(axes: Axes, course: Course) -> None:
    """A mark where the one-off cost is repaid, or words that it never is; none without a cost."""
    if course.payback is None:
        _never(axes, course)
    elif course.payback:
        _repaid(axes, course.payback, late=course.payback > course.horizon / 3)


def _never(axes: Axes, course: Course) -> None:
    axes.annotate(
        f"not repaid within {course.within}", (course.horizon / 2, 0.0), xytext=(0, 5),
        textcoords="offset points", ha="center", fontsize=BODY, fontweight="bold",
    )  # fmt: skip


def _repaid(axes: Axes, payback: float, *, late: bool) -> None:
    """The mark and its words: above and before it where it is late, or else below and after."""
    side = Side.with_room(not late)
    axes.plot([payback], [0.0], marker="D", ms=8, color="#F46A25", mec=INK, zorder=5)
    axes.annotate(
        f"repaid after {years(payback)} years",
        (payback, 0.0),
        xytext=(9 * side.sign, 9 if late else -16),
        textcoords="offset points",
        ha=side.align,
        fontsize=BODY,
        fontweight="bold",
    )
