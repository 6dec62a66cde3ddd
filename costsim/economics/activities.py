"""What each activity takes and costs: visits, staff minutes and pounds of a referral, on average.

Added up over the activities of a pathway they are the cost of a case, so this is the account by
which a cost can be followed from minutes and prices.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costsim.economics.costing import Prices
from costsim.pathway.plan import Plan, World
from costsim.results.tally import Tallies

Floats = NDArray[np.float64]
OTHER = "other"
NOBODY = "none"


@dataclass(frozen=True)
class ActivityRow:
    """One role's part in one activity, for each baseline referral of a pathway's world.

    `pathway` is the world, `route` the pathway that the activity belongs to: some referrals of an
    option's world follow the comparator. `role` is `other` for cost other than staff, and `none`
    where nobody works. `visits` are those of the activity, whoever works there. `price` is pounds
    an hour, or for other cost pounds a visit. `cost` is pounds.
    """

    pathway: str
    route: str
    activity: str
    role: str
    visits: float
    minutes: float
    price: float
    cost: float


def activity_rows(
    plan: Plan, world: World, tallies: Tallies, prices: Prices
) -> Iterator[ActivityRow]:
    """Every activity of a world with its roles, in the order of the pathways' names and numbers.

    Per baseline referral; nothing where none came.
    """
    referrals = math.fsum(tallies.referrals)
    if not referrals:
        return
    for track, visits, work in zip(world.tracks, tallies.visits, tallies.work, strict=True):
        for step, activity in enumerate(track.names):
            times = math.fsum(visits[:, step]) / referrals
            minutes = [math.fsum(column) / referrals for column in work[:, step].T]
            other = float(prices.per_visit[track.name][step])
            for role, *figures in _roles(plan, prices, times, minutes, other):
                yield ActivityRow(world.name, track.name, activity, role, times, *figures)


def _roles(
    plan: Plan, prices: Prices, visits: float, minutes: list[float], other: float
) -> list[tuple[str, float, float, float]]:
    """Each role with its minutes, its price and its cost; then other cost, or else nobody."""
    each = zip(plan.posts, minutes, prices.per_minute.tolist(), strict=True)
    found = [(post.name, taken, rate * 60, taken * rate) for post, taken, rate in each if taken]
    if other:
        found.append((OTHER, 0.0, other, visits * other))
    return found or [(NOBODY, 0.0, 0.0, 0.0)]
