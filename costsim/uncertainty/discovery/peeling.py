"""The patient rule induction method (PRIM) of Friedman & Fisher (1999): how a box is sought.

From the whole of the draws a thin slice is peeled off at a time, wherever that makes failures
densest in what is left (per draw removed, after Kwakkel & Jaxa-Rozen 2016, so that inputs of few
values are judged fairly). Of the boxes met on the way the one is kept under which the failures are
likeliest, if they have one rate inside and another outside. Slices are then pasted on again where
that makes them likelier still, and limits that could as well be chance are dropped, by the quasi
p-value of Bryant & Lempert (2010).

The published method leaves the choice along the way to the analyst's eye. The likelihood is a rule
in its place: it needs no weighing of density against coverage, it asks more of a small box than of
a large one, and it works alike where few draws fail and where most do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from costsim.uncertainty.discovery.box import Array, Box, Draws, Flags

CHANCE = 0.05
"""A limit whose quasi p-value is above this is dropped."""


@dataclass(frozen=True)
class Search:
    """How a box is sought: in which inputs, in slices of which share, to what least mass."""

    columns: tuple[int, ...]
    peel: float
    least_mass: float

    def number(self, held: int) -> int:
        """Draws in a slice of so many."""
        return max(1, math.ceil(self.peel * held - 1e-9))


@dataclass(frozen=True, eq=False)
class Path:
    """The boxes met while peeling, from the whole on; which was kept; what came of it."""

    boxes: tuple[Box, ...]
    kept: int
    box: Box


def sought(draws: Draws, search: Search) -> Path:
    """Peel, paste and drop limits; and once more without the inputs dropped, until none is.

    A limit on an input that does nothing shuts out draws for which those on others make up.
    """
    while True:
        boxes = peeled(draws, search)
        kept = chosen(draws, boxes)
        box = pruned(draws, pasted(draws, boxes[kept], search))
        restricted = tuple(box.restricted)
        if restricted in {(), search.columns}:
            return Path(tuple(boxes), kept, box)
        search = replace(search, columns=restricted)


def peeled(draws: Draws, search: Search) -> list[Box]:
    """Boxes from the whole down to the last that is not smaller than the least."""
    found = [Box.everything(draws.inputs.shape[1])]
    while slices := _slices(draws, found[-1], search):
        found.append(max(slices, key=_gain_of).rest)
    return found


def chosen(draws: Draws, boxes: list[Box]) -> int:
    """Which of the boxes has the most evidence: the first, and so the largest, of equals."""
    found = [draws.count(box).evidence for box in boxes]
    return found.index(max(found))


def pasted(draws: Draws, box: Box, search: Search) -> Box:
    """The box with slices added, each the best, until none adds to the evidence."""
    while grown := list(_grown(draws, box, search)):
        best = grown[chosen(draws, grown)]
        if draws.count(best).evidence <= draws.count(box).evidence:
            break
        box = best
    return box


def pruned(draws: Draws, box: Box) -> Box:
    """The box without limits that could be chance, of which the likeliest goes first."""
    while freed := [(quasi_p(draws, box, each), each) for each in box.freed()]:
        likeliest = max(p for p, _ in freed)
        if likeliest <= CHANCE:
            break
        box = next(each for p, each in freed if p == likeliest)
    return box


def quasi_p(draws: Draws, box: Box, freed: Box) -> float:
    """How likely so many failures are in the box if the limits did nothing that `freed` lacks.

    The probability that of as many draws as the box holds at least as many fail as do, if each
    fails with the density of the freed box (Bryant & Lempert 2010, appendix A). It is `quasi`
    because the limits were sought in the same draws, which makes it too small.
    """
    from scipy.special import betainc

    inside = draws.count(box)
    if not inside.failing:
        return 1.0
    passing = inside.held - inside.failing
    return float(betainc(inside.failing, passing + 1, draws.count(freed).density))


@dataclass(frozen=True, eq=False)
class _Slice:
    """What is left when a slice is peeled off, and how much denser it is per draw removed."""

    rest: Box
    gain: float


def _gain_of(each: _Slice) -> float:
    return each.gain


def _slices(draws: Draws, box: Box, search: Search) -> list[_Slice]:
    """Slices that can be peeled off, unless all that is left fails."""
    held = box.holds(draws.inputs)
    inside = draws.among(np.flatnonzero(held))
    if inside.failing.all():
        return []
    least = search.least_mass * len(held)
    sides = (_lower_slices(inside, search), _upper_slices(inside, search))
    return [
        _Slice(box.limited(column, **{side: limit}), _gain(inside.failing, kept))
        for side, slices in zip(("low", "high"), sides, strict=True)
        for column, limit, kept in slices
        if kept.sum() >= least
    ]


def _gain(failing: Flags, kept: Flags) -> float:
    left = float(failing[kept].mean())
    return (left - float(failing.mean())) / float(len(kept) - kept.sum())


_Peel = tuple[int, float, Flags]
"""A column, its new limit, and which draws are kept."""


def _lower_slices(inside: Draws, search: Search) -> Iterator[_Peel]:
    """The lowest draws of each input: so large a share, or all that are equal to the lowest."""
    number = search.number(len(inside.failing))
    for column in search.columns:
        values = inside.inputs[:, column]
        reached = np.partition(values, number)[number] if number < len(values) else values.max()
        kept = values >= reached
        if kept.all():
            kept = values > reached
        if kept.any() and not kept.all():
            yield column, _between(values[~kept].max(), values[kept].min()), kept


def _upper_slices(inside: Draws, search: Search) -> Iterator[_Peel]:
    """The highest draws of each input, as the lowest of its mirror image."""
    mirrored = Draws(-inside.inputs, inside.failing)
    return ((column, -limit, kept) for column, limit, kept in _lower_slices(mirrored, search))


def _between(outside: float, inside: float) -> float:
    """A limit half-way between a value outside and one inside, which it never shuts out.

    >>> _between(1.0, 2.0), _between(1.0, 1.0 + 2**-52) > 1.0
    (1.5, True)
    """
    middle = outside / 2 + inside / 2
    return float(inside if middle == outside else middle)


def _grown(draws: Draws, box: Box, search: Search) -> Iterator[Box]:
    """The box with each of its limits moved outwards by a slice, or done away with."""
    number = search.number(draws.count(box).held)
    for column in box.restricted:
        values = draws.inputs[box.without(column).holds(draws.inputs), column]
        low, high = float(box.low[column]), float(box.high[column])
        if np.isfinite(low):
            yield box.limited(column, low=_next_below(values[values <= high], low, number))
        if np.isfinite(high):
            above = _next_below(-values[values >= low], -high, number)
            yield box.limited(column, high=-above)


def _next_below(values: Array, limit: float, number: int) -> float:
    """A limit below which so many fewer values lie, with all that are equal; or none at all."""
    outside = np.sort(values[values < limit])[::-1]
    beyond = outside[outside < outside[number - 1]] if number <= len(outside) else outside[:0]
    return _between(beyond[0], outside[outside > beyond[0]][-1]) if len(beyond) else -math.inf
