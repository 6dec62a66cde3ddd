"""The kernel engine's contract with the rest of costsim: a plan and its luck in, a record out."""

from __future__ import annotations

import numpy as np

from costsim.caseload import Caseload, baseline
from costsim.engines.kernel.blueprint import Blueprint, Ints, blueprint_of
from costsim.engines.kernel.clock import run
from costsim.engines.kernel.drawing import Table, draw
from costsim.engines.kernel.journeys import ENDLESS, Journeys, journeys_of, travellers
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
    batch = 20_000.0
    seconds = 1e-6

    def run(self, plan: Plan, luck: Luck) -> dict[str, Record]:
        """The records of some replications; see `costsim.engines.protocol`."""
        compiled = CompiledLuck(**vars(luck))
        people = baseline(plan, compiled)
        return {
            world.name: _run(plan, world, compiled, Caseload(plan, world, compiled, people))
            for world in plan.worlds
        }


def _run(plan: Plan, world: World, luck: CompiledLuck, caseload: Caseload) -> Record:
    blueprint = blueprint_of(plan, world)
    who = travellers(blueprint, caseload)
    journeys = journeys_of(blueprint, who, luck)
    works = draw(blueprint, who, journeys, luck)
    office = _office(blueprint, caseload, journeys, works, _ranks(plan, caseload))
    _let_time_pass(office, plan, caseload)
    case = int(office.state["endless"][0])
    if case != NOBODY:
        number = case - int(caseload.bounds[caseload.replication[case]])
        raise endless(number, blueprint.steps[journeys.target[case] - ENDLESS])
    return record(blueprint, caseload, journeys, office)


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
        state=table(STATE, 1),
    )


def _ranks(plan: Plan, caseload: Caseload) -> Ints:
    """Each case's priority in queues; 0 is served first."""
    ranks = np.array(plan.precedence.options, dtype=np.int64)
    by = plan.precedence.attribute
    return ranks[0] if by is None else ranks[caseload.levels[:, by]]


def _let_time_pass(office: Office, plan: Plan, caseload: Caseload) -> None:
    """Run the clock; with a larger agenda if it was full."""
    order = _order(caseload)
    while True:
        office.state["endless"], office.state["full"] = NOBODY, False
        run(office, caseload.arrivals, order, caseload.bounds, plan.window[1])
        if not office.state["full"][0]:
            return
        office = office._replace(agenda=table(EVENT, 4 * len(office.agenda)))


def _order(caseload: Caseload) -> Ints:
    """Cases in the order in which they arrive; at one moment the backlog first, then by number."""
    times = caseload.arrivals
    later = (np.diff(times) >= 0) | (np.diff(caseload.replication) > 0)
    if later.all() and not caseload.backlog.any():
        return np.arange(len(times))
    return np.lexsort((~caseload.backlog, times, caseload.replication))
