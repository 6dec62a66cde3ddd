"""The results of a run as a spreadsheet of values, for people who want the numbers and no formulas.

It begins with a cover, a list of contents and the notes; then each sheet holds one table. All of
it follows the Analysis Function's rules for spreadsheets that everybody can read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

from costsim.findings import Findings
from costsim.report.workbooks import (
    results_analyses,
    results_budget,
    results_evidence,
    results_front,
    results_money,
    results_time,
)
from costsim.report.workbooks.accessible import MOST_ROWS, Sheet, parts, workbook

LANGUAGE = "en-GB"
TABLES: tuple[Callable[[Findings], Iterable[Sheet]], ...] = (
    results_money.answers,
    results_money.by_site,
    results_money.published,
    results_time.times,
    results_time.utilisation,
    results_money.cash_flow,
    results_money.cashability,
    results_budget.budget,
    results_budget.agencies,
    results_budget.effects,
    results_analyses.analyses,
    results_evidence.activities,
    results_evidence.assumptions,
    results_evidence.checks,
)
"""What the workbook shows, in order. Each gives its sheets; one without rows is left out."""


def results(findings: Findings) -> bytes:
    """The whole of results.xlsx; the same findings give the same bytes."""
    return workbook(sheets(findings), _properties(findings), LANGUAGE)


def sheets(findings: Findings) -> list[Sheet]:
    """Every sheet in its order: cover, contents, notes, tables."""
    tables = [
        part
        for each in chain.from_iterable(table(findings) for table in TABLES)
        for part in parts(each, MOST_ROWS)
    ]
    notes = results_front.notes(tables)
    return [results_front.cover(findings), results_front.contents([notes, *tables]), notes, *tables]


def _properties(findings: Findings) -> dict[str, str]:
    version = findings.summary["versions"]["costsim"]
    return {
        "title": findings.scenario.title,
        "subject": "Results of a cost analysis, as values",
        "author": f"costsim {version}",
        "comments": f"Made by costsim {version} from {findings.summary['scenario']['file']}.",
    }
