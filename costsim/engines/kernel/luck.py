"""Addressed luck, compiled: Philox 4x64-10 as NumPy ships it, one block of four numbers at a time.

The generator is written out from its paper (Salmon, Moraes, Dror and Shaw 2011, "Parallel random
numbers: as easy as 1, 2, 3"), with NumPy's conventions: the first block has counter 1, and a number
is the upper 53 bits of a word. NumPy's own generator is its oracle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from costsim.caseload import PREFIXES
from costsim.engines.kernel.compiling import compiled, high_product
from costsim.sampling import Array, Ints, Luck, purpose_key

FIRST_MULTIPLIER = np.uint64(0xD2E7470EE14C6C93)
SECOND_MULTIPLIER = np.uint64(0xCA5A826395121157)
FIRST_WEYL = np.uint64(0x9E3779B97F4A7C15)
SECOND_WEYL = np.uint64(0xBB67AE8584CAA73B)
ROUNDS = 10
UNUSED = np.uint64(11)
TO_UNIT = 2.0**-53


@compiled
def block(key: Any, counter: Any, found: Any) -> None:
    """Write the four words of the block at a counter (four numbers) under a key (two)."""
    a, b, c, d = counter
    first, second = key
    for _ in range(ROUNDS):
        high_left, left = high_product(FIRST_MULTIPLIER, a), FIRST_MULTIPLIER * a
        high_right, right = high_product(SECOND_MULTIPLIER, c), SECOND_MULTIPLIER * c
        a, b, c, d = high_right ^ b ^ first, right, high_left ^ d ^ second, left
        first, second = first + FIRST_WEYL, second + SECOND_WEYL
    found[0], found[1], found[2], found[3] = a, b, c, d


@compiled
def unit(word: Any) -> Any:
    """The number in [0, 1) that a word stands for."""
    return (word >> UNUSED) * TO_UNIT


class Where(NamedTuple):
    """Where each case's luck is, visit and purpose apart: a row for each."""

    group: Ints
    replication: Ints
    position: Ints


@compiled
def fill_visits(luck: Any, where: Any, visits: Any, rows: Any, found: Any) -> None:
    """Write the uniform number of each of some visits, by their rows in the table of visits.

    `luck` has the keys of a purpose, the number of the first replication, the draw, and room for a
    block; `where` is by case.
    """
    keys, first, draw, words = luck
    known_block, known_visit = np.int64(-1), np.int64(-1)
    known_replication, known_group = np.int64(-1), np.int64(-1)
    for i in range(len(rows)):
        visit = np.int64(visits[rows[i]]["number"])
        case = visits[rows[i]]["case"]
        at, replication, group = (
            where.position[case] >> 2,
            where.replication[case],
            where.group[case],
        )
        is_known = at == known_block and visit == known_visit
        if not is_known or replication != known_replication or group != known_group:
            known_block, known_visit = at, visit
            known_replication, known_group = replication, group
            counter = (
                np.uint64(at + 1),
                np.uint64(visit),
                np.uint64(first + replication),
                np.uint64(draw),
            )
            block((keys[group, 0], keys[group, 1]), counter, words)
        found[i] = unit(words[where.position[case] & 3])


@compiled
def fill(key: Any, address: Any, where: Any, words: Any, found: Any) -> None:
    """Write the uniform number at each address; `words` is room for a block.

    `address` has the number of the first replication, and the draw; `where` has replications,
    positions and visits.
    """
    first, draw = address
    replications, positions, visits = where
    known_block, known_visit, known_replication = np.int64(-1), np.int64(-1), np.int64(-1)
    for i in range(len(found)):
        at, visit, replication = positions[i] >> 2, visits[i], replications[i]
        if at != known_block or visit != known_visit or replication != known_replication:
            known_block, known_visit, known_replication = at, visit, replication
            counter = (
                np.uint64(at + 1),
                np.uint64(visit),
                np.uint64(first + replication),
                np.uint64(draw),
            )
            block(key, counter, words)
        found[i] = unit(words[positions[i] & 3])


@dataclass(frozen=True)
class CompiledLuck(Luck):
    """The same luck from the compiled generator."""

    def uniforms(self, purpose: str, replication: Ints, position: Ints, visit: Ints) -> Array:
        """Uniform numbers in [0, 1), one for each address; see `Luck`."""
        found = np.empty(len(position))
        where = (replication, position, visit)
        fill(self.key(purpose), (self.first, self.draw), where, np.empty(4, dtype=np.uint64), found)
        return found

    def at(self, purpose: str) -> tuple[NDArray[np.uint64], int, int, NDArray[np.uint64]]:
        """What `fill_visits` needs to know of a purpose."""
        return self.keys(purpose), self.first, self.draw, np.empty(4, dtype=np.uint64)

    def keys(self, purpose: str) -> NDArray[np.uint64]:
        """The generator's keys for a purpose: a row for each group of referrals."""
        return np.array([self.key(prefix + purpose) for prefix in PREFIXES])

    def key(self, purpose: str) -> tuple[np.uint64, np.uint64]:
        """The generator's key for a purpose."""
        return np.uint64(self.seed), np.uint64(purpose_key(self.site, purpose))
