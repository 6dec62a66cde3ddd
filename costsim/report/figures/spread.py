"""How the saving differs from case to case: who costs less, who costs more, who just the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from costsim.drawing.canvas import (
    BODY,
    INK,
    MARGIN,
    ROOM,
    SMALL,
    WIDTH,
    Manner,
    Sheet,
    write,
)
from costsim.drawing.figure import Figure
from costsim.drawing.marks import BLUE, GRID, ORANGE, Ink, Key, Side, plain, pounds, step_of
from costsim.findings import Findings
from costsim.report.figures.kept import Floats, Kept, Pairs
from costsim.report.figures.setting import interval_words, new_way, source, stem, subtitle
from costsim.results.estimates import Estimate
from costsim.units import counted
from costsim.words import listed, money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOTHING = 0.005
"""Pounds below which a case saves nothing."""
TAIL = 0.005
MOST_BINS = 24
LESS, SAME, MORE = Ink(BLUE, "", "-"), Ink(GRID, "", "-"), Ink(ORANGE, "////", "-")


@dataclass(frozen=True)
class Spread:
    """Shares of all cases: by the sign of their saving, and by bins of those that have one.

    The outermost bins also hold all beyond them where `beyond` says so (below, above).
    """

    costs_less: float
    same: float
    costs_more: float
    edges: Floats
    shares: Floats
    beyond: tuple[bool, bool]
    mean: float

    @classmethod
    def of(cls, pairs: Pairs) -> Spread:
        """The spread of some cases."""
        changed = np.abs(pairs.savings) >= NOTHING
        edges = _edges(pairs.savings[changed], pairs.weights[changed])
        inside = np.clip(pairs.savings[changed], edges[0], np.nextafter(edges[-1], -math.inf))
        shares, _ = np.histogram(inside, edges, weights=pairs.weights[changed])
        found = pairs.savings[changed]
        beyond = (bool((found < edges[0]).any()), bool((found >= edges[-1]).any()))
        return cls(
            costs_less=pairs.share(pairs.savings >= NOTHING),
            same=pairs.share(~changed),
            costs_more=pairs.share(pairs.savings <= -NOTHING),
            edges=edges,
            shares=shares,
            beyond=beyond,
            mean=pairs.mean,
        )


def _edges(savings: Floats, weights: Floats) -> Floats:
    """Ends of bins, at round amounts, nothing among them; far tails fall into the outermost."""
    if not len(savings):
        return np.array([0.0, 1.0])
    order = np.argsort(savings)
    cumulated = np.cumsum(weights[order]) / weights.sum()
    places = np.searchsorted(cumulated, [TAIL, 1 - TAIL]).clip(0, len(order) - 1)
    low, high = savings[order][places].tolist()
    step = step_of(max(high - low, abs(high) / 4, 0.04), MOST_BINS - 2)
    first, last = math.floor(low / step), math.floor(high / step) + 1
    return np.asarray(np.arange(first, last + 1) * step, dtype=np.float64)


def saving_by_case(findings: Findings, kept: Kept, option: str) -> Figure | None:
    """The spread of one option's saving; nothing where no referral came."""
    pairs = kept.pairs(option)
    if not len(pairs.savings):
        return None
    spread = Spread.of(pairs)
    estimate = findings.options[option].programme.economics.per_case_saving
    which = "" if option == findings.main.option else option
    everyone = (
        f"Mean saving over all {counted(findings.summary['replications'], 'replication')}: "
        f"{money(estimate.value)}{interval_words(estimate, '£{:,.2f}')}."
    )
    measure = (
        "Pounds saved on each case, the same referral under both pathways; this is variability "
        f"between {len(pairs.savings):,} simulated cases, not uncertainty about the average"
    )
    return Figure(
        name=stem("saving-per-case", *filter(None, [which])),
        title=_title(spread, new_way(findings, option), estimate.number),
        subtitle=subtitle(findings, measure),
        source=source(findings, kept=kept.replications),
        description=f"{_description(spread)} {everyone}",
        header=("Saving on a case", "Share of cases"),
        rows=(*_rows(spread), ("Mean of these cases", money(spread.mean)), _everyone(estimate)),
        draw=partial(_draw, spread=spread),
    )


def _everyone(estimate: Estimate) -> tuple[str, str]:
    """The mean over all replications, which is what a report says first."""
    return (
        "Mean over all replications, cost of extra referrals included",
        f"{money(estimate.value)}{interval_words(estimate, '£{:,.2f}')}",
    )


def _title(spread: Spread, name: str, mean: float) -> str:
    if spread.same > 1 - 1e-9:
        return f"No case costs more or less with {name}"
    return (
        f"With {name}, {listed(_parts(spread))}; on average a case "
        f"{'saves' if mean >= 0 else 'costs'} {money(abs(mean))}{'' if mean >= 0 else ' more'}"
    )


def _parts(spread: Spread) -> list[str]:
    """The shares that are not nothing, in words."""
    shares = {
        "cost less": spread.costs_less,
        "cost the same": spread.same,
        "cost more": spread.costs_more,
    }
    found = [f"{_share(share)} {words}" for words, share in shares.items() if share > 1e-9]
    return [found[0].replace("%", "% of cases", 1), *found[1:]]


def _share(share: float) -> str:
    """A share in whole percent, or finer where that would say none or all.

    >>> _share(0.352), _share(0.0004), _share(1.0)
    ('35%', '0.04%', '100%')
    """
    return f"{share:.0%}" if 0.005 <= share < 0.995 or share > 1 - 1e-9 else f"{share:.2%}"


