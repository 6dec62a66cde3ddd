"""Indices by polynomial chaos: the outcome as a sum of polynomials of the inputs.

Legendre polynomials are orthogonal on the unit cube, so the square of each one's coefficient is its
part of the variance (Sudret 2008, Reliability Engineering and System Safety 93, 964-979). Least
squares over draws that exist already; each square is freed of the error of its coefficient; the
degree is the one that foretells a draw best that is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations_with_replacement
from math import comb

import numpy as np
from numpy.typing import NDArray

from costsim.uncertainty.indices.arrays import (
    Z95,
    Array,
    check_noise,
    column,
    columns,
    is_constant,
    luck,
)
from costsim.uncertainty.indices.found import ONLY_CHANCE, SAME, Indices
from costsim.uncertainty.indices.measures import Measure
from costsim.words import percentage

HIGHEST = 10
DRAWS_A_TERM = 3
MOST_WORK = 2e10
"""Draws times squared terms: about a second's work."""
COEFFICIENT_DRAWS = 400
TOO_FAR = 6.0
"""Standard errors from what independent uniform numbers have that are no accident."""


def chaos_indices(
    cube: object,
    outcome: object,
    noise_variance: float = 0.0,
    *,
    names: Sequence[str],
    seed: int = 0,
) -> Indices:
    """S1 and ST of inputs that are uniform on the unit cube and independent, with 95 % intervals.

    `cube` (n, d) are the draws as quantiles of each input, `outcome` (n,); `noise_variance` is the
    variance of an outcome by the luck of its run, where known: it is taken out of the whole. What
    the polynomial misses belongs to no input, so that what is not smooth is understated: the notes
    say how much of the variance of draws left out it foretells. Raises ValueError for draws that
    are not uniform or not independent, or fewer than three for each input and one.

    >>> u = luck(1, "example").random((300, 2))
    >>> found = chaos_indices(u, (8 + 8 * u[:, 0]) * (30 + 20 * u[:, 1]), names=["hours", "wage"])
    >>> [round(share, 2) for share in found.first.values]
    [0.63, 0.36]
    """
    table, values = columns("inputs", cube, names), column("outcome", outcome)
    check_noise(noise_variance)
    _check(table, values, names)
    bare = Indices("chaos", tuple(names), len(values), len(values))
    if is_constant(values):
        return replace(bare, notes=(SAME,))
    fit = _best(table, values)
    if _drowned(fit, noise_variance, seed):
        return replace(bare, notes=(ONLY_CHANCE,))
    notes = tuple(_notes(fit, noise_variance))
    return replace(bare, measures=_measures(fit, noise_variance, seed), notes=notes)


def _check(table: Array, values: Array, names: Sequence[str]) -> None:
    count = len(table)
    if count != len(values):
        raise ValueError(
            f"There are {count:,} draws of inputs and {len(values):,} outcomes; give one outcome "
            "for each draw"
        )
    least = DRAWS_A_TERM * (len(names) + 1)
    if count < least:
        raise ValueError(f"{count} draws of {len(names)} inputs are too few; give at least {least}")
    for name, mine in zip(names, table.T, strict=True):
        _check_uniform(name, mine)
    _check_independent(table, names)


def _check_uniform(name: str, values: Array) -> None:
    outside = np.flatnonzero((values < 0) | (values > 1))
    if len(outside):
        row = int(outside[0])
        raise ValueError(
            f"inputs, {name}, row {row + 1}: {values[row]} is not within 0 and 1; give each input "
            "as the quantile of its distribution"
        )
    error = np.sqrt(1 / 12 / len(values))
    if abs(values.mean() - 0.5) > TOO_FAR * error or values.std() < 0.1:
        raise ValueError(
            f"inputs, {name}: the draws are not uniform between 0 and 1; give each input as the "
            "quantile of its distribution"
        )


def _check_independent(table: Array, names: Sequence[str]) -> None:
    """Raise ValueError where two inputs move together."""
    if len(names) < 2:
        return
    strength = np.abs(np.triu(np.corrcoef(table.T), 1))
    one, other = divmod(int(strength.argmax()), len(names))
    if strength[one, other] > TOO_FAR / np.sqrt(len(table)):
        raise ValueError(
            f"inputs, {names[one]} and {names[other]}: their draws go together (correlation "
            f"{strength[one, other]:.2f}); shares of the variance are for independent inputs: draw "
            "them independently, or make them one group"
        )


