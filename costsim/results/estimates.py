"""Estimates and how sure chance lets us be of them.

A simulated quantity has a Monte Carlo standard error (mcse) and a 95 % interval from Student's t
over replications. They speak of variability between cases, never of uncertainty about inputs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, TypeVar, overload

import numpy as np

from costsim.results.samples import Floats, Ints, Samples

Numbers = Floats | Ints
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

    @classmethod
    def from_json(cls, content: Mapping[str, Any], degrees: int) -> Estimate:
        """What `as_json` made; `degrees` are those of its interval, if it has any.

        >>> Estimate.from_json({"value": 2.0}, degrees=9).exact
        True
        """
        if "mcse" not in content:
            return cls(content["value"])
        low, high = content["ci95"] or (None, None)
        ends = (low, high) if content["ci95"] else None
        return cls(content["value"], content["mcse"], ends, degrees)

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


@overload
def t_quantile(degrees: int) -> float: ...
@overload
def t_quantile(degrees: Floats) -> Floats: ...
def t_quantile(degrees: int | Floats) -> float | Floats:
    """The 97.5 % quantile of Student's t, for a number of degrees of freedom or an array of them.

    >>> round(t_quantile(9), 6)
    2.262157
    >>> t_quantile(np.array([9.0, 29.0])).round(6).tolist()
    [2.262157, 2.04523]
    """
    from scipy.special import stdtrit

    found: Floats = np.asarray(stdtrit(degrees, 0.975), dtype=np.float64)
    return found if found.ndim else found.item()


def mean(values: Floats) -> Estimate:
    """The mean of one value per replication.

    >>> sample = np.array([118., 124, 131, 115, 127, 122, 119, 133, 125, 121])
    >>> found = mean(sample)
    >>> found.value, round(found.ci95[1] - found.value, 9)
    (123.5, 4.078161822)
    """
    return ratio(values, np.ones(len(values)))


def ratio(totals: Numbers, counts: Numbers) -> Estimate:
    """The ratio of sums over replications, such as total cost over total referrals.

    Its standard error is that of the ratio estimator. None if there is nothing to count.
    """
    found = _pulls(totals, counts)
    return _around(*found) if found else Estimate(None, None, None, len(totals) - 1)


def difference(one: Samples, other: Samples) -> Estimate:
    """The mean of all cases of one world less that of another, over the same replications.

    Its standard error is that of a difference of two ratio estimators, pull less pull, so the luck
    that both share narrows it. None where either has no cases.
    """
    return combined([(1.0, one.totals(), one.counts), (-1.0, other.totals(), other.counts)])


Part = tuple[float, Numbers, Numbers]
"""A factor, and the totals and counts of each replication whose ratio it multiplies."""


def combined(parts: Sequence[Part]) -> Estimate:
    """A weighted sum of ratios over the same replications, such as a difference of two means.

    The luck that they share counts: their pulls are added up replication by replication. None
    where one of them has nothing to count.
    """
    found = [(factor, _pulls(totals, counts)) for factor, totals, counts in parts]
    known = [(factor, pulls) for factor, pulls in found if pulls is not None]
    if len(known) < len(found):
        return Estimate(None, None, None, len(parts[0][2]) - 1)
    value = math.fsum(factor * value for factor, (value, _) in known)
    pulls = np.sum([factor * pulls for factor, (_, pulls) in known], axis=0)
    return _around(value, pulls)


def _pulls(totals: Numbers, counts: Numbers) -> tuple[float, Floats] | None:
    """A ratio of sums and how far each replication pulls it: (total - ratio x count) / mean count.

    The standard error of the ratio estimator is that of the mean of the pulls (Law and Kelton 2000;
    Cochran 1977, section 6.3). None if there is nothing to count.
    """
    everything = math.fsum(counts)
    if everything == 0:
        return None
    value = math.fsum(totals) / everything
    return value, np.divide(totals - value * counts, everything / len(totals), dtype=np.float64)


def _around(value: float, pulls: Floats) -> Estimate:
    """A value with the error of its pulls, of which there is one for each replication."""
    size = len(pulls)
    if size < 2:
        return Estimate(value, None, None, 0)
    return interval(value, math.sqrt(math.fsum(pulls**2) / (size - 1) / size), size - 1)


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
    """A quantile of all cases together, with Woodruff's interval.

    The share of cases below the quantile is a ratio estimator over replications, with its error;
    the interval's ends are the quantiles at `level` less and plus that error's interval (Woodruff
    1952, Journal of the American Statistical Association 47, 635-646). Where many cases share a
    value, the lower end goes by the share below it and the upper end by the share up to it, which
    are the same where no two do. `mcse` is half the interval's width over Student's t. No interval
    if fewer than two replications have cases; None without cases.

        >>> sample = Samples(np.arange(1.0, 201.0), np.full(50, 4))
        >>> found = quantile(sample, 0.5)
        >>> found.value, [round(end, 2) for end in found.ci95 or ()]
        (100.5, [71.94, 129.06])
    """
    degrees = len(samples.counts) - 1
    if not len(samples.values):
        return Estimate(None, None, None, degrees)
    value = float(np.quantile(samples.values, level))
    if np.count_nonzero(samples.counts) < 2:
        return Estimate(value, None, None, degrees)
    below = ratio(samples.numbers(samples.values < value), samples.counts)
    up_to = ratio(samples.numbers(samples.values <= value), samples.counts)
    ends = np.clip([level - below.half_width, level + up_to.half_width], 0.0, 1.0)
    low, high = np.quantile(samples.values, ends).tolist()
    return Estimate(value, (high - low) / 2 / t_quantile(degrees), (low, high), degrees)
