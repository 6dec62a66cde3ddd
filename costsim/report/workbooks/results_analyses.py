"""Sheets of what was analysed after the run: one for each table of each analysis.

A column of figures in units of their own says each figure in its unit by the format of its cell; a
unit that is too long for that, and words such as `at least`, stand in a column beside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from costsim.findings import Findings
from costsim.report.analyses.exhibit import Cell as Shown
from costsim.report.analyses.exhibit import Column as Titled
from costsim.report.analyses.exhibit import Exhibit, Table, Value
from costsim.report.analyses.stored import stored
from costsim.report.workbooks.accessible import (
    DECIMAL,
    MONEY,
    SHARE,
    WHOLE,
    Cell,
    Column,
    Gap,
    Number,
    Sheet,
)

FORMS = {"money": MONEY, "share": SHARE, "years": DECIMAL, "count": WHOLE}
LABELS = {"uncertainty": "Uncertainty", "sensitivity": "Sensitivity", "voi": "Information"}
LONGEST_NAME, LONGEST_LINE, LONGEST_UNIT = 31, 700, 4
MOST_DECIMALS = 6
PART = "INTERRUPTED: this analysis is of a part only. Do not rely on its figures."
TIMES = ("h", "day", "days")
_FIGURE = re.compile(
    r"(?P<before>[^-\d£]*)(?P<sign>-?)(?P<pound>£?)(?P<digits>[\d,]*\.?\d+)(?P<after>[^\d]*)"
)
_SENTENCES = re.compile(r"(?<=[.;])\s+")


def analyses(findings: Findings) -> Iterator[Sheet]:
    """A sheet for each table of each analysis in the folder; none where nothing was analysed."""
    names: set[str] = set()
    for found in stored(findings.folder):
        for number, table in enumerate(found.tables):
            name = _name(found.kind, table.name, names)
            names.add(name.lower())
            yield _sheet(found, table, name, first=number == 0)


def _name(kind: str, table: str, taken: set[str]) -> str:
    """The name of a sheet: short, of letters and digits, and no other's."""
    words = re.sub(r"[^A-Za-z0-9]+", " ", f"{LABELS[kind]} {table}").strip()
    ends = ("", *(f" {number}" for number in range(2, len(taken) + 2)))
    names = (words[: LONGEST_NAME - len(end)].rstrip() + end for end in ends)
    return next(name for name in names if name.lower() not in taken)


def _sheet(found: Exhibit, table: Table, name: str, *, first: bool) -> Sheet:
    columns = [*_columns(table)]
    headers = _unique([header for each in columns for header in each.headers])
    return Sheet(
        name=name,
        title=table.caption,
        about=f"{table.caption[:1].lower()}{table.caption[1:]}",
        columns=tuple(map(Column, headers)),
        rows=[*zip(*(cells for each in columns for cells in each.cells), strict=True)],
        says=[*_said(found, table, first)],
    )


def _said(found: Exhibit, table: Table, first: bool) -> Iterator[str]:
    """What must not be missed, what the analysis found, and what belongs to the table."""
    words = [PART] * found.interrupted
    words += [f"Mind: {warning}" for warning in found.warnings]
    words += [found.title, *found.paragraphs] if first else [f"Of: {found.title}."]
    for each in filter(None, [*words, table.note]):
        yield from _lines(each)


def _lines(words: str) -> Iterator[str]:
    """Words in lines that a row has room for, broken after sentences."""
    line = ""
    for sentence in _SENTENCES.split(words):
        if line and len(line) + len(sentence) > LONGEST_LINE:
            yield line
            line = ""
        line = f"{line} {sentence}".strip()
    yield line


def _unique(headers: Sequence[str]) -> list[str]:
    """Headers that differ: one that comes again follows the one before it, or is numbered.

    >>> _unique(["S1", "95% interval", "ST", "95% interval"])
    ['S1', '95% interval', 'ST', 'ST: 95% interval']
    """
    found: list[str] = []
    for number, header in enumerate(headers):
        names = [header, f"{headers[number - 1]}: {header}"] if number else [header]
        names += [f"{header} ({again})" for again in range(2, len(headers) + 2)]
        taken = {each.lower() for each in found}
        found.append(next(name for name in names if name and name.lower() not in taken))
    return found


