"""The cover of the audit workbook, its assumptions log and its charts."""

from __future__ import annotations

from costsim.findings import Findings
from costsim.report.workbooks.auditing.book import Book, Cells, Page, text
from costsim.report.workbooks.auditing.model import Model
from costsim.scenario.inputs import Input, inputs
from costsim.words import pathway_title, plain_name, site_title

CONTENTS = {
    "Inputs": "every number that may be changed, with unit, value as run and source",
    "Simulation": "simulated minutes and visits of a referral; no formulas, not to be changed",
    "Activity costs": "minutes and visits times prices, activity by activity",
    "One-off and running": "one-off and running costs, item by item",
    "Savings by site": "cost of a case old and new, saving on a case and a year",
    "Years": "discount factors and real pay, year by year",
    "Roll-out": "share of full use in each year, by site",
    "Cash flow": "savings, costs, net, cumulative and discounted, by owner and year",
    "Optimism bias": "the cash flow after the allowance for optimism bias",
    "Rate of return": "how the internal rate of return is found",
    "Cashability": "hours released, posts and cash over the horizon, by site and role",
    "Cashability by year": "the steps from hours to cash, by site, role and year",
    "Appraisal": "the answers, for all sites and for each",
    "Assumptions log": "each input of the scenario with its source, year, grade and range",
    "Checks": "every check, and the appraisal as run beside the recomputed one",
    "Charts": "cost of a case, and cumulative net benefit by year",
}
FEWEST_CHARTED = 10
DARK, LIGHT = "#1F4E79", "#9DC3E6"


def cover_page(book: Book, model: Model) -> None:
    """What the workbook is, how to use it, and whether its checks hold."""
    page = book.pages["Cover"]
    page.widen(0, 30)
    page.widen(1, 110)
    findings, scenario = model.findings, model.scenario
    page.say("Audit workbook: the money as live formulas", "title")
    page.say(scenario.title, "heading")
    page.row += 1
    _master(book, page)
    known = findings.summary["scenario"]
    versions = findings.summary["versions"]
    _pairs(page, "What it is", {
        "Compared": f"{pathway_title(scenario, findings.main.option)} ({findings.main.option}), "
        f"with {pathway_title(scenario, findings.comparator)} ({findings.comparator}).",
        "Options": _options(findings),
        "Sites": "; ".join(f"{each.name}: {site_title(scenario, each.name)}"
                           for each in model.sites),
        "Money": f"Pounds of {scenario.price_year} prices (real, not cash of the day).",
        "Scenario file": str(known["file"]),
        "SHA-256 of it": str(known["sha256"]),
        "Made by": f"costsim {versions['costsim']}; {findings.summary['replications']:,} "
        f"replications, seed {findings.summary['seed']}.",
    })  # fmt: skip
    _pairs(page, "How to use it", HOW)
    page.say("Sheets", "heading")
    for name in book.pages:
        if name in CONTENTS:
            link = f"internal:'{name}'!A1"
            page.sheet.write_url(page.row, 0, link, book.styles["link"], name)
            page.put(1, CONTENTS[name], "text")
            page.row += 1


HOW = {
    "Cells that may be changed": "Only those in the sheet Inputs, column 'Value: may be changed': "
    "yellow with blue figures and a border. All else is a formula, or a label, or a simulated "
    "value.",
    "Simulated values": "Minutes and visits of a referral (sheet Simulation, blue-grey and in "
    "italics) come from costsim's simulation. A spreadsheet cannot recompute them, so other "
    "pathways, waits or staff need another run.",
    "Sign convention": "Savings and net amounts are positive where money is saved. Costs, and "
    "rises in cost, are entered and shown as positive amounts and are taken off. A negative "
    "saving is a loss.",
    "Time": "Year 0 is the moment of the decision, when the one-off cost falls. Money of a year "
    "falls at its end, middle or beginning, as the input 'Timing' says; savings accrue evenly.",
    "Volume": "The number of referrals scales what a case saves. It does not make queues longer "
    "here; for that, run costsim again.",
    "Rounding": "Nothing is rounded in a formula; cells show fewer digits than they hold. A dash "
    "stands for nothing (0).",
    "Recalculation": "Every formula holds its last value, so the figures show in viewers that do "
    "not recalculate. No macros, no links to other files, nothing hidden, no circular reference.",
}


def _options(findings: Findings) -> str:
    others = [name for name in findings.options if name != findings.main.option]
    if not others:
        return "There is one option."
    return (
        f"This workbook is about the main option, {findings.main.option}, only. Not in it: "
        f"{', '.join(others)}; their figures are in the other reports."
    )


def _master(book: Book, page: Page) -> None:
    checks = book.pages["Checks"]
    failing = "SUMPRODUCT(1-Check_holds)+SUMPRODUCT(1-Run_holds)"
    whole = f"SUMPRODUCT(_xlfn.ISFORMULA({checks.everything})*1)=Checks_formulas"
    page.put(0, "Master check", "heading")
    book.name_cell("Master_check", page, 1)
    page.put(1, True, "holds", f"=IF(ISNUMBER({failing}),AND({failing}=0,{whole}),FALSE)")
    red = book.workbook.add_format({"bg_color": "#F8D7DA", "font_color": "#7A0010"})
    rule = {"type": "cell", "criteria": "==", "value": "FALSE", "format": red}
    page.sheet.conditional_format(page.row, 1, page.row, 1, rule)
    page.row += 1
    page.put(0, "In words", "text")
    page.put(
        1, "All checks hold.", "text",
        '=IF(Master_check,"All checks hold.","A CHECK FAILS. First failing check: "'
        '&IF(ISNUMBER(MATCH(FALSE,Check_holds,0)),INDEX(Check_what,MATCH(FALSE,Check_holds,0)),'
        '"see the sheet Checks"))',
    )  # fmt: skip
    page.row += 1
    page.put(0, "Inputs changed since the run", "text")
    page.put(1, 0, "count", "=Inputs_changed")
    page.row += 1
    page.put(0, "Formulas in the sheet Checks", "text")
    book.name_cell("Checks_formulas", page, 1)
    page.put(1, checks.formulas, "count")
    page.row += 2


