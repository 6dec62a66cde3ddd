"""Which figures a distribution can have at all, and the plain words for those that it cannot.

Whatever is asked of a fit is looked at twice: before it, for figures that no member of the family
has, and after it, for figures that were asked for and did not come out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise

Pair = tuple[float, float]
Points = tuple[Pair, ...]

_PEAKED = ("triangular", "pert")
_ABOVE_ZERO = ("normal", "lognormal", "gamma", "weibull", "exponential")
_NAMES = ("uniform", *_PEAKED, *_ABOVE_ZERO, "beta")
TOO_ODD = "they are too far apart or too close together"
WORST_MISS = 0.25  # of the spread of the quantiles that were asked for
_QUANTILES_NEEDED = {"exponential": (1,), "triangular": (2, 3), "pert": (2, 3)}


def check_request(family: str, known: Mapping[str, float], ranged: tuple[str, ...]) -> None:
    """Raises ValueError for an unknown family, or a range that it is not fitted with."""
    if family not in _NAMES:
        raise ValueError(f"there is no distribution called {family}; there are {', '.join(_NAMES)}")
    knowable = ("low", "high") * (family in ranged)
    for name in known:
        if name not in knowable:
            raise ValueError(f"{called(family)} cannot be fitted with {name} known")
    if family in _PEAKED and len(known) == 1:
        raise ValueError(f"{called(family)} needs both low and high, or neither")


def check_moments(family: str, moments: Mapping[str, float]) -> None:
    """Raises ValueError for a mean or sd that no member of the family has."""
    for name, value in moments.items():
        _check_moment(name, value, name == "sd" or family in _ABOVE_ZERO)
    if family == "normal" and moments.get("sd", 0.0) > 0.9988 * moments["mean"]:
        raise ValueError("its sd always stays below its mean (0.9988 of it at most)")


def _check_moment(name: str, value: float, above_zero: bool) -> None:
    if not math.isfinite(value):
        raise ValueError(f"the {name} must be a finite number")
    if above_zero and value <= 0:
        raise ValueError(f"the {name} must be above zero")


def decisive(family: str) -> tuple[int, ...]:
    """The numbers of quantiles that decide a member of the family; more have only a nearest one."""
    return _QUANTILES_NEEDED.get(family, (2,))


def check_quantiles(family: str, points: Points) -> None:
    """Raises ValueError for quantiles, as (share, value), that no member of the family has."""
    _check_count(len(points), decisive(family))
    if not all(0 < share < 1 and math.isfinite(value) for share, value in points):
        raise ValueError("quantiles are finite numbers at shares between 0% and 100%")
    _check_ascent(points)
    if points[0][1] <= 0 and family in _ABOVE_ZERO:
        raise ValueError("it only takes values above zero")


def check_interval(family: str) -> None:
    """Raises ValueError for a family that its two ends do not decide: one of them is enough."""
    if 2 not in decisive(family):
        raise ValueError("the number of quantiles must be 1, not 2, as an interval has")


def _check_count(count: int, needed: tuple[int, ...]) -> None:
    if count < min(needed):
        counts = " or ".join(map(str, needed))
        rule = f"the number of quantiles must be {counts}, not {count}"
        raise ValueError(f"{rule}; more than {max(needed)} are met as nearly as can be")


def _check_ascent(points: Points) -> None:
    for (p, before), (q, after) in pairwise(points):
        if q - p < 1e-9 or after - before <= 1e-9 * max(abs(before), abs(after)):
            raise ValueError("quantiles must ascend, and not be all but equal")


def confirm(wanted: Mapping[str, float], found: Sequence[float]) -> None:
    """Raises ValueError where what was found is not what was wanted, in the same order."""
    near_zero = 1e-12 * max(map(abs, wanted.values()))
    for (name, value), got in zip(wanted.items(), found, strict=False):
        if not abs(got - value) <= 1e-6 * abs(value) + near_zero:
            raise ValueError(f"its {name} would be {got:.9g}")


def confirm_near(wanted: Mapping[str, float], found: Sequence[float]) -> None:
    """Raises ValueError where a quantile that was found is far from the wanted one."""
    spread = max(wanted.values()) - min(wanted.values())
    name, value, got = max(
        ((name, value, got) for (name, value), got in zip(wanted.items(), found, strict=True)),
        key=lambda each: abs(each[2] - each[1]),
    )
    if not abs(got - value) <= WORST_MISS * spread:
        raise ValueError(f"its {name} would be {got:.9g}, and no other comes nearer")


def called(family: str) -> str:
    """The family with its article.

    >>> called("gamma")
    'a gamma'
    """
    names = {"normal": "a normal cut off at zero", "exponential": "an exponential"}
    return names.get(family, f"a {family}")


@contextmanager
def explained(family: str, wanted: Mapping[str, float]) -> Iterator[None]:
    """Let whatever goes wrong inside say which family could not have which figures."""
    try:
        yield
    except (ValueError, ArithmeticError) as error:
        named = " and ".join(f"{name} {value:.9g}" for name, value in wanted.items()) or "nothing"
        why = error if isinstance(error, ValueError) else TOO_ODD
        raise ValueError(f"{called(family)} cannot have {named}: {why}") from error
