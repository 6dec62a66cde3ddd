"""Two local processes against this one alone, over the same replications of a busy office."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from functools import partial

from benchmarks.subjects import plan_of
from benchmarks.table import Row, Target
from benchmarks.timing import Effort, in_turn, ratio, spread, used
from costsim.engines.choice import kernel
from costsim.executors import Crew, LocalProcesses, alone
from costsim.experiment import Settings, Stretch, batch
from costsim.pathway.expectation import cases_in

WORKERS = 2
TARGET = Target(least=1.7)


def rows(effort: Effort) -> Iterator[Row]:
    """Seconds of one and of two, and how many times quicker two are."""
    work = stretches(effort.of(40, 2 * WORKERS), effort)
    once = partial(simulate, alone, work)
    once()  # whatever is compiled is so from now on
    with LocalProcesses(WORKERS) as crew:
        shared = partial(simulate, crew, work)
        busy = f"before it began, {os.getloadavg()[0]:.1f} of {os.cpu_count()} processors were busy"
        first = in_turn(1, once, shared)
        turns = [(used(once), used(shared)) for _ in range(effort.repeats)]
    one, two = ([turn[hands].wall for turn in turns] for hands in (0, 1))
    yield Row("one process", "s", spread(one))
    yield Row("two workers, already there", "s", spread(two))
    yield Row("one / two already there", "x", ratio(one, two), TARGET, busy)
    yield Row("one / two that must start first", "x", ratio(*first))
    one, two = ([turn[hands].processors for turn in turns] for hands in (0, 1))
    yield Row("processors' time: two already there / one", "x", ratio(two, one))


def stretches(count: int, effort: Effort) -> list[Stretch]:
    """Pieces of work as a simulation makes them: as many replications as the kernel likes."""
    plan = plan_of("congested")
    size = max(1, int(effort.of(int(kernel().cases_at_once), 2_000) / cases_in(plan)))
    return [Stretch(plan, first, size) for first in range(0, count * size, size)]


def simulate(crew: Crew, work: list[Stretch]) -> None:
    """Let a crew do the work, and let go of each result."""
    deque(crew(partial(batch, kernel(), Settings(seed=3, at_least=1)), work), maxlen=0)
