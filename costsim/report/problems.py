"""Problems of a scenario, as the analyst reads them: place, rule, the line, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from costsim.errors import Problem

MOST = 20
SCHEMA = "costsim.problems/1"


def lines(problems: Sequence[Problem]) -> Iterator[str]:
    """Every line to print, in the order of the file; at most 20 problems in full."""
    for problem in problems[:MOST]:
        yield from _lines_of(problem)
    if len(problems) > MOST:
        yield f"... and {len(problems) - MOST} more."
    plural = "s" * (len(problems) != 1)
    yield f"{len(problems)} problem{plural} found. Nothing was run and no files were changed."


def _lines_of(problem: Problem) -> Iterator[str]:
    where = f"{problem.place}: " if problem.place else ""
    path = f"{problem.path}: " if problem.path else ""
    yield f"{where}{problem.code} {path}{problem.message}"
    yield from _as_written(problem)
    if problem.hint:
        yield f"      {problem.hint}"
    yield ""


def _as_written(problem: Problem) -> Iterator[str]:
    """The line in the file, and a mark under the place."""
    if problem.place and problem.source_line.strip():
        number = f"{problem.place.line:5d}"
        yield f"{number} | {problem.source_line.rstrip()}"
        yield f"{' ' * len(number)} | {' ' * (problem.place.column - 1)}^"


def as_json(problems: Sequence[Problem]) -> dict[str, object]:
    """Problems as plain values, for programs."""
    return {"schema": SCHEMA, "problems": [asdict(problem) for problem in problems]}
