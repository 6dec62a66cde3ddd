"""How a quantity varies from one referral to the next: the families of distributions.

A family turns uniform numbers into values by its inverse cumulative distribution function, so
that the same uniform always gives the same value, wherever and in whatever company it is drawn.
Parameters are each family's own; `costsim.scenario.fitting` finds them from other figures.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from costsim.scenario.inverses import banded, beta_inverse, gamma_inverse, quantiles

Array = NDArray[np.float64]
# Above zero, and to where scipy's inverses hold: the gamma's fails past 2e6, the beta's near 1e6.
_UP_TO = {"sigma": 1e100, "scale": 1e100, "mean": 1e100, "shape": 1e6, "alpha": 1e5, "beta": 1e5}


class Family(ABC):
    """Any distribution of this module: immutable, and equal when its parameters are equal.
    Parameters that break a rule raise ValueError with the rule and the values that break it.
    """

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if name in _UP_TO and value <= 0:
                raise ValueError(f"{name} must be above zero, but it is {value:.9g}")
            least, most = (0.0, _UP_TO[name]) if name in _UP_TO else (-1e100, 1e100)
            for number in np.ravel(np.asarray(value, dtype=np.float64)).tolist():
                check_within(name, number, least, most)

    def quantile(self, u: Array) -> Array:
        """The values below which the shares `u`, each in [0, 1), of all cases lie; shaped as `u`.

        Every value is finite, depends on its own uniform alone and rises with it, but for rounding:
        between neighbouring floats `u` it may dip by 1e-12 of itself or 1e-14 of the sd.
        """
        return quantiles(self._inverse, u, self.support)

    @cached_property
    def mean(self) -> float:
        """The expected value."""
        return self._moments()[0]

    @cached_property
    def sd(self) -> float:
        """The standard deviation of the whole population, zero for a constant."""
        return self._moments()[1]

    @property
    def support(self) -> tuple[float, float]:
        """The smallest and the largest possible value; the largest may be infinite."""
        return 0.0, math.inf

    @abstractmethod
    def _moments(self) -> tuple[float, float]:
        """The mean and the standard deviation."""

    @abstractmethod
    def _inverse(self, p: Array) -> Array:
        """The inverse CDF at probabilities strictly between 0 and 1."""


class Banded(Family):
    """A family made of bands in ascending order, each of them evenly filled or a single value."""

    @property
    @abstractmethod
    def _bands(self) -> tuple[Array, Array, Array]:
        """The low edge, the high edge and the weight of every band that holds any cases."""

    @property
    def support(self) -> tuple[float, float]:
        """The lowest edge and the highest of the bands that hold any cases."""
        lows, highs, _ = self._bands
        return float(lows[0]), float(highs[-1])

    def _moments(self) -> tuple[float, float]:
        lows, highs, weights = self._bands
        mean = float(np.average((lows + highs) / 2, weights=weights))
        squares = ((lows + highs) / 2 - mean) ** 2 + (highs - lows) ** 2 / 12
        return mean, math.sqrt(np.average(squares, weights=weights))

    def _inverse(self, p: Array) -> Array:
        return banded(p, *self._bands)


class _Ranged(Family):
    """A family that runs from its parameter `low` to its parameter `high`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        low, high = self.support
        if low > high:
            raise ValueError(f"low {low:.9g} is above high {high:.9g}")
        if not low <= (mode := vars(self).get("mode", low)) <= high:
            raise ValueError(f"the mode {mode:.9g} lies outside low {low:.9g} to high {high:.9g}")

    @property
    def support(self) -> tuple[float, float]:
        return vars(self)["low"], vars(self)["high"]


@dataclass(frozen=True)
class Fixed(Banded):
    """The same `value` for every case."""

    value: float

    @cached_property
    def _bands(self) -> tuple[Array, Array, Array]:
        return np.array([self.value]), np.array([self.value]), np.ones(1)

    def quantile(self, u: Array) -> Array:
        """The value, whatever the luck."""
        return np.full(np.shape(u), float(self.value))