def _bins(spread: Spread) -> list[tuple[str, float]]:
    """The bins that hold any case: what they are in words, and their shares."""
    ends = list(map(pounds, spread.edges.tolist()))
    words = [f"{low} to {high}" for low, high in pairwise(ends)]
    below, above = spread.beyond
    if above:
        words[-1] = f"{ends[-2]} or more"
    if below:
        words[0] = f"Less than {ends[1]}"
    return [each for each in zip(words, spread.shares.tolist(), strict=True) if each[1] > 0]


def _rows(spread: Spread) -> list[tuple[str, str]]:
    shares = [
        ("Costs less", spread.costs_less),
        ("Costs exactly the same", spread.same),
        ("Costs more", spread.costs_more),
        *_bins(spread),
    ]
    return [(words, f"{share:.1%}") for words, share in shares]


def _description(spread: Spread) -> str:
    filled = _bins(spread)
    most = max(filled, key=itemgetter(1), default=("", 0.0))
    peak = f" The fullest bar is {most[0]}, with {most[1]:.1%} of cases." if filled else ""
    return (
        "A strip and a histogram of the saving on each case, old cost less new. "
        f"{spread.costs_less:.1%} of cases cost less, {spread.costs_more:.1%} cost more, and "
        f"{spread.same:.1%} exactly the same, as those do that do not take up the new way."
        f"{peak} The mean of these cases is {money(spread.mean)}."
    )


def _draw(sheet: Sheet, spread: Spread) -> None:
    some = spread.same < 1 - 1e-9
    ground = sheet.open(4.3 if some else 1.15)
    _strip(ground, spread, sheet.height - 0.1)
    if some:
        write(
            ground,
            (MARGIN, sheet.height - 1.2),
            [
                "Share of all cases by saving, without those that cost exactly the same"
                + _ends(spread)
            ],
            Manner(BODY),
        )
        _histogram(sheet, spread)


def _ends(spread: Spread) -> str:
    return "; outermost bars hold all beyond" if any(spread.beyond) else ""


def _strip(ground: Axes, spread: Spread, top: float) -> None:
    """All cases in one strip: those that cost more, the same, and less."""
    from matplotlib.patches import Rectangle

    parts = [
        (f"{spread.costs_more:.1%} cost more", spread.costs_more, MORE),
        (
            f"{spread.same:.1%} cost exactly the same (as where it is not taken up)",
            spread.same,
            SAME,
        ),
        (f"{spread.costs_less:.1%} cost less", spread.costs_less, LESS),
    ]
    left = MARGIN
    for _, share, ink in parts:
        wide = share * ROOM
        edge = INK if ink is SAME else "white"
        ground.add_patch(
            Rectangle((left, top - 0.26), wide, 0.26, facecolor=ink.colour, hatch=ink.hatch,
                      edgecolor=edge, lw=0.8 if ink is SAME else 0)
        )  # fmt: skip
        left += wide
    named = [(words, ink) for words, share, ink in parts if share > 0]
    Key(named).draw(ground, top - 0.34)


def _histogram(sheet: Sheet, spread: Spread) -> None:
    axes = sheet.axes(0.62, 0.5, WIDTH - 0.62 - 0.2, 2.3)
    step = float(spread.edges[1] - spread.edges[0])
    for left, share in zip(spread.edges.tolist(), spread.shares.tolist(), strict=False):
        ink = MORE if left < 0 else LESS
        axes.bar(
            left, share, step * 0.94, align="edge", color=ink.colour, hatch=ink.hatch,
            edgecolor="white", lw=0,
        )  # fmt: skip
    high = float(spread.shares.max())
    axes.set_ylim(0, high * 1.18)
    _share_axis(axes, high)
    _money_below(axes, spread)
    axes.axvline(0.0, color=INK, lw=0.8)
    axes.axvline(spread.mean, color=INK, lw=1.4, ls="--")
    _name_mean(axes, spread.mean, high * 1.15)


def _name_mean(axes: Axes, mean: float, top: float) -> None:
    """The mean's name beside its line, on the side that has more room."""
    side = Side.with_room(mean < sum(axes.get_xlim()) / 2)
    axes.annotate(
        f"mean of these cases {money(mean)}",
        (mean, top),
        xytext=(5 * side.sign, 0),
        textcoords="offset points",
        ha=side.align,
        va="top",
        fontsize=BODY,
        fontweight="bold",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )


def _share_axis(axes: Axes, high: float) -> None:
    step = step_of(high, 5)
    ticks = [number * step for number in range(int(high * 1.18 / step) + 1)]
    axes.set_yticks(ticks, [f"{each:.4g}%" for each in (100 * t for t in ticks)])
    axes.grid(axis="y", color=GRID, linewidth=0.6)
    plain(axes)


def _money_below(axes: Axes, spread: Spread) -> None:
    """Round amounts below the bars; the ends say so where they hold all beyond."""
    low, high = float(spread.edges[0]), float(spread.edges[-1])
    low, high = min(low, 0.0, spread.mean), max(high, 0.0, spread.mean)
    step = step_of(high - low, 7)
    ticks = [
        n * step for n in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    ]
    axes.set_xticks(ticks, [pounds(each) for each in ticks])
    air = (high - low) * 0.01
    axes.set_xlim(low - air, high + air)
    ends = ["costs more ←" if low < 0 else "", "→ costs less"]
    axes.set_xlabel(
        "   ".join(filter(None, [ends[0], "saving on a case", ends[1]])), fontsize=SMALL
    )
