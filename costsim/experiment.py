"""Replications: the same worlds with fresh luck, until they are as many, or as precise, as asked.

Sites are separate systems that are replicated side by side. A replication is a pure function of its
address, so it can be done in any order, in any batch, by any engine and in any process; tallies are
kept for all, full records for the first few.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from costsim.engines.protocol import Engine
from costsim.executors import Crew, alone
from costsim.pathway.expectation import cases_in
from costsim.pathway.plan import Plan
from costsim.progress import Progress, busy, silent
from costsim.results.checks import Check
from costsim.results.record import Floats, Record
from costsim.results.tally import Tallies, tally, together
from costsim.sampling import Luck

MOST_REPLICATIONS = 100_000
COMPILING = "Compiling the model, once (about 15 s)"
WORTH_SHARING = 4.0  # seconds: to start workers takes more than one


@dataclass(frozen=True)
class Settings:
    """How much is simulated, with which luck, and how many replications are kept in full.

    `at_least` replications are run; a rule may then ask for more.
    """

    seed: int
    at_least: int
    keep: int = 0
    draw: int = 0


@dataclass(frozen=True)
class Batch:
    """Some replications of one site, in a row: totals by world, and the records that are kept."""

    site: str
    tallies: dict[str, Tallies]
    kept: list[dict[str, Record]]


@dataclass
class SiteRuns:
    """Everything simulated for one site: its plan, tallies by world, the records kept.

    `engine` simulated it, from replication `engine_from` (from 0) on: the first ones may have been
    too few for it. `checks` are those that were made of how it was simulated.
    """

    plan: Plan
    tallies: dict[str, Tallies] = field(default_factory=dict)
    kept: list[dict[str, Record]] = field(default_factory=list)
    engine: str = ""
    engine_from: int = 0
    checks: list[Check] = field(default_factory=list)

    def add(self, batches: Sequence[Batch], engine: str) -> None:
        """Add the replications that follow, which an engine has simulated."""
        if engine != self.engine:
            self.engine, self.engine_from = engine, self.replications
        if not batches:
            return
        parts = [*([self.tallies] if self.tallies else []), *(batch.tallies for batch in batches)]
        added = {name: together([part[name] for part in parts]) for name in parts[0]}
        kept = [*self.kept, *chain.from_iterable(batch.kept for batch in batches)]
        self.tallies, self.kept = added, kept  # all at once, or an interruption leaves a half

    def cut(self, replications: int) -> None:
        """Keep the first replications only."""
        self.tallies = {name: each.first(replications) for name, each in self.tallies.items()}
        del self.kept[replications:]

    @property
    def replications(self) -> int:
        """Replications done."""
        return len(self.tallies[self.plan.worlds[0].name]) if self.tallies else 0

    @property
    def referrals(self) -> Floats:
        """Baseline referrals counted in each replication."""
        return self.tallies[self.plan.worlds[0].name].referrals


@dataclass
class Runs:
    """What was simulated of every site, all with the same replications.

    `capped` if there were to be more, but there are as many as there may be.
    """

    sites: dict[str, SiteRuns]
    interrupted: bool = False
    capped: bool = False

    @property
    def engine(self) -> str:
        """The name of the engine that simulated it, from some replication on."""
        return ", ".join(sorted({each.engine for each in self.sites.values()}))

    @property
    def replications(self) -> int:
        """Replications done of every site."""
        return min((each.replications for each in self.sites.values()), default=0)

    def cut(self, replications: int) -> None:
        """Keep the first replications of every site."""
        for each in self.sites.values():
            each.cut(replications)


Rule = Callable[[Runs], int]
"""How many replications there should be, given these; if they are there already, that is all."""


def as_asked(_runs: Runs) -> int:
    """Whatever was asked for at the least is enough."""
    return 0


def replicate(
    plan: Plan, engine: Engine, settings: Settings, first: int, count: int = 1
) -> dict[str, Record]:
    """Some replications of every world of a site: the same people, and the same luck."""
    luck = Luck(settings.seed, plan.site, first, count, settings.draw)
    return engine.run(plan, luck)


@dataclass(frozen=True)
class Stretch:
    """Some replications of a site in a row: the number of the first, from 0, and how many."""

    plan: Plan
    first: int
    count: int

    def __str__(self) -> str:
        return f"{self.plan.site}, replications {self.first} to {self.first + self.count - 1}"


def batch(engine: Engine, settings: Settings, stretch: Stretch) -> Batch:
    """The totals of some replications of a site, and the records that are to be kept."""
    plan = stretch.plan
    records = replicate(plan, engine, settings, stretch.first, stretch.count)
    kept = [
        {name: record.of(number) for name, record in records.items()}
        for number in range(min(stretch.count, settings.keep - stretch.first))
    ]
    tallies = {world.name: tally(plan, world, records[world.name]) for world in plan.worlds}
    return Batch(plan.site, tallies, kept)


@dataclass
class Simulation:
    """Replications of some plans that go on until a rule is content, or there are `most`.

    `choose` gives the engine for so many cases; `crew` does what takes more than some seconds;
    `progress` is told how many replications are done, and of how many so far.
    """

    plans: Sequence[Plan]
    choose: Callable[[float], Engine]
    settings: Settings
    rule: Rule = as_asked
    most: float = MOST_REPLICATIONS
    progress: Progress = silent
    crew: Crew = alone

    def run(self) -> Runs:
        """Simulate. Whole replications survive an interruption if they are two or more."""
        runs = Runs({plan.site: SiteRuns(plan) for plan in self.plans})
        wanted = largest = self.settings.at_least if self.plans else 0
        while runs.replications < wanted and not runs.interrupted:
            try:
                self._go_on(runs, wanted, self.choose(largest * self._cases))
                asked = self.rule(runs)
                wanted = int(max(self.settings.at_least, min(asked, self.most)))
                runs.capped = asked > wanted
                largest = max(largest, wanted)  # an engine that was worth its start remains so
            except KeyboardInterrupt:
                runs.interrupted = True
        if runs.interrupted and runs.replications < 2:
            raise KeyboardInterrupt
        runs.cut(min(wanted, runs.replications))
        return runs

    @property
    def _cases(self) -> float:
        """Cases of one replication of all sites."""
        return math.fsum(map(cases_in, self.plans))

    def _prepare(self, engine: Engine) -> None:
        """Compile what is to be compiled, before workers would all begin to."""
        if not engine.ready:
            with busy(self.progress, COMPILING):
                replicate(self.plans[0], engine, self.settings, 0)

    def _go_on(self, runs: Runs, wanted: int, engine: Engine) -> None:
        self._prepare(engine)
        done = runs.replications
        seconds = engine.seconds_per_case * (wanted - done) * self._cases
        crew = self.crew if seconds > WORTH_SHARING else alone
        ranges = list(self._ranges(engine, done, wanted))
        work = [Stretch(plan, first, count) for first, count in ranges for plan in self.plans]
        found: dict[str, list[Batch]] = {plan.site: [] for plan in self.plans}
        task = partial(batch, engine, self.settings)
        try:
            for number, each in enumerate(crew(task, work), start=1):
                found[each.site].append(each)
                if number % len(self.plans) == 0:
                    first, count = ranges[number // len(self.plans) - 1]
                    self.progress(first + count, wanted)
        finally:
            for site, batches in found.items():
                runs.sites[site].add(batches, engine.name)

    def _ranges(self, engine: Engine, done: int, wanted: int) -> Iterator[tuple[int, int]]:
        """Replications that are together large enough for the engine to be at its best."""
        largest = max(map(cases_in, self.plans))
        size = max(1, int(engine.cases_at_once / max(1.0, largest)))
        for first in range(done, wanted, size):
            yield first, min(size, wanted - first)
