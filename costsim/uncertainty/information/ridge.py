"""Smooth averages of a noisy outcome: a few independent shapes, each believed as far as it helps.

A smooth is a sum of orthonormal shapes of the inputs. How far each shape is believed, from 0 (not
at all) to 1 (as least squares would), is chosen by generalised cross-validation: what would predict
a draw best that was left out. Splines, polynomials and kernels are all smooths of this form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from costsim.sampling import purpose_key

Array = NDArray[np.float64]
CAUTION = 1.4
"""What a degree of freedom counts in cross-validation (Kim and Gu 2004, JRSS B 66, 337-356)."""
LEAST_ROWS = 10
ROUNDING = 1e-18
"""The share of an outcome's squares that is rounding, which no shape should follow."""


@dataclass(frozen=True)
class Shapes:
    """Orthonormal shapes of the inputs: a column each, and how rough each is (0: never shrunk).

    `place` gives the shapes, (m, k), at other values of the inputs.
    """

    values: Array
    roughness: Array
    place: Callable[[Array], Array]


@dataclass(frozen=True)
class Smooth:
    """The expected outcome given the inputs, as it was fitted to n draws.

    `coefficients` (k,) say how much of each shape there is, after `shrinkage` (k,), the share of
    each that is believed. `residual_variance` is the variance of the outcome around the smooth, in
    squared units of the outcome.
    """

    shapes: Shapes
    coefficients: Array
    shrinkage: Array
    residual_variance: float

    @cached_property
    def fitted(self) -> Array:
        """The expected outcome at each draw, (n,)."""
        return weighed(self.shapes.values, self.coefficients)

    @property
    def edf(self) -> float:
        """Effective degrees of freedom, the constant included: between 1 and the shapes' number."""
        return float(np.sum(self.shrinkage))

    def at(self, x: Array) -> Array:
        """The expected outcome at other values of the inputs.

        Beyond the fitted draws a curve goes on as at the nearest of them; `x` is (m,) for one input
        and (m, p) for several.
        """
        return weighed(self.shapes.place(np.asarray(x, dtype=np.float64)), self.coefficients)

    @property
    def score(self) -> float:
        """The mean squared error of predicting a draw left out, by generalised cross-validation."""
        rows = len(self.shapes.values)
        residual = self.residual_variance * max(rows - self.edf, 1.0) / rows
        return float(generalised(np.array(residual), np.array(self.edf), rows))

    def coefficient_draws(self, count: int, seed: int) -> Array:
        """Fitted values (count, n) of other smooths that the same draws leave plausible."""
        normals = stream(seed, "coefficients").standard_normal((count, len(self.coefficients)))
        return self.moved(normals) @ self.shapes.values.T

    def moved(self, normals: Array) -> Array:
        """Other coefficients (count, k), moved from the fitted ones by standard normal numbers.

        They follow their posterior: its variance is that of the residuals times the shrinkage
        (Wood 2017, Generalized Additive Models, section 6.10).
        """
        spread = np.sqrt(self.residual_variance * self.shrinkage)
        return np.asarray(self.coefficients + normals * spread)


def stream(seed: int, purpose: str) -> np.random.Generator:
    """Random numbers for one purpose, the same for the same seed."""
    key = [seed, purpose_key("", f"uncertainty/{purpose}")]
    return np.random.Generator(np.random.Philox(key=np.array(key, dtype=np.uint64)))


def weighed(columns: Array, weights: Array) -> Array:
    """Columns times weights, added up in a fixed order whatever the number of processors."""
    return np.asarray(np.einsum("ij,j->i", columns, weights))


def projected(columns: Array, outcome: Array) -> Array:
    """The sum of products of each column with the outcome, in a fixed order."""
    return np.asarray(np.einsum("ij,i->j", columns, outcome))


def checked(values: object, what: str, dimensions: int) -> Array:
    """Numbers as an array of so many dimensions, of 10 rows at least; ValueError otherwise."""
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != dimensions:
        raise ValueError(
            f"{what} must have {dimensions} dimension{'s' * (dimensions > 1)}, "
            f"but has {found.ndim}: give one row for each draw."
        )
    if len(found) < LEAST_ROWS:
        raise ValueError(
            f"{what} has {len(found)} draws, and at least {LEAST_ROWS} are needed: draw more."
        )
    finite = np.isfinite(found).reshape(len(found), -1)
    if not finite.all():
        row, column = np.argwhere(~finite)[0] + 1
        where = f"row {row}" + f", column {column}" * (dimensions > 1)
        raise ValueError(f"{what} must be finite numbers, but {where} is not: put it right.")
    return found


