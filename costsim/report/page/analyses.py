"""What was analysed after the run: how sure it is, what drives it, what knowing more is worth."""

from __future__ import annotations

from collections.abc import Iterator

from costsim.drawing.markup import Alternative
from costsim.findings import Findings
from costsim.report.analyses import exhibit
from costsim.report.analyses.exhibit import Exhibit
from costsim.report.analyses.shown import text
from costsim.report.analyses.stored import refusal, stored
from costsim.report.page.content import (
    Block,
    Heading,
    Listing,
    Notice,
    Picture,
    Section,
    Table,
    Text,
)
from costsim.report.page.drawings import fit
from costsim.report.page.evidence import wordy

TITLES = {
    "uncertainty": "How sure is it?",
    "sensitivity": "What drives it?",
    "voi": "What would it be worth to know more?",
}
PART = "This analysis was interrupted and is of a part only: do not rely on its figures."


def uncertainty(findings: Findings) -> Section | None:
    """How sure the answer is, if that was analysed."""
    return _section(findings, "uncertainty")


def sensitivity(findings: Findings) -> Section | None:
    """What drives the answer, if that was analysed."""
    return _section(findings, "sensitivity")


def information(findings: Findings) -> Section | None:
    """What knowing more is worth, if that was analysed."""
    return _section(findings, "voi")


def _section(findings: Findings, kind: str) -> Section | None:
    """One analysis; raises `ResultsError` where it cannot be shown."""
    found = next((each for each in stored(findings.folder) if each.kind == kind), None)
    if found is None:
        return None
    return Section(f"analysis-{kind}", TITLES[kind], [*_blocks(findings, found)])


def _blocks(findings: Findings, found: Exhibit) -> Iterator[Block]:
    yield from (Text(words) for words in found.paragraphs)
    warnings = (*[PART] * found.interrupted, *found.warnings)
    if warnings:
        yield Notice("What to mind", warnings, grave=found.interrupted)
    for table in found.tables:
        yield from _table(table)
    for number, picture in enumerate(found.pictures, start=1):
        yield _picture(findings, found.kind, number, picture)


def _table(table: exhibit.Table) -> Iterator[Block]:
    """A table, or a list where it has one column; what is said of it comes after it."""
    rows = [list(map(text, row)) for row in table.rows]
    if len(table.columns) == 1:
        yield Heading(table.caption)
        yield Listing([words for (words,) in rows])
    elif rows:
        yield Table(table.caption, [each.title for each in table.columns], rows, _wordy(table))
    if table.note:
        yield Text(table.note, "small")


def _wordy(table: exhibit.Table) -> frozenset[int]:
    """The columns that hold words."""
    return frozenset(n for n, column in enumerate(table.columns) if column.kind == "text")


def _picture(findings: Findings, kind: str, number: int, picture: exhibit.Picture) -> Picture:
    """A picture under a name of its own, which its ids begin with."""
    name = f"analysis-{kind}-{number}"
    try:
        drawing = fit(picture.svg, Alternative(name, picture.title, picture.description))
    except ValueError as error:
        reason = f"holds a picture that is not put into a page ({picture.name}): {error}"
        raise refusal(findings.folder, kind, reason) from error
    caption = f"Numbers behind: {picture.title}"
    return Picture(
        name=name,
        title=picture.title,
        subtitle=picture.subtitle,
        source=picture.source,
        drawing=drawing,
        table=Table(caption, picture.header, picture.rows, words=wordy(picture.rows)),
    )
