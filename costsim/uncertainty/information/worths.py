"""What single inputs and groups of them are worth knowing, as it was found in two ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from costsim.drawing.figure import Figure
from costsim.drawing.text import sentence
from costsim.uncertainty.information.charts import MOST_BARS, PER_DECISION, Bar, bars_drawn
from costsim.uncertainty.information.evpi import PerfectInformation
from costsim.words import listed, money, percentage

if TYPE_CHECKING:
    import pandas as pd

Method = Literal["spline", "bins", "polynomial", "kernel"]
METHODS: tuple[Method, ...] = ("spline", "bins", "polynomial", "kernel")


@dataclass(frozen=True)
class Worth:
    """A value in pounds of one decision, its standard error, and the method that found it."""

    value: float
    standard_error: float
    method: Method

    def agrees(self, other: Worth, perfect: float) -> bool:
        """Whether they differ by less than two standard errors, or 2 % of the EVPI."""
        error = float(np.hypot(self.standard_error, other.standard_error))
        return abs(self.value - other.value) <= max(2 * error, 0.02 * perfect)


@dataclass(frozen=True)
class FactorWorth:
    """What it is worth to know one factor: an input or a group of `inputs`, in pounds.

    `first` and `second` are what two methods found; `value` is the first's, held between the value
    of any input within it and that of knowing everything. `note` says so if that changed it.
    """

    name: str
    inputs: tuple[str, ...]
    value: float
    first: Worth
    second: Worth
    agree: bool
    note: str = ""

    @property
    def standard_error(self) -> float:
        """That of the first method, in pounds."""
        return self.first.standard_error

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval, not below 0."""
        half = 1.96 * self.standard_error
        return max(self.value - half, 0.0), self.value + half

    @property
    def cells(self) -> tuple[str, ...]:
        """Its row in a table."""
        amounts = (self.value, self.standard_error, self.second.value)
        return (self.name, *map(money, amounts), "yes" if self.agree else "no")


@dataclass(frozen=True)
class PartialInformation:
    """What it is worth to know each of some factors, the most valuable first."""

    factors: tuple[FactorWorth, ...]
    perfect: PerfectInformation

    def __getitem__(self, name: str) -> FactorWorth:
        """A factor by its name."""
        return next(each for each in self.factors if each.name == name)

    def to_frame(self) -> pd.DataFrame:
        """A row for each factor: its EVPPI, by both methods, with standard errors in pounds."""
        import pandas as pd

        return pd.DataFrame([self._row(each) for each in self.factors])

    def _row(self, found: FactorWorth) -> dict[str, str | float | bool]:
        low, high = found.interval
        return {
            "factor": found.name,
            "inputs": ", ".join(found.inputs),
            "evppi": found.value,
            "standard_error": found.standard_error,
            "low": low,
            "high": high,
            "share_of_evpi": self.share(found),
            "method": found.first.method,
            "second_method": found.second.method,
            "second_evppi": found.second.value,
            "second_standard_error": found.second.standard_error,
            "agree": found.agree,
            "note": found.note,
        }

    def share(self, found: FactorWorth) -> float:
        """A factor's value as a share of knowing everything; 0 where that is worth nothing."""
        return found.value / self.perfect.value if self.perfect.value > 0 else 0.0

    def summary(self) -> str:
        """Which inputs are worth learning about, and what does not follow, in plain English."""
        if self.perfect.value == 0:
            return self.perfect.summary()
        return " ".join(filter(None, [
            f"Knowing every input exactly would be worth {money(self.perfect.value)} a decision.",
            self._ranking(), self._worthless(), self._doubts(),
            "These values do not add up: an input may be worth more, or less, beside another. "
            "They say where a study could pay at most, not that it would.",
        ]))  # fmt: skip

    def _clear(self) -> list[FactorWorth]:
        """Factors whose value is more than chance would show."""
        return [each for each in self.factors if each.value > 2 * each.standard_error]

    def _ranking(self) -> str:
        clear = self._clear()
        single = [self._words(each) for each in clear if len(each.inputs) == 1]
        groups = [self._words(each) for each in clear if len(each.inputs) > 1]
        together = f" Knowing several together: {listed(groups, most=3)}." if groups else ""
        if not single:
            return f"No single input is worth learning about, as far as these show.{together}"
        return (
            "The expected value of knowing one input alone (EVPPI) is greatest for "
            f"{listed(single, most=3)}.{together}"
        )

    def _words(self, found: FactorWorth) -> str:
        return f"{found.name} ({money(found.value)}, {percentage(self.share(found))} of that)"

    def _worthless(self) -> str:
        clear = self._clear()
        found = [each.name for each in self.factors if each not in clear]
        if not found or not clear:
            return ""
        return (
            f"What {listed(found, most=4)} alone would be worth cannot be told from nothing with "
            "these draws."
        )

    def _doubts(self) -> str:
        unsure = [each.name for each in self.factors if not each.agree]
        notes = [f"{each.name}: {each.note}." for each in self.factors if each.note]
        doubt = (
            f"Two methods disagree on {listed(unsure)}: take more draws before relying on it."
            if unsure
            else ""
        )
        return " ".join(filter(None, [doubt, *notes]))

    def plot(self) -> Figure:
        """Values of all factors as bars with intervals, the most valuable first."""
        perfect, shown = self.perfect, self.factors[:MOST_BARS]
        everything = Bar("Everything (EVPI)", perfect.value, perfect.interval)
        bars = [Bar(each.name, each.value, each.interval, lighter=True) for each in shown]
        return Figure(
            name="value-of-information",
            title=self._title(),
            subtitle=f"{PER_DECISION}, by the input that is known exactly; lines are 95% intervals",
            source=f"costsim, {perfect.draws:,} draws",
            description="Bars of what it is worth to know each input, beside knowing everything, "
            f"which is worth {money(perfect.value)}. "
            + " ".join(f"{each.name}: {money(each.value)}." for each in shown),
            header=("Input", "Value", "Standard error", "By another method", "Methods agree"),
            rows=tuple(each.cells for each in self.factors),
            draw=bars_drawn([everything, *bars], "value of knowing it"),
        )

    def _title(self) -> str:
        first = next((each for each in self._clear() if len(each.inputs) == 1), None)
        if first is None:
            return "No input alone is worth learning about, as far as these draws can tell"
        return f"{sentence(first.name)} is the most worth knowing: {money(first.value)} a decision"
