"""Pathways in words: what happens at each activity, how long it takes, and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from costsim import units
from costsim.report.evidence.parts import listed
from costsim.report.words import plain_name, site_title
from costsim.scenario.distributions import Distribution, number
from costsim.scenario.model import Section
from costsim.scenario.pathways import Activity, Meeting, Pathway
from costsim.scenario.quantities import CaseMinutes, Quantity, Varying, portions
from costsim.scenario.schema import Scenario, Site

WRITTEN_AS_LISTS = ("fixed", "empirical", "bins")


def by_site(scenario: Scenario, tell: Callable[[Site], str]) -> list[str]:
    """What each site's part says: sites that say the same together, one alone without its name."""
    told: dict[str, list[str]] = {}
    for name, site in scenario.sites.items():
        told.setdefault(tell(site), []).append(site_title(scenario, name))
    if len(told) == 1:
        return [text for text in told if text]
    return [f"{listed(sites)}: {text}" for text, sites in told.items() if text]


def pathway_lines(scenario: Scenario, name: str) -> list[str]:
    """Where a pathway begins, and where each of its activities leads, by site."""
    return by_site(scenario, lambda site: _way(name, site.pathways[name]))


def _way(name: str, pathway: Pathway) -> str:
    steps = (f"{plain_name(step)} leads to {_next(each)}" for step, each in _in_order(pathway))
    title = f"{pathway.title} ({name})" if pathway.title else plain_name(name)
    ends = listed(map(plain_name, sorted(pathway.outcomes)))
    return f"{title} begins at {plain_name(pathway.start)}: {'; '.join(steps)}. It ends in {ends}."


def _in_order(pathway: Pathway) -> Iterator[tuple[str, Activity]]:
    """The activities in the order in which they can be reached."""
    order = [pathway.start]
    for name in order:
        targets = (each for way in pathway.activities[name].next.choices().values() for each in way)
        order += [t for t in dict.fromkeys(targets) if t in pathway.activities and t not in order]
    return ((name, pathway.activities[name]) for name in order)


def _next(activity: Activity) -> str:
    return varied(activity.next, lambda shares: _shares(portions(shares)))


def _shares(shares: Mapping[str, float]) -> str:
    if len(shares) == 1:
        return plain_name(next(iter(shares)))
    return listed(f"{plain_name(name)} {units.percent(share)}" for name, share in shares.items())


def activity_lines(scenario: Scenario, name: str) -> list[str]:
    """What each activity of a pathway takes, by site."""
    per_day = scenario.calendar.hours_per_day.value * 60
    return by_site(scenario, lambda site: _activities(name, site, per_day))


def _activities(name: str, site: Site, per_day: float) -> str:
    told = (
        f"{plain_name(step)}{f' ({each.title})' if each.title else ''}: {_taken(each, per_day)}"
        for step, each in _in_order(site.pathways[name])
    )
    return f"Pathway {name}. {'. '.join(told)}."


def _taken(activity: Activity, per_day: float) -> str:
    """A wait, then work or a meeting, then other cost."""
    found = []
    if activity.wait:
        found.append(f"wait {spread(activity.wait, per_day)}")
    found += [
        " together with ".join(
            f"{plain_name(role)} {spread(minutes, per_day)}" for role, minutes in turn.items()
        )
        for turn in activity.staff or []
    ]
    if activity.meeting:
        found.append(_meeting(activity.meeting, per_day))
    if activity.cost:
        found.append(f"other cost of {units.money(activity.cost.pounds)} a visit")
    return ", then ".join(found) or "takes no time"


def _meeting(meeting: Meeting, per_day: float) -> str:
    members = listed(
        f"{count.value:,} x {plain_name(role)}" for role, count in meeting.members.items()
    )
    every = units.show(meeting.every.value, "min", per_day)
    return (
        f"a meeting every {every} for at most {meeting.capacity.value:,} cases, "
        f"{spread(meeting.each_case, per_day)} of {members} on each case"
    )


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
    chosen = set(type(written).model_fields) - set(Section.model_fields)
    (name,) = (each for each in chosen if getattr(written, each) is not None)
    given = getattr(written, name)
    if name in WRITTEN_AS_LISTS:
        return _list(name, given, per_day)
    figures = {each: getattr(given, each) for each in type(given).model_fields}
    told = (_figure(each, value, per_day) for each, value in figures.items() if value is not None)
    return f"{name} ({', '.join(told)})"


def _list(name: str, given: Any, per_day: float) -> str:
    if name == "fixed":
        return _shown(given, per_day)
    values = (
        given if name == "empirical" else [end for each in given for end in (each.start, each.to)]
    )
    low, high = (_shown(pick(values, key=number), per_day) for pick in (min, max))
    what = "observed values" if name == "empirical" else "bins of a table"
    return f"{len(given)} {what} from {low} to {high}"


def _figure(name: str, value: Any, per_day: float) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{each} {_shown(quantile, per_day)}" for each, quantile in value.items())
    if isinstance(value, list):
        return f"interval {' to '.join(_shown(end, per_day) for end in value)}"
    return f"{name} {units.percent(value) if name == 'level' else _shown(value, per_day)}"


def _shown(value: Quantity[Any] | float, per_day: float) -> str:
    if isinstance(value, Quantity):
        return units.show(value.value, value.unit, per_day)
    return f"{value:.6g}"
