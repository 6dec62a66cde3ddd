"""The compiled clock: one replication after the other, until its window and its counted cases end.

Where nobody can meet anybody, each case is followed by itself, which is quicker; elsewhere events
happen in order of time. What comes of them is the same.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from costsim.engines.kernel.compiling import compiled
from costsim.engines.kernel.events import go_on, happen
from costsim.engines.kernel.office import NOBODY, SITS
from costsim.engines.kernel.queues import take_first
from costsim.engines.kernel.staffing import after, is_limited

NOT_YET = math.nan
FRESH = np.bool_(False)


@compiled
def run(o: Any, arrivals: Any, order: Any, bounds: Any, closing: Any) -> None:
    """Every replication after the other; stops where the agenda is full or a loop endless."""
    for replication in range(len(bounds) - 1):
        first, last = bounds[replication], bounds[replication + 1]
        _open(o, first, last)
        if _nobody_waits(o) and _one_by_one(o, arrivals, (first, last), closing):
            continue
        _replication(o, arrivals, order[first:last], closing)
        if _is_broken(o):
            return


@compiled
def _open(o: Any, first: Any, last: Any) -> None:
    """Clear the office for a replication, and schedule the first sittings."""
    state = o.state[0]
    state["events"], state["sequence"], state["joins"], state["to_come"] = 0, 0, 0, 0
    state["asking"] = NOBODY
    for role in range(len(o.posts)):
        o.posts[role]["free"] = o.posts[role]["headcount"]
        o.posts[role]["queued"] = 0
    for case in range(first, last):
        state["to_come"] += o.cases[case]["counted"]
        _forget(o, case)
    for panel in range(len(o.meetings)):
        o.meetings[panel]["heard_until"] = 0.0
        o.meetings[panel]["queued"] = 0
        after(o, o.meetings[panel]["every"], 0.0, panel, SITS)


@compiled
def _forget(o: Any, number: Any) -> None:
    """Nothing has happened yet to a case."""
    case = o.cases[number]
    case["row"] = o.cases[number - 1]["end"] if number > 0 else 0
    case["waiting"], case["withdrawn_at"], case["decided"] = False, NOBODY, NOT_YET
    for row in range(case["row"], case["end"]):
        visit = o.visits[row]
        visit["reached"], visit["began"], visit["ended"] = NOT_YET, NOT_YET, NOT_YET
        works = o.desks[visit["step"] + 1]["works"] - o.desks[visit["step"]]["works"]
        for work in range(visit["work"], visit["work"] + works):
            o.works[work]["began"] = NOT_YET


@compiled
def _nobody_waits(o: Any) -> Any:
    """Whether no case can ever meet another: staff are unlimited, and there are no meetings."""
    for role in range(len(o.posts)):
        if is_limited(o, role):
            return False
    return len(o.meetings) == 0


@compiled
def _one_by_one(o: Any, arrivals: Any, cases: Any, closing: Any) -> Any:
    """Each case alone from its arrival to its end, which is quicker than all in order of time.

    False if a loop is endless: which case is the first to show it depends on the order of time.
    """
    last = 0.0
    for case in range(cases[0], cases[1]):
        go_on(o, case, FRESH, arrivals[case])
        while o.state[0]["events"] > 0:
            _next_event(o, o.agenda[0]["time"])
        if o.cases[case]["counted"]:
            last = max(last, o.cases[case]["decided"])
    if o.state[0]["endless"] != NOBODY:
        o.state[0]["endless"] = NOBODY
        _open(o, cases[0], cases[1])
        return False
    for case in range(cases[0], cases[1]):
        if not o.cases[case]["counted"]:
            _forget_after(o, case, last, closing)
    return True


@compiled
def _forget_after(o: Any, number: Any, last: Any, closing: Any) -> None:
    """What happens to a case when the clock has stopped is not recorded."""
    case = o.cases[number]
    for row in range(o.cases[number - 1]["end"] if number > 0 else 0, case["end"]):
        visit = o.visits[row]
        works = o.desks[visit["step"] + 1]["works"] - o.desks[visit["step"]]["works"]
        for work in range(visit["work"], visit["work"] + works):
            o.works[work]["began"] = _within(o.works[work]["began"], last, closing)
        visit["reached"] = _within(visit["reached"], last, closing)
        visit["began"] = _within(visit["began"], last, closing)
        visit["ended"] = _within(visit["ended"], last, closing)
    case["decided"] = _within(case["decided"], last, closing)


@compiled
def _within(time: Any, last: Any, closing: Any) -> Any:
    """A time, if the clock still ran then."""
    return time if time < closing or time <= last else NOT_YET


@compiled
def _replication(o: Any, arrivals: Any, order: Any, closing: Any) -> None:
    """Let events happen until the window and all counted cases end."""
    state = o.state[0]
    sittings = state["sequence"]
    state["sequence"] = sittings + len(order)  # those of arrivals, in the order of the cases
    arrived, now = 0, 0.0
    while not _is_broken(o):
        coming = arrivals[order[arrived]] if arrived < len(order) else math.inf
        event = o.agenda[0]["time"] if state["events"] > 0 else math.inf
        if state["to_come"] == 0 and min(coming, event) >= closing and min(coming, event) > now:
            return
        now = min(coming, event)
        # Of events at one time, only first sittings precede an arrival.
        if coming < event or (coming == event and o.agenda[0]["order"] >= sittings):
            arrived += 1
            go_on(o, order[arrived - 1], FRESH, now)
        else:
            _next_event(o, now)


@compiled
def _next_event(o: Any, now: Any) -> None:
    case, waited = happen(o, take_first(o.agenda, o.state), now)
    if case != NOBODY:
        go_on(o, case, waited, now)


@compiled
def _is_broken(o: Any) -> Any:
    """Whether it cannot go on: there is no more room for events, or a loop does not end."""
    return o.state[0]["full"] or o.state[0]["endless"] != NOBODY
