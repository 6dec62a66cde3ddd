"""The minutes of every visit and of every piece of work, drawn before the clock runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from costsim.engines.kernel.blueprint import Blueprint, Floats, Ints
from costsim.engines.kernel.compiling import compiled
from costsim.engines.kernel.journeys import Journeys, Travellers
from costsim.engines.kernel.luck import CompiledLuck, fill_visits
from costsim.engines.kernel.office import WORK
from costsim.pathway.plan import Varied
from costsim.sampling import is_settled, values
from costsim.scenario.families import Family

Table = NDArray[np.void]


def draw(blueprint: Blueprint, who: Travellers, journeys: Journeys, luck: CompiledLuck) -> Table:
    """Draw the minutes of some journeys: those of visits into the visits, the others into works."""
    visits, works = journeys.visits, np.empty(journeys.works, dtype=WORK)
    steps = list(_by_step(visits, len(blueprint.steps)))
    for each in blueprint.draws:
        there = _There(who, visits, steps[each.step])
        found = there.minutes(each.purpose, each.minutes, luck)
        if each.column:
            visits[each.column][there.rows] = found
        else:
            put(works, visits, there.rows, each.work, found)
        if each.column == "hearing":
            _share_out(blueprint, each.step, found, there, works)
    return works


@dataclass(frozen=True)
class _There:
    """The visits to one activity: their rows in the table of all visits."""

    who: Travellers
    visits: Table
    rows: Ints

    def minutes(self, purpose: str, varied: Varied[Family], luck: CompiledLuck) -> Floats:
        """What the luck of each visit comes to, for a purpose."""
        u = np.zeros(len(self.rows))
        if not is_settled(varied):
            fill_visits(luck.at(purpose), self.who.where, self.visits, self.rows, u)
        levels = self.who.levels
        return values(varied, u, levels if varied.attribute is None else levels[self.cases])

    @property
    def cases(self) -> Ints:
        """Whose visits they are."""
        return np.asarray(self.visits["case"][self.rows])


def _share_out(
    blueprint: Blueprint, step: int, hearing: Floats, there: _There, works: Table
) -> None:
    """What a hearing takes of the time of all people of each of its members' roles."""
    begin, end = blueprint.tables.desks["works"][[step, step + 1]]
    for place, people in enumerate(blueprint.tables.tasks["people"][begin:end]):
        put(works, there.visits, there.rows, place, people * hearing)


def _by_step(visits: Table, steps: int) -> Iterator[Ints]:
    """The rows of the visits to each activity."""
    rows, ends = np.empty(len(visits), dtype=np.int64), np.zeros(steps, dtype=np.int64)
    sort_by_step(visits, rows, ends)
    for begin, end in pairwise([0, *ends.tolist()]):
        yield rows[begin:end]


@compiled
def sort_by_step(visits: Any, rows: Any, ends: Any) -> None:
    """The rows of visits in order of their activities, and where those to each of them end."""
    for row in range(len(visits)):
        ends[visits[row]["step"]] += 1
    total = np.int64(0)
    for step in range(len(ends)):
        total += ends[step]
        ends[step] = total - ends[step]
    for row in range(len(visits)):
        step = visits[row]["step"]
        rows[ends[step]] = row
        ends[step] += 1


@compiled
def put(works: Any, visits: Any, rows: Any, place: Any, minutes: Any) -> None:
    """Write the minutes of the work at a place (from 0) of each of some visits."""
    for number in range(len(rows)):
        works[visits[rows[number]]["work"] + place]["minutes"] = minutes[number]
