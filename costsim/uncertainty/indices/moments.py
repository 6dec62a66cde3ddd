"""The averages over base rows that Sobol indices are made of, and their bootstrap.

First-order index: Saltelli et al. 2010 (Computer Physics Communications 181, 259-270), of centred
outcomes; total: Jansen 1999; second-order: Saltelli 2002. Each is a ratio of averages over the base
rows, so a bootstrap is one product of a matrix of weights with the rows' contributions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from costsim.uncertainty.indices.arrays import Z95, Array, luck

_AT_ONCE = 2**22
"""Weights that are held at a time: 32 MB."""
_TOO_LITTLE = 1e-6
"""A resample with less of the variance than this share says nothing about its parts."""


@dataclass(frozen=True)
class Ratios:
    """Variance of the expected outcome, and indices: the last axis is factors, or pairs of them."""

    variance: Array
    first: Array
    total: Array
    second: Array


@dataclass(frozen=True)
class Moments:
    """Contributions (averages, base rows) of centred outcomes to each average, for d factors."""

    table: Array
    factors: int

    @classmethod
    def of(cls, outcomes: Array, noise: Array, factors: int, second_order: bool) -> Moments:
        """Those of outcomes (base rows, points of each) and of the variance of their chance."""
        a, b = outcomes[:, 0], outcomes[:, -1]
        crossed = outcomes[:, 1 : factors + 1].T
        back = outcomes[:, factors + 1 : 2 * factors + 1].T
        pairs = combinations(range(factors), 2) if second_order else ()
        table = [
            (a + b) / 2,
            (a * a + b * b) / 2,
            noise,
            *(b * (crossed - a)),
            *((a - crossed) ** 2 / 2),
            *(back[j] * crossed[k] - a * b for j, k in pairs),
        ]
        return cls(np.array(table), factors)

    def ratios(self) -> Ratios:
        """The indices, from averages in an order that no number of processors changes."""
        return self._ratios(self.table.mean(axis=1))

    def variance_error(self) -> float:
        """The standard error of the variance of the expected outcome, taking rows as random."""
        mean, square, noise = self.table[:3]
        each = square - 2 * mean.mean() * mean - noise
        return float(each.std(ddof=1) / np.sqrt(len(each)))

    def half_widths(self, resamples: int, seed: int) -> Ratios | None:
        """Half of each 95 % interval, by a bootstrap of base rows; None for no resamples."""
        if not resamples:
            return None
        averages = np.concatenate(list(self._resampled(resamples, seed)))
        found = self._ratios(averages)
        kept = found.variance > _TOO_LITTLE * float(self.ratios().variance)
        if kept.sum() < 2:
            return None
        parts = (found.variance, found.first, found.total, found.second)
        return Ratios(*(Z95 * part[kept].std(axis=0, ddof=1) for part in parts))

    def _resampled(self, resamples: int, seed: int) -> Iterator[Array]:
        """Averages of resampled base rows, some resamples at a time."""
        rows = self.table.shape[1]
        generator = luck(seed, "bootstrap")
        most = max(1, _AT_ONCE // rows)
        for begin in range(0, resamples, most):
            yield _weights(generator, min(most, resamples - begin), rows) @ self.table.T / rows

    def _ratios(self, averages: Array) -> Ratios:
        mean, square, noise = (averages[..., [place]] for place in range(3))
        variance = square - mean**2 - noise
        last = 3 + self.factors
        j, k = self._pairs()
        with np.errstate(divide="ignore", invalid="ignore"):
            first = averages[..., 3:last] / variance
            total = (averages[..., last : last + self.factors] - noise) / variance
            second = averages[..., last + self.factors :] / variance - first[..., j] - first[..., k]
        return Ratios(variance[..., 0], first, total, second)

    def _pairs(self) -> NDArray[np.intp]:
        """Places of the factors of each pair (2, pairs); none without second-order indices."""
        some = self.table.shape[0] > 3 + 2 * self.factors
        found = list(combinations(range(self.factors), 2)) if some else []
        return np.array(found, dtype=np.intp).reshape(-1, 2).T


def _weights(generator: np.random.Generator, resamples: int, rows: int) -> Array:
    """How often each row comes in each resample (resamples, rows)."""
    picked = generator.integers(rows, size=(resamples, rows))
    picked += rows * np.arange(resamples)[:, None]
    counts = np.bincount(picked.ravel(), minlength=resamples * rows)
    return counts.reshape(resamples, rows).astype(np.float64)
