"""Bars of what is found of each input, largest first, with lines for their 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from costsim.drawing.canvas import (
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
from costsim.drawing.figure import Figure
from costsim.drawing.marks import GRID, Ink, Key, inks, plain, step_of
from costsim.uncertainty.indices.measures import Measure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 20
"""Factors that are drawn; the table has them all."""
LEFT, RIGHT = 2.3, 0.75
THICK, GAP, BELOW = 0.17, 0.12, 0.42
CHANCE = inks(4)[2]
Show = Callable[[float], str]


def share(value: float) -> str:
    """A share of the variance in percent.

    >>> share(0.6316), share(-0.0004)
    ('63.2%', '0.0%')
    """
    return f"{round(value, 3) + 0.0:.1%}"


@dataclass(frozen=True)
class Wording:
    """What a chart says: its finding, what is measured, where from, and for those who hear it."""

    name: str
    title: str
    subtitle: str
    source: str
    description: str


@dataclass(frozen=True)
class Bar:
    """One bar: its value, half of its interval where it has one, and its look."""

    value: float
    half: float | None
    ink: Ink

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of its interval, or its value twice."""
        half = self.half or 0.0
        return self.value - half, self.value + half


@dataclass(frozen=True)
class Row:
    """The bars of one factor."""

    label: str
    bars: tuple[Bar, ...]

    @property
    def lines(self) -> list[str]:
        """Its label in lines that fit."""
        return broken(self.label, LEFT - 2 * MARGIN)

    @property
    def height(self) -> float:
        """Inches that it takes."""
        return max(height_of(len(self.lines)), THICK * len(self.bars)) + GAP


@dataclass(frozen=True)
class Chart:
    """Measures of factors as bars, those of the last measure in order; `chance` as one more bar.

    `called` says what each measure is, for the key.
    """

    wording: Wording
    names: tuple[str, ...]
    measures: tuple[Measure, ...]
    called: tuple[str, ...]
    show: Show = share
    chance: tuple[str, float] | None = None

    def figure(self) -> Figure:
        """The chart with its table."""
        columns = chain.from_iterable(
            (m.code, *["95% interval"] * (m.half_widths is not None)) for m in self.measures
        )
        words = self.wording
        most = f"; the {MOST} largest of {len(self.names)}" * (len(self._order) > MOST)
        return Figure(
            name=words.name,
            title=words.title,
            subtitle=words.subtitle + most,
            source=words.source,
            description=words.description,
            header=("Input", *columns),
            rows=tuple(self._table()),
            draw=partial(_draw, drawing=_Bars(tuple(self._rows()), self._key(), self.show)),
        )

    @property
    def _order(self) -> list[int]:
        return self.measures[-1].order() if self.measures else []

    def _table(self) -> Iterator[tuple[str, ...]]:
        for place in self._order:
            cells = chain.from_iterable(_cells(m, place, self.show) for m in self.measures)
            yield (self.names[place], *cells)
        if self.chance:
            blank = ("",) * (sum(1 + (m.half_widths is not None) for m in self.measures) - 1)
            yield (self.chance[0], self.show(self.chance[1]), *blank)

    def _rows(self) -> Iterator[Row]:
        looks = inks(len(self.measures))
        for place in self._order[:MOST]:
            each = zip(self.measures, looks, strict=True)
            yield Row(self.names[place], tuple(_bar(m, place, ink) for m, ink in each))
        if self.chance:
            yield Row(self.chance[0], (Bar(self.chance[1], None, CHANCE),))

    def _key(self) -> Key:
        return Key(tuple(zip(self.called, inks(len(self.measures)), strict=True)))


def _cells(measure: Measure, place: int, show: Show) -> tuple[str, ...]:
    shown = show(measure.values[place])
    if not (measure.low and measure.high):
        return (shown,)
    return shown, f"{show(measure.low[place])} to {show(measure.high[place])}"


def _bar(measure: Measure, place: int, ink: Ink) -> Bar:
    half = measure.half_widths[place] if measure.half_widths else None
    return Bar(measure.values[place], half, ink)


@dataclass(frozen=True)
class _Bars:
    """Rows of bars, their key, and how their values are shown."""

    rows: Sequence[Row]
    key: Key
    show: Show = field(repr=False)

    @property
    def height(self) -> float:
        return sum(row.height for row in self.rows)

    @property
    def span(self) -> tuple[float, float]:
        """From the lowest end, or 0, to the highest."""
        ends = list(chain.from_iterable(bar.ends for row in self.rows for bar in row.bars))
        return min(0.0, *ends), max(0.0, *ends)


def _draw(sheet: Sheet, drawing: _Bars) -> None:
    if not drawing.rows:
        ground = sheet.open(0.5)
        write(ground, (MARGIN, 0.4), ["There is nothing to draw."], Manner())
        return
    ground = sheet.open(drawing.height + BELOW + drawing.key.height + MARGIN)
    drawing.key.draw(ground, sheet.height)
    axes = sheet.axes(LEFT, BELOW, WIDTH - LEFT - RIGHT, drawing.height)
    _scale(axes, drawing)
    top = drawing.height
    for row in drawing.rows:
        write(ground, (LEFT - MARGIN, top - GAP / 2 + BELOW), row.lines, Manner(align="right"))
        _bars(axes, row, top - GAP / 2, drawing.show)
        top -= row.height


def _scale(axes: Axes, drawing: _Bars) -> None:
    """An axis along the bars with round steps, and a line at nothing."""
    low, high = drawing.span
    step = step_of((high - low) or 1.0, 5)
    first, last = math.floor(low / step + 1e-9), max(1, math.ceil(high / step - 1e-9))
    ticks = [number * step for number in range(first, last + 1)]
    axes.set_xticks(ticks, [drawing.show(tick) for tick in ticks])
    axes.set_xlim(ticks[0], ticks[-1])
    axes.set_ylim(0, drawing.height)
    axes.set_yticks([])
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    axes.axvline(0.0, color=INK, lw=1.0)
    plain(axes)


def _bars(axes: Axes, row: Row, top: float, show: Show) -> None:
    """The bars of a row below a height, each with its value beyond its interval."""
    for number, bar in enumerate(row.bars):
        middle = top - THICK * (number + 0.5)
        axes.barh(
            middle, bar.value, THICK * 0.86, color=bar.ink.colour, hatch=bar.ink.hatch,
            edgecolor="white", lw=0,
        )  # fmt: skip
        if bar.half:
            axes.plot(bar.ends, [middle] * 2, color="white", lw=3.4)
            axes.plot(bar.ends, [middle] * 2, color=INK, lw=1.2, marker="|", ms=5)
        _name(axes, show(bar.value), max(0.0, *bar.ends), middle)


def _name(axes: Axes, words: str, end: float, middle: float) -> None:
    """A bar's value beside its end."""
    axes.annotate(
        words,
        (end, middle),
        xytext=(5, 0),
        textcoords="offset points",
        va="center_baseline",
        fontsize=SMALL,
        annotation_clip=False,
    )
