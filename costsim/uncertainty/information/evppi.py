"""What it would be worth to know some inputs: the expected value of partial information (EVPPI).

Each input, or group of inputs, is looked at in two ways that share no assumption, so that a figure
on which they disagree is not believed: one input by a spline and by bins, a group by a polynomial
and by a kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from costsim.scenario.model import nearest
from costsim.uncertainty.information import evpi
from costsim.uncertainty.information.bins import binned
from costsim.uncertainty.information.decision import Decision
from costsim.uncertainty.information.learning import learn
from costsim.uncertainty.information.ridge import Array, checked, same_length
from costsim.uncertainty.information.worths import (
    METHODS,
    FactorWorth,
    Method,
    PartialInformation,
    Worth,
)
from costsim.words import listed, money

__all__ = [
    "METHODS",
    "FactorWorth",
    "Method",
    "PartialInformation",
    "Worth",
    "evppi",
    "partial_information",
]
ROUNDING = 1e-8
"""What is above or below by less than this share is so by rounding alone."""


def evppi(net_benefits: Array, inputs: Array, method: Method, seed: int = 0) -> Worth:
    """The value of knowing `inputs` together, (n,) or (n, p), by one method, in pounds.

    `net_benefits` are (n, options), or (n,) for one option against doing nothing. "spline" and
    "bins" take one input. Raises ValueError for numbers that are not finite or do not fit.
    """
    decision = Decision.of(net_benefits)
    columns = checked(inputs, "The inputs", np.ndim(inputs)).reshape(len(inputs), -1)
    same_length(columns, decision.net_benefits)
    return _worth(decision, columns, method, seed)


def _worth(decision: Decision, columns: Array, method: Method, seed: int) -> Worth:
    if method == "bins":
        return Worth(*binned(decision, columns), method)
    if method not in METHODS:
        raise ValueError(f"{method!r} is no method: take {listed(METHODS)}.")
    found = learn(decision, columns, method)
    return Worth(_settled(found.value), _settled(found.standard_error(seed)), method)


def _settled(value: float) -> float:
    """Nine digits: those beyond may change with the number of processors that solve equations.

    >>> _settled(0.471149123456789)
    0.471149123
    """
    return float(f"{value:.9g}")


def partial_information(
    net_benefits: Array,
    inputs: Array,
    names: Sequence[str],
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    options: Sequence[str] | None = None,
    noise_variance: float = 0.0,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> PartialInformation:
    """What it is worth to know each input, and each of some groups of them.

    `inputs` are (n, p) with a name for each column; `groups` maps a group's name to names of
    inputs. `noise_variance` is the variance of chance in a difference between two options (see
    `evpi`). `progress` is told each factor's name before its turn. Raises ValueError for numbers
    that are not finite, and for unknown names.
    """
    decision = Decision.of(net_benefits, options)
    columns = _named_columns(inputs, names)
    same_length(inputs, decision.net_benefits)
    perfect = evpi.of_decision(decision, np.asarray(inputs), noise_variance)
    pairs = _Pairs(decision, columns, perfect.value, seed)
    found = []
    for name, members in _factors(tuple(names), groups or {}).items():
        if progress:
            progress(name)
        found.append(pairs.worth(name, members))
    kept = sorted(_ordered(found), key=_value, reverse=True)
    return PartialInformation(tuple(kept), perfect)


@dataclass(frozen=True)
class _Pairs:
    """Each factor by two methods: single inputs by one pair of them, groups by another."""

    decision: Decision
    columns: Mapping[str, Array]
    perfect: float
    seed: int

    def worth(self, name: str, members: tuple[str, ...]) -> FactorWorth:
        chosen = np.column_stack([self.columns[each] for each in members])
        methods = _PAIRS[len(members) > 1]
        first, second = (_worth(self.decision, chosen, each, self.seed) for each in methods)
        agree = first.agrees(second, self.perfect)
        found = FactorWorth(name, members, first.value, first, second, agree)
        return _at_most(found, self.perfect)


_PAIRS: dict[bool, tuple[Method, Method]] = {
    False: ("spline", "bins"),
    True: ("polynomial", "kernel"),
}


def _named_columns(inputs: Array, names: Sequence[str]) -> dict[str, Array]:
    found = np.asarray(inputs, dtype=np.float64)
    if found.ndim != 2 or found.shape[1] != len(names) or len(set(names)) < len(names):
        raise ValueError(
            f"There are {len(names)} names for inputs of shape {found.shape}: "
            "give one row for each draw, and each column a name of its own."
        )
    columns = dict(zip(names, found.T, strict=True))
    for name, column in columns.items():
        checked(column, f"The input {name}", 1)
    return columns


def _factors(
    names: tuple[str, ...], groups: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """All inputs by themselves, and all groups."""
    for group, members in groups.items():
        _check_group(names, group, members)
    return {name: (name,) for name in names} | {key: tuple(each) for key, each in groups.items()}


def _check_group(names: tuple[str, ...], group: str, members: Sequence[str]) -> None:
    if group in names:
        raise ValueError(f"The group {group} has the name of an input: give it another.")
    for unknown in [each for each in members if each not in names]:
        raise ValueError(
            f"The group {group} names {unknown}, which is no input. {nearest(unknown, names)}"
        )
    if len(set(members)) < max(len(members), 1):
        raise ValueError(f"The group {group} is empty or names an input twice: put it right.")


def _at_most(found: FactorWorth, perfect: float) -> FactorWorth:
    """No input is worth more than all of them."""
    if found.value <= perfect * (1 + ROUNDING):
        return replace(found, value=min(found.value, perfect))
    note = f"its estimate, {money(found.value)}, was above that of knowing everything and is cut"
    return replace(found, value=perfect, note=note)


def _ordered(found: list[FactorWorth]) -> list[FactorWorth]:
    """No group is worth less than what is in it: from the smallest group to the largest."""
    kept: list[FactorWorth] = []
    for each in sorted(found, key=lambda one: len(one.inputs)):
        within = [other for other in kept if set(other.inputs) < set(each.inputs)]
        kept.append(_at_least(each, max(within, key=_value)) if within else each)
    return kept


def _value(found: FactorWorth) -> float:
    return found.value


def _at_least(found: FactorWorth, part: FactorWorth) -> FactorWorth:
    """A group that seems worth less than a part of it; by much, and its methods are doubted."""
    if found.value >= part.value * (1 - ROUNDING):
        return replace(found, value=max(found.value, part.value))
    note = f"its estimate, {money(found.value)}, was below that of {part.name} and is raised"
    agree = found.agree and found.first.agrees(part.first, 0.0)
    return replace(found, value=part.value, agree=agree, note=note)
