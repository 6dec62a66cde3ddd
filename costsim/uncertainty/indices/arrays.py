"""Numbers as an analysis takes them: checked once, in plain words, and luck for each purpose."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from costsim.sampling import purpose_key

Array = NDArray[np.float64]
Z95 = 1.959963984540054
"""Half of a 95 % interval over the standard error, for a normal distribution."""
_REPAIR = "repair or leave out the draw that failed, and analyse the rest"


def luck(seed: int, purpose: str) -> np.random.Generator:
    """Random numbers of one purpose: a stream of its own for each seed, 0 as good as any.

    Raises ValueError for a seed below 0 or of more than 64 bits.

    >>> luck(0, "bootstrap").random() == luck(0, "bootstrap").random()
    True
    >>> luck(0, "bootstrap").random() == luck(0, "morris").random()
    False
    """
    if not 0 <= seed < 2**64:
        raise ValueError(f"The seed is {seed}: give a whole number from 0 to 2^64 - 1")
    key = np.array([seed, purpose_key("", f"uncertainty/{purpose}")], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def foreign_seed(seed: int, purpose: str) -> int:
    """A seed for another library, which may take 0 for none: from 1 to 2^31 - 1."""
    return int(luck(seed, purpose).integers(1, 2**31))


def column(what: str, values: object) -> Array:
    """A copy of one number a draw; ValueError names the first row (from 1) that is not finite.

    >>> column("outcome", [1.0, float("nan")])
    Traceback (most recent call last):
    ValueError: outcome, row 2: nan is no finite number; repair or leave out the draw that failed, \
and analyse the rest
    """
    found = _numbers(what, values)
    if found.ndim != 1:
        raise ValueError(f"{what}: one number a draw is wanted, not an array of {found.ndim} axes")
    return _finite(found, [what])


def columns(what: str, values: object, names: Sequence[str]) -> Array:
    """A copy of a table (draws, inputs), with a name for each column; finite numbers alone."""
    found = _numbers(what, values)
    if found.ndim != 2:
        raise ValueError(f"{what}: a row a draw and a column an input are wanted")
    if found.shape[1] != len(names):
        raise ValueError(
            f"{what}: {found.shape[1]} columns, but {len(names)} names; give a name for each"
        )
    if len(set(names)) < len(names):
        raise ValueError(f"{what}: two columns have the same name; give each its own")
    return _finite(found, [f"{what}, {name}" for name in names])


def replicated(values: object, rows: int) -> Array:
    """Outcomes of a design as (rows, replications); ValueError where they do not fit it."""
    found = _numbers("outcome", values)
    if found.ndim not in {1, 2}:
        raise ValueError("outcome: a row a point, and a column a replication if there are several")
    found = found.reshape(len(found), -1)
    if len(found) != rows or not found.shape[1]:
        raise ValueError(
            f"outcome: {len(found):,} rows of {found.shape[1]}, where the design has {rows:,} "
            "points; give the outcome of every point, in the order of the design"
        )
    several = found.shape[1] > 1
    names = [f"outcome, replication {n + 1}" if several else "outcome" for n in range(len(found.T))]
    return _finite(found, names)


def _numbers(what: str, values: object) -> Array:
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what}: numbers alone are wanted ({error})") from error


def _finite(found: Array, names: Sequence[str]) -> Array:
    table = found.reshape(len(found), len(names))
    wrong = np.argwhere(~np.isfinite(table))
    if len(wrong):
        row, place = wrong[0].tolist()
        raise ValueError(
            f"{names[place]}, row {row + 1}: {table[row, place]} is no finite number; {_REPAIR}"
        )
    return found


def check_resamples(resamples: int, least: int = 2) -> None:
    """Raise ValueError for a number of resamples that gives no interval."""
    if resamples < least or resamples == 1:
        none = "0 (for no interval) or " * (least == 0)
        raise ValueError(f"{resamples} resamples give no interval; ask for {none}at least 2")


def check_noise(variance: float) -> None:
    """Raise ValueError for what is no variance."""
    if not 0 <= variance < np.inf:
        raise ValueError(f"The noise variance is {variance}; give a number from 0")


def is_constant(values: Array) -> bool:
    """Whether all numbers are the same but for rounding."""
    return bool(np.ptp(values) <= 1e-13 * np.abs(values).max())
