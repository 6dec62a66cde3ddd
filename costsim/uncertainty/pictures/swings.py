"""A tornado: how far each input alone moves the outcome, the input that moves it most on top."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
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
    width_of,
    write,
)
from costsim.drawing.figure import Figure
from costsim.drawing.marks import GRID, Ink, Key, Side, inks, plain, pounds, step_of
from costsim.drawing.text import sentence
from costsim.uncertainty.pictures.phrases import path, source, subtitle
from costsim.uncertainty.pictures.subjects import Moved, OneByOne
from costsim.units import counted
from costsim.words import figure, figure_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 15
LEFT, RIGHT, BELOW = 2.55, 0.15, 0.55
THICK, GAP, LINES = 0.15, 0.1, 3
HIGH, LOW = inks(2)
NET_BENEFIT = "net_benefit"


@dataclass(frozen=True)
class Bar:
    """A bar from where the outcome stands to where one end of an input's range takes it."""

    end: float
    value: str
    ink: Ink


@dataclass(frozen=True)
class Row:
    """The two bars of one input."""

    label: str
    bars: tuple[Bar, Bar]

    @property
    def lines(self) -> list[str]:
        """Its name in lines that fit."""
        return broken(self.label, LEFT - 4 * MARGIN, SMALL)[:LINES]

    @property
    def height(self) -> float:
        """Inches that it takes."""
        return max(height_of(len(self.lines), SMALL), 2 * THICK) + GAP


@dataclass(frozen=True)
class Bars:
    """The rows that are drawn, where the outcome stands, and how it is written."""

    outcome: str
    base: float
    rows: tuple[Row, ...]

    @property
    def tall(self) -> float:
        """Inches of all rows."""
        return sum(row.height for row in self.rows)

    @property
    def span(self) -> tuple[float, float]:
        """From the lowest finite end to the highest."""
        ends = [self.base, *(bar.end for row in self.rows for bar in row.bars)]
        finite = list(filter(math.isfinite, ends)) or [0.0]
        return min(finite), max(finite)

    @property
    def label(self) -> float:
        """Inches of the widest value beside a bar."""
        return max(width_of(bar.value, SMALL) for row in self.rows for bar in row.bars) + 0.1

    def write(self, value: float) -> str:
        """An amount on the axis."""
        shown = figure(self.outcome, value)
        return pounds(value) if shown.startswith(("£", "-£")) else shown.removesuffix(".00")


def swings(found: OneByOne) -> Figure:
    """The tornado of an outcome."""
    scenario = found.scenario
    bars = Bars(found.outcome, found.value, tuple(map(_row, found.swings[:MOST])))
    name = figure_name(found.outcome)
    more = f", the {MOST} largest of {len(found.swings)}" if len(found.swings) > MOST else ""
    measure = (
        f"{sentence(name)} at the 10% and the 90% quantile of each uncertain input{more}, all "
        "others at their values"
    )
    return Figure(
        name="tornado",
        title=_title(found),
        subtitle=subtitle(scenario, measure),
        source=source(scenario, counted(len(found.swings), "input")),
        description=_description(found),
        header=("Input", "At 10%", "At 90%", f"{sentence(name)} at 10%", "At 90% of it", "Swing"),
        rows=tuple(_rows(found)),
        draw=partial(_draw, bars=bars),
    )


def _row(swing: Moved) -> Row:
    low, high = swing.ends
    return Row(
        path(swing.input.name),
        (Bar(low, swing.low_shown, LOW), Bar(high, swing.high_shown, HIGH)),
    )


def _title(found: OneByOne) -> str:
    """What moves it most; for the net benefit also whether any input alone turns it."""
    if not found.swings:
        return "No input was varied"
    first = found.swings[0]
    ends = " to ".join(_written(found.outcome, sorted(first.ends)))
    moved = f"{sentence(path(first.input.name))} matters most: {ends}"
    return moved + _turning(found) * (found.outcome == NET_BENEFIT)


def _turning(found: OneByOne) -> str:
    """How many inputs turn the answer, each alone."""
    turning = sum(min(swing.ends) <= 0 < max(swing.ends) for swing in found.swings)
    verb = "turn" if turning > 1 else "turns"
    return f"; {counted(turning, 'input') if turning else 'no input'} alone {verb} whether it pays"


