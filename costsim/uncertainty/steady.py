"""The steady response: what an outcome is at given inputs, with no luck moving beneath it.

Arithmetic gives it where it can. Else every evaluation is simulated with the same luck, so that
two of them differ by what their inputs do; their common error stays, and is said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from costsim.answers import Figures, means, simulated
from costsim.evaluation import Evaluator
from costsim.scenario.schema import Scenario
from costsim.uncertainty.outcomes import estimates, money_outcomes, number
from costsim.uncertainty.parameters import Parameters

NET_BENEFIT = "net_benefit"


@dataclass(frozen=True)
class Steady:
    """One outcome of an option as a function of the inputs; the net benefit unless named.

    `evaluator` simulates where arithmetic does not give it.
    """

    parameters: Parameters
    evaluator: Evaluator | None
    option: str
    outcome: str = NET_BENEFIT
    _known: dict[tuple[float, ...], float] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls, parameters: Parameters, evaluator: Evaluator | None, outcome: str = NET_BENEFIT
    ) -> Steady:
        """That of the main option: `new`, or the first by name."""
        return cls(parameters, evaluator, parameters.scenario.main_option, outcome)

    @cached_property
    def exact(self) -> bool:
        """Whether arithmetic gives it."""
        scenario = self.parameters.scenario
        return self.outcome in money_outcomes(scenario) and means(scenario) is not None

    def at(self, row: Sequence[float]) -> float:
        """The outcome with these values of the inputs; nan where it has none.

        Raises `ScenarioError` if one is impossible, `KeyboardInterrupt` if simulating was stopped.
        """
        key = tuple(map(float, row))
        if key not in self._known:
            self._known[key] = self._found(self.parameters.changed(key))
        return self._known[key]

    def moved(self, changes: dict[int, float]) -> float:
        """The outcome with some inputs moved, by number, and all others at their values."""
        return self.at(self.parameters.row(changes).tolist())

    @property
    def base(self) -> float:
        """The outcome with every input at its value."""
        return self.moved({})

    def _found(self, scenario: Scenario) -> float:
        try:
            with np.errstate(divide="ignore", invalid="ignore"):
                return self._worked_out(scenario)
        except ZeroDivisionError:  # where nobody is referred there is no cost of a case
            return math.nan

    def _worked_out(self, scenario: Scenario) -> float:
        if self.exact:
            found = means(scenario)
            if found is not None:
                return self._read(found)
        if self.evaluator is None:
            raise ValueError("these outcomes need a simulation, and there is nobody to do it")
        evaluation = self.evaluator.evaluate(scenario)
        if evaluation.runs.interrupted:
            raise KeyboardInterrupt
        return self._read(simulated(scenario, evaluation.runs))

    def _read(self, found: Mapping[str, Figures]) -> float:
        return number(self.outcome, estimates(found[self.option], [self.outcome])[0])
