"""Scales on which inputs are smoothed: their own, and normal scores where they have a long tail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from costsim.uncertainty.information.ridge import Array

LONG_TAIL = 10.0
"""Standard deviations from the mean beyond which a value makes a tail long."""
ALIKE = 1e-10
"""The share of the greatest variance below which a combination of inputs is taken as fixed."""


@dataclass(frozen=True)
class Scale:
    """A rising scale: `values` of an input in order and the `marks` where they lie."""

    values: Array
    marks: Array

    def of(self, x: Array) -> Array:
        """Marks of any values; beyond the ends they are those of the ends."""
        return np.interp(x, self.values, self.marks)

    @classmethod
    def plain(cls, distinct: Array) -> Scale:
        """From 0 at the least to 1 at the greatest of distinct values in order."""
        return cls(distinct[[0, -1]], np.array([0.0, 1.0]))

    @classmethod
    def by_rank(cls, distinct: Array) -> Scale:
        """Normal scores of the ranks of distinct values in order, from 0 to 1."""
        from scipy.special import ndtri

        scores = ndtri((np.arange(len(distinct)) + 0.5) / len(distinct))
        return cls(distinct, (scores - scores[0]) / (scores[-1] - scores[0]))


@dataclass(frozen=True)
class Standard:
    """Several inputs on a common scale: uncorrelated combinations of mean 0 and variance 1.

    Inputs that are fixed or repeat others add nothing: there are as many combinations as directions
    in which the draws differ, which may be none.
    """

    scales: tuple[Scale, ...]
    means: Array
    turns: Array

    @classmethod
    def offered(cls, columns: Array) -> Iterator[Standard]:
        """The scale of some draws, (n, p), and another if an input has a long tail.

        By rank, such an input's own scale is no longer seen: the outcome may follow either.
        """
        values = [np.unique(column) for column in columns.T]
        yield cls._on(columns, tuple(map(_plain, values)))
        tails = list(map(_long_tailed, columns.T))
        if any(tails):
            pairs = zip(values, tails, strict=True)
            scales = (Scale.by_rank(each) if tail else _plain(each) for each, tail in pairs)
            yield cls._on(columns, tuple(scales))

    @classmethod
    def _on(cls, columns: Array, scales: tuple[Scale, ...]) -> Standard:
        marks = _marked(columns, scales)
        means = marks.mean(axis=0)
        spread = marks.std(axis=0)
        sizes = 1 / np.where(spread > 0, spread, 1.0)
        away = (marks - means) * sizes
        variances, turns = np.linalg.eigh(np.einsum("ij,ik->jk", away, away) / len(away))
        kept = variances > ALIKE * max(variances.max(), 1.0)
        return cls(scales, means, sizes[:, None] * turns[:, kept] / np.sqrt(variances[kept]))

    @property
    def width(self) -> int:
        """How many combinations there are."""
        return int(self.turns.shape[1])

    def of(self, columns: Array) -> Array:
        """Combinations of any draws, (m, q)."""
        return np.asarray(
            np.einsum("ij,jk->ik", _marked(columns, self.scales) - self.means, self.turns)
        )


def _marked(columns: Array, scales: tuple[Scale, ...]) -> Array:
    pairs = zip(columns.T, scales, strict=True)
    return np.column_stack([scale.of(column) for column, scale in pairs])


def _plain(distinct: Array) -> Scale:
    return Scale.plain(distinct) if len(distinct) > 1 else Scale(distinct, np.zeros(1))


def _long_tailed(column: Array) -> bool:
    return bool(np.abs(column - column.mean()).max() > LONG_TAIL * column.std() > 0)
