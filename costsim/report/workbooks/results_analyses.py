"""Sheets of what was analysed after the run: one for each table of each analysis.

A column of figures in units of their own says each figure in its unit by the format of its cell; a
unit that is too long for that, and words such as `at least`, stand in a column beside it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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
GAPS = {"never": Gap.NEVER, "none": Gap.NOT_DEFINED}
LONGEST_NAME, LONGEST_LINE, LONGEST_UNIT = 28, 700, 4
MOST_DECIMALS = 6
PART = "INTERRUPTED: this analysis is of a part only. Do not rely on its figures."
TIMES = ("h", "day", "days")
_FIGURE = re.compile(r"([^-\d£]*)(-?)(£?)([\d,]*\.?\d+)(%?)([^\d]*)")
_SENTENCES = re.compile(r"(?<=[.;])\s+")


def analyses(findings: Findings) -> Iterator[Sheet]:
    """A sheet for each table of each analysis in the folder; none where nothing was analysed."""
    found = stored(findings.folder)
    parts = [(each, table) for each in found for table in each.tables]
    names = _distinct(_name(each.kind, table.name) for each, table in parts)
    for (each, table), name in zip(parts, names, strict=True):
        yield _sheet(each, table, name)


def _name(kind: str, table: str) -> str:
    """The name of a sheet: short, of letters and digits."""
    words = re.sub(r"[^A-Za-z0-9]+", " ", f"{LABELS[kind]} {table}")
    return words[:LONGEST_NAME].strip()


def _distinct(names: Iterable[str]) -> Iterator[str]:
    """Names that differ: one that comes again is numbered.

    >>> list(_distinct(["S1", "95% interval", "ST", "95% Interval"]))
    ['S1', '95% interval', 'ST', '95% Interval 2']
    """
    seen = Counter[str]()
    for name in names:
        seen[name.lower()] += 1
        again = seen[name.lower()]
        yield f"{name} {again}" if again > 1 else name


def _sheet(found: Exhibit, table: Table, name: str) -> Sheet:
    columns = [part for n, column in enumerate(table.columns) for part in _parts(column, table, n)]
    headers = _distinct(header for header, _ in columns)
    return Sheet(
        name=name,
        title=table.caption,
        about=f"{table.caption[:1].lower()}{table.caption[1:]}",
        columns=tuple(map(Column, headers)),
        rows=[*zip(*(cells for _, cells in columns), strict=True)],
        says=[line for words in _said(found, table) for line in _lines(words)],
    )


def _said(found: Exhibit, table: Table) -> Iterator[str]:
    """What must not be missed, what the analysis found, and what belongs to the table."""
    yield from [PART] * found.interrupted
    yield from map("Mind: {}".format, found.warnings)
    yield found.title
    if table is found.tables[0]:
        yield from found.paragraphs
    yield table.note


def _lines(words: str) -> Iterator[str]:
    """Words in lines that a row has room for, broken after sentences; none of no words."""
    line = ""
    for sentence in _SENTENCES.split(words):
        if line and len(line) + len(sentence) > LONGEST_LINE:
            yield line
            line = ""
        line = f"{line} {sentence}".strip()
    yield from [line] * bool(line)


def _parts(column: Titled, table: Table, number: int) -> Iterator[tuple[str, Sequence[Cell]]]:
    """A column with its cells, and one beside it for words that they cannot hold, if any."""
    entries = [Entry.of(row[number], FORMS.get(column.kind)) for row in table.rows]
    yield column.title, [entry.cell for entry in entries]
    if any(entry.words for entry in entries):
        yield f"{column.title}, in words", [entry.words or Gap.NOT_APPLICABLE for entry in entries]


@dataclass(frozen=True)
class Entry:
    """What stands in a cell, and words that its format cannot hold."""

    cell: Cell
    words: str = ""

    @classmethod
    def of(cls, cell: Shown, form: str | None) -> Entry:
        """How a cell of an analysis is entered: in the format of its kind, or in one of its own."""
        if isinstance(cell, str):
            return cls(_from_text(cell))
        if not math.isfinite(cell.number):
            gap = GAPS.get(cell.shown, Gap.NOT_APPLICABLE)
            return cls(gap, "" if cell.shown in GAPS else cell.shown)
        return cls(Number(cell.number, form)) if form else cls._in_its_unit(cell)

    @classmethod
    def _in_its_unit(cls, value: Value) -> Entry:
        figure = Figure.read(value.shown) or BARE
        unit = figure.unit_of(value.number)
        if len(unit) <= LONGEST_UNIT:
            return cls(Number(value.number, figure.form(value.number, unit)), figure.before)
        words = f"{figure.before} {unit}".strip()
        return cls(Number(value.number, figure.form(value.number)), words)


def _from_text(words: str) -> Cell:
    """Words as they are; a number where they are nothing but one."""
    figure = Figure.read(words)
    if figure and not (figure.before or figure.unit):
        return Number(figure.value, figure.form(figure.value))
    return words or Gap.NOT_APPLICABLE


@dataclass(frozen=True)
class Figure:
    """A figure as people write it: words before it, its value and decimals, signs, and its unit."""

    before: str
    value: float
    decimals: int
    sign: str
    unit: str

    @classmethod
    def read(cls, shown: str) -> Figure | None:
        """What stands in some text; None where it holds no figure, or more than one.

        >>> Figure.read("at least £14.70").value, Figure.read("80%").value, Figure.read("1 to 2")
        (14.7, 0.8, None)
        """
        found = _FIGURE.fullmatch(shown)
        if found is None:
            return None
        before, minus, pound, digits, share, unit = found.groups()
        value = float(minus + digits.replace(",", "")) / (100 if share else 1)
        decimals = len(digits.partition(".")[2])
        return cls(before.strip(), value, decimals, pound or share, unit.strip())

    def unit_of(self, number: float) -> str:
        """The unit of the number behind it: times may be written in hours or days, but are minutes.

        >>> Figure.read("8.5 h").unit_of(510.0), Figure.read("8.5 h").unit_of(8.5)
        ('min', 'h')
        """
        same = math.isclose(number, self.value, rel_tol=0.02)
        return "min" if self.unit in TIMES and not same else self.unit

    def form(self, number: float, unit: str = "") -> str:
        """The format of the cell of a number: money, a share, or with the decimals that it needs.

        >>> Figure.read("8.5 h").form(510.0, "min")
        '#,##0 "min"'
        """
        decimals = 0 if float(number).is_integer() else min(max(2, self.decimals), MOST_DECIMALS)
        plain = f"{WHOLE}.{'0' * decimals}".removesuffix(".")
        form = {"£": MONEY, "%": SHARE}.get(self.sign, plain)
        return f'{form} "{unit}"' if unit else form


BARE = Figure("", 0.0, 0, "", "")
