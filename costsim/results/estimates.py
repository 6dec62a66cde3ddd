"""Estimates and how sure chance lets us be of them.

A simulated quantity has a Monte Carlo standard error (mcse) and a 95 % interval from Student's t
over replications. They speak of variability between cases, never of uncertainty about inputs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A value; where it is simulated, its mcse and 95 % interval (None if one replication only).

    `degrees` is the degrees of freedom of the interval; None marks an exact value.

        >>> Estimate(30288.0).as_json()
        {'value': 30288.0}
    """

    value: float | None
    mcse: float | None = None
    ci95: tuple[float | None, float | None] | None = None
    degrees: int | None = None

    @property
    def exact(self) -> bool:
        """Whether no chance is involved."""
        return self.degrees is None

    def as_json(self) -> dict[str, Any]:
        """The form in which results are published."""
        if self.exact:
            return {"value": self.value}
        return {
            "value": self.value,
            "mcse": self.mcse,
            "ci95": list(self.ci95) if self.ci95 else None,
        }

    def linear(self, factor: float, constant: float = 0.0) -> Estimate:
        """`factor` times this, plus a constant."""
        if self.value is None:
            return self
        value = factor * self.value + constant
        if self.mcse is None or self.ci95 is None or None in self.ci95:
            return Estimate(value, None, None, self.degrees)
        ends = [factor * end + constant for end in self.ci95 if end is not None]
        return Estimate(value, abs(factor) * self.mcse, (min(ends), max(ends)), self.degrees)

    def through(self, function: Callable[[float], float | None]) -> Estimate:
        """A monotone function of this: the interval's ends are carried through it."""
        if self.value is None:
            return self
        value = function(self.value)
        if self.mcse is None or self.ci95 is None or None in self.ci95:
            return Estimate(value, None, None, self.degrees)
        ends = [function(end) for end in self.ci95 if end is not None]
        around = [function(self.value + step * self.mcse) for step in (1, -1)]
        spread = None if None in around else abs(around[0] - around[1]) / 2  # type: ignore[operator]
        return Estimate(value, spread, _ordered(ends), self.degrees)


def _ordered(ends: Sequence[float | None]) -> tuple[float | None, float | None]:
    """Ends in order, where None stands for never, beyond every number."""
    low, high = sorted(ends, key=lambda end: math.inf if end is None else end)
    return low, high


def interval(value: float, mcse: float, degrees: int) -> Estimate:
    """An estimate with its interval from Student's t."""
    half = t_quantile(degrees) * mcse
    return Estimate(value, mcse, (value - half, value + half), degrees)


def t_quantile(degrees: int) -> float:
    """The 97.5 % quantile of Student's t.

    >>> round(t_quantile(9), 6)
    2.262157
    """
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.975))


def mean(values: Floats) -> Estimate:
    """The mean of one value per replication.

    >>> sample = np.array([118., 124, 131, 115, 127, 122, 119, 133, 125, 121])
    >>> found = mean(sample)
    >>> found.value, round(found.ci95[1] - found.value, 9)
    (123.5, 4.078161822)
    """
    return ratio(values, np.ones(len(values)))


def ratio(totals: Floats, counts: Floats) -> Estimate:
    """The ratio of sums over replications, such as total cost over total referrals.

    Its standard error is that of the ratio estimator (Law and Kelton; Cochran 1977, section 6.3):
    the spread of total - ratio x count. None if there is nothing to count.
    """
    size = len(totals)
    everything = math.fsum(counts)
    if everything == 0:
        return Estimate(None, None, None, size - 1)
    value = math.fsum(totals) / everything
    if size < 2:
        return Estimate(value, None, None, 0)
    residuals = totals - value * counts
    spread = math.sqrt(math.fsum(residuals**2) / (size - 1) / size)
    return interval(value, spread / (everything / size), size - 1)


def total(parts: Sequence[Estimate]) -> Estimate:
    """The sum of independent estimates."""
    value = math.fsum(part.value for part in parts if part.value is not None)
    simulated = [part for part in parts if not part.exact]
    if not simulated:
        return Estimate(value)
    degrees = min(part.degrees or 0 for part in simulated)
    if any(part.mcse is None for part in simulated):
        return Estimate(value, None, None, degrees)
    return interval(value, math.hypot(*(part.mcse or 0.0 for part in simulated)), degrees)


def quantile(samples: Sequence[Floats], level: float) -> Estimate:
    """A quantile of all cases together, its error from the spread between replications."""
    pooled = np.concatenate(samples) if samples else np.empty(0)
    degrees = len(samples) - 1
    if not len(pooled):
        return Estimate(None, None, None, degrees)
    value = float(np.quantile(pooled, level))
    each = np.array([np.quantile(sample, level) for sample in samples if len(sample)])
    if len(each) < 2:
        return Estimate(value, None, None, degrees)
    spread = float(np.std(each, ddof=1)) / math.sqrt(len(each))
    return interval(value, spread, len(each) - 1)
