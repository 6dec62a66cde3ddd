"""The story of one referral: every activity, wait, minute and pound, in each pathway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from operator import attrgetter
from typing import Any

import numpy as np

from costsim import units
from costsim.report.screen import Screen
from costsim.results.tables import NO_ROLE, Priced
from costsim.scenario.schema import Scenario
from costsim.units import counted
from costsim.words import site_title

Lines = list[tuple[str, str, str]]


@dataclass(frozen=True)
class Story:
    """One referral in one world: who it is, what happened (when, what, how much), how it ended.

    `not_counted` says why it is no part of the figures; it is empty for one that is.
    """

    world: str
    who: str
    not_counted: str
    lines: Lines
    days: float | None
    outcome: str
    minutes: float
    cost: float


def tell(priced: Priced, case: int) -> Story:
    """The story of a case (by its row, from 0) in a world."""
    record = priced.record
    cases = record.cases
    taken = (cases.decided[case] - cases.arrived[case]) / priced.plan.time.minutes_per_day
    ended = not np.isnan(cases.decided[case])
    mine = priced.book.case == case
    return Story(
        world=priced.world.name,
        who=_who(priced, case),
        not_counted=_not_counted(priced, case),
        lines=list(_lines(priced, case)),
        days=float(taken) if ended else None,
        outcome=record.outcomes[cases.outcome[case]] if ended else "",
        minutes=float(priced.book.minutes[mine].sum()),
        cost=float(priced.book.cost[mine].sum()),
    )


def _who(priced: Priced, case: int) -> str:
    levels = priced.record.cases.levels[case]
    named = [f"{a.name} {a.values[n]}" for a, n in zip(priced.plan.attributes, levels, strict=True)]
    return ", ".join(named)


def _not_counted(priced: Priced, case: int) -> str:
    cases = priced.record.cases
    if cases.counted[case]:
        return ""
    if _in_backlog(priced, case):
        return "it waits in the backlog when the clock starts"
    if cases.arrived[case] < priced.plan.window[0]:
        return "it comes during the warm-up"
    return "it comes after the time that is counted"


def _in_backlog(priced: Priced, case: int) -> bool:
    """Cases of the backlog come last in every world."""
    return case >= _cases(priced) - _waiting(priced)


def _cases(priced: Priced) -> int:
    return len(priced.record.cases.arrived)


def _waiting(priced: Priced) -> int:
    return sum(count for _, count in priced.plan.backlog)


def _lines(priced: Priced, case: int) -> Iterator[tuple[str, str, str]]:
    """Each line: the working day, what happened, and what it cost."""
    cases = priced.record.cases
    came = "waits in the backlog" if _in_backlog(priced, case) else "referred"
    yield _day(priced, cases.arrived[case]), came, ""
    for row in np.flatnonzero(priced.record.visits.case == case):
        yield from _visit(priced, int(row))
    if not np.isnan(cases.decided[case]):
        outcome = priced.record.outcomes[cases.outcome[case]]
        yield _day(priced, cases.decided[case]), f"outcome: {outcome.replace('_', ' ')}", ""


def _visit(priced: Priced, row: int) -> Iterator[tuple[str, str, str]]:
    visits = priced.record.visits
    track = priced.world.tracks[visits.track[row]]
    step = track.steps[visits.step[row]]
    again = f" (visit {visits.number[row] + 1})" if visits.number[row] else ""
    on = f" ({track.name})" if track is not priced.world.tracks[-1] else ""
    yield _day(priced, visits.reached[row]), f"{step.name.replace('_', ' ')}{again}{on}", ""
    waited = visits.began[row] - visits.reached[row]
    if waited > 0:
        yield "", f"  waits {_span(priced, waited)}", ""
    for line in np.flatnonzero(priced.book.visit == row):
        yield _work(priced, int(line))


def _work(priced: Priced, line: int) -> tuple[str, str, str]:
    book = priced.book
    cost = units.money(float(book.cost[line]))
    if book.role[line] == NO_ROLE:
        return "", "  other cost", cost
    role = priced.plan.posts[book.role[line]].name.replace("_", " ")
    return "", f"  {role} {book.minutes[line]:,.2f} min", cost


def _day(priced: Priced, minute: float) -> str:
    from datetime import date

    ordinal = int(priced.plan.time.dates(np.array([minute]))[0])
    return f"{date.fromordinal(ordinal):%d %b %Y}"


def _span(priced: Priced, minutes: float) -> str:
    days = minutes / priced.plan.time.minutes_per_day
    return f"{days:.1f} working days" if days >= 1 else f"{minutes:.0f} min"


def known(replayed: Sequence[Priced]) -> int:
    """How many referrals can be followed, numbered from 1: those of the comparator's world."""
    return _cases(replayed[0])


