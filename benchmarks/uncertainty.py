"""Draws of the shipped study and a Sobol design of it: seconds, growth, and the largest memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks.table import Row, Target
from benchmarks.timing import Effort, in_turn, launched, ratio, spread
from costsim.executors import LocalProcesses
from costsim.scenario.loader import load
from costsim.uncertainty.designs import cube
from costsim.uncertainty.indices.factors import Factors
from costsim.uncertainty.indices.sobol import SobolDesign, sobol_indices
from costsim.uncertainty.outcomes import money_outcomes
from costsim.uncertainty.parameters import Parameters
from costsim.uncertainty.response import Answers, by_arithmetic_of
from costsim.uncertainty.steady import NET_BENEFIT

STUDY = "scenarios/coram-2017.yaml"
DRAWS, SECONDS = 10_000, Target(most=10.0)
BASE_ROWS, INPUTS = 1024, 20
_RUN = (
    "import sys; from costsim.scenario.loader import load; "
    "from costsim.uncertainty.probabilistic import probabilistic; "
    f"probabilistic(load({STUDY!r}), draws=int(sys.argv[1]))"
)


def rows(effort: Effort) -> Iterator[Row]:
    """Seconds for the draws on two processors and on one, memory, and those of a Sobol design."""
    parameters = Parameters.of(load(STUDY))
    many = effort.of(DRAWS, 200)
    with LocalProcesses(2) as crew:
        draw(parameters, 500, crew)
        once, shared = partial(draw, parameters, many), partial(draw, parameters, many, crew)
        alone, together = in_turn(effort.few_repeats, once, shared)
        yield Row(f"{many:,} draws of the study, two workers", "s", spread(together), SECONDS)
        yield Row("one process / two workers", "x", ratio(alone, together))
        design = partial(sobol, parameters, effort.of(BASE_ROWS, 16), crew)
        (seconds,) = in_turn(1, design)
        size = effort.of(BASE_ROWS, 16)
        label = f"Sobol design, {INPUTS} inputs, N={size:,}: {size * (INPUTS + 2):,} runs"
        yield Row(label, "s", spread(seconds))
    few = effort.of(1_000, 50)
    for count in (few, 10 * few):
        megabytes = launched("-c", _RUN, str(count)).megabytes
        yield Row(f"{count:,} draws: most memory", "MB", spread([megabytes]))


def draw(parameters: Parameters, count: int, crew: LocalProcesses | None = None) -> Answers:
    """Evaluate so many draws."""
    points = cube("latin_hypercube", count, len(parameters), 1)
    names = money_outcomes(parameters.scenario)
    values = parameters.values(points)
    if crew is None:
        return by_arithmetic_of(parameters, names, values)
    return by_arithmetic_of(parameters, names, values, crew=crew)


def sobol(parameters: Parameters, size: int, crew: LocalProcesses) -> None:
    """The indices of the net benefit with all inputs but one, which stays where it is."""
    design = SobolDesign(Factors.single(parameters.names[:INPUTS]), size)
    points = cube("random", design.rows, len(parameters), 1)
    points[:, :INPUTS] = design.cube
    points[:, INPUTS:] = 0.5
    rows = parameters.values(points, dependent=False)
    answers = by_arithmetic_of(parameters, (NET_BENEFIT,), rows, crew=crew)
    sobol_indices(design, answers.of(NET_BENEFIT, "new"))
