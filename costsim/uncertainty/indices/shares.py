"""Sobol indices as they were found: figures, a table, plain words and bars."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from costsim.drawing.figure import Figure
from costsim.uncertainty.indices.bars import Chart, Wording, share
from costsim.uncertainty.indices.measures import Measure, frame
from costsim.words import listed

if TYPE_CHECKING:
    from pandas import DataFrame

TOLD = 5
"""Factors that are told of one by one."""


@dataclass(frozen=True)
class Interaction:
    """The share of the variance that is due to two factors together, beyond each alone (S2)."""

    names: tuple[str, str]
    value: float
    half_width: float | None


@dataclass(frozen=True)
class SobolIndices:
    """Sobol indices of the expected outcome, with 95 % intervals by a bootstrap of base rows.

    `size` base rows of the design, `runs` of the simulation in all, `replications` at each point;
    `mean` of the outcome; `variance` of the expected outcome over the inputs (outcome squared);
    `widest`, the difference between the largest and the smallest outcome, 0 but for rounding;
    `noise`, the variance of one run by chance, where it was measured. `first` (S1) and `total` (ST)
    are None where there is nothing to share out: see `constant` and `only_chance`. `half` is the
    same from the first half of the base rows, None for a design of 4.
    """

    names: tuple[str, ...]
    size: int
    runs: int
    replications: int
    mean: float
    variance: float
    widest: float
    noise: float | None = None
    first: Measure | None = None
    total: Measure | None = None
    second: tuple[Interaction, ...] = ()
    half: SobolIndices | None = None

    @property
    def constant(self) -> bool:
        """Whether every run had the same outcome."""
        return not self.widest

    @property
    def only_chance(self) -> bool:
        """Whether the inputs' part cannot be told from chance, so that there are no indices."""
        return self.first is None and bool(self.noise)

    @property
    def noise_ratio(self) -> float | None:
        """Lambda: the variance of one run by chance over that of the inputs, where measured."""
        if self.noise is None or self.first is None:
            return None
        return self.noise / self.variance

    @property
    def chance(self) -> float | None:
        """The share of the variance of one run that is chance, where it was measured."""
        if self.noise is None or self.constant:
            return None
        return self.noise / (self.noise + max(self.variance, 0.0))

    @property
    def measures(self) -> tuple[Measure, ...]:
        """S1 and ST, where there are any."""
        return tuple(each for each in (self.first, self.total) if each)

    def to_frame(self) -> DataFrame:
        """One row a factor: S1 and ST, their intervals, and what half of the base rows gave.

        `share_of_one_run` is S1 as a share of the variance of one run, chance included; where
        chance was measured it has the last row, of kind "chance". A negative index stays as it is.
        """
        left = 1 - (self.chance or 0.0)
        halves = self.half.measures if self.half else ()
        first = self.first.values if self.first else ()
        columns: dict[str, Sequence[float] | None] = {}
        for code, measure, half in zip_longest(("S1", "ST"), self.measures, halves):
            found = measure.columns() if measure else {}
            columns |= {name: found.get(name) for name in (code, f"{code}_low", f"{code}_high")}
            columns[f"{code}_at_half"] = half.values if half else None
        columns["share_of_one_run"] = [value * left for value in first] or None
        return frame(self._headed(columns))

    def _headed(self, columns: Mapping[str, Sequence[float] | None]) -> dict[str, list[object]]:
        """Columns with the factors' names before them, and the row of chance below."""
        kinds = ["input"] * len(self.names)
        none = [None] * len(self.names)
        found: dict[str, list[object]] = {"name": [*self.names], "kind": [*kinds]}
        found |= {name: [*(cells or none)] for name, cells in columns.items()}
        if self.chance is None:
            return found
        last = {"name": "chance", "kind": "chance", "share_of_one_run": self.chance}
        return {name: [*cells, last.get(name)] for name, cells in found.items()}

    def interactions_frame(self) -> DataFrame:
        """One row a pair of factors: S2 and half of its interval; none without second order."""
        return frame({
            "name": [each.names[0] for each in self.second],
            "other": [each.names[1] for each in self.second],
            "S2": [each.value for each in self.second],
            "half_width": [each.half_width for each in self.second],
        })  # fmt: skip

    def summary(self) -> str:
        """What the indices say, and what they do not, in plain words."""
        return " ".join(_summary(self))

    def plot(self) -> Figure:
        """Bars of S1 and ST, largest ST first, and of chance where it was measured."""
        chance = None if self.chance is None else ("chance, of one run's variance", self.chance)
        return Chart(
            wording=_wording(self),
            names=self.names,
            measures=self.measures,
            called=("S1: the input alone", "ST: with its interactions")[: len(self.measures)],
            chance=chance,
        ).figure()


