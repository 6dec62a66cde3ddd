"""From a scenario's site to its plan: names become numbers, figures become distributions.

Everything is taken in alphabetical order of its name. Luck is addressed by name too
(`minutes/contact/social_worker`), so that an activity that both pathways share meets the same luck
in both, and one that is added changes nobody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate
from operator import itemgetter
from typing import TypeVar, cast

import numpy as np

from costsim.errors import Problem, ScenarioError
from costsim.pathway.calendar import WorkingTime, working_time
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
from costsim.scenario.families import Family
from costsim.scenario.origin import DatedReferral
from costsim.scenario.pathways import Activity, Meeting, Pathway
from costsim.scenario.quantities import CaseMinutes, Number, Varying, portions
from costsim.scenario.schema import MONTHS, DatedArrivals, Month, Run, Scenario, Site

Levels = tuple[int, ...]
Turn = Mapping[str, CaseMinutes]
V = TypeVar("V")
T = TypeVar("T")


def compile_site(scenario: Scenario, name: str) -> Plan:
    """The plan of one site of a scenario."""
    site = scenario.sites[name]
    time = working_time(scenario.calendar)
    attributes = _attributes(site)
    coder = Coder(attributes, tuple(sorted(site.staff)))
    return Plan(
        site=name,
        time=time,
        attributes=attributes,
        demand=_demand(site, scenario.origin.arrivals.get(name, ()), time, coder, scenario.run),
        posts=tuple(_post(site, role) for role in coder.roles),
        precedence=_precedence(site, coder),
        worlds=tuple(_worlds(scenario, site, coder)),
        backlog=_backlog(scenario, site),
        targets=tuple((target, each.value) for target, each in sorted(site.targets.items())),
        length=scenario.run.length,
        warm_up=scenario.run.warm_up,
    )


class Coder:
    """The numbers that stand for a site's names."""

    def __init__(self, attributes: tuple[Attribute, ...], roles: tuple[str, ...]) -> None:
        self.attributes = attributes
        self.roles = roles
        self.code = tuple((each.name, each.values) for each in attributes), roles

    def role(self, name: str) -> int:
        """The number of a role."""
        return self.roles.index(name)

    def attribute(self, name: str) -> int:
        """The number of an attribute."""
        return [each.name for each in self.attributes].index(name)

    def varied(self, written: Varying[V], convert: Callable[[V], T]) -> Varied[T]:
        """What a `Varying` says, by number of the attribute's value."""
        choices = written.choices()
        if written.attribute is None:
            return Varied((convert(choices[""]),))
        number = self.attribute(written.attribute)
        values = self.attributes[number].values
        return Varied(tuple(convert(choices[value]) for value in values), number)

    def minutes(self, written: CaseMinutes) -> Varied[Family]:
        """Distributions of minutes."""
        return self.varied(written, lambda each: each.family())

    def given_minutes(self, written: CaseMinutes | None) -> Varied[Family] | None:
        """Distributions of minutes, if any are written."""
        return self.minutes(written) if written else None


def _attributes(site: Site) -> tuple[Attribute, ...]:
    found = []
    for name, written in sorted(site.referrals.shares().items()):
        shares = portions(written)
        found.append(Attribute(name, tuple(shares), tuple(shares.values())))
    return tuple(found)


def _post(site: Site, name: str) -> Post:
    role = site.staff[name]
    return Post(name, role.headcount.value, role.share_of_time.value)


def _precedence(site: Site, coder: Coder) -> Varied[int]:
    """The rank in queues: 0 is served first; needs that are not listed come last."""
    listed = site.referrals.priority
    if not listed:
        return Varied((0,))
    number = coder.attribute("need")
    ranks = [
        listed.index(v) if v in listed else len(listed) for v in coder.attributes[number].values
    ]
    return Varied(tuple(ranks), number)


def _demand(
    site: Site, dated: Iterable[DatedReferral], time: WorkingTime, coder: Coder, run: Run
) -> Demand:
    referrals = site.referrals
    if isinstance(referrals.arrive, DatedArrivals):
        moments = sorted(
            ((time.minute_of(each.day), _levels(each, coder)) for each in dated),
            key=itemgetter(0),  # those of one day stay in the order of the file
        )
        return Demand(_dated_per_year(moments, time, run), "dated", dated=tuple(moments))
    per_year = cast(Number, referrals.per_year).value  # the schema requires it here
    return Demand(per_year, referrals.arrive, _weights(referrals.monthly or {}))


def _backlog(scenario: Scenario, site: Site) -> tuple[tuple[int, int], ...]:
    """The comparator's activities at which cases wait at the start, and how many."""
    names = sorted(site.pathways[scenario.comparator].activities)
    waiting = {name: each.value for name, each in sorted(site.referrals.backlog.items())}
    return tuple((names.index(name), count) for name, count in waiting.items() if count)


