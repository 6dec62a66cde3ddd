"""From what the clock wrote down to a record: what was reached, in columns, in order."""

from __future__ import annotations

from typing import Any

import numpy as np

from costsim.caseload import Caseload
from costsim.engines.kernel.blueprint import Blueprint
from costsim.engines.kernel.compiling import compiled
from costsim.engines.kernel.journeys import Journeys
from costsim.engines.kernel.office import NOBODY, Office
from costsim.results.record import WITHDRAWN, Cases, Record, Visits, WorkDone


def record(blueprint: Blueprint, caseload: Caseload, journeys: Journeys, office: Office) -> Record:
    """The record of a clock that has stopped, without what was never reached."""
    visits, works = len(office.visits), len(office.works)
    what, when = np.empty((4, visits), dtype=np.int64), np.empty((3, visits))
    done, took = np.empty((3, works), dtype=np.int64), np.empty((3, works))
    places = (blueprint.routes.tracks, np.array(blueprint.offsets))
    visits, works = collect(office, places, (what, when), (done, took))
    return Record(
        cases=_cases(blueprint, caseload, journeys, office),
        visits=Visits(*what[:, :visits], *when[:, :visits]),
        work=WorkDone(*done[:, :works], *took[:, :works]),
        outcomes=blueprint.outcomes,
        replications=len(caseload.bounds) - 1,
    )


@compiled
def collect(o: Any, places: Any, visits: Any, works: Any) -> Any:
    """Copy every visit that was reached, and the works on it; how many there are of each."""
    tracks, offsets = places
    what, when = visits
    row, work = np.int64(0), np.int64(0)
    for number in range(len(o.visits)):
        visit = o.visits[number]
        if visit["reached"] != visit["reached"]:  # nan: it was not
            continue
        step = visit["step"]
        track = tracks[step]
        what[0, row], what[1, row] = visit["case"], track
        what[2, row], what[3, row] = step - offsets[track], visit["number"]
        when[0, row], when[1, row], when[2, row] = visit["reached"], visit["began"], visit["ended"]
        work = _collect_works(o, visit, row, works, work)
        row += 1
    return row, work


@compiled
def _collect_works(o: Any, visit: Any, row: Any, works: Any, work: Any) -> Any:
    """Copy the works of a visit that were begun; where the next ones go."""
    done, took = works
    first, last = o.desks[visit["step"]]["works"], o.desks[visit["step"] + 1]["works"]
    for place in range(first, last):
        one = o.works[visit["work"] + place - first]
        if one["began"] == one["began"]:  # not nan
            done[0, work] = row
            done[1, work], done[2, work] = o.tasks[place]["role"], o.tasks[place]["people"]
            took[0, work], took[1, work], took[2, work] = one["minutes"], one["began"], one["ended"]
            work += 1
    return work


def _cases(blueprint: Blueprint, caseload: Caseload, journeys: Journeys, office: Office) -> Cases:
    ended = ~np.isnan(office.cases["decided"])
    gone = office.cases["withdrawn_at"] != NOBODY
    outcome, track = -1 - journeys.target, journeys.track.copy()
    outcome[gone] = blueprint.outcomes.index(WITHDRAWN)
    track[gone] = blueprint.routes.tracks[office.visits["step"][office.cases["withdrawn_at"][gone]]]
    return Cases(
        replication=caseload.replication,
        arrived=caseload.arrivals,
        decided=office.cases["decided"].copy(),
        track=np.where(ended, track, -1),
        outcome=np.where(ended, outcome, -1),
        counted=caseload.counted,
        extra=caseload.extra,
        levels=caseload.levels,
    )
