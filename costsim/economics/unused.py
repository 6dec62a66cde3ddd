"""Inputs that change no result, however they are changed: what an analyst gave, and nobody needs.

A figure that has no effect is either superfluous or a sign that the model is not what its author
meant: minutes of a need that is never eligible, a ramp-up of years beyond the horizon, a rate for a
role that does nothing. To find them each input is moved alone, and everything that results are made
of is compared: what referrals can meet, who works and is paid, and what money is counted. Nothing
is simulated. Where it is not certain that a number has no effect it counts as used.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel

from costsim.economics.budget import PriceLevels, financial_year, share_before_april
from costsim.economics.discounting import Discounting, Timing
from costsim.economics.rollout import Rollout
from costsim.errors import ScenarioError
from costsim.pathway.compile import compile_site
from costsim.pathway.plan import Plan, Step, Track, Varied, World
from costsim.scenario.inputs import Input, inputs, with_values
from costsim.scenario.pathways import TakeUp
from costsim.scenario.schema import Scenario, Site

T = TypeVar("T")
Levels = tuple[int, ...]
Visited = dict[tuple[str, int], set[Levels]]
"""Who comes to each activity of a world: a track's name and a step's number, attributes' values."""

FACTORS = (1.1, 0.9, 2.0, 0.5)
ENDS = (0.0, 1.0, 2.0)
# What a plan holds of a site's referrals, take-up and activities, or what comes of them below;
# anything else that they may say is compared as it is written.
OF_REFERRALS = {"per_year", "arrive", "monthly", "need", "attributes", "priority", "backlog"}
OF_TAKE_UP = {
    "eligible", "leakage", "demand_response", "ramp_up", "fade", "start_delay", "double_running",
}  # fmt: skip
OF_ACTIVITIES = {"title", "wait", "staff", "meeting", "withdraw_after", "next"}
OF_WORK = {"headcount", "share_of_time", "posts"}


def unused(scenario: Scenario) -> tuple[Input, ...]:
    """The inputs that change no result however they are changed, in the order of the file.

    >>> from costsim.scenario.loader import load
    >>> unused(load("scenarios/starter.yaml"))
    ()
    """
    search = _Search(scenario)
    return tuple(each for each in inputs(scenario) if not search.matters(each))


@dataclass
class _Search:
    """What the results of a scenario are made of, to compare with those of one that was moved."""

    scenario: Scenario
    sites: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.sites = {name: _of_site(self.scenario, name) for name in self.scenario.sites}

    def matters(self, each: Input) -> bool:
        """Whether any of the other values that an input may have makes a difference."""
        for value in _values(each):
            with suppress(ScenarioError):  # an impossible value
                if self._differs(with_values(self.scenario, dict.fromkeys(each.where, value))):
                    return True
        return False

    def _differs(self, moved: Scenario) -> bool:
        return _of_all(moved) != _of_all(self.scenario) or any(
            _of_site(moved, name) != self.sites[name]
            for name, site in moved.sites.items()
            if site is not self.scenario.sites[name]
        )


def _values(each: Input) -> Iterator[float]:
    """Other values of an input, near ones first; `with_values` refuses those out of its bounds."""
    near = [each.value * factor for factor in FACTORS] if each.value else []
    for value in (*near, *ENDS, *(each.p10_p90 or ())):
        if value != each.value:
            yield value


def _of_all(scenario: Scenario) -> tuple[Any, ...]:
    """What all sites share: what is written, what later money is worth, later pay and prices."""
    weighed, prices = scenario.discounting, scenario.prices
    factors: tuple[float, ...] = ()
    if weighed.rate:
        factors = Discounting(weighed.rate.value, Timing(weighed.timing)).factors(scenario.years)
    pay = prices.pay_growth.value if scenario.years > 1 else None
    rest = _written(scenario, {"sites", "discounting", "prices"})
    return (
        rest, _written(weighed, {"rate"}), factors,
        _written(prices, {"pay_growth", "inflation"}), pay, _price_levels(scenario),
    )  # fmt: skip


def _price_levels(scenario: Scenario) -> list[float]:
    """Prices of the financial years of the budget view; none where there is no such view."""
    start = scenario.calendar.start
    levels = PriceLevels(scenario.deflators, scenario.price_year, scenario.prices.inflation.value)
    years = scenario.years + (share_before_april(start) < 1.0)
    first = int(financial_year(start)[:4])
    names = [financial_year(date(first + year, 4, 1)) for year in range(years)]
    try:
        return [levels.level(name) for name in names]
    except ValueError:
        return []


