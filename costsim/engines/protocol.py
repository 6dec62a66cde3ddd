"""What every engine does: run replications of the worlds of a plan, and record what happened."""

from __future__ import annotations

from typing import Protocol

from costsim.errors import SimulationError
from costsim.pathway.plan import Plan, Step, World
from costsim.results.record import WITHDRAWN, Record
from costsim.sampling import Luck

MOST_VISITS = 1000
A_MOMENT = 1e-6  # a minute's millionth: less is rounding


class Engine(Protocol):
    """A way to run a site's worlds. All engines give the same records, bit for bit.

    A case is one referral in one world. `cases_at_once` is how many it likes to be given at a time,
    `seconds_per_case` about how long each takes.
    """

    name: str
    cases_at_once: float
    seconds_per_case: float

    @property
    def ready(self) -> bool:
        """Whether it can begin at once, and nothing has to be compiled first."""

    def run(self, plan: Plan, luck: Luck) -> dict[str, Record]:
        """The record of the replications that `luck` covers, of every world by its name.

        Raises `SimulationError` if a referral goes round in a loop more than `MOST_VISITS` times.
        """


def outcomes_of(world: World) -> tuple[str, ...]:
    """The names of a world's outcomes by the numbers that records use."""
    names = {name for track in world.tracks for name in track.outcomes}
    return tuple(sorted(names | {WITHDRAWN}))


def endless(referral: int, step: Step) -> SimulationError:
    """What is wrong when a referral, numbered from 0, does not leave a loop."""
    return SimulationError(
        f"referral {referral + 1} came to {step.name!r} more than {MOST_VISITS} times. "
        "Give the branches of its loop a larger share that leads out."
    )
