"""Scales on which inputs are smoothed: their own, or normal scores where they have a long tail."""

from __future__ import annotations

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
    def of_columns(cls, columns: Array) -> Standard:
        """The scale of some draws, (n, p)."""
        scales = tuple(_scale(column) for column in columns.T)
        marks = _marked(columns, scales)
        means = marks.mean(axis=0)
        spread = marks.std(axis=0)
        sizes = 1 / np.where(spread > 0, spread, 1.0)
        away = (marks - means) * sizes
        variances, turns = np.linalg.eigh(np.einsum("ij,ik->jk", away, away) / len(away))
        kept = variances > ALIKE * max(variances.max(), 1.0)
        return cls(scales, means, sizes[:, None] * turns[:, kept] / np.sqrt(variances[kept]))

    def of(self, columns: Array) -> Array:
        """Combinations of any draws, (m, q)."""
        return np.asarray(
            np.einsum("ij,jk->ik", _marked(columns, self.scales) - self.means, self.turns)
        )


def _marked(columns: Array, scales: tuple[Scale, ...]) -> Array:
    pairs = zip(columns.T, scales, strict=True)
    return np.column_stack([scale.of(column) for column, scale in pairs])


def _scale(column: Array) -> Scale:
    distinct = np.unique(column)
    if len(distinct) == 1:
        return Scale(distinct, np.zeros(1))
    far = np.abs(distinct[[0, -1]] - column.mean()).max()
    plain = far <= LONG_TAIL * column.std()
    return Scale.plain(distinct) if plain else Scale.by_rank(distinct)
