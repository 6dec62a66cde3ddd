"""Markdown for the reference pages: tables, code and docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A Markdown table with empty lines around it."""
    names = list(head)
    yield ""
    yield _row(names)
    yield _row("---" for _ in names)
    for row in rows:
        yield _row(cell.replace("|", "\\|").replace("\n", " ") for cell in row)
    yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def code(name: object) -> str:
    """A name in the type of code."""
    return f"`{name}`"


def paragraphs(text: str | None) -> str:
    """A docstring without its indent."""
    return inspect.cleandoc(text or "").replace("\n\n\n", "\n\n")
