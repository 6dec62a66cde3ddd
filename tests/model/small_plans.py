"""Plans of a few activities and referrals, for what hardly ever happens in a random plan.

Each has one pathway; a clerk, alone in the office; and a year of 32 minutes, which is counted.
"""

from __future__ import annotations

from typing import Any

from costsim.pathway.plan import (
    Attribute,
    Demand,
    Panel,
    Plan,
    Post,
    Route,
    Step,
    Track,
    Varied,
    Work,
    World,
    end,
)
from costsim.scenario.families import Empirical, Family, Fixed
from tests.model.tied_scenarios import calendar

PACE = Attribute("pace", ("leaves", "quick", "slow"), (0.4, 0.3, 0.3))
OUT, AGAIN = Route((end(0),), (1.0,)), Route((0,), (1.0,))
LEAVES, QUICK, SLOW = range(3)
THE_FIRST_LEAVES = Varied((OUT, AGAIN, AGAIN), 0)


def plan(
    *worlds: World, arrivals: list[tuple[float, int]], headcount: int | None = 1, **parts: Any
) -> Plan:
    """Referrals who arrive at given minutes, each with the number of their pace."""
    usual: dict[str, Any] = {
        "site": "site",
        "time": calendar(32),
        "attributes": (PACE,),
        "demand": Demand(len(arrivals), "dated", dated=tuple((at, (n,)) for at, n in arrivals)),
        "posts": (Post("clerk", headcount, 1.0),),
        "precedence": Varied((0,)),
        "backlog": (),
        "targets": (),
        "length": 1.0,
        "warm_up": 0.0,
    }
    return Plan(worlds=worlds, **(usual | parts))


def world(*steps: Step) -> World:
    """A world in which everyone follows these activities."""
    return World("old", track("old", *steps))


def track(name: str, *steps: Step) -> Track:
    """A pathway with one outcome."""
    return Track(name, steps, 0, ("agreed",))


def step(name: str, routes: Varied[Route], **parts: Any) -> Step:
    """An activity that takes no time, but for the given parts."""
    usual: dict[str, Any] = {"wait": None, "turns": (), "panel": None, "patience": None}
    return Step(name=name, routes=routes, **(usual | parts))


def fixed(minutes: float) -> Varied[Family]:
    """The same minutes for everyone."""
    return Varied((Fixed(minutes),))


def clerk(minutes: Varied[Any]) -> tuple[tuple[Work, ...], ...]:
    """One turn, of the clerk."""
    return ((Work(0, minutes, "minutes/clerk"),),)


def many_meetings(number: int) -> Plan:
    """Referrals who come to one meeting after the other; most hearings overrun a sitting."""
    onward = [*(Route((n,), (1.0,)) for n in range(1, number)), OUT]
    steps = [_meeting(n, onward[n]) for n in range(number)]
    return plan(world(*steps), arrivals=[(0.0, LEAVES)])


def _meeting(number: int, onward: Route) -> Step:
    panel = Panel(1.0 + number % 3, 1, ((0, 1),), fixed(number % 7), f"meeting/{number}")
    return step(f"meeting {number:03}", Varied((onward,)), panel=panel)


def hearings(
    every: float,
    arrivals: list[float],
    minutes: float = 0.0,
    again: float = 0.0,
    capacity: int = 3,
) -> Plan:
    """A meeting that hears a few cases at a sitting; a share of them come again at once."""
    panel = Panel(every, capacity, ((0, 1),), fixed(minutes), "meeting/hearing")
    hearing = step("hearing", Varied((Route((0, end(0)), (again, 1.0)),)), panel=panel)
    return plan(world(hearing), arrivals=[(minute, LEAVES) for minute in arrivals])


def queue(arrivals: list[tuple[float, float | None]], **parts: Any) -> Plan:
    """A clerk who needs two minutes for each; those with a patience wait no longer than that."""
    patience = next((minutes for _, minutes in arrivals if minutes is not None), 99.0)
    limits = Varied((Fixed(99.0), Fixed(patience), Fixed(99.0)), 0)
    work = step("work", Varied((OUT,)), turns=clerk(fixed(2.0)), patience=limits)
    who = [(minute, LEAVES if limit is None else QUICK) for minute, limit in arrivals]
    return plan(world(work), arrivals=who, **parts)


def hardly_anybody() -> Plan:
    """A meeting to which one referral comes in two years."""
    meeting = _meeting(1, OUT)
    demand = Demand(0.5, "poisson")
    return plan(world(meeting), arrivals=[], demand=demand)


def long_loops() -> Plan:
    """Referrals who come to the clerk fifty times on average."""
    loop = step("loop", Varied((Route((0, end(0)), (0.98, 1.0)),)), turns=clerk(fixed(0.25)))
    return plan(world(loop), arrivals=[(float(minute), LEAVES) for minute in range(30)])


def races(headcount: int | None = 1) -> Plan:
    """Referrals of whom one that comes later is the first to go round too often."""
    wait = Varied((Fixed(0.0), Fixed(1.0), Fixed(2.0)), 0)
    loop = step("loop", THE_FIRST_LEAVES, wait=wait)
    arrivals = [(0.0, LEAVES), (0.0, SLOW), (5.0, QUICK), (5.0, QUICK)]
    return plan(world(loop), arrivals=arrivals, headcount=headcount)


def impatient_loops() -> Plan:
    """Referrals who would go round for ever, did they not give up."""
    patience = Varied((Empirical((2.0, 0.0)),))
    loop = step("loop", Varied((AGAIN,)), wait=fixed(1.0), patience=patience)
    return plan(world(loop), arrivals=[(float(minute), LEAVES) for minute in range(20)])


def two_loops() -> Plan:
    """In each replication the loop of either world may be left in time, or may not."""
    mostly = Varied((Route((0, end(0)), (0.999, 1.0)),))
    old = track("old", step("old loop", mostly, wait=fixed(1.0)))
    new = track("new", step("new loop", mostly, wait=fixed(1.0)))
    return plan(World("old", old), World("new", old, option=new), arrivals=[(0.0, LEAVES)])
