"""Random plans in which much happens at the same minute, for Hypothesis.

Nearly all times are whole minutes and few of them, so that arrivals, sittings, ends of work and of
patience, and the end of the period fall together all the time. Roles are scarce, and activities
need them in overlapping pairs. Plans are built directly, which is far quicker than by a file.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TypeVar

from hypothesis import strategies as st

from costsim.pathway.calendar import WorkingTime
from costsim.pathway.plan import (
    Attribute,
    Demand,
    Leak,
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
from costsim.sampling import Luck
from costsim.scenario.families import Empirical, Family, Fixed

T = TypeVar("T")
Turn = tuple[int, ...]

NAMES = ("a", "b", "c", "d")
ROLES = ("clerk", "manager", "worker")
NEEDS = Attribute("need", ("high", "low"), (0.5, 0.5))
DAYS_IN_YEAR = 365  # 2021 and the two years after it have no leap day

WORK: list[Family] = [
    *(Fixed(float(minutes)) for minutes in (2, 1, 0, 3, 5)),
    Empirical((0, 1)),
    Empirical((1, 2, 3)),
    Empirical((0, 2, 2, 6)),
]
WAITS: list[Family] = [
    *(Fixed(float(minutes)) for minutes in (2, 0, 1, 3, 4, 6)),
    Empirical((0, 3, 6)),
    Empirical((2, 4)),
]
PATIENCE: list[Family] = [
    *(Fixed(float(minutes)) for minutes in (2, 4, 6, 3, 1, 0, 9)),
    Empirical((2, 4)),
    Empirical((0, 3, 6)),
    Empirical((3, 12)),
]
TURNS: list[Turn] = [(0,), (1,), (2,), (0, 1), (1, 2), (0, 2), (2, 0), (1, 0), (0, 1, 2)]
BACK: list[tuple[float, ...]] = [(0.5,), (0.25,), (0.75,), (0.0,)]
BACK_OR_OUT: list[tuple[float, ...]] = [(0.25, 0.5), (0.5, 0.75), (0.0, 0.25)]


def calendar(year: int) -> WorkingTime:
    """A calendar whose year has so many working minutes, in equal days."""
    return WorkingTime(date(2021, 1, 1), year / DAYS_IN_YEAR, tuple(range(7)), "none", ())


@st.composite
def _varied(draw: st.DrawFn, pool: list[T]) -> Varied[T]:
    """One thing for everybody, or for each need."""
    one = draw(st.sampled_from(pool))
    if draw(st.integers(0, 3)):
        return Varied((one,))
    return Varied((one, draw(st.sampled_from(pool))), 0)


@st.composite
def _panel(draw: st.DrawFn, name: str) -> Panel:
    several = st.sampled_from([1, 2])
    return Panel(
        every=draw(st.sampled_from([4.0, 2.0, 1.0, 3.0, 6.0])),
        capacity=draw(st.sampled_from([1, 2, 3])),
        members=tuple((role, draw(several)) for role in draw(st.sampled_from(TURNS[:5]))),
        each_case=draw(_varied(WORK)),
        purpose=f"meeting/{name}",
    )


@st.composite
def _turns(draw: st.DrawFn, name: str) -> tuple[tuple[Work, ...], ...]:
    turns = draw(st.lists(st.sampled_from(TURNS), min_size=1, max_size=3))
    return tuple(
        tuple(
            Work(role, draw(_varied(WORK)), f"minutes/{name}/{ROLES[role]}/{number}")
            for role in turn
        )
        for number, turn in enumerate(turns)
    )


@st.composite
def _route(draw: st.DrawFn, number: int, onward: int) -> Route:
    """Onward, or sometimes back, or out."""
    kind = draw(st.sampled_from(["onward", "back", "back or out"]))
    if kind == "onward":
        return Route((onward,), (1.0,))
    back = draw(st.integers(0, number))
    if kind == "back":
        return Route((back, onward), (*draw(st.sampled_from(BACK)), 1.0))
    return Route((back, end(1), onward), (*draw(st.sampled_from(BACK_OR_OUT)), 1.0))


@st.composite
def _step(draw: st.DrawFn, number: int, onward: int, panel: Panel | None) -> Step:
    """An activity; where there is a panel, it is usually the same in both tracks."""
    name = NAMES[number]
    kind = draw(st.sampled_from(["meeting", "meeting", "staff"] if panel else ["staff", "nothing"]))
    if panel and draw(st.integers(0, 4)) == 4:
        panel = replace(panel, capacity=panel.capacity + 1)
    routes = [draw(_route(number, onward)) for _ in range(draw(st.sampled_from([1, 1, 2])))]
    return Step(
        name=name,
        wait=draw(_varied(WAITS)) if draw(st.booleans()) else None,
        turns=draw(_turns(name)) if kind == "staff" else (),
        panel=panel if kind == "meeting" else None,
        patience=draw(_varied(PATIENCE)) if draw(st.booleans()) else None,
        routes=Varied(tuple(routes), 0 if len(routes) > 1 else None),
    )


@st.composite
def _track(draw: st.DrawFn, name: str, panels: list[Panel | None]) -> Track:
    size = draw(st.integers(1, len(NAMES)))
    onward = [*range(1, size), end(0)]
    steps = [draw(_step(n, onward[n], panels[n])) for n in range(size)]
    return Track(name, tuple(steps), draw(st.integers(0, size - 1)), ("agreed", f"{name} refused"))


@st.composite
def _post(draw: st.DrawFn, name: str, limited: bool) -> Post:
    headcount = draw(st.sampled_from([1, 1, 2, None])) if limited else None
    return Post(name, headcount, draw(st.sampled_from([1.0, 1.0, 0.25, 0.3, 0.5])))


@st.composite
def _demand(draw: st.DrawFn, year: int) -> Demand:
    per_year = draw(st.sampled_from([8, 16, 32]))
    style = draw(st.sampled_from(["dated", "dated", "evenly", "poisson"]))
    if style != "dated":
        return Demand(per_year, style)
    minutes = draw(st.lists(st.integers(0, 2 * year), min_size=2, max_size=24).map(sorted))
    needs = st.sampled_from([-1, 0, 1])
    return Demand(per_year, style, dated=tuple((float(at), (draw(needs),)) for at in minutes))


@st.composite
def _worlds(draw: st.DrawFn, meetings: bool) -> tuple[World, World]:
    panels = [draw(st.one_of(st.none(), _panel(name))) if meetings else None for name in NAMES]
    old, new = draw(_track("old", panels)), draw(_track("new", panels))
    leak = None
    if draw(st.booleans()):
        leak = Leak(draw(_varied([0.5, 1.0])), draw(st.integers(0, len(old.steps) - 1)))
    return World("old", old), World(
        name="new",
        comparator=old,
        option=new,
        eligible=draw(_varied([0.5, 1.0, 0.0])),
        leak=leak,
        extra_share=draw(st.sampled_from([0.0, 0.5])),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A random plan full of ties; in some of them nobody has to wait for anybody."""
    year = draw(st.sampled_from([32, 64]))
    scarce = draw(st.integers(0, 4)) < 4
    worlds = draw(_worlds(scarce))
    starts = range(len(worlds[0].comparator.steps))
    backlog = draw(st.dictionaries(st.sampled_from(starts), st.integers(1, 3), max_size=2))
    return Plan(
        site="site",
        time=calendar(year),
        attributes=(NEEDS,),
        demand=draw(_demand(year)),
        posts=tuple(draw(_post(name, scarce)) for name in ROLES),
        precedence=draw(st.sampled_from([Varied((0,)), Varied((1, 0), 0), Varied((0, 1), 0)])),
        worlds=worlds,
        backlog=tuple(sorted(backlog.items())),
        targets=(),
        length=draw(st.sampled_from([1.0, 0.5])),
        warm_up=draw(st.sampled_from([0.0, 0.25, 0.5])),
    )


def lucks() -> st.SearchStrategy[Luck]:
    """The luck of two or three replications."""
    return st.builds(
        Luck,
        seed=st.integers(0, 2**63 - 1),
        site=st.just("site"),
        first=st.integers(0, 5),
        replications=st.integers(2, 3),
        draw=st.integers(0, 2),
    )
