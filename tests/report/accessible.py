"""The rules for spreadsheets that everybody can read, S1 to S18, as a judge of finished workbooks.

After the Analysis Function's guidance on releasing statistics in spreadsheets. The judge reads the
file that was written, with openpyxl and in its raw parts, and knows nothing of how it was made.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries

SHORTHAND = re.compile(r"\[[a-z]+\]")
MARKER = re.compile(r"\[note \d+\]")
NUMBER = re.compile(r"-?£?[\d,]*\.?\d+%?")
TEXT_ABOVE = "This worksheet contains one table"


@dataclass(frozen=True)
class Book:
    """A workbook as it was written."""

    content: bytes

    @cached_property
    def open(self) -> Any:
        with warnings.catch_warnings():  # openpyxl warns of what the rules are to find
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(self.content))

    @cached_property
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.content)) as found:
            return {name: found.read(name) for name in found.namelist()}

    @property
    def sheets(self) -> list[Any]:
        return list(self.open.worksheets)

    def cells(self) -> Iterator[tuple[str, Any]]:
        """Every cell that holds something, with where it is."""
        for sheet in self.sheets:
            for row in sheet.iter_rows():
                yield from (
                    (f"{sheet.title}!{c.coordinate}", c) for c in row if c.value is not None
                )

    def tables(self) -> Iterator[tuple[Any, Any, list[list[Any]]]]:
        """Each sheet with each of its tables and the table's cells, headers first."""
        for sheet in self.sheets:
            for table in sheet.tables.values():
                yield sheet, table, [list(row) for row in sheet[table.ref]]

    def table(self, name: str) -> list[dict[str, Any]]:
        """The rows of the table on a sheet, by header without note markers."""
        sheet = self.open[name]
        ((_, ref),) = sheet.tables.items()
        headers, *rows = [[cell.value for cell in row] for row in sheet[ref]]
        plain = [MARKER.sub("", header).strip() for header in headers]
        return [dict(zip(plain, row, strict=True)) for row in rows]

    def values(self, name: str) -> list[list[Any]]:
        """The body of the table on a sheet."""
        return [list(row.values()) for row in self.table(name)]


Breaches = Iterator[str]


def s1_real_tables(book: Book) -> Breaches:
    for sheet in book.sheets:
        if not sheet.tables:
            yield f"{sheet.title} has no table"
    for sheet, table, (headers, *_) in book.tables():
        names = [cell.value for cell in headers]
        if table.headerRowCount != 1:
            yield f"{sheet.title}: no header row"
        if names != [column.name for column in table.tableColumns]:
            yield f"{sheet.title}: headers differ from those of the table"
        if len({str(name).lower() for name in names}) < len(names) or not all(names):
            yield f"{sheet.title}: headers are empty or not unique"


def s2_table_names(book: Book) -> Breaches:
    names = [table.displayName.lower() for _, table, _ in book.tables()]
    if len(set(names)) < len(names):
        yield "table names are not unique"
    for name in names:
        if re.fullmatch(r"table_?\d*", name) or len(name) < 3:
            yield f"{name} says nothing"


def s3_nothing_merged(book: Book) -> Breaches:
    yield from (f"{s.title}: merged" for s in book.sheets if s.merged_cells.ranges)


def s4_no_blanks(book: Book) -> Breaches:
    for sheet, _, rows in book.tables():
        for cell in (cell for row in rows for cell in row):
            if cell.value is None or not str(cell.value).strip():
                yield f"{sheet.title}!{cell.coordinate} is blank"
        used = {c.value for row in rows for c in row if SHORTHAND.fullmatch(str(c.value))}
        above = " ".join(str(row[0].value) for row in sheet.iter_rows(max_row=rows[0][0].row - 1))
        unexplained = {mark for mark in used if f"{mark} means" not in above}
        if unexplained and sheet.title != "Notes":
            yield f"{sheet.title}: {unexplained} is not explained above the table"
    notes = {row[0] for row in book.values("Notes")} if "Notes" in book.open else set()
    every = {c.value for _, c in book.cells() if SHORTHAND.fullmatch(str(c.value))}
    if every - notes:
        yield f"{every - notes} is not explained on the Notes sheet"


