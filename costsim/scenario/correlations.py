"""Whether the correlations of a scenario are between inputs that can be correlated.

They go by the names of inputs, which are known once the scenario is read. A name must be that of an
uncertain input, of two different ones, and no pair may be given twice. A share of a dirichlet moves
with the other shares of its set already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from costsim.errors import Place, Problem
from costsim.scenario.inputs import Input, inputs
from costsim.scenario.model import nearest
from costsim.scenario.origin import Where
from costsim.scenario.quantities import Portion

if TYPE_CHECKING:
    from costsim.scenario.schema import Scenario

HERE: Where = ("uncertainty", "correlations")
Located = Callable[[Where], tuple[str, Place]]


@dataclass(frozen=True)
class _Names:
    """The inputs of a scenario by name, and those among them that were counted as a dirichlet."""

    known: dict[str, Input]
    counted: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, scenario: Scenario) -> _Names:
        known = {each.name: each for each in inputs(scenario)}
        counted = (name for name, each in known.items() if _cases(scenario, each.where[0]))
        return cls(known, frozenset(counted))

    @property
    def possible(self) -> set[str]:
        """Names that a correlation may be between."""
        unsure = {name for name, each in self.known.items() if each.uncertain is not None}
        return unsure - self.counted

    def fault(self, name: str) -> tuple[str, str, str] | None:
        """What is wrong with a name: a code, the rule, and what to do; None if nothing is."""
        if name in self.possible:
            return None
        advice = nearest(name, self.possible)
        if name not in self.known:
            return "CS454", f"{name!r} is not the name of an input", advice
        if name in self.counted:
            rule = f"{name!r} has a dirichlet, and moves with the other shares of its set already"
            return "CS455", rule, "Take it out: it cannot be correlated with anything else"
        rule = f"{name!r} is not uncertain, so nothing can go together with it"
        return "CS455", rule, f"Say how unsure it is with uncertain: ..., or take it out. {advice}"


def check(scenario: Scenario, located: Located) -> Iterator[Problem]:
    """What is wrong with the correlations of a scenario, each where it is written.

    `located` finds the path as written and the place of a part of the scenario.
    """
    if not scenario.uncertainty.correlations:
        return
    names = _Names.of(scenario)
    seen: dict[frozenset[str], Place] = {}
    for number, each in enumerate(scenario.uncertainty.correlations):
        between = (*HERE, number, "between")
        for position, name in enumerate(each.between):
            if fault := names.fault(name):
                yield Problem(*fault, *located((*between, position)))
        where, place = located((*between, 1))
        if wrong := _fault_of_pair(each.between, seen):
            yield Problem("CS456", *wrong, where, place)
        seen.setdefault(frozenset(each.between), place)


def _fault_of_pair(names: list[str], seen: dict[frozenset[str], Place]) -> tuple[str, str] | None:
    """What is wrong with two names together: the rule, and what to do; None if nothing is."""
    if names[0] == names[1]:
        return f"{names[1]!r} always goes together with itself", "Name two different inputs"
    if (before := seen.get(frozenset(names))) is not None:
        rule = f"a correlation of these two is given already, in line {before.line}"
        return rule, "Take one of them out"
    return None


def _cases(scenario: Scenario, where: Where) -> float | None:
    """The cases of a share that was counted as a dirichlet; None for any other number."""
    part: object = scenario
    for step in where:
        part = part[step] if isinstance(part, dict | list) else getattr(part, str(step))  # type: ignore[index]
    return part.cases if isinstance(part, Portion) else None
