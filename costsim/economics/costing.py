"""What staff time and visits cost: minutes x hourly cost / 60, plus each visit's other cost."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costsim.pathway.plan import Plan, Track, World
from costsim.results.tally import Tallies
from costsim.scenario.quantities import Money
from costsim.scenario.schema import PHASES, Phase, Scenario, Site

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """Pounds per minute of each role, and pounds per visit of each activity of each track."""

    per_minute: Floats
    per_visit: dict[str, Floats]


def prices(scenario: Scenario, plan: Plan) -> Prices:
    """The prices of a plan's roles and activities, in the plan's order."""
    site = scenario.sites[plan.site]
    rates = [site.staff[post.name].rate / 60 for post in plan.posts]
    tracks = {track.name: track for world in plan.worlds for track in world.tracks}
    visits = {name: _other_costs(site, track) for name, track in tracks.items()}
    return Prices(np.array(rates), visits)


def _other_costs(site: Site, track: Track) -> Floats:
    """Pounds other than staff of a visit to each activity of a track."""
    activities = site.pathways[track.name].activities
    return np.array([_pounds(activities[name].cost) for name in track.names])


def _pounds(money: Money | None) -> float:
    """The amount; nothing where none is given."""
    return money.pounds if money else 0.0


def costs(tallies: Tallies, world: World, price: Prices) -> Floats:
    """Pounds that each replication of a world cost."""
    staff = tallies.minutes * price.per_minute
    other = [
        visits * price.per_visit[track.name]
        for visits, track in zip(tallies.visits, world.tracks, strict=True)
    ]
    return added_up(np.concatenate([staff, *other], axis=1))


def added_up(rows: Floats) -> Floats:
    """The exact sum of each row, rounded once: a column of nothing changes no bit of it.

    >>> added_up(np.array([[0.1, 0.2, 0.3], [1e16, 1.0, -1e16]])).tolist()
    [0.6, 1.0]
    """
    return np.array(list(map(math.fsum, rows.tolist())), dtype=np.float64)


def one_off_items(site: Site) -> dict[str, dict[str, float]]:
    """Pounds of the one-off cost by phase of co-production and item."""
    return {name: _phase_items(site, getattr(site.one_off, name)) for name in PHASES}


def _phase_items(site: Site, phase: Phase) -> dict[str, float]:
    staff = [
        minutes.value / 60 * site.staff[role].rate for role, minutes in sorted(phase.staff.items())
    ]
    found = {"staff": math.fsum(staff)}
    for item in ("payments_to_parents", "coaching", "other"):
        found[item] = _pounds(getattr(phase, item))
    return found


def one_off_cost(site: Site) -> float:
    """Pounds that co-production cost, once."""
    return math.fsum(cost for items in one_off_items(site).values() for cost in items.values())


def own_staff_once(site: Site) -> float:
    """Pounds of the one-off cost that are hours of staff."""
    return math.fsum(items["staff"] for items in one_off_items(site).values())


def running_cost(site: Site, pathway: str) -> float:
    """Pounds a year that a pathway costs to run, staff time apart."""
    items = site.running_costs.get(pathway, {})
    return math.fsum(items[name].pounds for name in sorted(items))
