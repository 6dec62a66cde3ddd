"""Marks that figures share: colours with hatches and dashes, money on an axis, keys, steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from costsim.drawing.canvas import MARGIN, ROOM, SMALL, Manner, broken, height_of, write
from costsim.words import money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, ORANGE = "#12436D", "#F46A25"
GRID, FAINT = "#cecece", "#f3f3f3"
MOST_SERIES = 4


@dataclass(frozen=True)
class Ink:
    """How a series looks, so that it is known without its colour."""

    colour: str
    hatch: str
    dash: str


_TWO = (Ink(BLUE, "", "-"), Ink(ORANGE, "////", "--"))
_FOUR = (
    _TWO[0],
    Ink("#28A197", "\\\\\\\\", "--"),
    Ink("#801650", "xxx", "-."),
    Ink(ORANGE, "////", ":"),
)


def inks(count: int) -> tuple[Ink, ...]:
    """Looks for so many series, the comparator's first; four at most."""
    return _TWO[:count] if count <= len(_TWO) else _FOUR[:count]


def step_of(span: float, most: int) -> float:
    """A round step (1, 2 or 5 of a power of ten) that divides a span into no more than `most`.

    >>> step_of(950, 10), step_of(0.9, 4)
    (100.0, 0.5)
    """
    rough = span / most
    scale = 10.0 ** math.floor(math.log10(rough))
    return next(m * scale for m in (1, 2, 5, 10) if m * scale >= rough * (1 - 1e-9))


def pounds(value: float) -> str:
    """Money of an axis: whole pounds, or pence where a step is less than one.

    >>> pounds(2000.0), pounds(-0.5)
    ('£2,000', '-£0.50')
    """
    return money(value).removesuffix(".00")


def money_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round amounts from at or below `low` to at or above `high`."""
    step = step_of((high - low) or 1.0, most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]


def money_axis(axes: Axes, low: float, high: float, along: Literal["x", "y"] = "y") -> None:
    """An axis in pounds that holds all from `low` to `high`, with faint lines across."""
    ticks = money_ticks(low, high)
    axis = {"x": axes.xaxis, "y": axes.yaxis}[along]
    axis.set_ticks(ticks, [pounds(each) for each in ticks])
    axes.set(**{f"{along}lim": (ticks[0], ticks[-1])})
    axes.grid(axis=along, color=GRID, linewidth=0.6)
    plain(axes)


def plain(axes: Axes) -> None:
    """Axes whose ticks are small and whose lines lie behind what is drawn."""
    axes.tick_params(labelsize=SMALL, length=3)
    axes.set_axisbelow(True)


def below_axis(axes: Axes, words: str, x: float, drop: float, size: float) -> None:
    """Words in the middle below an axis, so many points down, where no line can cross them."""
    axes.annotate(
        words,
        (x, 0),
        xycoords=("data", "axes fraction"),
        xytext=(0, drop),
        textcoords="offset points",
        ha="center",
        fontsize=size,
        annotation_clip=False,
    )


@dataclass(frozen=True)
class Side:
    """The side of a line on which words stand: the sign of their distance, and their alignment."""

    sign: int
    align: str

    @classmethod
    def with_room(cls, right: bool) -> Side:
        """The right side if there is room, or else the left."""
        return _SIDES[right]


_SIDES = {True: Side(1, "left"), False: Side(-1, "right")}


@dataclass(frozen=True)
class Key:
    """What a figure's series are called, each beside a swatch, or a stretch of its line."""

    series: Sequence[tuple[str, Ink]]
    line: bool = False

    @property
    def _names(self) -> list[list[str]]:
        """Names in lines that fit."""
        return [broken(name, ROOM - 0.5) for name, _ in self.series]

    @property
    def height(self) -> float:
        """Inches that it takes."""
        return sum(height_of(len(each)) + 0.05 for each in self._names) + 0.05

    def draw(self, ground: Axes, top: float) -> None:
        """Draw it between the margins, below `top`."""
        mark = _stretch if self.line else _swatch
        for found, (_, ink) in zip(self._names, self.series, strict=True):
            mark(ground, ink, top - height_of(1) / 2)
            write(ground, (MARGIN + 0.48, top), found, Manner())
            top -= height_of(len(found)) + 0.05


def _stretch(ground: Axes, ink: Ink, middle: float) -> None:
    ends = [MARGIN, MARGIN + 0.38]
    ground.plot(ends, [middle, middle], color=ink.colour, ls=ink.dash, lw=2)


def _swatch(ground: Axes, ink: Ink, middle: float) -> None:
    from matplotlib.patches import Rectangle

    box = Rectangle(
        (MARGIN + 0.08, middle - 0.06),
        0.3,
        0.12,
        facecolor=ink.colour,
        hatch=ink.hatch,
        edgecolor="white",
        linewidth=0,
    )
    ground.add_patch(box)
