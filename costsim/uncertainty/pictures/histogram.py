"""How far the net benefit spreads over the draws: bars, and the draws in which it does not pay."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from costsim.drawing.canvas import (
    BODY,
    INK,
    MARGIN,
    SMALL,
    WIDTH,
    Manner,
    Sheet,
    height_of,
    width_of,
    write,
)
from costsim.drawing.figure import Figure
from costsim.drawing.marks import GRID, Key, Side, inks, plain, pounds, step_of
from costsim.uncertainty.pictures.phrases import (
    horizon,
    of_draws,
    source,
    stem,
    subject,
    subtitle,
)
from costsim.uncertainty.pictures.subjects import Drawn
from costsim.uncertainty.spread import Probability, Spread
from costsim.units import counted
from costsim.words import money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
TAIL = 0.005
MOST_BARS = 26
PAYS, COSTS = inks(2)
BLURRED = 0.01
"""Variance of chance over that of inputs from which a reader is told of it."""
LEFT, TALL, FLAG = 0.62, 2.45, 0.2
WIDE = WIDTH - LEFT - 0.2


@dataclass(frozen=True)
class Bars:
    """Shares of draws by net benefit (£); nothing is among the `edges`.

    The outermost bars also hold all draws beyond them where `beyond` says so (below, above).
    """

    edges: Floats
    shares: Floats
    beyond: tuple[bool, bool]

    @classmethod
    def of(cls, values: Floats) -> Bars:
        """The bars of some draws; far tails fall into the outermost ones."""
        low, high = np.quantile(values, [TAIL, 1 - TAIL], method="inverted_cdf").tolist()
        step = step_of(max(high - low, abs(high) / 50, 0.04), MOST_BARS - 2)
        edges = np.arange(math.ceil(low / step) - 1, math.ceil(high / step) + 1) * step
        inside = np.clip(values, np.nextafter(edges[0], math.inf), edges[-1])
        # Each bar holds its upper end, not its lower one: what comes to nothing does not pay.
        shares = np.histogram(-inside, -edges[::-1])[0][::-1] / len(values)
        beyond = bool((values <= edges[0]).any()), bool((values > edges[-1]).any())
        return cls(edges, shares, beyond)

    @property
    def step(self) -> float:
        """Pounds that a bar is wide."""
        return float(self.edges[1] - self.edges[0])

    def rows(self) -> Iterator[tuple[str, str]]:
        """The bars that hold a draw: what they are in words, and their shares."""
        ends = list(map(pounds, self.edges.tolist()))
        words = list(map("{} to {}".format, ends, ends[1:]))
        below, above = self.beyond
        words[-1] = f"Above {ends[-2]}" if above else words[-1]
        words[0] = f"{ends[1]} or less" if below else words[0]
        there = np.flatnonzero(self.shares).tolist()
        return ((words[place], f"{self.shares[place]:.1%}") for place in there)


@dataclass(frozen=True)
class Net:
    """The net benefit of one option over the draws."""

    found: Drawn
    option: str
    bars: Bars
    spread: Spread
    pays: Probability

    @classmethod
    def of(cls, found: Drawn, option: str) -> Net | None:
        """That of an option; None where no draw could be evaluated."""
        values = found.draws.outcome("net_benefit", option)[found.draws.good]
        if not len(values):
            return None
        spread = found.spread_of("net_benefit", option)
        return cls(found, option, Bars.of(values), spread, found.pays(option))

    @property
    def marks(self) -> dict[str, float]:
        """The percentiles that are marked (£)."""
        return {"P10": self.spread.p10, "P50": self.spread.p50, "P90": self.spread.p90}

    @property
    def title(self) -> str:
        """What it comes to, in a sentence."""
        scenario = self.found.scenario
        return (
            f"{subject(scenario, self.option)} pays over {horizon(scenario)} in "
            f"{of_draws(self.pays.value)}; the middle 80% lie between {money(self.spread.p10)} and "
            f"{money(self.spread.p90)}"
        )

    @property
    def key(self) -> Key:
        """What both kinds of bars are."""
        less = 1.0 - self.pays.value
        return Key((
            (f"It pays: {of_draws(self.pays.value)}", PAYS),
            (f"It does not pay: {of_draws(less)}", COSTS),
        ))  # fmt: skip


def net_benefit(found: Drawn, option: str | None = None) -> Figure:
    """The net benefit of an option over the draws, the main one's unless another is named."""
    option = option or found.option
    net = Net.of(found, option)
    scenario = found.scenario
    measure = f"Share of draws of the uncertain inputs by net benefit over {horizon(scenario)}"
    return Figure(
        name=stem("net-benefit-draws", *[option] * (option != found.option)),
        title=net.title if net else "No draw could be evaluated",
        subtitle=subtitle(
            scenario,
            measure,
            "undiscounted",
            "uncertainty about inputs, not variability between cases",
        ),
        source=source(scenario, counted(len(found.draws), "draw"), f"seed {found.seed}"),
        description=_description(net) if net else "No draw could be evaluated.",
        header=("Net benefit", "Value, or share of draws"),
        rows=tuple(_rows(net)) if net else (),
        draw=partial(_draw, net=net),
    )


