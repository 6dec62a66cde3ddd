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
    order, bounds = _by_step(visits["step"], len(plan.steps))
    at = caseload.addresses(visits["case"][order], visits["number"][order].astype(np.int64))
    first = visits["work"][order]
    for step, place, purpose, varied in plan.draws:
        mine = slice(bounds[step], bounds[step + 1])
        found = caseload.minutes(purpose, varied, at[mine])
        if isinstance(place, str):
            visits[place][order[mine]] = found
        else:
            works["minutes"][first[mine] + place] = found
        if place == "hearing":
            _share_out(plan, step, found, works["minutes"], first[mine])
    return works


def _by_step(step: Ints, steps: int) -> tuple[Ints, Ints]:
    """The visits in order of their activities, and where those to each of them begin and end."""
    small = step.astype(np.int16) if steps < 1 << 15 else step  # small numbers are sorted faster
    counts = np.bincount(small, minlength=steps)
    return np.argsort(small, kind="stable"), np.concatenate([[0], np.cumsum(counts)])


def _share_out(plan: Blueprint, step: int, hearing: Floats, minutes: Floats, first: Ints) -> None:
    """What a hearing takes of the time of all people of each of its members' roles."""
    begin, end = plan.tables.desks["works"][[step, step + 1]]
    for place, people in enumerate(plan.tables.tasks["people"][begin:end]):
        minutes[first + place] = people * hearing