def _of_site(scenario: Scenario, name: str) -> tuple[Any, ...]:
    """What the results of a site are made of."""
    site, plan = scenario.sites[name], compile_site(scenario, name)
    met = _Met(plan)
    rest = _written(site, {"staff", "referrals", "targets", "pathways", "take_up"})
    named = set(_names(rest))
    return (
        met.essence(),
        {role: _of_role(site, role, met.workers(), named) for role in site.staff},
        [_of_activity(site, *where) for where in sorted(met.activities())],
        rest,
        _written(site.referrals, OF_REFERRALS),
        _written(site.take_up, OF_TAKE_UP),
        _course(site.take_up, scenario.years),
    )


def _of_role(site: Site, role: str, workers: Collection[str], named: Collection[str]) -> Any:
    """A role that works counts with all that it says, one that is only paid with its price."""
    if role in workers:
        return site.staff[role]
    return _written(site.staff[role], OF_WORK) if role in named else None


def _of_activity(site: Site, pathway: str, activity: str) -> Any:
    return pathway, activity, _written(site.pathways[pathway].activities[activity], OF_ACTIVITIES)


def _course(take_up: TakeUp, years: int) -> Any:
    """The shares of the years in which the new pathway saves, is live, and runs beside the old."""
    ramp_up = tuple(share.value for share in take_up.ramp_up)
    rollout = Rollout(
        take_up.start_delay.value, ramp_up, take_up.fade.value, take_up.double_running.value
    )
    shares = rollout.saving_shares, rollout.live_shares, rollout.double_shares
    return [each(years) for each in shares]


def _written(part: BaseModel, but: Collection[str]) -> dict[str, Any]:
    """What a part of the scenario says, but for some fields."""
    return {name: getattr(part, name) for name in type(part).model_fields if name not in but}


def _names(part: Any) -> Iterator[str]:
    """Every name that stands anywhere in a part of the scenario."""
    if isinstance(part, BaseModel):
        part = _written(part, ())
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        yield from map(str, part)
        part = list(part.values())
    if isinstance(part, list | tuple):
        for inner in part:
            yield from _names(inner)


