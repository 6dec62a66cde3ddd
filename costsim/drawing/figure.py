"""One figure of a report: what it shows in a sentence, in a drawing, in words and in a table.

The drawing alone is for a page that says title, subtitle and source beside it as text; captioned,
or as a PNG, it carries them itself and can stand anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from costsim.drawing.canvas import Caption, Sheet, png, svg
from costsim.drawing.markup import Alternative


@dataclass(frozen=True)
class Figure:
    """A drawing with its text alternative and the table of what it shows.

    `name` is a file stem and begins every id of the SVG; `title` states the finding, `subtitle`
    measure, unit, price year and sites, `source` is one line, `description` tells a reader who
    cannot see it what it shows. `header` and `rows` are the table, in words. `draw` draws it.
    """

    name: str
    title: str
    subtitle: str
    source: str
    description: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    draw: Callable[[Sheet], None] = field(repr=False, compare=False)

    def svg(self, captioned: bool = False) -> str:
        """An `<svg>` element to stand in a page; with title, subtitle and source drawn if asked."""
        alternative = Alternative(self.name, self.title, self.description)
        return svg(self.draw, alternative, self._caption() if captioned else None)

    def png(self) -> bytes:
        """The captioned drawing at 200 dots an inch."""
        return png(self.draw, self._caption())

    def _caption(self) -> Caption:
        return Caption(self.title, self.subtitle, self.source)
