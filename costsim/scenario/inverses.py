"""Inverse cumulative distribution functions that are quick where there are many cases.

The gamma and the beta have none in closed form, and scipy's take hundreds of nanoseconds a value.
Here the exact inverse is asked at 278 points, once for given shapes, and interpolated between them
wherever that is as good. Every value depends on its own probability alone, to the last bit: what
is done to an array is done to each of its elements, and never depends on how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Inverse = Callable[[Array], Array]
_SMALLEST_U, _LARGEST_U = 2.0**-54, 1.0 - 2.0**-53  # between 1 - 2**-53 and 1 there is no float
_BLOCK = 2**14  # 128 kB: a block and what is worked out from it stay in the processor's cache
_PER_UNIT = 16  # nodes to one unit of the normal score
_FARTHEST = 133  # the last interval either way, in nodes: the normal score of 2**-54 is -8.3
# An interval's nodes in steps from its middle, and from the middle outwards.
_PLACES = (-0.5, 0.5, -1.5, 1.5, -2.5, 2.5, -3.5, 3.5, -4.5, 4.5, -5.5, 5.5)


def quantiles(inverse: Inverse, u: Array, support: tuple[float, float]) -> Array:
    """The inverse at every share of `u`, each in [0, 1], held within the support; shaped as `u`.

    >>> quantiles(np.sqrt, np.array([[0.25], [0.64]]), (0.0, 0.75)).tolist()
    [[0.5], [0.75]]
    """
    found = np.array(u, dtype=np.float64, order="C")
    flat = found.reshape(-1)
    for start in range(0, flat.size, _BLOCK):
        block = flat[start : start + _BLOCK]
        np.clip(block, _SMALLEST_U, _LARGEST_U, out=block)
        np.clip(inverse(block), *support, out=block)
    return found


def banded(p: Array, lows: Array, highs: Array, weights: Array) -> Array:
    """The inverse CDF of bands in ascending order, each evenly filled, by their edges and weights.

    >>> ends = np.array([0.0, 20.0]), np.array([10.0, 30.0])
    >>> banded(np.array([0.125, 0.75]), *ends, weights=np.array([1.0, 3.0]))
    array([ 5.        , 26.66666667])
    """
    reached = np.append(0.0, np.cumsum(weights))
    depth = p * reached[-1]
    band = _number_reached(depth, reached[1:-1])
    values = lows[band] + (depth - reached[band]) / weights[band] * (highs - lows)[band]
    return np.asarray(np.minimum(values, highs[band]))


def _number_reached(depth: Array, edges: Array) -> NDArray[np.intp]:
    """How many of the ascending edges are at or below each depth."""
    if len(edges) > 32:
        return np.searchsorted(edges, depth, side="right")
    # Comparing with every one of a few is quicker than a search, whose branches are not foreseen.
    number = np.zeros(depth.shape, dtype=np.intp)
    for edge in edges:
        number += depth >= edge
    return number


@lru_cache(maxsize=256)
def gamma_inverse(shape: float) -> Inverse:
    """The inverse CDF of the gamma distribution of this shape, above zero, whose scale is 1.

    >>> gamma_inverse(1)(np.array([0.5])).round(9)  # an exponential: the logarithm of 2
    array([0.69314718])
    """
    from scipy.special import gammainccinv, gammaincinv

    return _interpolated(
        lambda p: np.asarray(gammaincinv(shape, p), dtype=np.float64),
        lambda q: np.asarray(gammainccinv(shape, q), dtype=np.float64),
    )


@lru_cache(maxsize=256)
def beta_inverse(alpha: float, beta: float) -> Inverse:
    """The inverse CDF of the beta distribution of these shapes, above zero, on 0 to 1.

    >>> beta_inverse(2, 1)(np.array([0.25])).round(9)  # its CDF is the square
    array([0.5])
    """
    from scipy import special

    def lower(p: Array) -> Array:
        found = np.asarray(special.betaincinv(alpha, beta, p), dtype=np.float64)
        # Scipy has no answer to 2**-54 for alpha a little above 1 and beta below 1. So far out the
        # first term of the CDF's power series is all of it.
        lost = np.isnan(found)
        found[lost] = (alpha * special.beta(alpha, beta) * p[lost]) ** (1 / alpha)
        return found

    def upper(q: Array) -> Array:
        return np.nan_to_num(special.betainccinv(alpha, beta, q), nan=1.0)

    return _interpolated(lower, upper)


def _interpolated(lower: Inverse, upper: Inverse) -> Inverse:
    """An inverse CDF for probabilities from 2**-54 to 1 - 2**-53, by interpolation if it can be.

    The exact inverses are given: `lower` of the probability below a value, `upper` of that above
    it. Where a node has no logarithm or the first term left out of the polynomials is anywhere
    above 3e-14, as for shapes far below 1, what is returned is `lower` itself. Elsewhere relative
    errors, measured against 40 digits, are 1e-15 at the median and 5e-13 at most.
    """
    from scipy.special import ndtr

    ends = _FARTHEST + len(_PLACES) // 2
    z = (np.arange(-ends, ends) + 0.5) / _PER_UNIT
    with np.errstate(all="ignore"):
        # Each tail by its own probability, which keeps all its digits however far out.
        exact = np.concatenate([lower(ndtr(z[z < 0])), upper(ndtr(-z[z > 0]))])
        middle = float(exact[ends])
        *table, left_out = _divided_differences(np.log(exact / middle))
    largest = prod(_PLACES) * np.max(np.abs(left_out))
    return _Newton(middle, tuple(table)) if largest < 3e-14 else lower


def _divided_differences(values: Array) -> Iterator[Array]:
    """For every interval: over its first node, its first two nodes and so on; then all the next."""
    for order in range(len(_PLACES)):
        first = len(_PLACES) // 2 - 1 - order // 2
        yield values[first : first + 2 * _FARTHEST + 1]
        values = np.diff(values) / (order + 1)
    yield values


@dataclass(frozen=True)
class _Newton:
    """An inverse CDF between exact values at equal steps of the normal score.

    The logarithm of the value is smooth in the normal score of its probability, tails included. In
    each interval it follows Newton's polynomial through the nearest twelve nodes, so that it is
    exact at either end. After Hörmann and Leydold, ACM Transactions on Modeling and Computer
    Simulation 13 (2003), 347-362, who interpolate in the probability itself.
    """

    middle: float
    differences: tuple[Array, ...]

    def __call__(self, p: Array) -> Array:
        from scipy.special import ndtri

        step = ndtri(p) * _PER_UNIT
        nearest = np.rint(step)
        interval = (nearest + _FARTHEST).astype(np.intp)
        step -= nearest
        logarithm = np.zeros_like(step)
        for place, difference in zip(_PLACES[::-1], self.differences[::-1], strict=True):
            logarithm *= step - place
            logarithm += difference.take(interval)
        return np.asarray(self.middle * np.exp(logarithm))
