"""The expected outcome given some inputs: a penalised spline of one, a surface over several.

The spline is a cubic one with some 20 knots at quantiles of the input, held back by its second
differences (Eilers and Marx 1996, Statistical Science 11, 89-121; the differences are divided by
the distance of the knots, as in Li and Cao 2022, so that a straight line is never held back).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

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

if TYPE_CHECKING:
    from scipy.sparse import csr_array

KNOTS = 20
DEGREE = 3
FEW_VALUES = 10
"""So many distinct values, each seen five times on average, are groups and not a line."""
NARROW = 1e-3
"""Knots closer than this share of the range call for a second scale of the input."""


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
        return shapes_of(columns[:, 0])
    offers = {"polynomial": polynomials, "kernel": kernels}
    if method not in offers:
        raise ValueError(f"{method!r} is no smoother: take spline, polynomial or kernel.")
    return offers[method](columns)


def shapes_of(x: Array) -> Iterator[Shapes]:
    """The shapes of one input, (n,): a group for each of a few values, or a spline.

    An input with a long tail is offered on two scales, its own and by rank: the outcome may follow
    either.
    """
    distinct = np.unique(x)
    if len(distinct) <= min(FEW_VALUES, len(x) // 5) or len(distinct) <= DEGREE + 1:
        yield _groups(x, distinct)
        return
    plain = _Splines.on(Scale.plain(distinct), distinct)
    yield plain.smoothest_first(x)
    if np.diff(plain.knots[DEGREE:-DEGREE]).min() < NARROW:
        yield _Splines.on(Scale.by_rank(distinct), distinct).smoothest_first(x)


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


@dataclass(frozen=True)
class _Splines:
    """B-splines of an input on a scale."""

    scale: Scale
    knots: Array

    @classmethod
    def on(cls, scale: Scale, distinct: Array) -> _Splines:
        """Splines with knots at quantiles of distinct values, those at the ends repeated."""
        inside = min(KNOTS, (len(distinct) - DEGREE) // 2)
        within = np.quantile(scale.of(distinct), np.linspace(0, 1, inside + 2))
        return cls(scale, np.concatenate([np.zeros(DEGREE), within, np.ones(DEGREE)]))

    def smoothest_first(self, x: Array) -> Shapes:
        """Shapes of these splines that are orthonormal over the draws, smoothest first."""
        basis = self._basis(x)
        bends = second_differences(self.knots)
        directions, roughness = diagonalised(
            (basis.T @ basis).toarray(), bends.T @ bends, straight=2
        )
        place = partial(self._shapes, directions=directions)
        return Shapes(place(x), roughness, place)

    def _shapes(self, x: Array, directions: Array) -> Array:
        return np.asarray(self._basis(x) @ directions)

    def _basis(self, x: Array) -> csr_array[np.float64]:
        """The B-splines at some values; sparse, so that they are added up in a fixed order."""
        from scipy.interpolate import BSpline

        return BSpline.design_matrix(self.scale.of(x), self.knots, DEGREE)


def second_differences(knots: Array) -> Array:
    """The matrix from the coefficients of a cubic spline to those of its second derivative."""
    found = np.eye(len(knots) - DEGREE - 1)
    for order in (1, 2):
        degree = DEGREE + 1 - order
        inner = knots[order : len(knots) - order]
        wide = inner[degree:] - inner[:-degree]
        found = np.diff(found, axis=0) * (degree / wide)[:, None]
    return found
