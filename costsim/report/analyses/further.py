"""What a sensitivity analysis can be asked for beside the tornado, and how it is worked out.

What was asked is checked before anything is simulated. An interruption keeps what is whole: each
part is there entirely, or is named among those that were not done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, cast

from costsim.executors import Crew, alone
from costsim.progress import Progress, silent
from costsim.scenario.schema import Scenario
from costsim.uncertainty.discovery import Discovery, prim
from costsim.uncertainty.drivers import DRAWS, Drivers, Method, global_sensitivity
from costsim.uncertainty.indices.factors import Factors
from costsim.uncertainty.indices.morris import MorrisDesign
from costsim.uncertainty.indices.sobol import SobolDesign
from costsim.uncertainty.oneway import Tornado
from costsim.uncertainty.outcomes import MAY_NEVER_COME, money_outcomes, time_outcomes
from costsim.uncertainty.parameters import Parameters
from costsim.uncertainty.probabilistic import Probabilistic, probabilistic
from costsim.uncertainty.response import WORTH_SHARING
from costsim.uncertainty.steady import NET_BENEFIT, Steady
from costsim.uncertainty.switching import Switches, switches
from costsim.uncertainty.twoway import TwoWay, two_way
from costsim.uncertainty.worth import matching

DESIGNS: dict[str, Callable[[Factors, int], object]] = {
    "sobol": SobolDesign,
    "morris": MorrisDesign,
}
"""Methods with a design of their own, in which inputs may move in groups."""
SECONDS_AN_INPUT = 0.3
"""What the switching value of one takes, about: to decide whether workers are worth their start."""
Watch = Callable[[str, str], AbstractContextManager[Progress]]


def unwatched(_title: str, _what: str) -> AbstractContextManager[Progress]:
    """Nobody watches."""
    return nullcontext(silent)


@dataclass(frozen=True)
class Asked:
    """What is asked for: two inputs to move together, a method, its size and groups, a discovery.

    `groups` list names of inputs, which may hold * for anything.
    """

    outcome: str = NET_BENEFIT
    two_way: tuple[str, str] | None = None
    method: str | None = None
    size: int | None = None
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    discover: bool = False

    def check(self, scenario: Scenario) -> None:
        """Raises ValueError for what this scenario does not have, or a method cannot do."""
        known = (*money_outcomes(scenario), *time_outcomes(scenario))
        if self.outcome not in known:
            raise ValueError(f"{self.outcome!r} is no outcome here; there are {', '.join(known)}")
        parameters = Parameters.of(scenario)
        self._check_two_way(parameters)
        self._check_method(parameters)
        self._check_size(parameters.names)

    def _check_two_way(self, parameters: Parameters) -> None:
        for name in self.two_way or ():
            parameters.number(name)
        if self.two_way and self.two_way[0] == self.two_way[1]:
            raise ValueError(f"two inputs are needed, but {self.two_way[0]} is given twice")

    def _check_method(self, parameters: Parameters) -> None:
        if self.method and self.outcome in MAY_NEVER_COME:
            raise ValueError(
                f"{self.outcome} may never come, so its spread has no shares: take net_benefit"
            )
        if self.method in DESIGNS and len(parameters.factors) < 2:
            raise ValueError(f"{self.method} shares out a spread: it needs two inputs at the least")

    def _check_size(self, names: Sequence[str]) -> None:
        if self.method is None and (self.size or self.groups):
            raise ValueError("a size or a group is for a global analysis: name one with --global")
        if self.groups and self.method not in DESIGNS:
            raise ValueError(f"{self.method} takes no groups: use {' or '.join(DESIGNS)}")
        Factors.grouped(names, self.members(names))
        design = DESIGNS.get(self.method or "")
        if design and self.size is not None:
            design(Factors.single(("one", "other")), self.size)  # the same rules for any factors

    def members(self, names: Sequence[str]) -> dict[str, list[str]]:
        """The inputs in each group; ValueError for a pattern that none of the names has."""
        return {name: matching(patterns, names) for name, patterns in self.groups.items()}


@dataclass(frozen=True)
class Further:
    """What was worked out beside the tornado; `left_out` names what an interruption left."""

    switches: Switches | None = None
    two_way: TwoWay | None = None
    drivers: Drivers | None = None
    discovery: Discovery | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hands:
    """Who works: the luck, the engine by its name, the crew, and whoever watches."""

    seed: int
    engine: Any = "auto"
    crew: Crew = alone
    watch: Watch = unwatched


def further(tornado: Tornado, asked: Asked, hands: Hands) -> Further:
    """Everything that is asked for; nothing after an interruption."""
    work = _Work(tornado, asked, hands)
    steps = dict(work.steps())
    found = Further()
    if not tornado.interrupted:
        try:
            for name in list(steps):
                found = replace(found, **{name: steps[name]()})
                del steps[name]
        except KeyboardInterrupt:
            pass
    return replace(found, left_out=tuple(_CALLED[name] for name in steps))


_CALLED = {
    "switches": "switching values",
    "two_way": "two inputs together",
    "drivers": "global sensitivity",
    "discovery": "where it does not pay",
}


@dataclass(frozen=True)
class _Work:
    tornado: Tornado
    asked: Asked
    hands: Hands

    @property
    def scenario(self) -> Scenario:
        return self.tornado.base.scenario

    def steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        if self.tornado.inputs:
            yield "switches", self.switches
        if self.asked.two_way:
            yield "two_way", self.two_way
        if self.asked.method:
            yield "drivers", self.drivers
        if self.asked.discover:
            yield "discovery", self.discovery

    @property
    def breakeven(self) -> Steady:
        """The net benefit, whatever outcome the tornado followed."""
        steady = self.tornado.steady
        return Steady(steady.parameters, steady.evaluator, steady.option)

    def switches(self) -> Switches:
        shared = self.tornado.inputs * SECONDS_AN_INPUT > WORTH_SHARING
        crew = self.hands.crew if shared else alone
        with self.hands.watch("Looking for switching values", "inputs") as tell:
            return switches(self.breakeven, seed=self.hands.seed, progress=tell, crew=crew)

    def two_way(self) -> TwoWay:
        first, second = self.asked.two_way or ("", "")
        with self.hands.watch("Moving two inputs together", "steps") as tell:
            return two_way(self.breakeven, first, second, progress=tell)

    def drivers(self) -> Drivers:
        method = cast("Method", self.asked.method)
        if method not in DESIGNS:
            return global_sensitivity(
                self._draws(self.asked.size or DRAWS), method=method, outcome=self.asked.outcome
            )
        with self.hands.watch("Global sensitivity", "runs") as tell:
            return global_sensitivity(
                self.scenario,
                method=method,
                outcome=self.asked.outcome,
                size=self.asked.size,
                groups=self.asked.members(self.tornado.steady.parameters.names),
                seed=self.hands.seed,
                engine=self.hands.engine,
                progress=tell,
                crew=self.hands.crew,
            )

    def _draws(self, size: int | None) -> Probabilistic:
        """Draws of all inputs, as many as are asked for; `KeyboardInterrupt` if there are fewer."""
        with self.hands.watch("Drawing all inputs", "draws") as tell:
            found = probabilistic(
                self.scenario,
                draws=size,
                seed=self.hands.seed,
                engine=self.hands.engine,
                progress=tell,
                crew=self.hands.crew,
            )
        if found.interrupted:
            raise KeyboardInterrupt
        return found

    def discovery(self) -> Discovery:
        found = self._draws(None)
        gain = found.draws.outcome("net_benefit", found.option)[found.draws.good]
        inputs = found.draws.values[found.draws.good]
        names = found.draws.parameters.names
        return prim(inputs, names, gain < 0, seed=self.hands.seed)
