"""Two-way sensitivity: two inputs moved together over a grid, and the line where it breaks even.

All other inputs stay at their values. The line is found by a root along each step of the first
input, not read off the grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from costsim.progress import Progress, silent
from costsim.scenario.inputs import Input
from costsim.uncertainty.steady import Steady
from costsim.uncertainty.switching import NEARLY, root

if TYPE_CHECKING:
    import pandas as pd

    from costsim.drawing.figure import Figure

Floats = NDArray[np.float64]
STEPS = 11


@dataclass(frozen=True)
class TwoWay:
    """The outcome over a grid of two inputs; `outcome` is (steps of the first, of the second).

    `contour` are points (first, second) where it is zero; none where it has one sign throughout.
    """

    first: Input
    second: Input
    first_values: Floats
    second_values: Floats
    outcome: Floats
    contour: tuple[tuple[float, float], ...]

    @property
    def paying(self) -> float:
        """The share of the grid in which it pays."""
        return float(np.mean(self.outcome > 0))

    def to_frame(self) -> pd.DataFrame:
        """A row for each point of the grid."""
        import pandas as pd

        first, second = np.meshgrid(self.first_values, self.second_values, indexing="ij")
        columns = {self.first.name: first.ravel(), self.second.name: second.ravel()}
        return pd.DataFrame(columns | {"outcome": self.outcome.ravel()})

    def plot(self) -> Figure:
        """The grid in a few shades, and the line where it breaks even."""
        from costsim.uncertainty.pictures.grid import grid

        return grid(self)

    def summary(self) -> str:
        """What the grid says, in a paragraph."""
        names = f"{self.first.name} and {self.second.name}"
        if not self.contour:
            verdict = "pays" if self.outcome[0, 0] > 0 else "does not pay"
            return f"Over the whole range of {names} together, it {verdict}."
        (low, at_low), (high, at_high) = self.contour[0], self.contour[-1]
        return (
            f"It pays in {self.paying:.0%} of the grid of {names}. It breaks even where "
            f"{self.second.name} is {self.second.show(at_low)} if {self.first.name} is "
            f"{self.first.show(low)}, and {self.second.show(at_high)} if it is "
            f"{self.first.show(high)}. A share of the grid is no probability: some of it is "
            "more plausible than the rest."
        )


def two_way(
    steady: Steady, first: str, second: str, *, steps: int = STEPS, progress: Progress = silent
) -> TwoWay:
    """Move two inputs, by their names, over the range of each; a grid of `steps` x `steps`.

    Raises ValueError for a name that is no uncertain input, or the same name twice.
    """
    if first == second:
        raise ValueError(f"two inputs are needed, but {first} is given twice")
    numbers = [steady.parameters.number(name) for name in (first, second)]
    axes = [_axis(steady, number, steps) for number in numbers]
    outcome = np.full((len(axes[0]), len(axes[1])), np.nan)
    for row, x in enumerate(axes[0].tolist()):
        for column, y in enumerate(axes[1].tolist()):
            outcome[row, column] = steady.moved({numbers[0]: x, numbers[1]: y})
        progress(row + 1, len(axes[0]))
    contour = _contour(steady, (numbers[0], numbers[1]), axes)
    inputs = [steady.parameters.each[number].input for number in numbers]
    return TwoWay(inputs[0], inputs[1], axes[0], axes[1], outcome, tuple(contour))


def _contour(
    steady: Steady, numbers: tuple[int, int], axes: list[Floats]
) -> Iterator[tuple[float, float]]:
    """Where it breaks even along the second input, at each step of the first."""
    low, high = float(axes[1][0]), float(axes[1][-1])
    for x in axes[0].tolist():

        def along(y: float, x: float = x) -> float:
            return steady.moved({numbers[0]: x, numbers[1]: y})

        with suppress(ValueError):
            value = root(along, low, high)
            if value is not None:
                yield x, value


def _axis(steady: Steady, number: int, steps: int) -> Floats:
    """Even steps over the range of an input; its whole values where it has no others."""
    parameter = steady.parameters.each[number]
    low, high = parameter.family.quantile(np.array([NEARLY, 1.0 - NEARLY])).tolist()
    axis = np.linspace(low, high, steps)
    return np.unique(np.floor(axis + 0.5)) if parameter.input.whole else axis
