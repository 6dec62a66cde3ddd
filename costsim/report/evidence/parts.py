"""What the evidence part of a report is made of: lines of the log, of checklists and of the page.

Texts are as the scenario has them, not escaped; a line break begins a new paragraph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from costsim.words import listed, plain_name

K = TypeVar("K", bound=str)
T = TypeVar("T")


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


def each_with(figures: Mapping[K, T], show: Callable[[T], str], form: str = "{} {}") -> list[str]:
    """Names in words, each with its figure.

    >>> each_with({"co_design": 0.5, "test": 0.25}, "{:.0%}".format)
    ['co design 50%', 'test 25%']
    """
    return [form.format(plain_name(name), show(figure)) for name, figure in figures.items()]


def named(names: Iterable[str]) -> str:
    """Names in words, as a list within a sentence.

    >>> named(["no_further_action", "closed"])
    'no further action and closed'
    """
    return listed(map(plain_name, names))


def holding(*told: tuple[object, str]) -> list[str]:
    """The texts whose conditions hold.

    >>> holding((2 > 1, "more"), (None, "nothing"))
    ['more']
    """
    return [text for holds, text in told if holds]


def first(*told: tuple[object, str]) -> str:
    """The text of the first condition that holds; empty where none does.

    >>> first((2 < 1, "fewer"), (True, "more"), (True, "whatever else"))
    'more'
    """
    return next(iter(holding(*told)), "")


def given(form: str, value: object) -> str:
    """A form with a value in it; empty where there is no value.

    >>> given(" ({})", "by phone"), given(" ({})", None)
    (' (by phone)', '')
    """
    return form.format(value) if value else ""
