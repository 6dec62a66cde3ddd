"""Which points of the unit cube to run, so that Sobol indices can be read off their outcomes.

Saltelli's arrangement (Saltelli 2002, Computer Physics Communications 145, 280-297) over a
scrambled Sobol sequence (Owen 1998): for each of N base rows a point A, then A with one factor at a
time taken from a second point B, then (for second-order indices) B with one factor at a time taken
from A, then B. The rows are those of SALib's `sample.sobol`, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from costsim.uncertainty.indices.arrays import Array, foreign_seed
from costsim.uncertainty.indices.factors import Factors

LEAST = 4
_NEVER_NOTHING = 2.0**-31
"""Half of the sequence's finest step: stands for a 0, whose quantile may be infinite."""


@dataclass(frozen=True)
class SobolDesign:
    """A design of `size` base rows, a power of two from 4, for the indices of two factors or more.

    With the same seed the design of N base rows is the beginning of that of 2N, because a scrambled
    Sobol sequence is only ever continued: after doubling, what has been run need not be run again.
    Raises ValueError for another size, or for fewer than two factors.

    >>> design = SobolDesign(Factors.single(["hours", "wage"]), 8)
    >>> design.rows, design.cube.shape
    (32, (32, 2))
    >>> double = SobolDesign(Factors.single(["hours", "wage"]), 16)
    >>> bool((double.cube[:32] == design.cube).all())
    True
    """

    factors: Factors
    size: int
    second_order: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        if len(self.factors.names) < 2:
            raise ValueError(
                "Indices share the spread out among factors: give at least two (there is "
                f"{len(self.factors.names)})"
            )
        _check_size(self.size)

    @property
    def block(self) -> int:
        """Points of each base row."""
        return len(self.factors.names) * (1 + self.second_order) + 2

    @property
    def rows(self) -> int:
        """Points of the whole design."""
        return self.size * self.block

    @property
    def scramble(self) -> int:
        """The seed of the sequence's scramble, never 0."""
        return foreign_seed(self.seed, "sobol scramble")

    @cached_property
    def cube(self) -> Array:
        """The points (rows, width), each number within (0, 1); not to be written to."""
        base = self._sequence()
        a, b = base[:, None, : self.factors.width], base[:, None, self.factors.width :]
        mine = self.factors.membership
        parts = [a, np.where(mine, b, a), *[np.where(mine, a, b)] * self.second_order, b]
        found = np.concatenate(parts, axis=1).reshape(self.rows, self.factors.width)
        found.setflags(write=False)
        return found

    def _sequence(self) -> Array:
        from scipy.stats import qmc

        # `seed` and not `rng`: SALib says seed, and the two begin different scrambles.
        points = qmc.Sobol(d=2 * self.factors.width, scramble=True, seed=self.scramble)
        return np.maximum(points.random(self.size), _NEVER_NOTHING)


def _check_size(size: int) -> None:
    if size < LEAST:
        raise ValueError(f"The design has {size} base rows; give at least {LEAST}")
    if size & (size - 1):
        raise ValueError(
            f"The design has {size:,} base rows, which is no power of two, so that its points "
            f"would not fill the cube evenly; the next is {1 << size.bit_length():,}"
        )
