"""Figures of the value of information: bars of losses and of values, and what studies return."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from costsim.drawing.canvas import (
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
from costsim.drawing.marks import Key, below_axis, inks, money_axis, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_BARS = 20
MOST_TICKS = 8
LEFT = 2.3
STEP = 0.36
PER_DECISION = "Pounds of one decision"
_FIRST, _SECOND = inks(2)


@dataclass(frozen=True)
class Bar:
    """A bar to the right of its name; `ends` are those of its 95 % interval, if it has one."""

    name: str
    value: float
    ends: tuple[float, float] | None = None
    lighter: bool = False

    @property
    def reach(self) -> float:
        """The largest amount that it shows."""
        return max(self.value, *(self.ends or (0.0,)))


@dataclass(frozen=True)
class Course:
    """What studies are worth and cost, in pounds, by size, and the size that pays best."""

    sizes: tuple[int, ...]
    worths: tuple[float, ...]
    costs: tuple[float, ...]
    best: int | None


def bars_drawn(bars: Sequence[Bar], measure: str) -> Callable[[Sheet], None]:
    """What draws bars, one below another, over an axis of pounds that is called `measure`."""
    return partial(_draw_bars, bars=bars, measure=measure)


def course_drawn(course: Course) -> Callable[[Sheet], None]:
    """What draws two lines over the size of a study: its worth and its cost."""
    return partial(_draw_lines, found=course)


def _draw_bars(sheet: Sheet, bars: Sequence[Bar], measure: str) -> None:
    high = max(each.reach for each in bars) or 1.0
    tall = STEP * len(bars)
    ground = sheet.open(tall + 0.75)
    axes = sheet.axes(LEFT, 0.6, WIDTH - LEFT - 0.25, tall)
    money_axis(axes, 0.0, high, "x")
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_yticks([])
    for place, bar in enumerate(bars):
        _draw_bar(axes, place, bar)
        _name(ground, bar.name, 0.6 + tall - STEP * (place + 0.5))
    below_axis(axes, f"{measure}, £", sum(axes.get_xlim()) / 2, -28, BODY)


def _draw_bar(axes: Axes, place: int, bar: Bar) -> None:
    ink = _SECOND if bar.lighter else _FIRST
    axes.barh(
        place, bar.value, 0.62, color=ink.colour, hatch=ink.hatch, edgecolor="white", lw=0
    )  # fmt: skip
    if bar.ends:
        axes.plot(bar.ends, [place, place], color="white", lw=3.4)
        axes.plot(bar.ends, [place, place], color=INK, lw=1.4)


def _name(ground: Axes, name: str, middle: float) -> None:
    """A bar's name, in two lines at most, before it."""
    found = broken(name, LEFT - 0.2, SMALL)[:2]
    top = middle + height_of(len(found), SMALL) / 2
    write(ground, (LEFT - 0.1, top), found, Manner(SMALL, align="right"))


def _draw_lines(sheet: Sheet, found: Course) -> None:
    named = [("Worth of the study (EVSI)", _FIRST), ("Its cost", _SECOND)]
    key = Key(named, line=True)
    ground = sheet.open(3.2 + key.height)
    axes = sheet.axes(0.95, 0.65, WIDTH - 1.2, 2.4)
    amounts = (*found.worths, *found.costs)
    money_axis(axes, min(0.0, *amounts), max(*amounts, 1e-9))
    if max(found.sizes) > 20 * min(found.sizes):
        axes.set_xscale("log")
    for series, (_, ink) in zip((found.worths, found.costs), named, strict=True):
        axes.plot(found.sizes, series, color=ink.colour, ls=ink.dash, lw=2, marker="o", ms=4)
    ticks = found.sizes[:: -(-len(found.sizes) // MOST_TICKS)]
    axes.set_xticks(ticks, [f"{size:,}" for size in ticks])
    axes.minorticks_off()
    plain(axes)
    if found.best is not None:
        axes.axvline(found.best, color=INK, lw=0.8, ls=":")
    axes.set_xlabel("cases observed", fontsize=BODY)
    key.draw(ground, sheet.height - MARGIN)
