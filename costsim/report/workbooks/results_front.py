"""The first sheets of the results workbook: what it is and who made it, its contents, its notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from costsim.findings import Findings
from costsim.report.workbooks.accessible import (
    NOTES,
    WHOLE,
    YEAR,
    Cell,
    Column,
    Gap,
    Link,
    Number,
    Sheet,
    marker,
    numbered,
)
from costsim.report.workbooks.results_figures import owner
from costsim.words import pathway_title, plain_name

CONTENTS = "Contents"
UNNAMED = "Not named in the scenario: a person must still say who."
LARGEST_EXACT = 10**15


def cover(findings: Findings) -> Sheet:
    """What the workbook is, and with what it was made."""
    return Sheet(
        name="Cover",
        title=findings.scenario.title,
        about="what this workbook is and how it was made",
        says=(
            Link("What is on each sheet: the Contents sheet.", CONTENTS),
            Link("What notes and shorthand mean: the Notes sheet.", NOTES),
        ),
        columns=(Column("About"), Column("Detail")),
        rows=(*_what(findings), *_compared(findings), *_made(findings)),
    )


def _what(findings: Findings) -> Iterator[tuple[str, Cell]]:
    """What it is, for whom, and whom to ask, which the scenario does not say."""
    scenario = findings.scenario
    yield (
        "What it is",
        "The results of a costsim run as values, without formulas: what a new way of assessing "
        "disabled children saves or costs a council, how soon it is repaid, and how sure that is.",
    )
    if scenario.description:
        yield "What a reader should know first", scenario.description
    for role in ("commissioner", "analyst", "assurer", "approver"):
        yield f"{role.capitalize()} of the analysis", getattr(scenario.quality, role) or UNNAMED
    yield "Contact", "Not part of the scenario: add here whom readers can ask, before you publish."
    yield "Prices", f"All money is in pounds, in {scenario.price_year} prices."
    yield "Years appraised", Number(scenario.years, YEAR)
    yield "Checks of the run", "all passed" if findings.passed else "SOME FAILED: see Checks"


def _compared(findings: Findings) -> Iterator[tuple[str, Cell]]:
    scenario = findings.scenario
    sites = "; ".join(owner(findings, name) for name in sorted(scenario.sites))
    yield "Sites", sites
    old = findings.comparator
    yield "Comparator", f"{plain_name(old)}: {pathway_title(scenario, old)}"
    for name in findings.options:
        yield "Option compared with it", f"{plain_name(name)}: {pathway_title(scenario, name)}"


def _made(findings: Findings) -> Iterator[tuple[str, Cell]]:
    """The file, the program and the luck: whoever has these gets the same numbers."""
    made = findings.summary
    yield "Made by", f"costsim {made['versions']['costsim']}"
    yield "Scenario file", made["scenario"]["file"]
    yield "Fingerprint of the scenario (SHA-256)", made["scenario"]["sha256"]
    yield "Engine", made["engine"]
    yield "Seed", identifier(made["seed"])
    yield "Replications", Number(made["replications"], WHOLE)
    yield (
        "Date",
        "None is recorded: the same scenario, seed and versions give this same file on any day.",
    )


def identifier(number: int) -> Cell:
    """A whole number as a number, or as text where a spreadsheet would round it."""
    if abs(number) < LARGEST_EXACT:
        return Number(number, YEAR)
    return f"{number} (text, because a spreadsheet would round it)"


def contents(sheets: Sequence[Sheet]) -> Sheet:
    """A list of all sheets, with links to them and the number of rows in each."""
    return Sheet(
        name=CONTENTS,
        title="Contents",
        about="the sheets of this workbook, with links to them",
        columns=(Column("Sheet"), Column("What it shows"), Column("Rows of its table")),
        rows=[
            (Link(each.name, each.name), _sentence(each.about), Number(len(each.rows), WHOLE))
            for each in sheets
        ],
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def notes(sheets: Sequence[Sheet]) -> Sheet:
    """Every note that a header points to, and all shorthand."""
    texts = [(marker(number), text) for text, number in numbered(sheets).items()]
    shorthand = [(gap.value, _sentence(gap.meaning)) for gap in Gap]
    return Sheet(
        name=NOTES,
        title="Notes",
        about="the notes that headers point to, and the shorthand that stands in cells",
        columns=(Column("Marker"), Column("What it means")),
        rows=[*texts, *shorthand],
    )
