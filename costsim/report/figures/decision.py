"""How long a decision takes against its target, under each pathway."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from costsim.drawing.canvas import INK, SMALL, WIDTH, Sheet
from costsim.drawing.figure import Figure
from costsim.drawing.grouping import grouped
from costsim.drawing.marks import GRID, Key, Side, inks, plain, step_of
from costsim.drawing.text import shown
from costsim.findings import Findings
from costsim.report.figures.kept import Floats, Kept
from costsim.report.figures.setting import (
    called,
    interval_words,
    left_out,
    minutes_a_day,
    series,
    sites_of,
    source,
)
from costsim.results.estimates import Estimate
from costsim.results.metrics import Timeliness
from costsim.scenario.schema import Scenario
from costsim.words import listed, plain_name, site_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DECISION = "decision"
POINTS = 160
MOST_TARGETS = 3
TOLERANCE = 1e-6
"""Working days within which two times count as one."""


@dataclass(frozen=True)
class Speed:
    """One world: its name in words, working days of each kept case, and its share on time."""

    name: str
    days: Floats
    within: Estimate

    @cached_property
    def decided(self) -> Floats:
        """Working days of the cases that are decided."""
        return self.days[np.isfinite(self.days)]

    @property
    def half(self) -> str:
        """When half of all cases are decided, in words."""
        days = np.sort(np.nan_to_num(self.days, nan=math.inf))
        middle = float(days[(len(days) - 1) // 2])
        return f"{middle:,.1f} working days" if math.isfinite(middle) else "never"

    def decided_by(self, day: float) -> float:
        """The share of all cases that are decided within so many working days."""
        return float(np.count_nonzero(self.days <= day + TOLERANCE)) / max(1, len(self.days))


def time_to_decision(findings: Findings, kept: Kept) -> Figure | None:
    """Days to decision as the share decided so far; nothing without a target or without cases."""
    targets = _targets(findings)
    speeds = [_speed(findings, kept, world) for world in series(findings)]
    if not targets or not all(len(each.decided) for each in speeds):
        return None
    measure = "Share of cases decided, by working days since referral"
    where = sites_of(findings)
    return Figure(
        name="time-to-decision",
        title=_title(speeds, targets),
        subtitle="; ".join(filter(None, [measure, where])) + ".",
        source=source(findings, kept=kept.replications)
        + " Shares on time: all replications."
        + left_out(findings),
        description=_description(speeds, targets),
        header=("Working days since referral", *(f"Decided: {each.name}" for each in speeds)),
        rows=(*_rows(findings, speeds, targets),),
        draw=partial(_draw, speeds=speeds, targets=targets),
    )


def _targets(findings: Findings) -> dict[float, str]:
    """Targets in working days, each with the sites that have it where they differ."""
    found = sorted(grouped(_declared(findings)).items())
    return {target: _where(findings.scenario, names) for target, names in found}


def _declared(findings: Findings) -> Iterator[tuple[float, str]]:
    """Each site's target, if it has one, and its name."""
    for name, site in sorted(findings.scenario.sites.items()):
        if DECISION in site.targets:
            yield site.targets[DECISION].value / minutes_a_day(findings), name


def _where(scenario: Scenario, names: list[str]) -> str:
    """Some of the sites in words; nothing of all of them."""
    titles = listed([shown(site_title(scenario, name)) for name in names])
    return f" ({titles})" if len(names) < len(scenario.sites) else ""


def _speed(findings: Findings, kept: Kept, world: str) -> Speed:
    times = _timeliness(findings, world)
    return Speed(called(findings, world), kept.days(world), times.within_target[world])


def _timeliness(findings: Findings, world: str) -> Timeliness:
    return findings.options.get(world, findings.main).programme.timeliness


def _days(number: float) -> str:
    return f"{number:,.1f}".removesuffix(".0")


def _on_time(speed: Speed) -> str:
    value = speed.within.value
    if value is None:
        return f"{speed.name}: none decided"
    return f"{speed.name}: {value:.1%} on time{interval_words(speed.within, '{:.1%}')}"


