"""Inputs that move together: rank correlations between uncertain inputs, put into a design.

An analyst says how two inputs move together by Spearman's rank correlation, which does not depend
on the units or the shapes of their distributions. A design whose columns are independent is made
to have those rank correlations by way of normal scores (a Gaussian copula), without any column's
distribution being changed. Correlations that contradict each other are moved to the nearest ones
that can hold together, and it is said which and by how much.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from costsim.uncertainty.designs import Kind, check_kind
from costsim.words import listed

Array = NDArray[np.float64]
Pair = tuple[str, str, float]
Repair = tuple[str, str, float, float]

LEAST_EIGENVALUE = 1e-8
NOTABLE = 0.005
"""How far a rank correlation moves before it is said."""
_ROUNDS = 10_000
_SETTLED = 1e-12


@dataclass(frozen=True)
class Correlations:
    """Spearman's rank correlation, from -1 to 1, of some pairs among named inputs; of others 0.

    Neither the order of names or pairs, nor which of a pair comes first, changes anything.

    Raises ValueError for names that are not distinct, and for a pair of unknown names, of one name
    with itself, given twice, or with anything but a number from -1 to 1.

    >>> few = Correlations(("wage", "hours", "take_up"), [("wage", "hours", 0.5)])
    >>> few.matrix.round(4).tolist()
    [[1.0, 0.5176, 0.0], [0.5176, 1.0, 0.0], [0.0, 0.0, 1.0]]
    >>> few.summary()
    'Inputs that move together (rank correlation): wage and hours 0.50.'
    """

    names: Sequence[str]
    pairs: Sequence[Pair]

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(self.names))
        object.__setattr__(self, "pairs", tuple((a, b, rank) for a, b, rank in self.pairs))
        _check_names(self.names)
        for number, pair in enumerate(self.pairs, start=1):
            _check_pair(number, pair, self.names)
        _check_once(self.pairs)

    @cached_property
    def matrix(self) -> Array:
        """Pearson's correlations of the normal scores, in the order of names; positive definite.

        The normal scores of a pair have the correlation 2 sin(pi r / 6) where the pair's rank
        correlation is r (Pearson 1907; Kruskal 1958). Where that is not positive definite this is
        the nearest correlation matrix (see `nearest_correlation`).
        """
        found = self._asked.copy()
        for group in self._groups:
            place = np.ix_(group, group)
            found[place] = _definite(found[place])
        return found

    @property
    def repaired(self) -> bool:
        """Whether what was asked cannot hold together, be it by ever so little."""
        return bool((self.matrix != self._asked).any())

    def repairs(self) -> list[Repair]:
        """Pairs whose rank correlation moved by more than 0.005: names, asked and got."""
        return [
            (self.names[a], self.names[b], asked, got)
            for a, b in combinations(range(len(self.names)), 2)
            for asked, got in [(_rank(self._asked[a, b]), _rank(self.matrix[a, b]))]
            if abs(asked - got) > NOTABLE
        ]

    def summary(self) -> str:
        """What moves together, and what was asked but cannot be, in a paragraph."""
        kept = [pair for pair in self.pairs if pair[2]]
        if not kept:
            return "No inputs move together: each is drawn without regard to the others."
        pairs = (f"{_named(a, b)} {rank:.2f}" for a, b, rank in kept)
        return " ".join(
            [
                f"Inputs that move together (rank correlation): {listed(pairs)}.",
                *_repairs_in_words(self.repairs()),
            ]
        )

    @cached_property
    def _asked(self) -> Array:
        """What the normal scores would need, whether or not it can hold together."""
        found = np.eye(len(self.names))
        for a, b, rank in self.pairs:
            place = self.names.index(a), self.names.index(b)
            found[place] = found[place[::-1]] = _normal(rank)
        return found

    @cached_property
    def _groups(self) -> list[list[int]]:
        """Places of names that move together, directly or by way of others, each by name."""
        return [
            sorted(map(self.names.index, group), key=self.names.__getitem__)
            for group in _joined([(a, b) for a, b, rank in self.pairs if rank])
        ]


def correlated(cube: Array, correlations: Correlations, kind: Kind = "random") -> Array:
    """A design (draws, inputs) whose columns have the rank correlations, and the margins they had.

    A column for each of the names, in their order; every cell is strictly between 0 and 1, and so
    is every cell of what is returned. Columns that move with no other stay as they are, to the
    byte; and so does, of the columns that move together, the one whose name comes first in the
    alphabet, on which the others are made to depend.

    `random` and `sobol`: the columns' normal scores are mixed by the Cholesky factor of the matrix
    and made uniform again. The draws are new ones, uniform as before; a Sobol design loses some of
    its evenness, in one dimension too. `latin_hypercube`: each column's own numbers are put into
    the order of those draws (after Iman & Conover 1982), so that it still has one draw in each of
    its strata. The sample's rank correlation differs from what was asked by the luck of the draw.

    Raises ValueError for a design of another width or kind, or with a cell not inside (0, 1).

    >>> few = Correlations(("a", "b", "c"), [("c", "b", -0.7)])
    >>> design = np.array([[0.1, 0.2, 0.7], [0.6, 0.9, 0.3], [0.4, 0.5, 0.5]])
    >>> correlated(design, few).round(2).tolist()
    [[0.1, 0.2, 0.83], [0.6, 0.9, 0.1], [0.4, 0.5, 0.5]]
    """
    check_kind(kind)
    _check_cube(cube, correlations.names)
    found = cube.copy()
    for group in correlations._groups:
        factor = np.asarray(np.linalg.cholesky(correlations.matrix[np.ix_(group, group)]), float)
        for column, mixed in _mixtures(cube[:, group], factor):
            own = cube[:, group[column]]
            found[:, group[column]] = _reordered(own, mixed) if kind == "latin_hypercube" else mixed
    return found


def nearest_correlation(matrix: Array, least: float = LEAST_EIGENVALUE) -> Array:
    """The nearest correlation matrix whose eigenvalues are at least `least` (Frobenius norm).

    By alternating projections with Dykstra's correction (Higham 2002, algorithm 3.3) between
    matrices with such eigenvalues and matrices with a diagonal of ones. What little it may still
    lack of `least` when it has settled is made up by moving it towards the identity matrix.

    >>> near = nearest_correlation(np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]]))
    >>> near.round(4).tolist()
    [[1.0, 0.7607, 0.1573], [0.7607, 1.0, 0.7607], [0.1573, 0.7607, 1.0]]
    """
    found, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(_ROUNDS):
        before = found
        raised = _raised(found - correction, least)
        correction = raised - (found - correction)
        found = _with_ones(raised)
        if np.abs(found - before).max() < _SETTLED:
            break
    lacking = least - float(np.linalg.eigvalsh(found)[0])
    share = max(lacking, 0.0) / (1.0 - least + max(lacking, 0.0))
    return _with_ones(found * (1.0 - share))


def _raised(matrix: Array, least: float) -> Array:
    """The nearest symmetric matrix whose eigenvalues are at least `least`."""
    values, vectors = np.linalg.eigh(matrix)
    found = (vectors * np.maximum(values, least)) @ vectors.T
    return np.asarray((found + found.T) / 2)


def _with_ones(matrix: Array) -> Array:
    found = matrix.copy()
    np.fill_diagonal(found, 1.0)
    return found


def _definite(matrix: Array) -> Array:
    enough = float(np.linalg.eigvalsh(matrix)[0]) >= LEAST_EIGENVALUE
    return matrix if enough else nearest_correlation(matrix)


def _normal(rank: float) -> float:
    """The correlation of normal scores whose rank correlation is given."""
    return 2.0 * math.sin(math.pi * rank / 6.0)


def _rank(normal: float) -> float:
    """The rank correlation of normal scores whose correlation is given."""
    return 6.0 / math.pi * math.asin(normal / 2.0)


def _mixtures(cube: Array, factor: Array) -> Iterator[tuple[int, Array]]:
    """Columns that depend on others, as uniform numbers, each with its place."""
    from scipy.special import ndtr, ndtri

    scores = ndtri(cube)
    for column in range(1, len(factor)):
        # Summed term by term: a matrix product's last bits may change with the number of threads.
        mixed = np.zeros(len(cube))
        for other in range(column + 1):
            mixed += factor[column, other] * scores[:, other]
        yield column, np.clip(ndtr(mixed), 2.0**-53, 1.0 - 2.0**-53)


def _reordered(own: Array, mixed: Array) -> Array:
    """A column's own numbers in the order of another's."""
    found = np.empty_like(own)
    found[np.argsort(mixed, kind="stable")] = np.sort(own)
    return found


def _joined(pairs: Sequence[tuple[str, str]]) -> list[set[str]]:
    """Names in groups that pairs join."""
    groups: list[set[str]] = []
    for pair in pairs:
        touched = [group for group in groups if not group.isdisjoint(pair)]
        groups = [group for group in groups if group.isdisjoint(pair)]
        groups.append(set(pair).union(*touched))
    return groups


def _named(a: str, b: str) -> str:
    return f"{a} and {b}"


def _repairs_in_words(repairs: list[Repair]) -> Iterator[str]:
    if not repairs:
        return
    moved = (f"{_named(a, b)} {got:.2f} instead of {asked:.2f}" for a, b, asked, got in repairs)
    yield (
        "They contradict each other: no inputs can move together in all these ways at once. The "
        f"nearest that can were used: {listed(moved)}. Look again at the evidence for these pairs."
    )


def _check_names(names: Sequence[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValueError(f"The input {twice[0]!r} is named twice. Name each input once.")


def _check_pair(number: int, pair: Pair, names: Sequence[str]) -> None:
    a, b, rank = pair
    for name in (a, b):
        if name not in names:
            near = get_close_matches(name, names, n=1) or names[:1]
            raise ValueError(
                f"Correlation {number} names {name!r}, which is not an uncertain input"
                + "".join(f". Did you mean {each!r}?" for each in near)
            )
    if a == b:
        raise ValueError(
            f"Correlation {number} is of {a!r} with itself. Name two different inputs."
        )
    if not -1.0 <= rank <= 1.0:
        raise ValueError(
            f"Correlation {number}, of {a!r} and {b!r}, is {rank!r}. "
            "A rank correlation is a number from -1 to 1."
        )


def _check_once(pairs: Sequence[Pair]) -> None:
    counted = Counter(frozenset(pair[:2]) for pair in pairs)
    twice = [sorted(pair) for pair, count in counted.items() if count > 1]
    if twice:
        a, b = twice[0]
        raise ValueError(f"The correlation of {a!r} and {b!r} is given twice. Give it once.")


def _check_cube(cube: Array, names: Sequence[str]) -> None:
    if cube.ndim != 2 or cube.shape[1] != len(names):
        raise ValueError(
            f"The design has the shape {cube.shape}. It needs a row for each draw and a column for "
            f"each of {len(names)} inputs."
        )
    wrong = np.argwhere(~((cube > 0.0) & (cube < 1.0)))
    if len(wrong):
        row, column = wrong[np.lexsort(wrong.T)[0]].tolist()
        raise ValueError(
            f"Row {row + 1:,} of {names[column]!r} is {cube[row, column]}. "
            "A design has numbers strictly between 0 and 1, such as `cube` makes."
        )
