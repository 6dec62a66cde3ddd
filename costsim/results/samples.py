"""A value for each of many cases, replication by replication, and their quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Samples:
    """Values by replication; `counts` says how many each replication has."""

    values: Floats
    counts: Ints

    @property
    def replication(self) -> Ints:
        """The replication of each value."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    def totals(self) -> Floats:
        """The sum of each replication's values."""
        found = np.bincount(self.replication, self.values, minlength=len(self.counts))
        return found.astype(np.float64)

    def ranked(self) -> Samples:
        """The same, with each replication's values in ascending order."""
        inside = np.arange(self.counts.max(initial=0)) < self.counts[:, None]
        rows = np.full(inside.shape, np.inf)
        rows[inside] = self.values
        rows.sort(axis=1)
        return Samples(rows[inside], self.counts)

    def quantiles(self, level: float) -> Floats:
        """A quantile of each replication that has any values, as `numpy.quantile` gives it.

        The values must be ranked.

        >>> ranked = Samples(np.array([3.0, 1, 2, 7]), np.array([3, 0, 1])).ranked()
        >>> ranked.quantiles(0.75).tolist()
        [2.5, 7.0]
        """
        first = np.cumsum(self.counts) - self.counts
        first, counts = first[self.counts > 0], self.counts[self.counts > 0]
        place = (counts - 1) * level
        below = np.floor(place).astype(np.int64)
        above = np.minimum(below + 1, counts - 1)
        low, high = self.values[first + below], self.values[first + above]
        return np.asarray(low + (high - low) * (place - below))


def pooled(parts: Sequence[Samples]) -> Samples:
    """The values of several, replication by replication."""
    if len(parts) == 1:
        return parts[0]
    order = np.argsort(np.concatenate([part.replication for part in parts]), kind="stable")
    values = np.concatenate([part.values for part in parts])[order]
    return Samples(values, np.sum([part.counts for part in parts], axis=0))