def s5_text_wrapped(book: Book) -> Breaches:
    for where, cell in book.cells():
        if isinstance(cell.value, str) and not cell.alignment.wrap_text:
            yield f"{where} does not wrap"


def s5_room_for_all(book: Book) -> Breaches:
    """Numbers must not show as ###, and wrapped text must not be cut off below."""
    for where, cell in book.cells():
        sheet = cell.parent
        wide = width(sheet, cell.column)
        if isinstance(cell.value, int | float):
            if len(f"{cell.value:,.2f}") + 1 > wide:
                yield f"{where}: {cell.value} needs more than {wide}"
            continue
        tall = sheet.row_dimensions[cell.row].height or 15.0
        lines = -(-len(cell.value) * cell.font.sz / 12 // wide)
        if lines * cell.font.sz * 1.15 > tall and tall < 408:
            yield f"{where}: {lines:g} lines need more than {tall} points"


def width(sheet: Any, column: int) -> float:
    """The width of a column, which may be given for several at once."""
    given = (each for each in sheet.column_dimensions.values() if each.min <= column <= each.max)
    return next((float(each.width) for each in given), 8.43)


def s6_nothing_filtered_frozen_or_hidden(book: Book) -> Breaches:
    for sheet in book.sheets:
        if sheet.auto_filter.ref or any(t.autoFilter for t in sheet.tables.values()):
            yield f"{sheet.title}: filter"
        if sheet.freeze_panes:
            yield f"{sheet.title}: frozen"
        hidden = [*sheet.row_dimensions.values(), *sheet.column_dimensions.values()]
        if sheet.sheet_state != "visible" or any(each.hidden for each in hidden):
            yield f"{sheet.title}: hidden"


def s7_notes(book: Book) -> Breaches:
    listed = [row[0] for row in book.values("Notes") if MARKER.fullmatch(str(row[0]))]
    if len(set(listed)) < len(listed):
        yield "a note is listed twice"
    used = {mark for _, _, (headers, *_) in book.tables() for c in headers
            for mark in MARKER.findall(str(c.value))}  # fmt: skip
    if used != set(listed):
        yield f"notes used and notes listed differ: {used ^ set(listed)}"
    for sheet, _, (headers, *body) in book.tables():
        if any("*" in str(cell.value) for cell in headers):
            yield f"{sheet.title}: an asterisk for a note"
        marked = [c for row in body for c in row if MARKER.search(str(c.value))]
        if marked and sheet.title != "Notes":
            yield f"{sheet.title}: a note in a data cell"
    if any(cell.font.vertAlign for _, cell in book.cells()):
        yield "superscript"


def s8_titles(book: Book) -> Breaches:
    for sheet in book.sheets:
        if not sheet["A1"].value or sheet["A1"].style != "Heading 1":
            yield f"{sheet.title}: no heading in A1, but {sheet['A1'].style}"
        if not str(sheet["A2"].value).startswith(TEXT_ABOVE):
            yield f"{sheet.title}: A2 does not say what is here"


def s9_one_table_from_column_a(book: Book) -> Breaches:
    for sheet in book.sheets:
        if len(sheet.tables) != 1:
            yield f"{sheet.title}: {len(sheet.tables)} tables"
            continue
        left, top, right, bottom = range_boundaries(next(iter(sheet.tables.values())).ref)
        if left != 1:
            yield f"{sheet.title}: the table does not start in column A"
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            if cell.row > bottom or cell.column > (right if cell.row >= top else 1):
                yield f"{sheet.title}!{cell.coordinate} is below or beside the table"


def s10_no_headers_footers_or_images(book: Book) -> Breaches:
    for sheet in book.sheets:
        for name in ("oddHeader", "oddFooter", "evenHeader", "evenFooter"):
            part = getattr(sheet, name)
            if part.left.text or part.center.text or part.right.text:
                yield f"{sheet.title}: {name}"
    for name in book.parts:
        if re.search(r"media|drawing|vba|comments|embeddings", name):
            yield f"{name} is in the file"


def s11_no_fills(book: Book) -> Breaches:
    yield from (f"{where}: fill" for where, cell in book.cells() if cell.fill.patternType)
    for sheet, table, _ in book.tables():
        style = table.tableStyleInfo
        if style and (style.name or style.showRowStripes or style.showColumnStripes):
            yield f"{sheet.title}: a table style with colours"
        if sheet.conditional_formatting or sheet.sheet_properties.tabColor:
            yield f"{sheet.title}: colour that depends on something"


def s12_sheet_names(book: Book) -> Breaches:
    # openpyxl gives sheets of the same name other names.
    names = re.findall('<sheet [^>]*?name="([^"]*)"', book.parts["xl/workbook.xml"].decode())
    if len({name.lower() for name in names}) < len(names):
        yield "sheet names are not unique"
    yield from (f"{name} is longer than 31" for name in names if len(name) > 31)
    yield from (f"{s.title} is blank" for s in book.sheets if s.max_row == 1 and s.max_column == 1)


def s13_properties(book: Book) -> Breaches:
    known = book.open.properties
    for name in ("title", "creator", "language"):
        if not getattr(known, name):
            yield f"the property {name} is not set"


def s14_active_cell(book: Book) -> Breaches:
    if book.open.active is not book.sheets[0]:
        yield "the first sheet is not the active one"
    for sheet in book.sheets:
        for selection in sheet.sheet_view.selection:
            if (selection.activeCell or "A1") != "A1":
                yield f"{sheet.title}: the active cell is {selection.activeCell}"


def s15_cover_and_contents(book: Book) -> Breaches:
    names = [sheet.title for sheet in book.sheets]
    if names[:3] != ["Cover", "Contents", "Notes"]:
        yield "the workbook does not begin with cover, contents and notes"
        return
    links = [(f"{where}", cell) for where, cell in book.cells() if cell.hyperlink]
    reached: dict[str, set[str]] = {}
    for where, cell in links:
        target = (cell.hyperlink.location or "").rpartition("!")[0].strip("'")
        reached.setdefault(cell.parent.title, set()).add(target)
        if target not in names:
            yield f"{where} leads to {target or cell.hyperlink.target}"
    if reached.get("Contents") != set(names[2:]):
        yield "the contents do not lead to every sheet"
    if not {"Contents", "Notes"} <= reached.get("Cover", set()):
        yield "the cover leads nowhere"


def s16_one_plain_font(book: Book) -> Breaches:
    for where, cell in book.cells():
        font = cell.font
        if font.name != "Arial" or font.sz < 12 or font.i or font.scheme:
            yield f"{where}: {font.name} {font.sz}"
        if font.color is not None and font.color.type != "auto":
            yield f"{where}: coloured"


def s18_numbers_are_numbers(book: Book) -> Breaches:
    for sheet, _, (_, *rows) in book.tables():
        for cell in (cell for row in rows for cell in row):
            where = f"{sheet.title}!{cell.coordinate}"
            if cell.data_type not in ("n", "s"):
                yield f"{where} holds {cell.data_type}"
            if cell.data_type == "s" and NUMBER.fullmatch(cell.value.strip()):
                yield f"{where} is a number as text: {cell.value}"
            plain = cell.data_type == "n" and cell.number_format == "General"
            if plain and abs(cell.value) >= 0.01:
                yield f"{where} has no number format"
    for name, part in book.parts.items():
        if name.startswith("xl/worksheets/sheet") and b"<f" in part:
            yield f"{name} holds a formula"


RULES: dict[str, Callable[[Book], Breaches]] = {
    name: rule for name, rule in list(globals().items()) if re.match(r"s\d+_", name)
}


def good_file_name(name: str) -> bool:
    """S17: lower case, dashes for blanks, shorter than 218 characters."""
    return bool(re.fullmatch(r"[a-z0-9-]+\.xlsx", name)) and len(name) < 218


def breaches(content: bytes) -> dict[str, list[str]]:
    """What breaks each rule; rules that nothing breaks are left out."""
    book = Book(content)
    found = {name: list(rule(book)) for name, rule in RULES.items()}
    return {name: each for name, each in found.items() if each}
