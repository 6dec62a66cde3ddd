"""The screen: headings, paragraphs and tables that read well on any terminal, or in a file.

Colour only on a terminal that has it; characters only from ASCII and the pound sign; a table that
does not fit is set out as lines of `name: value`, so that no figure is ever cut off.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import IO, Literal

from rich.box import Box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from costsim.report.wrapping import wrapped

PLAIN_WIDTH = 100
NARROWEST = 40
NARROW_TEXT = 24
GAP = "   "
Justify = Literal["left", "right"]
_RULED = Box("    \n    \n -- \n    \n    \n -- \n    \n    \n", ascii=True)


class _Console(Console):
    """A console that leaves a reader who has gone (`| head`) to the command line to deal with."""

    def on_broken_pipe(self) -> None:
        """Let the error go on."""
        raise BrokenPipeError


class Screen:
    """Where words and tables for people go."""

    def __init__(self, stream: IO[str] | None = None, width: int | None = None) -> None:
        self._console = _Console(
            file=stream or sys.stdout,
            width=width or _width(stream or sys.stdout),
            highlight=False,
            markup=False,
            emoji=False,
            no_color="NO_COLOR" in os.environ or None,
            _environ={k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")},
        )

    @property
    def width(self) -> int:
        """Characters in a line."""
        return self._console.width

    def heading(self, text: str) -> None:
        """A heading with an empty line before it."""
        self._console.print()
        self._console.print(Text(text, style="bold"))

    def say(self, text: str, style: str = "", indent: int = 0) -> None:
        """A paragraph, wrapped to the width."""
        room = max(10, self._console.width - indent)
        for line in wrapped(text, room):
            self._console.print(Text(" " * indent + line, style=style))

    def verbatim(self, text: str, style: str = "") -> None:
        """A line exactly as it is, however long."""
        self._console.print(Text(text, style=style), soft_wrap=True)

    def table(
        self, columns: Sequence[str], rows: Sequence[Sequence[str]], wide: Sequence[int] = (0,)
    ) -> None:
        """A table; the columns numbered in `wide` hold text and may wrap, the rest hold figures."""
        widths = _widths(columns, rows, wide, self._console.width)
        if widths is None:
            self._listing(columns, rows)
            return
        table = Table(box=_RULED, show_edge=False, pad_edge=False)
        for number, column in enumerate(columns):
            justify: Justify = "left" if number in wide else "right"
            table.add_column(column, justify=justify, overflow="fold", width=widths[number])
        for row in rows:
            table.add_row(*map(Text, map("\n".join, map(wrapped, row, widths))))
        self._console.print(table)

    def _listing(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        for row in rows:
            self._console.print()
            self.say(f"{columns[0]}: {row[0]}", style="bold")
            for name, cell in zip(columns[1:], row[1:], strict=True):
                if cell:
                    self.say(f"{name}: {cell}", indent=2)


def _widths(
    columns: Sequence[str], rows: Sequence[Sequence[str]], wide: Sequence[int], room: int
) -> list[int] | None:
    """The width of each column, figures whole and text sharing what is left; None if too narrow."""
    cells = list(zip(columns, *rows, strict=True))
    full = [max(map(len, cell)) for cell in cells]
    words = [max(map(len, column.split()), default=1) for column in columns]
    figures = [max(map(len, cell[1:]), default=1) for cell in cells]
    least = [
        min(NARROW_TEXT, full[number]) if number in wide else max(figures[number], words[number])
        for number in range(len(cells))
    ]
    left = room - len(GAP) * (len(columns) - 1) - sum(least)
    wanted = sum(full) - sum(least)
    if left < 0:
        return None
    share = min(1.0, left / wanted) if wanted else 0.0
    return [low + int(share * (high - low)) for low, high in zip(least, full, strict=True)]


def _width(stream: IO[str]) -> int | None:
    """The terminal's own width; a fixed one for files and pipes, unless COLUMNS says otherwise."""
    asked = os.environ.get("COLUMNS", "")
    if re.fullmatch("[0-9]{1,4}", asked) and int(asked) > 0:
        return max(int(asked), NARROWEST)
    return None if stream.isatty() else PLAIN_WIDTH
