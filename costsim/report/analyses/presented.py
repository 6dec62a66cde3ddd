"""An analysis that is done: what is shown of it, on the screen and to programs, and its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from costsim.report.analyses.exhibit import SCHEMA, Exhibit, plain
from costsim.report.analyses.pictures import Plots, distinct, picture
from costsim.report.analyses.shelf import FIGURES, Shelf
from costsim.report.analyses.shown import Below, show
from costsim.report.screen import Screen
from costsim.results.summary import json_text


@dataclass(frozen=True)
class Presented:
    """An analysis with all that is made of it.

    `also` are plain values for programs, which stand in the JSON beside those of the exhibit, or in
    place of those of the same name. `plots` draw its figures, `files` are further files, and
    `below` is what the screen alone shows. `passed` is whether nothing failed.
    """

    exhibit: Exhibit
    passed: bool = True
    also: Mapping[str, Any] = field(default_factory=dict)
    plots: Plots = ()
    files: Iterable[tuple[str, bytes]] = ()
    below: Below | None = None

    def show(self, screen: Screen) -> None:
        """Print it."""
        show(screen, self.exhibit, self.below)

    def as_json(self) -> dict[str, Any]:
        """All of it as plain values."""
        return {**self.exhibit.as_json(), **plain(self.also)}

    def drawn(self) -> Presented:
        """The same with its figures, in the exhibit and as files that can stand alone.

        One that was interrupted has none: a picture goes without the warning that it is of a part.
        """
        if self.exhibit.interrupted:
            return self
        figures = list(distinct(plot() for plot in self.plots))
        alone = ((f"{FIGURES}/{each.name}.svg", each.svg(captioned=True)) for each in figures)
        return replace(
            self,
            exhibit=replace(self.exhibit, pictures=tuple(map(picture, figures))),
            files=[*self.files, *((name, text.encode()) for name, text in alone)],
        )

    def contents(self, shelf: Shelf) -> dict[str, bytes]:
        """Its files by their names; in a folder of results its JSON is for reports to read."""
        read_back = {"schema": SCHEMA} if shelf.results else {}
        text = json_text(self.as_json() | read_back)
        return {f"{self.exhibit.kind}.json": text.encode(), **dict(self.files)}
