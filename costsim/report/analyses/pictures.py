"""Figures of an analysis as they are kept: drawn once, each under a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from costsim.drawing.figure import Figure
from costsim.report.analyses.exhibit import Picture

Plots = Iterable[Callable[[], Figure]]


def distinct(figures: Iterable[Figure]) -> Iterator[Figure]:
    """Figures whose names differ: those that come again are numbered from 2."""
    seen = Counter[str]()
    for figure in figures:
        seen[figure.name] += 1
        again = seen[figure.name] > 1
        yield replace(figure, name=f"{figure.name}-{seen[figure.name]}") if again else figure


def picture(figure: Figure) -> Picture:
    """A figure as a page shows it, which says its title, subtitle and source beside it."""
    return Picture(
        name=figure.name,
        title=figure.title,
        subtitle=figure.subtitle,
        source=figure.source,
        description=figure.description,
        svg=figure.svg(),
        header=figure.header,
        rows=figure.rows,
    )
