"""One-way sensitivity: each uncertain input alone, from its 10 % to its 90 % quantile.

Everything else is held fixed, luck included, so that what moves is the input's doing. The inputs in
order of their swing are a tornado. (One at a time says nothing of inputs that act together: that is
for probabilistic and global analysis.)
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from costsim.engines.choice import EngineName
from costsim.evaluation import Evaluation, Evaluator, run_settings
from costsim.executors import Crew, alone
from costsim.progress import Aside, Progress, silent
from costsim.scenario.inputs import Input
from costsim.scenario.schema import Scenario
from costsim.uncertainty.parameters import Parameters
from costsim.uncertainty.steady import NET_BENEFIT, Steady
from costsim.words import figure, figure_name, listed

if TYPE_CHECKING:
    import pandas as pd

    from costsim.drawing.figure import Figure

USUAL = 100  # replications of each evaluation, where no number is given


@dataclass(frozen=True)
class Swing:
    """What one input does to the outcome at its 10 % and its 90 % quantile."""

    input: Input
    low_value: float
    high_value: float
    at_low: float
    at_high: float

    @property
    def ends(self) -> tuple[float, float]:
        """The outcome at the 10 % and at the 90 % quantile."""
        return self.at_low, self.at_high

    @property
    def size(self) -> float:
        """How far the outcome moves."""
        return abs(self.at_high - self.at_low)

    @property
    def low_shown(self) -> str:
        """The 10 % quantile as people write it."""
        return self.input.show(self.low_value)

    @property
    def high_shown(self) -> str:
        """The 90 % quantile as people write it."""
        return self.input.show(self.high_value)


@dataclass(frozen=True)
class Tornado:
    """The evaluation as the scenario stands, and every swing, the largest first.

    `steady` is the response that was followed. There are as many `inputs` to be varied; an
    interruption leaves fewer swings than that.
    """

    base: Evaluation
    swings: tuple[Swing, ...]
    inputs: int
    steady: Steady

    @property
    def interrupted(self) -> bool:
        """Whether not every input has been varied."""
        return len(self.swings) < self.inputs

    @property
    def scenario(self) -> Scenario:
        """The scenario whose inputs were varied."""
        return self.base.scenario

    @property
    def outcome(self) -> str:
        """The published name of what moves; `net_benefit` unless another was asked for."""
        return self.steady.outcome

    @property
    def value(self) -> float:
        """The outcome with every input at its value."""
        return self.steady.base

    def summary(self) -> str:
        """What moves the outcome most, in a paragraph."""
        stands = f"{figure_name(self.outcome)} is {self._shown(self.value)} as it stands"
        if not self.swings:
            return f"The {stands}. No input is uncertain, so nothing was varied."
        most = [
            f"{each.input.name} ({self._shown(each.at_low)} at {each.low_shown}, "
            f"{self._shown(each.at_high)} at {each.high_shown})"
            for each in self.swings[:3]
        ]
        return (
            f"The {stands}. Alone, between its 10% and its 90% quantile, it is moved most by "
            f"{listed(most)}. Inputs that act together may move it further."
        )

    def _shown(self, value: float) -> str:
        return figure(self.outcome, value)

    def to_frame(self) -> pd.DataFrame:
        """A row for each input, the largest swing first."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "input": swing.input.name,
                    "unit": swing.input.unit,
                    "value": swing.input.value,
                    "p10": swing.low_value,
                    "p90": swing.high_value,
                    "at_p10": swing.at_low,
                    "at_p90": swing.at_high,
                    "swing": swing.size,
                }
                for swing in self.swings
            ]
        )

    def plot(self) -> Figure:
        """Two bars for each input, the largest swing on top."""
        from costsim.uncertainty.pictures.swings import swings

        return swings(self)


def one_way(
    scenario: Scenario,
    *,
    outcome: str = NET_BENEFIT,
    replications: int | None = None,
    seed: int | None = None,
    engine: EngineName = "auto",
    progress: Progress = silent,
    crew: Crew = alone,
) -> Tornado:
    """Vary each uncertain input of a scenario in turn.

    Where arithmetic gives the outcome, that is used; else every evaluation is simulated with the
    same luck and the same number of replications: `replications`, or what the scenario says, or
    100. `progress(done, of)` is called after each. A scenario without uncertain inputs gives a
    tornado without swings.

        >>> from costsim.scenario.loader import load
        >>> tornado = one_way(load("scenarios/starter.yaml"), replications=2)
        >>> tornado.swings[0].size >= tornado.swings[-1].size
        True
    """
    parameters = Parameters.of(scenario)
    number = replications or scenario.run.replications or USUAL
    settings, _ = run_settings(scenario, replications=number, seed=seed, keep=1)
    total = 1 + 2 * len(parameters)
    worker = Evaluator(
        settings, evaluations=total, engine=engine, progress=Aside(progress), crew=crew
    )
    base = worker.evaluate(scenario)
    if base.runs.interrupted:
        raise KeyboardInterrupt
    progress(1, total)
    steady = Steady.of(parameters, worker, outcome)
    swings: list[Swing] = []
    with suppress(KeyboardInterrupt):  # the swings that are whole are still worth having
        for number in range(len(parameters)):
            swings.append(_swing(steady, number))
            progress(3 + 2 * number, total)
    return Tornado(base, _by_size(swings), len(parameters), steady)


def _by_size(swings: list[Swing]) -> tuple[Swing, ...]:
    return tuple(sorted(swings, key=lambda swing: (-swing.size, swing.input.name)))


def _swing(steady: Steady, number: int) -> Swing:
    each = steady.parameters.each[number].input
    low, high = each.p10_p90 or (0.0, 0.0)
    return Swing(each, low, high, *(steady.moved({number: value}) for value in (low, high)))
