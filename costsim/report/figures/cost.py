"""Cost per case by activity: each pathway's, beside each other, and what they come to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from costsim.findings import Findings
from costsim.report.figures.canvas import (
    BODY,
    MARGIN,
    SMALL,
    WIDTH,
    Manner,
    Sheet,
    broken,
    height_of,
    write,
)
from costsim.report.figures.figure import Figure
from costsim.report.figures.marks import Ink, draw_key, inks, key_height, money_axis
from costsim.report.figures.setting import (
    averaged,
    called,
    ends_of,
    left_out,
    series,
    source,
    subtitle,
    weights,
)
from costsim.report.figures.text import sentence, shown
from costsim.report.words import between, money, plain_name
from costsim.results.estimates import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_ACTIVITIES = 12
LABELS = 2.15
BAR, GAP = 0.2, 0.16
NOTHING = 0.005
"""Pounds below which an amount is shown as none."""


@dataclass(frozen=True)
class Group:
    """Bars beside each other: what they are of, and each world's amount, the total's with ends."""

    title: str
    amounts: tuple[float, ...]
    ends: tuple[tuple[float, ...], ...]
    bold: bool = False


def cost_by_activity(findings: Findings) -> Figure:
    """Every activity's part in the cost of a case, by world; they add up to the cost of a case."""
    worlds = series(findings)
    totals = [_total(findings, world) for world in worlds]
    groups = _groups(findings, worlds)
    top = Group(
        "All activities: cost of a case",
        tuple(each.number for each in totals),
        tuple(tuple(ends_of(each)) for each in totals),
        bold=True,
    )
    names = [called(findings, world) for world in worlds]
    body = [top, *_merged(groups)]
    return Figure(
        name="cost-per-case-by-activity",
        title=_title(findings, totals, groups),
        subtitle=subtitle(
            findings,
            "Pounds a case by activity, simulated, averaged over sites by their referrals a year; "
            "the line across a total's end is its 95% interval",
        ),
        source=source(findings) + left_out(findings),
        description=_description(names, top, groups),
        header=("Activity", *(f"Cost of a case: {name}" for name in names)),
        rows=(
            *((each.title, *map(money, each.amounts)) for each in (*groups, top)),
            ("95% interval", *(between(each) or "none" for each in totals)),
        ),
        draw=lambda sheet: _draw(sheet, body, names),
    )


def _total(findings: Findings, world: str) -> Estimate:
    option = findings.main if world == findings.comparator else findings.options[world]
    return option.programme.economics.cost_per_case[world]


def _groups(findings: Findings, worlds: Sequence[str]) -> list[Group]:
    """Activities by title, in the order of the pathways; those that cost nothing are left out."""
    over, costs = weights(findings), _costs(findings, worlds)
    titles = dict.fromkeys(title for title, _, _ in costs)
    found = [
        Group(
            title,
            tuple(
                averaged({site: costs.get((title, world, site), 0.0) for site in over}, over)
                for world in worlds
            ),
            ((),) * len(worlds),
        )
        for title in titles
    ]
    return [each for each in found if max(map(abs, each.amounts)) >= NOTHING]


def _costs(findings: Findings, worlds: Sequence[str]) -> dict[tuple[str, str, str], float]:
    """Pounds a referral by activity's title, world and site, in the order of the pathways."""
    found: dict[tuple[str, str, str], float] = {}
    for site in findings.activities:
        for world, title, cost in _account(findings, site, worlds):
            key = (title, world, site)
            found[key] = found.get(key, 0.0) + cost
    return found


def _account(
    findings: Findings, site: str, worlds: Sequence[str]
) -> Iterator[tuple[str, str, float]]:
    """World, activity's title and pounds of each row of a site, in the order of the pathways."""
    pathways = findings.scenario.sites[site].pathways
    for world, route in product(worlds, dict.fromkeys(worlds)):
        steps = pathways[route].activities if route in pathways else {}
        mine = [
            row for row in findings.activities[site] if (row.pathway, row.route) == (world, route)
        ]
        for name, row in product(steps, mine):
            if row.activity == name:
                yield world, sentence(shown(steps[name].title or plain_name(name))), row.cost


def _merged(groups: list[Group]) -> list[Group]:
    """The dearest activities, in their order, and the rest as one."""
    dearest = sorted(groups, key=lambda each: -max(each.amounts))[:MOST_ACTIVITIES]
    if len(dearest) == len(groups):
        return groups
    rest = [each for each in groups if each not in dearest]
    sums = tuple(map(math.fsum, zip(*(each.amounts for each in rest), strict=True)))
    other = Group(f"{len(rest)} other activities", sums, ((),) * len(sums))
    return [*(each for each in groups if each in dearest), other]


def _title(findings: Findings, totals: list[Estimate], groups: list[Group]) -> str:
    """The change of the cost of a case, and the activity that changes most."""
    old, new = totals[0].number, totals[1].number
    name = f"“{called(findings, findings.main.option)}”" if len(totals) > 2 else "the new way"
    verb = "falls" if new < old else "rises"
    if money(old) == money(new) or not groups:
        return f"A case costs {money(old)} on average, before and with {name}"
    most = max(
        groups, key=lambda each: (each.amounts[0] - each.amounts[1]) * (1 if new < old else -1)
    )
    return (
        f"The cost of a case {verb} from {money(old)} to {money(new)} with {name}, "
        f"most of all in “{most.title}” ({money(most.amounts[0])} to {money(most.amounts[1])})"
    )


def _description(names: list[str], top: Group, groups: list[Group]) -> str:
    """Every bar in words."""

    def amounts(group: Group) -> str:
        return ", ".join(f"{n} {money(a)}" for n, a in zip(names, group.amounts, strict=True))

    parts = "; ".join(f"{each.title}: {amounts(each)}" for each in groups)
    return (
        f"Bar chart of the cost of a case by activity. In all: {amounts(top)}. {parts}. "
        "The activities add up to the cost of a case."
    )


def _draw(sheet: Sheet, groups: list[Group], names: list[str]) -> None:
    looks = inks(len(names))
    tall = len(names) * BAR + GAP
    keys = key_height(names, WIDTH - 2 * MARGIN)
    ground = sheet.open(keys + len(groups) * tall + 0.45)
    draw_key(
        ground, (MARGIN, sheet.height), WIDTH - 2 * MARGIN, list(zip(names, looks, strict=True))
    )
    high = max(max((*each.amounts, *sum(each.ends, ()))) for each in groups)
    axes = sheet.axes(LABELS, 0.3, WIDTH - LABELS - 0.75, len(groups) * tall)
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
    for number, (amount, ends) in enumerate(zip(group.amounts, group.ends, strict=True)):
        y, look = top + GAP / 2 + (number + 0.5) * BAR, looks[number]
        axes.barh(
            y, amount, BAR * 0.92, color=look.colour, hatch=look.hatch, edgecolor="white", lw=0
        )
        if ends and ends[0] < ends[-1]:
            axes.plot(ends, [y, y], color="white", lw=3.4, marker="|", ms=9, mew=3.4)
            axes.plot(ends, [y, y], color="#0b0c0c", lw=1.4, marker="|", ms=6, mew=1.4)
        end = max(amount, *ends) if ends else amount
        axes.annotate(
            money(amount),
            (end, y),
            xytext=(4, 0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=SMALL,
            fontweight="bold" if group.bold else "normal",
            annotation_clip=False,
        )
