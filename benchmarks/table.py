"""The table of what was measured: one line for each figure, on the screen and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.timing import Spread

HEADER = f"{'what':58s}{'median':>10s}{'least':>10s}{'greatest':>10s}  {'unit':14s}n  target"


@dataclass(frozen=True)
class Target:
    """A bound that a median should keep: from below or from above."""

    least: float | None = None
    most: float | None = None

    def is_met_by(self, value: float) -> bool:
        """Whether a figure keeps it.

        >>> Target(least=1.7).is_met_by(1.8), Target(most=3).is_met_by(3.1)
        (True, False)
        """
        low = -math.inf if self.least is None else self.least
        high = math.inf if self.most is None else self.most
        return low <= value <= high

    def __str__(self) -> str:
        return f"at most {self.most:.3g}" if self.least is None else f"at least {self.least:.3g}"


@dataclass(frozen=True)
class Row:
    """One figure: of what, in which unit, and what it should be; no spread if it has none here."""

    what: str
    unit: str
    spread: Spread | None
    target: Target | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the median is as it should be; None where nothing says how it should be."""
        if self.target is None or self.spread is None:
            return None
        return self.target.is_met_by(self.spread.median)

    def lines(self) -> Iterator[str]:
        """The figure as it is printed."""
        if self.spread is None:
            yield f"{self.what:58s}{self.note:>10s}"
            return
        each = self.spread
        figures = "".join(_figure(v) for v in (each.median, each.least, each.greatest))
        yield f"{self.what:58s}{figures}  {self.unit:14s}{each.repeats}  {self.verdict}".rstrip()
        if self.note:
            yield f"    {self.note}"

    @property
    def verdict(self) -> str:
        """The target, and whether it is met."""
        return "" if self.met is None else f"{self.target}: {'met' if self.met else 'MISSED'}"

    def as_json(self) -> dict[str, Any]:
        """The figure as plain values; null where there is none."""
        return {
            "what": self.what,
            "unit": self.unit,
            **(vars(self.spread) if self.spread else dict.fromkeys(Spread.__annotations__)),
            "target": str(self.target) if self.target else None,
            "met": self.met,
            "note": self.note,
        }


def _figure(value: float) -> str:
    """Three digits that matter, in ten columns.

    >>> _figure(1234567.0), _figure(0.01234)
    (' 1,234,567', '    0.0123')
    """
    return f"{value:10,.0f}" if value >= 100 else f"{value:10.3g}"
