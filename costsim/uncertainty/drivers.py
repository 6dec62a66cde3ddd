"""Global sensitivity of a scenario: which inputs drive the spread of an outcome, all varying.

Draws of a probabilistic analysis give the shares of variance by regression, without a run more.
Designs of their own (Sobol, Morris) are evaluated here. Where an outcome is simulated, every point
is run twice with luck of its own, so that chance is told from inputs and has a bar of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from costsim.engines.choice import EngineName
from costsim.evaluation import Evaluation
from costsim.executors import Crew, alone
from costsim.progress import Progress, silent
from costsim.scenario.schema import Scenario
from costsim.uncertainty.draws import Draws
from costsim.uncertainty.indices.factors import Factors
from costsim.uncertainty.indices.given import Indices, delta, main_effects, pawn, rbd_fast
from costsim.uncertainty.indices.morris import MorrisDesign, MorrisEffects, morris_effects
from costsim.uncertainty.indices.sobol import SobolDesign, SobolIndices, sobol_indices
from costsim.uncertainty.outcomes import money_outcomes, time_outcomes
from costsim.uncertainty.parameters import Parameters
from costsim.uncertainty.probabilistic import Probabilistic, probabilistic
from costsim.uncertainty.response import Luckily, by_arithmetic_of, has_averages, simulated_of
from costsim.uncertainty.steady import NET_BENEFIT
from costsim.words import figure

if TYPE_CHECKING:
    import pandas as pd

    from costsim.drawing.figure import Figure

Floats = NDArray[np.float64]
Method: TypeAlias = Literal["regression", "sobol", "morris", "rbd_fast", "pawn", "delta"]
METHODS: tuple[Method, ...] = get_args(Method)
SIZES = {"sobol": 1024, "morris": 50}
DRAWS = 4096
REPLICATIONS = 50
APART = "Correlations were left aside: this method needs inputs that vary independently."
_GIVEN: dict[str, Callable[..., Indices]] = {
    "regression": main_effects,
    "rbd_fast": rbd_fast,
    "pawn": pawn,
    "delta": delta,
}
Found: TypeAlias = SobolIndices | MorrisEffects | Indices


@dataclass(frozen=True)
class Drivers:
    """What drives an outcome: the indices that a method found, and what to mind about them.

    `runs` is how many points were evaluated for them.
    """

    scenario: Scenario
    outcome: str
    method: Method
    found: Found
    runs: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A row for each factor."""
        frame = self.found.to_frame()
        return frame.assign(method=self.method) if "method" in frame else frame

    def summary(self) -> str:
        """What drives it, in a paragraph."""
        if isinstance(self.found, MorrisEffects):
            return " ".join([self.found.summary(self._show), *self.notes])
        return " ".join([self.found.summary(), *self.notes])

    def plot(self) -> Figure:
        """Bars, the largest first."""
        if isinstance(self.found, MorrisEffects):
            return self.found.plot(self._show)
        return self.found.plot()

    def _show(self, value: float) -> str:
        return figure(self.outcome, value)


def global_sensitivity(
    given: Scenario | Evaluation | Probabilistic,
    *,
    method: Method = "regression",
    outcome: str = NET_BENEFIT,
    size: int | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    second_order: bool = False,
    seed: int | None = None,
    engine: EngineName = "auto",
    progress: Progress = silent,
    crew: Crew = alone,
) -> Drivers:
    """Which inputs drive the spread of an outcome of the main option.

    `size` is the base rows of a Sobol design (a power of two; 1,024), the trajectories of a Morris
    design (50), or the draws of the other methods (4,096); those of a `Probabilistic` are used as
    they are. `groups` are inputs that move together, for Sobol and Morris. Raises ValueError for an
    unknown outcome or input, and for a method that cannot do what is asked of it.

    >>> from costsim.scenario.loader import load
    >>> found = global_sensitivity(load("scenarios/starter.yaml"), method="sobol", size=64)
    >>> found.runs  # 64 x (9 inputs + 2)
    704
    """
    _check(method, groups)
    study = _Study(_scenario_of(given), outcome, seed, engine, progress, crew)
    if method in _GIVEN:
        draws = given.draws if isinstance(given, Probabilistic) else study.draws(size or DRAWS)
        return study.from_draws(method, draws)
    factors, many = study.factors(groups or {}), size or SIZES[method]
    if method == "sobol":
        return study.from_sobol(SobolDesign(factors, many, second_order, study.own_seed))
    return study.from_morris(MorrisDesign(factors, many, seed=study.own_seed))


