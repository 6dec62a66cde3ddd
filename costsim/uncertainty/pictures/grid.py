"""Two inputs moved together: where it pays, where it does not, and the line between."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from costsim.drawing.canvas import (
    INK,
    MARGIN,
    ROOM,
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
from costsim.drawing.marks import Ink, Key, plain, pounds, step_of
from costsim.drawing.text import sentence
from costsim.scenario.inputs import Input
from costsim.uncertainty.pictures.phrases import path
from costsim.uncertainty.pictures.subjects import TwoTogether
from costsim.words import money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
TALL, BOTTOM, RIGHT = 3.1, 0.6, 0.3
HEADING = 0.26
PAYING = ("#6BACE6", "#2073BC", "#12436D")
LOSING = (("#F7A27A", "//"), ("#F46A25", "////"), ("#a83d0b", "//////"))
MOST_TICKS = 5
MINUTES, LONG_DAYS = 60.0, 3
"""Minutes of an hour; working days from which an axis is in days."""


@dataclass(frozen=True)
class Shades:
    """Steps of the outcome away from nothing (£): 1 to 3 where it pays, -1 to -3 where it does not.

    What comes to nothing does not pay.
    """

    step: float
    number: Whole

    @classmethod
    def of(cls, outcome: Floats) -> Shades:
        """Those of some outcomes; 0 where there is none."""
        there = np.nan_to_num(outcome, nan=0.0)
        step = step_of(float(np.abs(there).max()) or 1.0, len(PAYING))
        away = np.maximum(1, np.ceil(np.abs(there) / step - 1e-9))
        signed = np.where(there > 0, away, -away)
        return cls(step, np.where(np.isnan(outcome), 0, signed).astype(np.int64))

    @property
    def used(self) -> list[int]:
        """Those that there are, the best first."""
        return sorted({number for number in self.number.ravel().tolist() if number}, reverse=True)

    def ink(self, number: int) -> Ink:
        """How one looks: darker as it leads away from nothing, hatched where it does not pay."""
        if number > 0:
            return Ink(PAYING[number - 1], "", "-")
        return Ink(*LOSING[-number - 1], "-")

    def words(self, number: int) -> str:
        """What one stands for."""
        near, far = (pounds((abs(number) - away) * self.step) for away in (1, 0))
        if number > 0:
            return f"Pays: net benefit above {near}, up to {far}"
        return f"Does not pay: net cost of {near} to {far}"


@dataclass(frozen=True)
class Side:
    """One axis of the grid: its input, the values that were tried, and how they are written."""

    input: Input
    values: Floats

    @property
    def edges(self) -> Floats:
        """Ends of the cells around the values."""
        if len(self.values) < 2:
            return np.array([self.values[0] - 0.5, self.values[0] + 0.5])
        middles = (self.values[1:] + self.values[:-1]) / 2
        return np.concatenate([self.values[:1], middles, self.values[-1:]])

    @property
    def scale(self) -> float:
        """What ticks are multiples of: a pound, a per cent, a minute, an hour or a working day."""
        if self.input.unit != "min":
            return 0.01 if self.input.unit == "%" else 1.0
        day = self.input.minutes_per_day
        known = {LONG_DAYS * day: day, 2 * MINUTES: MINUTES}
        return next((unit for least, unit in known.items() if self.edges[-1] >= least), 1.0)

    @property
    def ticks(self) -> dict[float, str]:
        """Round values along it, as people write them."""
        low, high = self.edges[0] / self.scale, self.edges[-1] / self.scale
        step = max(step_of(high - low, MOST_TICKS), float(self.input.whole))
        numbers = np.arange(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
        values = (np.round(numbers * step, 12) * self.scale).tolist()
        shown = list(map(self.input.show, values))
        pence = not all(words.endswith(".00") for words in shown)
        return dict(zip(values, shown if pence else (each[:-3] for each in shown), strict=True))

    @property
    def label(self) -> str:
        """Its name."""
        return sentence(path(self.input.name))


@dataclass(frozen=True)
class View:
    """A grid, across and up."""

    found: TwoTogether
    across: Side
    up: Side

    @classmethod
    def of(cls, found: TwoTogether) -> View:
        """The first input across, the second one up."""
        return cls(
            found,
            Side(found.first, found.first_values),
            Side(found.second, found.second_values),
        )

    @property
    def shades(self) -> Shades:
        """Those of its cells."""
        return Shades.of(self.found.outcome)

    @property
    def left(self) -> float:
        """Inches that the values beside the axis take."""
        return 0.25 + max((width_of(each, SMALL) for each in self.up.ticks.values()), default=0.3)

    @property
    def here(self) -> tuple[float, float] | None:
        """Where both inputs stand; None where one has no number."""
        x, y = self.found.first.value, self.found.second.value
        return None if x is None or y is None else (x, y)

    @property
    def title(self) -> str:
        """In how much of the grid it pays."""
        paying = self.found.paying
        if paying in (0.0, 1.0):
            verdict = "It pays" if paying else "It does not pay"
            return f"{verdict} over the whole range of both inputs"
        return f"It pays in {paying:.0%} of the grid, and breaks even along the line"

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The outcome at every value of the first input, a column for each of the second."""
        for value, row in zip(self.across.values.tolist(), self.found.outcome, strict=True):
            yield self.across.input.show(value), *(_shown(each) for each in row.tolist())

    @property
    def header(self) -> tuple[str, ...]:
        """The values of the second input, below both names."""
        names = f"{self.across.label}, by {path(self.up.input.name)}"
        return (names, *(self.up.input.show(value) for value in self.up.values.tolist()))


