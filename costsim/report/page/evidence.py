"""Figures with the numbers behind them, and the evidence: assumptions, checklists, assurance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from costsim.findings import Findings
from costsim.report.page.content import Block, Cell, Heading, Picture, Section, Table, Text
from costsim.report.rates import build_ups
from costsim.units import counted

if TYPE_CHECKING:
    from costsim.drawing.figure import Figure
    from costsim.report.evidence import Assumption, Checklist, ChecklistItem

TO_WRITE = "To be written: "
_FIGURE = re.compile(r"[-+]?£?[0-9][^a-z]*( to [^a-z]*)?$|$|never|none|exact")


def pictures(findings: Findings) -> Section:
    """Every figure, each with its data table."""
    from costsim.report.figures import figures

    found = [_picture(each) for each in figures(findings)]
    return Section("figures", "Figures", found)


def _picture(figure: Figure) -> Picture:
    rows = [tuple(map(str, row)) for row in figure.rows]
    header = tuple(map(str, figure.header))
    table = Table(f"Numbers behind: {figure.title}", header, rows, words=wordy(rows))
    return Picture(
        name=figure.name,
        title=figure.title,
        subtitle=figure.subtitle,
        source=figure.source,
        drawing=figure.svg(),
        table=table,
    )


def wordy(rows: Sequence[Sequence[str]]) -> frozenset[int]:
    """The columns that hold words, and not figures alone."""
    columns = enumerate(zip(*rows, strict=True))
    return frozenset(n for n, cells in columns if not all(map(_FIGURE.match, cells)))


def assumptions_log(findings: Findings) -> Section:
    """Every input with its source and range; those that change no result are marked."""
    from costsim.report.evidence import assumptions

    found = assumptions(findings)
    files = {each.place.rpartition(":")[0] for each in found} - {""}
    one = len(files) == 1
    where = f" Lines are those of {min(files)}." if one else ""
    header = ("Input", "Value", "10% to 90%", "Source", "Note", "Line" if one else "Place", "Used")
    rows = [_assumed(each, one) for each in found]
    table = Table("Assumptions log", header, rows, words=frozenset({3, 4, 5, 6}))
    log: list[Block] = [Text(f"{_used(found)}{where}"), table]
    return Section("assumptions", "Assumptions log", [*log, *_build_ups(findings)])


def _build_ups(findings: Findings) -> list[Table]:
    """Every hourly cost that is built up from a year's pay."""
    year = findings.scenario.price_year
    return [
        Table(f"What an hour costs: {each.role}, {year} prices", ("A year", "Amount"), each.lines)
        for each in build_ups(findings.scenario)
    ]


def _used(found: Sequence[Assumption]) -> str:
    """How many inputs there are, and how many of them change nothing."""
    unused = sum(not each.used for each in found)
    change = "changes" if unused == 1 else "change"
    said = f"{counted(unused, 'input')} {change} no result" if unused else "each is used"
    return f"{counted(len(found), 'input')}; {said}."


def _assumed(each: Assumption, line_only: bool) -> tuple[str, ...]:
    """One input: what it is, and what is said of it."""
    source = [each.source or "no source given", *filter(None, (each.year, _graded(each)))]
    return (
        each.name,
        each.value,
        each.range,
        ", ".join(source),
        each.note,
        each.place.rpartition(":")[2] if line_only else each.place,
        "yes" if each.used else "NO: unused",
    )


def _graded(each: Assumption) -> str:
    return f"grade {each.grade}" if each.grade else ""


def checklists_filled(findings: Findings) -> Section:
    """Reporting checklists, with what a person must still write left blank."""
    from costsim.report.evidence import checklists

    blocks: list[Block] = [
        Text(
            "What costsim knows is filled in. A blank is for a person: nothing in the scenario or "
            "the run says it."
        )
    ]
    for each in checklists(findings):
        blocks += _checklist(each)
    return Section("checklists", "Reporting checklists", blocks)


def _checklist(each: Checklist) -> Iterator[Block]:
    yield Heading(each.title)
    yield Text(f"Source: {each.source}", "small")
    rows = [(str(item.number), item.name, _filled(item)) for item in each.items]
    yield Table(each.title, ("Item", "What it asks for", "Answer"), rows, words=frozenset({1, 2}))


def _filled(item: ChecklistItem) -> Cell:
    """What is known, and what a person must write."""
    if item.to_write is None:
        return Cell(item.filled or "")
    return Cell(item.filled or "", f"{TO_WRITE}{item.to_write}", blank=True)


def assurance(findings: Findings) -> Section:
    """Quality assurance: who, when, which version, which checks ran."""
    from costsim.report.evidence import quality

    rows = [(fact.name, _known(fact.value)) for fact in quality(findings)]
    checks = [(check.name, check.verdict, check.detail) for check in findings.checks]
    return Section(
        "assurance",
        "Quality assurance",
        [
            Table("Quality assurance record", ("Fact", "Value"), rows, words=frozenset({1})),
            Table(
                "Checks that the run made on itself",
                ("Check", "Result", "What it found"),
                checks,
                words=frozenset({1, 2}),
            ),
        ],
    )


def _known(value: str | None) -> Cell:
    return Cell("", f"{TO_WRITE}nothing is recorded", blank=True) if value is None else Cell(value)
