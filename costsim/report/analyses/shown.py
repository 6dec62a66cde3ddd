"""An analysis on the screen: its title, what must not be missed, its words and its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from costsim.report.alarms import ALARM
from costsim.report.analyses.exhibit import Cell, Exhibit, Table
from costsim.report.screen import GAP, NARROW_TEXT, Screen

LOUD = ("INTERRUPTED", "A CHECK")
"""How warnings begin that say not to rely on the figures."""
Below = Mapping[str, Callable[[Screen], None]]


def show(screen: Screen, exhibit: Exhibit, below: Below | None = None) -> None:
    """Print an analysis; `below` has what the screen alone shows after a table, by its name."""
    screen.say(exhibit.title, style="bold")
    for warning in exhibit.warnings:
        loud = warning.startswith(LOUD)
        screen.say(warning if loud else f"Mind: {warning}", style=ALARM if loud else "")
    for paragraph in exhibit.paragraphs:
        screen.say(paragraph)
    for table in exhibit.tables:
        _table(screen, table)
        if below and table.name in below:
            below[table.name](screen)


def _table(screen: Screen, table: Table) -> None:
    screen.heading(table.caption)
    if table.note:
        screen.say(table.note)
    if len(table.columns) == 1:
        for row in table.rows:
            screen.say(f"- {text(row[0])}")
        return
    if table.rows:
        _rows(screen, table)


def _rows(screen: Screen, table: Table) -> None:
    """The rows, in as many tables below each other as the width takes."""
    for number, part in enumerate(parts(table, screen.width)):
        if number:
            screen.say("")
        wide = [place for place, column in enumerate(part.columns) if column.kind == "text"]
        titles = [column.title for column in part.columns]
        screen.table(titles, [list(map(text, row)) for row in part.rows], wide)


def parts(table: Table, room: int) -> Iterator[Table]:
    """A table that is too wide as several with the same first column; else the table itself.

    One that would fall into tables of a single figure stays whole.
    """
    widths = [_least(table, place) + len(GAP) for place in range(len(table.columns))]
    taken: list[list[int]] = [[]]
    for place in range(1, len(widths)):
        if taken[-1] and widths[0] + sum(widths[each] for each in [*taken[-1], place]) > room:
            taken.append([])
        taken[-1].append(place)
    if len(taken) > 1 and len(taken[0]) == 1 and table.columns[1].kind != "text":
        taken = [list(range(1, len(widths)))]
    for places in taken:
        yield _part(table, [0, *places])


def _part(table: Table, places: list[int]) -> Table:
    columns = tuple(table.columns[place] for place in places)
    rows = tuple(tuple(row[place] for place in places) for row in table.rows)
    return replace(table, columns=columns, rows=rows)


def _least(table: Table, place: int) -> int:
    """The least width of a column: text may be wrapped, a figure may not."""
    column = table.columns[place]
    longest = max((len(text(row[place])) for row in table.rows), default=0)
    if column.kind == "text":
        return min(NARROW_TEXT, max(longest, len(column.title)))
    return max(longest, *map(len, column.title.split()))


def text(cell: Cell) -> str:
    """A cell as people read it."""
    return cell if isinstance(cell, str) else cell.shown
