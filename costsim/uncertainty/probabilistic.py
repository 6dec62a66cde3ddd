"""Probabilistic analysis: all uncertain inputs vary together, by their distributions.

Each draw is one set of values for the inputs, and what the scenario would come to with them. The
spread of the draws is how unsure the answer is because inputs are unsure. How chance varies from
case to case is no part of it, and is kept out of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from costsim.economics.unused import unused
from costsim.engines.choice import EngineName
from costsim.errors import Problem, ScenarioError
from costsim.evaluation import Evaluation
from costsim.executors import Crew, alone
from costsim.progress import Progress, silent
from costsim.scenario.schema import Scenario
from costsim.uncertainty.acceptability import Acceptability, acceptability
from costsim.uncertainty.allocation import Allocation
from costsim.uncertainty.designs import cube
from costsim.uncertainty.draws import Draws
from costsim.uncertainty.information.evpi import expected_losses
from costsim.uncertainty.outcomes import GAIN
from costsim.uncertainty.parameters import Parameters
from costsim.uncertainty.response import Answers, Luckily, failing, has_averages
from costsim.uncertainty.spread import Probability, Spread, probability, spread
from costsim.uncertainty.study import Study
from costsim.units import counted
from costsim.words import money

if TYPE_CHECKING:
    import pandas as pd

    from costsim.drawing.figure import Figure

Floats = NDArray[np.float64]
DRAWS, SIMULATED_DRAWS = 10_000, 1_000
FEWEST = 10
NOISY = 4.0  # times the variance between draws
PRICES = 41


@dataclass(frozen=True)
class Probabilistic:
    """A probabilistic analysis: its draws, and what follows from them.

    `base` holds the outcomes with every input at its value, a row each as in `draws`.
    """

    draws: Draws
    base: tuple[Answers, ...]
    allocation: Allocation
    seed: int
    target: float | None = None
    asked: int = 0

    @property
    def scenario(self) -> Scenario:
        """The scenario whose inputs vary."""
        return self.draws.parameters.scenario

    @property
    def option(self) -> str:
        """The main option: `new`, or the first by name."""
        return self.scenario.main_option

    @property
    def interrupted(self) -> bool:
        """Whether there are fewer draws than were asked for."""
        return len(self.draws) < self.asked

    @property
    def by_arithmetic(self) -> bool:
        """Whether money has no chance in it."""
        return self.draws.timed is not None

    def spreads(self, option: str | None = None) -> tuple[Spread, ...]:
        """Every outcome of an option, the main one unless given."""
        return tuple(self._spreads(option or self.option))

    def _spreads(self, option: str) -> Iterator[Spread]:
        for part, base in zip(self.draws.parts, self.base, strict=True):
            for name in part.names:
                value = float(base.of(name, option)[0])
                draws, noise = part.of(name, option), part.noise(name, option)
                yield spread(name, value, draws, noise, part.one_run)

    def spread_of(self, name: str, option: str | None = None) -> Spread:
        """One outcome by its published name; ValueError with the known names for another."""
        found = {each.name: each for each in self.spreads(option)}
        if name not in found:
            raise ValueError(f"{name!r} is no outcome here; there are {', '.join(found)}")
        return found[name]

    def summary(self, option: str | None = None) -> str:
        """How sure the answer is, in a paragraph."""
        years, net = self.scenario.years, self.spread_of("net_benefit", option)
        repaid = self.repays_within(years, option).value
        left = f"; those that are not repaid within {years} years count as never" * (repaid < 1)
        return (
            f"In {self.saves(option).value:.0%} of {net.draws:,} draws it saves money, and in "
            f"{repaid:.0%} it repays what it cost within {counted(years, 'year')}{left}. The net "
            f"benefit is {money(net.mean)} on average, from {money(net.p10)} to {money(net.p90)} "
            f"in eight draws of ten, and {money(net.value)} with every input at its value. To know "
            f"every input exactly would be worth {money(self.evpi)}. This is how unsure the inputs "
            "make the answer, by the ranges that were given; what is not in the model is not in it."
        )

    def saves(self, option: str | None = None) -> Probability:
        """How probable it is that a year's saving is above nothing."""
        return probability(self._known("annual_saving", option) > 0)

    def pays(self, option: str | None = None) -> Probability:
        """How probable it is that the net benefit over the horizon is above nothing."""
        return probability(self._known("net_benefit", option) > 0)

    def repays_within(self, years: float, option: str | None = None) -> Probability:
        """How probable it is that the one-off cost is repaid within so many years."""
        repaid = self._known("payback_years", option) <= years
        free = self._known("one_off_cost", option) <= 0  # nothing to repay: has it paid?
        return probability(repaid & (~free | (self._known("net_benefit", option) > 0)))

    def meets_target(self, option: str | None = None) -> Probability | None:
        """How probable it is that a year's saving is at least the target; None without one."""
        if self.target is None:
            return None
        return probability(self._known("annual_saving", option) >= self.target)

    def _known(self, name: str, option: str | None) -> Floats:
        return self.draws.cleared(name, option or self.option)

    @cached_property
    def net_benefits(self) -> Floats:
        """The net benefit of each draw under the comparator, which is 0, and each option (£)."""
        options = self.scenario.options
        found = [self.draws.cleared("net_benefit", option) for option in options]
        return np.column_stack([np.zeros(len(found[0])), *found])

    @property
    def names(self) -> tuple[str, ...]:
        """The pathways whose net benefits those are."""
        return (self.scenario.comparator, *self.scenario.options)

    @property
    def expected_losses(self) -> dict[str, float]:
        """What choosing each pathway loses on average, for not knowing the inputs (£)."""
        return dict(zip(self.names, expected_losses(self.net_benefits).tolist(), strict=True))

    @property
    def evpi(self) -> float:
        """What it would be worth to know all inputs exactly, over the horizon (£)."""
        return min(self.expected_losses.values())

    def acceptability(self, effect: str, prices: Floats | None = None) -> Acceptability:
        """The acceptability curves of an effect, by its name; per case."""
        costs, effects = self.plane(effect)
        if prices is None:
            worth = self.scenario.effects[effect].worth
            most = 2 * worth.pounds if worth and worth.pounds else _usual(costs, effects)
            prices = np.linspace(0.0, most, PRICES)
        return acceptability(effect, self.names, costs, effects, prices)

    def plane(self, effect: str) -> tuple[Floats, Floats]:
        """Incremental cost (£) and effect of a case, (draws, pathways); the comparator's are 0."""
        name = GAIN + effect
        many = len(self.draws.outcome(name, self.option))
        good = self.draws.good[:many]
        columns = [np.zeros((int(good.sum()), 2))]
        for option in self.scenario.options:
            saving = self.draws.outcome("per_case_saving", option)[:many][good]
            columns.append(np.column_stack([-saving, self.draws.outcome(name, option)[good]]))
        stacked = np.stack(columns, axis=1)
        return stacked[:, :, 0], stacked[:, :, 1]

    @property
    def effects(self) -> tuple[str, ...]:
        """The effects that were followed."""
        names = (name for part in self.draws.parts for name in part.names)
        return tuple(name.removeprefix(GAIN) for name in names if name.startswith(GAIN))

    @cached_property
    def idle(self) -> tuple[str, ...]:
        """Uncertain inputs that move no outcome, whatever their value."""
        return tuple(each.name for each in unused(self.scenario) if each.uncertain is not None)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must mind."""
        return tuple(self._warnings())

    def _warnings(self) -> Iterator[str]:
        for part in self.draws.parts:
            yield from failing(part)
        blurred = self.spread_of("net_benefit").noise_ratio
        if blurred is None or blurred > NOISY:
            yield (
                "what the inputs do to the net benefit can hardly be told from chance: take more "
                "draws, or more precision"
            )
        if self.idle:
            yield f"these uncertain inputs move no outcome: {', '.join(self.idle)}"
        correlations = self.draws.parameters.correlations
        if correlations is not None and correlations.repaired:
            yield correlations.summary()

    def to_frame(self) -> pd.DataFrame:
        """A row for each outcome of each option."""
        import pandas as pd

        rows = [
            {"option": option, **vars(each)}
            for option in self.scenario.options
            for each in self.spreads(option)
        ]
        return pd.DataFrame(rows)

    def plot(self, option: str | None = None) -> Figure:
        """The net benefit of an option over the draws as a histogram, of the main one unless given.

        Draws in which it does not pay are told apart; P10, P50 and P90 are marked.
        """
        from costsim.uncertainty.pictures.histogram import net_benefit

        return net_benefit(self, option)

    def plane_plot(self, effect: str) -> Figure:
        """The cost-effectiveness plane of an effect by its name; at most 2,000 points are drawn."""
        from costsim.uncertainty.pictures.plane import plane

        return plane(self, effect)


def _usual(costs: Floats, effects: Floats) -> float:
    """Twice the price at which mean effects pay for mean costs; £1 where there is none."""
    cost, effect = np.abs(costs.mean(axis=0)).max(), np.abs(effects.mean(axis=0)).max()
    return float(2 * cost / effect) if effect and cost else 1.0


def probabilistic(
    given: Scenario | Evaluation,
    *,
    draws: int | None = None,
    seed: int | None = None,
    engine: EngineName = "auto",
    progress: Progress = silent,
    crew: Crew = alone,
) -> Probabilistic:
    """Let every uncertain input of a scenario vary by its distribution.

    `draws` replaces what the scenario says; 10,000 unless it says, or 1,000 where each is to be
    simulated. Raises `ScenarioError` for a scenario without uncertain inputs, or too few draws.

    >>> from costsim.scenario.loader import load
    >>> found = probabilistic(load("scenarios/starter.yaml"), draws=64)
    >>> found.spread_of("net_benefit").p10 < found.spread_of("net_benefit").p90
    True
    """
    scenario = given.scenario if isinstance(given, Evaluation) else given
    own = given.settings.seed if isinstance(given, Evaluation) else scenario.run.seed
    parameters = Parameters.of(scenario)
    exact = has_averages(parameters)
    asked = draws or scenario.uncertainty.draws or (DRAWS if exact else SIMULATED_DRAWS)
    _check(parameters, asked)
    luck = Luckily(own if seed is None else seed, 2, engine)
    points = cube(scenario.uncertainty.sampling, asked, len(parameters), luck.seed)
    values = parameters.values(points)
    study = Study(parameters, values, luck, crew, progress)
    found = study.by_arithmetic() if exact else study.by_simulation()
    done = len(found.answers)
    target = scenario.uncertainty.target
    return Probabilistic(
        Draws(parameters, points[:done], values[:done], found.answers, found.timed),
        found.base,
        found.allocation,
        luck.seed,
        target.pounds if target else None,
        asked,
    )


def _check(parameters: Parameters, draws: int) -> None:
    problems = []
    if not len(parameters):
        hint = "Add uncertain: to the numbers that you are unsure of"
        problems.append(Problem("CS460", "no input of this scenario is uncertain", hint))
    if draws < FEWEST:
        hint = f"Ask for {FEWEST:,} or more; 1,000 give a first idea, 10,000 an answer"
        problems.append(Problem("CS461", f"{draws} draws are too few", hint, "uncertainty.draws"))
    if problems:
        raise ScenarioError(problems)
