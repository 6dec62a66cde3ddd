"""The minutes of every visit and of every piece of work, drawn before the clock runs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from costsim.caseload import Caseload
from costsim.engines.kernel.blueprint import Blueprint, Floats, Ints
from costsim.engines.kernel.journeys import Journeys
from costsim.engines.kernel.office import WORK

Table = NDArray[np.void]


def draw(plan: Blueprint, caseload: Caseload, ways: Journeys) -> Table:
    """Draw the minutes of some journeys: those of visits into the visits, the others into works."""
    visits, works = ways.visits, np.empty(ways.works, dtype=WORK)
    by_step = _rows_by_step(visits["step"], len(plan.steps))
    for step, place, purpose, varied in plan.draws:
        rows = by_step[step]
        found = caseload.minutes(purpose, varied, visits["case"][rows], visits["number"][rows])
        if isinstance(place, str):
            visits[place][rows] = found
        else:
            works["minutes"][visits["work"][rows] + place] = found
        if place == "hearing":
            _share_out(plan, step, found, works["minutes"], visits["work"][rows])
    return works


def _rows_by_step(step: Ints, steps: int) -> list[Ints]:
    """The visits to each activity, in order."""
    small = step.astype(np.int16) if steps < 1 << 15 else step  # small numbers are sorted faster
    order = np.argsort(small, kind="stable")
    return np.split(order, np.searchsorted(small[order], np.arange(1, steps)))


def _share_out(plan: Blueprint, step: int, hearing: Floats, minutes: Floats, first: Ints) -> None:
    """What a hearing takes of the time of all people of each of its members' roles."""
    begin, end = plan.tables.desks["works"][[step, step + 1]]
    for place, people in enumerate(plan.tables.tasks["people"][begin:end]):
        minutes[first + place] = people * hearing
