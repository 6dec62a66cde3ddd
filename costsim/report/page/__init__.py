"""The report as one HTML file: the answer first, then the what-if panel, tables and evidence.

It opens without a network, asks for nothing, and says the same with scripts off.
"""

from __future__ import annotations

from collections.abc import Callable

from costsim.findings import Findings
from costsim.report.page import accounts, analyses, evidence, method, money, outcome, render, whatif
from costsim.report.page.content import Section

SECTIONS: tuple[Callable[[Findings], Section | None], ...] = (
    outcome.the_answer,
    analyses.uncertainty,
    outcome.sites_and_times,
    outcome.is_it_cash,
    outcome.published,
    whatif.what_if,
    evidence.pictures,
    analyses.sensitivity,
    analyses.information,
    money.by_year,
    accounts.after_optimism,
    accounts.budget,
    accounts.agencies,
    accounts.effects,
    money.activities,
    evidence.assumptions_log,
    evidence.checklists_filled,
    evidence.assurance,
    method.method,
)
"""What the page says, in this order; one that returns None is left out."""


def page(findings: Findings) -> str:
    """The whole of report.html; the same findings give the same text."""
    made = (section(findings) for section in SECTIONS)
    sections = [section for section in made if section is not None]
    return render.html(findings.scenario.title, method.compared(findings), sections)
