"""Problems of a scenario, as the analyst reads them: place, rule, the line, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from costsim.errors import Problem

MOST = 20


def lines(problems: Sequence[Problem]) -> Iterator[str]:
    """Every line to print, in the order of the file; at most 20 problems in full."""
    for problem in problems[:MOST]:
        yield from _lines_of(problem)
    if len(problems) > MOST:
        yield f"... and {len(problems) - MOST} more."
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    yield f"{count} found. Nothing was run and no files were changed."


def _lines_of(problem: Problem) -> Iterator[str]:
    where = f"{problem.place}: " if problem.place else ""
    path = f"{problem.path}: " if problem.path else ""
    yield f"{where}{problem.code} {path}{problem.message}"
    if problem.place and problem.source_line.strip():
        number = f"{problem.place.line:5d}"
        yield f"{number} | {problem.source_line.rstrip()}"
        yield f"{' ' * len(number)} | {' ' * (problem.place.column - 1)}^"
    if problem.hint:
        yield f"      {problem.hint}"
    yield ""


def as_json(problems: Sequence[Problem]) -> list[dict[str, object]]:
    """Problems as plain values, for programs."""
    return [
        {
            "file": p.place.file if p.place else None,
            "line": p.place.line if p.place else None,
            "column": p.place.column if p.place else None,
            "code": p.code,
            "path": p.path,
            "message": p.message,
            "hint": p.hint,
        }
        for p in problems
    ]
