"""Where the boxes of a flow diagram stand: in layers, from the start downwards to the outcomes.

After Sugiyama, Tagawa and Toda (1981): ways back are set aside, each box goes a layer below what
leads to it, a way past a layer keeps a place of its own in it, places are ordered so that few ways
cross, and each is moved towards those it is joined to as far as its neighbours allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, pairwise

from costsim.report.figures.journey import OUTCOME, Arrow, Journey

MOST_ABREAST = 4
SWEEPS = 6

Link = tuple[str, str]


@dataclass
class Layers:
    """Names of boxes and places by layer, in order, and the ways from one layer to the next.

    `chains` are the places that each arrow (by number) passes; `back` the arrows that lead back.
    """

    rows: list[list[str]]
    chains: dict[int, list[str]] = field(default_factory=dict)
    back: list[int] = field(default_factory=list)

    def links(self) -> list[Link]:
        """What is joined, layer by layer."""
        return [pair for chain in self.chains.values() for pair in pairwise(chain)]


def layered(journey: Journey) -> Layers:
    """The boxes of a journey in layers, in a good order."""
    back = _ways_back(journey)
    onward = [n for n in range(len(journey.arrows)) if n not in back]
    depth = _depths(journey, onward)
    found = Layers(_rows(journey, depth), back=back)
    at = {name: number for number, row in enumerate(found.rows) for name in row}
    for number in onward:
        arrow = journey.arrows[number]
        between = range(at[arrow.source] + 1, at[arrow.target])
        passing = [f"{number}/{row}" for row in between]
        for name, row in zip(passing, between, strict=True):
            found.rows[row].append(name)
        found.chains[number] = [arrow.source, *passing, arrow.target]
    _untangle(found)
    return found


def _ways_back(journey: Journey) -> list[int]:
    """Arrows to a box on the way to their own: in depth-first order from the start."""
    leaving: dict[str, list[int]] = {box.name: [] for box in journey.boxes}
    for number, arrow in enumerate(journey.arrows):
        leaving[arrow.source].append(number)
    back, done = list[int](), set[str]()
    for box in journey.boxes:
        if box.name not in done:
            back += _back_from(box.name, journey.arrows, leaving, done)
    return sorted(back)


def _back_from(
    root: str, arrows: Sequence[Arrow], leaving: Mapping[str, list[int]], done: set[str]
) -> Iterator[int]:
    """Ways back among all that can be reached from a box, each of which is then done."""
    trail = [(root, iter(leaving[root]))]
    while trail:
        number = next(trail[-1][1], None)
        if number is None:
            done.add(trail.pop()[0])
            continue
        target = arrows[number].target
        if target in {name for name, _ in trail}:
            yield number
        elif target not in done:
            trail.append((target, iter(leaving[target])))


def _depths(journey: Journey, onward: Iterable[int]) -> dict[str, int]:
    """The layer of each box: below all that lead to it, and outcomes below all activities."""
    arrows = [journey.arrows[number] for number in onward]
    depth = {box.name: 0 for box in journey.boxes}
    for _ in journey.boxes:
        for arrow in arrows:
            depth[arrow.target] = max(depth[arrow.target], depth[arrow.source] + 1)
    ends = {box.name for box in journey.boxes if box.kind == OUTCOME}
    lowest = 1 + max(number for name, number in depth.items() if name not in ends)
    return depth | dict.fromkeys(ends, lowest)


def _rows(journey: Journey, depth: Mapping[str, int]) -> list[list[str]]:
    """Boxes by layer; a layer of many takes several rows."""
    rows: list[list[str]] = []
    for layer in sorted(set(depth.values())):
        row = [box.name for box in journey.boxes if depth[box.name] == layer]
        rows += [row[n : n + MOST_ABREAST] for n in range(0, len(row), MOST_ABREAST)]
    return rows


def _untangle(found: Layers) -> None:
    """Order each row by the middle of what it is joined to, and keep the best order of all."""
    links = found.links()
    best, fewest = [list(row) for row in found.rows], _crossings(found.rows, links)
    for sweep in range(SWEEPS):
        _sweep(found.rows, links, down=sweep % 2 == 0)
        crossings = _crossings(found.rows, links)
        if crossings < fewest:
            best, fewest = [list(row) for row in found.rows], crossings
    found.rows[:] = best


def _sweep(rows: list[list[str]], links: Sequence[Link], *, down: bool) -> None:
    """Order each row by the one before it: above it on the way down, below it on the way up."""
    onward = rows if down else rows[::-1]
    pairs = links if down else [(other, one) for one, other in links]
    for fixed, row in pairwise(onward):
        places = _places(fixed)
        middle = {name: float(number) for number, name in enumerate(row)}
        for name in row:
            joined = [places[one] for one, other in pairs if other == name and one in places]
            middle[name] = _mean(joined, middle[name])
        row.sort(key=middle.__getitem__)


def _places(row: Sequence[str]) -> dict[str, float]:
    return {name: float(number) for number, name in enumerate(row)}


def _mean(places: Sequence[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


def _crossings(rows: Sequence[Sequence[str]], links: Sequence[Link]) -> int:
    """How many pairs of ways cross, between all rows."""
    place = {name: number for row in rows for number, name in enumerate(row)}
    layer = {name: number for number, row in enumerate(rows) for name in row}
    return sum(
        layer[one[0]] == layer[other[0]]
        and (place[one[0]] - place[other[0]]) * (place[one[1]] - place[other[1]]) < 0
        for one, other in combinations(links, 2)
    )


Halves = Callable[[str], tuple[float, float]]


def placed(found: Layers, halves: Halves, width: float, gap: float) -> dict[str, float]:
    """The middle of each box and place across a sheet; `halves` is its room left and right."""
    neighbours = _neighbours(found)
    at = dict.fromkeys(chain(*found.rows), width / 2)
    for sweep in range(4 * SWEEPS + 1):
        for row in found.rows if sweep % 2 else reversed(found.rows):
            wish = {name: _mean([at[each] for each in neighbours[name]], at[name]) for name in row}
            _settle(row, at, wish, (halves, width, gap))
    return at


def _neighbours(found: Layers) -> dict[str, list[str]]:
    """What each box and place is joined to, above and below."""
    joined: dict[str, list[str]] = {name: [] for name in chain(*found.rows)}
    for one, other in found.links():
        joined[one].append(other)
        joined[other].append(one)
    return joined


def _settle(
    row: Sequence[str],
    at: dict[str, float],
    wish: Mapping[str, float],
    terms: tuple[Halves, float, float],
) -> None:
    """Each as near to its wish as its neighbours and the sheet allow, in least squares.

    With the room between neighbours taken off, this is isotonic regression: neighbours that would
    change places are pooled at their mean (Barlow and others 1972).
    """
    halves, width, gap = terms
    offsets = [halves(row[0])[0]]
    for one, other in pairwise(row):
        offsets.append(offsets[-1] + halves(one)[1] + gap + halves(other)[0])
    room = max(0.0, width - offsets[-1] - halves(row[-1])[1])
    pools: list[tuple[float, int]] = []
    for name, offset in zip(row, offsets, strict=True):
        value, count = wish[name] - offset, 1
        while pools and pools[-1][0] > value:
            before, many = pools.pop()
            value, count = (value * count + before * many) / (count + many), count + many
        pools.append((value, count))
    settled = [min(max(value, 0.0), room) for value, count in pools for _ in range(count)]
    for name, offset, value in zip(row, offsets, settled, strict=True):
        at[name] = value + offset
