"""An analysis on the screen: its title, what must not be missed, its words and its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from costsim.report.alarms import ALARM
from costsim.report.analyses.exhibit import Cell, Exhibit, Table
from costsim.report.screen import Screen

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
    wide = [number for number, column in enumerate(table.columns) if column.kind == "text"]
    titles = [column.title for column in table.columns]
    if table.rows:
        screen.table(titles, [list(map(text, row)) for row in table.rows], wide)


def text(cell: Cell) -> str:
    """A cell as people read it."""
    return cell if isinstance(cell, str) else cell.shown
