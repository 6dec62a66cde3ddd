"""What every engine does: run a caseload through one world of a plan, and record what happened."""

from __future__ import annotations

from typing import Protocol

from costsim.caseload import Caseload
from costsim.pathway.plan import Plan, World
from costsim.results.record import Record

MOST_VISITS = 1000


class Engine(Protocol):
    """A way to run a world. All engines give the same record, bit for bit."""

    name: str

    def run(self, plan: Plan, world: World, caseload: Caseload) -> Record:
        """The record of one replication.

        Raises `SimulationError` if a referral goes round in a loop more than `MOST_VISITS` times.
        """
