"""From the figures an analyst has (a mean and an sd, an interval, quantiles) to a distribution.

Each way of stating a distribution ends in one of the families of `costsim.scenario.families`, by
a closed form where there is one and otherwise by a bracketed root. What was found is then asked
for the very figures it was fitted to, so that a fit is either right or refused in plain words.

Families go by the names uniform, triangular, pert, normal (always cut off at zero), lognormal,
gamma, weibull, exponential and beta; every figure is in the caller's unit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from costsim.scenario.families import (
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
from costsim.scenario.nearest_fit import nearest_through
from costsim.scenario.plausible import (
    TOO_ODD,
    Pair,
    Points,
    called,
    check_interval,
    check_moments,
    check_quantiles,
    check_request,
    confirm,
    confirm_near,
    decisive,
    explained,
)

_PEAKED: dict[str, Callable[[float, float, float], Family]] = {
    "triangular": Triangular,
    "pert": Pert,
}
# By centre and reach: location and scale, so figures of the unit case need only be stretched.
_SYMMETRIC: dict[str, Callable[[float, float], Family]] = {
    "uniform": lambda centre, reach: Uniform(centre - reach, centre + reach),
    "triangular": lambda centre, reach: Triangular(centre - reach, centre, centre + reach),
    "pert": lambda centre, reach: Pert(centre - reach, centre, centre + reach),
}
# By a form, which alone decides the ratios between figures, and a scale; and the range of forms.
_SCALED: dict[str, tuple[Callable[[float, float], Family], Pair]] = {
    "normal": (lambda cut, scale: TruncatedNormal(-cut * scale, scale), (-1e7, 30.0)),
    "gamma": (lambda log_shape, scale: Gamma(math.exp(log_shape), scale), (-4.6, 13.8)),
    "weibull": (lambda log_shape, scale: Weibull(math.exp(log_shape), scale), (-3.9, 9.2)),
}

# The mean of a peaked family counts either end once and the mode so many times.
_MODE_COUNTS = {"triangular": 1.0, "pert": 4.0}


def from_moments(family: str, mean: float, sd: float | None = None, **known: float) -> Family:
    """The distribution of the named family that has this mean and standard deviation.

    For a normal both are those of what is left above zero. An exponential needs no sd. `known`
    is the range (`low` and `high`): a beta runs from 0 to 1 unless told otherwise; a triangular
    or pert whose range is known follows from its mean, and without it comes out symmetric.
    Raises ValueError if there is no such distribution.

    >>> from_moments("gamma", mean=10, sd=5)
    Gamma(shape=4.0, scale=2.5)
    """
    check_request(family, known, ranged=("beta", *_PEAKED))
    wanted = {"mean": mean} if sd is None else {"mean": mean, "sd": sd}
    with explained(family, wanted):
        check_moments(family, wanted)
        fitted = _with_moments(family, mean, sd, known)
        confirm(wanted, (fitted.mean, fitted.sd))
    return fitted


def from_quantiles(family: str, quantiles: Mapping[float, float], **known: float) -> Family:
    """The distribution of the named family with these quantiles, a value for each share.

    The shares lie between 0 and 1: one for an exponential, two for the others, three for a
    triangular or pert that need not be symmetric. Of more, the one that comes nearest is taken.
    `known` is the range (`low` and `high`) of a beta, 0 to 1 unless told otherwise. Raises
    ValueError if there is no such distribution, or none within a quarter of their spread.

    >>> from_quantiles("uniform", {0.25: 10, 0.75: 30})
    Uniform(low=0.0, high=40.0)
    """
    check_request(family, known, ranged=("beta",))
    points = tuple(sorted(quantiles.items()))
    wanted = _named(points)
    with explained(family, wanted):
        check_quantiles(family, points)
        if len(points) > max(decisive(family)):
            fitted = nearest_through(family, points, _range(known))
            confirm_near(wanted, _values_at(fitted, points))
        else:
            fitted = _through(family, points, known)
            confirm(wanted, _values_at(fitted, points))
    return fitted


def from_interval(
    family: str, low: float, high: float, /, level: float = 0.95, **known: float
) -> Family:
    """The distribution with a share `level` from `low` to `high`, and as much below as above.

    The interval goes by position, so that `known` can be the range of a beta by the same names.
    Raises ValueError if there is no such distribution.

    >>> from_interval("lognormal", 2, 20).quantile(np.array([0.025, 0.975])).round(9)
    array([ 2., 20.])
    """
    if not 0 < level < 1:
        raise ValueError(f"the level must lie between 0 and 1, but it is {level:.9g}")
    if not low < high:
        raise ValueError(f"the interval must ascend, but it goes from {low:.9g} to {high:.9g}")
    tail = (1 - level) / 2
    ends = {tail: low, 1 - tail: high}
    with explained(family, _named(tuple(ends.items()))):
        check_interval(family)
    return from_quantiles(family, ends, **known)


def from_mean_in_range(family: str, low: float, mean: float, high: float) -> Family:
    """The triangular or pert from `low` to `high` that has this mean; ValueError if none has.

    >>> from_mean_in_range("pert", 4, 10, 20)
    Pert(low=4, mode=9.0, high=20)
    """
    if family not in _PEAKED:
        raise ValueError(f"{called(family)} does not follow from its range and its mean")
    with explained(family, {"low": low, "mean": mean, "high": high}):
        return _peaked_with_mean(family, low, mean, high)


def _peaked_with_mean(family: str, low: float, mean: float, high: float) -> Family:
    if not low <= mean <= high:
        raise ValueError("low, mean and high must ascend")
    count = _MODE_COUNTS[family]
    mode = ((count + 2) * mean - low - high) / count
    slack = 1e-12 * (abs(low) + abs(high))
    if not low - slack <= mode <= high + slack:
        least, most = ((count * end + low + high) / (count + 2) for end in (low, high))
        raise ValueError(
            f"on this range the mean can only be from {least:.9g} to {most:.9g}, or the mode "
            f"(here {mode:.9g}) would lie outside"
        )
    return _PEAKED[family](low, min(max(mode, low), high), high)


def _with_moments(family: str, mean: float, sd: float | None, known: Mapping[str, float]) -> Family:
    if family in _PEAKED and known:
        return _peaked_with_mean(family, known["low"], mean, known["high"])
    if family == "exponential":
        return Exponential(mean)
    if sd is None:
        raise ValueError("its sd is needed too")
    if family == "beta":
        return _beta_with_moments(mean, sd, _range(known))
    return _WITH_MOMENTS[family](mean, sd)


def _symmetric_with_moments(family: str, mean: float, sd: float) -> Family:
    make = _SYMMETRIC[family]
    return make(mean, sd / make(0.0, 1.0).sd)


def _scaled_with_moments(family: str, mean: float, sd: float) -> Family:
    return _scaled(family, lambda unit: (unit.sd, unit.mean), (sd, mean))


def _gamma_with_moments(mean: float, sd: float) -> Family:
    return Gamma(mean / sd * (mean / sd), sd / mean * sd)


def _beta_with_moments(mean: float, sd: float, ends: Pair) -> Family:
    low, high = ends
    share, spread = (mean - low) / (high - low), sd / (high - low)
    if not 0 < share < 1:
        raise ValueError(f"the mean must lie between low {low:.9g} and high {high:.9g}")
    most = math.sqrt(share * (1 - share))
    if spread >= most:
        raise ValueError(
            f"the sd is too large for a beta with this mean from {low:.9g} to {high:.9g}: "
            f"it must be below {most * (high - low):.9g}"
        )
    total = share * (1 - share) / (spread * spread) - 1
    return Beta(total * share, total * (1 - share), low, high)


def _lognormal_with_moments(mean: float, sd: float) -> Family:
    variance = math.log1p(sd / mean * (sd / mean))
    return LogNormal(math.log(mean) - variance / 2, math.sqrt(variance))


# A beta needs its range too, and an exponential has no sd of its own.
_WITH_MOMENTS: dict[str, Callable[[float, float], Family]] = {
    **{name: partial(_symmetric_with_moments, name) for name in _SYMMETRIC},
    **{name: partial(_scaled_with_moments, name) for name in _SCALED},
    "gamma": _gamma_with_moments,
    "lognormal": _lognormal_with_moments,
}


def _through(family: str, points: Points, known: Mapping[str, float]) -> Family:
    if len(points) == 3:
        return _peaked_through(_PEAKED[family], points)
    if family == "beta":
        return _beta_through(points, _range(known))
    return _THROUGH[family](points)


def _exponential_through(points: Points) -> Family:
    ((share, value),) = points
    return Exponential(-value / math.log1p(-share))


def _scaled_through(family: str, points: Points) -> Family:
    (_, low), (_, high) = points
    return _scaled(family, lambda unit: _values_at(unit, points), (low, high))


def _peaked_through(make: Callable[[float, float, float], Family], points: Points) -> Family:
    (_, low), (_, middle), (_, high) = points

    def gap(mode: float) -> float:
        first, second, third = _values_at(make(0.0, mode, 1.0), points)
        return (second - first) / (third - first) - (middle - low) / (high - low)

    mode = _root(gap, (0.0, 1.0), "the middle one lies too far to one side")
    first, _, third = _values_at(make(0.0, mode, 1.0), points)
    width = (high - low) / (third - first)
    start = low - width * first
    return make(start, start + width * mode, start + width)


def _symmetric_through(family: str, points: Points) -> Family:
    make = _SYMMETRIC[family]
    (_, low), (_, high) = points
    first, second = _values_at(make(0.0, 1.0), points)
    reach = (high - low) / (second - first)
    return make(low - reach * first, reach)


def _beta_through(points: Points, ends: Pair) -> Family:
    from scipy.special import betainc, btdtrib

    (p, first), (q, second) = ((p, (x - ends[0]) / (ends[1] - ends[0])) for p, x in points)
    if not 0 < first < second < 1:
        raise ValueError(f"quantiles must lie between low {ends[0]:.9g} and high {ends[1]:.9g}")

    # One quantile gives the second shape for any first; the other then decides the first.
    def gap(log_alpha: float) -> float:
        alpha = math.exp(log_alpha)
        return float(betainc(alpha, btdtrib(alpha, p, first), second)) - q

    alpha = math.exp(_root(gap, (math.log(1e-3), math.log(1e5))))
    return Beta(alpha, float(btdtrib(alpha, p, first)), *ends)


def _lognormal_through(points: Points) -> Family:
    from scipy.special import ndtri

    (p, low), (q, high) = points
    sigma = math.log(high / low) / float(ndtri(q) - ndtri(p))
    return LogNormal(math.log(low) - sigma * float(ndtri(p)), sigma)


def _weibull_through(points: Points) -> Family:
    (first, low), (second, high) = ((math.log(-math.log1p(-p)), x) for p, x in points)
    shape = (second - first) / math.log(high / low)
    return Weibull(shape, high / math.exp(second / shape))


_THROUGH: dict[str, Callable[[Points], Family]] = {
    **{name: partial(_symmetric_through, name) for name in _SYMMETRIC},
    **{name: partial(_scaled_through, name) for name in _SCALED},
    "exponential": _exponential_through,
    "lognormal": _lognormal_through,
    "weibull": _weibull_through,
}


def _scaled(family: str, pair: Callable[[Family], Sequence[float]], wanted: Pair) -> Family:
    """The member of a scaled family of which a pair of figures, of its own unit, is as wanted."""
    make, forms = _SCALED[family]

    def gap(form: float) -> float:
        first, second = pair(make(form, 1.0))
        return math.log(max(second, 1e-300) / max(first, 1e-300)) - math.log(wanted[1] / wanted[0])

    form = _root(gap, forms)
    return make(form, wanted[1] / pair(make(form, 1.0))[1])


def _root(gap: Callable[[float], float], bracket: Pair, refusal: str = TOO_ODD) -> float:
    from scipy.optimize import brentq

    at_low, at_high = gap(bracket[0]), gap(bracket[1])
    if abs(at_low) <= 1e-12 or abs(at_high) <= 1e-12:
        return bracket[0] if abs(at_low) <= abs(at_high) else bracket[1]
    if not at_low * at_high < 0:
        raise ValueError(refusal)
    return float(brentq(gap, *bracket, xtol=1e-14, rtol=1e-15, maxiter=500))


def _named(points: Points) -> dict[str, float]:
    return {f"{100 * share:.9g}% quantile": value for share, value in points}


def _values_at(family: Family, points: Points) -> list[float]:
    values: list[float] = family.quantile(np.array([share for share, _ in points])).tolist()
    return values


def _range(known: Mapping[str, float]) -> Pair:
    low, high = known.get("low", 0.0), known.get("high", 1.0)
    if not low < high:
        raise ValueError(f"low {low:.9g} is not below high {high:.9g}")
    return low, high
