"""Surfaces over several inputs: polynomials of low degree, and a kernel with few centres.

Two smoothers that share no assumption but smoothness, so that each checks the other. Polynomials
of total degree 1, 2 and 3 are offered, and the one that predicts best is taken. The kernel is the
squared exponential of a Gaussian process (Rasmussen and Williams 2006, section 8.3.1) around some
150 of the draws, over a plane that is never shrunk; several widths are offered.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations_with_replacement, product

import numpy as np

from costsim.uncertainty.information.ridge import Array, Shapes, diagonalised
from costsim.uncertainty.information.scales import Standard

MOST_TERMS = 300
CENTRES = 150
WIDTHS = (1.0, 2.0, 4.0)
"""Widths of the kernel, as multiples of the root of the number of inputs."""
FAINT = 1e-5
"""The share of the strongest pattern of a kernel below which one is left out."""


def polynomials(columns: Array) -> Iterator[Shapes]:
    """Shapes of polynomials in `columns` (n, p), of each total degree that the draws can bear.

    Degree 1 is always offered; a higher one has 300 terms at most and five draws for each.
    """
    for standard, degree in product(Standard.offered(columns), (1, 2, 3)):
        count = math.comb(standard.width + degree, degree)
        if degree == 1 or count <= min(MOST_TERMS, len(columns) // 5):
            yield _orthonormal(columns, _Polynomial(standard, degree))


@dataclass(frozen=True)
class _Polynomial:
    """All products of so many standardised inputs at most, as Hermite polynomials of each."""

    standard: Standard
    degree: int

    def terms(self, columns: Array) -> Array:
        marks = self.standard.of(columns)
        one = np.ones_like(marks)
        powers = np.stack([one, marks, marks**2 - 1, marks**3 - 3 * marks])
        return np.column_stack([np.ones(len(marks)), *self._products(powers)])

    def _products(self, powers: Array) -> Iterator[Array]:
        inputs = range(powers.shape[2])
        for degree in range(1, self.degree + 1):
            for chosen in combinations_with_replacement(inputs, degree):
                factors = [powers[chosen.count(each), :, each] for each in set(chosen)]
                yield np.prod(factors, axis=0)


def _orthonormal(columns: Array, polynomial: _Polynomial) -> Shapes:
    """Its terms made orthonormal over the draws, without those that repeat others."""
    terms = polynomial.terms(columns)
    variances, turns = np.linalg.eigh(np.einsum("ij,ik->jk", terms, terms))
    kept = variances > 1e-11 * variances.max()
    directions = turns[:, kept] / np.sqrt(variances[kept])
    place = partial(_placed, polynomial, directions)
    return Shapes(place(columns), np.zeros(directions.shape[1]), place)


@dataclass(frozen=True)
class _Kernel:
    """A plane and bumps around centres (c, q), turned into their independent patterns."""

    standard: Standard
    centres: Array
    width: float

    def terms(self, columns: Array) -> Array:
        marks = self.standard.of(columns)
        bumps = np.einsum("ij,jk->ik", self._bumps(marks), self._patterns())
        return np.column_stack([np.ones(len(marks)), marks, bumps])

    def _bumps(self, marks: Array) -> Array:
        from scipy.spatial.distance import cdist

        return np.asarray(np.exp(-cdist(marks, self.centres, "sqeuclidean") / (2 * self.width**2)))

    def _patterns(self) -> Array:
        strength, patterns = np.linalg.eigh(self._bumps(self.centres))
        kept = strength > FAINT * strength.max()
        return np.asarray(patterns[:, kept] / np.sqrt(strength[kept]))


_Terms = _Polynomial | _Kernel


def _placed(terms: _Terms, directions: Array, columns: Array) -> Array:
    return np.asarray(np.einsum("ij,jk->ik", terms.terms(columns), directions))


def kernels(columns: Array) -> Iterator[Shapes]:
    """Shapes of kernels of several widths around draws of `columns` (n, p), evenly chosen."""
    count = min(CENTRES, len(columns) // 3)
    rows = np.linspace(0, len(columns) - 1, count).astype(int)
    for standard, width in product(Standard.offered(columns), WIDTHS):
        centres = np.unique(standard.of(columns[rows]), axis=0)
        kernel = _Kernel(standard, centres, width * math.sqrt(max(standard.width, 1)))
        yield _smoothest_first(columns, kernel, 1 + standard.width)


def _smoothest_first(columns: Array, kernel: _Kernel, straight: int) -> Shapes:
    """Its terms, all but the plane penalised, made orthonormal over the draws."""
    terms = kernel.terms(columns)
    penalty = np.diag([0.0] * straight + [1.0] * (terms.shape[1] - straight))
    directions, roughness = diagonalised(np.einsum("ij,ik->jk", terms, terms), penalty, straight)
    place = partial(_placed, kernel, directions)
    return Shapes(place(columns), roughness, place)
