"""The sheets that a reader meets first: the inputs, and what was simulated."""

from __future__ import annotations

from costsim.economics.activities import OTHER
from costsim.economics.appraisal import LARGEST_FORCE, ROUNDING
from costsim.report.workbooks.auditing.book import INPUT, Book, Cells, Column, Page, letters, text
from costsim.report.workbooks.auditing.entries import Entry, Section, sections
from costsim.report.workbooks.auditing.model import Model, steps
from costsim.scenario.schema import Scenario

VALUE = 3
STAFF = "staff"
SAME = 1e-9
FIXED = (
    ("Minutes_per_hour", "Minutes in an hour", 60.0, "whole"),
    ("Penny", "Half a penny: sums that differ by no more agree", 0.005, "number"),
    ("Repaid_within", "Share of a cost within which an amount is rounding", ROUNDING, "exact"),
    ("Whole_within", "Posts within which a number of them counts as whole", 1e-9, "exact"),
    ("Same_within", "Share by which a figure as run may differ in its last digits", SAME, "exact"),
    ("Largest_force", "Logarithm of the largest growth a year in which a rate of return is sought",
     LARGEST_FORCE, "number"),
)  # fmt: skip
TIMINGS = (("year_end", 1.0), ("mid_year", 0.5), ("year_start", 0.0))


def inputs_page(book: Book, model: Model) -> None:
    """Every number that may be changed, in one place."""
    page = book.page("Inputs")
    page.head(
        "Inputs",
        "Change only cells in the column 'Value: may be changed' (yellow, blue figures, a border). "
        "Everything else follows from them by formulas.",
        f"Money is in pounds of {model.scenario.price_year} prices, real. Costs are entered as "
        "positive amounts. 'As run' is what the simulation was run with; 'Changed' is 1 where "
        "the value differs from it.",
        "The simulated minutes and visits (sheet Simulation) do not follow from these inputs: "
        "to change the pathways, the waits or the staff, run costsim again.",
    )
    for number, width in enumerate(_WIDTHS):
        page.widen(number, width)
    changed = [_section(page, each, model.last_year) for each in sections(model)]
    page.say("How many inputs differ from the run", "heading")
    book.name_cell("Inputs_changed", page, VALUE)
    total = "=" + "+".join(f"SUM({name})" for name in changed)
    page.put(VALUE, 0, "whole", total)
    page.row += 2
    _fixed(page, model)


_WIDTHS = (16, 28, 22, 14, 30, 14, 9, 70)


def _section(page: Page, section: Section, last_year: int) -> str:
    """A section of inputs; the name of its column of changes."""
    page.say(section.title, "heading")
    first = page.row + 1
    page.header(
        ["Site", section.item, section.detail or "-", "Value: may be changed", "Unit", "As run",
         "Changed (1 = yes)", "Source or note"],
        (VALUE, 5, 6),
    )  # fmt: skip
    for number, each in enumerate(section.entries):
        if section.names:
            page.book.name_cell(section.names[number], page, VALUE)
        _entry(page, each, last_year)
    keys = ["site", "item", "detail", "value", "unit", "as_run", "changed", "source"]
    page.book.name_columns(page, keys, (first, page.row - 1), section.prefix)
    page.row += 1
    return f"{section.prefix}_changed"


def _entry(page: Page, entry: Entry, last_year: int) -> None:
    row = page.row + 1
    page.put(0, entry.site, "text")
    page.put(1, entry.item, "text")
    page.put(2, entry.detail, "text" if isinstance(entry.detail, str) else "whole")
    page.put(VALUE, entry.value, f"{INPUT} {entry.style}")
    page.put(4, entry.unit, "text")
    page.put(5, entry.value, entry.style)
    page.put(6, 0, "whole", f"=IF(D{row}=F{row},0,1)")
    page.put(7, entry.source, "text")
    page.sheet.data_validation(page.row, VALUE, page.row, VALUE, _allowed(entry, last_year))
    page.row += 1


def _allowed(entry: Entry, last_year: int) -> dict[str, object]:
    """What Excel lets somebody type into the cell."""
    if isinstance(entry.value, str):
        return {"validate": "list", "source": [name for name, _ in TIMINGS]}
    lowest: dict[str, object] = {"validate": "decimal", "criteria": ">="}
    if entry.item == "Horizon":
        return {"validate": "integer", "criteria": "between", "minimum": 1,
                "maximum": last_year,
                "error_message": f"Whole years, from 1 to {last_year}."}  # fmt: skip
    if entry.style == "percent":
        return {"validate": "decimal", "criteria": "between", "minimum": -1, "maximum": 1,
                "error_message": "A share between -100 % and 100 %."}  # fmt: skip
    return lowest | {"value": 0, "error_message": "A number, zero or more."}