def _pairs(page: Page, title: str, pairs: dict[str, str]) -> None:
    page.say(title, "heading")
    for name, words in pairs.items():
        page.put(0, name, "text")
        page.put(1, words, "text")
        page.row += 1
    page.row += 1


def log_page(book: Book, model: Model) -> None:
    """Every input of the scenario with where it comes from."""
    page = book.page("Assumptions log")
    page.head(
        "Assumptions log",
        "Every number of the scenario as it was written, in the order of its file. The money among "
        "them is in the sheet Inputs too, where it can be changed.",
        "Grade: 1 is the best evidence, 6 the weakest. Range: 10 % to 90 % of what the number "
        "might be. Empty where the scenario says nothing.",
    )
    columns = [
        text("name", "Input", 52), text("value", "Value", 16), text("assumed", "Assumed", 10),
        text("source", "Source", 60), text("year", "Year", 10), text("grade", "Grade", 8),
        text("range", "Range", 24), text("price_year", "Price year", 12), text("note", "Note", 60),
    ]  # fmt: skip
    page.keep_header()
    page.table(columns, [_logged(each) for each in inputs(model.scenario)])


def _logged(each: Input) -> Cells:
    return {
        "name": each.name,
        "value": each.shown,
        "assumed": "assumed" if each.assumed else "",
        "source": each.source or "",
        "year": str(each.year or ""),
        "grade": str(each.grade or ""),
        "range": each.range_shown,
        "price_year": str(each.price_year or ""),
        "note": each.note or "",
    }


def charts_page(book: Book, model: Model, savings: list[Cells], flow: list[Cells]) -> None:
    """Cost of a case old and new, and the cumulative net benefit."""
    page = book.page("Charts")
    years = max(model.terms.years, min(FEWEST_CHARTED, model.last_year))
    page.head(
        "Charts",
        "They follow the formulas, and change with the inputs.",
        f"The second shows the years 0 to {years}; years after the horizon have no bars. The "
        "sheet 'Cash flow' has all years.",
    )
    _cost_chart(book, page, model, savings)
    page.row += 25
    page.sheet.set_h_pagebreaks([page.row])
    _net_chart(book, page, years, flow)


def _cost_chart(book: Book, page: Page, model: Model, savings: list[Cells]) -> None:
    chart = book.workbook.add_chart({"type": "column"})
    last = len(savings)
    first = book.first_rows["Own"]
    for column, world, colour in ((2, model.worlds[0], DARK), (3, model.worlds[1], LIGHT)):
        chart.add_series(
            {
                "name": plain_name(world),
                "categories": ["Savings by site", first, 0, first + last - 1, 0],
                "values": ["Savings by site", first, column, first + last - 1, column],
                "fill": {"color": colour},
                "border": {"color": "#1F1F1F"},
                "data_labels": {"value": True, "num_format": "#,##0"},
                "gap": 60,
            }
        )
    said = "; ".join(f"{r['site']}: {r['old']:,.2f} and {r['new']:,.2f}" for r in savings[:8])
    words = f"Pounds a case, {model.worlds[0]} and {model.worlds[1]}, as run. {said}."
    _place(page, chart, ("Cost of a case, the old way and the new", "Site", "Pounds a case"), words)


def _net_chart(book: Book, page: Page, years: int, flow: list[Cells]) -> None:
    chart = book.workbook.add_chart({"type": "column"})
    first = book.first_rows["Flow"]
    keys = {key: number for number, key in enumerate(book.keys["Flow"])}
    series = (("cumulative", "not discounted", DARK),
              ("discounted_cumulative", "discounted", LIGHT))  # fmt: skip
    for key, name, colour in series:
        chart.add_series(
            {
                "name": name,
                "categories": ["Cash flow", first, keys["year"], first + years, keys["year"]],
                "values": ["Cash flow", first, keys[key], first + years, keys[key]],
                "fill": {"color": colour},
                "border": {"color": "#1F1F1F"},
                "gap": 60,
            }
        )
    within = [row for row in flow[: years + 1] if row["within"]]
    said = ", ".join(f"year {row['year']}: {row['cumulative']:,.0f}" for row in within[:12])
    words = f"Pounds, all sites, not discounted, as run: {said}."
    titles = ("Cumulative net benefit, all sites", "Year", "Pounds")
    chart.set_x_axis({"name": titles[1], "label_position": "low"})
    _place(page, chart, titles, words)


def _place(page: Page, chart: object, titles: tuple[str, str, str], words: str) -> None:
    title, across, up = titles
    chart.set_title({"name": title, "overlay": False})  # type: ignore[attr-defined]
    chart.set_x_axis({"name": across, "label_position": "low"})  # type: ignore[attr-defined]
    chart.set_y_axis({"name": up, "num_format": "#,##0"})  # type: ignore[attr-defined]
    chart.set_legend({"position": "bottom"})  # type: ignore[attr-defined]
    chart.set_size({"width": 900, "height": 440})  # type: ignore[attr-defined]
    page.sheet.insert_chart(page.row, 0, chart, {"description": f"{title}. {words}"})