def _check(method: Method, groups: Mapping[str, Sequence[str]] | None) -> None:
    if method not in METHODS:
        raise ValueError(f"{method!r} is no method; there are {', '.join(METHODS)}")
    if groups and method in _GIVEN:
        raise ValueError(f"{method} takes no groups: use sobol or morris")


def _scenario_of(given: Scenario | Evaluation | Probabilistic) -> Scenario:
    return given if isinstance(given, Scenario) else given.scenario


@dataclass(frozen=True)
class _Study:
    """One analysis being done."""

    scenario: Scenario
    outcome: str
    seed: int | None
    engine: EngineName
    progress: Progress
    crew: Crew

    def __post_init__(self) -> None:
        known = (*money_outcomes(self.scenario), *time_outcomes(self.scenario))
        if self.outcome not in known:
            raise ValueError(f"{self.outcome!r} is no outcome here; there are {', '.join(known)}")

    @property
    def own_seed(self) -> int:
        return self.scenario.run.seed if self.seed is None else self.seed

    @cached_property
    def parameters(self) -> Parameters:
        return Parameters.of(self.scenario)

    @property
    def option(self) -> str:
        return self.scenario.main_option

    @property
    def exact(self) -> bool:
        """Whether the outcome has no chance in it."""
        known = self.outcome in money_outcomes(self.scenario)
        return known and has_averages(self.parameters)

    def draws(self, size: int) -> Draws:
        found = probabilistic(
            self.scenario,
            draws=size,
            seed=self.seed,
            engine=self.engine,
            progress=self.progress,
            crew=self.crew,
        )
        return found.draws

    def from_draws(self, method: Method, draws: Draws) -> Drivers:
        """Indices of draws that are there."""
        outcome = draws.outcome(self.outcome, self.option)
        good = ~np.isnan(outcome)
        self._check_finite(outcome[good])
        inputs = draws.values[: len(outcome)][good]
        noise = draws.blur(self.outcome, self.option)
        chance = {"noise_variance": noise} if method == "regression" and noise else {}
        found = _GIVEN[method](
            inputs, outcome[good], names=draws.parameters.names, seed=self.own_seed, **chance
        )
        return Drivers(self.scenario, self.outcome, method, found, int(good.sum()))

    def from_sobol(self, design: SobolDesign) -> Drivers:
        """Indices of a Sobol design, which is evaluated."""
        values = self.evaluated(design.cube)
        found = sobol_indices(design, values, seed=self.own_seed, noisy=not self.exact)
        return self._of_design("sobol", found, values.size)

    def from_morris(self, design: MorrisDesign) -> Drivers:
        """Elementary effects of a Morris design, which is evaluated."""
        values = self.evaluated(design.cube)
        return self._of_design(
            "morris", morris_effects(design, values, seed=self.own_seed), values.size
        )

    def _of_design(self, method: Method, found: Found, runs: int) -> Drivers:
        tied = self.parameters.correlations is not None
        return Drivers(self.scenario, self.outcome, method, found, runs, (APART,) * tied)

    def factors(self, groups: Mapping[str, Sequence[str]]) -> Factors:
        """What varies by itself: inputs, groups of them, and shares that were counted together."""
        together = self.parameters.together
        taken = {name for members in groups.values() for name in members}
        others = {name: each for name, each in together.items() if not taken & set(each)}
        return Factors.grouped(self.parameters.names, {**groups, **others})

    def evaluated(self, cube: Floats) -> Floats:
        """The outcome at each point: (points,), or (points, 2) where it is simulated."""
        parameters = self.parameters
        rows = parameters.values(np.asarray(cube), dependent=False)
        if self.exact:
            answers = by_arithmetic_of(
                parameters, (self.outcome,), rows, crew=self.crew, progress=self.progress
            )
            return self._whole(answers.of(self.outcome, self.option), len(rows))
        luck = Luckily(self.own_seed, REPLICATIONS, self.engine)
        columns = [
            simulated_of(
                parameters,
                (self.outcome,),
                rows,
                replace(luck, first=turn * len(rows)),
                crew=self.crew,
                progress=self.progress,
            ).of(self.outcome, self.option)
            for turn in range(2)
        ]
        return self._whole(np.column_stack(columns), len(rows))

    def _whole(self, values: Floats, points: int) -> Floats:
        if len(values) < points:
            raise KeyboardInterrupt  # a part of a design has no indices
        self._check_finite(values)
        return values

    def _check_finite(self, values: Floats) -> None:
        if not np.isfinite(values).all():
            raise ValueError(
                f"{self.outcome} has no number in some draws (a payback may never come, and a "
                "draw may be impossible), so its variance has no shares; take net_benefit instead"
            )