def _weights(monthly: Mapping[Month, Number]) -> tuple[float, ...]:
    """The weight of each month from January, 1 unless given; nothing if none is given."""
    if not monthly:
        return ()
    given: dict[str, float] = {month: weight.value for month, weight in monthly.items()}
    return tuple(given.get(month, 1.0) for month in MONTHS)


def _dated_per_year(moments: list[tuple[float, Levels]], time: WorkingTime, run: Run) -> float:
    """Dated referrals a year within the period that is counted."""
    begin, finish = time.period(run.warm_up), time.period(run.warm_up + run.length)
    counted = sum(begin <= minute < finish for minute, _ in moments)
    if not counted:
        rule = "none of the dated referrals falls in the period that is counted"
        first = date.fromordinal(int(time.dates(np.array([begin]))[0]))
        after = ", when the warm-up is over" if run.warm_up else ""
        hint = f"It begins on {first}{after}: change calendar.start or the dates"
        raise ScenarioError([Problem("CS441", rule, hint, "referrals.arrive.dates")])
    return counted / run.length


def _levels(referral: DatedReferral, coder: Coder) -> Levels:
    """The values that the file gives, by number; -1 where it gives none."""
    given = dict(referral.attributes)
    return tuple(
        each.values.index(given[each.name]) if each.name in given else -1
        for each in coder.attributes
    )


def _worlds(scenario: Scenario, site: Site, coder: Coder) -> Iterable[World]:
    comparator = _track(scenario.comparator, site.pathways[scenario.comparator], coder)
    yield World(scenario.comparator, comparator)
    take_up = site.take_up
    for name in scenario.options:
        yield World(
            name=name,
            comparator=comparator,
            option=_track(name, site.pathways[name], coder),
            eligible=coder.varied(take_up.eligible, lambda share: share.value),
            leak=_leak(site, comparator, coder),
            extra_share=take_up.demand_response.value,
        )


def _leak(site: Site, comparator: Track, coder: Coder) -> Leak | None:
    leakage = site.take_up.leakage
    if leakage is None:
        return None
    to = comparator.start if leakage.to is None else comparator.names.index(leakage.to)
    return Leak(coder.varied(leakage.share, lambda share: share.value), to)


def _track(name: str, pathway: Pathway, coder: Coder) -> Track:
    names = sorted(pathway.activities)
    outcomes = sorted(pathway.outcomes)
    targets = {each: number for number, each in enumerate(names)}
    targets |= {each: end(number) for number, each in enumerate(outcomes)}
    steps = tuple(_kept_step(each, pathway.activities[each], targets, coder) for each in names)
    return Track(name, steps, targets[pathway.start], tuple(outcomes))


_KEPT: dict[object, tuple[Activity, Step]] = {}
MOST_KEPT = 5_000


def _kept_step(name: str, activity: Activity, targets: dict[str, int], coder: Coder) -> Step:
    """An activity's step, as it was if this very activity has been met in such a place before.

    Scenarios that differ in a few numbers share whatever holds none of them.
    """
    key = (id(activity), name, tuple(targets.items()), coder.code)
    if key not in _KEPT:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        # The activity is kept too, or another one could come to have its number.
        _KEPT[key] = activity, _step(name, activity, targets, coder)
    return _KEPT[key][1]


def _step(name: str, activity: Activity, targets: dict[str, int], coder: Coder) -> Step:
    turns = activity.staff or []
    return Step(
        name=name,
        wait=coder.given_minutes(activity.wait),
        turns=tuple(_turn(name, turns[:number], turn, coder) for number, turn in enumerate(turns)),
        panel=_panel(name, activity.meeting, coder),
        patience=coder.given_minutes(activity.withdraw_after),
        routes=coder.varied(activity.next, lambda shares: _route(portions(shares), targets)),
    )


def _turn(name: str, before: Sequence[Turn], turn: Turn, coder: Coder) -> tuple[Work, ...]:
    """The work that roles do together at an activity."""
    return tuple(
        Work(coder.role(role), coder.minutes(turn[role]), _purpose(name, role, before))
        for role in sorted(turn)
    )


def _purpose(activity: str, role: str, before: Sequence[Turn]) -> str:
    """The address of a role's luck in an activity; each further turn of a role has its own."""
    times = sum(role in turn for turn in before)
    return f"minutes/{activity}/{role}" + f"/{times}" * (times > 0)


def _panel(name: str, meeting: Meeting | None, coder: Coder) -> Panel | None:
    if meeting is None:
        return None
    members = sorted((coder.role(role), count.value) for role, count in meeting.members.items())
    return Panel(
        every=meeting.every.value,
        capacity=meeting.capacity.value,
        members=tuple(members),
        each_case=coder.minutes(meeting.each_case),
        purpose=f"meeting/{name}",
    )


def _route(shares: dict[str, float], targets: dict[str, int]) -> Route:
    """Cumulative shares in alphabetical order; the last is exactly 1, so that no luck falls off."""
    sums = list(accumulate(shares.values()))
    return Route(tuple(targets[name] for name in shares), (*sums[:-1], 1.0))
