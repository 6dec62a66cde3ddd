"""What happens next to a referral, event by event: the story of `engines.reference.office`.

Each kind of event is what a referral, a member of staff or a meeting does next. Events are
scheduled in the same order as the reference schedules its own, so that those of the same time
happen in the same order; two that nothing can come between are one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from costsim.engines.kernel.alone import write_down
from costsim.engines.kernel.compiling import compiled
from costsim.engines.kernel.office import (
    CALLED,
    DONE,
    DONE_AND_FREE,
    FREE,
    GAVE_UP,
    HEARS,
    KINDS,
    NOBODY,
    PATIENCE,
    SITS,
    WAITED,
)
from costsim.engines.kernel.staffing import (
    after,
    ask,
    call,
    free,
    is_limited,
    join_list,
    leave,
    next_on_list,
    turn_of,
)
from costsim.engines.protocol import A_MOMENT


@compiled
def happen(o: Any, what: Any, now: Any) -> Any:
    """One event; the case that goes on now, if any, and whether it has waited."""
    kind, who = what % KINDS, what // KINDS
    if kind == DONE_AND_FREE:
        free(o, _last_role(o, who))
    if kind in (DONE, DONE_AND_FREE):
        return who if _is_done(o, who, now) else NOBODY, False
    if kind == WAITED:
        return who, True
    if kind == CALLED:
        _called(o, who, now)
    elif kind == FREE:
        free(o, who)
    elif kind == PATIENCE:
        _out_of_patience(o, who)
    elif kind == SITS:
        after(o, o.meetings[who]["every"], now, who, SITS)
        _hear(o, who, o.meetings[who]["capacity"], now)
    elif kind == HEARS:
        _hear(o, who % len(o.meetings), who // len(o.meetings), now)
    else:  # LEFT or GAVE_UP
        o.cases[who]["withdrawn_at"] = o.cases[who]["row"]
        _close(o, who, now)
    return NOBODY, False


@compiled
def go_on(o: Any, case: Any, waited: Any, now: Any) -> None:
    """A case comes to its next activity, or to its end; on through what takes no time."""
    while True:
        row = o.cases[case]["row"]
        if row == o.cases[case]["end"]:
            if o.cases[case]["endless"]:
                o.state[0]["endless"] = case
            else:
                _close(o, case, now)
            return
        if not waited and _waits(o, case, row, now):
            return
        if _is_busy(o, case, row, now):
            return
        _end_visit(o, case, now)
        waited = False


@compiled
def _waits(o: Any, case: Any, row: Any, now: Any) -> Any:
    """A case reaches an activity; True if it waits there first, whether or not it gives up."""
    visit = o.visits[row]
    visit["reached"] = now
    desk = o.desks[visit["step"]]
    o.cases[case]["turn"] = desk["turns"]
    if not desk["waits"]:
        return False
    if desk["patient"] and visit["patience"] < visit["wait"]:
        after(o, visit["patience"], now, case, GAVE_UP)
    else:
        after(o, visit["wait"], now, case, WAITED)
    return True


@compiled
def _end_visit(o: Any, case: Any, now: Any) -> None:
    row = o.cases[case]["row"]
    o.visits[row]["ended"] = now
    o.cases[case]["row"] = row + 1


@compiled
def _is_busy(o: Any, case: Any, row: Any, now: Any) -> Any:
    """Queue for a meeting or for staff, or begin; False if there is nothing to be done here."""
    desk = o.desks[o.visits[row]["step"]]
    if desk["panel"] != NOBODY:
        join_list(o, desk["panel"], case)
        _lose_patience(o, row, now)
        return True
    if desk["turns"] == desk["end"]:
        o.visits[row]["began"] = now
        return False
    if ask(o, case):
        o.visits[row]["began"] = now
        _work(o, case, now)
    else:
        _lose_patience(o, row, now)
    return True


@compiled
def _lose_patience(o: Any, row: Any, now: Any) -> None:
    """Give up when patience, counted from reaching the activity, is at its end."""
    visit = o.visits[row]
    if o.desks[visit["step"]]["patient"]:
        after(o, max(0.0, visit["reached"] + visit["patience"] - now), now, row, PATIENCE)


@compiled
def _out_of_patience(o: Any, row: Any) -> None:
    """Leave the queues, if the visit still waits for its first work or its hearing."""
    case = np.int64(o.visits[row]["case"])
    first = o.desks[o.visits[row]["step"]]["turns"]
    waits = o.cases[case]["waiting"] and o.cases[case]["turn"] == first
    if waits and o.cases[case]["row"] == row:
        leave(o, case)


@compiled
def _close(o: Any, case: Any, now: Any) -> None:
    o.cases[case]["decided"] = now
    o.state[0]["to_come"] -= o.cases[case]["counted"]


@compiled
def _last_role(o: Any, case: Any) -> Any:
    return o.tasks[turn_of(o, case)["last"] - 1]["role"]


@compiled
def _called(o: Any, case: Any, now: Any) -> None:
    visit = o.visits[o.cases[case]["row"]]
    desk = o.desks[visit["step"]]
    if o.cases[case]["turn"] == desk["turns"]:
        visit["began"] = now
    if desk["panel"] != NOBODY:
        _be_heard(o, case, now)
    else:
        _work(o, case, now)


@compiled
def _work(o: Any, case: Any, now: Any) -> None:
    """Each role works its own minutes and is then free; the longest ends the turn."""
    visit = o.visits[o.cases[case]["row"]]
    turn = turn_of(o, case)
    begin = visit["work"] - o.desks[visit["step"]]["works"]
    longest = 0.0
    done = DONE
    for work in range(turn["first"], turn["last"]):
        role = o.tasks[work]["role"]
        elapsed = write_down(o, begin, work, now)
        longest = max(longest, elapsed)
        if is_limited(o, role):
            if work == turn["last"] - 1 and elapsed == longest:
                done = DONE_AND_FREE
            else:
                after(o, elapsed, now, role, FREE)
    after(o, longest, now, case, done)


@compiled
def _is_done(o: Any, case: Any, now: Any) -> Any:
    """Begin the next turn, or end the visit: True."""
    desk = o.desks[o.visits[o.cases[case]["row"]]["step"]]
    o.cases[case]["turn"] += 1
    if o.cases[case]["turn"] < desk["end"]:
        if ask(o, case):
            _work(o, case, now)
        return False
    _end_visit(o, case, now)
    return True


@compiled
def _be_heard(o: Any, case: Any, now: Any) -> None:
    """Every member of the meeting gives their time to the case."""
    visit = o.visits[o.cases[case]["row"]]
    works = o.desks[visit["step"] + 1]["works"] - o.desks[visit["step"]]["works"]
    for work in range(visit["work"], visit["work"] + works):
        o.works[work]["began"] = now
        o.works[work]["ended"] = now + visit["hearing"]
    after(o, visit["hearing"], now, case, DONE)


@compiled
def _hear(o: Any, panel: Any, room: Any, now: Any) -> None:
    """A sitting calls its next case, if it has room; it begins late if the last one overran."""
    meeting = o.meetings[panel]
    late = meeting["heard_until"] - now
    if late > A_MOMENT:
        after(o, late, now, room * len(o.meetings) + panel, HEARS)
        return
    case = next_on_list(o, panel)
    if case == NOBODY:
        return
    call(o, case)
    minutes = o.visits[o.cases[case]["row"]]["hearing"]
    meeting["heard_until"] = now + minutes
    if room > 1:
        after(o, minutes, now, (room - 1) * len(o.meetings) + panel, HEARS)
