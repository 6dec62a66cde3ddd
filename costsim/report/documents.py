"""The documents of a results folder: the report, both workbooks and the figures.

They are made from what the folder holds, without simulating again, and replace earlier ones: a
document is only another form of the results, which themselves are never touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from costsim.findings import Findings
from costsim.results.folder import replace_files

FIGURES = "figures"


def write_documents(findings: Findings) -> list[Path]:
    """Write every document of some findings into their folder; the paths, in reading order.

    Raises `OutputError` if one cannot be written; the earlier ones are then as they were.
    """
    return replace_files(findings.folder, dict(documents(findings)))


def documents(findings: Findings) -> Iterator[tuple[str, bytes]]:
    """Every document by its name in the folder."""
    from costsim.report.figures import figures
    from costsim.report.page import page
    from costsim.report.workbooks.audit import audit
    from costsim.report.workbooks.results import results

    yield "report.html", page(findings).encode()
    yield "results.xlsx", results(findings)
    yield "audit.xlsx", audit(findings)
    for each in figures(findings):
        yield f"{FIGURES}/{each.name}.svg", each.svg(captioned=True).encode()
        yield f"{FIGURES}/{each.name}.png", each.png()
