"""The table of what was measured: one line for each figure, on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.timing import Spread

HEADER = f"{'what':58s}{'median':>10s}{'least':>10s}{'greatest':>10s}  {'unit':14s}n  target"


@dataclass(frozen=True)
class Row:
    """One figure: of what, in which unit, and what it should be; no spread if it has none here."""

    what: str
    unit: str
    spread: Spread | None
    target: str = ""
    note: str = ""

    def lines(self) -> Iterator[str]:
        """The figure as it is printed."""
        if self.spread is None:
            yield f"{self.what:58s}{self.note:>10s}"
            return
        each = self.spread
        figures = "".join(_figure(v) for v in (each.median, each.least, each.greatest))
        yield f"{self.what:58s}{figures}  {self.unit:14s}{each.repeats}  {self.target}".rstrip()
        if self.note:
            yield f"    {self.note}"

    def as_json(self) -> dict[str, Any]:
        """The figure as plain values; null where there is none."""
        return {
            "what": self.what,
            "unit": self.unit,
            **(vars(self.spread) if self.spread else dict.fromkeys(Spread.__annotations__)),
            "target": self.target,
            "note": self.note,
        }


def _figure(value: float) -> str:
    """Three digits that matter, in ten columns.

    >>> _figure(1234567.0), _figure(0.01234)
    (' 1,234,567', '    0.0123')
    """
    return f"{value:10,.0f}" if value >= 100 else f"{value:10.3g}"
