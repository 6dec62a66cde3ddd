"""Tables of a sensitivity analysis: swings, switching values, two inputs, drivers and limits."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from costsim.drawing.text import sentence
from costsim.report.analyses.cells import money, outcome, outcome_name, share, text_list
from costsim.report.analyses.exhibit import Cell, Column, Table, Value
from costsim.scenario.inputs import Input
from costsim.uncertainty.discovery import Discovery, Restriction
from costsim.uncertainty.drivers import Drivers
from costsim.uncertainty.indices.bars import share as in_percent
from costsim.uncertainty.indices.found import METHODS, Indices
from costsim.uncertainty.indices.measures import Measure
from costsim.uncertainty.indices.morris import MorrisEffects
from costsim.uncertainty.oneway import Swing, Tornado
from costsim.uncertainty.steady import NET_BENEFIT
from costsim.uncertainty.switching import Switch, Switches
from costsim.uncertainty.twoway import TwoWay

GRID = 5
"""Steps of a grid of two inputs that a table shows; programs get them all."""
DIGITS = 3
"""Those of a switching value that matter."""


def swings(tornado: Tornado) -> Table:
    """A row for each input that was varied, the largest swing first."""
    name = sentence(outcome_name(tornado.outcome))
    columns = (
        Column("input", "Input"),
        Column("p10", "At 10%", "number"),
        Column("p90", "At 90%", "number"),
        Column("at_p10", f"{name} at 10%", "number"),
        Column("at_p90", f"{name} at 90%", "number"),
        Column("swing", "Swing", "number"),
    )
    rows = tuple(_swing(tornado.outcome, each) for each in tornado.swings)
    return Table("swings", "One input at a time", columns, rows)


def _swing(name: str, swing: Swing) -> tuple[Cell, ...]:
    figures = (outcome(name, each) for each in (swing.at_low, swing.at_high, swing.size))
    low, high = (value_of(swing.input, each) for each in (swing.low_value, swing.high_value))
    return swing.input.name, low, high, *figures


def value_of(each: Input, value: float) -> Value:
    """A value that an input might have."""
    return Value(value, each.show(value))


_OTHER_SIGN = {True: "negative", False: "positive"}


def closing(tornado: Tornado) -> tuple[Table, ...]:
    """What follows from the swings of the net benefit; nothing where some were not varied."""
    if tornado.outcome != NET_BENEFIT or not tornado.swings:
        return ()
    return text_list("reading", "What follows", _reading(tornado))


def _reading(tornado: Tornado) -> Iterator[str]:
    pays = tornado.value >= 0
    turning = [
        swing.input.name
        for swing in tornado.swings
        if (min(swing.ends) < 0 if pays else max(swing.ends) > 0)
    ]
    if turning:
        would = "would not pay back" if pays else "would pay back"
        yield f"Between its P10 and P90 alone, it {would} because of: {', '.join(turning)}."
    elif not tornado.interrupted:
        yield f"No input alone, within its range, makes the net benefit {_OTHER_SIGN[pays]}."


# --- switching values ----------------------------------------------------------------------------


def turning(found: Switches) -> Table:
    """A row for each input: from where on it pays back, all else at its value."""
    ranged = any(each.p10 is not None for each in found.each)
    columns = (
        Column("input", "Input"),
        Column("value", "As it stands", "number"),
        Column("pays_back_if", "It pays back if", "number"),
        *[Column("p10", "P10 of that", "number"), Column("p90", "P90 of that", "number")] * ranged,
    )
    rows = tuple(_turning(each, ranged) for each in found.each)
    note = " P10 to P90 of that is where it lies in 80% of draws of the other inputs." * ranged
    caption = "Switching values: what would have to be true"
    return Table("switches", caption, columns, rows, f"{found.summary()}{note}")


def _turning(switch: Switch, ranged: bool) -> tuple[Cell, ...]:
    each = switch.input
    return (
        each.name,
        value_of(each, each.value or 0.0),
        Value(math.nan if switch.value is None else switch.value, condition(switch)),
        *[_end(each, end) for end in (switch.p10, switch.p90)] * ranged,
    )


def _end(each: Input, value: float | None) -> Cell:
    return "" if value is None else Value(value, each.show(float(f"{value:.{DIGITS}g}")))


def condition(switch: Switch) -> str:
    """Where it pays back, in words, rounded to the side on which it does."""
    if switch.value is None:
        return "whatever its value"
    side = "at least" if switch.rising else "at most"
    return f"{side} {switch.input.show(_rounded(switch.value, switch.rising))}"


def _rounded(value: float, up: bool) -> float:
    """Three digits that matter, up or down.

    >>> _rounded(56.0044, up=True), _rounded(0.137749, up=False)
    (56.1, 0.137)
    """
    if not value:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(abs(value))) + 1 - DIGITS)
    turned = math.ceil(value / unit - 1e-9) if up else math.floor(value / unit + 1e-9)
    return float(f"{turned * unit:.{DIGITS}g}")


# --- two inputs together -------------------------------------------------------------------------


def grid(found: TwoWay) -> Table:
    """The net benefit over a grid: a row for each step of the first input."""
    rows, across = (_steps(len(axis)) for axis in (found.first_values, found.second_values))
    columns = (
        Column("first", found.first.name, "number"),
        *(
            Column(f"second.{step}", found.second.show(_short(found.second_values[place])), "money")
            for step, place in enumerate(across)
        ),
    )
    cells = tuple(
        (
            Value(
                float(found.first_values[row]), found.first.show(_short(found.first_values[row]))
            ),
            *(money(float(found.outcome[row, place])) for place in across),
        )
        for row in rows
    )
    note = f"{found.summary()} Down: {found.first.name}. Across: {found.second.name}."
    return Table("two_way", "Net benefit, two inputs together", columns, cells, note)


def _steps(count: int) -> list[int]:
    """Places of a few even steps, both ends among them.

    >>> _steps(11), _steps(3)
    ([0, 2, 5, 8, 10], [0, 1, 2])
    """
    return sorted({int(place) for place in np.linspace(0, count - 1, min(GRID, count)).round()})


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


# --- all inputs together -------------------------------------------------------------------------


def driving(drivers: Drivers) -> Table:
    """A row for each factor, the largest of the last measure first."""
    found = drivers.found
    show = _writer(drivers)
    measures = (found.mu_star,) if isinstance(found, MorrisEffects) else found.measures
    columns = [Column("factor", "Input or group")]
    for each in measures:
        columns += [Column(each.code, _title(each.code), "number")]
        columns += [Column(f"{each.code}_interval", "95% interval", "range")] * (
            each.half_widths is not None
        )
    rows = [(found.names[place], *_figures(measures, place, show)) for place in _order(measures)]
    caption = f"What drives the {outcome_name(drivers.outcome)}, all inputs varying"
    return Table("global", caption, tuple(columns), tuple(rows), drivers.summary())


def _title(code: str) -> str:
    return {"mu_star": "Mean effect"}.get(code, code)


def _order(measures: Sequence[Measure]) -> list[int]:
    return measures[-1].order() if measures else []


def _figures(
    measures: Sequence[Measure], place: int, show: Callable[[float], str]
) -> Iterator[Cell]:
    for each in measures:
        yield Value(each.values[place], show(each.values[place]))
        if each.low and each.high:
            yield f"{show(each.low[place])} to {show(each.high[place])}"


def _writer(drivers: Drivers) -> Callable[[float], str]:
    """How the figures of a method are written."""
    if isinstance(drivers.found, Indices):
        return METHODS[drivers.found.method].show
    if isinstance(drivers.found, MorrisEffects):
        return lambda value: outcome(drivers.outcome, value).shown
    return in_percent


# --- where it does not pay -----------------------------------------------------------------------


def limits(found: Discovery, inputs: Sequence[Input]) -> Table:
    """Limits on a few inputs within which it mostly does not pay."""
    shows = {each.name: each for each in inputs}
    columns = (
        Column("input", "Input"),
        Column("low", "From", "number"),
        Column("high", "To", "number"),
        Column("density_without", "Fails without this limit", "share"),
    )
    rows = tuple(_limit(each, shows[each.name]) for each in found.restrictions)
    note = found.summary({name: writer(each) for name, each in shows.items()})
    return Table("discovery", "Where it does not pay (net benefit below £0)", columns, rows, note)


def writer(each: Input) -> Callable[[float], str]:
    """How the values of an input are written, with no more digits than matter."""
    return lambda value: each.show(_short(value))


def _limit(found: Restriction, each: Input) -> tuple[Cell, ...]:
    ends = (
        Value(end, writer(each)(end)) if math.isfinite(end) else ""
        for end in (found.low, found.high)
    )
    return found.name, *ends, share(found.without.density)
