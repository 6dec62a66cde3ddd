"""Draws of the uncertain inputs with the outcomes of each: what every analysis of them reads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from costsim.uncertainty.parameters import Parameters
from costsim.uncertainty.response import Answers
from costsim.uncertainty.spread import without_chance

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Draws:
    """Draws of the inputs, and the outcomes of each.

    `values` are (draws, inputs) in the unit of the inputs, `cube` the same as points of the unit
    cube. `answers` are the outcomes of all draws; `timed` those that only a simulation gives, where
    arithmetic gives the others: of the first draws, as many as there are.
    """

    parameters: Parameters
    cube: Floats
    values: Floats
    answers: Answers
    timed: Answers | None = None

    def __len__(self) -> int:
        return len(self.answers)

    @property
    def parts(self) -> tuple[Answers, ...]:
        """The answers of both kinds."""
        return (self.answers,) if self.timed is None else (self.answers, self.timed)

    def outcome(self, name: str, option: str) -> Floats:
        """An outcome of each draw that has it, nan where it does not exist."""
        return self._part(name).of(name, option)

    def noise(self, name: str, option: str) -> Floats:
        """The variance that chance adds to that."""
        return self._part(name).noise(name, option)

    def blur(self, name: str, option: str) -> float:
        """How much of its variance between draws is chance; none where all price one run."""
        part = self._part(name)
        return 0.0 if part.one_run else float(np.mean(part.noise(name, option)[self._known(part)]))

    def cleared(self, name: str, option: str) -> Floats:
        """An outcome of the draws that could be evaluated, without the spread of chance."""
        part = self._part(name)
        known = self._known(part)
        draws = self.outcome(name, option)[: len(part)][known]
        return draws if part.one_run else without_chance(draws, self.noise(name, option)[known])

    def _known(self, part: Answers) -> NDArray[np.bool_]:
        return self.good[: len(part)]

    def _part(self, name: str) -> Answers:
        return next(part for part in self.parts if name in part.names)

    @cached_property
    def good(self) -> NDArray[np.bool_]:
        """The draws that could be evaluated."""
        return ~np.isnan(self.outcome("net_benefit", self.parameters.scenario.options[0]))

    def to_frame(self) -> pd.DataFrame:
        """A row for each draw: its inputs by name, then its outcomes as `net_benefit.new`."""
        import pandas as pd

        columns: dict[str, Floats] = dict(zip(self.parameters.names, self.values.T, strict=True))
        for part in self.parts:
            for option in part.options:
                for name in part.names:
                    found = np.full(len(self), math.nan)
                    found[: len(part)] = part.of(name, option)
                    columns[f"{name}.{option}"] = found
        return pd.DataFrame(columns)
