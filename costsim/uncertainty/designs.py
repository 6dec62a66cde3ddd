"""Sampling designs: which parameter sets are tried when many inputs are uncertain at once.

A design is a cube: a row for each draw, a column for each uncertain input, and in each cell a
number strictly between 0 and 1, of which the input's value is the quantile. `random` draws are
independent; a `latin_hypercube` has in each column one draw in each of as many equal strata as
there are draws; a `sobol` design fills the whole cube evenly. All are functions of their arguments
alone: no global generator is read or set.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from costsim.sampling import purpose_key

Kind = Literal["random", "latin_hypercube", "sobol"]
Array = NDArray[np.float64]
Words = NDArray[np.uint64]

KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_SOBOL_COLUMNS = 21_201
"""Columns for which direction numbers are known (Joe & Kuo 2008)."""
MOST_SOBOL_ROWS = 2**31
"""Rows to which SciPy goes forward."""
MOST_DRAWS = 2**40
_BITS = 52
_SOBOL_BITS = 32
"""More than these, and SciPy cannot go forward."""


def cube(kind: Kind, draws: int, width: int, seed: int, first: int = 0) -> Array:
    """A design of shape (draws, width), strictly inside (0, 1); its rows are numbered from `first`.

    `random`: a cell is a function of seed, row and column alone, so that `first` goes on where
    fewer draws ended, and a further column changes no other. `latin_hypercube`: a further column
    changes no other, but a design cannot be added to, because the strata depend on the number of
    draws. `sobol`: scrambled (Owen 1998, in the form of Matoušek 1998, by SciPy); draws are a power
    of two and at most 21,201 columns; a design of twice the draws begins with these rows, and
    `first` may be any multiple of the draws; another width is scrambled afresh.

    Raises ValueError for anything else.

    >>> few, more = cube("random", 3, 2, seed=1), cube("random", 5, 2, seed=1)
    >>> bool((few == more[:3]).all()), bool((cube("random", 2, 2, 1, first=3) == more[3:]).all())
    (True, True)
    >>> strata = np.floor(cube("latin_hypercube", 4, 1, seed=0)[:, 0] * 4)
    >>> sorted(strata.tolist())
    [0.0, 1.0, 2.0, 3.0]
    """
    check_kind(kind)
    _check_whole("The number of draws", draws, 1, MOST_DRAWS)
    _check_whole("The number of columns", width, 1, 2**31)
    _check_whole("The seed", seed, 0, 2**64 - 1)
    _check_whole("The number of the first row", first, 0, 2**62)
    return _MAKERS[kind](draws, width, seed, first)


def mean_error(values: Array, kind: Kind, blocks: int = 1) -> float:
    """The standard error of the mean of values, one for each row of a design of this kind.

    From one design it is that of independent draws, sd / sqrt(n). For `random` draws that is right.
    For the two others it is conservative: a latin hypercube's variance is at most n / (n - 1) times
    that of independent draws (Owen 1997), and a scrambled Sobol design's is as a rule far smaller,
    though for an adverse function it can be larger by a bounded factor (Owen 1998). An interval
    from it covers the mean more often than it says, and is wider than need be.

    An error that knows how good the design was needs several: `blocks` of rows, one after another,
    of the same length, each a design with a seed of its own. It then comes from the means of the
    blocks, and its interval takes Student's t with `blocks - 1` degrees of freedom.

    Raises ValueError for fewer than two values, for values that are not finite, or for blocks into
    which they do not divide.

    >>> mean_error(np.array([1.0, 3.0]), "random")
    1.0
    >>> mean_error(np.array([1.0, 3.0, 2.0, 4.0]), "sobol", blocks=2)
    0.5
    """
    check_kind(kind)
    _check_values(values, blocks)
    independent = values
    if kind != "random" and blocks > 1:
        independent = values.reshape(blocks, -1).mean(axis=1)
    return float(independent.std(ddof=1)) / math.sqrt(len(independent))


def check_kind(kind: str) -> None:
    """Raise ValueError for a kind of design that there is not."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not a sampling design. Use one of {', '.join(KINDS)}.")


