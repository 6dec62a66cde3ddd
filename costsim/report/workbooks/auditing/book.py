"""A workbook of tables whose every formula carries what it comes to.

A column is given once: its formula, in terms of the names of other columns, and the same thing in
Python. So every row of a table has the same formula, and a viewer that does not recalculate still
shows the right number.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from costsim.report.workbooks.text import cut, on_one_line

Cells = dict[str, Any]
INPUT = "input"
FONT = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_MONEY = '#,##0.00;-#,##0.00;"-"'
_NUMBER = '#,##0.00####;-#,##0.00####;"-"'
_RIGHT = {"align": "right"}
_PLAIN: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True, "align": "left", "indent": 1},
    "title": {"bold": True, "font_size": 15},
    "heading": {"bold": True, "font_size": 12},
    "note": {},
    "link": {"font_color": "#1D4ED8", "underline": 1},
    "header": {
        "bold": True,
        "text_wrap": True,
        "bottom": 2,
        "top": 1,
        "align": "left",
        "indent": 1,
    },
    "header of numbers": {"bold": True, "text_wrap": True, "bottom": 2, "top": 1, "align": "right"},
    "money": {"num_format": _MONEY} | _RIGHT,
    "number": {"num_format": _NUMBER} | _RIGHT,
    "factor": {"num_format": "0.000000"},
    "percent": {"num_format": "0.00##%"} | _RIGHT,
    "whole": {"num_format": "0"},
    "count": {"num_format": "0", "align": "left", "indent": 1},
    "years": {"num_format": "0.0000"} | _RIGHT,
    "exact": {"num_format": "0E+00"},
    "holds": {"bold": True, "align": "left", "indent": 1},
}
_WRAPPED = {name for name, style in _PLAIN.items() if "text_wrap" in style}
_TYPED = {"bg_color": "#FFF5CC", "font_color": "#0B3D91", "border": 1, "border_color": "#7A6A00"}
_SIMULATED = {"bg_color": "#E6EEF7", "italic": True}
STYLES: dict[str, dict[str, Any]] = {
    **_PLAIN,
    **{f"{INPUT} {name}": _PLAIN[name] | _TYPED for name in _PLAIN},
    **{f"simulated {name}": _PLAIN[name] | _SIMULATED for name in _PLAIN},
}
WORDS = ("text", "holds")
LINE, DEFAULT_WIDTH, WIDE = 13.5, 8.43, 0.98  # points; characters of a column; letters are wide
NO_DATE = datetime(2000, 1, 1)  # the same findings give the same bytes, whenever they are written


@dataclass(frozen=True)
class Column:
    """A column of a table: its formula, and in Python what the formula comes to.

    In a formula `{key}` is the cell of that column in the same row, `{key_before}` the one in the
    row above and `{row}` the number of the row. `together` is the formula of rows that add up the
    sites. Without a formula a column holds what the row has under its key. `value` gets this row's
    cells and the last one's.
    """

    key: str
    title: str
    formula: str = ""
    value: Callable[[Cells, Cells], Any] | None = None
    style: str = "money"
    together: str = ""
    width: float = 13

    def formula_of(self, cells: Cells) -> str:
        """The formula of this column in a row, which may bring its own under `=key`."""
        if f"={self.key}" in cells:
            return str(cells[f"={self.key}"])
        return self.together if self.together and cells.get("together") else self.formula

    def value_in(self, cells: Cells, before: Cells) -> Any:
        """What stands in the cell."""
        return self.value(cells, before) if self.value else cells[self.key]


def text(key: str, title: str, width: float = 16) -> Column:
    """A column of words."""
    return Column(key, title, style="text", width=width)


@dataclass
class Page:
    """A sheet that is filled from the top."""

    book: Book
    name: str
    sheet: Any
    row: int = 0
    columns: int = 1
    formulas: int = 0
    widths: dict[int, float] = field(default_factory=dict)
    tallest: tuple[int, int] = (0, 1)

    def say(self, words: str, style: str = "note") -> None:
        """A line of words."""
        self.sheet.write_string(self.row, 0, cut(on_one_line(words)), self.book.styles[style])
        self.row += 1

    def head(self, title: str, *notes: str) -> None:
        """The title of the sheet, and what a reader should know before reading it."""
        self.say(title, "title")
        for note in notes:
            self.say(note)
        self.row += 1

    def widen(self, column: int, width: float) -> None:
        """Make a column at least so wide."""
        self.widths[column] = max(width, self.widths.get(column, 0.0))
        self.columns = max(self.columns, column + 1)
        self.sheet.set_column(column, column, self.widths[column])

    def put(self, column: int, value: Any, style: str, formula: str = "") -> None:
        """A cell of the present row: a formula with what it comes to, or a number, or words."""
        form = self.book.styles[style]
        self.columns = max(self.columns, column + 1)
        if isinstance(value, str) and style in _WRAPPED:
            self._make_room(column, len(value))
        if formula:
            self.formulas += 1
            self.sheet.write_formula(self.row, column, formula, form, value)
        elif isinstance(value, str):
            self.sheet.write_string(self.row, column, cut(on_one_line(value)), form)
        else:
            self.sheet.write_number(self.row, column, value, form)

    def _make_room(self, column: int, length: int) -> None:
        """Make the row as tall as its longest words need, which not every program does itself."""
        lines = math.ceil(length * WIDE / self.widths.get(column, DEFAULT_WIDTH))
        row, most = self.tallest
        if lines > (most if row == self.row else 1):
            self.tallest = (self.row, lines)
            self.sheet.set_row(self.row, LINE * lines)

    def keep_header(self) -> None:
        """Keep what comes next, a header, in sight when scrolling and on every printed page."""
        self.sheet.freeze_panes(self.row + 1, 2)
        self.sheet.repeat_rows(self.row)

    def wide(self) -> None:
        """Print on two pages side by side, the first two columns on both."""
        self.sheet.fit_to_pages(2, 0)
        self.sheet.repeat_columns(0, 1)

    def header(self, titles: Sequence[str], numbers: Collection[int] = ()) -> None:
        """The header of a table; those of columns of numbers stand above them."""
        for number, title in enumerate(titles):
            self.put(number, title, "header of numbers" if number in numbers else "header")
        self.row += 1

    def table(
        self, columns: Sequence[Column], rows: Sequence[Cells], prefix: str = ""
    ) -> list[Cells]:
        """A table; its columns get names that begin with the prefix. All cells of all rows."""
        for number, column in enumerate(columns):
            self.widen(number, column.width)
        numbers = {n for n, column in enumerate(columns) if column.style not in WORDS}
        self.header([column.title for column in columns], numbers)
        first, before, done = self.row, Cells(), []
        for row in rows:
            before = self._line(columns, dict(row), before)
            done.append(before)
        if prefix:
            keys = [column.key for column in columns]
            self.book.name_columns(self, keys, (first, self.row - 1), prefix)
        self.row += 1
        return done

    def _line(self, columns: Sequence[Column], cells: Cells, before: Cells) -> Cells:
        places = {each.key: f"{letters(n)}{self.row + 1}" for n, each in enumerate(columns)}
        places |= {f"{e.key}_before": f"{letters(n)}{self.row}" for n, e in enumerate(columns)}
        places["row"] = str(self.row + 1)
        for number, column in enumerate(columns):
            cells[column.key] = column.value_in(cells, before)
            formula = column.formula_of(cells).format_map(places)
            self.put(number, cells[column.key], cells.get("style", column.style), formula)
        self.row += 1
        return cells

    def at(self, row: int, column: int) -> str:
        """A cell of this sheet as another sheet refers to it."""
        return f"'{self.name}'!${letters(column)}${row + 1}"

    @property
    def everything(self) -> str:
        """All cells of this sheet that are in use."""
        return f"'{self.name}'!$A$1:${letters(self.columns - 1)}${max(self.row, 1)}"


def letters(column: int) -> str:
    """The letters of a column, counted from 0.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    before, last = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def _sheet_class() -> type[Any]:
    """A sheet that takes formulas as they are.

    XlsxWriter searches every formula for thirty functions that are newer than any used here, which
    takes two thirds of the time of writing.
    """
    from xlsxwriter.worksheet import Worksheet

    class Sheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
        def _prepare_formula(self, formula: str, _expand: bool = False) -> str:
            return formula.removeprefix("=")

    return Sheet


