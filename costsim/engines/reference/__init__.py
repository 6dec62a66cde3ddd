"""The reference engine: SimPy, one process for each referral. `office` tells the story."""

from __future__ import annotations

from costsim.caseload import Caseload, Group, baseline
from costsim.engines.reference.office import Office
from costsim.pathway.plan import Plan, World
from costsim.results.record import Record, joined
from costsim.sampling import Luck


class ReferenceEngine:
    """Runs worlds with SimPy, one process for each referral, one replication after the other."""

    name = "reference"
    cases_at_once = 1.0
    seconds_per_case = 5e-5
    ready = True

    def run(self, plan: Plan, luck: Luck) -> dict[str, Record]:
        """The records of some replications; see `costsim.engines.protocol`."""
        each = [luck.of(number) for number in range(luck.replications)]
        people = [(one, baseline(plan, one)) for one in each]
        return {world.name: _run(plan, world, people) for world in plan.worlds}


def _run(plan: Plan, world: World, people: list[tuple[Luck, Group]]) -> Record:
    caseloads = [Caseload(plan, world, luck, who) for luck, who in people]
    return joined([Office(plan, world, each).run() for each in caseloads])
