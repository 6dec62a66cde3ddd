"""What an existing sample of draws says about its inputs: a table, plain words and bars."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from costsim.drawing.figure import Figure
from costsim.uncertainty.indices.bars import Chart, Wording, share
from costsim.uncertainty.indices.measures import Measure, frame
from costsim.words import listed

if TYPE_CHECKING:
    from pandas import DataFrame

TOLD = 5
ONLY_CHANCE = (
    "The variance of the outcome is no larger than chance alone makes it: what is due to the "
    "inputs cannot be told from chance, and no indices are given."
)
SAME = "The outcome is the same in all draws that were used: there is no spread to account for."


def gap(value: float) -> str:
    """A distance between 0 and 1.

    >>> gap(0.12345), gap(-0.0001)
    ('0.123', '0.000')
    """
    return f"{round(value, 3) + 0.0:.3f}"


@dataclass(frozen=True)
class Method:
    """A way to read indices off draws: its name in words, what it measures, and how that reads."""

    title: str
    measures: str
    called: tuple[str, ...]
    show: Callable[[float], str] = share


METHODS = {
    "rbd_fast": Method(
        "RBD-FAST",
        "the share of the variance of the outcome that would go if the input alone became known "
        "(its first-order index, S1)",
        ("S1: the input alone",),
    ),
    "main_effects": Method(
        "a smooth curve for each input",
        "the share of the variance of the outcome that would go if the input alone became known "
        "(its first-order index, S1)",
        ("S1: the input alone",),
    ),
    "chaos": Method(
        "polynomial chaos",
        "the share of the variance of the outcome that is due to the input, with its interactions "
        "with other inputs (its total index, ST)",
        ("S1: the input alone", "ST: with its interactions"),
    ),
    "pawn": Method(
        "PAWN",
        "how far the whole distribution of the outcome moves when the input is known, from 0 (not "
        "at all) to 1 (PAWN: the largest gap between cumulative shares, the median of ten slices)",
        ("PAWN: median gap",),
        gap,
    ),
    "delta": Method(
        "delta",
        "how far the whole distribution of the outcome moves when the input is known, from 0 (not "
        "at all) to 1 (delta: half of the area between the densities)",
        ("delta: area between densities",),
        gap,
    ),
}


@dataclass(frozen=True)
class Indices:
    """Indices of one method (a name of METHODS) for named inputs, from `rows` of `draws` draws.

    `measures` is empty where there is nothing to account for. `floor` is what an input without any
    effect may reach by chance, where that is not 0. `notes` are sentences for the reader.
    """

    method: str
    names: tuple[str, ...]
    draws: int
    rows: int
    measures: tuple[Measure, ...] = ()
    floor: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def first(self) -> Measure | None:
        """S1, where the method gives it."""
        return self.measure("S1")

    @property
    def total(self) -> Measure | None:
        """ST, where the method gives it."""
        return self.measure("ST")

    def measure(self, code: str) -> Measure | None:
        """The measure of a code: S1, ST, PAWN or delta."""
        return next((each for each in self.measures if each.code == code), None)

    def to_frame(self) -> DataFrame:
        """One row an input: the method, each measure, and the ends of its interval."""
        columns: dict[str, Sequence[object]] = {
            "name": self.names,
            "method": [self.method] * len(self.names),
        }
        for measure in self.measures:
            columns |= measure.columns()
        return frame(columns)

    def summary(self) -> str:
        """What the indices say, in plain words."""
        return " ".join(_summary(self))

    def plot(self) -> Figure:
        """Bars of each measure, the last one's largest first."""
        method = METHODS[self.method]
        floor = None if self.floor is None else ("an input without effect", self.floor)
        wording = Wording(
            name=f"indices-{self.method.replace('_', '-')}",
            title=_finding(self),
            subtitle="; ".join((*method.called, "lines are 95% intervals")),
            source=f"{method.title}, {_extent(self)}.",
            description=f"Bars of each input's indices. {self.summary()}",
        )
        called = method.called[: len(self.measures)]
        return Chart(wording, self.names, self.measures, called, method.show, floor).figure()


def _extent(found: Indices) -> str:
    if found.rows < found.draws:
        return f"the first {found.rows:,} of {found.draws:,} draws"
    return f"{found.draws:,} draws"


def _finding(found: Indices) -> str:
    if not found.measures:
        return "There is nothing to account for: no indices are given"
    last = found.measures[-1]
    place = last.order()[0]
    figure = METHODS[found.method].show(last.values[place])
    return f"{found.names[place]} matters most: {last.code} {figure}"


def _summary(found: Indices) -> Iterator[str]:
    method = METHODS[found.method]
    if found.measures:
        yield f"By {method.title}, from {_extent(found)}: {method.measures}."
        yield from _told(found, method)
        yield from _cautions(found, method)
    yield from found.notes


def _told(found: Indices, method: Method) -> Iterator[str]:
    last = found.measures[-1]
    order = last.order()
    parts = []
    for place in order[:TOLD]:
        between = last.between(place, method.show)
        figure = method.show(last.values[place])
        parts.append(f"{found.names[place]} {figure}{between and f' ({between})'}")
    yield f"{listed(parts)}."
    if order[TOLD:]:
        others = listed((found.names[place] for place in order[TOLD:]), most=TOLD)
        yield f"Of the others ({others}) none is above {method.show(last.values[order[TOLD]])}."


def _cautions(found: Indices, method: Method) -> Iterator[str]:
    """What is no more than chance, and what is negative."""
    last = found.measures[-1]
    if found.floor is not None:
        low = [
            name
            for name, value in zip(found.names, last.values, strict=True)
            if value <= found.floor
        ]
        yield (
            f"An input without any effect may reach {method.show(found.floor)} by chance"
            f"{f', and {listed(low, most=TOLD)} is no higher' if low else ''}."
        )
    negative = [n for n, v in zip(found.names, last.values, strict=True) if v < 0]
    if negative:
        yield f"A negative index ({listed(negative, most=TOLD)}) stands for zero, missed by chance."
