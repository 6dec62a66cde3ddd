"""Estimates and how sure chance lets us be of them.

A simulated quantity has a Monte Carlo standard error (mcse) and a 95 % interval from Student's t
over replications. They speak of variability between cases, never of uncertainty about inputs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from costsim.results.samples import Samples

Floats = NDArray[np.float64]
T = TypeVar("T")


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

    @property
    def number(self) -> float:
        """The value; nothing counted is nothing, 0."""
        return self.value or 0.0

    @property
    def interval(self) -> tuple[float, float] | None:
        """Both ends of the interval, where it has both."""
        low, high = self.ci95 or (None, None)
        return None if low is None or high is None else (low, high)

    @property
    def half_width(self) -> float:
        """Half the width of the interval; infinite where there is none, 0 for an exact value."""
        low, high = self.interval or (-math.inf, math.inf)
        return 0.0 if self.exact else (high - low) / 2

    def linear(self, factor: float, constant: float = 0.0) -> Estimate:
        """`factor` times this, plus a constant: exact for the standard error too."""
        moved = self.through(lambda value: factor * value + constant)
        if moved.mcse is None or self.mcse is None:
            return moved
        return replace(moved, mcse=abs(factor) * self.mcse)

    def through(self, function: Callable[[float], float | None]) -> Estimate:
        """A monotone function of this: the interval's ends are carried through it."""
        if self.value is None:
            return self
        value = function(self.value)
        if self.interval is None or self.mcse is None:
            return Estimate(value, None, None, self.degrees)
        spread = _half(function(self.value + self.mcse), function(self.value - self.mcse))
        low, high = self.interval
        return Estimate(value, spread, _ordered(function(low), function(high)), self.degrees)


def _half(one: float | None, other: float | None) -> float | None:
    """Half the distance between two values, if both are there."""
    return None if one is None or other is None else abs(one - other) / 2


def _ordered(*ends: float | None) -> tuple[float | None, float | None]:
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


def there(values: Iterable[T | None]) -> list[T]:
    """The values that are there.

    >>> there([1.5, None, 0.0])
    [1.5, 0.0]
    """
    return [value for value in values if value is not None]


def total(parts: Sequence[Estimate]) -> Estimate:
    """The sum of independent estimates."""
    value = math.fsum(map(attrgetter("number"), parts))
    degrees = there(map(attrgetter("degrees"), parts))
    spreads = there(map(attrgetter("mcse"), parts))
    if not degrees:
        return Estimate(value)
    if len(spreads) < len(degrees):
        return Estimate(value, None, None, min(degrees))
    return interval(value, math.hypot(*spreads), min(degrees))


def quantile(samples: Samples, level: float) -> Estimate:
    """A quantile of all cases together, its error from the spread between replications.

    The samples must be ranked.
    """
    degrees = len(samples.counts) - 1
    if not len(samples.values):
        return Estimate(None, None, None, degrees)
    value = float(np.quantile(samples.values, level))
    each = samples.quantiles(level)
    if len(each) < 2:
        return Estimate(value, None, None, degrees)
    spread = float(np.std(each, ddof=1)) / math.sqrt(len(each))
    return interval(value, spread, len(each) - 1)
