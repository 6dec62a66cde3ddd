"""Pathways in words: what happens at each activity, how long it takes, and where it leads."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import Any

from costsim import units
from costsim.report.evidence.parts import each_with, given, named
from costsim.results.estimates import there
from costsim.scenario.distributions import Distribution
from costsim.scenario.forms import number
from costsim.scenario.model import Section
from costsim.scenario.pathways import Activity, Meeting, Pathway
from costsim.scenario.quantities import CaseMinutes, Quantity, Spending, Varying, portions
from costsim.scenario.schema import Scenario, Site
from costsim.words import listed, plain_name, site_title

Show = Callable[[Any], str]
"""Writes a number as people do, with its unit."""


def by_site(scenario: Scenario, tell: Callable[[Site], str]) -> list[str]:
    """What each site's part says: sites that say the same together, one alone without its name."""
    told = defaultdict(list)
    for name, site in scenario.sites.items():
        told[tell(site)].append(site_title(scenario, name))
    form = "{1}" if len(told) == 1 else "{0}: {1}"
    return [form.format(listed(sites), text) for text, sites in told.items() if text]


def activities(site: Site) -> list[Activity]:
    """Every activity of every pathway of a site."""
    return list(chain(*(way.activities.values() for way in site.pathways.values())))


def ways(scenario: Scenario) -> tuple[str, ...]:
    """The comparator, then the options."""
    return scenario.comparator, *scenario.options


def titled(title: str | None, name: str) -> str:
    """A title with the name that it has in the file, or the name alone."""
    return f"{title} ({name})" if title else plain_name(name)


def pathway_lines(scenario: Scenario, name: str) -> list[str]:
    """Where a pathway begins, and where each of its activities leads, by site."""
    return by_site(scenario, lambda site: _way(name, site.pathways[name]))


def _way(name: str, pathway: Pathway) -> str:
    steps = (f"{plain_name(step)} leads to {_next(each)}" for step, each in _in_order(pathway))
    title, ends = titled(pathway.title, name), named(sorted(pathway.outcomes))
    return f"{title} begins at {plain_name(pathway.start)}: {'; '.join(steps)}. It ends in {ends}."


def _in_order(pathway: Pathway) -> Iterator[tuple[str, Activity]]:
    """The activities in the order in which they can be reached."""
    ahead, left = deque([pathway.start]), dict(pathway.activities)
    while ahead:
        name = ahead.popleft()
        if name in left:
            yield name, left[name]
            ahead += chain(*left.pop(name).next.choices().values())


def _next(activity: Activity) -> str:
    return varied(activity.next, lambda shares: _shares(portions(shares)))


def _shares(shares: Mapping[str, float]) -> str:
    if len(shares) == 1:
        return plain_name(next(iter(shares)))
    return listed(each_with(shares, units.percent))


def activity_lines(scenario: Scenario, name: str) -> list[str]:
    """What each activity of a pathway takes, by site."""
    per_day = scenario.calendar.hours_per_day.value * 60
    return by_site(scenario, lambda site: _activities(name, site, per_day))


def _activities(name: str, site: Site, per_day: float) -> str:
    told = (
        f"{plain_name(step)}{given(' ({})', each.title)}: {_taken(each, per_day)}"
        for step, each in _in_order(site.pathways[name])
    )
    return f"Pathway {name}. {'. '.join(told)}."


def _taken(activity: Activity, per_day: float) -> str:
    """A wait, then work or a meeting, then other cost."""
    show = partial(spread, per_day=per_day)
    turns = (" together with ".join(each_with(turn, show)) for turn in activity.staff or ())
    told = (
        *map("wait {}".format, map(show, there([activity.wait]))),
        *turns,
        *map(partial(_meeting, per_day=per_day), there([activity.meeting])),
        *map(_other_cost, there([activity.cost])),
    )
    return ", then ".join(told) or "takes no time"


def _meeting(meeting: Meeting, per_day: float) -> str:
    members = listed(
        f"{count.value:,} x {plain_name(role)}" for role, count in meeting.members.items()
    )
    every = units.show(meeting.every.value, "min", per_day)
    return (
        f"a meeting every {every} for at most {meeting.capacity.value:,} cases, "
        f"{spread(meeting.each_case, per_day)} of {members} on each case"
    )


def _other_cost(cost: Spending) -> str:
    return f"other cost of {units.money(cost.pounds)} a visit"


def varied(written: Varying[Any], tell: Callable[[Any], str]) -> str:
    """What holds for all, or for each value of an attribute."""
    if written.attribute is None:
        return tell(written.always)
    told = (f"{plain_name(value)} {tell(each)}" for value, each in written.choices().items())
    return f"by {plain_name(written.attribute)} ({'; '.join(told)})"


def spread(written: CaseMinutes, per_day: float) -> str:
    """How long something takes, as a distribution with its figures."""
    return varied(written, lambda each: distribution(each, per_day))


def distribution(written: Distribution[Any, Any], per_day: float = units.MINUTES_PER_DAY) -> str:
    """A distribution with its figures as they were written.

    >>> from costsim.scenario.quantities import Duration, Number
    >>> given = {"gamma": {"mean": "49 min", "sd": "30 min"}}
    >>> distribution(Distribution[Duration, Number].model_validate(given))
    'gamma (mean 49 min, sd 30 min)'
    """
    chosen = _filled(written, set(type(written).model_fields) - set(Section.model_fields))
    ((name, found),) = chosen.items()
    show = partial(_shown, per_day=per_day)
    if name in WRITTEN_AS_LISTS:
        return WRITTEN_AS_LISTS[name](found, show)
    figures = _filled(found, type(found).model_fields)
    told = (FIGURES.get(each, _figure)(each, value, show) for each, value in figures.items())
    return f"{name} ({', '.join(told)})"


def _filled(part: object, names: Iterable[str]) -> dict[str, Any]:
    """What is given of these fields, by name."""
    values = {name: getattr(part, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _fixed(value: Any, show: Show) -> str:
    return show(value)


def _empirical(values: Any, show: Show) -> str:
    return f"{len(values)} observed values {_between(values, show)}"


def _bins(bins: Any, show: Show) -> str:
    ends = [*map(attrgetter("start"), bins), *map(attrgetter("to"), bins)]
    return f"{len(bins)} bins of a table {_between(ends, show)}"


def _between(values: Iterable[Any], show: Show) -> str:
    """From the lowest to the highest value."""
    ordered = sorted(values, key=number)
    return f"from {show(ordered[0])} to {show(ordered[-1])}"


def _figure(name: str, value: Any, show: Show) -> str:
    return f"{name} {show(value)}"


def _quantiles(_: str, value: Any, show: Show) -> str:
    return ", ".join(each_with(value, show))


def _interval(name: str, value: Any, show: Show) -> str:
    return f"{name} {' to '.join(map(show, value))}"


def _level(name: str, value: Any, _: Show) -> str:
    return f"{name} {units.percent(value)}"


def _shown(value: Quantity[Any] | float, per_day: float) -> str:
    if isinstance(value, Quantity):
        return units.show(value.value, value.unit, per_day)
    return f"{value:.6g}"


WRITTEN_AS_LISTS: dict[str, Callable[[Any, Show], str]] = {
    "fixed": _fixed,
    "empirical": _empirical,
    "bins": _bins,
}
FIGURES: dict[str, Callable[[str, Any, Show], str]] = {
    "quantiles": _quantiles,
    "interval": _interval,
    "level": _level,
}
