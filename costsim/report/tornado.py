"""The tornado on the screen: a table of swings, and a bar for each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from operator import attrgetter
from typing import Any

from costsim.report import alarms
from costsim.report.screen import Screen
from costsim.results.checks import Check
from costsim.scenario.inputs import uncertain_inputs
from costsim.uncertainty.oneway import Swing, Tornado
from costsim.units import counted
from costsim.words import money

SCHEMA = "costsim.oneway/1"
BAR = 30


def show(screen: Screen, tornado: Tornado) -> None:
    """Print the tornado of net benefit."""
    scenario = tornado.base.scenario
    horizon = counted(scenario.years, "year")
    screen.say(f"{scenario.title}: net benefit over {horizon}", style="bold")
    if tornado.interrupted:
        screen.say(_interrupted(tornado), style=alarms.ALARM)
    alarms.on_top(screen, tornado.base)
    screen.say("".join(_beginning(tornado)))
    if tornado.swings:
        _swings(screen, tornado)
    alarms.failed(screen, tornado.base)


def _interrupted(tornado: Tornado) -> str:
    varied = (
        f"INTERRUPTED: {len(tornado.swings)} of {counted(tornado.inputs, 'input')} were varied."
    )
    return f"{varied} Not varied: {', '.join(not_varied(tornado))}."


def not_varied(tornado: Tornado) -> list[str]:
    """The names of the inputs that an interruption left unvaried, in the order of the file."""
    varied = {swing.input.name for swing in tornado.swings}
    names = [each.name for each in uncertain_inputs(tornado.base.scenario)]
    return [name for name in names if name not in varied]


def _beginning(tornado: Tornado) -> Iterator[str]:
    """What the swings are swings from, and how firm that is."""
    runs, net = tornado.base.runs, tornado.base.main.programme.economics.net_benefit
    chance = f"; {money(net.half_width)} either way by chance" if net.interval else ""
    many = f"{counted(runs.replications, 'replication')}, seed {tornado.base.settings.seed}"
    yield f"As it stands: {money(tornado.value)} ({many}{chance}). "
    if tornado.inputs:
        yield "Each input alone, from its 10% to its 90% quantile, "
        yield "all else and all luck held fixed:"
    else:
        yield "No input is uncertain: add uncertain: to the numbers that you are unsure of."


def _swings(screen: Screen, tornado: Tornado) -> None:
    screen.say("")
    columns = ("Input", "At 10%", "At 90%", "Net benefit at 10%", "Net benefit at 90%", "Swing")
    screen.table(columns, list(map(_row, tornado.swings)))
    _bars(screen, tornado)
    for line in _reading(tornado):
        screen.say(f"\n{line}")


def _row(swing: Swing) -> list[str]:
    return [
        swing.input.name,
        swing.low_shown,
        swing.high_shown,
        money(swing.at_low),
        money(swing.at_high),
        money(swing.size),
    ]


def _bars(screen: Screen, tornado: Tornado) -> None:
    """Bars to scale, from the lower to the higher net benefit, with a mark where it stands now."""
    ends = [tornado.value, *chain.from_iterable(map(attrgetter("ends"), tornado.swings))]
    low, high = min(ends), max(ends)
    room = max(10, min(60, screen.width - 40))
    screen.heading(
        f"From {money(low)} to {money(high)}; | is {money(tornado.value)} as it stands"
    )
    for number, swing in enumerate(tornado.swings, start=1):
        screen.verbatim(
            f"{bar(swing, (low, high), tornado.value, room)}  {number}. {swing.input.name}"
        )


def bar(swing: Swing, span: tuple[float, float], base: float, room: int) -> str:
    """One bar of `room` characters: # where the net benefit moves, | where it stands.

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


def _reading(tornado: Tornado) -> Iterator[str]:
    """What follows from the swings; nothing can be said of inputs that have not been varied."""
    losing = [swing.input.name for swing in tornado.swings if min(swing.ends) < 0]
    if losing:
        yield f"Within its range alone, it would not pay back because of: {', '.join(losing)}."
    elif not tornado.interrupted:
        yield "No input alone, within its range, makes the net benefit negative."


def as_json(tornado: Tornado) -> dict[str, Any]:
    """The tornado as plain values, for programs."""
    origin = tornado.base.scenario.origin
    return {
        "schema": SCHEMA,
        "scenario": {
            "title": tornado.base.scenario.title,
            "file": origin.file,
            "sha256": origin.sha256,
        },
        "seed": tornado.base.settings.seed,
        "replications": tornado.base.runs.replications,
        "interrupted": tornado.interrupted,
        "inputs": tornado.inputs,
        "not_varied": not_varied(tornado),
        "checks": list(map(Check.as_json, tornado.base.checks)),
        "net_benefit": tornado.value,
        "net_benefit_ci95": tornado.base.main.programme.economics.net_benefit.interval,
        "swings": [
            {
                "input": swing.input.name,
                "unit": swing.input.unit,
                "value": swing.input.value,
                "p10": swing.low_value,
                "p90": swing.high_value,
                "net_benefit_at_p10": swing.at_low,
                "net_benefit_at_p90": swing.at_high,
                "swing": swing.size,
            }
            for swing in tornado.swings
        ],
    }