class Book:
    """The workbook: its sheets in order, its styles and its names."""

    def __init__(self, properties: Mapping[str, str]) -> None:
        import xlsxwriter

        self._stream = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.workbook = xlsxwriter.Workbook(self._stream, options)
        self.workbook.set_properties({**properties, "created": NO_DATE})
        self.workbook.set_calc_mode("auto")
        self.styles = {name: self.workbook.add_format(FONT | s) for name, s in STYLES.items()}
        self._names: set[str] = set()
        self.pages: dict[str, Page] = {}
        self.first_rows: dict[str, int] = {}
        self.keys: dict[str, list[str]] = {}

    def page(self, name: str) -> Page:
        """A new sheet, the last in order."""
        sheet = self.workbook.add_worksheet(name, worksheet_class=_sheet_class())
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RPage &P of &N")
        sheet.hide_gridlines(2)
        self.pages[name] = Page(self, name, sheet)
        return self.pages[name]

    def name_columns(
        self, page: Page, keys: Sequence[str], rows: tuple[int, int], prefix: str
    ) -> None:
        """Names for the columns of a table that fills these rows."""
        first, last = rows
        self.first_rows[prefix], self.keys[prefix] = first, list(keys)
        for number, key in enumerate(keys):
            letter = letters(number)
            place = f"'{page.name}'!${letter}${first + 1}:${letter}${last + 1}"
            if key.strip("_"):
                self.define(f"{prefix}_{key}", place)

    def define(self, name: str, place: str) -> None:
        """Give a place a name, once; `ValueError` if the name is taken."""
        if name.lower() in self._names:
            raise ValueError(f"The name {name} is given twice in the audit workbook.")
        self._names.add(name.lower())
        self.workbook.define_name(name, f"={place}")

    def name_cell(self, name: str, page: Page, column: int) -> None:
        """A name for a cell of the present row."""
        self.define(name, page.at(page.row, column))

    def done(self) -> bytes:
        """The file."""
        self.workbook.close()
        return self._stream.getvalue()
