"""The study of `scenarios/visit.yaml` as a plain SimPy script, the way it is usually done.

Each pathway is run on its own with a seed of its own, so both meet different families: their costs
differ by luck as well as by pathway, and it takes more replications to tell one from the other.
"""

from __future__ import annotations

import random
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from costsim.economics.precision import FEWEST, wanted
from costsim.results.estimates import t_quantile

MINUTES_PER_YEAR = 261 * 8 * 60
REFERRALS_PER_YEAR = 150
DUTY_WORKER = 40 / 60  # pounds a minute
SOCIAL_WORKER = 50 / 60
DAY = 8 * 60
Process = Generator[simpy.Event, Any, None]
Year = tuple[float, int]
Floats = NDArray[np.float64]


class Office:
    """One year of one pathway: what it costs, and for how many families."""

    def __init__(self, pathway: str, seed: int) -> None:
        self.luck = random.Random(seed)  # noqa: S311 (chance, not secrets)
        self.pathway = pathway
        self.clock = simpy.Environment()
        self.duty_worker = simpy.Resource(self.clock, capacity=1)
        self.social_worker = simpy.Resource(self.clock, capacity=1)
        self.cost = 0.0
        self.families = 0

    def run(self) -> Year:
        """What the families cost, once all are decided, and how many they were."""
        self.clock.process(self.arrivals())
        self.clock.run()
        return self.cost, self.families

    def arrivals(self) -> Process:
        """Families come at random throughout the year."""
        while True:
            yield self.clock.timeout(self.luck.expovariate(REFERRALS_PER_YEAR / MINUTES_PER_YEAR))
            if self.clock.now >= MINUTES_PER_YEAR:
                return
            self.families += 1
            self.clock.process(self.family())

    def family(self) -> Process:
        """The first contact, perhaps a form, and a visit, unless the case is closed at contact."""
        yield from self.work(self.duty_worker, self.luck.expovariate(1 / 60), DUTY_WORKER)
        if self.luck.random() < 0.25:
            return
        if self.pathway == "new":
            yield self.clock.timeout(self.luck.uniform(3 * DAY, 10 * DAY))
            yield from self.work(self.duty_worker, self.luck.uniform(20, 60), DUTY_WORKER)
            hours = self.luck.triangular(1, 8, 3)
        else:
            hours = self.luck.triangular(2, 11, 5)
        yield from self.work(self.social_worker, 60 * hours, SOCIAL_WORKER)

    def work(self, staff: simpy.Resource, minutes: float, cost_per_minute: float) -> Process:
        """Queue for a member of staff, who then works on the case."""
        with staff.request() as mine:
            yield mine
            yield self.clock.timeout(minutes)
        self.cost += minutes * cost_per_minute


@dataclass(frozen=True)
class Answer:
    """The saving per family in pounds, its standard error, and how many years of each it took."""

    saving: float
    error: float
    replications: int


def study(precision: float, seed: int = 0) -> Answer:
    """Run years of both pathways until the saving is known to so many pounds, by costsim's rule."""
    old: list[Year] = []
    new: list[Year] = []
    goal = FEWEST
    while len(old) < goal:
        for number in range(len(old), goal):
            old.append(Office("old", 2_000_000 * seed + 2 * number).run())
            new.append(Office("new", 2_000_000 * seed + 2 * number + 1).run())
        degrees = np.maximum(np.arange(len(old)), 1.0)
        goal = wanted(t_quantile(degrees) * errors(old, new), precision)
    return answer(old[:goal], new[:goal])


def answer(old: list[Year], new: list[Year]) -> Answer:
    """The cost of a family on the old pathway less that on the new, over all years.

    >>> answer([(300.0, 3), (100.0, 1)], [(10.0, 1), (70.0, 1)]).saving
    60.0
    """
    saving = _cost_of_a_family(old)[-1] - _cost_of_a_family(new)[-1]
    return Answer(float(saving), float(errors(old, new)[-1]), len(old))


def errors(old: list[Year], new: list[Year]) -> Floats:
    """The standard error of the saving after 1, 2, 3 ... years; infinite after one."""
    return np.sqrt(_squared_errors(old) + _squared_errors(new))


def _cost_of_a_family(years: list[Year]) -> Floats:
    costs, families = np.cumsum(np.array(years, dtype=np.float64), axis=0).T
    found: Floats = costs / families
    return found


def _squared_errors(years: list[Year]) -> Floats:
    """That of a ratio of sums (Cochran 1977, section 6.3), after each year."""
    each = _cost_of_a_family(years)
    costs, families = np.array(years, dtype=np.float64).T
    done = np.arange(1.0, len(years) + 1)
    squares = np.cumsum(costs**2) - 2 * each * np.cumsum(costs * families)
    squares += each**2 * np.cumsum(families**2)
    spread = squares / np.maximum(done - 1, 1) / done / (np.cumsum(families) / done) ** 2
    return np.where(done > 1, spread, np.inf)
