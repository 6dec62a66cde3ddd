"""The kernel against a hand-written C loop of the same office, with the same generator.

`office.c` knows one model; the kernel knows any. Before either is timed, both must write down the
same: who goes on, and to within a billionth when everybody was reached, seen and decided. (NumPy's
logarithm may differ from the C library's in the last bit.)
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.subjects import plan_of
from benchmarks.table import Row, Target
from benchmarks.timing import Effort, in_turn, ratio, seconds, spread
from costsim.caseload import Caseload, baseline
from costsim.engines.kernel import KernelEngine, clock
from costsim.engines.kernel.engine import Prepared
from costsim.engines.kernel.luck import CompiledLuck
from costsim.pathway.plan import Plan, Step, World
from costsim.results.record import Record
from costsim.sampling import Luck, purpose_key
from costsim.scenario.families import Exponential

COMPILERS = ("cc", "gcc", "clang")
FLAGS = ("-O2", "-ffp-contract=off", "-shared", "-fPIC")
NO_COMPILER = "no compiler"
TARGET = Target(most=1.25)
DESKS = ("contact", "assessment")

_Two = ctypes.c_double * len(DESKS)
_Keys = ctypes.c_uint64 * len(DESKS)
_Counts = ctypes.c_int64 * len(DESKS)
REFERRAL = np.dtype(
    [
        *((name, np.float64) for name in ("arrived", "wait", "decided")),
        *((name, np.float64, len(DESKS)) for name in ("minutes", "reached", "began", "ended")),
        ("goes_on", np.int64),
    ]
)
"""A referral as `office.c` has it."""


class Model(ctypes.Structure):
    """The numbers of the model, as `office.c` has them."""

    _fields_ = (
        ("seed", ctypes.c_uint64),
        ("arrival", ctypes.c_uint64),
        ("wait", ctypes.c_uint64),
        ("minutes", _Keys),
        ("goes_on", ctypes.c_uint64),
        ("closing", ctypes.c_double),
        ("minutes_per_referral", ctypes.c_double),
        ("mean_wait", ctypes.c_double),
        ("mean_minutes", _Two),
        ("share_that_goes_on", ctypes.c_double),
        ("staff", _Counts),
    )


def compiler() -> str | None:
    """The C compiler of this machine: `CC`, or the first that is found."""
    return next(filter(None, map(shutil.which, (os.environ.get("CC", ""), *COMPILERS))), None)


def library(found: str) -> ctypes.CDLL:
    """`office.c`, compiled and loaded."""
    source = Path(__file__).with_name("office.c")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "office.so"
        subprocess.run([found, *FLAGS, "-o", str(target), str(source), "-lm"], check=True)
        return ctypes.CDLL(str(target))


def office() -> Plan:
    """The office that `office.c` knows: the comparator's world alone."""
    plan = plan_of("office")
    return replace(plan, worlds=plan.worlds[:1])


def model_of(plan: Plan, seed: int) -> Model:
    """The numbers of the model, read from its plan."""
    steps = {step.name: step for step in plan.worlds[0].comparator.steps}
    works = [next(steps[name].works()) for name in DESKS]
    wait = steps["contact"].wait
    if wait is None:
        raise ValueError("office.c has everybody wait before the first desk")
    return Model(
        seed=seed,
        arrival=purpose_key(plan.site, "arrival"),
        wait=purpose_key(plan.site, "wait/contact"),
        minutes=_Keys(*(purpose_key(plan.site, work.purpose) for work in works)),
        goes_on=purpose_key(plan.site, "route/contact"),
        closing=plan.closing,
        minutes_per_referral=plan.closing / plan.demand.per_year,
        mean_wait=_mean(wait.options[0]),
        mean_minutes=_Two(*(_mean(work.minutes.options[0]) for work in works)),
        share_that_goes_on=steps["contact"].routes.options[0].cumulative[0],
        staff=_Counts(*(plan.posts[work.role].headcount or 0 for work in works)),
    )


def _mean(family: object) -> float:
    if not isinstance(family, Exponential):
        raise ValueError(f"office.c cannot draw from {family}")
    return family.mean


