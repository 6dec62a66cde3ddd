"""The distribution that comes nearest to more quantiles than it has parameters.

Nearest is by least squares: the sum of the squared misses, each as a share of the spread of what
was asked for. All families but the beta follow from one form, which alone decides how they are
shaped, and from where they lie and how far they stretch; those two follow by linear regression for
any form, so that only the form is searched for (Golub and Pereyra, SIAM Journal on Numerical
Analysis 10 (1973), 413-432).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from costsim.scenario.families import (
    Array,
    Beta,
    Exponential,
    Family,
    Gamma,
    LogNormal,
    Pert,
    Triangular,
    TruncatedNormal,
    Uniform,
    Weibull,
)
from costsim.scenario.plausible import TOO_ODD, Pair, Points

_GRID = 41  # forms that are tried before the best of them is refined


@dataclass(frozen=True)
class _Kind:
    """A family by its form, its place and its scale; `placed` if it may lie anywhere.

    `forms` are the ends between which forms are sought, equal where there is only one.
    """

    made: Callable[[float, float, float], Family]
    forms: Pair
    placed: bool = False


_ONE_FORM = (0.0, 0.0)
_KINDS = {
    "uniform": _Kind(lambda _, place, scale: Uniform(place, place + scale), _ONE_FORM, True),
    "triangular": _Kind(
        lambda mode, place, scale: Triangular(place, place + mode * scale, place + scale),
        (0.0, 1.0),
        True,
    ),
    "pert": _Kind(
        lambda mode, place, scale: Pert(place, place + mode * scale, place + scale),
        (0.0, 1.0),
        True,
    ),
    "exponential": _Kind(lambda _, __, scale: Exponential(scale), _ONE_FORM),
    "normal": _Kind(
        lambda form, _, scale: TruncatedNormal(math.sinh(form) * scale, scale),
        (-math.asinh(29.9), math.asinh(1e7)),
    ),
    "lognormal": _Kind(
        lambda form, _, scale: LogNormal(math.log(scale), math.exp(form)), (-12.0, 3.0)
    ),
    "gamma": _Kind(lambda form, _, scale: Gamma(math.exp(form), scale), (-4.6, 13.8)),
    "weibull": _Kind(lambda form, _, scale: Weibull(math.exp(form), scale), (-3.9, 9.2)),
}


@lru_cache(maxsize=256)
def nearest_through(family: str, points: Points, ends: Pair) -> Family:
    """The member of the named family nearest to these points, each a share and a value.

    `ends` is the range of a beta. Raises ValueError where no member comes near.

    >>> round(nearest_through("uniform", ((0.25, 10), (0.5, 21), (0.75, 30)), (0, 1)).mean, 6)
    20.333333
    """
    shares, values = (np.array(column, dtype=np.float64) for column in zip(*points, strict=True))
    if family == "beta":
        return _nearest_beta(shares, values, ends)
    kind = _KINDS[family]
    form = _best_form(lambda form: _placed(kind, form, (shares, values))[2], kind.forms)
    place, scale, miss = _placed(kind, form, (shares, values))
    if not math.isfinite(miss):
        raise ValueError(TOO_ODD)
    return kind.made(form, place, scale)


def _placed(kind: _Kind, form: float, points: tuple[Array, Array]) -> tuple[float, float, float]:
    """The best place and scale of this form, and the sum of squared misses that they leave."""
    shares, values = points
    unit = kind.made(form, 0.0, 1.0).quantile(shares)
    centre, middle = (float(np.mean(unit)), float(np.mean(values))) if kind.placed else (0.0, 0.0)
    reach, wanted = unit - centre, values - middle
    size = float(np.sum(reach * reach))
    scale = float(np.sum(reach * wanted)) / size if size > 0 else 0.0
    if not 0 < scale < math.inf:
        return 0.0, 1.0, math.inf
    misses = (scale * reach - wanted) / float(np.ptp(values))
    return middle - scale * centre, scale, float(np.sum(misses * misses))


def _best_form(miss: Callable[[float], float], forms: Pair) -> float:
    from scipy.optimize import minimize_scalar

    low, high = forms
    if low == high:
        return low
    tried = np.linspace(low, high, _GRID)
    best = int(np.argmin([miss(form) for form in tried.tolist()]))
    around = (float(tried[max(best - 1, 0)]), float(tried[min(best + 1, _GRID - 1)]))
    found = minimize_scalar(miss, bounds=around, method="bounded", options={"xatol": 1e-9})
    candidates = [float(tried[best]), float(found.x)]
    return min(candidates, key=miss)


def _nearest_beta(shares: Array, values: Array, ends: Pair) -> Family:
    from scipy.optimize import least_squares

    low, high = ends
    if not low < values[0] < values[-1] < high:
        raise ValueError(f"quantiles must lie between low {low:.9g} and high {high:.9g}")

    def beta(logarithms: Array) -> Beta:
        alpha, second = np.exp(logarithms).tolist()
        return Beta(alpha, second, low, high)

    def misses(logarithms: Array) -> Array:
        return (beta(logarithms).quantile(shares) - values) / float(np.ptp(values))

    bounds = (math.log(1e-3), math.log(9.9e4))
    starts = (_first_guess(shares, (values - low) / (high - low)), np.log([0.5, 0.5]))
    found = [
        least_squares(misses, np.clip(start, -6.0, 11.0), bounds=bounds, xtol=1e-12, ftol=1e-12)
        for start in starts
    ]
    return beta(min(found, key=lambda each: each.cost).x)


def _first_guess(shares: Array, values: Array) -> Array:
    """The logarithms of the shapes whose mean and sd are about those of a normal's quantiles."""
    from scipy.special import ndtri

    mean = float(np.interp(0.5, shares, values))
    sd = float(np.ptp(values)) / float(np.ptp(ndtri(shares)))
    total = max(mean * (1 - mean) / (sd * sd) - 1, 0.1)
    return np.array([math.log(mean * total), math.log((1 - mean) * total)])
