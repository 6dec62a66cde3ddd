"""Sheets about whose money it is, in which account and year, and what it buys besides money."""

from __future__ import annotations

from collections.abc import Iterator

from costsim.economics.agencies import AgencyRow
from costsim.economics.budget import BudgetRow
from costsim.economics.effectiveness import EffectRow
from costsim.findings import Findings
from costsim.report.workbooks.accessible import (
    DECIMAL,
    FACTOR,
    MONEY,
    SHARE,
    Cell,
    Column,
    Gap,
    Sheet,
    amount,
    text,
)
from costsim.report.workbooks.results_figures import INTERVAL, field_cells, field_columns, owned
from costsim.report.workbooks.results_money import CASH_FLOW, priced, under
from costsim.scenario.terms import DECISION_DAYS, WITHIN_TARGET
from costsim.words import plain_name

COSTS = {name: CASH_FLOW[name] for name in ("saving", "running_cost_change", "double_running")}
BUDGET = {
    **COSTS,
    "financial_year": ("Financial year", "From 1 April to 31 March.", ""),
    "price_level": (
        "Price level",
        "What a pound of the scenario's price year is in this year's prices.",
        FACTOR,
    ),
    "one_off": ("One-off cost", "Falls on the first day.", MONEY),
    "net": ("Net", "The saving less the costs of the year.", MONEY),
    "cumulative": ("Cumulative net", "", MONEY),
    "other_saving": ("Saving other than staff time", "", MONEY),
    "cash": ("Cash of posts that go", "The part of the saving that leaves the pay bill.", MONEY),
    "own_staff": (
        "Costs that are time of own staff",
        "In co-production and in double running: these people are paid anyway.",
        MONEY,
    ),
    "net_cash": (
        "Net cash",
        "What the account shows: cash and savings other than staff time, less the costs other "
        "than time of own staff.",
        MONEY,
    ),
    "cumulative_cash": ("Cumulative net cash", "", MONEY),
}
AGENCY = {
    **COSTS,
    "agency": ("Agency", "", ""),
    "one_off": ("One-off cost", "Falls at time 0 and is not discounted.", MONEY),
    "net_benefit": ("Net benefit", "The saving less the three costs, undiscounted.", MONEY),
    "net_present_value": ("Net present value", "", MONEY),
}
UNITS = {DECISION_DAYS: ("working days", DECIMAL), WITHIN_TARGET: ("share of cases", SHARE)}
EFFECTS = {DECISION_DAYS: "Days to decision", WITHIN_TARGET: "Decided within the target"}
MORE = "Against the comparator; positive is better, which for days means fewer."
STANDING = (
    "Dominated: another pathway costs no more and achieves no less. Extendedly dominated: a "
    "mixture of two others does better. The rest are on the frontier."
)
ICER = (
    "Incremental cost-effectiveness ratio: pounds for one more unit of the effect than the pathway "
    "before it on the frontier."
)
WORTH = "Incremental effect at what a unit of it is worth, less the incremental cost."


def budget(findings: Findings) -> Iterator[Sheet]:
    """Cash by financial year, in the prices of each."""
    yield Sheet(
        name="Budget",
        title="Budget view: cash by financial year",
        about=f"money by financial year, all sites together and each site{under(findings)}",
        says=("Money here is nominal: in pounds of its own year, and not discounted.",),
        columns=(Column("Site"), *field_columns(BudgetRow, BUDGET)),
        rows=[(site, *field_cells(row, BUDGET)) for site, row in owned(findings, findings.budget)],
    )


def agencies(findings: Findings) -> Iterator[Sheet]:
    """Who pays and who gains, where a role or a cost names another agency than the council."""
    if all(len(rows) == 1 for rows in findings.agencies.values()):
        return
    yield Sheet(
        name="Agencies",
        title="Who pays and who gains",
        about=f"the money of each agency over the years appraised{under(findings)}",
        says=(priced(findings),),
        columns=(Column("Site"), *field_columns(AgencyRow, AGENCY)),
        rows=[
            (site, *field_cells(row, AGENCY)) for site, row in owned(findings, findings.agencies)
        ],
    )


def effects(findings: Findings) -> Iterator[Sheet]:
    """Cost and effect of every pathway, for each effect."""
    yield Sheet(
        name="Cost-effectiveness",
        title="What the money buys: cost-effectiveness for one case",
        about="cost and effect of each pathway, for each outcome other than money",
        says=("All of them are simulated.", priced(findings)),
        columns=_effect_columns(),
        rows=[_effect(name, row) for name, rows in findings.effects.items() for row in rows],
    )


def _effect_columns() -> list[Column]:
    return [
        Column("Effect"),
        Column("Unit"),
        Column("Pathway"),
        Column("Effect of a case"),
        Column("Cost of a case, pounds"),
        *_with_ends("Incremental effect", MORE),
        *_with_ends("Incremental cost, pounds", "Against the comparator."),
        Column("Standing", STANDING),
        Column("Pounds for one more", ICER),
        Column("Compared with"),
        Column("Worth of one, pounds"),
        *_with_ends("Net monetary benefit, pounds", WORTH),
    ]


def _with_ends(title: str, note: str) -> list[Column]:
    ends = (Column(f"{title}, 95% interval {end}", INTERVAL) for end in ("from", "to"))
    return [Column(title, note), *ends]


def _effect(name: str, row: EffectRow) -> list[Cell]:
    unit, form = UNITS.get(name, ("score", DECIMAL))
    return [
        EFFECTS.get(name, plain_name(name).capitalize()),
        unit,
        plain_name(row.pathway),
        amount(row.effect, form, Gap.NOT_AVAILABLE),
        amount(row.cost, MONEY, Gap.NOT_AVAILABLE),
        *_three(row, "incremental_effect", form),
        *_three(row, "incremental_cost", MONEY),
        row.standing,
        amount(row.icer, MONEY),
        text(plain_name(row.compared_with)),
        amount(row.worth, MONEY),
        *_three(row, "net_monetary_benefit", MONEY),
    ]


def _three(row: EffectRow, name: str, form: str) -> list[Cell]:
    """A value and the ends of its interval, which one replication alone does not have."""
    value, *ends = (getattr(row, f"{name}{end}") for end in ("", "_low", "_high"))
    gap = Gap.NOT_APPLICABLE if value is None else Gap.NOT_AVAILABLE
    return [amount(each, form, gap) for each in (value, *ends)]