def _title(speeds: list[Speed], targets: dict[float, str]) -> str:
    aim = listed([f"{_days(each)}" for each in targets])
    within = f"within {aim} working days" if len(targets) == 1 else "within the targets"
    old = speeds[0].within.number
    names = ["the new way"] if len(speeds) == 2 else [each.name for each in speeds[1:]]
    shares = [f"{each.within.number:.1%}" for each in speeds[1:]]
    others = list(map("{} with {}".format, shares, names))
    return f"{old:.1%} of decisions come {within} today, {listed(others)}"


def _rows(
    findings: Findings, speeds: list[Speed], targets: dict[float, str]
) -> list[tuple[str, ...]]:
    top = _end(speeds, targets)
    step = step_of(top, 10)
    days = sorted({*(n * step for n in range(1, int(top / step) + 1)), *targets})
    return [
        *((_days(day), *(f"{each.decided_by(day):.1%}" for each in speeds)) for day in days),
        ("Within target, all replications", *map(_estimate, (each.within for each in speeds))),
        *_other_targets(findings),
    ]


def _estimate(found: Estimate) -> str:
    return "none" if found.value is None else f"{found.value:.1%}{interval_words(found, '{:.1%}')}"


def _other_targets(findings: Findings) -> Iterator[tuple[str, ...]]:
    """Targets of activities, whose times the cases do not tell."""
    of_worlds = {world: _timeliness(findings, world).other_targets for world in series(findings)}
    for name in findings.main.programme.timeliness.other_targets:
        shares = (found.get(name, {}).get(w, Estimate(None)) for w, found in of_worlds.items())
        words = f"Within the target of “{plain_name(name)}”, all replications"
        yield words, *map(_estimate, shares)


def _description(speeds: list[Speed], targets: dict[float, str]) -> str:
    aims = listed([f"{_days(each)} working days{where}" for each, where in targets.items()])
    middles = "; ".join(f"{each.name} {each.half}" for each in speeds)
    return (
        f"Line chart of the share of cases decided by working days since referral. Target: {aims}. "
        f"{'; '.join(map(_on_time, speeds))}. Half of all cases are decided within: {middles}."
    )


def _end(speeds: list[Speed], targets: dict[float, str]) -> float:
    """The last day that is shown: nearly all are decided, and every target is in sight."""
    latest = max(float(np.nanquantile(each.days, 0.995)) for each in speeds)
    return max(latest * 1.03, max(targets) * 1.15, 0.01)


def _draw(sheet: Sheet, speeds: list[Speed], targets: dict[float, str]) -> None:
    looks = inks(len(speeds))
    named = [(_on_time(each), look) for each, look in zip(speeds, looks, strict=True)]
    key = Key(named, line=True)
    ground = sheet.open(key.height + 3.55)
    key.draw(ground, sheet.height)
    axes = sheet.axes(0.62, 0.5, WIDTH - 0.62 - 0.2, 2.75)
    end = _end(speeds, targets)
    for each, look in zip(speeds, looks, strict=True):
        days = _steps(each, end)
        shares = [each.decided_by(day) for day in days]
        axes.plot(days, shares, color=look.colour, ls=look.dash, lw=2.2, drawstyle="steps-post")
    axes.set_xlim(0, end)
    axes.set_ylim(0, 1.02)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1.0], ["0%", "25%", "50%", "75%", "100%"])
    axes.grid(axis="y", color=GRID, linewidth=0.6)
    axes.set_xlabel("working days since referral", fontsize=SMALL)
    plain(axes)
    _lines(axes, targets)


def _steps(speed: Speed, end: float) -> list[float]:
    """Days at which the share is read: each that matters, or evenly where there are many."""
    finite = np.unique(np.round(speed.decided, 6))
    if len(finite) > POINTS:
        return [end * number / (POINTS - 1) for number in range(POINTS)]
    return [0.0, *(day for day in finite.tolist() if 0 < day < end), end]


def _lines(axes: Axes, targets: dict[float, str]) -> None:
    """A line at each target, its label beside it where there is room."""
    for number, target in enumerate(list(targets)[:MOST_TARGETS]):
        axes.axvline(target, color=INK, lw=1.3, ls=(0, (1, 1)))
        side = Side.with_room(target < axes.get_xlim()[1] * 0.6)
        axes.annotate(
            f"target {_days(target)} working days{targets[target]}",
            (target, 0.08 + 0.09 * number),
            xytext=(5 * side.sign, 0),
            textcoords="offset points",
            ha=side.align,
            fontsize=SMALL,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
