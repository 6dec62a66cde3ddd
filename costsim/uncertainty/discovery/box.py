"""Boxes in the space of inputs, and how many draws and failures they hold."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Count:
    """Of all draws and all failures, how many of each a box holds."""

    held: int
    failing: int
    draws: int
    failures: int

    @property
    def mass(self) -> float:
        """The share of all draws that it holds."""
        return _ratio(self.held, self.draws)

    @property
    def density(self) -> float:
        """The share of the draws held that fail; not a number where it holds none."""
        return _ratio(self.failing, self.held)

    @property
    def coverage(self) -> float:
        """The share of all failures that it holds; not a number where nothing fails."""
        return _ratio(self.failing, self.failures)

    @property
    def evidence(self) -> float:
        """How much likelier the failures are if they have one rate inside and another outside.

        The logarithm of the ratio of the likelihoods, against one rate for all draws (half the
        statistic of the G-test); nothing where failures are no denser inside than outside.
        """
        if self.failing * self.draws <= self.held * self.failures:
            return 0.0
        inside = _likelihood(self.failing, self.held)
        outside = _likelihood(self.failures - self.failing, self.draws - self.held)
        return inside + outside - _likelihood(self.failures, self.draws)


def _likelihood(failing: int, draws: int) -> float:
    """The greatest logarithm of the likelihood of so many failures of so many draws."""
    parts = (each for each in (failing, draws - failing) if each)
    return math.fsum(each * math.log(each / draws) for each in parts)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


@dataclass(frozen=True, eq=False)
class Draws:
    """Inputs of shape (draws, inputs), and which draws fail."""

    inputs: Array
    failing: Flags

    def among(self, chosen: NDArray[np.int64]) -> Draws:
        """Some of the draws."""
        return Draws(self.inputs[chosen], self.failing[chosen])

    def count(self, box: Box) -> Count:
        """What a box holds of them."""
        held = box.holds(self.inputs)
        return Count(
            held=int(held.sum()),
            failing=int((held & self.failing).sum()),
            draws=len(self.failing),
            failures=int(self.failing.sum()),
        )


@dataclass(frozen=True, eq=False)
class Box:
    """A lower and an upper limit for each input, infinite where there is none."""

    low: Array
    high: Array

    @classmethod
    def everything(cls, inputs: int) -> Box:
        """A box without limits."""
        return cls(np.full(inputs, -np.inf), np.full(inputs, np.inf))

    @property
    def restricted(self) -> list[int]:
        """Columns that have a limit."""
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high)).tolist()

    def holds(self, inputs: Array) -> Flags:
        """Which draws lie within all limits."""
        return np.asarray(((inputs >= self.low) & (inputs <= self.high)).all(axis=1))

    def limited(
        self, column: int | np.intp, *, low: float | None = None, high: float | None = None
    ) -> Box:
        """The box with another limit, or two, for one input."""
        return replace(
            self,
            low=self.low if low is None else _with(self.low, column, low),
            high=self.high if high is None else _with(self.high, column, high),
        )

    def without(self, column: int) -> Box:
        """The box without limits for one input."""
        return self.limited(column, low=-np.inf, high=np.inf)

    def freed(self) -> list[Box]:
        """The box without one of its limits: a box for each."""
        lower = (self.limited(c, low=-np.inf) for c in np.flatnonzero(np.isfinite(self.low)))
        upper = (self.limited(c, high=np.inf) for c in np.flatnonzero(np.isfinite(self.high)))
        return [*lower, *upper]


def _with(limits: Array, column: int | np.intp, value: float) -> Array:
    found = limits.copy()
    found[column] = value
    return found
