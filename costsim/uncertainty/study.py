"""How the draws of a probabilistic analysis are evaluated.

By arithmetic where it can be. Else by simulation: one for all draws where inputs only price what
staff do, or one for each draw, with as many replications as pay their way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from costsim.evaluation import Evaluator, run_settings
from costsim.executors import Crew
from costsim.progress import Progress, silent
from costsim.uncertainty.allocation import Allocation, allocate
from costsim.uncertainty.outcomes import money_outcomes, time_outcomes
from costsim.uncertainty.parameters import Parameters
from costsim.uncertainty.response import (
    Answers,
    Luckily,
    by_arithmetic_of,
    only_priced,
    repriced_of,
    simulated_of,
)

Floats = NDArray[np.float64]
BASE_REPLICATIONS = 100


@dataclass(frozen=True)
class Evaluated:
    """Outcomes of the draws; those that only a simulation gives, where arithmetic gives the others.

    `base` are the same with every input at its value; `allocation` says what was simulated.
    """

    answers: Answers
    timed: Answers | None
    base: tuple[Answers, ...]
    allocation: Allocation


@dataclass(frozen=True)
class Study:
    """One analysis being done: `values` are its draws, (draws, inputs) in the inputs' units."""

    parameters: Parameters
    values: Floats
    luck: Luckily
    crew: Crew
    progress: Progress

    def by_arithmetic(self) -> Evaluated:
        """Money by arithmetic for all draws; times simulated for the first of them."""
        names = money_outcomes(self.parameters.scenario)
        answers = by_arithmetic_of(
            self.parameters, names, self.values, crew=self.crew, progress=self.progress
        )
        base = by_arithmetic_of(self.parameters, names, self._base)
        times = time_outcomes(self.parameters.scenario)
        reached = replace(self, values=self.values[: len(answers)])  # after an interruption
        timed, timed_base, allocation = reached._simulated(times, of_times=True)
        return Evaluated(answers, timed, (base, timed_base), allocation)

    def by_simulation(self) -> Evaluated:
        """Everything simulated."""
        scenario = self.parameters.scenario
        names = (*money_outcomes(scenario), *time_outcomes(scenario))
        answers, base, allocation = self._simulated(names)
        return Evaluated(answers, None, (base,), allocation)

    @property
    def _base(self) -> Floats:
        return self.parameters.base[None, :]

    def _simulated(
        self, names: tuple[str, ...], *, of_times: bool = False
    ) -> tuple[Answers, Answers, Allocation]:
        """The outcomes of the draws, those at the inputs' values, and what was simulated."""
        if only_priced(self.parameters):
            return self._repriced(names)
        allocation = allocate(self.parameters, names, self.values, self.luck, of_times=of_times)
        luck = replace(self.luck, replications=allocation.replications)
        rows = self.values[: allocation.draws]
        progress = silent if of_times else self.progress
        found = simulated_of(self.parameters, names, rows, luck, crew=self.crew, progress=progress)
        many = replace(luck, replications=max(BASE_REPLICATIONS, luck.replications))
        return found, simulated_of(self.parameters, names, self._base, many), allocation

    def _repriced(self, names: tuple[str, ...]) -> tuple[Answers, Answers, Allocation]:
        """As many replications as a run of the scenario has, priced again for every draw."""
        scenario = self.parameters.scenario
        settings, precision = run_settings(scenario, seed=self.luck.seed, keep=0)
        worker = Evaluator(settings, precision, engine=self.luck.engine, crew=self.crew)
        runs = worker.evaluate(scenario).runs
        found = repriced_of(self.parameters, names, self.values, runs, progress=self.progress)
        allocation = Allocation(len(found), runs.replications, names[0], one_run=True)
        return found, repriced_of(self.parameters, names, self._base, runs), allocation
