"""The uncertain inputs of a scenario as parameters: named, drawn together, put into the scenario.

A draw is one value for each of them. Each has a distribution of its own; rank correlations tie some
together; shares that were counted together are one Dirichlet distribution, drawn as gammas and
divided by their sum (Devroye 1986, chapter XI.4), so they always add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from costsim.scenario.families import Family, Gamma
from costsim.scenario.inputs import Input, uncertain_inputs, with_values
from costsim.scenario.origin import Where
from costsim.scenario.schema import Scenario
from costsim.uncertainty.copula import Correlations, correlated

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Parameter:
    """One uncertain input and its distribution; `together` are the counted shares it belongs to.

    `count` is how many cases were seen to go this way, where it is such a share.
    """

    input: Input
    family: Family
    count: float | None = None
    together: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Its path in the scenario."""
        return self.input.name

    @property
    def drawn(self) -> Family:
        """What is drawn by quantile: itself, or the gamma that a counted share is made from."""
        return self.family if self.count is None else Gamma(self.count, 1.0)


@dataclass(frozen=True)
class Parameters:
    """Every uncertain input of a scenario, by name: the order of a file changes no draw."""

    scenario: Scenario
    each: tuple[Parameter, ...]

    @classmethod
    def of(cls, scenario: Scenario) -> Parameters:
        """The parameters of a scenario, which may have none."""
        found = sorted(uncertain_inputs(scenario), key=attrgetter("name"))
        sets: dict[tuple[Where, ...], list[int]] = {}
        for number, each in enumerate(found):
            if each.counted is not None:
                sets.setdefault(_parents(each), []).append(number)
        return cls(
            scenario,
            tuple(
                Parameter(each, _family(each), each.counted, tuple(sets.get(_parents(each), ())))
                if each.counted is not None
                else Parameter(each, _family(each))
                for each in found
            ),
        )

    def __len__(self) -> int:
        return len(self.each)

    @property
    def names(self) -> tuple[str, ...]:
        """The paths of the inputs."""
        return tuple(parameter.name for parameter in self.each)

    @property
    def base(self) -> Floats:
        """The inputs at their values."""
        return np.array([parameter.input.value for parameter in self.each], dtype=np.float64)

    @cached_property
    def correlations(self) -> Correlations | None:
        """The rank correlations that the scenario states, if any."""
        stated = self.scenario.uncertainty.correlations
        if not stated:
            return None
        return Correlations(
            self.names, [(each.between[0], each.between[1], each.rank) for each in stated]
        )

    @cached_property
    def shared_sets(self) -> tuple[tuple[int, ...], ...]:
        """The sets of shares that were counted together, by their numbers."""
        return tuple(dict.fromkeys(each.together for each in self.each if each.together))

    @cached_property
    def factors(self) -> dict[str, tuple[int, ...]]:
        """What can vary by itself: an input, or a set of shares, with the numbers of its inputs."""
        found: dict[str, tuple[int, ...]] = {}
        for number, each in enumerate(self.each):
            if each.together:
                found.setdefault(_set_name(self.each[each.together[0]].name), each.together)
            else:
                found[each.name] = (number,)
        return found

    @cached_property
    def together(self) -> dict[str, list[str]]:
        """The factors of several inputs, by name, with the names of their inputs."""
        return {
            name: [self.names[number] for number in members]
            for name, members in self.factors.items()
            if len(members) > 1
        }

    def values(self, cube: Floats, dependent: bool = True) -> Floats:
        """Draws from points of the unit cube, a column for each parameter; (draws, parameters).

        `dependent` applies the correlations, which global sensitivity cannot have.
        """
        if dependent and self.correlations is not None:
            cube = correlated(cube, self.correlations, self.scenario.uncertainty.sampling)
        columns = [
            parameter.drawn.quantile(cube[:, number]) for number, parameter in enumerate(self.each)
        ]
        found = np.column_stack(columns) if columns else np.empty((len(cube), 0))
        for members in self.shared_sets:
            found[:, members] /= found[:, members].sum(axis=1, keepdims=True)
        whole = [number for number, each in enumerate(self.each) if each.input.whole]
        found[:, whole] = np.floor(found[:, whole] + 0.5)
        return found

    def changed(self, row: Iterable[float]) -> Scenario:
        """The scenario with one draw: a value for every parameter."""
        changes: dict[Where, float] = {}
        for parameter, value in zip(self.each, row, strict=True):
            changes.update(dict.fromkeys(parameter.input.where, float(value)))
        return with_values(self.scenario, changes)

    def alone(self, moved: Mapping[int, float]) -> Scenario:
        """The scenario with some inputs moved, by number, and all others at their values."""
        return self.changed(self.row(moved))

    def row(self, moved: Mapping[int, float]) -> Floats:
        """Every input at its value but for some, by number.

        Shares that were counted together with one that is moved keep their proportions, as the
        other shares of a Dirichlet distribution do.
        """
        row = self.base
        for number, value in moved.items():
            others = [each for each in self.each[number].together if each not in moved]
            if others:
                free = 1.0 - sum(moved.get(each, 0.0) for each in self.each[number].together)
                row[others] = self.base[others] * max(0.0, free) / self.base[others].sum()
            row[number] = value
        return row

    def number(self, name: str) -> int:
        """The number of an input by its name; ValueError with the nearest name."""
        if name not in self.names:
            from costsim.scenario.model import nearest

            raise ValueError(f"{name!r} is not an uncertain input. {nearest(name, self.names)}")
        return self.names.index(name)


def _family(each: Input) -> Family:
    if each.uncertain is None:
        raise ValueError(f"{each.name} is not uncertain")
    return each.uncertain


def _parents(each: Input) -> tuple[Where, ...]:
    """The parts of the scenario that hold it."""
    return tuple(where[:-1] for where in each.where)


def _set_name(first: str) -> str:
    return first.rpartition(".")[0]
