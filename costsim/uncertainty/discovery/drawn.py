"""The draws by the two inputs with the most telling limits, and the box that was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from costsim.drawing.canvas import BODY, INK, MARGIN, ROOM, WIDTH, Manner, Sheet, broken, write
from costsim.drawing.figure import Figure
from costsim.drawing.marks import GRID, inks, plain
from costsim.drawing.text import sentence
from costsim.uncertainty.discovery.box import Array, Flags
from costsim.uncertainty.discovery.outcome import Outcome, Restriction, Shows
from costsim.uncertainty.discovery.telling import headline, limits, plain_value, share
from costsim.units import counted
from costsim.words import plain_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_POINTS = 1500
HEIGHT, LEFT, BOTTOM = 4.9, 0.95, 0.62
_SUCCEEDS, _FAILS = inks(2)
_MARKS = (("The case does not fail", _SUCCEEDS.colour, "o"), ("It fails", _FAILS.colour, "x"))


@dataclass(frozen=True, eq=False)
class _View:
    """Two inputs side by side, with the draws that lie within the limits of all others.

    `limits` are the box's lower and upper ones of both inputs, infinite where there is none. Where
    there is only one input, the other side has the draws' numbers.
    """

    names: tuple[str, str]
    points: Array
    failing: Flags
    others: tuple[Restriction, ...]
    limits: Array

    @classmethod
    def of(cls, found: Outcome) -> _View:
        columns = _columns(found)
        others = found.restrictions[2:]
        box = found.box
        inside = box
        for column in columns:
            inside = inside.without(column)
        rows = np.flatnonzero(inside.holds(found.draws.inputs))[:MOST_POINTS]
        shown = found.draws.inputs[rows][:, columns]
        edges = np.array([box.low[columns], box.high[columns]])
        if len(columns) < 2:
            shown = np.column_stack([shown, rows + 1.0])
            edges = np.column_stack([edges, [-np.inf, np.inf]])
        names = (*(found.names[column] for column in columns), "number of the draw")[:2]
        return cls((names[0], names[1]), shown, found.draws.failing[rows], others, edges)


def _columns(found: Outcome) -> list[int]:
    """The inputs with the most telling limits, then others as they come; two, if there are."""
    told = [found.names.index(each.name) for each in found.restrictions]
    return [*told, *(c for c in range(len(found.names)) if c not in told)][:2]


def figure(found: Outcome, show: Shows) -> Figure:
    """The figure of what was found."""
    view = _View.of(found)
    return Figure(
        name="when-the-case-fails",
        title=sentence(headline(found, show)),
        subtitle=_subtitle(found, view, show),
        source=f"{counted(found.count.draws, 'draw')} of {counted(len(found.names), 'input')}",
        description=_description(found, view),
        header=("Measure", "Value"),
        rows=tuple(_rows(found, show)),
        draw=partial(_draw, view=view, show=show),
    )


def _subtitle(found: Outcome, view: _View, show: Shows) -> str:
    parts = {
        "Each mark is one draw of the uncertain inputs": True,
        f", of those with {limits(view.others, show)}": bool(view.others),
        f"; only the first {MOST_POINTS:,} are shown": len(view.points) == MOST_POINTS,
        "; the rectangle has the limits found": bool(found.restrictions),
    }
    return "".join(words for words, holds in parts.items() if holds)


def _description(found: Outcome, view: _View) -> str:
    x, y = map(plain_name, view.names)
    box = "A rectangle shows the limits found." if found.restrictions else "No limits were found."
    return (
        f"Draws by {x} (across) and {y} (up). Crosses are draws in which the case fails, "
        f"{int(view.failing.sum()):,} of the {len(view.failing):,} shown; circles are the others. "
        f"{box}"
    )


def _rows(found: Outcome, show: Shows) -> list[tuple[str, str]]:
    rows = [("Draws that fail, of all", share(found.rate))]
    if found.restrictions:
        rows += [
            *(("Limit", sentence(limits((each,), show))) for each in found.restrictions),
            ("Draws within the limits, of all", share(found.mass)),
            ("Draws that fail, of those within the limits", share(found.density)),
            ("Failures that lie within the limits", share(found.coverage)),
        ]
    if found.restrictions and found.check:
        kept = share(found.check.count.density)
        rows.append(("Draws that fail within the limits, of those kept aside", kept))
    return rows


def _draw(sheet: Sheet, view: _View, show: Shows) -> None:
    ground = sheet.open(HEIGHT)
    _key(ground, HEIGHT - 0.05)
    heading = broken(f"{sentence(plain_name(view.names[1]))} (up)", ROOM)
    write(ground, (MARGIN, HEIGHT - 0.35), heading[:1], Manner(BODY))
    axes = sheet.axes(LEFT, BOTTOM, WIDTH - LEFT - 0.2, HEIGHT - BOTTOM - 0.62)
    for (_, colour, mark), which in zip(_MARKS, (~view.failing, view.failing), strict=True):
        axes.plot(*view.points[which].T, mark, color=colour, ms=3.4, mfc="none", mew=0.9)
    _axes(axes, view, show)
    _rectangle(axes, view.limits)


def _key(ground: Axes, top: float) -> None:
    """What the marks mean, side by side."""
    for number, (words, colour, mark) in enumerate(_MARKS):
        left = MARGIN + 2.4 * number
        ground.plot([left + 0.08], [top - 0.1], mark, color=colour, ms=5, mfc="none", mew=1.2)
        write(ground, (left + 0.22, top), [words], Manner())


def _axes(axes: Axes, view: _View, show: Shows) -> None:
    """Values on both axes as people write them."""
    from matplotlib.ticker import MaxNLocator

    for name, axis in zip(view.names, (axes.xaxis, axes.yaxis), strict=True):
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(_formatter(show.get(name, plain_value)))
    axes.set_xlabel(f"{sentence(plain_name(view.names[0]))} (across)", fontsize=BODY)
    axes.grid(color=GRID, linewidth=0.6)
    axes.margins(0.02)
    plain(axes)


def _formatter(write: Callable[[float], str]) -> Callable[[float, float], str]:
    """A writer of values as an axis calls it, with the number of the tick."""
    return lambda value, _: write(value)


def _rectangle(axes: Axes, edges: Array) -> None:
    """The box, as far as the axes go where it has no limit."""
    from matplotlib.patches import Rectangle

    if not np.isfinite(edges).any():
        return
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    axes.set(xlim=(left, right), ylim=(low, high))
    (x, y), (far, top) = np.clip(edges, [left, low], [right, high]).tolist()
    axes.add_patch(Rectangle((x, y), far - x, top - y, fill=False, edgecolor=INK, lw=1.8, zorder=4))
