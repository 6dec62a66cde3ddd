"""Replications: the same worlds with fresh luck, until they are as many, or as precise, as asked.

Sites are separate systems that are replicated side by side. A replication is a pure function of its
address, so it can be done in any order; tallies are kept for all, full records for the first few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from costsim.caseload import Caseload
from costsim.engines.protocol import Engine
from costsim.pathway.plan import Plan
from costsim.progress import Progress, silent
from costsim.results.record import Floats, Record
from costsim.results.tally import Tally, tally
from costsim.sampling import Luck

BATCH = 20
MOST_REPLICATIONS = 100_000


@dataclass(frozen=True)
class Settings:
    """How much is simulated, with which luck, and how many replications are kept in full.

    `at_least` replications are run; with `until`, batches follow until it says enough.
    """

    seed: int
    at_least: int
    keep: int = 0
    draw: int = 0


@dataclass
class SiteRuns:
    """Everything simulated for one site: its plan, tallies by world, and the records kept."""

    plan: Plan
    tallies: dict[str, list[Tally]] = field(default_factory=dict)
    kept: list[dict[str, Record]] = field(default_factory=list)

    def add(self, records: dict[str, Record], keep: int) -> None:
        """Add one replication of every world."""
        worlds = {world.name: world for world in self.plan.worlds}
        for name, record in records.items():
            self.tallies.setdefault(name, []).append(tally(self.plan, worlds[name], record))
        if len(self.kept) < keep:
            self.kept.append(records)

    def cut(self, replications: int) -> None:
        """Keep the first replications only."""
        self.tallies = {name: each[:replications] for name, each in self.tallies.items()}
        del self.kept[replications:]

    @property
    def replications(self) -> int:
        """Replications done."""
        return min(len(self.tallies.get(world.name, ())) for world in self.plan.worlds)

    @property
    def referrals(self) -> Floats:
        """Baseline referrals counted in each replication."""
        return np.array(
            [t.referrals for t in self.tallies[self.plan.worlds[0].name]], dtype=np.float64
        )

    def of(self, world: str, figure: Callable[[Tally], float]) -> Floats:
        """One figure of each replication of a world."""
        return np.array([figure(each) for each in self.tallies[world]], dtype=np.float64)


@dataclass
class Runs:
    """What was simulated of every site, all with the same replications."""

    sites: dict[str, SiteRuns]
    interrupted: bool = False

    @property
    def replications(self) -> int:
        """Replications done of every site."""
        return min((each.replications for each in self.sites.values()), default=0)


def replicate(
    plan: Plan, engine: Engine, settings: Settings, replication: int
) -> dict[str, Record]:
    """One replication of every world of a site: the same people, and the same luck."""
    luck = Luck(settings.seed, plan.site, replication, settings.draw)
    return {
        world.name: engine.run(plan, world, Caseload(plan, world, luck)) for world in plan.worlds
    }


def at_once(_runs: Runs) -> bool:
    """Whatever was asked for at the least is enough."""
    return True


def simulate(
    plans: Sequence[Plan],
    engine: Engine,
    settings: Settings,
    enough: Callable[[Runs], bool] = at_once,
    progress: Progress = silent,
) -> Runs:
    """Replications of every site, at least as many as asked, then in batches until `enough`.

    `progress` is told after each replication how many are done, and of how many so far. When the
    analyst interrupts, the replications that are whole are returned if they are two or more.
    """
    runs = Runs({plan.site: SiteRuns(plan) for plan in plans})
    try:
        for replication, of in _schedule(runs, settings, enough):
            done = {plan.site: replicate(plan, engine, settings, replication) for plan in plans}
            for site, records in done.items():
                runs.sites[site].add(records, settings.keep)
            progress(replication + 1, of)
    except KeyboardInterrupt:
        if runs.replications < 2:
            raise
        runs.interrupted = True
        for each in runs.sites.values():
            each.cut(runs.replications)
    return runs


def _schedule(
    runs: Runs, settings: Settings, enough: Callable[[Runs], bool]
) -> Iterator[tuple[int, int]]:
    """The numbers of the replications to do, and how many there will be as far as is known."""
    of = settings.at_least
    for replication in count():
        if replication == of:
            if of >= MOST_REPLICATIONS or enough(runs):
                return
            of += BATCH
        yield replication, of
