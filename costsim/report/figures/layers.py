"""Where the boxes of a flow diagram stand: in layers, from the start downwards to the outcomes.

After Sugiyama, Tagawa and Toda (1981): ways back are set aside, each box goes a layer below what
leads to it, a way past a layer keeps a place of its own in it, places are ordered so that few ways
cross, and each is moved towards those it is joined to as far as its neighbours allow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import (
    chain,
    combinations,
    cycle,
    groupby,
    islice,
    pairwise,
    product,
    repeat,
    starmap,
)
from operator import attrgetter
from typing import NamedTuple

from costsim.drawing.grouping import grouped
from costsim.report.figures.journey import Arrow, Journey

MOST_ABREAST = 4
SWEEPS = 6

Link = tuple[str, str]
Rows = list[list[str]]


@dataclass
class Layers:
    """Names of boxes and places by layer, in order, and the ways from one layer to the next.

    `chains` are the places that each arrow (by number) passes; `back` the arrows that lead back.
    """

    rows: Rows
    chains: dict[int, list[str]] = field(default_factory=dict)
    back: list[int] = field(default_factory=list)

    @property
    def row_of(self) -> dict[str, int]:
        """The number of the row in which each box or place is."""
        return {name: number for number, row in enumerate(self.rows) for name in row}

    def links(self) -> list[Link]:
        """What is joined, layer by layer."""
        return list(chain.from_iterable(map(pairwise, self.chains.values())))

    def neighbours(self) -> Mapping[str, list[str]]:
        """What each box and place is joined to, above and below."""
        return grouped(chain.from_iterable((link, link[::-1]) for link in self.links()))

    def lead(self, number: int, arrow: Arrow, between: range) -> None:
        """Lead an arrow through the rows between its boxes, to a place of its own in each."""
        passing = {row: f"{number}/{row}" for row in between}
        for row, name in passing.items():
            self.rows[row].append(name)
        self.chains[number] = [arrow.source, *passing.values(), arrow.target]


def layered(journey: Journey) -> Layers:
    """The boxes of a journey in layers, in a good order."""
    back = _ways_back(journey)
    onward = {n: arrow for n, arrow in enumerate(journey.arrows) if n not in back}
    found = Layers(_rows(_depths(journey, onward.values())), back=back)
    at = found.row_of
    for number, arrow in onward.items():
        found.lead(number, arrow, range(at[arrow.source] + 1, at[arrow.target]))
    found.rows[:] = min(_orders(found), key=partial(_crossings, links=found.links()))
    return found


def _ways_back(journey: Journey) -> list[int]:
    """Arrows to a box on the way to their own: in depth-first order from the start."""
    leaving = grouped((each.source, (n, each.target)) for n, each in enumerate(journey.arrows))
    names = map(attrgetter("name"), journey.boxes)
    return sorted(chain.from_iterable(map(_Walk(leaving).back_from, names)))


@dataclass(frozen=True)
class _Walk:
    """A walk along every arrow, depth first.

    `leaving` are the arrows that leave each box: number and target. `open` has the boxes that have
    been reached, and whether what follows from them is still being walked.
    """

    leaving: Mapping[str, Sequence[tuple[int, str]]]
    open: dict[str, bool] = field(default_factory=dict)

    def back_from(self, name: str) -> Iterator[int]:
        """Ways back among all that has not been reached before a box; it is done then."""
        if name in self.open:
            return
        self.open[name] = True
        for number, target in self.leaving[name]:
            if self.open.get(target):
                yield number
            yield from self.back_from(target)
        self.open[name] = False


def _depths(journey: Journey, onward: Iterable[Arrow]) -> dict[str, int]:
    """The layer of each box: below all that lead to it, and outcomes below all activities."""
    depth = {box.name: 0 for box in journey.boxes}
    for _, arrow in product(journey.boxes, onward):
        depth[arrow.target] = max(depth[arrow.target], depth[arrow.source] + 1)
    lowest = 1 + max(depth[box.name] for box in journey.steps)
    return depth | {box.name: lowest for box in journey.outcomes}


def _rows(depth: Mapping[str, int]) -> Rows:
    """Boxes by layer; a layer of many takes several rows."""
    layers = groupby(sorted(depth, key=depth.__getitem__), depth.__getitem__)
    return [row for _, layer in layers for row in _abreast(list(layer))]


def _abreast(layer: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(layer), MOST_ABREAST):
        yield layer[first : first + MOST_ABREAST]


def _orders(found: Layers) -> Iterator[Rows]:
    """The order that the rows have, and each that a sweep down or up makes of it."""
    neighbours = found.neighbours()
    yield list(map(list, found.rows))
    for rows in islice(cycle((found.rows, found.rows[::-1])), SWEEPS):
        for fixed, row in pairwise(rows):
            _order(row, _places(fixed), neighbours)
        yield list(map(list, found.rows))


def _order(
    row: list[str], at: Mapping[str, float], neighbours: Mapping[str, Sequence[str]]
) -> None:
    """Order a row by the middle of what each is joined to, in a row whose places are known."""
    own = _places(row)
    middles = {name: _middle(neighbours[name], at, own[name]) for name in row}
    row.sort(key=middles.__getitem__)


def _places(row: Sequence[str]) -> dict[str, float]:
    return {name: float(number) for number, name in enumerate(row)}


def _middle(names: Iterable[str], at: Mapping[str, float], otherwise: float) -> float:
    """The mean place of those that have one."""
    places = [at[name] for name in names if name in at]
    return sum(places) / len(places) if places else otherwise


class _Strand(NamedTuple):
    """A way from one row to the next: the upper row, and its places in both."""

    row: int
    above: float
    below: float

    def crosses(self, other: _Strand) -> bool:
        """Whether two ways between the same rows change sides."""
        turned = (self.above - other.above) * (self.below - other.below) < 0
        return turned and self.row == other.row


def _crossings(rows: Rows, links: Sequence[Link]) -> int:
    """How many pairs of ways cross, between all rows."""
    layer, place = Layers(rows).row_of, dict(chain.from_iterable(_places(r).items() for r in rows))
    strands = [_Strand(layer[one], place[one], place[other]) for one, other in links]
    return sum(starmap(_Strand.crosses, combinations(strands, 2)))


Halves = Callable[[str], tuple[float, float]]


def placed(found: Layers, halves: Halves, width: float, gap: float) -> dict[str, float]:
    """The middle of each box and place across a sheet; `halves` is its room left and right."""
    neighbours, across = found.neighbours(), _Across(halves, width, gap)
    at = dict.fromkeys(chain(*found.rows), width / 2)
    sweeps = islice(cycle((found.rows[::-1], found.rows)), 4 * SWEEPS + 1)
    for row in chain.from_iterable(sweeps):
        at |= across.settled(row, [_middle(neighbours[name], at, at[name]) for name in row])
    return at


@dataclass(frozen=True)
class _Across:
    """The room across a sheet: what each needs left and right, the whole, and what is between."""

    halves: Halves
    width: float
    gap: float

    def offsets(self, row: Sequence[str]) -> list[float]:
        """Where each of a row stands if all are as far to the left as they can be."""
        found = [self.halves(row[0])[0]]
        for one, other in pairwise(row):
            found.append(found[-1] + self.halves(one)[1] + self.gap + self.halves(other)[0])
        return found

    def settled(self, row: Sequence[str], wishes: Sequence[float]) -> dict[str, float]:
        """Each as near to its wish as its neighbours and the sheet allow, in least squares.

        With the room between neighbours taken off, this is isotonic regression.
        """
        offsets = self.offsets(row)
        room = max(0.0, self.width - offsets[-1] - self.halves(row[-1])[1])
        rising = _rising(wish - offset for wish, offset in zip(wishes, offsets, strict=True))
        return {
            name: min(max(value, 0.0), room) + offset
            for name, value, offset in zip(row, rising, offsets, strict=True)
        }


class _Pool(NamedTuple):
    """Neighbours that would change places, and the mean of where they would be."""

    value: float
    many: int

    def joined(self, other: _Pool) -> _Pool:
        many = self.many + other.many
        return _Pool((self.value * self.many + other.value * other.many) / many, many)


def _rising(values: Iterable[float]) -> Iterator[float]:
    """The rising values nearest to some, by pooling neighbours (Barlow and others 1972).

    >>> list(_rising([1.0, 4.0, 2.0, 5.0]))
    [1.0, 3.0, 3.0, 5.0]
    """
    pools = [_Pool(-math.inf, 0)]
    for value in values:
        pool = _Pool(value, 1)
        while pools[-1].value > pool.value:
            pool = pool.joined(pools.pop())
        pools.append(pool)
    return chain.from_iterable(starmap(repeat, pools))
