"""How long it takes to get going: the interpreter, the library, the command, the compiled kernel."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.problems import STUDY, plan_of
from benchmarks.table import Row
from benchmarks.timing import Effort, in_turn, peak_megabytes, python, seconds, spread
from costsim.engines.choice import EngineName, kernel
from costsim.experiment import Settings, replicate

ENGINES: tuple[EngineName, ...] = ("reference", "kernel")


def rows(effort: Effort) -> Iterator[Row]:
    """Seconds of each start, beside a bare interpreter; the study; the first call; memory."""
    yield from _starts(effort)
    with tempfile.TemporaryDirectory() as folder:
        commands = {each: partial(study, each, Path(folder), count()) for each in ENGINES}
        yield from _study(commands, effort)
        for engine, command in commands.items():
            peak = peak_megabytes(*command())
            yield Row(f"the study, {engine}: most memory", "MB", spread([peak]))
    yield from _first_calls(effort)


def _starts(effort: Effort) -> Iterator[Row]:
    starts = {
        "a bare interpreter": ("-c", "pass"),
        "import costsim": ("-c", "import costsim"),
        "costsim --help": ("-m", "costsim", "--help"),
    }
    targets = ("", "at most 0.15 more than bare", "at most 0.3 more than bare")
    works = [partial(python, *arguments) for arguments in starts.values()]
    times = in_turn(effort.repeats, *works)
    for title, taken, target in zip(starts, times, targets, strict=True):
        yield Row(title, "s", spread(taken), target)
        if target:
            more = [one - bare for one, bare in zip(taken, times[0], strict=True)]
            yield Row(f"{title}, less a bare interpreter", "s", spread(more), target)


def study(engine: EngineName, folder: Path, number: Iterator[int]) -> tuple[str, ...]:
    """The arguments of a whole run of the study, files and all, each into a folder of its own."""
    out = folder / f"{engine}-{next(number)}"
    return (
        *("-m", "costsim", "run", str(STUDY), "--quiet", "--workers", "1"),
        *("--engine", engine, "--out", str(out)),
    )


def _study(
    commands: dict[EngineName, Callable[[], tuple[str, ...]]], effort: Effort
) -> Iterator[Row]:
    """Warm runs: the first of each engine is not timed."""
    works = [lambda command=each: python(*command()) for each in commands.values()]
    for work in works if not effort.quick else ():
        work()
    times = in_turn(effort.few_repeats, *works)
    for engine, taken in zip(commands, times, strict=True):
        yield Row(f"costsim run, the study, {engine}", "s", spread(taken), "at most 3")


def first_call() -> None:
    """One replication of the study by the kernel, in a process that has never called it."""
    plan = plan_of("coram-2017")
    taken = seconds(lambda: replicate(plan, kernel(), Settings(seed=1, at_least=1), 0))
    print(taken)


def _first_calls(effort: Effort) -> Iterator[Row]:
    """With nothing compiled, which takes long and is left out if in a hurry; then all compiled."""
    call = ("-c", "from benchmarks.startup import first_call; first_call()")
    if effort.quick:
        yield Row("the kernel's first call, compiled before", "s", spread([float(python(*call))]))
        return
    with tempfile.TemporaryDirectory() as folder:
        cold, *warm = (
            float(python(*call, NUMBA_CACHE_DIR=folder)) for _ in range(1 + effort.few_repeats)
        )
    yield Row("the kernel's first call, nothing compiled", "s", spread([cold]))
    yield Row("the kernel's first call, compiled before", "s", spread(warm))
