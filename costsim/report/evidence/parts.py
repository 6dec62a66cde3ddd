"""What the evidence part of a report is made of: lines of the log, of checklists and of the page.

Texts are as the scenario has them, not escaped; a line break begins a new paragraph.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Assumption:
    """One input of the scenario: empty text where nothing is said.

    `range` is the 10 % to 90 % range of what the number might be, with its distribution; `year` the
    year that the source tells of; `grade` that of the evidence, 1 to 6; `place` the file and line;
    `used` whether any other value of it would change a result.
    """

    name: str
    value: str
    range: str
    source: str
    year: str
    grade: str
    note: str
    place: str
    used: bool


@dataclass(frozen=True)
class ChecklistItem:
    """One item of a checklist: what scenario and run say, and what a person must still write."""

    number: str
    name: str
    filled: str | None
    to_write: str | None


@dataclass(frozen=True)
class Checklist:
    """A reporting checklist, filled as far as the scenario and the run go."""

    title: str
    source: str
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True)
class Fact:
    """One line of the page on quality assurance; no value where a person must write."""

    name: str
    value: str | None


def paragraphs(*lines: str) -> str:
    r"""The lines that say anything, one below the other.

    >>> paragraphs("One.", "", "Two.")
    'One.\nTwo.'
    """
    return "\n".join(line for line in lines if line)


def listed(words: Iterable[str], most: int | None = None) -> str:
    """Words as a list within a sentence, the last ones counted where there are too many.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c"], most=2)
    ('a, b and c', 'a, b and 1 more')
    """
    every = list(words)
    if most is not None and len(every) > most:
        every = [*every[:most], f"{len(every) - most:,} more"]
    return " and ".join([*([", ".join(every[:-1])] if every[1:] else []), *every[-1:]])
