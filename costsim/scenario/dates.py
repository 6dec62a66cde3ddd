"""Files of dated referrals: a CSV with a line for each, its date, and attributes if it has them."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

from costsim import units
from costsim.scenario.beside import found_beside
from costsim.scenario.model import nearest
from costsim.scenario.origin import DatedReferral

LINE = "\0line"  # no column of a file can have this name
Levels = Mapping[str, Collection[str]]


def read_dates(folder: Path, file: str, levels: Levels) -> tuple[DatedReferral, ...]:
    """Referrals from a CSV file with a `date` column, and columns for attributes if it has them.

    `levels` are the known values of each attribute. Raises `ValueError` naming the line.
    """
    rows = _rows(found_beside(folder, file), file)
    if not rows or "date" not in rows[0]:
        raise ValueError(
            f"{file} has no line, or no column named date|Its first line names columns"
        )
    for column in rows[0].keys() - {"date", LINE} - levels.keys():
        _refuse_misspelt(column, file, levels)
    return tuple(_dated_row(row, f"{file} line {row[LINE]}", levels) for row in rows)


def _refuse_misspelt(column: str, file: str, levels: Levels) -> None:
    """Other columns are nobody's business, but one that almost names an attribute is a mistake."""
    hint = nearest(column, levels)
    if hint.startswith("Did you mean"):
        raise ValueError(f"{file}: the column {column!r} is not an attribute of referrals|{hint}")


def refuse_early(referrals: Sequence[DatedReferral], file: str, start: date) -> None:
    """Raise `ValueError` if some were referred before the simulated time begins."""
    early = [each for each in referrals if each.day < start]
    if early:
        are = "is" if len(early) == 1 else "are"
        rule = f"{len(early)} of {len(referrals)} dates in {file} {are} before calendar.start"
        raise ValueError(f"{rule}, {start}|Take them out, or begin the calendar on or before them")


def _rows(target: Path, file: str) -> list[dict[str, str]]:
    try:
        with target.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            return [{**row, LINE: str(reader.line_num)} for row in reader]
    except UnicodeDecodeError as error:
        raise ValueError(f"{file} is not saved as UTF-8|Save it as CSV UTF-8") from error


def _dated_row(row: dict[str, str], where: str, levels: Levels) -> DatedReferral:
    try:
        day = units.day(row["date"])
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
    given = tuple((key, row[key]) for key in sorted(levels) if row.get(key))
    for key, value in given:
        _refuse_unknown(value, where, key, levels[key])
    return DatedReferral(day, given)


def _refuse_unknown(value: str, where: str, attribute: str, known: Collection[str]) -> None:
    if value not in known:
        rule = f"{where}: {value!r} is not a value of {attribute}"
        raise ValueError(f"{rule}|{nearest(value, known)}")
