"""An analysis on the screen: its title, what must not be missed, its words and its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
        _warn(screen, warning)
    for paragraph in exhibit.paragraphs:
        screen.say(paragraph)
    for table in exhibit.tables:
        _table(screen, table)
        (below or {}).get(table.name, _nothing)(screen)


def _nothing(_screen: Screen) -> None:
    """Nothing more to show."""


def _warn(screen: Screen, warning: str) -> None:
    loud = warning.startswith(LOUD)
    screen.say(warning if loud else f"Mind: {warning}", style=ALARM if loud else "")


def _table(screen: Screen, table: Table) -> None:
    screen.heading(table.caption)
    if table.note:
        screen.say(table.note)
    if len(table.columns) == 1:
        _list(screen, table)
    elif table.rows:
        _rows(screen, table)


def _list(screen: Screen, table: Table) -> None:
    for (cell,) in table.rows:
        screen.say(f"- {text(cell)}")


def _rows(screen: Screen, table: Table) -> None:
    """The rows, in as many tables below each other as the width takes."""
    for number, part in enumerate(parts(table, screen.width)):
        if number:
            screen.say("")
        screen.table(_titles(part), _texts(part), _wide(part))


def _titles(table: Table) -> list[str]:
    return [column.title for column in table.columns]


def _texts(table: Table) -> list[list[str]]:
    return [list(map(text, row)) for row in table.rows]


def _wide(table: Table) -> list[int]:
    """The columns that hold text, which may be wrapped; a figure may not."""
    return [place for place, column in enumerate(table.columns) if column.kind == "text"]


def parts(table: Table, room: int) -> list[Table]:
    """A table that is too wide as several with the same first column; else the table itself.

    One that would fall into tables of a single figure stays whole.
    """
    first, *others = map(len(GAP).__add__, _least(table))
    groups = list(_fitting(others, room - first))
    if len(groups) > 1 and len(groups[0]) == 1 and 1 not in _wide(table):
        return [table]
    return [_part(table, (0, *places)) for places in groups]


def _fitting(widths: Sequence[int], room: int) -> Iterator[list[int]]:
    """Places, from 1, of columns in as few groups as fit beside the first column.

    >>> list(_fitting([5, 5, 5, 9], 10))
    [[1, 2], [3], [4]]
    """
    group: list[int] = []
    left = room
    for place, width in enumerate(widths, start=1):
        if group and width > left:
            yield group
            group, left = [], room
        group.append(place)
        left -= width
    yield group


def _part(table: Table, places: Sequence[int]) -> Table:
    columns = tuple(table.columns[place] for place in places)
    rows = tuple(tuple(row[place] for place in places) for row in table.rows)
    return replace(table, columns=columns, rows=rows)


def _least(table: Table) -> list[int]:
    """The least width of each column: text may be wrapped, and so may a title between words."""
    cells = zip(*_texts(table), strict=True)
    figures = [max(map(len, column)) for column in cells]
    titles = [max(map(len, title.split())) for title in _titles(table)]
    least = list(map(max, figures, titles))
    return [min(NARROW_TEXT, w) if n in _wide(table) else w for n, w in enumerate(least)]


def text(cell: Cell) -> str:
    """A cell as people read it."""
    return cell if isinstance(cell, str) else cell.shown
