"""Staff and meetings that can be waited for: the rules of `engines.reference.staffing`, compiled.

Someone who needs several roles at once stands in each role's queue and begins when they are at the
head of all of them and everyone is free.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from costsim.engines.kernel.compiling import compiled
from costsim.engines.kernel.office import CALLED, KINDS, LEFT, NOBODY
from costsim.engines.kernel.queues import head, join, leave_head, schedule, schedule_at_once


@compiled
def after(o: Any, delay: Any, now: Any, who: Any, kind: Any) -> None:
    """Schedule what happens to somebody after a delay."""
    schedule(o, now + delay, who * KINDS + kind)


@compiled
def join_list(o: Any, panel: Any, case: Any) -> None:
    """Put a case on the list for the next sitting with room."""
    o.cases[case]["waiting"] = True
    join(o, len(o.posts) + panel, case)


@compiled
def is_limited(o: Any, role: Any) -> Any:
    """Whether a role has a headcount, so that one may have to wait for it."""
    return o.posts[role]["headcount"] >= 0


@compiled
def turn_of(o: Any, case: Any) -> Any:
    """The works of a case's turn."""
    return o.turns[o.cases[case]["turn"]]


@compiled
def ask(o: Any, case: Any) -> Any:
    """Join the queues of the limited roles of a turn; True if it can begin at once."""
    turn = turn_of(o, case)
    leader = NOBODY
    for work in range(turn["first"], turn["last"]):
        role = o.tasks[work]["role"]
        if is_limited(o, role):
            o.cases[case]["waiting"] = True
            join(o, role, case)
            leader = role if leader == NOBODY else leader
    if leader != NOBODY:
        o.state[0]["asking"] = case
        _serve(o, leader)
        o.state[0]["asking"] = NOBODY
    return not o.cases[case]["waiting"]


@compiled
def _serve(o: Any, role: Any) -> None:
    """Call whoever is at the head of a queue, for as long as they can begin.

    Whoever is called also leaves the other queues they stood in, so these are served next, before
    the queue itself is again.
    """
    o.to_serve[0], left = role, np.int64(1)
    while left > 0:
        serving = o.to_serve[left - 1]
        case = head(o, serving) if o.posts[serving]["free"] > 0 else NOBODY
        if case == NOBODY or not _can_begin(o, case):
            left -= 1
            continue
        turn = turn_of(o, case)
        for work in range(turn["last"] - 1, turn["first"] - 1, -1):
            each = o.tasks[work]["role"]
            if is_limited(o, each):
                leave_head(o, each, o.cases[case]["rank"])
                o.posts[each]["free"] -= 1
                if each != serving:
                    o.to_serve[left] = each
                    left += 1
        call(o, case)


@compiled
def _can_begin(o: Any, case: Any) -> Any:
    """Whether everyone that a turn needs is free, and it is at the head of all their queues."""
    turn = turn_of(o, case)
    for work in range(turn["first"], turn["last"]):
        role = o.tasks[work]["role"]
        if is_limited(o, role) and (o.posts[role]["free"] <= 0 or head(o, role) != case):
            return False
    return True


@compiled
def call(o: Any, case: Any) -> None:
    """The wait is over; who has only just asked need not be told."""
    o.cases[case]["waiting"] = False
    if o.state[0]["asking"] != case:
        schedule_at_once(o, case * KINDS + CALLED)


@compiled
def free(o: Any, role: Any) -> None:
    """One person of a limited role has finished."""
    o.posts[role]["free"] += 1
    _serve(o, role)


@compiled
def leave(o: Any, case: Any) -> None:
    """Give up waiting, so that those behind move up."""
    o.cases[case]["waiting"] = False
    schedule_at_once(o, case * KINDS + LEFT)
    desk = o.desks[o.visits[o.cases[case]["row"]]["step"]]
    if desk["panel"] == NOBODY:
        turn = turn_of(o, case)
        for work in range(turn["first"], turn["last"]):
            if is_limited(o, o.tasks[work]["role"]):
                _serve(o, o.tasks[work]["role"])


@compiled
def next_on_list(o: Any, panel: Any) -> Any:
    """Take the first case that still waits off a meeting's list."""
    queue = len(o.posts) + panel
    case = head(o, queue)
    if case != NOBODY:
        leave_head(o, queue, o.cases[case]["rank"])
    return case
