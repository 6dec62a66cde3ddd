"""Marks that figures share: colours with hatches and dashes, money on an axis, keys, steps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from costsim.report.figures.canvas import SMALL, Manner, broken, height_of, write
from costsim.report.words import money

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


def money_axis(axes: Axes, low: float, high: float, along: str = "y") -> list[float]:
    """An axis in pounds that holds all from `low` to `high`, with faint lines across; its ticks."""
    ticks = money_ticks(low, high)
    names = [pounds(each) for each in ticks]
    ends = (ticks[0], ticks[-1])
    if along == "y":
        axes.set_yticks(ticks, names)
        axes.set_ylim(*ends)
    else:
        axes.set_xticks(ticks, names)
        axes.set_xlim(*ends)
    axes.grid(axis="y" if along == "y" else "x", color=GRID, linewidth=0.6)
    plain(axes)
    return ticks


def plain(axes: Axes) -> None:
    """Axes whose ticks are small and whose lines lie behind what is drawn."""
    axes.tick_params(labelsize=SMALL, length=3)
    axes.set_axisbelow(True)


def key_lines(names: list[str], room: float) -> list[list[str]]:
    """The names of a key in lines that fit."""
    return [broken(name, room - 0.5) for name in names]


def key_height(names: list[str], room: float) -> float:
    """Inches that a key takes."""
    return sum(height_of(len(each)) + 0.05 for each in key_lines(names, room)) + 0.05


def draw_key(
    ground: Axes,
    at: tuple[float, float],
    room: float,
    named: list[tuple[str, Ink]],
    *,
    line: bool = False,
) -> None:
    """A key: a swatch or a stretch of line for each series, and its name."""
    from matplotlib.patches import Rectangle

    x, top = at
    for found, (_, ink) in zip(key_lines([name for name, _ in named], room), named, strict=True):
        middle = top - height_of(1) / 2
        if line:
            ground.plot([x, x + 0.38], [middle, middle], color=ink.colour, ls=ink.dash, lw=2)
        else:
            box = Rectangle(
                (x + 0.08, middle - 0.06),
                0.3,
                0.12,
                facecolor=ink.colour,
                hatch=ink.hatch,
                edgecolor="white",
                linewidth=0,
            )
            ground.add_patch(box)
        write(ground, (x + 0.48, top), found, Manner())
        top -= height_of(len(found)) + 0.05
