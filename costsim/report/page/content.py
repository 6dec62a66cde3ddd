"""What a report's page is made of: sections, and in them texts, lists, tables, pictures.

Sections say what is shown and in which order; how it looks is the template's matter. Nothing here
is escaped or safe by itself: every text is made so where it is put into the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias


@dataclass(frozen=True)
class Cell:
    """A figure as it is shown, with its interval, or an empty cell that a person fills in."""

    value: str
    interval: str = ""
    blank: bool = False


@dataclass(frozen=True)
class Text:
    """A paragraph; `style` is `lead` for an answer, `small` for what only explains."""

    words: str
    style: str = ""
    kind: ClassVar[str] = "text"


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    words: str
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Listing:
    """A list of short texts."""

    items: Sequence[str]
    kind: ClassVar[str] = "list"


@dataclass(frozen=True)
class Code:
    """Something to be typed as it stands."""

    words: str
    kind: ClassVar[str] = "code"


@dataclass(frozen=True)
class Notice:
    """What a reader must not miss; `grave` where the figures must not be relied on."""

    title: str
    items: Sequence[str]
    grave: bool = False
    kind: ClassVar[str] = "notice"


@dataclass(frozen=True)
class Table:
    """A table with its caption; the first cell of each row names the row.

    `words` are the numbers of the columns (from 0) that hold words; all others hold figures. The
    first column always holds words.
    """

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str | Cell]]
    words: frozenset[int] = frozenset()
    kind: ClassVar[str] = "table"

    def figures(self, column: int) -> bool:
        """Whether a column holds figures."""
        return column > 0 and column not in self.words


@dataclass(frozen=True)
class Details:
    """A block that opens when it is asked for."""

    summary: str
    block: Table
    kind: ClassVar[str] = "details"


@dataclass(frozen=True)
class Picture:
    """A figure: its drawing (SVG), what it shows in words, and the numbers behind it."""

    name: str
    title: str
    subtitle: str
    source: str
    drawing: str
    table: Table
    kind: ClassVar[str] = "picture"


@dataclass(frozen=True)
class Field:
    """One number that the what-if panel lets a reader change.

    `text` is the run's value as it stands in the field, `value` the number itself in the unit of
    the arithmetic; `low` and `high` are the ends of what is allowed, in that unit too.
    """

    key: str
    label: str
    name: str
    form: str
    text: str
    value: float
    low: float
    high: float
    hint: str = ""


@dataclass(frozen=True)
class Group:
    """Fields that belong together."""

    title: str
    fields: Sequence[Field]


@dataclass(frozen=True)
class Panel:
    """The what-if panel: its fields, the run's figures, and the numbers that it reckons with."""

    groups: Sequence[Group]
    figures: Sequence[tuple[str, str, str]]
    columns: Sequence[tuple[str, str]]
    numbers: dict[str, object] = field(repr=False)
    cautions: Sequence[str] = ()
    kind: ClassVar[str] = "panel"


Block: TypeAlias = Text | Heading | Listing | Code | Notice | Table | Details | Picture | Panel


@dataclass(frozen=True)
class Section:
    """A part of the page with a heading; `key` is its address within the page."""

    key: str
    title: str
    blocks: Sequence[Block]
