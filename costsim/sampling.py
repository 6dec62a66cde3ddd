"""Luck that is addressed, not consumed: every random number is a pure function of its address.

The address is (seed, draw, site, purpose, visit, replication, referral). Numbers come from Philox
4x64-10 (Salmon et al. 2011), the counter-based generator that NumPy ships: the key is the seed and
a hash of site and purpose; the counter holds visit, replication and draw; the referral's number is
its position in that stream. So an added activity, another order of keys, more referrals or more
workers change no other number, and every pathway meets the same people with the same luck.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from costsim.pathway.plan import Varied
from costsim.scenario.families import Family

Array = NDArray[np.float64]
_TO_UNIT = 2.0**-53


class Luck:
    """The luck of one site in one replication of one draw; remembers what it has handed out.

    >>> first = Luck(seed=1, site="bromley", replication=0).uniforms("need", 3)
    >>> bool((Luck(seed=1, site="bromley", replication=0).uniforms("need", 5)[:3] == first).all())
    True
    """

    def __init__(self, seed: int, site: str, replication: int, draw: int = 0) -> None:
        self._seed = seed
        self._site = site
        self._replication = replication
        self._draw = draw
        self._known: dict[tuple[str, int], Array] = {}

    def uniforms(self, purpose: str, count: int, visit: int = 0) -> Array:
        """Uniform numbers in [0, 1) of the first `count` referrals for a purpose and visit."""
        known = self._known.get((purpose, visit))
        if known is None or len(known) < count:
            known = self._stream(purpose, count, visit)
            self._known[purpose, visit] = known
        return known[:count]

    def _stream(self, purpose: str, count: int, visit: int) -> Array:
        key = [self._seed, purpose_key(self._site, purpose)]
        counter = [0, visit, self._replication, self._draw]
        words = np.random.Philox(
            key=np.array(key, dtype=np.uint64), counter=np.array(counter, dtype=np.uint64)
        ).random_raw(count)
        return np.asarray((words >> np.uint64(11)) * _TO_UNIT)


@lru_cache(maxsize=4096)
def purpose_key(site: str, purpose: str) -> int:
    """The 64-bit hash that stands for a site and a purpose in the generator's key."""
    address = f"{site}\0{purpose}".encode()
    return int.from_bytes(blake2b(address, digest_size=8).digest(), "big")


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
