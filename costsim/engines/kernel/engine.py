"""The kernel engine's contract with the rest of costsim: a plan and its luck in, a record out."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from costsim.caseload import Caseload, baseline
from costsim.engines.kernel.blueprint import Blueprint, Ints, blueprint_of
from costsim.engines.kernel.clock import run
from costsim.engines.kernel.drawing import Table, draw
from costsim.engines.kernel.journeys import ENDLESS, Journeys, journeys_of, travellers
from costsim.engines.kernel.keeping import is_kept
from costsim.engines.kernel.luck import CompiledLuck
from costsim.engines.kernel.office import CASE, EVENT, LINE, NOBODY, STATE, Office, table
from costsim.engines.kernel.recording import record
from costsim.engines.protocol import endless
from costsim.pathway.plan import Plan, World
from costsim.results.record import Record
from costsim.sampling import Luck


class KernelEngine:
    """Runs replications of a world in compiled code."""

    name = "kernel"
    cases_at_once = 60_000.0  # 40 MB; fewer take longer, and more no less
    seconds_per_case = 1e-6

    @property
    def ready(self) -> bool:
        """Whether its code is compiled, or kept from another time."""
        return bool(getattr(run, "overloads", True)) or is_kept()

    def run(self, plan: Plan, luck: Luck) -> dict[str, Record]:
        """The records of some replications; see `costsim.engines.protocol`."""
        hold_on_to_memory()
        compiled = CompiledLuck(**vars(luck))
        people = baseline(plan, compiled)
        return {
            world.name: _run(plan, world, compiled, Caseload(plan, world, compiled, people))
            for world in plan.worlds
        }


@cache
def hold_on_to_memory() -> None:
    """Have the C library keep what is freed, for the next batch wants as much again.

    glibc gives large blocks back to the system, which hands them out again blank, page by page: a
    fifth of the time went there. It stops doing so with blocks of up to the size of one that was
    freed (its dynamic M_MMAP_THRESHOLD, at most 32 MB), so a large one is taken and freed, unused.
    Other libraries take no notice.
    """
    np.empty(30 << 20, dtype=np.uint8)


class Prepared(NamedTuple):
    """A world whose every number is drawn: all that is left is to let time pass."""

    blueprint: Blueprint
    journeys: Journeys
    office: Office
    order: Ints

    @classmethod
    def of(cls, plan: Plan, world: World, luck: CompiledLuck, caseload: Caseload) -> Prepared:
        """Find everybody's journey, draw their minutes, and open the office."""
        blueprint = blueprint_of(plan, world)
        who = travellers(blueprint, caseload)
        journeys = journeys_of(blueprint, who, luck)
        works = draw(blueprint, who, journeys, luck)
        office = _office(blueprint, caseload, journeys, works, _ranks(plan, caseload))
        return cls(blueprint, journeys, office, _order(caseload))

    def clock(self, plan: Plan, caseload: Caseload) -> tuple[Any, ...]:
        """What `costsim.engines.kernel.clock.run` is to be given."""
        return self.office, caseload.arrivals, self.order, caseload.bounds, plan.window[1]


def _run(plan: Plan, world: World, luck: CompiledLuck, caseload: Caseload) -> Record:
    prepared = Prepared.of(plan, world, luck, caseload)
    run(*prepared.clock(plan, caseload))
    while prepared.office.state["full"][0]:
        prepared = prepared._replace(office=_with_more_room(prepared.office))
        run(*prepared.clock(plan, caseload))
    case = int(prepared.office.state["endless"][0])
    if case != NOBODY:
        number = case - int(caseload.bounds[caseload.replication[case]])
        raise endless(number, prepared.blueprint.steps[prepared.journeys.target[case] - ENDLESS])
    return record(prepared.blueprint, caseload, prepared.journeys, prepared.office)


def _with_more_room(office: Office) -> Office:
    """The same before it opens, with a larger agenda."""
    agenda = table(EVENT, 4 * len(office.agenda))
    return office._replace(agenda=agenda, state=table(STATE, 1, endless=NOBODY))


def _office(
    blueprint: Blueprint, caseload: Caseload, journeys: Journeys, works: Table, ranks: Ints
) -> Office:
    largest = int(np.diff(caseload.bounds).max())
    tables = blueprint.tables
    lines = len(tables.posts) + len(tables.meetings), int(ranks.max(initial=0)) + 1
    together = int((tables.turns["last"] - tables.turns["first"]).max(initial=1))
    return Office(
        desks=tables.desks,
        turns=tables.turns,
        tasks=tables.tasks,
        posts=tables.posts.copy(),
        meetings=tables.meetings.copy(),
        cases=table(
            CASE,
            len(caseload),
            end=journeys.bounds[1:],
            rank=ranks,
            counted=caseload.counted,
            endless=journeys.target >= ENDLESS,
        ),
        visits=journeys.visits,
        works=works,
        agenda=table(EVENT, 64 + 4 * largest),
        moment=table(EVENT, largest),
        lines=np.zeros(lines, dtype=LINE),
        queues=np.empty((*lines, largest), dtype=np.int32),
        to_serve=np.empty(1 + (together - 1) * largest, dtype=np.int64),
        state=table(STATE, 1, endless=NOBODY),
    )


def _ranks(plan: Plan, caseload: Caseload) -> Ints:
    """Each case's priority in queues; 0 is served first."""
    ranks = np.array(plan.precedence.options, dtype=np.int64)
    by = plan.precedence.attribute
    return ranks[0] if by is None else ranks[caseload.levels[:, by]]


def _order(caseload: Caseload) -> Ints:
    """Cases in the order in which they arrive; at one moment the backlog first, then by number."""
    times = caseload.arrivals
    later = (np.diff(times) >= 0) | (np.diff(caseload.replication) > 0)
    if later.all() and not caseload.backlog.any():
        return np.arange(len(times))
    return np.lexsort((~caseload.backlog, times, caseload.replication))
