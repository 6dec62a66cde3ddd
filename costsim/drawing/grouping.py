"""Things put together by what they belong to: sites by target, arrows by the box they leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def grouped(pairs: Iterable[tuple[K, V]]) -> defaultdict[K, list[V]]:
    """Values by their keys, both in the order in which they come; nothing for any other key.

    >>> found = grouped([("a", 1), ("b", 2), ("a", 3)])
    >>> found["a"], found["c"]
    ([1, 3], [])
    """
    found = defaultdict[K, list[V]](list)
    for key, value in pairs:
        found[key].append(value)
    return found