@dataclass(frozen=True)
class Part:
    """A column of an analysis as one column of a sheet, or as two: its figures and their words."""

    headers: tuple[str, ...]
    cells: tuple[Sequence[Cell], ...]


def _columns(table: Table) -> Iterator[Part]:
    for number, column in enumerate(table.columns):
        yield _part(column, [row[number] for row in table.rows])


def _part(column: Titled, cells: Sequence[Shown]) -> Part:
    if column.kind in FORMS:
        return Part((column.title,), ([_of_kind(each, FORMS[column.kind]) for each in cells],))
    written = [Written.of(each) for each in cells]
    figures = [each.cell for each in written]
    if not any(each.words for each in written):
        return Part((column.title,), (figures,))
    words: list[Cell] = [each.words or Gap.NOT_APPLICABLE for each in written]
    return Part((column.title, f"{column.title}, in words"), (figures, words))


def _of_kind(cell: Shown, form: str) -> Cell:
    if isinstance(cell, Value):
        return _gap(cell) or Number(cell.number, form)
    return Written.of(cell).cell


def _gap(value: Value) -> Gap | None:
    """Why there is no number; None where there is one."""
    if math.isfinite(value.number):
        return None
    if value.shown == "never" or math.isinf(value.number):
        return Gap.NEVER
    return Gap.NOT_DEFINED if value.shown == "none" else Gap.NOT_APPLICABLE


@dataclass(frozen=True)
class Written:
    """A cell in a unit of its own: what stands in it, and words that its format cannot hold."""

    cell: Cell
    words: str = ""

    @classmethod
    def of(cls, cell: Shown) -> Written:
        """How a cell is written; text that is a number becomes one."""
        if isinstance(cell, Value):
            return cls._of_value(cell)
        figure = Figure.read(cell)
        if figure and not figure.words:
            return cls(Number(figure.value, figure.form(figure.value)))
        return cls(cell or Gap.NOT_APPLICABLE)

    @classmethod
    def _of_value(cls, value: Value) -> Written:
        gap, figure = _gap(value), Figure.read(value.shown)
        if gap:
            return cls(gap, value.shown if gap is Gap.NOT_APPLICABLE else "")
        if figure is None:
            return cls(Number(value.number, DECIMAL), "" if value.shown == "none" else value.shown)
        unit = figure.unit_of(value.number)
        if len(unit) > LONGEST_UNIT:
            words = f"{figure.before} {unit}".strip()
            return cls(Number(value.number, figure.form(value.number)), words)
        return cls(Number(value.number, figure.form(value.number, unit)), figure.before)


@dataclass(frozen=True)
class Figure:
    """A figure as people write it: words before it, its digits, and its unit."""

    before: str
    value: float
    decimals: int
    pound: bool
    after: str

    @classmethod
    def read(cls, shown: str) -> Figure | None:
        """What stands in some text; None where it holds no figure."""
        found = _FIGURE.fullmatch(shown.strip())
        if found is None:
            return None
        digits, after = found["digits"], found["after"].strip()
        share = after.startswith("%")
        value = float(f"{found['sign']}{digits.replace(',', '')}") / (100 if share else 1)
        decimals = len(digits.partition(".")[2])
        return cls(found["before"].strip(), value, decimals, bool(found["pound"]), after)

    @property
    def words(self) -> str:
        """The words around it, other than signs of money and of a share."""
        return f"{self.before} {self.after.removeprefix('%').strip()}".strip()

    def form(self, number: float, unit: str = "") -> str:
        """The format of the cell of a number: money, a share, or with the decimals that it needs.

        >>> Figure.read("8.5 h").form(510.0, "min")
        '#,##0 "min"'
        """
        if self.pound:
            return MONEY
        if self.after.startswith("%"):
            return SHARE
        decimals = 0 if float(number).is_integer() else min(max(2, self.decimals), MOST_DECIMALS)
        form = f"{WHOLE}.{'0' * decimals}" if decimals else WHOLE
        return f'{form} "{unit}"' if unit else form

    def unit_of(self, number: float) -> str:
        """The unit of the number behind it: times may be written in hours or days, but are minutes.

        >>> Figure.read("8.5 h").unit_of(510.0), Figure.read("8.5 h").unit_of(8.5)
        ('min', 'h')
        """
        unit = self.after.removeprefix("%").strip()
        minutes = unit in TIMES and not math.isclose(number, self.value, rel_tol=0.02)
        return "min" if minutes else unit
