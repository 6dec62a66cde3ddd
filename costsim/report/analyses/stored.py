"""The analyses that stand in a folder of results, read back as they were shown.

A report is made from them without analysing again. What is no analysis, or one of another
scenario than the run, is refused: the report would not say what was found.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from costsim.errors import ResultsError
from costsim.report.analyses.exhibit import Exhibit, Picture, Table
from costsim.report.analyses.shelf import KEPT

if TYPE_CHECKING:
    from pydantic import TypeAdapter

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
        found = _exhibit(_json(file_of(folder, kind)), kind)
        same = _hash(found.settings) == _hash(_json(folder / "summary.json"))
    except OSError as error:
        raise refusal(folder, kind, f"cannot be read: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise refusal(folder, kind, "is no analysis that this costsim can read") from error
    if not same:
        raise refusal(folder, kind, "is an analysis of another scenario than the run beside it")
    return found


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _hash(said: Mapping[str, Any]) -> Any:
    """The hash of the scenario, which stands by itself or with its title and its file."""
    return said.get("sha256") or said["scenario"]["sha256"]


def _exhibit(content: Any, kind: str) -> Exhibit:
    """The analysis in a file, which may stand among other things.

    It has to be what is written of it again, so that nothing of it is lost or turned in silence.
    """
    content = content.get("exhibit", content)
    found = Exhibit.from_json(content)
    _form().validate_json(json.dumps(asdict(found)), strict=True)
    if {**content, **found.as_json()} != content or found.kind != kind:
        raise ValueError("it is of another form or kind")
    parts: tuple[Table | Picture, ...] = (*found.tables, *found.pictures)
    for each in parts:
        _even(each)
    return found


def _even(table: Table | Picture) -> None:
    """Raise ValueError for a row that is longer or shorter than the header."""
    wide = len(table.header if isinstance(table, Picture) else table.columns)
    if any(len(row) != wide for row in table.rows):
        raise ValueError("a row is longer or shorter than its header")


@cache
def _form() -> TypeAdapter[Exhibit]:
    """What checks that texts are texts and figures are figures."""
    from pydantic import TypeAdapter

    return TypeAdapter(Exhibit)


def drawn_before(folder: Path | None) -> int | None:
    """How many draws a probabilistic analysis in a results folder has, so that others have as many.

    None where there is none.
    """
    there = stored(folder) if folder else ()
    return next((each.settings.get("draws") for each in there if each.kind == "uncertainty"), None)
