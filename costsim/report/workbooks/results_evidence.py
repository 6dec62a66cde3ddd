"""Sheets about what the figures rest on: activities, assumptions, checks and warnings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath

from costsim.economics.activities import NOBODY, OTHER, ActivityRow
from costsim.findings import Findings
from costsim.report.workbooks.accessible import (
    DECIMAL,
    GENERAL,
    MONEY,
    WHOLE,
    YEAR,
    Cell,
    Column,
    Gap,
    Number,
    Sheet,
    amount,
    text,
)
from costsim.report.workbooks.results_figures import owned
from costsim.results.folder import SCENARIO
from costsim.scenario.inputs import Input, inputs
from costsim.words import in_words, plain_name

RANGE = "One in ten chances that it is less, and one in ten that it is more: how unsure it is."
AS_WRITTEN = "As people write it: in days or hours, say, where the value is in minutes."
GRADE = "How good the evidence is, from 1 (measured here, lately and on many cases) to 6 (opinion)."
FORMS = {"£": MONEY, "%": "0.0#%", "min": DECIMAL}
UNITS = {"£": "pounds", "%": "share", "min": "working minutes", "": "number"}


def activities(findings: Findings) -> Iterator[Sheet]:
    """What every activity takes and costs, on average for one referral."""
    yield Sheet(
        name="Activities",
        title="What each activity takes and costs, for one referral on average",
        about="visits, staff minutes and cost by site, pathway, activity and role",
        says=(
            "All of them are simulated. The costs of one site and pathway add up to the cost of a "
            "case there.",
        ),
        columns=(
            Column("Site"),
            Column("Pathway"),
            Column("Route", "Under an option some referrals still follow the comparator."),
            Column("Activity"),
            Column("Staff role", "The word other cost stands for cost other than staff time."),
            Column("Visits", "How often a referral comes to this activity, on average."),
            Column("Staff minutes"),
            Column("Price, pounds"),
            Column("Price is for"),
            Column("Cost, pounds"),
        ),
        rows=[(site, *_activity(row)) for site, row in owned(findings, findings.activities)],
    )


def _activity(row: ActivityRow) -> tuple[Cell, ...]:
    worked = row.role != NOBODY
    per = {OTHER: "a visit", NOBODY: "nobody works"}.get(row.role, "an hour")
    return (
        plain_name(row.pathway),
        plain_name(row.route),
        plain_name(row.activity),
        {OTHER: "other cost", NOBODY: "nobody"}.get(row.role, plain_name(row.role)),
        Number(row.visits, "0.0000"),
        Number(row.minutes, DECIMAL),
        Number(row.price, MONEY) if worked else Gap.NOT_APPLICABLE,
        per if worked else Gap.NOT_APPLICABLE,
        Number(row.cost, MONEY),
    )


def assumptions(findings: Findings) -> Iterator[Sheet]:
    """Every number of the scenario, with what is known of it."""
    every = inputs(findings.scenario)
    assumed = sum(each.assumed for each in every)
    yield Sheet(
        name="Assumptions log",
        title="Assumptions log: every input and where it comes from",
        about="the inputs in the order of the scenario file",
        says=(f"Assumed, not measured: {assumed:,} of {len(every):,} inputs.",),
        columns=(
            Column("Input", "Its path in the scenario file."),
            Column("As written", AS_WRITTEN),
            Column("Value"),
            Column("Unit"),
            Column("Range from", RANGE),
            Column("Range to", RANGE),
            Column("Assumed", "Assumed: somebody's judgement. Otherwise it was measured."),
            Column("Source"),
            Column("Year of the source"),
            Column("Grade", GRADE),
            Column("Price year"),
            Column("Note"),
            Column("File"),
            Column("Line"),
        ),
        rows=[_logged(each, findings.folder / SCENARIO) for each in every],
    )


def _logged(each: Input, folder: Path) -> tuple[Cell, ...]:
    low, high = each.p10_p90 or (None, None)
    place = each.place
    return (
        each.name,
        _written(each),
        _valued(each, each.value),
        UNITS.get(each.unit, each.unit),
        _valued(each, low),
        _valued(each, high),
        "yes" if each.assumed else "no",
        text(each.source, Gap.NOT_AVAILABLE),
        _year(each.year),
        amount(each.grade, WHOLE, Gap.NOT_AVAILABLE),
        _year(each.price_year, Gap.NOT_APPLICABLE),
        text(each.note),
        _relative(place.file, folder) if place else Gap.NOT_AVAILABLE,
        Number(place.line, YEAR) if place else Gap.NOT_AVAILABLE,
    )


def _written(each: Input) -> Cell:
    """The value with its unit in words; one that is only a number is a number here too."""
    if each.value is not None and each.unit in ("£", "%", ""):
        return _valued(each, each.value)
    return each.shown


def _valued(each: Input, value: float | None) -> Cell:
    """A value in the input's own unit, with as many decimals as it needs."""
    if value is None:
        return Gap.NOT_APPLICABLE
    plain = WHOLE if value == round(value) else DECIMAL
    return Number(value, GENERAL if 0 < abs(value) < 0.01 else FORMS.get(each.unit, plain))


def _year(written: str | None, otherwise: Gap = Gap.NOT_AVAILABLE) -> Cell:
    """A calendar year as a number, a financial year as text."""
    if written is None:
        return otherwise
    return Number(int(written), YEAR) if written.isdecimal() else written


def _relative(file: str, folder: Path) -> str:
    """A file's name as the scenario knows it, without the folders of whoever made the report."""
    path = PurePath(file)
    inside = path.relative_to(folder) if path.is_relative_to(folder) else PurePath(path.name)
    return inside.as_posix()


def checks(findings: Findings) -> Iterator[Sheet]:
    """What the run checked of itself, and what a reader should mind."""
    yield Sheet(
        name="Checks",
        title="Checks and warnings",
        about="the checks that the run made on itself, and its warnings",
        says=("All checks passed." if findings.passed else "SOME CHECKS FAILED.",),
        columns=(Column("What was said"), Column("Kind"), Column("Check"), Column("Result")),
        rows=[*_checked(findings), *_warned(findings)],
    )


def _checked(findings: Findings) -> Iterator[tuple[Cell, ...]]:
    for each in findings.checks:
        yield in_words(each.detail), "check", each.name, each.verdict


def _warned(findings: Findings) -> Iterator[tuple[Cell, ...]]:
    for said in findings.warnings:
        yield in_words(said), "warning", Gap.NOT_APPLICABLE, Gap.NOT_APPLICABLE
