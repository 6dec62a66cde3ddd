"""From draws to outcomes: what a scenario comes to with each set of values of its inputs.

Where arithmetic gives the means, nothing is simulated, and no luck blurs what the inputs do. Else
each draw is simulated with luck of its own, so often that its own error can be told from the spread
between draws. Where inputs only price what staff do, one simulation is priced again for each draw.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from costsim.answers import Figures, means, simulated
from costsim.engines.choice import EngineName, chosen
from costsim.errors import ScenarioError, SimulationError
from costsim.executors import Crew, alone
from costsim.experiment import Runs, Settings, Simulation
from costsim.pathway.compile import compile_site
from costsim.progress import Progress, silent
from costsim.scenario.families import Family
from costsim.scenario.schema import Scenario
from costsim.uncertainty.outcomes import estimates, number
from costsim.uncertainty.parameters import Parameters

Floats = NDArray[np.float64]
BY_ARITHMETIC_AT_ONCE, SIMULATED_AT_ONCE = 200, 8
SECONDS_BY_ARITHMETIC, SECONDS_SIMULATED = 0.003, 0.03
"""What a draw takes, about: to decide whether workers are worth their start."""
WORTH_SHARING = 4.0
MANY = 1000  # draws for which an engine is chosen


@dataclass(frozen=True)
class Answers:
    """The outcomes of some draws: (draws, options, outcomes), and the variance that chance adds.

    `variance` is zero where arithmetic gave the answer. A draw that could not be evaluated is nan
    throughout, and `failures` says why, by its number from 0. `one_run` if all draws price one and
    the same simulation, so that they share its error.
    """

    names: tuple[str, ...]
    options: tuple[str, ...]
    values: Floats
    variance: Floats
    failures: tuple[tuple[int, str], ...] = ()
    one_run: bool = False

    def __len__(self) -> int:
        return len(self.values)

    def of(self, name: str, option: str) -> Floats:
        """One outcome of an option, a value for each draw."""
        return np.asarray(self.values[:, self.options.index(option), self.names.index(name)])

    def noise(self, name: str, option: str) -> Floats:
        """The variance that chance adds to it, for each draw."""
        return np.asarray(self.variance[:, self.options.index(option), self.names.index(name)])


@dataclass(frozen=True)
class Piece:
    """Some draws in a row, from number `first` on."""

    first: int
    rows: Floats

    def __str__(self) -> str:
        return f"draws {self.first + 1} to {self.first + len(self.rows)}"


Evaluate = Callable[[Piece], Answers]


def in_pieces(
    evaluate: Evaluate,
    rows: Floats,
    size: int,
    seconds: float,
    *,
    crew: Crew = alone,
    progress: Progress = silent,
) -> Answers:
    """Answers for every row, so many at a time; after an interruption, those that are whole.

    Raises `KeyboardInterrupt` if there are none.
    """
    pieces = [Piece(first, rows[first : first + size]) for first in range(0, len(rows), size)]
    found: list[Answers] = []
    with suppress(KeyboardInterrupt):
        hands = crew if seconds * len(rows) > WORTH_SHARING else alone
        for each in hands(evaluate, pieces):
            found.append(each)
            progress(sum(map(len, found)), len(rows))
    if not found:
        raise KeyboardInterrupt
    return joined(found)


def joined(parts: Sequence[Answers]) -> Answers:
    """Answers of draws that follow each other, as one."""
    first = parts[0]
    failures: list[tuple[int, str]] = []
    for part, begin in zip(parts, np.cumsum([0, *map(len, parts)]).tolist(), strict=False):
        failures += [(begin + row, why) for row, why in part.failures]
    return Answers(
        first.names,
        first.options,
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.variance for part in parts]),
        tuple(failures),
        first.one_run,
    )


def averages(parameters: Parameters, names: tuple[str, ...], piece: Piece) -> Answers:
    """The outcomes by arithmetic: no chance in them."""
    options = parameters.scenario.options

    def one(row: int) -> dict[str, Figures]:
        found = means(parameters.changed(piece.rows[row]))
        if found is None:
            raise SimulationError("there is no arithmetic for these inputs")
        return found

    return _gathered(names, options, len(piece.rows), one)


def has_averages(parameters: Parameters) -> bool:
    """Whether arithmetic gives the outcomes of this scenario."""
    return means(parameters.scenario) is not None


@dataclass(frozen=True)
class Luckily:
    """How draws are simulated: so many replications each, with luck of their own from a seed.

    The luck of the first draw has the number `first`, and so on.
    """

    seed: int
    replications: int
    engine: EngineName = "auto"
    first: int = 0


def simulations(
    parameters: Parameters, names: tuple[str, ...], luck: Luckily, piece: Piece
) -> Answers:
    """The outcomes simulated, draw by draw; the luck of a draw is addressed by its number."""
    options = parameters.scenario.options

    def one(row: int) -> dict[str, Figures]:
        scenario = parameters.changed(piece.rows[row])
        plans = [compile_site(scenario, site) for site in sorted(scenario.sites)]
        settings = Settings(luck.seed, luck.replications, draw=luck.first + piece.first + row + 1)
        runs = Simulation(plans, lambda cases: chosen(luck.engine, cases * MANY), settings).run()
        return simulated(scenario, runs)

    return _gathered(names, options, len(piece.rows), one)


def only_priced(parameters: Parameters) -> bool:
    """Whether the uncertain inputs only price what staff do, and change nothing that they do.

    Each is moved alone: to its middle, to both its ends, and to every value if it has but some.
    """
    scenario = parameters.scenario
    plans = {site: compile_site(scenario, site) for site in scenario.sites}
    return all(
        compile_site(changed, site) == plan
        for changed in _moved_alone(parameters)
        for site, plan in plans.items()
    )


def _moved_alone(parameters: Parameters) -> Iterator[Scenario]:
    for place, parameter in enumerate(parameters.each):
        for value in _telling_values(parameter.family):
            yield parameters.alone({place: value})


def _telling_values(family: Family) -> list[float]:
    """The middle and the ends of what a number may be, and every value of some few."""
    few: list[float] = list(getattr(family, "values", ()))
    ends = np.array([1e-9, 0.5, 1.0 - 1e-9])
    return [*family.quantile(ends).tolist(), *few]


def repriced_of(
    parameters: Parameters,
    names: tuple[str, ...],
    rows: Floats,
    runs: Runs,
    *,
    progress: Progress = silent,
) -> Answers:
    """The outcomes of every row, by pricing again what one simulation found."""

    def evaluate(piece: Piece) -> Answers:
        def one(row: int) -> dict[str, Figures]:
            return simulated(parameters.changed(piece.rows[row]), runs)

        found = _gathered(names, parameters.scenario.options, len(piece.rows), one)
        return replace(found, one_run=True)

    return in_pieces(evaluate, rows, BY_ARITHMETIC_AT_ONCE, 0.0, progress=progress)


def _gathered(
    names: tuple[str, ...],
    options: tuple[str, ...],
    count: int,
    one: Callable[[int], dict[str, Figures]],
) -> Answers:
    """Answers draw by draw."""
    values = np.full((count, len(options), len(names)), math.nan)
    variance = np.zeros_like(values)
    failures = []
    for row in range(count):
        try:
            found = one(row)
            each = [estimates(found[option], names) for option in options]
        except (ScenarioError, SimulationError, ValueError) as error:
            failures.append((row, str(error)))
            continue
        except ZeroDivisionError:
            failures.append((row, "nobody is referred, so that a case has no cost"))
            continue
        values[row] = [list(map(number, names, some)) for some in each]
        variance[row] = [[(estimate.mcse or 0.0) ** 2 for estimate in some] for some in each]
    return Answers(names, options, values, variance, tuple(failures))


def by_arithmetic_of(
    parameters: Parameters,
    names: tuple[str, ...],
    rows: Floats,
    *,
    crew: Crew = alone,
    progress: Progress = silent,
) -> Answers:
    """The outcomes of every row by arithmetic."""
    return in_pieces(
        partial(averages, parameters, names),
        rows,
        BY_ARITHMETIC_AT_ONCE,
        SECONDS_BY_ARITHMETIC,
        crew=crew,
        progress=progress,
    )


def simulated_of(
    parameters: Parameters,
    names: tuple[str, ...],
    rows: Floats,
    luck: Luckily,
    *,
    crew: Crew = alone,
    progress: Progress = silent,
) -> Answers:
    """The outcomes of every row, simulated."""
    return in_pieces(
        partial(simulations, parameters, names, luck),
        rows,
        SIMULATED_AT_ONCE,
        SECONDS_SIMULATED,
        crew=crew,
        progress=progress,
    )


def failing(answers: Answers) -> Iterator[str]:
    """What went wrong, in words: how many draws could not be evaluated, and why the first."""
    if answers.failures:
        row, why = answers.failures[0]
        many = len(answers.failures)
        yield f"{many} of {len(answers)} draws could not be evaluated; draw {row + 1}: {why}"