def _shown(value: float) -> str:
    return "none" if math.isnan(value) else money(value)


def grid(found: TwoTogether) -> Figure:
    """The grid of two inputs."""
    view = View.of(found)
    return Figure(
        name="two-way",
        title=view.title,
        subtitle=f"Net benefit by {path(found.first.name)} (across) and {path(found.second.name)} "
        "(up), all other inputs at their values; a share of the grid is no probability.",
        source=f"Source: costsim, {len(found.first_values)} by {len(found.second_values)} points.",
        description=f"Grid of net benefit, dark where it is far from nothing and hatched where it "
        f"does not pay. {found.summary()}",
        header=view.header,
        rows=tuple(view.rows()),
        draw=partial(_draw, view=view),
    )


def _draw(sheet: Sheet, view: View) -> None:
    shades = view.shades
    key = Key([(shades.words(number), shades.ink(number)) for number in shades.used])
    more = _more(view)
    line = height_of(1) + 0.05
    ground = sheet.open(key.height + line * len(more) + HEADING + TALL + BOTTOM + 0.1)
    key.draw(ground, sheet.height)
    top = sheet.height - key.height + 0.05
    for words, mark in more.items():
        _mark(ground, mark, top - height_of(1) / 2)
        write(ground, (MARGIN + 0.48, top), [words], Manner())
        top -= line
    heading = broken(f"{view.up.label} (up)", ROOM, SMALL)[:1]
    write(ground, (MARGIN, BOTTOM + TALL + HEADING), heading, Manner(SMALL))
    axes = sheet.axes(view.left, BOTTOM, WIDTH - view.left - RIGHT, TALL)
    _cells(axes, view, shades)
    _axes(axes, view)
    _lines(axes, view)


def _more(view: View) -> dict[str, str]:
    """What the line and the diamond mean, where there are any."""
    found = {"It breaks even": "-", "As the scenario stands": "D"}
    there = {"-": len(view.found.contour) > 1, "D": view.here is not None}
    return {words: mark for words, mark in found.items() if there[mark]}


def _mark(ground: Axes, mark: str, middle: float) -> None:
    if mark == "-":
        ground.plot([MARGIN, MARGIN + 0.38], [middle] * 2, color=INK, lw=2.6)
    else:
        ground.plot([MARGIN + 0.22], [middle], "D", ms=7, color="white", mec=INK, mew=1.2)


def _cells(axes: Axes, view: View, shades: Shades) -> None:
    """All cells of a shade as one shape."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    x, y = view.across.edges, view.up.edges
    for number in shades.used:
        places = zip(*np.nonzero(shades.number == number), strict=True)
        corners = [
            Path([(x[i], y[j]), (x[i + 1], y[j]), (x[i + 1], y[j + 1]), (x[i], y[j + 1]),
                  (x[i], y[j])], closed=True)
            for i, j in places
        ]  # fmt: skip
        ink = shades.ink(number)
        whole = Path.make_compound_path(*corners)
        axes.add_patch(
            PathPatch(whole, facecolor=ink.colour, hatch=ink.hatch, edgecolor="white", lw=0)
        )


def _axes(axes: Axes, view: View) -> None:
    """Values along both axes as people write them."""
    across, up = view.across.ticks, view.up.ticks
    axes.set_xticks(list(across), list(across.values()))
    axes.set_yticks(list(up), list(up.values()))
    axes.set_xlim(*view.across.edges[[0, -1]])
    axes.set_ylim(*view.up.edges[[0, -1]])
    wide = broken(f"{view.across.label} (across)", ROOM - view.left, SMALL)[:1]
    axes.set_xlabel(wide[0] if wide else "", fontsize=SMALL)
    plain(axes)


def _lines(axes: Axes, view: View) -> None:
    """The line of breaking even, and where the scenario stands."""
    if len(view.found.contour) > 1:
        line = np.array(view.found.contour)
        for colour, thick in (("white", 5.0), (INK, 2.6)):
            axes.plot(*line.T, color=colour, lw=thick, scalex=False, scaley=False)
    if view.here is not None:
        axes.plot(*view.here, "D", ms=8, color="white", mec=INK, mew=1.4, zorder=5, clip_on=False)
