"""Figures of the value of information: bars of losses and of values, and what studies return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from costsim.drawing.canvas import (
    BODY,
    INK,
    MARGIN,
    SMALL,
    WIDTH,
    Manner,
    Sheet,
    broken,
    height_of,
    write,
)
from costsim.drawing.figure import Figure
from costsim.drawing.marks import Key, below_axis, inks, money_axis, plain
from costsim.drawing.text import sentence
from costsim.units import counted
from costsim.words import money, percentage

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from costsim.uncertainty.information.evpi import PerfectInformation
    from costsim.uncertainty.information.evppi import FactorWorth, PartialInformation
    from costsim.uncertainty.information.evsi import SampleValue

MOST_BARS = 20
MOST_TICKS = 8
LEFT = 2.3
STEP = 0.36
PER_DECISION = "Pounds of one decision"
_FIRST, _SECOND = inks(2)


@dataclass(frozen=True)
class _Bar:
    """A bar to the right of its name; `ends` are those of its 95 % interval, if it has one."""

    name: str
    value: float
    ends: tuple[float, float] | None = None
    lighter: bool = False

    @property
    def reach(self) -> float:
        return max(self.value, *(self.ends or (0.0,)))


def losses(found: PerfectInformation) -> Figure:
    """What each option is expected to lose, against knowing everything."""
    rows = sorted(zip(found.options, found.losses, found.best_in, strict=True), key=_second)
    bars = [_Bar(name, loss, lighter=name != found.choice) for name, loss, _ in rows]
    bars[0] = _Bar(found.choice, found.value, found.interval)
    return Figure(
        name="expected-loss",
        title=f"Deciding today for {found.choice} loses {money(found.value)} on average",
        subtitle=f"{PER_DECISION}, lost against knowing every input; the line is a 95% interval",
        source=f"costsim, {found.draws:,} draws",
        description="Bars of expected losses. "
        + " ".join(f"{name}: {money(loss)}." for name, loss, _ in rows),
        header=("Option", "Expected loss", "Best in"),
        rows=tuple((name, money(loss), percentage(best)) for name, loss, best in rows),
        draw=partial(_draw_bars, bars=bars, measure="expected loss"),
    )


def _second(row: tuple[str, float, float]) -> float:
    return row[1]


def worths(found: PartialInformation) -> Figure:
    """What it is worth to know each factor, the most valuable first."""
    perfect = found.perfect
    everything = _Bar("Everything (EVPI)", perfect.value, perfect.interval)
    factors = found.factors[:MOST_BARS]
    bars = [_Bar(each.name, each.value, each.interval, lighter=True) for each in factors]
    return Figure(
        name="value-of-information",
        title=_worths_title(found),
        subtitle=f"{PER_DECISION}, by the input that is known exactly; lines are 95% intervals",
        source=f"costsim, {perfect.draws:,} draws",
        description="Bars of what it is worth to know each input, beside knowing everything, "
        f"which is worth {money(perfect.value)}. "
        + " ".join(f"{each.name}: {money(each.value)}." for each in factors),
        header=("Input", "Value", "Standard error", "By another method", "Methods agree"),
        rows=tuple(_cells(each) for each in found.factors),
        draw=partial(_draw_bars, bars=[everything, *bars], measure="value of knowing it"),
    )


def _worths_title(found: PartialInformation) -> str:
    single = (each for each in found.factors if len(each.inputs) == 1)
    first = next(single, None)
    if first is None or first.value <= 2 * first.standard_error:
        return "No input alone is worth learning about, as far as these draws can tell"
    return f"{sentence(first.name)} is the most worth knowing: {money(first.value)} a decision"


def _cells(each: FactorWorth) -> tuple[str, ...]:
    agree = "yes" if each.agree else "no"
    return (
        each.name,
        money(each.value),
        money(each.standard_error),
        money(each.second.value),
        agree,
    )


def returns(found: SampleValue) -> Figure:
    """What studies of each size are worth and cost."""
    best = found.best
    verdict = "No study pays" if best is None else f"A study of {counted(best, 'case')} pays best"
    rows = zip(found.sizes, found.worths, found.costs, found.net_returns, strict=True)
    table = tuple((f"{size:,}", *map(money, amounts)) for size, *amounts in rows)
    return Figure(
        name="value-of-a-study",
        title=f"{verdict} of {found.study.name}" if best is None else verdict,
        subtitle=f"Pounds over all decisions that a study of {found.study.name} serves, by size",
        source="costsim",
        description=f"Two lines over the size of a study, its worth and its cost. {verdict}.",
        header=("Size", "Worth", "Cost", "Net return"),
        rows=table,
        draw=partial(_draw_lines, found=found),
    )


def _draw_bars(sheet: Sheet, bars: Sequence[_Bar], measure: str) -> None:
    high = max(each.reach for each in bars) or 1.0
    tall = STEP * len(bars)
    ground = sheet.open(tall + 0.75)
    axes = sheet.axes(LEFT, 0.6, WIDTH - LEFT - 0.25, tall)
    money_axis(axes, 0.0, high, "x")
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_yticks([])
    for place, bar in enumerate(bars):
        _draw_bar(axes, place, bar)
        _name(ground, bar.name, 0.6 + tall - STEP * (place + 0.5))
    below_axis(axes, f"{measure}, £", sum(axes.get_xlim()) / 2, -28, BODY)


def _draw_bar(axes: Axes, place: int, bar: _Bar) -> None:
    ink = _SECOND if bar.lighter else _FIRST
    axes.barh(
        place, bar.value, 0.62, color=ink.colour, hatch=ink.hatch, edgecolor="white", lw=0
    )  # fmt: skip
    if bar.ends:
        axes.plot(bar.ends, [place, place], color="white", lw=3.4)
        axes.plot(bar.ends, [place, place], color=INK, lw=1.4)


def _name(ground: Axes, name: str, middle: float) -> None:
    """A bar's name, in two lines at most, before it."""
    found = broken(name, LEFT - 0.2, SMALL)[:2]
    top = middle + height_of(len(found), SMALL) / 2
    write(ground, (LEFT - 0.1, top), found, Manner(SMALL, align="right"))


def _draw_lines(sheet: Sheet, found: SampleValue) -> None:
    named = [("Worth of the study (EVSI)", _FIRST), ("Its cost", _SECOND)]
    key = Key(named, line=True)
    ground = sheet.open(3.2 + key.height)
    axes = sheet.axes(0.95, 0.65, WIDTH - 1.2, 2.4)
    amounts = (*found.worths, *found.costs)
    money_axis(axes, min(0.0, *amounts), max(*amounts, 1e-9))
    if max(found.sizes) > 20 * min(found.sizes):
        axes.set_xscale("log")
    for series, (_, ink) in zip((found.worths, found.costs), named, strict=True):
        axes.plot(found.sizes, series, color=ink.colour, ls=ink.dash, lw=2, marker="o", ms=4)
    ticks = found.sizes[:: -(-len(found.sizes) // MOST_TICKS)]
    axes.set_xticks(ticks, [f"{size:,}" for size in ticks])
    axes.minorticks_off()
    plain(axes)
    if found.best is not None:
        axes.axvline(found.best, color=INK, lw=0.8, ls=":")
    axes.set_xlabel("cases observed", fontsize=BODY)
    key.draw(ground, sheet.height - MARGIN)