def numbers(replayed: Sequence[Priced]) -> str:
    """Which numbers referrals have, in words."""
    waiting = _waiting(replayed[0])
    found = counted(known(replayed), "referral")
    if not waiting:
        return found
    last = "the last of which waits" if waiting == 1 else f"the last {waiting:,} of which wait"
    return f"{found}, {last} in the backlog when the clock starts"


def stories(replayed: Sequence[Priced], referral: int) -> list[Story]:
    """The stories of a referral in each world, by its number in the comparator's.

    The backlog is counted from the end: in other worlds, extra referrals may come before it.
    """
    case = referral - 1
    from_the_end = _in_backlog(replayed[0], case)
    return [tell(each, case + (_cases(each) - known(replayed)) * from_the_end) for each in replayed]


def show(screen: Screen, scenario: Scenario, replayed: Sequence[Priced], referral: int) -> None:
    """Print the stories of one referral in every world, side by side where there is room."""
    told = stories(replayed, referral)
    site = site_title(scenario, replayed[0].plan.site)
    screen.say(f"Referral {referral}, {site}, replication {replayed[0].replication}", style="bold")
    screen.say("".join(f"{line}\n" for line in _heading(told[0])))
    _side_by_side(screen, told)
    screen.say("")
    for story in told:
        screen.say(_ending(story))


def _heading(story: Story) -> Iterator[str]:
    if story.who:
        yield story.who
    if story.not_counted:
        yield f"not counted: {story.not_counted}"


def _side_by_side(screen: Screen, told: Sequence[Story]) -> None:
    columns = [column for story in told for column in (story.world, "", "£")]
    beside = zip_longest(*map(attrgetter("lines"), told), fillvalue=("", "", ""))
    rows = list(map(list, map(chain.from_iterable, beside)))
    width = sum(max(map(len, cells)) + 3 for cells in zip(*rows, strict=True))
    if width <= screen.width:
        whens, whats = range(0, len(columns), 3), range(1, len(columns), 3)
        screen.table(columns, rows, wide=(*whens, *whats))
    else:
        _one_below_another(screen, told)


def _one_below_another(screen: Screen, stories: Sequence[Story]) -> None:
    for story in stories:
        screen.heading(story.world)
        for when, what, cost in story.lines:
            screen.say(f"{when:<12} {what}{f': {cost}' if cost else ''}")


def _ending(story: Story) -> str:
    how = story.outcome.replace("_", " ") or "not decided when the run stopped"
    after = "" if story.days is None else f" after {story.days:.1f} working days"
    staff = f"{story.minutes:,.2f} staff minutes"
    return f"{story.world}: {how}{after}; {staff}, {units.money(story.cost)}"


def as_json(replayed: Sequence[Priced], referral: int) -> dict[str, Any]:
    """The stories as plain values, for programs."""
    told = stories(replayed, referral)
    return {
        "schema": "costsim.trace/1",
        "referral": referral,
        "counted": not told[0].not_counted,
        "why_not_counted": told[0].not_counted or None,
        "site": replayed[0].plan.site,
        "replication": replayed[0].replication,
        "pathways": {story.world: _story_json(story) for story in told},
    }


def _story_json(story: Story) -> dict[str, Any]:
    return {
        "attributes": story.who,
        "days_to_decision": story.days,
        "outcome": story.outcome or None,
        "staff_minutes": story.minutes,
        "cost": story.cost,
        "lines": [
            {"date": when, "what": what.strip(), "cost": cost} for when, what, cost in story.lines
        ],
    }
