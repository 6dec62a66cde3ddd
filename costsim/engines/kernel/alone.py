"""Cases that meet nobody, where staff are unlimited and there are no meetings.

Each is followed by itself from its arrival to its end, which is much quicker than letting all
happen in order of time, as `clock` does for the others. What comes of it is the same.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from costsim.engines.kernel.compiling import compiled
from costsim.engines.kernel.office import NOBODY

NOT_YET = math.nan


@compiled
def nobody_waits(o: Any) -> Any:
    """Whether no case can ever meet another."""
    for role in range(len(o.posts)):
        if o.posts[role]["headcount"] >= 0:
            return False
    return len(o.meetings) == 0


@compiled
def follow_all(o: Any, arrivals: Any, cases: Any, closing: Any) -> Any:
    """Follow every case of a replication; False if one of them does not leave a loop.

    Which is the first to show it depends on the order of time, so `clock` is to find out.
    """
    last = 0.0
    for case in range(cases[0], cases[1]):
        if not _follow(o, case, arrivals[case]):
            return False
        if o.cases[case]["counted"]:
            last = max(last, o.cases[case]["decided"])
    for case in range(cases[0], cases[1]):
        if not o.cases[case]["counted"]:
            _forget_after(o, case, last, closing)
    return True


@compiled
def _follow(o: Any, number: Any, now: Any) -> Any:
    """Let time pass for a case until it is decided; False if it never is."""
    case = o.cases[number]
    row = first_visit(o, number)
    case["withdrawn_at"] = NOBODY
    while row < case["end"] and case["withdrawn_at"] == NOBODY:
        visit = o.visits[row]
        desk = o.desks[visit["step"]]
        visit["reached"] = now
        if desk["waits"] and desk["patient"] and visit["patience"] < visit["wait"]:
            case["withdrawn_at"] = row
            now = now + visit["patience"]
        else:
            now = _visit(o, visit, desk, now)
        row += 1
    if case["withdrawn_at"] != NOBODY:
        _forget_from(o, row, case)
    case["decided"] = now
    return case["withdrawn_at"] != NOBODY or not case["endless"]


@compiled
def _visit(o: Any, visit: Any, desk: Any, now: Any) -> Any:
    """Wait, and be worked on turn after turn; when it ends."""
    if desk["waits"]:
        now = now + visit["wait"]
    visit["began"] = now
    begin = visit["work"] - desk["works"]
    for turn in range(desk["turns"], desk["end"]):
        longest = 0.0
        for work in range(o.turns[turn]["first"], o.turns[turn]["last"]):
            longest = max(longest, write_down(o, begin, work, now))
        now = now + longest
    visit["ended"] = now
    return now


@compiled
def write_down(o: Any, begin: Any, work: Any, now: Any) -> Any:
    """When a piece of work is done, which begins now; how many minutes of the day it takes.

    `begin` is the row of the visit's first work less that work's number.
    """
    done = o.works[begin + work]
    elapsed = done["minutes"] / o.posts[o.tasks[work]["role"]]["share"]
    done["began"] = now
    done["ended"] = now + elapsed
    return elapsed


@compiled
def first_visit(o: Any, case: Any) -> Any:
    """The row of a case's first visit."""
    return np.int64(o.cases[case - 1]["end"]) if case > 0 else np.int64(0)


@compiled
def _forget_from(o: Any, row: Any, case: Any) -> None:
    """Who gives up while they wait is not worked on there, and does not come any further."""
    o.visits[row - 1]["began"], o.visits[row - 1]["ended"] = NOT_YET, NOT_YET
    forget_works(o, o.visits[row - 1])
    for after in range(row, case["end"]):
        forget_visit(o, after)


@compiled
def forget_visit(o: Any, row: Any) -> None:
    """A visit has not happened yet."""
    visit = o.visits[row]
    visit["reached"], visit["began"], visit["ended"] = NOT_YET, NOT_YET, NOT_YET
    forget_works(o, visit)


@compiled
def forget_works(o: Any, visit: Any) -> None:
    """Nobody has worked on a visit yet."""
    works = o.desks[visit["step"] + 1]["works"] - o.desks[visit["step"]]["works"]
    for work in range(visit["work"], visit["work"] + works):
        o.works[work]["began"] = NOT_YET


@compiled
def _forget_after(o: Any, number: Any, last: Any, closing: Any) -> None:
    """What happens to a case when the clock would have stopped is not recorded."""
    case = o.cases[number]
    for row in range(first_visit(o, number), case["end"]):
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
    """A time, if the clock would still have run then."""
    return time if time < closing or time <= last else NOT_YET
