"""How long it takes to get going: the interpreter, the library, the command, the kernel."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.subjects import STUDY, plan_of
from benchmarks.table import Row, Target
from benchmarks.timing import Effort, Launch, launched, python, seconds, spread
from costsim.engines.choice import kernel
from costsim.experiment import Settings, replicate

BARE = "a bare interpreter"
STARTS = {
    BARE: ("-c", "pass"),
    "import costsim": ("-c", "import costsim"),
    "costsim --help": ("-m", "costsim", "--help"),
}
TARGETS = {"import costsim": 0.15, "costsim --help": 0.3}  # seconds more than a bare interpreter
RUN = ("-m", "costsim", "run", str(STUDY), "--quiet", "--workers", "1")
FIRST_CALL = ("-c", "from benchmarks.startup import first_call; first_call()")
Launches = Mapping[str, Callable[[], Launch]]


def rows(effort: Effort) -> Iterator[Row]:
    """Seconds of each start, beside a bare interpreter; the study; the kernel's first call."""
    yield from _starts(effort)
    yield from _study(effort)
    yield from _first_calls(effort)


def first_call() -> None:
    """Print seconds of one replication of the study by a kernel that has not been called."""
    plan = plan_of(STUDY.stem)
    print(seconds(lambda: replicate(plan, kernel(), Settings(seed=1, at_least=1), 0)))


def _starts(effort: Effort) -> Iterator[Row]:
    launches = {name: partial(launched, *command) for name, command in STARTS.items()}
    runs = _in_turn(launches, effort.repeats)
    for name, each in runs.items():
        yield Row(name, "s", spread([run.seconds for run in each]))
        if name in TARGETS:
            more = [run.seconds - bare.seconds for run, bare in zip(each, runs[BARE], strict=True)]
            yield Row(f"{name}, more than bare", "s", spread(more), Target(most=TARGETS[name]))


def _study(effort: Effort) -> Iterator[Row]:
    """Warm runs: a first run of each, which reads files and compiles, is not shown."""
    replications = effort.of(100, 10)
    with tempfile.TemporaryDirectory() as folder:
        run = partial(_run_into, Path(folder), count())
        launches: dict[str, Callable[[], Launch]] = {
            f"costsim run, {replications} replications of the study, {engine}": partial(
                run, "--engine", engine, "--replications", str(replications)
            )
            for engine in ("reference", "kernel")
        }
        if not effort.quick:
            launches["costsim run, the study as shipped"] = run
            _in_turn(launches, 1)
        runs = _in_turn(launches, effort.few_repeats)
    for name, each in runs.items():
        yield Row(name, "s", spread([run.seconds for run in each]), Target(most=3))
        yield Row(f"{name}: most memory", "MB", spread([run.megabytes for run in each]))


def _run_into(folder: Path, number: Iterator[int], *options: str) -> Launch:
    """A whole run of the study, files and all, into a folder of its own."""
    return launched(*RUN, *options, "--out", str(folder / str(next(number))))


def _in_turn(launches: Launches, repeats: int) -> dict[str, list[Launch]]:
    """Runs of each command, one after the other, again and again."""
    turns = [[launch() for launch in launches.values()] for _ in range(repeats)]
    return {name: list(runs) for name, runs in zip(launches, zip(*turns, strict=True), strict=True)}


def _first_calls(effort: Effort) -> Iterator[Row]:
    """With nothing compiled, unless there is no time for that; then with all compiled."""
    if effort.quick:
        warm = [float(python(*FIRST_CALL))]
    else:
        with tempfile.TemporaryDirectory() as folder:
            call = partial(python, *FIRST_CALL, NUMBA_CACHE_DIR=folder)
            cold, *warm = (float(call()) for _ in range(1 + effort.few_repeats))
        yield Row("the kernel's first call, nothing compiled", "s", spread([cold]))
    yield Row("the kernel's first call, compiled before", "s", spread(warm))
