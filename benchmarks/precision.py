"""Time to an answer: until the saving per case is known to within £1, by costsim and by hand.

costsim lets every pathway meet the same families with the same luck, so that the pathways' costs
rise and fall together, and what differs between them is seen after fewer replications.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks import plain
from benchmarks.subjects import scenario
from benchmarks.table import Row
from benchmarks.timing import Effort, ratio, seconds, spread
from costsim.engines.choice import EngineName
from costsim.evaluation import Evaluation, evaluate
from costsim.scenario.schema import Scenario

BY_COSTSIM: tuple[EngineName, ...] = ("kernel", "reference")


def by_costsim(written: Scenario, precision: float, engine: EngineName, seed: int) -> Evaluation:
    """What costsim finds."""
    return evaluate(written, precision=precision, engine=engine, seed=seed, keep=0)


def rows(effort: Effort) -> Iterator[Row]:
    """Replications and seconds of each way, and how many times a plain script needs."""
    pounds = float(effort.of(1, 4))
    written = scenario("visit")
    by_costsim(written, 100.0, "kernel", 0)  # whatever is compiled is so from now on
    turns = [_turn(written, pounds, seed) for seed in range(effort.few_repeats)]
    replications, *times = (list(each) for each in zip(*turns, strict=True))
    ours, plainly = (list(each) for each in zip(*replications, strict=True))
    goal = f"to +-£{pounds:g}"
    yield Row(f"replications {goal}: costsim", "replications", spread(ours))
    yield Row(f"replications {goal}: plain SimPy", "replications", spread(plainly))
    yield Row(f"replications {goal}: plain / costsim", "x", ratio(plainly, ours))
    yield from _times(goal, *times)


def _turn(
    written: Scenario, pounds: float, seed: int
) -> tuple[tuple[float, float], float, float, float]:
    """How many replications costsim and the script need, and seconds of each way."""
    needed: list[float] = []

    def run(engine: EngineName) -> None:
        needed.append(by_costsim(written, pounds, engine, seed).runs.replications)

    def script() -> None:
        needed.append(plain.study(pounds, seed).replications)

    kernel, reference = (seconds(partial(run, each)) for each in BY_COSTSIM)
    by_hand = seconds(script)
    return (needed[0], needed[-1]), kernel, reference, by_hand


def _times(
    goal: str, kernel: list[float], reference: list[float], by_hand: list[float]
) -> Iterator[Row]:
    yield Row(f"time {goal}: costsim, kernel", "s", spread(kernel))
    yield Row(f"time {goal}: costsim, reference", "s", spread(reference))
    yield Row(f"time {goal}: plain SimPy", "s", spread(by_hand))
    yield Row(f"time {goal}: plain / kernel", "x", ratio(by_hand, kernel))
    yield Row(f"time {goal}: plain / reference", "x", ratio(by_hand, reference))
