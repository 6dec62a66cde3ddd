"""How the draws of a probabilistic analysis are evaluated: by arithmetic where it can be, else by
simulation, with as many replications of each as pay their way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from costsim.executors import Crew
from costsim.progress import Progress, silent
from costsim.uncertainty.allocation import Allocation, allocate
from costsim.uncertainty.outcomes import money_outcomes, time_outcomes
from costsim.uncertainty.parameters import Parameters
from costsim.uncertainty.response import Answers, Luckily, by_arithmetic_of, simulated_of

Floats = NDArray[np.float64]
Parts = tuple[Answers, Answers | None, tuple[Answers, ...], Allocation]
"""Outcomes of the draws; those that only a simulation gives; both at the base; replications."""


@dataclass(frozen=True)
class Study:
    """One analysis being done: `values` are its draws, (draws, inputs) in the inputs' units."""

    parameters: Parameters
    values: Floats
    luck: Luckily
    crew: Crew
    progress: Progress

    @property
    def _base(self) -> Floats:
        return self.parameters.base[None, :]

    def exact(self) -> Parts:
        """Money by arithmetic for all draws; times simulated for the first of them."""
        scenario = self.parameters.scenario
        names, times = money_outcomes(scenario), time_outcomes(scenario)
        answers = by_arithmetic_of(
            self.parameters, names, self.values, crew=self.crew, progress=self.progress
        )
        base = by_arithmetic_of(self.parameters, names, self._base)
        allocation = allocate(self.parameters, times, self.values, self.luck, of_times=True)
        timed, timed_base = self._simulated(times, allocation)
        return answers, timed, (base, timed_base), allocation

    def simulated(self) -> Parts:
        """Everything simulated."""
        scenario = self.parameters.scenario
        names = (*money_outcomes(scenario), *time_outcomes(scenario))
        allocation = allocate(self.parameters, names, self.values, self.luck)
        answers, base = self._simulated(names, allocation, self.progress)
        return answers, None, (base,), allocation

    def _simulated(
        self, names: tuple[str, ...], allocation: Allocation, progress: Progress = silent
    ) -> tuple[Answers, Answers]:
        luck = replace(self.luck, replications=allocation.replications)
        rows = self.values[: allocation.draws]
        found = simulated_of(self.parameters, names, rows, luck, crew=self.crew, progress=progress)
        many = replace(luck, replications=max(100, luck.replications))
        return found, simulated_of(self.parameters, names, self._base, many)
