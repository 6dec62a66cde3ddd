"""A world on average, by arithmetic alone: the tallies of one referral that no luck has touched.

They take the place of simulated tallies where nothing depends on the order of events, so that the
same economics gives the answer without chance.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from costsim.pathway.expectation import expected
from costsim.pathway.plan import Plan, World
from costsim.results.record import WITHDRAWN
from costsim.results.samples import Samples
from costsim.results.tally import Tallies


def averages_of(plan: Plan, names: Collection[str] | None = None) -> dict[str, Tallies]:
    """The averages of the worlds of a plan that have any, by name: of all, or of those named."""
    worlds = [world for world in plan.worlds if names is None or world.name in names]
    found = ((world.name, average(plan, world)) for world in worlds)
    return {name: each for name, each in found if each is not None}


def average(plan: Plan, world: World) -> Tallies | None:
    """Tallies of one replication with one baseline referral, each of them a mean.

    Times are no part of it: nothing waits, and nobody is decided. None where withdrawal, or given
    referrals, make means depend on the order of events.
    """
    means = expected(plan, world)
    if means is None:
        return None
    nobody = Samples(np.empty(0), np.zeros(1, dtype=np.int64))
    return Tallies(
        referrals=np.ones(1),
        extra=np.array([world.extra_share]),
        visits=tuple(means.visits[name][None] for name in world.routes),
        work=tuple(means.work[name][None] for name in world.routes),
        decision_minutes=nobody,
        decision_calendar_days=nobody,
        waiting_minutes=np.zeros(1),
        busy=np.zeros((1, len(plan.posts))),
        targets={name: np.zeros((1, 2)) for name, _ in plan.targets},
        outcomes={name: np.array([cases]) for name, cases in means.ends.items()}
        | {WITHDRAWN: np.zeros(1)},
    )
