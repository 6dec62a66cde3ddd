"""What an analysis finds of each factor, with its 95 % interval, as rows and as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from costsim.uncertainty.indices.arrays import Array

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Measure:
    """One figure of every factor, such as S1, and half of its 95 % interval where it has one.

    >>> Measure("S1", (0.5, 0.2), (0.1, 0.1)).low
    (0.4, 0.1)
    """

    code: str
    values: tuple[float, ...]
    half_widths: tuple[float, ...] | None = None

    @classmethod
    def of(cls, code: str, values: Array, half_widths: Array | None = None) -> Measure:
        """One of arrays."""
        halves = None if half_widths is None else tuple(half_widths.tolist())
        return cls(code, tuple(values.tolist()), halves)

    @property
    def low(self) -> tuple[float, ...] | None:
        """Lower ends of the intervals."""
        return self._ends(-1)

    @property
    def high(self) -> tuple[float, ...] | None:
        """Upper ends of the intervals."""
        return self._ends(1)

    def _ends(self, sign: int) -> tuple[float, ...] | None:
        if self.half_widths is None:
            return None
        pairs = zip(self.values, self.half_widths, strict=True)
        return tuple(value + sign * half for value, half in pairs)

    def columns(self) -> dict[str, Sequence[float]]:
        """Its columns of a table: the figure, and the ends of its interval."""
        found: dict[str, Sequence[float]] = {self.code: self.values}
        ends = {f"{self.code}_low": self.low, f"{self.code}_high": self.high}
        return found | {name: end for name, end in ends.items() if end}

    def between(self, place: int, show: Callable[[float], str]) -> str:
        """One factor's interval in words; nothing where there is none."""
        if not (self.low and self.high):
            return ""
        return f"95% interval {show(self.low[place])} to {show(self.high[place])}"

    def order(self) -> list[int]:
        """The factors' places, largest figure first."""
        return sorted(range(len(self.values)), key=lambda place: -self.values[place])


def frame(columns: dict[str, Any]) -> DataFrame:
    """A table of named columns."""
    import pandas as pd

    return pd.DataFrame(columns)
