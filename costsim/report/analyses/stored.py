"""The analyses that stand in a folder of results, read back as they were shown.

A report is made from them without analysing again. What was changed by hand, or is of another
scenario than the run, is refused: the report would not say what was found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from costsim.errors import ResultsError
from costsim.report.analyses.exhibit import SCHEMA, Exhibit, Picture, Table, Value
from costsim.report.analyses.shelf import KEPT

KINDS = ("uncertainty", "sensitivity", "voi")
"""The analyses in the order of a report; each is also the command that makes it."""


def stored(folder: Path) -> tuple[Exhibit, ...]:
    """The analyses that a folder of results holds, uncertainty, sensitivity and voi in this order.

    Raises `ResultsError` for a file that is none, or that is of another scenario than the run.

    >>> stored(Path("no-such-folder"))
    ()
    """
    there = [kind for kind in KINDS if file_of(folder, kind).is_file()]
    return tuple(_read(folder, kind) for kind in there)


def file_of(folder: Path, kind: str) -> Path:
    """Where the analysis of a kind stands in a folder of results."""
    return folder / KEPT / f"{kind}.json"


def refusal(folder: Path, kind: str, reason: str) -> ResultsError:
    """Why an analysis cannot be shown, and what to do."""
    return ResultsError(
        f"{file_of(folder, kind)} {reason}. Make it again: costsim {kind} {folder}; or take the "
        "file away."
    )


def _read(folder: Path, kind: str) -> Exhibit:
    try:
        found = _exhibit(json.loads(file_of(folder, kind).read_text(encoding="utf-8")), kind)
        same = _hash(found.settings) == _hash(_summary(folder))
    except OSError as error:
        raise refusal(folder, kind, f"cannot be read: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise refusal(folder, kind, "is no analysis that this costsim can read") from error
    if not same:
        raise refusal(folder, kind, "is an analysis of another scenario than the run beside it")
    return found


def _summary(folder: Path) -> Any:
    return json.loads((folder / "summary.json").read_text(encoding="utf-8"))


def _hash(said: Any) -> str:
    """The hash of the scenario, which stands by itself or with its title and its file."""
    found = said.get("sha256") or said["scenario"]["sha256"]
    return _text(found)


def _text(said: Any) -> str:
    if not isinstance(said, str):
        raise TypeError(f"{said!r} is no text")
    return said


def _exhibit(content: Any, kind: str) -> Exhibit:
    """The analysis in a file, which may stand among other things."""
    content = content.get("exhibit", content)
    found = Exhibit.from_json(content)
    if content["schema"] != SCHEMA or found.kind != kind:
        raise ValueError("it is of another form or kind")
    lists = [content[name] for name in ("paragraphs", "warnings")]
    if not all(isinstance(each, list) for each in lists) or type(found.interrupted) is not bool:
        raise TypeError("its words are no list, or it does not say whether it is whole")
    for words in _words(found):
        _text(words)
    if not all(type(number) in {int, float} for number in _numbers(found)):
        raise TypeError("a figure is no number")
    return found


def _words(found: Exhibit) -> Iterator[Any]:
    """Everything that has to be text."""
    yield from (found.title, *found.paragraphs, *found.warnings)
    for table in found.tables:
        yield from _of_table(table)
    for picture in found.pictures:
        yield from _of_picture(picture)


def _of_table(table: Table) -> Iterator[Any]:
    yield from (table.name, table.caption, table.note)
    for column in table.columns:
        yield from (column.name, column.title, column.kind)
    for row in table.rows:
        for _, cell in zip(table.columns, row, strict=True):
            yield cell if isinstance(cell, str) else cell.shown


def _of_picture(picture: Picture) -> Iterator[Any]:
    yield from (each for name, each in vars(picture).items() if name not in {"header", "rows"})
    yield from picture.header
    for row in picture.rows:
        yield from (cell for _, cell in zip(picture.header, row, strict=True))


def _numbers(found: Exhibit) -> Iterator[float]:
    """Everything that has to be a number."""
    for table in found.tables:
        for row in table.rows:
            yield from (cell.number for cell in row if isinstance(cell, Value))
