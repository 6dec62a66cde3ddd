"""Heaps for the compiled clock: the agenda of events, and queues of cases by rank and joining."""

from __future__ import annotations

from typing import Any

from costsim.engines.kernel.compiling import compiled


@compiled
def schedule(agenda: Any, state: Any, time: Any, what: Any) -> None:
    """Put an event on the agenda, after those of the same time; or note that it is full."""
    place = state[0]["events"]
    order = state[0]["sequence"]
    state[0]["sequence"] = order + 1
    if place == len(agenda):
        state[0]["full"] = True
        return
    state[0]["events"] = place + 1
    while place > 0:
        above = (place - 1) >> 1
        if agenda[above]["time"] <= time:  # it is the last to be scheduled, so the last of equals
            break
        agenda[place] = agenda[above]
        place = above
    agenda[place]["time"], agenda[place]["order"], agenda[place]["what"] = time, order, what


@compiled
def take_first(agenda: Any, state: Any) -> Any:
    """Take the first event off the agenda: what it is."""
    first = agenda[0]["what"]
    size = state[0]["events"] - 1
    state[0]["events"] = size
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and _sooner(agenda, below + 1, below):
            below += 1
        if _sooner(agenda, size, below):
            break
        agenda[place] = agenda[below]
        place = below
    agenda[place] = agenda[size]
    return first


@compiled
def _sooner(agenda: Any, one: Any, other: Any) -> Any:
    if agenda[one]["time"] != agenda[other]["time"]:
        return agenda[one]["time"] < agenda[other]["time"]
    return agenda[one]["order"] < agenda[other]["order"]


@compiled
def join(queue: Any, size: Any, cases: Any, case: Any) -> None:
    """Put a case in a queue of some size, behind those of its rank."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if _before(cases, queue[above], case):
            break
        queue[place] = queue[above]
        place = above
    queue[place] = case


@compiled
def leave_head(queue: Any, left: Any, cases: Any) -> None:
    """Take the first case out of a queue in which some are left."""
    case = queue[left]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= left:
            break
        if below + 1 < left and _before(cases, queue[below + 1], queue[below]):
            below += 1
        if _before(cases, case, queue[below]):
            break
        queue[place] = queue[below]
        place = below
    queue[place] = case


@compiled
def _before(cases: Any, one: Any, other: Any) -> Any:
    if cases[one]["rank"] != cases[other]["rank"]:
        return cases[one]["rank"] < cases[other]["rank"]
    return cases[one]["joined"] < cases[other]["joined"]
