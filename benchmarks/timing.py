"""Times that can be compared on a machine that others use too: taken in turn, several times over.

Whatever slows the machine for a while then slows all that are compared, and their ratio stays.
What one process does alone is measured by the processor's time for it, all else by the clock on the
wall.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

Clock = Callable[[], float]

ROOT = Path(__file__).parent.parent
_LAUNCH = """\
import resource, subprocess, sys, time
command = [sys.executable, *sys.argv[1:]]
begin = time.perf_counter()
subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
taken = time.perf_counter() - begin
print(taken, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@dataclass(frozen=True)
class Effort:
    """How much is measured: everything, or a little of it to see that it works."""

    quick: bool = False

    def of(self, full: int, quick: int) -> int:
        """How many there are of something."""
        return quick if self.quick else full

    @property
    def repeats(self) -> int:
        """How often each time is taken."""
        return self.of(9, 1)

    @property
    def few_repeats(self) -> int:
        """How often a time is taken that is long."""
        return self.of(3, 1)


@dataclass(frozen=True)
class Spread:
    """The median of several measurements, the least, the greatest, and how many they were."""

    median: float
    least: float
    greatest: float
    repeats: int


def spread(values: Sequence[float]) -> Spread:
    """What to say of several measurements.

    >>> spread([3.0, 1.0, 2.0])
    Spread(median=2.0, least=1.0, greatest=3.0, repeats=3)
    """
    return Spread(median(values), min(values), max(values), len(values))


def ratio(ones: Sequence[float], others: Sequence[float]) -> Spread:
    """How many times the others the ones are, turn by turn.

    >>> ratio([2.0, 9.0], [1.0, 3.0]).median
    2.5
    """
    return spread([one / other for one, other in zip(ones, others, strict=True)])


def seconds(work: Callable[[], object], clock: Clock = perf_counter) -> float:
    """How long some work takes, by the clock on the wall unless another is given."""
    begin = clock()
    work()
    return clock() - begin


class Used(NamedTuple):
    """What some work took: seconds on the wall, and of all processors together."""

    wall: float
    processors: float


def used(work: Callable[[], object]) -> Used:
    """What some work takes, of this process and of its children that live on."""
    before = processors_time()
    wall = seconds(work)
    return Used(wall, processors_time() - before)


def processors_time() -> float:
    """Seconds of processors that this process has had, with all its children that live."""
    import psutil

    times = [each.cpu_times() for each in psutil.Process().children(recursive=True)]
    return process_time() + float(sum(each.user + each.system for each in times))


def in_turn(
    repeats: int, *works: Callable[[], object], clock: Clock = perf_counter
) -> list[list[float]]:
    """Seconds of each of some works, which are done one after the other, again and again."""
    turns = [[seconds(work, clock) for work in works] for _ in range(repeats)]
    return [list(times) for times in zip(*turns, strict=True)]


def python(*arguments: str, **environment: str) -> str:
    """What a fresh interpreter prints, started in the checkout."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=_with(environment),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


class Launch(NamedTuple):
    """Seconds from the start of a process to its end, and the most memory that it held."""

    seconds: float
    megabytes: float


def launched(*arguments: str) -> Launch:
    """A run of a fresh interpreter in the checkout.

    It is started by a small one: Linux counts what the parent held as if the child had held it.
    """
    taken, most = python("-c", _LAUNCH, *arguments).split()
    return Launch(float(taken), int(most) / (1 << 20 if sys.platform == "darwin" else 1 << 10))


def _with(environment: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, **environment}