def _fixed(page: Page, model: Model) -> None:
    page.say("Fixed numbers: do not change", "heading")
    page.header(["", "What", "", "Value"])
    rows = (*FIXED, ("Last_year", "Last year that is laid out", float(model.last_year), "whole"))
    for name, what, value, style in rows:
        page.put(1, what, "text")
        page.book.name_cell(name, page, VALUE)
        page.put(VALUE, value, style)
        page.row += 1
    page.row += 1
    page.say("When in its year money falls, in years after the year begins", "heading")
    page.header(["", "Timing", "", "Share of the year"])
    first = page.row
    for name, share in TIMINGS:
        page.put(1, name, "text")
        page.put(VALUE, share, "number")
        page.row += 1
    keys = ["_", "name", "__", "share"]
    page.book.name_columns(page, keys, (first, page.row - 1), "Timings")


def simulation_page(book: Book, model: Model) -> None:
    """What was simulated: the numbers that no spreadsheet can compute again."""
    findings = model.findings
    page = book.page("Simulation")
    page.head(
        "Simulation: what a referral takes on average (simulated values, not formulas)",
        f"Means of {findings.summary['replications']:,} replications, seed "
        f"{findings.summary['seed']}, engine {findings.summary['engine']}. A spreadsheet cannot "
        "compute them again; costsim run with the same scenario and seed gives them exactly.",
        "Per baseline referral of the site: a referral that does not take up the new way follows "
        "the old one within it ('Activity of').",
        "Simulated cells are blue-grey and in italics. Do not change them.",
    )
    columns = [
        text("site", "Site"), text("pathway", "Pathway compared"), text("route", "Activity of"),
        text("activity", "Activity", 24), text("kind", "Staff, or other cost", 12),
        text("role", "Role", 20),
        Column("visits", "Visits a referral", style="simulated number", width=16),
        Column("minutes", "Staff minutes a referral", style="simulated number", width=16),
    ]  # fmt: skip
    page.keep_header()
    page.table(columns, _steps(model), "Sim")


def _steps(model: Model) -> list[Cells]:
    rows = [
        {"site": site, "pathway": row.pathway, "route": row.route, "activity": row.activity,
         "kind": OTHER if row.role == OTHER else STAFF,
         "role": "-" if row.role == OTHER else row.role,
         "visits": row.visits, "minutes": row.minutes}
        for site, row in steps(model)
    ]  # fmt: skip
    nobody = dict.fromkeys(("site", "pathway", "route", "activity", "kind", "role"), "-")
    return rows or [nobody | {"visits": 0.0, "minutes": 0.0}]


def costs_page(book: Book, model: Model) -> list[Cells]:
    """Minutes and visits times prices."""
    page = book.page("Activity costs")
    page.head(
        "Activity costs of a referral",
        "Cost = minutes / 60 x hourly cost + visits x cost of a visit; pounds a baseline referral. "
        "Minutes and visits are links to the sheet Simulation, row by row.",
        "Prices are looked up in the sheet Inputs by site and role, or site, pathway and activity.",
    )
    page.row = book.first_rows["Sim"] - 1  # so that both sheets have the same rows
    linked = [
        _link(key, title, width)
        for key, title, width in (
            ("site", "Site", 16), ("pathway", "Pathway compared", 16), ("route", "Activity of", 16),
            ("activity", "Activity", 24), ("kind", "Staff, or other cost", 12),
            ("role", "Role", 20), ("visits", "Visits", 14), ("minutes", "Minutes", 14),
        )
    ]  # fmt: skip
    columns = [
        *linked,
        Column("hourly", "Hourly cost, £",
               "=SUMPRODUCT((Hourly_site={site})*(Hourly_item={role})*Hourly_value)", _hourly),
        Column("unit", "Other cost of a visit, £",
               f'=IF({{kind}}="{OTHER}",SUMPRODUCT((Unit_site={{site}})*(Unit_item={{route}})'
               "*(Unit_detail={activity})*Unit_value),0)", _unit),
        Column("cost", "Cost of a referral, £",
               "={minutes}/Minutes_per_hour*{hourly}+{visits}*{unit}", _cost, width=14),
    ]  # fmt: skip
    rows = [row | {"scenario": model.scenario} for row in _steps(model)]
    page.keep_header()
    return page.table(columns, rows, "Act")


_KEYS = ("site", "pathway", "route", "activity", "kind", "role", "visits", "minutes")


def _link(key: str, title: str, width: float) -> Column:
    """A column that repeats one of the sheet Simulation, row by row."""
    style = "number" if key in ("visits", "minutes") else "text"
    letter = letters(_KEYS.index(key))
    return Column(key, title, f"=Simulation!{letter}{{row}}", None, style, "", width)


def _hourly(cells: Cells, _before: Cells) -> float:
    scenario: Scenario = cells["scenario"]
    if cells["kind"] != STAFF:
        return 0.0
    return scenario.sites[cells["site"]].staff[cells["role"]].rate


def _unit(cells: Cells, _before: Cells) -> float:
    if cells["kind"] == STAFF or cells["site"] == "-":
        return 0.0
    site = cells["scenario"].sites[cells["site"]]
    money = site.pathways[cells["route"]].activities[cells["activity"]].cost
    return float(money.pounds) if money else 0.0


def _cost(cells: Cells, _before: Cells) -> float:
    staff = cells["minutes"] / 60 * cells["hourly"]
    return float(staff + cells["visits"] * cells["unit"])
