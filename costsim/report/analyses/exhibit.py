"""An analysis as it is shown: paragraphs, tables and pictures, whichever the medium.

The screen, the JSON, the report's page and the workbook are all made from this, so that they cannot
differ. It is kept as JSON in the folder of results, and read back from it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

SCHEMA = "costsim.analysis/1"


def plain(content: Any) -> Any:
    """A value as JSON can hold it: arrays as lists, and no number that is infinite or none.

    >>> plain({"payback": math.inf, "ends": (1.0, 2.5)})
    {'payback': None, 'ends': [1.0, 2.5]}
    """
    if isinstance(content, Mapping):
        return {str(name): plain(each) for name, each in content.items()}
    if hasattr(content, "tolist"):  # numpy's numbers and arrays
        return plain(content.tolist())
    if isinstance(content, list | tuple):
        return list(map(plain, content))
    if isinstance(content, float) and not math.isfinite(content):
        return None
    return content


@dataclass(frozen=True)
class Value:
    """A figure: the number itself, in its unit, and as people write it."""

    number: float
    shown: str


Cell: TypeAlias = str | Value


@dataclass(frozen=True)
class Column:
    """A column of a table: its name for programs, its title, and what its figures are.

    `kind` is `text`, `money`, `share`, `years`, `count` or `number`, which says how a workbook
    formats it; a column of figures in units of their own has `number`.
    """

    name: str
    title: str
    kind: str = "text"


@dataclass(frozen=True)
class Table:
    """A table: its name for programs, its caption, its columns, and rows with a cell for each.

    `note` is a paragraph that belongs between caption and rows. A table of one column is a list.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A figure as it was drawn: its text, its SVG, and the table of what it shows, in words."""

    name: str
    title: str
    subtitle: str
    source: str
    description: str
    svg: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Exhibit:
    """One analysis: `kind` is its command; `settings` what would repeat it, and what it was of.

    `warnings` must not be missed; `interrupted` if it is of fewer draws or inputs than asked for.
    """

    kind: str
    title: str
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    warnings: tuple[str, ...] = ()
    interrupted: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values; a number that is infinite or none is null, and `shown` says which."""
        return {
            "schema": SCHEMA,
            "kind": self.kind,
            "title": self.title,
            "interrupted": self.interrupted,
            "settings": plain(self.settings),
            "warnings": list(self.warnings),
            "paragraphs": list(self.paragraphs),
            "tables": [_table_json(table) for table in self.tables],
            "pictures": [plain(vars(picture)) for picture in self.pictures],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Exhibit:
        """What `as_json` made; `KeyError` or `TypeError` where it is something else."""
        return cls(
            kind=content["kind"],
            title=content["title"],
            paragraphs=tuple(content["paragraphs"]),
            tables=tuple(map(_table, content["tables"])),
            pictures=tuple(map(_picture, content["pictures"])),
            warnings=tuple(content["warnings"]),
            interrupted=content["interrupted"],
            settings=content["settings"],
        )


def _table_json(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "caption": table.caption,
        "note": table.note,
        "columns": [dict(vars(column)) for column in table.columns],
        "rows": [list(map(_cell_json, row)) for row in table.rows],
    }


def _cell_json(cell: Cell) -> Any:
    if isinstance(cell, str):
        return cell
    return {"number": plain(cell.number), "shown": cell.shown}


def _table(content: Mapping[str, Any]) -> Table:
    rows = tuple(tuple(map(_cell, row)) for row in content["rows"])
    columns = tuple(Column(**column) for column in content["columns"])
    return Table(content["name"], content["caption"], columns, rows, content.get("note", ""))


def _cell(content: Any) -> Cell:
    if isinstance(content, str):
        return content
    number = content["number"]
    return Value(math.nan if number is None else number, content["shown"])


def _picture(content: Mapping[str, Any]) -> Picture:
    header: Sequence[str] = content["header"]
    rows = tuple(map(tuple, content["rows"]))
    return Picture(**{**content, "header": tuple(header), "rows": rows})
