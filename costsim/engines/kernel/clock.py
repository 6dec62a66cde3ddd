"""The compiled clock: one replication after the other, until its window and its counted cases end.

Events happen in order of time, except where nobody can meet anybody (`alone`).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from costsim.engines.kernel.alone import (
    NOT_YET,
    first_visit,
    follow_all,
    forget_visit,
    nobody_waits,
)
from costsim.engines.kernel.compiling import compiled
from costsim.engines.kernel.events import go_on, happen
from costsim.engines.kernel.office import NOBODY, SITS
from costsim.engines.kernel.queues import take_at_once, take_first
from costsim.engines.kernel.staffing import after

FRESH = np.bool_(False)


@compiled
def run(o: Any, arrivals: Any, order: Any, bounds: Any, closing: Any) -> None:
    """Every replication after the other; stops where the agenda is full or a loop endless."""
    for replication in range(len(bounds) - 1):
        first, last = bounds[replication], bounds[replication + 1]
        if nobody_waits(o) and follow_all(o, arrivals, (first, last), closing):
            continue
        _open(o, first, last)
        _replication(o, arrivals, order[first:last], closing)
        if _is_broken(o):
            return


@compiled
def _open(o: Any, first: Any, last: Any) -> None:
    """Clear the office for a replication, and schedule the first sittings."""
    state = o.state[0]
    state["events"], state["sequence"], state["to_come"] = 0, 0, 0
    state["next_moment"], state["moments"], state["asking"] = 0, 0, NOBODY
    for role in range(len(o.posts)):
        o.posts[role]["free"] = o.posts[role]["headcount"]
    for queue in range(o.lines.shape[0]):
        for rank in range(o.lines.shape[1]):
            o.lines[queue, rank]["head"], o.lines[queue, rank]["size"] = 0, 0
    for case in range(first, last):
        state["to_come"] += o.cases[case]["counted"]
        _forget(o, case)
    for panel in range(len(o.meetings)):
        o.meetings[panel]["heard_until"] = 0.0
        after(o, o.meetings[panel]["every"], 0.0, panel, SITS)


@compiled
def _forget(o: Any, number: Any) -> None:
    """Nothing has happened yet to a case."""
    case = o.cases[number]
    case["row"] = first_visit(o, number)
    case["waiting"], case["withdrawn_at"], case["decided"] = False, NOBODY, NOT_YET
    for row in range(case["row"], case["end"]):
        forget_visit(o, row)


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
        if state["moments"] > 0 and coming > now and _at_once(o, event, now):
            _next_event(o, take_at_once(o), now)
            continue
        if state["to_come"] == 0 and min(coming, event) >= closing and min(coming, event) > now:
            return
        now = min(coming, event)
        # Of events at one time, only first sittings precede an arrival.
        if coming < event or (coming == event and o.agenda[0]["order"] >= sittings):
            arrived += 1
            go_on(o, order[arrived - 1], FRESH, now)
        else:
            _next_event(o, take_first(o), now)


@compiled
def _at_once(o: Any, event: Any, now: Any) -> Any:
    """Whether the first event of this moment precedes the first of the agenda, by its time."""
    first = o.moment[o.state[0]["next_moment"]]["order"]
    return event > now or first < o.agenda[0]["order"]


@compiled
def _next_event(o: Any, what: Any, now: Any) -> None:
    case, waited = happen(o, what, now)
    if case != NOBODY:
        go_on(o, case, waited, now)


@compiled
def _is_broken(o: Any) -> Any:
    """Whether it cannot go on: there is no more room for events, or a loop does not end."""
    return o.state[0]["full"] or o.state[0]["endless"] != NOBODY
