"""How far an outcome spreads over the draws, and how well so many draws show it.

Two things blur what is shown: there are only so many draws, and where an outcome is simulated, each
draw has only so many replications. The first is the error of sampling; the second, chance, both
blurs the mean and widens the spread, and is taken out of the spread again (O'Hagan, Stevenson and
Madan 2007, Health Economics 16, 1009-1023).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)


@dataclass(frozen=True)
class Spread:
    """An outcome over the draws: its mean, its sd, its quantiles, and both parts of its error.

    `sampling_error` and `chance_error` are standard errors of the mean. The mean, the sd and the
    errors are None where some draws have no number, as when a payback never comes; quantiles may
    be infinite then. `noise_ratio` is the variance that chance adds to a draw over the variance
    between draws; None where it cannot be told.
    """

    name: str
    value: float
    mean: float | None
    sd: float | None
    p2_5: float
    p10: float
    p50: float
    p90: float
    p97_5: float
    draws: int
    sampling_error: float | None
    chance_error: float | None
    noise_ratio: float | None

    @property
    def interval(self) -> tuple[float, float]:
        """The middle 95 % of the draws."""
        return self.p2_5, self.p97_5


def spread(
    name: str, value: float, draws: Floats, variance: Floats, one_run: bool = False
) -> Spread:
    """The spread of an outcome; `value` is the outcome with every input at its value.

    `variance` is what chance adds to each draw. nan, where there is no outcome, counts in neither.
    Where all draws price `one_run`, they share its error: it moves them all and spreads none.

    >>> found = spread("net_benefit", 0.0, np.array([1.0, 2.0, 3.0]), np.zeros(3))
    >>> found.mean, found.p50, found.chance_error
    (2.0, 2.0, 0.0)
    """
    there = ~np.isnan(draws)
    draws, noise = draws[there], variance[there]
    if not len(draws) or not np.isfinite(draws).all():
        return Spread(name, value, None, None, *_quantiles(draws), len(draws), None, None, None)
    mean, chance = float(np.mean(draws)), float(np.mean(noise))
    total = float(np.var(draws, ddof=1)) if np.ptp(draws) > 0 else 0.0
    between = total if one_run else max(0.0, total - chance)
    return Spread(
        name,
        value,
        mean,
        math.sqrt(between),
        *_quantiles(draws if one_run else without_chance(draws, noise)),
        len(draws),
        sampling_error=math.sqrt(between / len(draws)),
        chance_error=math.sqrt(chance / (1 if one_run else len(draws))),
        noise_ratio=chance / between if between else None,
    )


def without_chance(draws: Floats, variance: Floats) -> Floats:
    """Draws moved towards their mean, so that their variance is that which inputs cause.

    They stay as they are where there is no chance in them, where one is not finite, and where
    nothing but chance is seen in them: so many cannot tell how little inputs do.
    """
    chance = float(np.mean(variance)) if len(variance) else 0.0
    if not chance or len(draws) < 2 or not np.isfinite(draws).all():
        return draws
    mean, total = np.mean(draws), np.var(draws, ddof=1)
    share = 1.0 - chance / float(total) if total else 0.0
    if share <= 0:
        return draws
    return np.asarray(mean + (draws - mean) * math.sqrt(share))


def _quantiles(draws: Floats) -> tuple[float, float, float, float, float]:
    if not len(draws):
        return (math.nan,) * 5
    finite = bool(np.isfinite(draws).all())  # between a number and never there is nothing
    found = np.quantile(draws, LEVELS, method="linear" if finite else "inverted_cdf")
    low, lower, middle, upper, high = found.tolist()
    return low, lower, middle, upper, high


@dataclass(frozen=True)
class Probability:
    """How probable something is over the draws, with its standard error."""

    value: float
    error: float
    draws: int


def probability(happens: NDArray[np.bool_]) -> Probability:
    """The share of draws in which something happens.

    >>> probability(np.array([True, True, True, False])).value
    0.75
    """
    share = float(np.mean(happens)) if len(happens) else math.nan
    error = math.sqrt(share * (1.0 - share) / len(happens)) if len(happens) else math.nan
    return Probability(share, error, len(happens))
