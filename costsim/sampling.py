"""Luck that is addressed, not consumed: every random number is a pure function of its address.

The address is (seed, draw, site, purpose, visit, replication, referral). Numbers come from Philox
4x64-10 (Salmon et al. 2011), the counter-based generator that NumPy ships: the key is the seed and
a hash of site and purpose; the counter holds visit, replication and draw; the referral's number is
its position in that stream. So an added activity, another order of keys, more referrals or more
workers change no other number, and every pathway meets the same people with the same luck.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from costsim.pathway.plan import Varied
from costsim.scenario.families import Family, Fixed

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
_TO_UNIT = 2.0**-53


@dataclass(frozen=True)
class Luck:
    """The luck of one site in some replications, which are numbered from `first`.

    >>> luck = Luck(seed=1, site="bromley")
    >>> who = np.arange(3)
    >>> few = luck.uniforms("need", np.zeros(3, dtype=np.int64), who, np.zeros(3, dtype=np.int64))
    >>> bool(((0 <= few) & (few < 1)).all())
    True
    """

    seed: int
    site: str
    first: int = 0
    replications: int = 1
    draw: int = 0

    def of(self, replication: int) -> Luck:
        """That of one replication, numbered from 0 within these."""
        return replace(self, first=self.first + replication, replications=1)

    def uniforms(self, purpose: str, replication: Ints, position: Ints, visit: Ints) -> Array:
        """Uniform numbers in [0, 1), one for each address.

        An address is a replication (from 0 within these), a referral's position, and a visit.
        """
        found = np.empty(len(position))
        for where, begin, end in _runs(replication, visit):
            stream = self._stream(purpose, where, int(position[begin:end].max()) + 1)
            found[begin:end] = stream[position[begin:end]]
        return found

    def _stream(self, purpose: str, where: tuple[int, int], count: int) -> Array:
        replication, visit = where
        key = [self.seed, purpose_key(self.site, purpose)]
        counter = [0, visit, self.first + replication, self.draw]
        words = np.random.Philox(
            key=np.array(key, dtype=np.uint64), counter=np.array(counter, dtype=np.uint64)
        ).random_raw(count)
        return np.asarray((words >> np.uint64(11)) * _TO_UNIT)


def _runs(replication: Ints, visit: Ints) -> Iterator[tuple[tuple[int, int], int, int]]:
    """Stretches of addresses that share a replication and a visit, and so a stream."""
    if not len(visit):
        return
    changes = np.flatnonzero((np.diff(replication) != 0) | (np.diff(visit) != 0)) + 1
    ends = [0, *changes.tolist(), len(visit)]
    for begin, end in pairwise(ends):
        yield (int(replication[begin]), int(visit[begin])), begin, end


@lru_cache(maxsize=4096)
def purpose_key(site: str, purpose: str) -> int:
    """The 64-bit hash that stands for a site and a purpose in the generator's key."""
    address = f"{site}\0{purpose}".encode()
    return int.from_bytes(blake2b(address, digest_size=8).digest(), "big")


def is_settled(varied: Varied[Family]) -> bool:
    """Whether no luck is needed, because what every referral gets is fixed."""
    return all(isinstance(option, Fixed) for option in varied.options)


def values(varied: Varied[Family], u: Array, levels: NDArray[np.int64]) -> Array:
    """The quantile of each referral's uniform, by the distribution that its attributes call for.

    `levels` has a row for each referral and a column for each attribute.
    """
    if varied.attribute is None:
        return varied.options[0].quantile(u)
    found = np.empty_like(u)
    column = levels[:, varied.attribute]
    for level, family in enumerate(varied.options):
        mine = column == level
        found[mine] = family.quantile(u[mine])
    return found
