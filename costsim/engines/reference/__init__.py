"""The reference engine: SimPy, one process for each referral. `office` tells the story."""

from __future__ import annotations

from costsim.caseload import Caseload
from costsim.engines.reference.office import Office
from costsim.pathway.plan import Plan, World
from costsim.results.record import Record


class ReferenceEngine:
    """Runs a world with SimPy, one process for each referral."""

    name = "reference"

    def run(self, plan: Plan, world: World, caseload: Caseload) -> Record:
        """The record of one replication; see `costsim.engines.protocol`."""
        return Office(plan, world, caseload).run()