def _description(net: Net) -> str:
    marks = ", ".join(f"{name} {money(value)}" for name, value in net.marks.items())
    return (
        f"Histogram of the net benefit over the draws. {net.title}. It does not pay in "
        f"{of_draws(1.0 - net.pays.value)}, whose bars are hatched. {marks}.{_blur(net)}"
    )


def _blur(net: Net) -> str:
    """What chance does to the bars, where it does anything."""
    if not net.spread.noise_ratio or net.spread.noise_ratio < BLURRED:
        return ""
    return " Each draw is simulated: chance widens the bars, and is left out of the percentiles."


def _rows(net: Net) -> Iterator[tuple[str, str]]:
    yield "As the scenario stands", money(net.spread.value)
    yield "Mean of the draws", money(net.spread.mean)
    yield from ((name, money(value)) for name, value in net.marks.items())
    yield "Draws in which it pays", f"{net.pays.value:.1%}"
    yield from net.bars.rows()


def _draw(sheet: Sheet, net: Net | None) -> None:
    if net is None:
        write(sheet.open(0.5), (MARGIN, 0.4), ["There is nothing to draw."], Manner())
        return
    note = _blur(net).strip()
    below = height_of(1, SMALL) * bool(note)
    flags = FLAG * len(net.marks)
    ground = sheet.open(net.key.height + flags + TALL + 0.7 + below)
    net.key.draw(ground, sheet.height)
    axes = sheet.axes(LEFT, 0.55 + below, WIDE, TALL)
    _bars(axes, net.bars)
    _share_axis(axes, float(net.bars.shares.max()))
    _money_axis(axes, net)
    for level, (name, value) in enumerate(reversed(net.marks.items())):
        _flag(axes, f"{name} {money(value)}", value, FLAG * (level + 0.8))
    write(ground, (MARGIN, below), [note] * bool(note), Manner(SMALL))


def _bars(axes: Axes, bars: Bars) -> None:
    for left, share in zip(bars.edges[:-1].tolist(), bars.shares.tolist(), strict=True):
        ink = COSTS if left < 0 else PAYS
        axes.bar(
            left, share, bars.step * 0.94, align="edge", color=ink.colour, hatch=ink.hatch,
            edgecolor="white", lw=0,
        )  # fmt: skip


def _share_axis(axes: Axes, high: float) -> None:
    step = step_of(high, 5)
    ticks = [number * step for number in range(math.floor(high * 1.05 / step) + 1)]
    axes.set_yticks(ticks, [f"{100 * tick:.4g}%" for tick in ticks])
    axes.set_ylim(0, high * 1.05)
    axes.grid(axis="y", color=GRID, linewidth=0.6)
    plain(axes)


def _money_axis(axes: Axes, net: Net) -> None:
    """Round amounts below the bars, nothing always among them."""
    ends = [0.0, float(net.bars.edges[0]), float(net.bars.edges[-1]), *net.marks.values()]
    low, high = min(ends), max(ends)
    step = step_of(high - low, 7)
    ticks = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    axes.set_xticks([n * step for n in ticks], [pounds(n * step) for n in ticks])
    air = (high - low) * 0.01
    axes.set_xlim(low - air, high + air)
    axes.axvline(0.0, color=INK, lw=0.8)
    outermost = "; the outermost bars hold all beyond" if any(net.bars.beyond) else ""
    axes.set_xlabel(f"net benefit{outermost}", fontsize=SMALL)


def _flag(axes: Axes, words: str, value: float, up: float) -> None:
    """A line at a value that ends so many inches above the bars, with its words beside the end."""
    low, high = axes.get_xlim()
    room = (high - value) / (high - low) * WIDE
    side = Side.with_room(room > width_of(words, BODY, bold=True) - 0.1)
    axes.annotate(
        words,
        (value, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(4 * side.sign, 72 * up),
        textcoords="offset points",
        ha=side.align,
        va="center",
        fontsize=BODY,
        fontweight="bold",
        annotation_clip=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )
    for colour, thick, dash in (("white", 3.4, "-"), (INK, 1.3, "--")):
        axes.plot(
            [value] * 2, [0.0, 1.0 + up / TALL], transform=axes.get_xaxis_transform(),
            color=colour, lw=thick, ls=dash, clip_on=False,
        )  # fmt: skip
