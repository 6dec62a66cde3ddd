"""Sheets that everybody can read, with a screen reader too, and the workbook that they make up.

A sheet is a title, some lines that say what is on it, and one table from column A with nothing
below it. Everything else that makes a spreadsheet accessible follows from here: real tables with
their header row, no merged, hidden, frozen, filtered or blank cells, one plain font, notes and
shorthand that are explained, numbers that are numbers and text that can never become a formula.
After the Analysis Function's guidance on releasing statistics in spreadsheets.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from itertools import chain
from typing import Any

from costsim.report.workbooks import results_layout as layout
from costsim.report.workbooks.results_package import finished
from costsim.report.workbooks.text import Exact, cut, on_one_line, risky

MONEY = "£#,##0.00;-£#,##0.00"
DECIMAL = "#,##0.00"
WHOLE = "#,##0"
SHARE = "0.0%"
YEAR = "0"
FACTOR = "0.000000"
GENERAL = "General"

MOST_ROWS = 1_000_000
"""Rows of one table; Excel has room for 1,048,576 lines on a sheet."""
BEGINNING = datetime(1980, 1, 1)
FONT = {
    "font_name": "Arial",
    "font_size": 12,
    "font_color": "automatic",
    "font_scheme": "none",
}
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
NOTES = "Notes"


class Gap(Enum):
    """Why a cell has no number or text: shorthand that stands in the cell, and its meaning."""

    NOT_APPLICABLE = "[z]"
    NOT_AVAILABLE = "[x]"
    NEVER = "[never]"
    NOT_DEFINED = "[undefined]"

    @property
    def meaning(self) -> str:
        """What the shorthand stands for."""
        return _MEANINGS[self]


_MEANINGS = {
    Gap.NOT_APPLICABLE: "not applicable",
    Gap.NOT_AVAILABLE: "not available: nothing is said, or there are too few replications to tell",
    Gap.NEVER: "it does not happen within the years that are appraised",
    Gap.NOT_DEFINED: "not defined, for example because there is nothing to divide by",
}


@dataclass(frozen=True)
class Number:
    """A number and the format in which it is shown; the cell holds it to its last digit."""

    value: float
    form: str = DECIMAL


@dataclass(frozen=True)
class Link:
    """Words that lead to another sheet of the workbook."""

    words: str
    sheet: str


Cell = str | Number | Link | Gap


@dataclass(frozen=True)
class Column:
    """A column's header, and what a note says of it if there is one."""

    header: str
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """One worksheet with one table; `about` says what the table shows, for the list of contents."""

    name: str
    title: str
    about: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    says: Sequence[str | Link] = ()

    @property
    def table(self) -> str:
        """The name of its table."""
        return re.sub("[^a-z0-9]+", "_", self.name.lower())

    @property
    def notes(self) -> list[str]:
        """The notes of its headers, in order."""
        return [column.note for column in self.columns if column.note]

    @property
    def gaps(self) -> list[Gap]:
        """The shorthand that its table uses, in a fixed order."""
        used = set(chain.from_iterable(self.rows))
        return list(filter(used.__contains__, Gap))


def parts(sheet: Sheet, most: int = MOST_ROWS) -> list[Sheet]:
    """A sheet, or several where it has more rows than one can hold; none where it has no row.

    Each part says which rows it holds of how many, so that none is lost unseen.
    """
    total = len(sheet.rows)
    starts = range(0, total, most)
    if len(starts) <= 1:
        return [sheet] if total else []
    return [
        replace(
            sheet,
            name=f"{sheet.name} {number}",
            rows=(rows := sheet.rows[start : start + most]),
            about=f"{sheet.about}, rows {start + 1:,} to {start + len(rows):,} of {total:,}",
        )
        for number, start in enumerate(starts, start=1)
    ]


def numbered(sheets: Iterable[Sheet]) -> dict[str, int]:
    """Every note with its number, in the order in which a reader meets them."""
    texts = dict.fromkeys(note for sheet in sheets for note in sheet.notes)
    return {text: number for number, text in enumerate(texts, start=1)}


def marker(number: int) -> str:
    """How a header points to a note."""
    return f"[note {number}]"


def workbook(sheets: Sequence[Sheet], properties: Mapping[str, str], language: str) -> bytes:
    """An xlsx file with these sheets; equal sheets give equal bytes.

    `properties` are the document's title, subject, author and so on.
    """
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    numbers = numbered(sheets)
    # The writer adds to the properties that it is given, so each workbook has its own.
    with Workbook(stream, {**OPTIONS, "default_format_properties": dict(FONT)}) as book:
        known = {name: cut(on_one_line(text), 255) for name, text in properties.items()}
        book.set_properties({**known, "created": BEGINNING})
        pen = Pen(book.add_format)
        for sheet in sheets:
            _write(Page(book.add_worksheet(sheet.name), pen), sheet, numbers)
    return finished(stream.getvalue(), language)


class Pen:
    """The formats of a workbook, each made once."""

    def __init__(self, make: Callable[[dict[str, Any]], Any]) -> None:
        self._make = make
        self._made: dict[str, Any] = {}

    def __call__(self, **properties: Any) -> Any:
        """A format that wraps, in the one font, with further properties."""
        key = repr(sorted(properties.items()))
        if key not in self._made:
            always = {**FONT, "text_wrap": True, "valign": "top"}
            self._made[key] = self._make({**always, **properties})
        return self._made[key]


