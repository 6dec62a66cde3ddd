"""The audit workbook: the money of a run as live formulas that a finance officer can follow.

It begins with the inputs and what was simulated, and ends with the appraisal. Every formula carries
its value, which costsim's own economics computed, and checks say whether all of it holds together.
"""

from __future__ import annotations

from costsim.findings import Findings
from costsim.report.workbooks.auditing.appraisal import appraisal_page, rate_page
from costsim.report.workbooks.auditing.bias import bias_page
from costsim.report.workbooks.auditing.book import Book
from costsim.report.workbooks.auditing.cash import by_year_page, cash_page
from costsim.report.workbooks.auditing.checks import checks_page
from costsim.report.workbooks.auditing.cover import charts_page, cover_page, log_page
from costsim.report.workbooks.auditing.flow import flow_page
from costsim.report.workbooks.auditing.front import costs_page, inputs_page, simulation_page
from costsim.report.workbooks.auditing.model import model
from costsim.report.workbooks.auditing.savings import items_page, savings_page
from costsim.report.workbooks.auditing.years import rollout_page, years_page
from costsim.report.workbooks.text import on_one_line


def audit(findings: Findings) -> bytes:
    """The audit workbook (xlsx) of the main option; the same findings give the same bytes."""
    found = model(findings)
    title = on_one_line(findings.scenario.title)
    book = Book({"title": f"Audit workbook: {title}", "author": "costsim", "comments": ""})
    book.page("Cover")
    inputs_page(book, found)
    simulation_page(book, found)
    costs_page(book, found)
    items_page(book, found)
    savings = savings_page(book, found)
    years_page(book, found)
    rollout_page(book, found)
    flow = flow_page(book, found)
    bias = bias_page(book, found, flow)
    rate_page(book, found, flow)
    cash_page(book, found)
    by_year_page(book, found)
    shown = appraisal_page(book, found, flow, bias)
    log_page(book, found)
    checks_page(book, found, shown)
    charts_page(book, found, savings, flow)
    cover_page(book, found)
    return book.done()
