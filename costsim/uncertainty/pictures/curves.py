"""Acceptability curves: how probably each pathway is the best, by what an effect is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from costsim.drawing.canvas import INK, MARGIN, SMALL, WIDTH, Manner, Sheet, height_of, write
from costsim.drawing.figure import Figure
from costsim.drawing.marks import GRID, MOST_SERIES, Key, inks, money_axis, plain, pounds
from costsim.uncertainty.pictures.phrases import stem
from costsim.uncertainty.pictures.plane import unit_of
from costsim.uncertainty.pictures.subjects import Prices
from costsim.words import listed, money, plain_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT, TALL, BOTTOM = 0.62, 2.75, 0.62
MOST_ROWS = 11
CIRCLES = 21
FRONTIER = "Circles: the pathway to choose, with the largest mean (the frontier)"


@dataclass(frozen=True)
class Curves:
    """Acceptability with those of its pathways that there is room for, by their numbers."""

    found: Prices
    shown: tuple[int, ...]

    @classmethod
    def of(cls, found: Prices) -> Curves:
        """The comparator, and the options that are best most probably or to be chosen."""
        numbers = range(len(found.names))
        chosen = set(found.best.tolist())
        peaks = found.probability.max(axis=0)
        order = sorted(numbers, key=lambda n: (n != 0, n not in chosen, -peaks[n]))
        return cls(found, tuple(sorted(order[:MOST_SERIES])))

    @property
    def names(self) -> list[str]:
        """All pathways in words."""
        return list(map(plain_name, self.found.names))

    @property
    def left_out(self) -> str:
        """What is said of pathways that there is no room for."""
        others = [name for n, name in enumerate(self.names) if n not in self.shown]
        return f"; not drawn: {', '.join(others)}" if others else ""

    @property
    def turns(self) -> list[int]:
        """The places of the prices at which another pathway becomes the one to choose."""
        best = self.found.best.tolist()
        return [n for n, (one, other) in enumerate(pairwise(best), start=1) if one != other]

    @property
    def title(self) -> str:
        """Which pathway to choose, and from which price."""
        best, prices, unit = self.found.best, self.found.prices, unit_of(self.found.effect)
        last = pounds(float(prices[-1]))
        first = f"“{self.names[best[0]]}” is the one to choose"
        if not self.turns:
            return f"{first} at every price up to {last} for {unit}"
        turns = zip(best[self.turns].tolist(), prices[self.turns].tolist(), strict=True)
        later = [f"“{self.names[each]}” from about {pounds(price)}" for each, price in turns]
        return f"{first} where nothing is paid for {unit}, {listed(later)}"

    @property
    def key(self) -> Key:
        """The curves that are drawn."""
        looks = inks(len(self.shown))
        return Key([(self.names[n], ink) for n, ink in zip(self.shown, looks, strict=True)], True)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """A row for some of the prices, the turns among them."""
        found, count = self.found, len(self.found.prices)
        evenly = np.linspace(0, count - 1, min(count, MOST_ROWS)).round().astype(int)
        for place in sorted({*evenly.tolist(), *self.turns[:MOST_ROWS]}):
            yield (
                pounds(float(found.prices[place])),
                *(f"{share:.1%}" for share in found.probability[place].tolist()),
                self.names[found.best[place]],
                money(float(found.evpi[place])),
            )


def curves(found: Prices) -> Figure:
    """The curves of an effect, and the frontier."""
    view = Curves.of(found)
    measure = "Share of draws in which a pathway has the largest net monetary benefit for a case"
    return Figure(
        name=stem("acceptability", found.effect),
        title=view.title,
        subtitle=f"{measure}, by what is paid for {unit_of(found.effect)}{view.left_out}.",
        source="Source: costsim, draws of the uncertain inputs.",
        description=_description(view),
        header=("Price", *(f"Best: {name}" for name in view.names), "To choose", "EVPI of a case"),
        rows=tuple(view.rows()),
        draw=partial(_draw, view=view),
    )


def _description(view: Curves) -> str:
    ends = "; ".join(
        f"{name} {view.found.probability[0, n]:.1%} at {pounds(float(view.found.prices[0]))}, "
        f"{view.found.probability[-1, n]:.1%} at {pounds(float(view.found.prices[-1]))}"
        for n, name in enumerate(view.names)
    )
    return f"Acceptability curves. {view.title}. Share of draws in which each is best: {ends}."


def _draw(sheet: Sheet, view: Curves) -> None:
    line = height_of(1) + 0.05
    ground = sheet.open(view.key.height + line + TALL + BOTTOM + 0.2)
    view.key.draw(ground, sheet.height)
    top = sheet.height - view.key.height + 0.05
    ground.plot([MARGIN + 0.19], [top - height_of(1) / 2], "o", ms=7, mfc="none", mec=INK, mew=1.2)
    write(ground, (MARGIN + 0.48, top), [FRONTIER], Manner())
    axes = sheet.axes(LEFT, BOTTOM, WIDTH - LEFT - 0.35, TALL)
    _scales(axes, view)
    for number, ink in zip(view.shown, inks(len(view.shown)), strict=True):
        shares = view.found.probability[:, number]
        axes.plot(view.found.prices, shares, color=ink.colour, ls=ink.dash, lw=2.2)
    every = slice(None, None, -(-len(view.found.prices) // CIRCLES))
    axes.plot(
        view.found.prices[every], view.found.frontier[every], "o", ms=7, mfc="none", mec=INK,
        mew=1.2, clip_on=False, zorder=5,
    )  # fmt: skip


def _scales(axes: Axes, view: Curves) -> None:
    prices = view.found.prices
    money_axis(axes, float(prices[0]), float(prices[-1]), "x")
    axes.set_xlim(float(prices[0]), float(prices[-1]) or 1.0)
    axes.set_ylim(0, 1.02)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1.0], ["0%", "25%", "50%", "75%", "100%"])
    axes.grid(axis="y", color=GRID, linewidth=0.6)
    axes.set_xlabel(f"paid for {unit_of(view.found.effect)}", fontsize=SMALL)
    plain(axes)