@dataclass(frozen=True)
class Empirical(Banded):
    """Observed `values` in any order, all equally likely."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.values:
            raise ValueError("observed values are needed, but there are none")

    @cached_property
    def _bands(self) -> tuple[Array, Array, Array]:
        values = np.sort(np.asarray(self.values, dtype=np.float64))
        return values, values, np.ones(len(values))

    def _inverse(self, p: Array) -> Array:
        return self._bands[0].take((p * len(self.values)).astype(np.intp))


@dataclass(frozen=True)
class Uniform(_Ranged):
    """Any value from `low` to `high`, all equally likely."""

    low: float
    high: float

    def _moments(self) -> tuple[float, float]:
        return (self.low + self.high) / 2, (self.high - self.low) / math.sqrt(12)

    def _inverse(self, p: Array) -> Array:
        return self.low + (self.high - self.low) * p


@dataclass(frozen=True)
class Triangular(_Ranged):
    """Density rising in a straight line from `low` to `mode` and falling in one to `high`."""

    low: float
    mode: float
    high: float

    def _moments(self) -> tuple[float, float]:
        rise, fall = self.mode - self.low, self.high - self.mode
        variance = (rise * rise + rise * fall + fall * fall) / 18
        return (self.low + self.mode + self.high) / 3, math.sqrt(variance)

    def _inverse(self, p: Array) -> Array:
        width, rise, fall = self.high - self.low, self.mode - self.low, self.high - self.mode
        left = np.minimum(self.low + np.sqrt(p * width * rise), self.mode)
        right = np.maximum(self.high - np.sqrt((1 - p) * width * fall), self.mode)
        return np.where(p * width <= rise, left, right)


@dataclass(frozen=True)
class Beta(_Ranged):
    """The beta distribution, stretched from 0..1 to `low`..`high`."""

    alpha: float
    beta: float
    low: float
    high: float

    def _moments(self) -> tuple[float, float]:
        width, total = self.high - self.low, self.alpha + self.beta
        variance = self.alpha / total * (self.beta / total) / (total + 1)
        return self.low + width * (self.alpha / total), width * math.sqrt(variance)

    def _inverse(self, p: Array) -> Array:
        return self.low + (self.high - self.low) * beta_inverse(self.alpha, self.beta)(p)


@dataclass(frozen=True)
class Pert(_Ranged):
    """The PERT distribution (lambda 4): a beta whose mean is (low + 4 mode + high) / 6.
    Source: Malcolm and others, Operations Research 7 (1959), 646-669.
    """

    low: float
    mode: float
    high: float

    @cached_property
    def as_beta(self) -> Beta:
        """The same distribution by its two shapes."""
        width = (self.high - self.low) or 1.0
        alpha = 1 + 4 * (self.mode - self.low) / width
        return Beta(alpha, 6 - alpha, self.low, self.high)

    def _moments(self) -> tuple[float, float]:
        return (self.low + 4 * self.mode + self.high) / 6, self.as_beta.sd

    def _inverse(self, p: Array) -> Array:
        return self.as_beta._inverse(p)


@dataclass(frozen=True)
class TruncatedNormal(Family):
    """A normal with `mu` and `sigma`, cut off at zero; `mean` and `sd` are those of what is left.
    With `mu` over 30 sigma below zero it is refused: it would be an exponential in disguise.
    """

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        super().__post_init__()
        check_within("mu / sigma", self.mu / self.sigma, -30.0, math.inf)

    def _moments(self) -> tuple[float, float]:
        from scipy.special import erfcx

        cut = -self.mu / self.sigma
        hazard = math.sqrt(2 / math.pi) / float(erfcx(cut / math.sqrt(2)))
        return self.sigma * (hazard - cut), self.sigma * math.sqrt(1 - hazard * (hazard - cut))

    def _inverse(self, p: Array) -> Array:
        from scipy.special import log_ndtr, ndtri_exp

        # By the logarithm of the upper tail: a difference of CDFs has no digits left far out.
        return self.mu - self.sigma * ndtri_exp(np.log1p(-p) + log_ndtr(self.mu / self.sigma))


@dataclass(frozen=True)
class LogNormal(Family):
    """A value whose natural logarithm is normal with mean `mu` and sd `sigma`."""

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        super().__post_init__()
        check_within("mu + sigma * sigma", self.mu + self.sigma * self.sigma, -math.inf, 500.0)

    def _moments(self) -> tuple[float, float]:
        mean, variance = math.exp(self.mu + self.sigma**2 / 2), self.sigma**2
        return mean, math.exp(self.mu + variance) * math.sqrt(-math.expm1(-variance))

    def _inverse(self, p: Array) -> Array:
        from scipy.special import ndtri

        return np.exp(self.mu + self.sigma * ndtri(p))


@dataclass(frozen=True)
class Gamma(Family):
    """The gamma distribution, whose mean is `shape` times `scale`."""

    shape: float
    scale: float

    def _moments(self) -> tuple[float, float]:
        return self.shape * self.scale, math.sqrt(self.shape) * self.scale

    def _inverse(self, p: Array) -> Array:
        return self.scale * gamma_inverse(self.shape)(p)


@dataclass(frozen=True)
class Weibull(Family):
    """The Weibull distribution: a share exp(-(x / scale) ** shape) of cases exceeds x."""

    shape: float
    scale: float

    def __post_init__(self) -> None:
        super().__post_init__()
        check_within("shape", self.shape, 0.02, 1e4)

    def _moments(self) -> tuple[float, float]:
        first, second = (math.lgamma(1 + power / self.shape) for power in (1, 2))
        mean = self.scale * math.exp(first)
        return mean, mean * math.sqrt(math.expm1(second - 2 * first))

    def _inverse(self, p: Array) -> Array:
        return self.scale * np.power(-np.log1p(-p), 1 / self.shape)


@dataclass(frozen=True)
class Exponential(Family):
    """The exponential distribution, whose sd equals its `mean`."""

    mean: float = field()

    def _moments(self) -> tuple[float, float]:
        return self.mean, self.mean

    def _inverse(self, p: Array) -> Array:
        return -self.mean * np.log1p(-p)


def check_within(name: str, value: float, least: float, most: float) -> None:
    """Raises ValueError with the rule and the value where a parameter is not within its ends."""
    if not least <= value <= most:
        raise ValueError(f"{name} must be from {least:g} to {most:g}, but it is {value:.9g}")
