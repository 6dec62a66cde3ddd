"""Who is first: the agenda of events to come, the events of this moment, and queues of cases.

The agenda is a heap. What happens at once, after all else that happens now, needs none: those
events follow each other as they were scheduled. Nor does a queue, which is a line for each rank:
whoever joins it goes to the end of theirs. Lines are rings, for nobody is in one twice.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from costsim.engines.kernel.compiling import compiled
from costsim.engines.kernel.office import NOBODY


@compiled
def schedule(o: Any, time: Any, what: Any) -> None:
    """Put an event on the agenda, after those of the same time; or note that it is full."""
    agenda, state = o.agenda, o.state[0]
    place = state["events"]
    order = state["sequence"]
    state["sequence"] = order + 1
    if place == len(agenda):
        state["full"] = True
        return
    state["events"] = place + 1
    while place > 0:
        above = (place - 1) >> 1
        if agenda[above]["time"] <= time:  # it is the last to be scheduled, so the last of equals
            break
        _move(agenda, above, place)
        place = above
    agenda[place]["time"], agenda[place]["order"], agenda[place]["what"] = time, order, what


@compiled
def take_first(o: Any) -> Any:
    """Take the first event off the agenda: what it is."""
    agenda = o.agenda
    first = agenda[0]["what"]
    size = o.state[0]["events"] - 1
    o.state[0]["events"] = size
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and _sooner(agenda, below + 1, below):
            below += 1
        if _sooner(agenda, size, below):
            break
        _move(agenda, below, place)
        place = below
    _move(agenda, size, place)
    return first


@compiled
def _move(agenda: Any, origin: Any, target: Any) -> None:
    """Copy an event; column by column, which the compiler does in registers."""
    one, other = agenda[origin], agenda[target]
    other["time"], other["order"], other["what"] = one["time"], one["order"], one["what"]


@compiled
def _sooner(agenda: Any, one: Any, other: Any) -> Any:
    if agenda[one]["time"] != agenda[other]["time"]:
        return agenda[one]["time"] < agenda[other]["time"]
    return agenda[one]["order"] < agenda[other]["order"]


@compiled
def schedule_at_once(o: Any, what: Any) -> None:
    """Let an event happen at this very moment, after all that is already to happen now."""
    state = o.state[0]
    event = o.moment[_place(state["next_moment"], state["moments"], len(o.moment))]
    event["what"], event["order"] = what, state["sequence"]
    state["sequence"] += 1
    state["moments"] += 1


@compiled
def take_at_once(o: Any) -> Any:
    """Take the first event of this moment: what it is."""
    state = o.state[0]
    first = o.moment[state["next_moment"]]["what"]
    state["next_moment"] = _place(state["next_moment"], np.int64(1), len(o.moment))
    state["moments"] -= 1
    return first


@compiled
def join(o: Any, queue: Any, case: Any) -> None:
    """Put a case in a queue, behind those of its rank."""
    rank = o.cases[case]["rank"]
    line = o.lines[queue, rank]
    o.queues[queue, rank, _place(line["head"], line["size"], o.queues.shape[2])] = case
    line["size"] += 1


@compiled
def leave_head(o: Any, queue: Any, rank: Any) -> None:
    """Take the first case of a rank out of a queue."""
    line = o.lines[queue, rank]
    line["head"] = _place(line["head"], np.int64(1), o.queues.shape[2])
    line["size"] -= 1


@compiled
def head(o: Any, queue: Any) -> Any:
    """The first case in a queue that still waits; those before it leave the queue."""
    for rank in range(o.lines.shape[1]):
        line = o.lines[queue, rank]
        while line["size"] > 0:
            case = np.int64(o.queues[queue, rank, line["head"]])
            if o.cases[case]["waiting"]:
                return case
            leave_head(o, queue, rank)
    return NOBODY


@compiled
def _place(first: Any, after: Any, room: Any) -> Any:
    """The place in a ring that is so many after another."""
    place = first + after
    return place if place < room else place - room
