"""The reference engine: SimPy, one process for each referral. `office` tells the story."""

from __future__ import annotations

from costsim.caseload import Caseload, baseline
from costsim.engines.reference.office import Office
from costsim.pathway.plan import Plan
from costsim.results.record import Record, joined
from costsim.sampling import Luck


class ReferenceEngine:
    """Runs worlds with SimPy, one process for each referral, one replication after the other."""

    name = "reference"
    batch = 1.0
    seconds = 6e-5

    def run(self, plan: Plan, luck: Luck) -> dict[str, Record]:
        """The records of some replications; see `costsim.engines.protocol`."""
        each = [self._replication(plan, luck.of(n)) for n in range(luck.replications)]
        return {world.name: joined([one[world.name] for one in each]) for world in plan.worlds}

    def _replication(self, plan: Plan, luck: Luck) -> dict[str, Record]:
        people = baseline(plan, luck)
        return {
            world.name: Office(plan, world, Caseload(plan, world, luck, people)).run()
            for world in plan.worlds
        }