@dataclass
class Loop:
    """The C loop over some replications: draws, and a clock."""

    library: ctypes.CDLL
    model: Model
    replications: int
    room: int

    def everything(self) -> NDArray[np.void]:
        """The referrals of all replications, and what happened to them."""
        found, bounds = self.draw()
        self.let_time_pass(found, bounds)
        return found[: bounds[-1]]

    def draw(self) -> tuple[NDArray[np.void], NDArray[np.int64]]:
        """The referrals with what luck decides, and where each replication's begin."""
        found = np.empty(self.room, dtype=REFERRAL)
        bounds = np.empty(self.replications + 1, dtype=np.int64)
        self._call("draw", found, bounds)
        return found, bounds

    def let_time_pass(self, found: NDArray[np.void], bounds: NDArray[np.int64]) -> None:
        """Write down what happens to referrals that have been drawn."""
        if self._call("run_clock", found, bounds):
            raise MemoryError

    def _call(self, name: str, found: NDArray[np.void], bounds: NDArray[np.int64]) -> int:
        count = ctypes.c_int64(self.replications)
        places = (ctypes.c_void_p(each.ctypes.data) for each in (found, bounds))
        return int(getattr(self.library, name)(ctypes.byref(self.model), count, *places))


@dataclass
class Kernel:
    """The kernel engine over the same replications."""

    plan: Plan
    luck: Luck

    @property
    def world(self) -> World:
        """The only world."""
        return self.plan.worlds[0]

    def everything(self) -> Record:
        """The record of all replications."""
        return KernelEngine().run(self.plan, self.luck)[self.world.name]

    def clock(self) -> tuple[Callable[..., object], tuple[Any, ...]]:
        """The compiled clock, and what it is given when everything has been drawn."""
        luck = CompiledLuck(**vars(self.luck))
        caseload = Caseload(self.plan, self.world, luck, baseline(self.plan, luck))
        prepared = Prepared.of(self.plan, self.world, luck, caseload)
        return clock.run, prepared.clock(self.plan, caseload)


def differences(world: World, record: Record, found: NDArray[np.void]) -> list[str]:
    """What the kernel and the C loop do not agree about; nothing if all is well."""
    if len(record.cases.arrived) != len(found):
        return [f"{len(record.cases.arrived)} referrals, not {len(found)}"]
    wrong = list(_apart("decided", record.cases.decided, found["decided"]))
    steps: tuple[Step, ...] = world.comparator.steps
    for number, name in enumerate(DESKS):
        at = np.flatnonzero(record.visits.step == [step.name for step in steps].index(name))
        came = np.arange(len(found)) if number == 0 else np.flatnonzero(found["goes_on"])
        if not np.array_equal(record.visits.case[at], came):
            wrong.append(f"who comes to {name}")
            continue
        for column in ("reached", "began", "ended"):
            there = getattr(record.visits, column)[at]
            wrong += _apart(f"{name} {column}", there, found[column][came, number])
    return wrong


def _apart(what: str, one: NDArray[np.float64], other: NDArray[np.float64]) -> Iterator[str]:
    far = np.flatnonzero(~np.isclose(one, other, rtol=1e-9, atol=0))
    if len(far):
        yield f"{what} of referral {far[0] + 1}: {one[far[0]]!r}, not {other[far[0]]!r}"


def pair(found: str, replications: int) -> tuple[Kernel, Loop]:
    """Both over so many replications, once it is certain that they do the same.

    Raises ValueError with what differs if they do not.
    """
    plan = office()
    luck = Luck(seed=93, site=plan.site, replications=replications)
    kernel = Kernel(plan, luck)
    record = kernel.everything()
    room = 2 * len(record.cases.arrived) + 100
    loop = Loop(library(found), model_of(plan, luck.seed), replications, room)
    wrong = differences(kernel.world, record, loop.everything())
    if wrong:
        raise ValueError(f"the kernel and office.c differ: {'; '.join(wrong)}")
    return kernel, loop


def rows(effort: Effort) -> Iterator[Row]:
    """The two ratios, and the C loop's own speed."""
    names = ("C loop: cases/s", "kernel : C, all included", "kernel : C, the clock alone")
    found = compiler()
    if found is None:
        yield from (Row(name, "", None, note=NO_COMPILER) for name in names)
        return
    kernel, loop = pair(found, effort.of(20, 2))
    cases = len(loop.everything())
    ours, theirs = in_turn(
        2 * effort.repeats, kernel.everything, loop.everything, clock=process_time
    )
    yield Row(names[0], "cases/s", spread([cases / each for each in theirs]))
    yield Row(names[1], "x time", ratio(ours, theirs), TARGET)
    yield Row(names[2], "x time", ratio(*_clocks(kernel, loop, 2 * effort.repeats)), TARGET)


def _clocks(kernel: Kernel, loop: Loop, repeats: int) -> tuple[list[float], list[float]]:
    """Seconds of each clock on the same minutes; both start from a fresh copy, made beforehand."""
    run, given = kernel.clock()
    drawn, bounds = loop.draw()
    ours, theirs = [], []
    for _ in range(repeats):
        ours.append(seconds(partial(run, *deepcopy(given)), process_time))
        theirs.append(seconds(partial(loop.let_time_pass, drawn.copy(), bounds), process_time))
    return ours, theirs
