"""Cost per case by activity: each pathway's, beside each other, and what they come to."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import nlargest
from itertools import filterfalse, product
from operator import attrgetter
from typing import TYPE_CHECKING

from costsim.drawing.canvas import (
    BODY,
    SMALL,
    WIDTH,
    Manner,
    Sheet,
    broken,
    height_of,
    write,
)
from costsim.drawing.figure import Figure
from costsim.drawing.grouping import grouped
from costsim.drawing.marks import Ink, Key, inks, money_axis
from costsim.drawing.text import sentence, titled
from costsim.findings import Findings
from costsim.report.figures.setting import (
    averaged,
    called,
    ends_of,
    left_out,
    new_way,
    series,
    source,
    subtitle,
    weights,
)
from costsim.results.estimates import Estimate
from costsim.words import between, money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_ACTIVITIES = 12
LABELS = 2.15
BAR, GAP = 0.2, 0.16
MEASURE = (
    "Pounds a case by activity, simulated, averaged over sites by their referrals a year; "
    "the line across a total's end is its 95% interval"
)
NOTHING = 0.005
"""Pounds below which an amount is shown as none."""


@dataclass(frozen=True)
class Bar:
    """One world's amount, and both ends of its interval where it is shown."""

    amount: float
    ends: tuple[float, ...] = ()

    @property
    def far(self) -> float:
        """How far it reaches, its interval included."""
        return max((self.amount, *self.ends))

    @property
    def wide(self) -> bool:
        """Whether it has an interval of any width."""
        return len(set(self.ends)) > 1


@dataclass(frozen=True)
class Group:
    """Bars beside each other: what they are of, and each world's."""

    title: str
    bars: tuple[Bar, ...]
    bold: bool = False

    @property
    def amounts(self) -> tuple[float, ...]:
        """Each world's amount."""
        return tuple(bar.amount for bar in self.bars)

    @property
    def most(self) -> float:
        """The greatest of the amounts."""
        return max(self.amounts)

    @property
    def costs(self) -> bool:
        """Whether it costs anything in any world."""
        return max(map(abs, self.amounts)) >= NOTHING

    @property
    def fall(self) -> float:
        """How much less it is with the first option."""
        return self.amounts[0] - self.amounts[1]

    @property
    def cells(self) -> tuple[str, ...]:
        """Its row in a table."""
        return (self.title, *map(money, self.amounts))

    def told(self, names: Sequence[str]) -> str:
        """Its bars in words."""
        pairs = zip(names, self.amounts, strict=True)
        return ", ".join(f"{name} {money(amount)}" for name, amount in pairs)


def cost_by_activity(findings: Findings) -> Figure:
    """Every activity's part in the cost of a case, by world; they add up to the cost of a case."""
    worlds = series(findings)
    totals = [_total(findings, world) for world in worlds]
    groups = _groups(findings, worlds)
    bars = tuple(Bar(each.number, ends_of(each)) for each in totals)
    top = Group("All activities: cost of a case", bars, bold=True)
    names = [called(findings, world) for world in worlds]
    return Figure(
        name="cost-per-case-by-activity",
        title=_title(new_way(findings, findings.main.option), top, groups),
        subtitle=subtitle(findings, MEASURE),
        source=source(findings) + left_out(findings),
        description=_description(names, top, groups),
        header=("Activity", *map("Cost of a case: {}".format, names)),
        rows=(
            *(each.cells for each in (*groups, top)),
            ("95% interval", *(between(each) or "none" for each in totals)),
        ),
        draw=partial(_draw, groups=[top, *_merged(groups)], names=names),
    )


def _total(findings: Findings, world: str) -> Estimate:
    option = findings.options.get(world, findings.main)
    return option.programme.economics.cost_per_case[world]


def _groups(findings: Findings, worlds: Sequence[str]) -> list[Group]:
    """Activities by title, in the order of the pathways; those that cost nothing are left out."""
    over, costs = weights(findings), _costs(findings, worlds)

    def bar(title: str, world: str) -> Bar:
        return Bar(averaged({site: costs.get((title, world, site), 0.0) for site in over}, over))

    titles = dict.fromkeys(title for title, _, _ in costs)
    found = [Group(title, tuple(bar(title, world) for world in worlds)) for title in titles]
    return [each for each in found if each.costs]


