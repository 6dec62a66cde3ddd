"""One-way sensitivity: each uncertain input alone, from its 10 % to its 90 % quantile.

Everything else is held fixed, luck included, so that what moves is the input's doing. The inputs in
order of their swing are a tornado. (One at a time says nothing of inputs that act together: that is
for probabilistic and global analysis.)
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from costsim.engines.choice import EngineName
from costsim.evaluation import Evaluation, Evaluator, run_settings
from costsim.executors import Crew, alone
from costsim.progress import Aside, Progress, silent
from costsim.scenario.inputs import Input, uncertain_inputs, with_values
from costsim.scenario.schema import Scenario

USUAL = 100  # replications of each evaluation, where no number is given


@dataclass(frozen=True)
class Swing:
    """What one input does to the net benefit (£) at its 10 % and its 90 % quantile."""

    input: Input
    low_value: float
    high_value: float
    at_low: float
    at_high: float

    @property
    def ends(self) -> tuple[float, float]:
        """The net benefit at the 10 % and at the 90 % quantile, in pounds."""
        return self.at_low, self.at_high

    @property
    def size(self) -> float:
        """How far the net benefit moves, in pounds."""
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

    There are as many `inputs` to be varied; an interruption leaves fewer swings than that.
    """

    base: Evaluation
    swings: tuple[Swing, ...]
    inputs: int

    @property
    def interrupted(self) -> bool:
        """Whether not every input has been varied."""
        return len(self.swings) < self.inputs

    @property
    def net_benefit(self) -> float:
        """The net benefit with every input at its value."""
        return net_benefit(self.base)


def net_benefit(evaluation: Evaluation) -> float:
    """The programme's net benefit under the main option, in pounds."""
    return evaluation.main.programme.economics.net_benefit.number


def one_way(
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: EngineName = "auto",
    progress: Progress = silent,
    crew: Crew = alone,
) -> Tornado:
    """Vary each uncertain input of a scenario in turn.

    Every evaluation has the same number of replications: `replications`, or what the scenario says,
    or 100. `progress(done, of)` is called after each. A scenario without uncertain inputs gives a
    tornado without swings.

        >>> from costsim.scenario.loader import load
        >>> tornado = one_way(load("scenarios/starter.yaml"), replications=2)
        >>> tornado.swings[0].size >= tornado.swings[-1].size
        True
    """
    found = uncertain_inputs(scenario)
    number = replications or scenario.run.replications or USUAL
    settings, _ = run_settings(scenario, replications=number, seed=seed, keep=1)
    total = 1 + 2 * len(found)
    worker = Evaluator(
        settings, evaluations=total, engine=engine, progress=Aside(progress), crew=crew
    )
    base = worker.evaluate(scenario)
    if base.runs.interrupted:
        raise KeyboardInterrupt
    progress(1, total)
    swings: list[Swing] = []
    with suppress(KeyboardInterrupt):  # the swings that are whole are still worth having
        for number, each in enumerate(found):
            swings.append(_swing(worker, scenario, each))
            progress(3 + 2 * number, total)
    return Tornado(base, _by_size(swings), len(found))


def _by_size(swings: list[Swing]) -> tuple[Swing, ...]:
    return tuple(sorted(swings, key=lambda swing: (-swing.size, swing.input.name)))


def _swing(worker: Evaluator, scenario: Scenario, each: Input) -> Swing:
    low, high = each.p10_p90 or (0.0, 0.0)
    at = [_net_benefit_with(worker, scenario, each, value) for value in (low, high)]
    return Swing(each, low, high, *at)


def _net_benefit_with(worker: Evaluator, scenario: Scenario, each: Input, value: float) -> float:
    evaluation = worker.evaluate(with_values(scenario, dict.fromkeys(each.where, value)))
    if evaluation.runs.interrupted:
        raise KeyboardInterrupt
    return net_benefit(evaluation)
