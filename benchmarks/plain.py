"""The study of `scenarios/visit.yaml` as a plain SimPy script, the way it is usually done.

Each pathway is run on its own with a seed of its own, so both meet different families: their costs
differ by luck as well as by pathway, and it takes more replications to tell one from the other.
"""

from __future__ import annotations

import math
import random
from collections.abc import Generator
from dataclasses import dataclass
from statistics import fmean, variance
from typing import Any

import simpy

MINUTES_PER_YEAR = 261 * 8 * 60
REFERRALS_PER_YEAR = 150
DUTY_WORKER = 40 / 60  # pounds a minute
SOCIAL_WORKER = 50 / 60
DAY = 8 * 60
FEWEST, STRETCH = 30, 10  # replications: at the least, and between two looks at the error
Process = Generator[simpy.Event, Any, None]


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

    def run(self) -> float:
        """The cost of a family, once all are decided."""
        self.clock.process(self.arrivals())
        self.clock.run()
        return self.cost / self.families

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
    """Run years of both pathways until the 95 % interval is this many pounds either way."""
    old: list[float] = []
    new: list[float] = []
    while True:
        for number in range(len(old), len(old) + STRETCH):
            old.append(Office("old", 2_000_000 * seed + 2 * number).run())
            new.append(Office("new", 2_000_000 * seed + 2 * number + 1).run())
        error = math.sqrt((variance(old) + variance(new)) / len(old))
        if len(old) >= FEWEST and 1.96 * error <= precision:
            return Answer(fmean(old) - fmean(new), error, len(old))