def _written(outcome: str, values: Iterable[float]) -> list[str]:
    """Figures of an outcome as people write them."""
    return [figure(outcome, value if math.isfinite(value) else None) for value in values]


def _rows(found: OneByOne) -> Iterator[tuple[str, ...]]:
    for swing in found.swings:
        amounts = _written(found.outcome, (*swing.ends, swing.size))
        yield (swing.input.name, swing.low_shown, swing.high_shown, *amounts)


def _description(found: OneByOne) -> str:
    (stands,) = _written(found.outcome, [found.value])
    each = " ".join(map(partial(_sentence, found.outcome), found.swings[:MOST]))
    return f"Tornado diagram. As it stands: {stands}. {_title(found)}. {each}".rstrip()


def _sentence(outcome: str, swing: Moved) -> str:
    return f"{path(swing.input.name)}: {' to '.join(_written(outcome, swing.ends))}."


def _draw(sheet: Sheet, bars: Bars) -> None:
    if not bars.rows:
        write(sheet.open(0.5), (MARGIN, 0.4), ["There is nothing to draw."], Manner())
        return
    key = Key([("Input at its 10% quantile", LOW), ("Input at its 90% quantile", HIGH)])
    ground = sheet.open(bars.tall + BELOW + key.height + 0.25)
    key.draw(ground, sheet.height)
    axes = sheet.axes(LEFT, BELOW, WIDTH - LEFT - RIGHT, bars.tall)
    _scale(axes, bars)
    top = bars.tall
    for row in bars.rows:
        middle = top - row.height / 2
        name = middle + BELOW + height_of(len(row.lines), SMALL) / 2
        write(ground, (LEFT - MARGIN, name), row.lines, Manner(SMALL, align="right"))
        _pair(axes, row.bars, bars.base, middle)
        top -= row.height


def _scale(axes: Axes, bars: Bars) -> None:
    """Round steps, room for the values beside the bars, lines where it stands and at nothing."""
    low, high = bars.span
    wide = WIDTH - LEFT - RIGHT
    air = ((high - low) or 1.0) * bars.label / (wide - 2 * bars.label)
    axes.set_xlim(low - air, high + air)
    step = step_of(high - low + 2 * air, 5)
    ticks = range(math.ceil((low - air) / step), math.floor((high + air) / step) + 1)
    axes.set_xticks([n * step for n in ticks], [bars.write(n * step) for n in ticks])
    axes.set_ylim(0, bars.tall)
    axes.set_yticks([])
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    if low < 0 < high:
        axes.axvline(0.0, color=INK, lw=1.0, ls=":")
    if math.isfinite(bars.base):
        axes.axvline(bars.base, color=INK, lw=1.2)
        _name_base(axes, bars)
    axes.set_xlabel(figure_name(bars.outcome), fontsize=SMALL)
    plain(axes)


def _name_base(axes: Axes, bars: Bars) -> None:
    low, high = axes.get_xlim()
    side = Side.with_room(bars.base < low + (high - low) / 2)
    axes.annotate(
        f"as it stands {figure(bars.outcome, bars.base)}",
        (bars.base, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(2 * side.sign, 4),
        textcoords="offset points",
        ha=side.align,
        fontsize=BODY,
        fontweight="bold",
        annotation_clip=False,
    )


def _pair(axes: Axes, pair: Sequence[Bar], base: float, middle: float) -> None:
    """Two bars, one above the other, each with the input's value beyond its end."""
    for bar, place in zip(pair, (middle + THICK / 2, middle - THICK / 2), strict=True):
        low, high = axes.get_xlim()
        start, end = (min(max(each, low), high) for each in (base, bar.end))
        axes.barh(
            place, end - start, THICK * 0.88, left=start, color=bar.ink.colour,
            hatch=bar.ink.hatch, edgecolor="white", lw=0,
        )  # fmt: skip
        _value(axes, bar, (end, place), right=end >= start)


def _value(axes: Axes, bar: Bar, at: tuple[float, float], *, right: bool) -> None:
    never = not math.isfinite(bar.end)
    side = Side.with_room(right != never)  # within a bar that does not end
    axes.annotate(
        bar.value + ": never" * never,
        at,
        xytext=(4 * side.sign, 0),
        textcoords="offset points",
        ha=side.align,
        va="center_baseline",
        fontsize=SMALL,
        annotation_clip=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )
