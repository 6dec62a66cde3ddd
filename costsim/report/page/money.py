"""Tables of the money: the cash flow of every year, and what each activity takes and costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from costsim.economics.activities import NOBODY, OTHER, ActivityRow
from costsim.economics.appraisal import CashFlowRow
from costsim.findings import Findings
from costsim.report.page.content import Block, Details, Section, Table, Text
from costsim.report.page.outcome import option_title, title_at
from costsim.results.metrics import PROGRAMME
from costsim.words import money, number, plain_name, site_title

COLUMNS = {
    "year": "Year",
    "one_off": "One-off cost",
    "saving": "Saving",
    "running_cost_change": "Rise in running costs",
    "double_running": "Double running",
    "net_saving": "Net saving",
    "cumulative": "Cumulative",
    "discount_factor": "Discount factor",
    "discounted_net": "Discounted net",
    "discounted_cumulative": "Discounted cumulative",
}
OPTIONAL = ("running_cost_change", "double_running")


def by_year(findings: Findings) -> Section:
    """The cash flow of the programme, then of each site where there are several."""
    blocks: list[Block] = [_explained(findings)]
    for owner, rows in findings.cash_flow.items():
        if owner == PROGRAMME:
            blocks.append(_cash_flow("Cash flow by year, all together", rows))
        elif len(findings.cash_flow) > 2:
            title = site_title(findings.scenario, owner)
            blocks.append(Details(title, _cash_flow(f"Cash flow by year: {title}", rows)))
    return Section("years", "Cash flow by year", blocks)


def _explained(findings: Findings) -> Text:
    timing = findings.scenario.discounting.timing.replace("_", " ")
    return Text(
        f"Money of {option_title(findings, findings.main.option)}, in "
        f"{findings.scenario.price_year} prices (real, not nominal). The one-off cost falls at "
        f"time 0 and is not discounted; the money of each year counts as falling at: {timing}. "
        "Cumulative is after the one-off cost."
    )


def _cash_flow(caption: str, rows: Sequence[CashFlowRow]) -> Table:
    """The columns of an account, less costs that are never paid."""
    names = sorted(COLUMNS.keys() - _unpaid(rows), key=list(COLUMNS).index)
    return Table(
        caption,
        [COLUMNS[name] for name in names],
        [[_shown(name, getattr(row, name)) for name in names] for row in rows],
    )


def _unpaid(rows: Sequence[CashFlowRow]) -> set[str]:
    return {name for name in OPTIONAL if not any(map(attrgetter(name), rows))}


def _shown(name: str, value: float) -> str:
    if name == "year":
        return str(value)
    return number(value, 4) if name == "discount_factor" else money(value)


def activities(findings: Findings) -> Section:
    """Every activity of every pathway, by site: visits, minutes and pounds of a referral."""
    blocks: list[Block] = [
        Text(
            "For each referral on average, at full roll-out. Added up over a pathway they are the "
            "cost of a case. Visits, minutes and costs are simulated; prices are inputs."
        )
    ]
    for site, rows in findings.activities.items():
        blocks += _site(findings, site, rows)
    return Section("activities", "What each activity takes and costs", blocks)


def _site(findings: Findings, site: str, rows: Sequence[ActivityRow]) -> Iterator[Details]:
    for world, found in groupby(rows, attrgetter("pathway")):
        caption = f"{site_title(findings.scenario, site)}: {title_at(findings, site, world)}"
        yield Details(caption, _world(findings, site, caption, list(found)))


def _world(findings: Findings, site: str, caption: str, rows: Sequence[ActivityRow]) -> Table:
    """The activities of one world at one site, and what they come to."""
    minutes, cost = (sum(map(attrgetter(name), rows)) for name in ("minutes", "cost"))
    total = ("All activities", "", "", number(minutes, 1), "", money(cost))
    header = ("Activity", "Who", "Visits", "Minutes", "Price", "Cost")
    lines = [_activity(findings, site, row) for row in rows]
    return Table(caption, header, [*lines, total], words=frozenset({1}))


def _activity(findings: Findings, site: str, row: ActivityRow) -> tuple[str, ...]:
    known = findings.scenario.sites[site].pathways[row.route].activities
    title = known[row.activity].title or plain_name(row.activity).capitalize()
    route = f" ({row.route})" if row.route != row.pathway else ""
    price = {OTHER: f"{money(row.price)} a visit", NOBODY: ""}
    return (
        f"{title}{route}",
        {OTHER: "other cost", NOBODY: "nobody"}.get(row.role, plain_name(row.role)),
        number(row.visits, 3),
        number(row.minutes, 1),
        price.get(row.role, f"{money(row.price)} an hour"),
        money(row.cost),
    )
