"""Sheets about time: how long decisions take, whether targets are met, and how busy staff are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

from costsim.findings import Findings
from costsim.report.workbooks.accessible import Cell, Number, Sheet
from costsim.report.workbooks.results_figures import (
    CALENDAR_DAYS,
    DAYS,
    PORTION,
    Figures,
    compared_columns,
    compared_rows,
    places,
)
from costsim.results.metrics import Metrics, Timeliness
from costsim.words import plain_name

_MEASURES = (("mean", "p50", "p90"), ("mean", "median", "nine in ten within"))


def times(findings: Findings) -> Iterator[Sheet]:
    """Times, targets and outcomes, three columns for each pathway."""
    unlimited = (
        "" if list(_used(findings)) else " No role has a headcount, so nobody is ever short."
    )
    yield Sheet(
        name="Time and targets",
        title="How long decisions take, and how cases end",
        about="times to decision, shares within the targets, waiting and outcomes, by pathway",
        says=(
            "All of them are simulated. A working day has "
            f"{findings.scenario.calendar.hours_per_day.value:g} hours. Under an option, referrals "
            f"that do not take it up are counted too.{unlimited}",
        ),
        columns=compared_columns([findings.comparator, *findings.options]),
        rows=compared_rows(_by_pathway(findings, _timely)),
    )


def utilisation(findings: Findings) -> Iterator[Sheet]:
    """The share of their time for which staff are in use."""
    yield Sheet(
        name="Staff utilisation",
        title="How busy staff are",
        about="the share of the time given to this work that is in use, by role and pathway",
        says=("Roles with an unlimited headcount are left out: nobody is ever short of them.",),
        columns=compared_columns([findings.comparator, *findings.options]),
        rows=list(_used(findings)),
    )


def _used(findings: Findings) -> Iterator[tuple[Cell, ...]]:
    """The rows of roles of which there are only so many people."""
    for row in compared_rows(_by_pathway(findings, _busy)):
        if any(isinstance(cell, Number) for cell in row):
            yield row


def _by_pathway(
    findings: Findings, read: Callable[[Timeliness, str], Figures]
) -> dict[str, list[Figures]]:
    """Figures by place, for the comparator and then for every option."""
    by_option = {name: places(findings, name) for name in findings.options}

    def figures(found: dict[str, Metrics], place: str, pathway: str) -> Figures:
        return read(found[place].timeliness, pathway)

    main = by_option[findings.main.option]
    return {
        place: [
            figures(main, place, findings.comparator),
            *(figures(found, place, name) for name, found in by_option.items()),
        ]
        for place in main
    }


def _timely(found: Timeliness, pathway: str) -> Figures:
    """Every figure of time that a pathway has; an option also how much sooner it decides."""
    figures: Figures = {}
    days = (
        (found.time_to_decision_days, DAYS),
        (found.time_to_decision_calendar_days, CALENDAR_DAYS),
    )
    for (by_pathway, kind), (name, word) in product(days, zip(*_MEASURES, strict=True)):
        figures[f"Time to decision, {word}, {kind.unit}"] = (
            kind,
            getattr(by_pathway[pathway], name),
        )
    figures["Waiting, mean"] = (DAYS, found.waiting_days_per_case[pathway])
    figures["Decided within the target"] = (PORTION, found.within_target[pathway])
    for target, shares in found.other_targets.items():
        figures[f"Within the target for {plain_name(target)}"] = (PORTION, shares[pathway])
    for outcome, shares in found.outcome_share.items():
        figures[f"Ended in {plain_name(outcome)}"] = (PORTION, shares[pathway])
    return figures | {"Withdrawn": (PORTION, found.withdrawn_share[pathway])}


def _busy(found: Timeliness, pathway: str) -> Figures:
    return {
        f"Time in use, {plain_name(role)}": (PORTION, used)
        for role, used in found.utilisation[pathway].items()
    }
