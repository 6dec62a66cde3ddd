"""Other views of the same money: after optimism bias, by financial year, by agency, by outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from costsim.economics.budget import BudgetRow
from costsim.economics.effectiveness import EffectRow
from costsim.findings import Findings
from costsim.report.page.content import Block, Cell, Section, Table, Text
from costsim.report.page.money import COLUMNS
from costsim.report.page.outcome import option_title, titles
from costsim.report.page.values import cell, tidy
from costsim.results.metrics import ADJUSTED, PROGRAMME
from costsim.scenario.terms import DECISION_DAYS, WITHIN_TARGET
from costsim.words import money, number, plain_name

BUDGET = {
    "one_off": "One-off cost",
    "saving": "Saving",
    "running_cost_change": COLUMNS["running_cost_change"],
    "double_running": COLUMNS["double_running"],
    "net": "Net",
    "cumulative": "Cumulative",
    "other_saving": "Other than staff time",
    "cash": "Cash from staff time",
    "own_staff": "Costs that are time of own staff",
    "net_cash": "Net cash",
    "cumulative_cash": "Cumulative cash",
}
EFFECTS = {
    DECISION_DAYS: "Working days to the decision",
    WITHIN_TARGET: "Share decided within the target",
}
AGENCY = {
    "one_off": "One-off cost",
    "saving": "Saving",
    "running_cost_change": COLUMNS["running_cost_change"],
    "double_running": COLUMNS["double_running"],
    "net_benefit": "Net benefit",
    "net_present_value": "Net present value",
}


def after_optimism(findings: Findings) -> Section | None:
    """The appraisal before and after the declared optimism bias, where one is declared."""
    found = findings.main.programme
    if found.allowance.adjusted_net_benefit.value is None:
        return None
    names = [name.removeprefix(ADJUSTED) for name in vars(found.allowance)]
    known = titles(findings.scenario.years)
    rows = [
        (known[name], cell(name, found.named(name)), cell(name, found.named(f"{ADJUSTED}{name}")))
        for name in names
    ]
    return Section(
        "optimism",
        "After optimism bias",
        [
            Text(
                "The scenario allows for optimism bias. All other figures on this page, and the "
                "panel, are before that allowance."
            ),
            Table(
                "Before and after optimism bias, with 95% intervals",
                ("Figure", "Before", "After"),
                rows,
            ),
        ],
    )


def budget(findings: Findings) -> Section | None:
    """Cash by financial year, in the prices of each year, where prices of all years are known."""
    rows = findings.budget.get(PROGRAMME, ())
    if not rows:
        return None
    header = ("Financial year", "Price level", *BUDGET.values())
    return Section(
        "budget",
        "Budget view",
        [
            Text(
                "What the accounts of each financial year would show, in the prices of that year "
                "(nominal, not discounted). Cash is kept apart from the value of time released, "
                "and leaves out time of staff who are paid anyway. The money of a year is spread "
                "evenly through it, also where the new way goes live within the year."
            ),
            Table("Money by financial year, all together", header, list(map(_year, rows))),
        ],
    )


def _year(row: BudgetRow) -> tuple[str, ...]:
    amounts = (money(getattr(row, name)) for name in BUDGET)
    return row.financial_year, number(row.price_level, 4), *amounts


def agencies(findings: Findings) -> Section | None:
    """Who pays and who gains, where a cost names an agency other than the council."""
    rows = findings.agencies.get(PROGRAMME, ())
    if len(rows) < 2:
        return None
    table = Table(
        f"Money by agency over the horizon, in {findings.scenario.price_year} prices",
        ("Agency", *AGENCY.values()),
        [(row.agency, *(money(getattr(row, name)) for name in AGENCY)) for row in rows],
    )
    return Section("agencies", "Who pays and who gains", [table])


def effects(findings: Findings) -> Section | None:
    """Effects other than money, and what they cost."""
    if not findings.effects:
        return None
    blocks: list[Block] = [
        Text(
            "For each case, against the comparator; a positive effect is better. A pathway is "
            "dominated where another, or two others mixed, do as much for less: a comparator that "
            "is dominated by the only option costs more and achieves no more. ICER: pounds for "
            "one more unit of effect, against the pathway named beside it; none is defined for "
            "the first of the frontier, nor for what is dominated."
        )
    ]
    for name, rows in findings.effects.items():
        blocks.append(_effect(findings, name, rows))
    return Section("effects", "Cost-effectiveness", blocks)


def _effect(findings: Findings, name: str, rows: Sequence[EffectRow]) -> Table:
    header = (
        "Pathway", "Effect", "Cost", "More effect", "More cost", "Standing", "ICER",
        "Compared with", "Net monetary benefit",
    )  # fmt: skip
    return Table(
        f"{EFFECTS.get(name, plain_name(name).capitalize())}, with 95% intervals",
        header,
        [tuple(_effect_row(findings, row)) for row in rows],
        words=frozenset({5, 7}),
    )


def _effect_row(findings: Findings, row: EffectRow) -> Iterator[str | Cell]:
    yield option_title(findings, row.pathway)
    yield _plain(row.effect)
    yield money(row.cost)
    low, high = row.incremental_effect_low, row.incremental_effect_high
    yield Cell(_plain(row.incremental_effect), _ends(_plain(low), _plain(high)))
    ends = _ends(money(row.incremental_cost_low), money(row.incremental_cost_high))
    yield Cell(money(row.incremental_cost), ends)
    yield row.standing
    yield "not defined" if row.icer is None else money(row.icer)
    yield row.compared_with
    worth = row.net_monetary_benefit_low, row.net_monetary_benefit_high
    yield Cell(money(row.net_monetary_benefit), _ends(*map(money, worth)))


def _plain(value: float | None) -> str:
    return "none" if value is None else tidy(value, 4)


def _ends(low: str, high: str) -> str:
    return "" if low == high == "none" else f"{low} to {high}"
