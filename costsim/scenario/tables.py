"""Distributions that are written as a table: published bands of cases, and alternatives.

Both give a share to each of their lines; the shares of a table add up to one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from costsim.scenario.families import Array, Banded, check_within


@dataclass(frozen=True)
class Bins(Banded):
    """Published bands in ascending order: the two edges of each, and its share of the cases.
    A band whose edges are equal is a single value; between bands there may be gaps.

    >>> Bins(edges=((0, 0), (0, 10)), shares=(0.25, 0.75)).quantile(np.array([0.1, 0.625]))
    array([0., 5.])
    """

    edges: tuple[tuple[float, float], ...]
    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        for before, after in pairwise(edge for band in self.edges for edge in band):
            if before > after:
                raise ValueError(f"bands must ascend, but {after:.9g} follows {before:.9g}")
        _check_shares(self.shares, len(self.edges), "bands")

    @cached_property
    def _bands(self) -> tuple[Array, Array, Array]:
        rows = [(*edge, s) for edge, s in zip(self.edges, self.shares, strict=True) if s > 0]
        lows, highs, shares = np.asarray(rows, dtype=np.float64).T
        return lows, highs, shares


@dataclass(frozen=True)
class Discrete(Banded):
    """Alternatives in any order: the `values` that are possible, and the share of each.

    >>> Discrete(values=(10, 5), shares=(0.6, 0.4)).quantile(np.array([0.3, 0.5]))
    array([ 5., 10.])
    """

    values: tuple[float, ...]
    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        for before, after in pairwise(sorted(self.values)):
            if before == after:
                raise ValueError(f"the alternatives must differ, but {after:.9g} is given twice")
        _check_shares(self.shares, len(self.values), "alternatives")

    @cached_property
    def _bands(self) -> tuple[Array, Array, Array]:
        lines = sorted(zip(self.values, self.shares, strict=True))
        values, shares = np.asarray([line for line in lines if line[1] > 0], dtype=np.float64).T
        return values, values, shares


def _check_shares(shares: Sequence[float], lines: int, what: str) -> None:
    if len(shares) != lines:
        raise ValueError(f"there are {lines} {what}, but {len(shares)} shares")
    check_within("every share", min(shares, default=0.0), 0.0, 1.0)
    if abs((total := math.fsum(shares)) - 1) > 1e-9:
        raise ValueError(f"the shares must add up to 1, but they add up to {total:.9g}")
