"""Staff and meetings that can be waited for: the rules of `engines.reference.staffing`, compiled.

Someone who needs several roles at once stands in each role's queue and begins when they are at the
head of all of them and everyone is free.
"""

from __future__ import annotations

from typing import Any

from costsim.engines.kernel.compiling import compiled
from costsim.engines.kernel.office import CALLED, KINDS, LEFT, NOBODY
from costsim.engines.kernel.queues import join, leave_head, schedule


@compiled
def after(o: Any, delay: Any, now: Any, who: Any, kind: Any) -> None:
    """Schedule what happens to somebody after a delay."""
    schedule(o.agenda, o.state, now + delay, who * KINDS + kind)


@compiled
def _take_a_number(o: Any, case: Any) -> None:
    o.cases[case]["joined"] = o.state[0]["joins"]
    o.state[0]["joins"] += 1


@compiled
def join_list(o: Any, panel: Any, case: Any) -> None:
    """Put a case on the list for the next sitting with room."""
    _take_a_number(o, case)
    o.cases[case]["waiting"] = True
    join(o.queues[len(o.posts) + panel], o.meetings[panel]["queued"], o.cases, case)
    o.meetings[panel]["queued"] += 1


@compiled
def is_limited(o: Any, role: Any) -> Any:
    """Whether a role has a headcount, so that one may have to wait for it."""
    return o.posts[role]["headcount"] >= 0


@compiled
def turn_of(o: Any, case: Any) -> Any:
    """The works of a case's turn."""
    desk = o.desks[o.visits[o.cases[case]["row"]]["step"]]
    return o.turns[desk["turns"] + o.cases[case]["turn"]]


@compiled
def ask(o: Any, case: Any, now: Any) -> Any:
    """Join the queues of the limited roles of a turn; True if it can begin at once."""
    turn = turn_of(o, case)
    _take_a_number(o, case)
    leader = NOBODY
    for work in range(turn["first"], turn["last"]):
        role = o.tasks[work]["role"]
        if is_limited(o, role):
            o.cases[case]["waiting"] = True
            join(o.queues[role], o.posts[role]["queued"], o.cases, case)
            o.posts[role]["queued"] += 1
            leader = role if leader == NOBODY else leader
    if leader != NOBODY:
        o.state[0]["asking"] = case
        _serve(o, leader, now)
        o.state[0]["asking"] = NOBODY
    return not o.cases[case]["waiting"]


@compiled
def _serve(o: Any, role: Any, now: Any) -> None:
    """Call whoever is at the head of a queue, for as long as they can begin."""
    while True:
        case = _head(o, role)
        if case == NOBODY or not _can_begin(o, case):
            return
        turn = turn_of(o, case)
        for work in range(turn["first"], turn["last"]):
            each = o.tasks[work]["role"]
            if is_limited(o, each):
                _drop_head(o, each)
                o.posts[each]["free"] -= 1
        call(o, case, now)
        for work in range(turn["first"], turn["last"]):
            other = o.tasks[work]["role"]
            if other != role and is_limited(o, other):
                _serve(o, other, now)


@compiled
def _head(o: Any, role: Any) -> Any:
    """The first case in a role's queue that still waits."""
    while o.posts[role]["queued"] > 0:
        case = o.queues[role, 0]
        if o.cases[case]["waiting"]:
            return case
        _drop_head(o, role)
    return NOBODY


@compiled
def _drop_head(o: Any, role: Any) -> None:
    left = o.posts[role]["queued"] - 1
    o.posts[role]["queued"] = left
    leave_head(o.queues[role], left, o.cases)


@compiled
def _can_begin(o: Any, case: Any) -> Any:
    """Whether everyone that a turn needs is free, and it is at the head of all their queues."""
    turn = turn_of(o, case)
    for work in range(turn["first"], turn["last"]):
        role = o.tasks[work]["role"]
        if is_limited(o, role) and (o.posts[role]["free"] <= 0 or _head(o, role) != case):
            return False
    return True


@compiled
def call(o: Any, case: Any, now: Any) -> None:
    """The wait is over; who has only just asked need not be told."""
    o.cases[case]["waiting"] = False
    if o.state[0]["asking"] != case:
        after(o, 0.0, now, case, CALLED)


@compiled
def free(o: Any, role: Any, now: Any) -> None:
    """One person of a limited role has finished."""
    o.posts[role]["free"] += 1
    _serve(o, role, now)


@compiled
def leave(o: Any, case: Any, now: Any) -> None:
    """Give up waiting, so that those behind move up."""
    o.cases[case]["waiting"] = False
    after(o, 0.0, now, case, LEFT)
    desk = o.desks[o.visits[o.cases[case]["row"]]["step"]]
    if desk["panel"] == NOBODY:
        turn = turn_of(o, case)
        for work in range(turn["first"], turn["last"]):
            if is_limited(o, o.tasks[work]["role"]):
                _serve(o, o.tasks[work]["role"], now)


@compiled
def next_on_list(o: Any, panel: Any) -> Any:
    """Take the first case that still waits off a meeting's list."""
    queue = o.queues[len(o.posts) + panel]
    while o.meetings[panel]["queued"] > 0:
        case = queue[0]
        left = o.meetings[panel]["queued"] - 1
        o.meetings[panel]["queued"] = left
        leave_head(queue, left, o.cases)
        if o.cases[case]["waiting"]:
            return case
    return NOBODY
