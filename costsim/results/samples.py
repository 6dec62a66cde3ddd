"""A value for each of many cases, replication by replication."""

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

    def numbers(self, chosen: NDArray[np.bool_]) -> Ints:
        """How many values of each replication are chosen; there is a flag for every value.

        >>> sample = Samples(np.array([3.0, 1, 2, 7]), np.array([3, 0, 1]))
        >>> sample.numbers(sample.values > 2).tolist()
        [1, 0, 1]
        """
        return np.bincount(self.replication[chosen], minlength=len(self.counts))

    def between(self, begin: int, end: int) -> Samples:
        """Those of the replications from one to before another."""
        first, last = self.counts[:begin].sum(), self.counts[:end].sum()
        return Samples(self.values[int(first) : int(last)], self.counts[begin:end])

    @staticmethod
    def together(parts: Sequence[Samples]) -> Samples:
        """Those of replications that follow each other, as one."""
        return Samples(
            np.concatenate([part.values for part in parts]),
            np.concatenate([part.counts for part in parts]),
        )


def pooled(parts: Sequence[Samples]) -> Samples:
    """The values of several sites' cases, which share their replications, as one."""
    if len(parts) == 1:
        return parts[0]
    order = np.argsort(np.concatenate([part.replication for part in parts]), kind="stable")
    values = np.concatenate([part.values for part in parts])[order]
    return Samples(values, np.sum([part.counts for part in parts], axis=0))
