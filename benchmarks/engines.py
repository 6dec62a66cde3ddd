"""The two engines against each other: cases a second over the same plan, random numbers included.

A case is one referral in one world. Each engine is given as many replications as it likes at a
time; the reference fewer, for it would take minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from time import process_time

from benchmarks.subjects import plan_of
from benchmarks.table import Row, Target
from benchmarks.timing import Effort, in_turn, ratio, spread
from costsim.engines.choice import kernel, reference
from costsim.engines.protocol import Engine
from costsim.experiment import Settings, Stretch, batch, replicate
from costsim.pathway.expectation import cases_in
from costsim.pathway.plan import Plan

SCENARIOS = {
    "coram-2017": "the study",
    "scarce-staff": "scarce staff",
    "congested": "a busy office",
}
SETTINGS = Settings(seed=7, at_least=1)
TARGET = Target(least=100)


@dataclass(frozen=True)
class Load:
    """So many replications of a plan by one engine."""

    engine: Engine
    plan: Plan
    replications: int

    def run(self) -> int:
        """How many cases there were, when they are all recorded."""
        records = replicate(self.plan, self.engine, SETTINGS, 0, self.replications)
        return sum(len(record.cases.arrived) for record in records.values())

    def run_with_tallies(self) -> None:
        """The totals that results are made of, too."""
        batch(self.engine, SETTINGS, Stretch(self.plan, 0, self.replications))


def loads(plan: Plan, effort: Effort) -> tuple[Load, Load]:
    """What the kernel does, and what the reference does meanwhile."""
    several = partial(_replications, plan)
    small = effort.of(4_000, 500)
    ours = kernel()
    return (
        Load(ours, plan, several(effort.of(int(ours.cases_at_once), 2_000))),
        Load(reference(), plan, several(small)),
    )


def _replications(plan: Plan, cases: float) -> int:
    return max(1, round(cases / cases_in(plan)))


def rows(effort: Effort) -> Iterator[Row]:
    """Cases a second of both engines, without and with tallies, and their ratio."""
    for file, title in SCENARIOS.items():
        ours, theirs = loads(plan_of(file), effort)
        cases = ours.run(), theirs.run()  # whatever is compiled or kept is so from now on
        yield from _compared(title, cases, (ours.run, theirs.run), effort)
        tallied = ours.run_with_tallies, theirs.run_with_tallies
        yield from _compared(f"{title}, with tallies", cases, tallied, effort)


def _compared(
    title: str,
    cases: tuple[int, int],
    works: tuple[Callable[[], object], Callable[[], object]],
    effort: Effort,
) -> Iterator[Row]:
    times = in_turn(effort.repeats, *works, clock=process_time)
    ours, theirs = (
        [count / each for each in taken] for count, taken in zip(cases, times, strict=True)
    )
    yield Row(f"{title}: kernel", "cases/s", spread(ours))
    yield Row(f"{title}: reference", "cases/s", spread(theirs))
    yield Row(f"{title}: kernel / reference", "x", ratio(ours, theirs), TARGET)
