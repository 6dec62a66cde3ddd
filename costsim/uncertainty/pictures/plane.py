"""The cost-effectiveness plane: what each draw costs more, and what it does more for a case."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from costsim.drawing.canvas import (
    INK,
    MARGIN,
    ROOM,
    SMALL,
    WIDTH,
    Manner,
    Sheet,
    broken,
    height_of,
    write,
)
from costsim.drawing.figure import Figure
from costsim.drawing.marks import GRID, Ink, inks, money_axis, plain, step_of
from costsim.scenario.schema import Scenario
from costsim.scenario.terms import DECISION_DAYS, WITHIN_TARGET
from costsim.uncertainty.pictures.phrases import of_draws, source, stem, subject, subtitle
from costsim.uncertainty.pictures.subjects import Drawn
from costsim.units import counted
from costsim.words import money, plain_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
MOST_POINTS = 2000
MOST_OPTIONS = 4
LEFT, TALL, BOTTOM, ROW = 0.95, 3.0, 0.6, 0.24
WIDE = WIDTH - LEFT - 0.2
SIZE = 1.7
"""Points from the middle of a mark to its end."""
WORTHS = {DECISION_DAYS: "a working day sooner", WITHIN_TARGET: "a case more within target"}
EFFECTS = {DECISION_DAYS: "working days sooner", WITHIN_TARGET: "share more within target"}
QUARTERS = {
    "costs less and does more": (-1, 1),
    "costs more and does more": (1, 1),
    "costs less and does less": (-1, -1),
    "costs more and does less": (1, -1),
}


def unit_of(effect: str) -> str:
    """One more of an effect, in words.

    >>> unit_of("helped"), unit_of("decision_days")
    ('one more of “helped”', 'a working day sooner')
    """
    return WORTHS.get(effect, f"one more of “{plain_name(effect)}”")


@dataclass(frozen=True)
class Mark:
    """A mark as strokes that lead from one point to another, around nothing, and their width."""

    strokes: tuple[tuple[tuple[float, float], tuple[float, float]], ...]
    thick: float = 0.9

    def lines(self, points: Floats, unit: Floats) -> Iterator[Floats]:
        """Its strokes at all points, as lines with gaps; `unit` is `SIZE` along both axes."""
        gap = np.full_like(points, np.nan)
        for ends in self.strokes:
            there = [points + np.array(end) * unit for end in ends]
            yield np.stack([*there, gap], axis=1).reshape(-1, 2)


DOT = Mark((((-0.05, 0), (0.05, 0)),), 3.2)
CROSS = Mark((((-1, -1), (1, 1)), ((-1, 1), (1, -1))))
MARKS = (DOT, CROSS, Mark((((-1, 0), (1, 0)),)), Mark((((0, -1), (0, 1)),)))


@dataclass(frozen=True)
class Cloud:
    """The draws of one option: how much more a case costs (£), and how much better it fares."""

    name: str
    costs: Floats
    effects: Floats

    @property
    def middle(self) -> tuple[float, float]:
        """The means of effect and cost."""
        return float(np.mean(self.effects)), float(np.mean(self.costs))

    @property
    def quarters(self) -> dict[str, float]:
        """The share of draws in each quarter of the plane; what is just as much counts as less."""
        more, better = np.where(self.costs > 0, 1, -1), np.where(self.effects > 0, 1, -1)
        return {
            words: float(np.mean((more == cost) & (better == gain)))
            for words, (cost, gain) in QUARTERS.items()
        }

    def first(self, count: int) -> Cloud:
        """Its first draws."""
        return Cloud(self.name, self.costs[:count], self.effects[:count])


@dataclass(frozen=True)
class Plane:
    """The clouds of all options for one effect, the main one first; `worth` of one unit in £."""

    scenario: Scenario
    effect: str
    clouds: tuple[Cloud, ...]
    worth: float | None

    @classmethod
    def of(cls, found: Drawn, effect: str) -> Plane:
        """The plane of an effect that was followed."""
        costs, effects = found.plane(effect)
        clouds = [
            Cloud(name, costs[:, place], effects[:, place])
            for place, name in enumerate(found.names[1:], start=1)
        ]
        clouds.sort(key=lambda cloud: cloud.name != found.option)
        worth = found.scenario.effects[effect].worth
        return cls(found.scenario, effect, tuple(clouds), worth.pounds if worth else None)

    @property
    def draws(self) -> int:
        """How many there are of each option."""
        return len(self.clouds[0].costs)

    @property
    def shown(self) -> tuple[Cloud, ...]:
        """What is drawn: at most so many options and points."""
        clouds = self.clouds[:MOST_OPTIONS]
        return tuple(cloud.first(MOST_POINTS // len(clouds)) for cloud in clouds)

    @property
    def title(self) -> str:
        """Where most draws of the main option lie."""
        main = self.clouds[0]
        words, share = max(main.quarters.items(), key=lambda each: each[1])
        return f"{subject(self.scenario, main.name)} {words} in {of_draws(share)}"

    @property
    def measure(self) -> str:
        """What each mark is, and what is not drawn."""
        drawn = len(self.shown[0].costs)
        some = f", the first {drawn:,} of {self.draws:,}" if drawn < self.draws else ""
        others = [plain_name(cloud.name) for cloud in self.clouds[MOST_OPTIONS:]]
        left = f"; not drawn: {', '.join(others)}" if others else ""
        return f"Each mark is one draw{some}, for a case{left}"


def plane(found: Drawn, effect: str) -> Figure:
    """The cost-effectiveness plane of an effect; all options against the comparator."""
    view = Plane.of(found, effect)
    against = f"against “{plain_name(found.names[0])}”"
    return Figure(
        name=stem("plane", effect),
        title=view.title,
        subtitle=subtitle(found.scenario, view.measure, against),
        source=source(found.scenario, counted(view.draws, "draw"), f"seed {found.seed}"),
        description=_description(view),
        header=("Option and where it lies", "Share of draws, or mean"),
        rows=tuple(_rows(view)),
        draw=partial(_draw, view=view),
    )


def _description(view: Plane) -> str:
    parts = "; ".join(
        f"{plain_name(cloud.name)}: "
        + ", ".join(f"{words} in {share:.1%}" for words, share in cloud.quarters.items())
        for cloud in view.clouds
    )
    line = f" A dashed line shows {money(view.worth)} for {unit_of(view.effect)}; " \
        "draws below it are worth their cost." if view.worth is not None else ""  # fmt: skip
    return (
        f"Cost-effectiveness plane: incremental cost of a case upwards, {_across(view.effect)} to "
        f"the right. {view.title}. {parts}.{line}"
    )


def _across(effect: str) -> str:
    return EFFECTS.get(effect, f"more of “{plain_name(effect)}”")


def _rows(view: Plane) -> Iterator[tuple[str, str]]:
    for cloud in view.clouds:
        name = plain_name(cloud.name)
        gain, cost = cloud.middle
        yield f"{name}: mean incremental cost of a case", money(cost)
        yield f"{name}: mean of {_across(view.effect)}", amount(view.effect, gain)
        for words, share in cloud.quarters.items():
            yield f"{name} {words}", f"{share:.1%}"


def amount(effect: str, value: float) -> str:
    """So much of an effect, as people write it.

    >>> amount("within_target", 0.125), amount("helped", 0.125)
    ('12.5%', '0.125')
    """
    return f"{100 * value:.4g}%" if effect == WITHIN_TARGET else f"{value:,.4g}"


def _draw(sheet: Sheet, view: Plane) -> None:
    clouds = list(zip(view.shown, inks(len(view.shown)), MARKS, strict=False))
    rows = len(clouds) + (view.worth is not None)
    ground = sheet.open(TALL + BOTTOM + ROW * rows + 0.35)
    axes = sheet.axes(LEFT, BOTTOM, WIDE, TALL)
    _scales(axes, view)
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    unit = np.array([(right - left) / WIDE, (high - low) / TALL]) * SIZE / 72
    for cloud, ink, mark in clouds:
        _marked(axes, mark.lines(np.column_stack([cloud.effects, cloud.costs]), unit), ink, mark)
    for cloud, ink, _ in clouds:
        axes.plot(*cloud.middle, "D", ms=8, color=ink.colour, mec="white", mew=1.6, zorder=5)
        axes.plot(*cloud.middle, "D", ms=9.5, mfc="none", mec=INK, mew=0.9, zorder=6)
    write(ground, (MARGIN, TALL + BOTTOM + 0.25), ["more cost of a case ↑"], Manner(SMALL))
    _key(ground, view, sheet.height - 0.04)


def _marked(axes: Axes, lines: Iterable[Floats], ink: Ink, mark: Mark) -> None:
    """Marks as lines with gaps, which take little room in a file."""
    for line in lines:
        axes.plot(
            *line.T, color=ink.colour, lw=mark.thick, solid_capstyle="round", snap=False,
            scalex=False, scaley=False,
        )  # fmt: skip


def _key(ground: Axes, view: Plane, top: float) -> None:
    """What each mark means."""
    middle = top - 0.1
    unit = np.full(2, 1.8 * SIZE / 72)
    for cloud, ink, mark in zip(view.shown, inks(len(view.shown)), MARKS, strict=False):
        point = np.array([[MARGIN + 0.2, middle]])
        _marked(ground, mark.lines(point, unit), ink, replace(mark, thick=1.7 * mark.thick))
        _name(ground, f"{plain_name(cloud.name)}, and its mean as a diamond", middle)
        middle -= ROW
    if view.worth is not None:
        ground.plot([MARGIN, MARGIN + 0.38], [middle] * 2, color=INK, ls="--", lw=1.3)
        words = f"{money(view.worth)} for {unit_of(view.effect)}: below it, worth its cost"
        _name(ground, words, middle)


def _name(ground: Axes, words: str, middle: float) -> None:
    found = broken(words, ROOM - 0.5)[:1]
    write(ground, (MARGIN + 0.48, middle + height_of(1) / 2), found, Manner())


def _scales(axes: Axes, view: Plane) -> None:
    """Both axes with nothing on them, lines through it, and the line of the worth."""
    costs = np.concatenate([[0.0], *(cloud.costs for cloud in view.shown)])
    money_axis(axes, float(costs.min()), float(costs.max()))
    ticks = _ticks(np.concatenate([[0.0], *(cloud.effects for cloud in view.shown)]))
    axes.set_xticks(ticks, [amount(view.effect, round(tick, 12)) for tick in ticks])
    air = 0.02 * ((ticks[-1] - ticks[0]) or 1.0)
    axes.set_xlim(ticks[0] - air, ticks[-1] + air)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    axes.axhline(0.0, color=INK, lw=1.0)
    axes.axvline(0.0, color=INK, lw=1.0)
    axes.set_xlabel(f"{_across(view.effect)}, on average of a case →", fontsize=SMALL)
    plain(axes)
    if view.worth is not None:
        ends = np.array(axes.get_xlim())
        axes.plot(ends, ends * view.worth, color=INK, ls="--", lw=1.3, scalex=False, scaley=False)


def _ticks(gains: Floats) -> list[float]:
    """Round amounts that hold all of an effect."""
    low, high = float(gains.min()), float(gains.max())
    step = step_of((high - low) or 1.0, 6)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]