class _Met:
    """What the referrals of a plan can meet: which people come to which activities."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.people = tuple(_people(plan))
        self.visited = {world.name: _visits(plan, world, self.people) for world in plan.worlds}

    def activities(self) -> set[tuple[str, str]]:
        """The activities that somebody comes to, each after its pathway."""
        return {(track.name, step.name) for _, track, step, _ in self._steps()}

    def workers(self) -> set[str]:
        """The roles that work at an activity that somebody comes to."""
        found = set()
        for _, _, step, _ in self._steps():
            found |= {work.role for work in step.works()}
            found |= {role for role, _ in step.panel.members} if step.panel else set()
        return {self.plan.posts[role].name for role in found}

    def _steps(self) -> Iterator[tuple[World, Track, Step, set[Levels]]]:
        for world in self.plan.worlds:
            tracks = {track.name: track for track in world.tracks}
            for (track, number), people in sorted(self.visited[world.name].items()):
                yield world, tracks[track], tracks[track].steps[number], people

    def essence(self) -> tuple[Any, ...]:
        """The plan without what no referral meets, so that equal ones give equal results."""
        plan, workers = self.plan, self.workers()
        worlds = [self._of_world(world) for world in plan.worlds]
        steps = [
            (world.name, track.name, _of_step(step, people))
            for world, track, step, people in self._steps()
        ]
        parts = (worlds, steps, self._precedence(workers))
        told = set(_attributes(parts)) if _drawn(plan) else set()
        return (
            plan.time, plan.demand, plan.backlog, plan.targets, plan.length, plan.warm_up, parts,
            [post for post in plan.posts if post.name in workers],
            [each for number, each in enumerate(plan.attributes) if number in told],
        )  # fmt: skip

    def _of_world(self, world: World) -> Any:
        takers = [who for who in self.people if world.eligible.at(who) > 0]
        leak = world.leak and (world.leak.to, _reduced(world.leak.share, takers))
        routes = [(track.name, track.start, track.outcomes) for track in world.tracks]
        return world.name, routes, _reduced(world.eligible, self.people), leak, world.extra_share

    def _precedence(self, workers: Collection[str]) -> Any:
        """Who is served first, where anybody can queue."""
        limited = any(p.headcount is not None for p in self.plan.posts if p.name in workers)
        meetings = any(step.panel for _, _, step, _ in self._steps())
        return _reduced(self.plan.precedence, self.people) if limited or meetings else None


def _drawn(plan: Plan) -> bool:
    """Whether luck has a say in who comes, which it has not where every date gives it."""
    given = plan.demand.style == "dated" and not plan.backlog
    return not given or any(-1 in levels for _, levels in plan.demand.dated)


def _people(plan: Plan) -> Iterator[Levels]:
    """Every combination of values of the attributes by which anything varies."""
    told = {varied.attribute for varied in _varied(plan)}
    values = []
    for number, each in enumerate(plan.attributes):
        possible = [n for n, share in enumerate(each.shares) if share > 0 or plan.demand.dated]
        values.append(possible if number in told else possible[:1])
    return itertools.product(*values)


def _varied(plan: Plan) -> Iterator[Varied[Any]]:
    """Everything in a plan that may vary between referrals."""
    yield plan.precedence
    for world in plan.worlds:
        yield world.eligible
        yield from [world.leak.share] if world.leak else []
        for track in world.tracks:
            yield from itertools.chain.from_iterable(map(_of_person, track.steps))


def _of_person(step: Step) -> list[Varied[Any]]:
    """What an activity asks of a referral, by its attributes."""
    minutes = [work.minutes for work in step.works()]
    given = [step.wait, step.patience, step.panel.each_case if step.panel else None]
    return [*minutes, *(each for each in given if each), step.routes]


def _visits(plan: Plan, world: World, people: Collection[Levels]) -> Visited:
    """The people who can come to each activity of a world."""
    found: Visited = {}
    tracks = {track.name: track for track in world.tracks}
    coming = [(*where, who) for who in people for where in _starts(plan, world, who)]
    while coming:
        name, number, who = coming.pop()
        seen = found.setdefault((name, number), set())
        if who not in seen:
            seen.add(who)
            coming += [(name, each, who) for each in _next(tracks[name].steps[number], who)]
    return found


def _starts(plan: Plan, world: World, who: Levels) -> Iterator[tuple[str, int]]:
    old, takers = world.comparator, world.eligible.at(who) if world.option else 0.0
    yield from ((old.name, number) for number, _ in plan.backlog)
    if takers < 1:
        yield old.name, old.start
    if world.option and takers > 0:
        yield world.option.name, world.option.start
        if world.leak and world.leak.share.at(who) > 0:
            yield old.name, world.leak.to


def _next(step: Step, who: Levels) -> Iterator[int]:
    """The activities to which such people go on."""
    before, route = 0.0, step.routes.at(who)
    for target, sums in zip(route.targets, route.cumulative, strict=True):
        if target >= 0 and sums > before:
            yield target
        before = sums


@dataclass(frozen=True)
class _By:
    """What differs between people, by the number of an attribute and its value."""

    attribute: int
    options: tuple[tuple[int, Any], ...]


def _reduced(varied: Varied[T], people: Collection[Levels]) -> T | _By | None:
    """What holds for some people: one thing, or several by an attribute."""
    if varied.attribute is None:
        return varied.options[0] if people else None
    met = sorted({who[varied.attribute] for who in people})
    found = [varied.options[value] for value in met]
    if all(each == found[0] for each in found):
        return found[0] if found else None
    return _By(varied.attribute, tuple(zip(met, found, strict=True)))


def _of_step(step: Step, people: Collection[Levels]) -> Any:
    """An activity as it is for those who come to it."""
    turns = [[(work.role, work.purpose) for work in turn] for turn in step.turns]
    panel = step.panel and (step.panel.every, step.panel.capacity, step.panel.members)
    kinds = step.wait is None, step.patience is None
    return step.name, turns, panel, kinds, [_reduced(each, people) for each in _of_person(step)]


def _attributes(part: Any) -> Iterator[int]:
    """The attributes by which anything differs that somebody meets."""
    if isinstance(part, _By):
        yield part.attribute
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _attributes(inner)
