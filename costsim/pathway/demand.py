"""How many referrals are to be expected by when, from the demand that a plan states."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from costsim.pathway.calendar import months_of
from costsim.pathway.plan import Plan

Floats = NDArray[np.float64]


def anybody_expected(plan: Plan) -> bool:
    """Whether any referral can arrive in the period that is counted, whatever the luck."""
    begin, finish = plan.window
    if plan.demand.style == "dated":
        return any(begin <= minute < finish for minute, _ in plan.demand.dated)
    clock, expected = referrals_by(plan)
    before, until = np.interp([begin, finish], clock, expected)
    if plan.demand.style != "evenly":
        return bool(until > before)
    points = max(0.0, math.floor(before) - 1.0) + 0.5 + np.arange(4)  # those next to the beginning
    times = np.interp(points, expected, clock, right=np.inf)
    return bool(((begin <= times) & (times < finish)).any())


@lru_cache(maxsize=64)
def referrals_by(plan: Plan) -> tuple[Floats, Floats]:
    """Minutes at which the rate of referrals changes, and the referrals expected by then."""
    years = math.ceil(plan.warm_up * 2 + plan.length) + 1
    weights = _day_weights(plan, years)
    days = np.arange(len(weights) + 1)
    expected = np.concatenate([[0.0], np.cumsum(weights)])
    changes = np.concatenate([[True], np.diff(weights) != 0, [True]])
    return plan.time.minutes_per_day * days[changes], expected[changes]


def _day_weights(plan: Plan, years: int) -> Floats:
    """Referrals expected on each working day; each year from the start adds up to `per_year`."""
    demand = plan.demand
    months = months_of(plan.time, years)
    weights = np.array(demand.monthly)[months - 1] if demand.monthly else np.ones(len(months))
    per_year = demand.per_year
    for year in range(years):
        days = slice(
            *(round(plan.time.period(y) / plan.time.minutes_per_day) for y in (year, year + 1))
        )
        total = weights[days].sum()
        weights[days] *= per_year / total if total > 0 else 0.0
    return np.asarray(weights)
