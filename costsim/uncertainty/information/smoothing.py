"""The expected outcome given some inputs: a penalised spline of one, a surface over several.

The spline is a cubic one with some 20 knots at quantiles of the input, held back by its second
differences (Eilers and Marx 1996, Statistical Science 11, 89-121; the differences are divided by
the distance of the knots, as in Li and Cao 2022, so that a straight line is never held back).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from costsim.uncertainty.information.ridge import (
    Array,
    Shapes,
    Smooth,
    believed,
    checked,
    diagonalised,
    same_length,
)
from costsim.uncertainty.information.scales import Scale
from costsim.uncertainty.information.surfaces import kernels, polynomials

KNOTS = 20
DEGREE = 3
FEW_VALUES = 10
"""So many distinct values, each seen five times on average, are groups and not a line."""
NARROW = 1e-3
"""Knots closer than this share of the range call for another scale of the input."""


Method = Literal["spline", "polynomial", "kernel"]


def fit(x: Array, y: Array) -> Smooth:
    """The expected `y` (n,) given `x` (n,), both for the same n draws, 10 at least.

    A spline; group means where `x` has few distinct values, and the mean where it has one. Raises
    ValueError for anything but finite numbers of the same length.

    >>> x = np.linspace(0.0, 1.0, 50)
    >>> found = fit(x, 2 * x + 1)
    >>> found.at(np.array([0.25])).round(6).tolist(), round(found.edf, 3)
    ([1.5], 2.0)
    """
    (found,) = fit_all(checked(x, "The input", 1)[:, None], [y], "spline")
    return found


def fit_surface(columns: Array, y: Array, method: Method = "polynomial") -> Smooth:
    """The expected `y` (n,) given all of `columns` (n, p) together, by one of two smoothers.

    A "polynomial" of total degree 3 at most, or a "kernel" (see `surfaces`). Raises ValueError for
    anything but finite numbers of the same length.
    """
    (found,) = fit_all(columns, [y], method)
    return found


def fit_all(columns: Array, outcomes: Sequence[Array], method: Method) -> tuple[Smooth, ...]:
    """The expected values of several outcomes, (n,) each, from the same shapes of `columns` (n, p).

    Of the shapes that a method offers those are taken that predict best, all outcomes together.
    """
    columns = checked(columns, "The inputs", 2)
    wanted = [checked(each, "The outcome", 1) for each in outcomes]
    for each in wanted:
        same_length(columns, each)
    fits = [tuple(believed(shapes, y) for y in wanted) for shapes in _offered(columns, method)]
    return min(fits, key=_error)


def _error(fits: tuple[Smooth, ...]) -> float:
    """The geometric mean of the errors of prediction, so that no outcome's unit matters."""
    return math.fsum(math.log(max(each.score, 1e-300)) for each in fits)


def _offered(columns: Array, method: Method) -> Iterable[Shapes]:
    if method == "spline":
        if columns.shape[1] != 1:
            raise ValueError(
                f"A spline follows one input, but {columns.shape[1]} were given: "
                "take a polynomial or a kernel for several."
            )
        return [shapes_of(columns[:, 0])]
    offers = {"polynomial": polynomials, "kernel": kernels}
    if method not in offers:
        raise ValueError(f"{method!r} is no smoother: take spline, polynomial or kernel.")
    return offers[method](columns)


def shapes_of(x: Array) -> Shapes:
    """The shapes of one input, (n,): a group for each of a few values, or a spline."""
    distinct = np.unique(x)
    if len(distinct) <= min(FEW_VALUES, len(x) // 5) or len(distinct) <= DEGREE + 1:
        return _groups(x, distinct)
    return _spline_shapes(x, distinct)


def _groups(x: Array, distinct: Array) -> Shapes:
    """A shape for each distinct value, which is there or not."""
    counts = np.bincount(np.searchsorted(distinct, x), minlength=len(distinct))
    place = partial(_group_shapes, distinct=distinct, heights=1 / np.sqrt(counts))
    return Shapes(place(x), np.zeros(len(distinct)), place)


def _group_shapes(x: Array, distinct: Array, heights: Array) -> Array:
    """The shape of the group whose value is nearest."""
    middles = (distinct[1:] + distinct[:-1]) / 2
    group = np.searchsorted(middles, x)
    found = np.zeros((len(x), len(distinct)))
    found[np.arange(len(x)), group] = heights[group]
    return found


def _knots(marks: Array) -> Array:
    """All knots, those at the ends repeated, for distinct marks from 0 to 1."""
    inside = min(KNOTS, (len(marks) - DEGREE) // 2)
    within = np.quantile(marks, np.linspace(0, 1, inside + 2))
    return np.concatenate([np.zeros(DEGREE), within, np.ones(DEGREE)])


def _spline_shapes(x: Array, distinct: Array) -> Shapes:
    """Shapes of a cubic spline, smoothest first (Demmler and Reinsch 1975)."""
    scale = Scale.plain(distinct)
    knots = _knots(scale.of(distinct))
    if np.diff(knots[DEGREE:-DEGREE]).min() < NARROW:
        scale = Scale.by_rank(distinct)
        knots = _knots(scale.marks)
    splines = _Splines(scale, knots)
    directions, roughness = splines.directions(x)
    place = partial(splines.shapes, directions=directions)
    return Shapes(place(x), roughness, place)


@dataclass(frozen=True)
class _Splines:
    """B-splines of an input on a scale."""

    scale: Scale
    knots: Array

    def shapes(self, x: Array, directions: Array) -> Array:
        """Combinations of the B-splines at some values of the input; sparse, so in fixed order."""
        from scipy.interpolate import BSpline

        found = BSpline.design_matrix(self.scale.of(x), self.knots, DEGREE)
        return np.asarray(found @ directions)

    def directions(self, x: Array) -> tuple[Array, Array]:
        """Combinations that are orthonormal over the draws, and their roughness, rising."""
        from scipy.interpolate import BSpline

        basis = BSpline.design_matrix(self.scale.of(x), self.knots, DEGREE)
        gram = (basis.T @ basis).toarray()
        bends = second_differences(self.knots)
        return diagonalised(gram, bends.T @ bends, straight=2)


def second_differences(knots: Array) -> Array:
    """The matrix from the coefficients of a cubic spline to those of its second derivative."""
    found = np.eye(len(knots) - DEGREE - 1)
    for order in (1, 2):
        degree = DEGREE + 1 - order
        inner = knots[order : len(knots) - order]
        wide = inner[degree:] - inner[:-degree]
        found = np.diff(found, axis=0) * (degree / wide)[:, None]
    return found
