"""The priced ledger: one line for each role at each visit, and one for each visit's other cost.

Summed by referral it gives the cost of each case; the sums must agree with the tallies to the
penny.
"""

from __future__ import annotations

import math

import numpy as np

from costsim.economics.costing import Prices
from costsim.pathway.plan import World
from costsim.results.record import Floats, Record
from costsim.results.tables import NO_ROLE, Ledger

PENNY = 0.01


def ledger(world: World, record: Record, prices: Prices) -> Ledger:
    """The ledger of one replication of one world."""
    visits, work = record.visits, record.work
    other = _other_costs(world, record, prices)
    paid = np.flatnonzero(other > 0)
    visit = np.concatenate([work.visit, paid])
    order = np.argsort(visit, kind="stable")
    return Ledger(
        visit=visit[order],
        role=np.concatenate([work.role, np.full(len(paid), NO_ROLE)])[order],
        minutes=np.concatenate([work.minutes, np.zeros(len(paid))])[order],
        cost=np.concatenate([work.minutes * prices.per_minute[work.role], other[paid]])[order],
        case=visits.case[visit[order]],
    )


def _other_costs(world: World, record: Record, prices: Prices) -> Floats:
    """Pounds of each visit other than staff; nothing for one whose work never began."""
    visits = record.visits
    costs = np.zeros(len(visits.case))
    for number, track in enumerate(world.tracks):
        rows = (visits.track == number) & ~np.isnan(visits.began)
        costs[rows] = prices.per_visit[track.name][visits.step[rows]]
    return costs


def counted_total(book: Ledger, record: Record) -> float:
    """Pounds of the cases that are counted."""
    return math.fsum(book.by_case(len(record.cases.arrived))[record.cases.counted])


def reconciles(first: float, second: float) -> bool:
    """Whether two sums agree to the penny (or to a part in a thousand million, if that is more)."""
    return abs(first - second) <= max(PENNY / 2, 1e-9 * max(abs(first), abs(second)))