@dataclass(frozen=True)
class Page:
    """A worksheet that is being written, and the pen to write with."""

    sheet: Any
    pen: Pen

    def put(self, row: int, column: int, cell: Cell, align: str = "left") -> None:
        """Write one cell; its text stands on the side of the column on which its numbers do."""
        if isinstance(cell, Number):
            form = self.pen(num_format=cell.form, text_wrap=False, align="right", indent=1)
            self.sheet.write_number(row, column, Exact(cell.value), form)
        elif isinstance(cell, Link):
            place = f"internal:'{cell.sheet}'!A1"
            self.sheet.write_url(row, column, place, self.pen(underline=1), cell.words)
        else:
            self.words(row, column, shown(cell), **_side(align))

    def line(self, row: int, cells: Sequence[Cell], sides: Sequence[str]) -> None:
        """Write the cells of a row, each on the side of its column."""
        for column, (cell, side) in enumerate(zip(cells, sides, strict=True)):
            self.put(row, column, cell, side)

    def words(self, row: int, column: int, text: str, **properties: Any) -> None:
        """Write text, which stays text even when somebody edits the cell."""
        if risky(text):
            properties["quote_prefix"] = True
        self.sheet.write_string(row, column, text, self.pen(**properties))


def _side(align: str) -> dict[str, Any]:
    return {"align": "right", "indent": 1} if align == "right" else {}


def shown(cell: Cell) -> str:
    """A cell as text: what stands in it, or for a number about as much as it takes to show it."""
    if isinstance(cell, Number):
        return f"{cell.value:,.4f}"
    if isinstance(cell, Gap):
        return cell.value
    words = cell.words if isinstance(cell, Link) else cell
    return cut(on_one_line(words)) or Gap.NOT_APPLICABLE.value


def _write(page: Page, sheet: Sheet, numbers: Mapping[str, int]) -> None:
    """Title, lines, table; it prints in landscape, as few pages wide as can be read."""
    headers = [_header(column, numbers) for column in sheet.columns]
    body = [list(map(shown, row)) for row in sheet.rows]
    wide = layout.widths(headers, body)
    top = _above(page, sheet, wide[0])
    _tabled(page, sheet, headers, top)
    for number, width in enumerate(wide):
        page.sheet.set_column(number, number, width)
    page.sheet.set_row(top, layout.height(headers, wide, 13))
    for row, height in enumerate(layout.heights(body, wide), start=top + 1):
        page.sheet.set_row(row, height)
    page.sheet.repeat_rows(top)
    page.sheet.set_landscape()
    page.sheet.set_paper(9)
    page.sheet.fit_to_pages(layout.pages(wide), 0)


def _above(page: Page, sheet: Sheet, wide: int) -> int:
    """Write the title and the lines below it; the row where the table begins."""
    title = shown(sheet.title)
    page.words(0, 0, title, bold=True, font_size=16)
    page.sheet.set_row(0, layout.height([title], [wide], 17))
    lines = _lines(sheet)
    for row, line in enumerate(lines, start=1):
        page.put(row, 0, line)
        page.sheet.set_row(row, layout.height([shown(line)], [wide], 12))
    return 1 + len(lines)


def _tabled(page: Page, sheet: Sheet, headers: Sequence[str], top: int) -> None:
    """Write the cells and make them a table without filter buttons, stripes or colours."""
    sides = _sides(sheet)
    for row, cells in enumerate(sheet.rows, start=top + 1):
        page.line(row, cells, sides)
    columns = [
        {"header": header, "header_format": page.pen(bold=True, bottom=1, **_side(side))}
        for header, side in zip(headers, sides, strict=True)
    ]
    last = (top + len(sheet.rows), len(headers) - 1)
    plain = {"style": None, "autofilter": False, "banded_rows": False}
    settings = {"name": sheet.table, "columns": columns, **plain}
    if page.sheet.add_table(top, 0, *last, settings) != 0:
        raise ValueError(f"{sheet.name}: these headers make no table: {', '.join(headers)}")


def _sides(sheet: Sheet) -> list[str]:
    """Columns of numbers stand on the right, others on the left; so does one of both kinds."""
    return ["right" if _numeric(column) else "left" for column in zip(*sheet.rows, strict=True)]


def _numeric(column: Sequence[Cell]) -> bool:
    numbers = sum(isinstance(cell, Number) for cell in column)
    gaps = sum(isinstance(cell, Gap) for cell in column)
    return numbers > 0 and numbers + gaps == len(column)


def _lines(sheet: Sheet) -> list[str | Link]:
    """The lines between the title and the table: what is here, then notes and shorthand."""
    return [f"This worksheet contains one table: {sheet.about}.", *sheet.says, *_explained(sheet)]


def _explained(sheet: Sheet) -> Iterator[str | Link]:
    if sheet.gaps:
        meanings = "; ".join(f"{gap.value} means {gap.meaning}" for gap in sheet.gaps)
        yield f"Shorthand in this table: {meanings}."
    if sheet.notes:
        yield Link("This table contains notes, which are on the Notes sheet.", NOTES)


def _header(column: Column, numbers: Mapping[str, int]) -> str:
    note = f" {marker(numbers[column.note])}" if column.note else ""
    return f"{on_one_line(column.header)}{note}"


def amount(value: float | None, form: str, otherwise: Gap = Gap.NOT_APPLICABLE) -> Number | Gap:
    """A number, or the shorthand for why there is none.

    >>> amount(None, MONEY, Gap.NEVER).value
    '[never]'
    """
    if value is None or not math.isfinite(value):
        return otherwise
    return Number(value, form)


def text(said: str | None, otherwise: Gap = Gap.NOT_APPLICABLE) -> str | Gap:
    """What is said, or the shorthand for why nothing is.

    >>> text("", Gap.NOT_AVAILABLE).value
    '[x]'
    """
    return said or otherwise
