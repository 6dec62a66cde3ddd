"""The people of one replication as their stories ask for them: one at a time, in plain numbers.

Everybody's number for a purpose and a visit is worked out when the first of them asks for it, which
is far quicker than one by one, and changes nothing: a number depends on its address alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from costsim.caseload import Addresses, Caseload
from costsim.pathway.plan import Varied
from costsim.scenario.families import Family


class People:
    """A caseload of one replication, by referral."""

    def __init__(self, caseload: Caseload) -> None:
        self._caseload = caseload
        self.arrivals: list[float] = caseload.arrivals.tolist()
        self.counted: list[bool] = caseload.counted.tolist()
        self.starts: list[int] = caseload.starts.tolist()
        self.takes_up: list[bool] = caseload.takes_up.tolist()
        self.leaks: list[bool] = caseload.leaks.tolist()
        self.levels: list[tuple[int, ...]] = [tuple(row) for row in caseload.levels.tolist()]
        self._minutes: dict[tuple[str, int, int], list[float]] = {}
        self._chances: dict[tuple[str, int], list[float]] = {}

    def __len__(self) -> int:
        return len(self.arrivals)

    def in_order(self) -> list[int]:
        """Who is there first at one moment: the backlog, then the others by number."""
        return sorted(range(len(self)), key=lambda referral: self.starts[referral] < 0)

    def minutes(self, purpose: str, varied: Varied[Family], referral: int, visit: int) -> float:
        """A referral's minutes for a purpose at their `visit`-th time there (from 0)."""
        # By identity: the plan holds on to its parts, and hashing them again and again is slow.
        address = (purpose, visit, id(varied))
        if address not in self._minutes:
            found = self._caseload.minutes(purpose, varied, self._at(visit))
            self._minutes[address] = found.tolist()
        return self._minutes[address][referral]

    def chance(self, purpose: str, referral: int, visit: int) -> float:
        """A referral's uniform number for a purpose at their `visit`-th time there."""
        address = (purpose, visit)
        if address not in self._chances:
            self._chances[address] = self._caseload.uniforms(purpose, self._at(visit)).tolist()
        return self._chances[address][referral]

    def _at(self, visit: int) -> Addresses:
        """Where everybody's luck is at a visit."""
        return replace(self._caseload.first, visit=np.full(len(self), visit))
