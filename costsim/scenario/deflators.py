"""What a pound of one year is worth in the prices of another, by the GDP deflator.

The table that comes with costsim is HM Treasury's, with the date of its release in every line. A
scenario may bring a table of its own: a CSV file with the columns `year`, `index` and `source`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from costsim import units
from costsim.scenario.model import nearest

SHIPPED = Path(__file__).with_name("gdp_deflators.csv")
COLUMNS = ("year", "index", "source")
LOWEST, HIGHEST = 0.01, 1_000_000.0


@dataclass(frozen=True)
class Deflators:
    """Price indices by year, on any base, and where they come from."""

    index: dict[str, float]
    source: str

    def factor(self, year: str, base: str) -> float:
        """What £1 in the prices of `year` is in those of `base`.

        Raises `ValueError` naming the year for which there is no deflator.

        >>> round(shipped().factor("2016-17", "2024-25"), 4)
        1.3143
        """
        for each in (year, base):
            if each not in self.index:
                known = f"{min(self.index)} to {max(self.index)}"
                rule = f"there is no deflator for {each}: {self.source} covers {known}"
                hint = "Give one that does: prices: {deflators: FILE.csv}, with year, index, source"
                raise ValueError(f"{rule}|{hint}")
        return 1.0 if year == base else self.index[base] / self.index[year]


def parsed(text: str, name: str) -> Deflators:
    """The deflators in the text of a CSV file.

    Raises `ValueError` naming the line where it is not a year with an index above zero.
    """
    reader = csv.DictReader(text.splitlines())
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if twice := [c for c in COLUMNS if list(reader.fieldnames or ()).count(c) > 1]:
        raise ValueError(f"{name} has two columns {twice[0]!r}|Take one of them out")
    if missing:
        hint = nearest(missing[0], reader.fieldnames or ())
        raise ValueError(f"{name} has no column {missing[0]!r}|{hint}")
    try:
        rows = list(_rows(reader, name))
    except csv.Error as error:
        raise ValueError(f"{name} line {reader.line_num}: {error}|Save it as CSV UTF-8") from error
    if not rows:
        raise ValueError(f"{name} has no line|Write a line for each year")
    years = [year for year, _, _ in rows]
    if twice := sorted({year for year in years if years.count(year) > 1}):
        raise ValueError(f"{name} gives {twice[0]} twice|Take one of the lines out")
    sources = sorted({source for _, _, source in rows if source})
    return Deflators({year: index for year, index, _ in rows}, "; ".join(sources) or name)


def _rows(reader: csv.DictReader[str], name: str) -> Iterator[tuple[str, float, str]]:
    for row in reader:
        try:
            year, index = units.price_year(row["year"]), units.number(row["index"])
        except ValueError as error:
            raise ValueError(f"{name} line {reader.line_num}: {error}") from error
        if not LOWEST <= index <= HIGHEST:
            raise ValueError(
                f"{name} line {reader.line_num}: an index of {index:g} is impossible"
                f"|Write a number from {LOWEST:g} to {HIGHEST:,.0f}"
            )
        yield year, index, (row["source"] or "").strip()


@cache
def shipped() -> Deflators:
    """The table that comes with costsim."""
    return parsed(SHIPPED.read_text(encoding="utf-8"), SHIPPED.name)