def _check_whole(what: str, number: int, least: int, most: int) -> None:
    if type(number) is not int or not least <= number <= most:
        raise ValueError(f"{what} is {number!r}. It must be a whole number from {least} to {most}.")


def _check_values(values: Array, blocks: int) -> None:
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(
            f"The values have the shape {values.shape}. A standard error needs one column of two "
            "values or more."
        )
    _check_whole("The number of blocks", blocks, 1, len(values))
    if len(values) % blocks:
        raise ValueError(
            f"{len(values):,} values do not divide into {blocks:,} blocks of the same length. "
            "Give every block as many draws."
        )
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        raise ValueError(
            f"Value {wrong[0] + 1:,} is {values[wrong[0]]}, not a finite number. "
            "Leave out draws that failed, and say how many they were."
        )


def _generator(purpose: str, seed: int, column: int = 0, block: int = 0) -> np.random.Philox:
    """A column's own stream, from some block of four words on."""
    key = [seed, purpose_key("", f"uncertainty/designs/{purpose}")]
    return np.random.Philox(
        key=np.array(key, dtype=np.uint64), counter=np.array([block, column, 0, 0], dtype=np.uint64)
    )


def _inside(words: Words, bits: int = _BITS) -> Array:
    """Words as the middles of 2**bits equal parts of (0, 1), so that neither end is met."""
    return np.asarray(((words >> np.uint64(64 - bits)) + 0.5) * 2.0**-bits)


def _random(draws: int, width: int, seed: int, first: int) -> Array:
    found = np.empty((draws, width))
    block, skipped = divmod(first, 4)
    for column in range(width):
        words = _generator("random", seed, column, block).random_raw(skipped + draws)
        found[:, column] = _inside(words[skipped:])
    return found


def _latin_hypercube(draws: int, width: int, seed: int, first: int) -> Array:
    if first:
        raise ValueError(
            f"A latin hypercube cannot go on from row {first}: its strata depend on the number of "
            "draws. Make one of the size wanted, or use random or sobol, which can be added to."
        )
    found = np.empty((draws, width))
    # Few enough bits that stratum and place within it add up without rounding into the next.
    bits = 50 - draws.bit_length()
    for column in range(width):
        stream = _generator("latin_hypercube", seed, column)
        strata = np.argsort(stream.random_raw(draws), kind="stable")
        found[:, column] = (strata + _inside(stream.random_raw(draws), min(bits, _BITS))) / draws
    return found


def _sobol(draws: int, width: int, seed: int, first: int) -> Array:
    _check_sobol(draws, width, first)
    from scipy.stats import qmc

    scramble = int(_generator("sobol", seed).random_raw())
    sequence = qmc.Sobol(width, scramble=True, bits=_SOBOL_BITS, seed=scramble)
    if first:
        sequence.fast_forward(first)
    return np.asarray(sequence.random(draws) + 2.0 ** -(_SOBOL_BITS + 1))


def _check_sobol(draws: int, width: int, first: int) -> None:
    if draws & (draws - 1):
        raise ValueError(
            f"{draws:,} draws are not a power of two, without which a Sobol design is not even. "
            f"The next is {1 << draws.bit_length():,}."
        )
    if width > MOST_SOBOL_COLUMNS:
        raise ValueError(
            f"A Sobol design has at most {MOST_SOBOL_COLUMNS:,} columns, not {width:,}. "
            "Use latin_hypercube or random."
        )
    if first % draws or first >= MOST_SOBOL_ROWS:
        raise ValueError(
            f"A Sobol design of {draws:,} draws cannot begin at row {first:,}. "
            f"Begin at 0 or at a multiple of {draws:,} below {MOST_SOBOL_ROWS:,}."
        )


_MAKERS: dict[Kind, Callable[[int, int, int, int], Array]] = {
    "random": _random,
    "latin_hypercube": _latin_hypercube,
    "sobol": _sobol,
}
