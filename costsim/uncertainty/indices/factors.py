"""What may account for an outcome's spread: inputs one by one, or several that move together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from costsim.scenario.model import nearest
from costsim.words import listed


@dataclass(frozen=True)
class Factors:
    """Names, and for each the columns of the unit cube (from 0) that move together as one factor.

    Raises ValueError unless names differ and every column belongs to exactly one factor.

    >>> Factors(("cost", "time"), ((0, 2), (1,))).width
    3
    """

    names: tuple[str, ...]
    columns: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        _refuse_twice(self.names)
        if len(self.columns) != len(self.names):
            raise ValueError(
                f"{len(self.names)} factors are named, but columns are given for "
                f"{len(self.columns)}; give each factor its columns"
            )
        for name, mine in zip(self.names, self.columns, strict=True):
            if not mine:
                raise ValueError(f"The factor {name} has no columns; give it one or leave it out")
        if sorted(chain(*self.columns)) != list(range(self.width)):
            raise ValueError(
                f"The columns of the factors are {sorted(chain(*self.columns))}; every column from "
                f"0 to {self.width - 1} must belong to exactly one factor"
            )

    @classmethod
    def single(cls, names: Sequence[str]) -> Factors:
        """Every column a factor of its own."""
        return cls(tuple(names), tuple((place,) for place in range(len(names))))

    @classmethod
    def grouped(cls, names: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Factors:
        """Named groups of columns, the others single, in the order in which each first comes.

        Raises ValueError for a group of an unknown column, or of one that is in two groups.

        >>> Factors.grouped(["pay", "hours", "rent"], {"prices": ["pay", "rent"]})
        Factors(names=('prices', 'hours'), columns=((0, 2), (1,)))
        """
        _refuse_twice(names)
        group_of = dict(_memberships(names, groups))
        found: dict[str, list[int]] = {}
        for place, name in enumerate(names):
            found.setdefault(group_of.get(name, name), []).append(place)
        return cls(tuple(found), tuple(map(tuple, found.values())))

    @property
    def width(self) -> int:
        """Columns of the unit cube."""
        return sum(map(len, self.columns))

    @property
    def membership(self) -> NDArray[np.bool_]:
        """Which columns (across) belong to which factor (down)."""
        found = np.zeros((len(self.names), self.width), dtype=np.bool_)
        for place, mine in enumerate(self.columns):
            found[place, list(mine)] = True
        return found


def _refuse_twice(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if list(names).count(name) > 1})
    if twice:
        raise ValueError(f"{listed(twice)}: named more than once; give each its own name")


def _memberships(
    names: Sequence[str], groups: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    """Every column that is in a group, and its group."""
    taken: dict[str, str] = {}
    for group, members in groups.items():
        _check_group(names, group, members)
        for name in members:
            if name in taken:
                raise ValueError(
                    f"{name} is in the groups {taken[name]} and {group}; it can move with one alone"
                )
            taken[name] = group
            yield name, group


def _check_group(names: Sequence[str], group: str, members: Sequence[str]) -> None:
    if not members:
        raise ValueError(f"The group {group} has no members; name some or leave it out")
    if group in set(names) - set(members):
        raise ValueError(f"The group {group} has the name of an input that is not in it")
    for name in members:
        if name not in names:
            close = nearest(name, names)
            raise ValueError(f"The group {group}: no input is called {name}. {close}")
        if list(members).count(name) > 1:
            raise ValueError(f"The group {group} names {name} twice")