def _costs(findings: Findings, worlds: Sequence[str]) -> dict[tuple[str, str, str], float]:
    """Pounds a referral by activity's title, world and site, in the order of the pathways."""
    found: dict[tuple[str, str, str], float] = defaultdict(float)
    for site in findings.activities:
        for world, title, cost in _account(findings, site, worlds):
            found[title, world, site] += cost
    return found


def _account(
    findings: Findings, site: str, worlds: Sequence[str]
) -> Iterator[tuple[str, str, float]]:
    """World, activity's title and pounds of each row of a site, in the order of the pathways."""
    every = findings.activities[site]
    rows = grouped(((row.pathway, row.route, row.activity), row.cost) for row in every)
    for world, (route, name, title) in product(worlds, _steps(findings, site, worlds)):
        for cost in rows[world, route, name]:
            yield world, title, cost


def _steps(findings: Findings, site: str, worlds: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Pathway, name and title of each activity that a site has."""
    pathways = findings.scenario.sites[site].pathways
    for route in filter(pathways.__contains__, dict.fromkeys(worlds)):
        for name, activity in pathways[route].activities.items():
            yield route, name, sentence(titled(activity.title, name))


def _merged(groups: list[Group]) -> list[Group]:
    """The dearest activities, in their order, and the rest as one."""
    dearest = nlargest(MOST_ACTIVITIES, groups, key=attrgetter("most"))
    rest = list(filterfalse(dearest.__contains__, groups))
    if not rest:
        return groups
    sums = map(math.fsum, zip(*(each.amounts for each in rest), strict=True))
    other = Group(f"{len(rest)} other activities", tuple(map(Bar, sums)))
    return [*filter(dearest.__contains__, groups), other]


def _title(name: str, top: Group, groups: list[Group]) -> str:
    """The change of the cost of a case, and the activity that changes most."""
    old, new = map(money, top.amounts[:2])
    if old == new or not groups:
        return f"A case costs {old} on average, before and with {name}"
    verb, sign = ("falls", 1) if top.fall > 0 else ("rises", -1)
    most = max(groups, key=lambda each: each.fall * sign)
    return (
        f"The cost of a case {verb} from {old} to {new} with {name}, "
        f"most of all in “{most.title}” ({money(most.amounts[0])} to {money(most.amounts[1])})"
    )


def _description(names: list[str], top: Group, groups: list[Group]) -> str:
    """Every bar in words."""
    parts = "; ".join(f"{each.title}: {each.told(names)}" for each in groups)
    return (
        f"Bar chart of the cost of a case by activity. In all: {top.told(names)}. {parts}. "
        "The activities add up to the cost of a case."
    )


def _draw(sheet: Sheet, groups: list[Group], names: list[str]) -> None:
    looks = inks(len(names))
    tall = len(names) * BAR + GAP
    key = Key(list(zip(names, looks, strict=True)))
    ground = sheet.open(key.height + len(groups) * tall + 0.45)
    key.draw(ground, sheet.height)
    axes = sheet.axes(LABELS, 0.3, WIDTH - LABELS - 0.75, len(groups) * tall)
    high = max(bar.far for group in groups for bar in group.bars)
    money_axis(axes, 0.0, max(high, 0.01), along="x")
    axes.set_ylim(len(groups) * tall, 0)
    axes.set_yticks([])
    for number, group in enumerate(groups):
        _bars(axes, group, looks, number * tall)
        found = broken(group.title, LABELS - 0.2, BODY, bold=group.bold)[: max(2, int(tall / 0.17))]
        middle = 0.3 + (len(groups) - number - 0.5) * tall
        top = middle + height_of(len(found)) / 2
        write(ground, (LABELS - 0.1, top), found, Manner(BODY, group.bold, "right"))


def _bars(axes: Axes, group: Group, looks: Sequence[Ink], top: float) -> None:
    for number, (bar, look) in enumerate(zip(group.bars, looks, strict=True)):
        y = top + GAP / 2 + (number + 0.5) * BAR
        axes.barh(
            y, bar.amount, BAR * 0.92, color=look.colour, hatch=look.hatch, edgecolor="white", lw=0
        )
        if bar.wide:
            axes.plot(bar.ends, [y, y], color="white", lw=3.4, marker="|", ms=9, mew=3.4)
            axes.plot(bar.ends, [y, y], color="#0b0c0c", lw=1.4, marker="|", ms=6, mew=1.4)
        axes.annotate(
            money(bar.amount),
            (bar.far, y),
            xytext=(4, 0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=SMALL,
            fontweight=Manner(SMALL, group.bold).weight,
            annotation_clip=False,
        )
