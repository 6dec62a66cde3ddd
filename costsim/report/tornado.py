"""The sensitivity analysis on the screen: as its exhibit says, with a bar for each swing."""

from __future__ import annotations

import math
from functools import partial
from itertools import chain
from operator import attrgetter

from costsim.report.analyses.cells import outcome
from costsim.report.analyses.further import Further
from costsim.report.analyses.presented import Presented
from costsim.report.analyses.sensitivity import ALONE, as_json, exhibit, plots
from costsim.report.screen import Screen
from costsim.uncertainty.oneway import Swing, Tornado


def presented(tornado: Tornado, found: Further = ALONE) -> Presented:
    """The tornado, and what was worked out beside it, with all that is made of them."""
    return Presented(
        exhibit(tornado, found),
        tornado.base.passed,
        as_json(tornado, found),
        plots(tornado, found),
        below={"swings": partial(bars, tornado=tornado)},
    )


def show(screen: Screen, tornado: Tornado) -> None:
    """Print a tornado alone."""
    presented(tornado).show(screen)


def bars(screen: Screen, tornado: Tornado) -> None:
    """Bars to scale, from the lower to the higher outcome, with a mark where it stands now."""
    ends = [tornado.value, *chain.from_iterable(map(attrgetter("ends"), tornado.swings))]
    if not all(map(math.isfinite, ends)):
        return
    low, high = min(ends), max(ends)
    room = max(10, min(60, screen.width - 40))
    shown = [outcome(tornado.outcome, each).shown for each in (low, high, tornado.value)]
    screen.heading(f"From {shown[0]} to {shown[1]}; | is {shown[2]} as it stands")
    for number, swing in enumerate(tornado.swings, start=1):
        screen.verbatim(
            f"{bar(swing, (low, high), tornado.value, room)}  {number}. {swing.input.name}"
        )


def bar(swing: Swing, span: tuple[float, float], base: float, room: int) -> str:
    """One bar of `room` characters: # where the outcome moves, | where it stands.

    >>> bar(Swing(None, 0, 1, 10.0, 40.0), (0.0, 100.0), 20.0, 10)
    ' #|##     '
    """
    low, high = span
    scale = (room - 1) / (high - low) if high > low else 0.0
    start, finish = sorted(round((end - low) * scale) for end in swing.ends)
    mark = round((base - low) * scale)
    cells = list(("#" * (finish - start + 1)).rjust(finish + 1).ljust(room))
    cells[mark] = "|"
    return "".join(cells)