@dataclass(frozen=True)
class _Fit:
    """The polynomial of one degree: powers (terms, inputs), coefficients and their errors."""

    degree: int
    powers: NDArray[np.int64]
    coefficients: Array
    roots: Array
    residual_variance: float
    residual_error: float
    foretold: float

    @cached_property
    def errors(self) -> Array:
        """The variance of each coefficient's error."""
        return np.asarray(self.residual_variance * (self.roots**2).sum(axis=1))

    @cached_property
    def parts(self) -> Array:
        """The part of the variance of each term."""
        return self.coefficients**2 - self.errors

    def whole(self, noise: float) -> float:
        """The variance of the expected outcome: of all terms, and of what they miss of it.

        What is missed may come out below nothing by chance; cut off there, it would be too much on
        average, and every share too small.
        """
        return float(self.parts[1:].sum()) + self.residual_variance - noise

    @property
    def single(self) -> NDArray[np.bool_]:
        """Which terms (across) are of an input alone (down)."""
        return np.asarray(self.involved & ((self.powers > 0).sum(axis=1) == 1))

    @property
    def involved(self) -> NDArray[np.bool_]:
        """Which terms (across) involve an input (down)."""
        return np.asarray(self.powers.T > 0)

    def redrawn(self, noise: float, seed: int) -> tuple[Array, Array]:
        """Parts (draws, terms) and wholes (draws,) that the same draws leave plausible."""
        spread = np.sqrt(self.residual_variance) * self.roots
        generator = luck(seed, "chaos")
        normal = generator.standard_normal((COEFFICIENT_DRAWS, len(spread)))
        parts = (self.coefficients + normal @ spread.T) ** 2 - 2 * self.errors
        missed = self.residual_error * generator.standard_normal(COEFFICIENT_DRAWS)
        change = parts[:, 1:].sum(axis=1) - self.parts[1:].sum()
        return np.asarray(parts), np.asarray(self.whole(noise) + change + missed)


def _best(table: Array, outcome: Array) -> _Fit:
    """The fit of the degree that foretells left-out draws best."""
    powers = np.array(list(_powers(table.shape[1], _highest(*table.shape))), dtype=np.int64)
    q, r = np.linalg.qr(_terms(table, powers))
    fits = (
        _fit(q, r, powers[: len(q.T)], outcome, degree) for degree in range(1, _top(powers) + 1)
    )
    return max(fits, key=lambda fit: fit.foretold)


def _top(powers: NDArray[np.int64]) -> int:
    return int(powers.sum(axis=1).max())


def _highest(count: int, width: int) -> int:
    """The highest degree that so many draws allow, 1 at least."""
    found = 1
    for degree in range(2, HIGHEST + 1):
        terms = comb(width + degree, degree)
        if terms * DRAWS_A_TERM <= count and count * terms**2 <= MOST_WORK:
            found = degree
    return found


def _powers(width: int, highest: int) -> Iterator[list[int]]:
    """Powers of each term's inputs, by rising total degree, the constant first."""
    for degree in range(highest + 1):
        for chosen in combinations_with_replacement(range(width), degree):
            yield np.bincount(np.array(chosen, dtype=np.int64), minlength=width).tolist()


def _terms(table: Array, powers: NDArray[np.int64]) -> Array:
    """Each term at each draw; of mean square 1 over the cube."""
    highest = _top(powers)
    scaled = np.polynomial.legendre.legvander(2 * table - 1, highest)
    scaled *= np.sqrt(2 * np.arange(highest + 1) + 1)
    found = np.ones((len(table), len(powers)))
    for place in range(table.shape[1]):
        found *= scaled[:, place, powers[:, place]]
    return found


def _fit(q: Array, r: Array, powers: NDArray[np.int64], outcome: Array, degree: int) -> _Fit:
    """Least squares by the first columns of a decomposition, which are those up to a degree."""
    kept = int((powers.sum(axis=1) <= degree).sum())
    q, roots = q[:, :kept], np.linalg.inv(r[:kept, :kept])
    turned = np.einsum("ij,i->j", q, outcome)
    residual = outcome - np.einsum("ij,j->i", q, turned)
    left = len(outcome) - kept
    left_out = residual / (1 - np.minimum((q**2).sum(axis=1), 0.999999))
    return _Fit(
        degree=degree,
        powers=powers[:kept],
        coefficients=np.einsum("ij,j->i", roots, turned),
        roots=np.asarray(roots, dtype=np.float64),
        residual_variance=float((residual**2).sum()) / left,
        residual_error=float((residual**2).std()) * np.sqrt(len(outcome)) / left,
        foretold=1 - float((left_out**2).mean() / outcome.var()),
    )


def _drowned(fit: _Fit, noise: float, seed: int) -> bool:
    """Whether the variance of the expected outcome is no larger than chance may make it."""
    if not noise:
        return False
    _, wholes = fit.redrawn(noise, seed)
    return fit.whole(noise) <= 2 * float(wholes.std(ddof=1))


def _measures(fit: _Fit, noise: float, seed: int) -> tuple[Measure, ...]:
    """S1 and ST with their intervals."""
    whole = fit.whole(noise)
    drawn, wholes = fit.redrawn(noise, seed)
    kept = wholes > 0.1 * whole

    def measure(code: str, terms: NDArray[np.bool_]) -> Measure:
        values = np.array([fit.parts[mine].sum() for mine in terms]) / whole
        spread = [(drawn[:, mine].sum(axis=1) / wholes)[kept].std(ddof=1) for mine in terms]
        return Measure.of(code, values.round(10), Z95 * np.array(spread))

    return measure("S1", fit.single), measure("ST", fit.involved)


def _notes(fit: _Fit, noise: float) -> Iterator[str]:
    total = f"a polynomial of degree {fit.degree} ({len(fit.powers):,} terms)"
    yield (
        f"The indices are those of {total}; it foretells {percentage(max(fit.foretold, 0.0))} of "
        "the variance of draws that were left out of it."
    )
    if fit.foretold < 0.9 and not noise:
        yield "The rest is chance, or what is not smooth; it belongs to no input here."