def same_length(x: Array, y: Array) -> None:
    """Raise ValueError unless the inputs and the outcome have a row for the same draws."""
    if len(x) != len(y):
        raise ValueError(
            f"The inputs have {len(x)} draws and the outcome {len(y)}: give one row for each draw."
        )


def believed(shapes: Shapes, outcome: Array) -> Smooth:
    """The smooth whose shrinkage predicts best, by generalised cross-validation.

    A shape of roughness s is shrunk by 1 / (1 + t s), with one t for all; t is searched on a grid,
    which is then refined around the best. t without end leaves the shapes of roughness 0.
    """
    score = _Score.of_shapes(shapes, outcome)
    tried = np.concatenate([_grid(shapes.roughness), [np.inf]])
    best = tried[score.at(tried).argmin()]
    if np.isfinite(best):
        near = best * np.logspace(-0.5, 0.5, 41)
        best = near[score.at(near).argmin()]
    return smooth(shapes, outcome, score.shrinkage(np.array([best]))[0])


def smooth(shapes: Shapes, outcome: Array, shrinkage: Array) -> Smooth:
    """The smooth of a given shrinkage, (k,): all ones is least squares."""
    coefficients = projected(shapes.values, outcome) * shrinkage
    residual = outcome - weighed(shapes.values, coefficients)
    left = max(len(outcome) - float(np.sum(shrinkage)), 1.0)
    return Smooth(shapes, coefficients, shrinkage, float(np.sum(residual**2)) / left)


def generalised(residual: Array, edf: Array, rows: int) -> Array:
    """The score of generalised cross-validation; infinite where nothing would be left."""
    left = 1 - CAUTION * edf / rows
    return np.where(left > 0, residual / np.where(left > 0, left, 1.0) ** 2, np.inf)


def _grid(roughness: Array) -> Array:
    """Smoothing that ranges from hardly any to hardly anything left but what is never shrunk."""
    rough = roughness[roughness > 0]
    if not len(rough):
        return np.array([0.0])
    return np.logspace(-4 - np.log10(rough.max()), 4 - np.log10(rough.min()), 121)


@dataclass(frozen=True)
class _Score:
    """Cross-validation of a smooth, from its least-squares coefficients.

    `unexplained` is the sum of squares that no smoothing can explain, of so many rows.
    """

    coefficients: Array
    roughness: Array
    unexplained: float
    rows: int

    @classmethod
    def of_shapes(cls, shapes: Shapes, outcome: Array) -> _Score:
        found = projected(shapes.values, outcome)
        left = outcome - weighed(shapes.values, found)
        unexplained = np.sum(left**2) + ROUNDING * np.sum(outcome**2)
        return cls(found, shapes.roughness, float(unexplained), len(outcome))

    def shrinkage(self, smoothing: Array) -> Array:
        """What is believed of each shape (one row for each smoothing)."""
        with np.errstate(invalid="ignore"):
            product = np.where(self.roughness > 0, smoothing[:, None] * self.roughness, 0.0)
        return np.asarray(1 / (1 + product))

    def at(self, smoothing: Array) -> Array:
        believed = self.shrinkage(smoothing)
        lost = np.sum((self.coefficients * (1 - believed)) ** 2, axis=1)
        residual = (self.unexplained + lost) / self.rows
        return generalised(residual, np.sum(believed, axis=1), self.rows)


def diagonalised(gram: Array, penalty: Array, straight: int) -> tuple[Array, Array]:
    """Directions that make `gram` the identity and `penalty` a diagonal; and that diagonal.

    The first `straight` directions are known to have no penalty (Demmler and Reinsch 1975).
    """
    from scipy.linalg import cholesky, eigh, solve_triangular

    steady = gram + np.eye(len(gram)) * (np.trace(gram) / len(gram) * 1e-12)
    lower = cholesky(steady, lower=True)
    half = solve_triangular(lower, penalty, lower=True)
    turned = solve_triangular(lower, half.T, lower=True)
    roughness, turns = eigh((turned + turned.T) / 2)
    directions = solve_triangular(lower, turns, lower=True, trans="T")
    roughness = np.maximum(roughness, 0.0)
    roughness[:straight] = 0.0
    return directions, roughness