def _wording(found: SobolIndices) -> Wording:
    title = "".join(_nothing(found)) or _finding(found)
    return Wording(
        name="sobol-indices",
        title=title,
        subtitle="Share of the variance of the expected outcome; lines are 95% intervals",
        source=f"Sobol indices by Saltelli's design: {_extent(found)}.",
        description=f"Bars of each input's share of the variance. {found.summary()}",
    )


def _extent(found: SobolIndices) -> str:
    several = f", {found.replications} replications each" * (found.replications > 1)
    points = found.runs // found.replications
    return f"{found.size:,} base rows, {points:,} points{several}, {found.runs:,} runs"


def _finding(found: SobolIndices) -> str:
    if not found.total:
        return ""
    place = found.total.order()[0]
    most = "Most" if found.total.values[place] > 0.5 else "The largest part"
    part = share(found.total.values[place])
    return f"{most} of the spread comes with {found.names[place]}: {part} of the variance"


def _nothing(found: SobolIndices) -> Iterator[str]:
    """Why there are no indices, if there are none."""
    if found.constant:
        yield "The outcome is the same whatever the inputs: there is no spread to account for"
    elif found.only_chance:
        yield "The inputs' part of the spread cannot be told from chance: no indices are given"
    elif not found.total:
        yield "The outcome differs at too few points to say with what: no indices are given"


def _summary(found: SobolIndices) -> Iterator[str]:
    nothing = "".join(_nothing(found))
    if nothing:
        yield f"{nothing} ({_extent(found)})."
        if found.only_chance:
            yield "More base rows, or more replications at each point, may bring it out."
        elif not found.constant:
            yield "More base rows may bring it out."
        return
    yield from _told(found)
    yield from _chance(found)
    yield from _cautions(found)
    yield (
        "These shares say where the spread over the stated ranges comes from; they do not say "
        "whether the scheme pays, nor what it would be worth to learn an input exactly."
    )


def _told(found: SobolIndices) -> Iterator[str]:
    """The factors that matter most, one by one, the others together."""
    if not (found.first and found.total):
        return
    order = found.total.order()
    for number, place in enumerate(order[:TOLD]):
        yield _one(found, place, first=not number)
    others = [found.names[place] for place in order[TOLD:]]
    if others:
        largest = share(found.total.values[order[TOLD]])
        yield f"Of the others ({listed(others, most=TOLD)}) none has a total (ST) above {largest}."
    alone = sum(found.first.values)
    rest = share(1 - alone) if alone < 0.995 else "next to nothing"
    yield f"All inputs alone come to {share(alone)}; interactions between them to {rest}."


def _one(found: SobolIndices, place: int, first: bool) -> str:
    alone, total = (share(measure.values[place]) for measure in found.measures)
    between = found.measures[0].between(place, share)
    name = found.names[place]
    if not first:
        return f"For {name} it is {alone}{between and f' ({between})'} and {total}."
    return (
        f"Of the variance of the expected outcome, {alone} would go if {name} alone became known "
        f"(its first-order index, S1{between and f'; {between}'}), and {total} is due to it "
        "together with its interactions with other inputs (its total index, ST)."
    )


def _chance(found: SobolIndices) -> Iterator[str]:
    if found.chance is not None:
        yield (
            f"Of the variance of one run, {share(found.chance)} is chance, the luck of who is "
            f"referred and how long work takes ({found.noise_ratio:.2g} times the variance that is "
            "due to inputs); it has been taken out of the shares above."
        )


def _cautions(found: SobolIndices) -> Iterator[str]:
    """Negative indices, and what half of the base rows said."""
    negative = set(_where(found, lambda measure: measure.values))
    if surely := set(_where(found, lambda measure: measure.high or ())):
        yield (
            f"An index of {listed(sorted(surely), most=TOLD)} is negative by more than its "
            "interval, which no share can be: take it for zero, and more base rows to be sure."
        )
    if within := negative - surely:
        yield (
            f"A negative index ({listed(sorted(within), most=TOLD)}) is zero within its error: no "
            "input takes variance away."
        )
    moved = max(_moved(found), default=None)
    if moved is not None:
        yield (
            "From the first half of the base rows no index differed by more than "
            f"{100 * moved:.1f} percentage points."
        )


def _where(found: SobolIndices, figures: Callable[[Measure], tuple[float, ...]]) -> Iterator[str]:
    """The factors of which any such figure is negative."""
    for measure in found.measures:
        for name, value in zip(found.names, figures(measure), strict=False):
            if value < 0:
                yield name


def _moved(found: SobolIndices) -> Iterator[float]:
    """How far each index is from what the first half of the base rows gave."""
    halves = found.half.measures if found.half else ()
    for measure, half in zip(found.measures, halves, strict=False):
        for value, before in zip(measure.values, half.values, strict=True):
            yield abs(value - before)
