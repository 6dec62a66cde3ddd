"""Sheets about money: the answer, site by site, beside what was published, by year, and as cash."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from costsim.economics.appraisal import CashFlowRow
from costsim.economics.cashability import CashRow
from costsim.findings import Findings
from costsim.report.answer import answer
from costsim.report.cash import verdict
from costsim.report.workbooks.accessible import (
    FACTOR,
    MONEY,
    WHOLE,
    Cell,
    Column,
    Gap,
    Sheet,
    amount,
    text,
)
from costsim.report.workbooks.results_figures import (
    KINDS,
    PLAIN,
    SIMULATED,
    TITLES_OF_YEAR,
    adjusted,
    columns_of,
    compared_columns,
    compared_rows,
    field_cells,
    field_columns,
    headline,
    owned,
    owner,
    places,
    rows_of,
    spelt,
)
from costsim.results.published import Comparison
from costsim.words import plain_name

FROM_ZERO = (
    "From year 0, net of the one-off cost and of running costs. The last year's is the net benefit."
)
DISCOUNTED = "The net of the year, the one-off cost included, times its discount factor."
CASH_FLOW = {
    **TITLES_OF_YEAR,
    "saving": ("Saving", "What referrals cost less, before any change in running cost.", MONEY),
    "running_cost_change": (
        "Rise in running cost",
        "Yearly cost of the option less that of the comparator; negative where it falls. While "
        "both are run that of the comparator goes on.",
        MONEY,
    ),
    "double_running": (
        "Double running",
        "What the new pathway costs in the first months, in which both pathways run.",
        MONEY,
    ),
    "net_saving": ("Net saving", "The saving less what the option costs in the year.", MONEY),
    "cumulative": ("Cumulative net benefit", FROM_ZERO, MONEY),
    "discount_factor": ("Discount factor", "What a pound of that year is worth in year 0.", FACTOR),
    "discounted_net": ("Discounted net benefit", DISCOUNTED, MONEY),
    "discounted_cumulative": (
        "Cumulative discounted net benefit",
        "The last year's is the net present value.",
        MONEY,
    ),
    "one_off": ("One-off cost", "Falls in year 0 and is not discounted.", MONEY),
}
CASH = {
    "role": ("Staff role", "", ""),
    "year": ("Year", "", TITLES_OF_YEAR["year"][2]),
    "hours": ("Hours released", "Negative where the option needs more time.", "#,##0.00"),
    "posts": ("Full-time posts released", "The hours over those of a full-time year.", "0.0000"),
    "whole_posts": ("Whole posts", "A post cannot be shared by two sites or two roles.", WHOLE),
    "vacated": ("Posts vacated", "Posts that have fallen vacant before the year begins.", WHOLE),
    "posts_gone": ("Posts that can go", "The fewer of whole and vacated posts.", WHOLE),
    "staff_time": ("Staff time", "The hours at the hourly cost of the role.", MONEY),
    "part_posts": ("Less hours that make no whole post", "", MONEY),
    "not_vacated": ("Less whole posts that nobody leaves", "", MONEY),
    "filled_again": ("Less posts that are filled again", "", MONEY),
    "cash": ("Cash", "Staff time less the three columns before: what a budget can lose.", MONEY),
}
AGREES: dict[bool | None, Cell] = {True: "yes", False: "NO", None: Gap.NOT_AVAILABLE}


def answers(findings: Findings) -> Iterator[Sheet]:
    """The headline figures, three columns for each option."""
    options = findings.options.values()
    sets = [headline(each.programme, findings.comparator) for each in options]
    yield Sheet(
        name="Answer",
        title="The answer: does it save money, and is it repaid?",
        about="the headline figures of all sites together",
        says=tuple(_in_a_sentence(findings)),
        columns=(
            Column("Figure"),
            Column("Unit"),
            Column("Simulated or exact", SIMULATED),
            *columns_of(list(findings.options)),
        ),
        rows=[(label, unit, known, *cells) for label, unit, cells, known in rows_of(sets)],
    )


def _in_a_sentence(findings: Findings) -> Iterator[str]:
    several = len(findings.options) > 1
    for name, each in findings.options.items():
        begin = f"{plain_name(name)}: " if several else ""
        yield f"{begin}{answer(each.programme, findings.scenario.years)}"
    yield priced(findings)
    if adjusted(findings.main.programme):
        yield (
            "The scenario allows for optimism bias. Figures before it and after it are both shown; "
            "it is applied once, and to those called after optimism bias only."
        )


def priced(findings: Findings) -> str:
    """How money is shown: the year of its prices, and how it is discounted."""
    scenario = findings.scenario
    told = scenario.discounting
    rate = f"{told.yearly_rate or 0.0:.2%} a year"
    how = "the declining rates of the Green Book" if told.schedule else rate
    return (
        f"Money is in pounds of {scenario.price_year}, in real terms. Where it is discounted, the "
        f"rate is {how}, and each year's money falls at the {_MOMENTS[told.timing]} of its year."
    )


_MOMENTS = {"year_end": "end", "mid_year": "middle", "year_start": "start"}


def by_site(findings: Findings) -> Iterator[Sheet]:
    """The same figures site by site; all sites of a figure stand together."""
    by_option = [places(findings, name) for name in findings.options]
    sets = {
        place: [headline(each[place], findings.comparator) for each in by_option]
        for place in by_option[0]
    }
    yield Sheet(
        name="By site",
        title="The figures of each site",
        about="the headline figures site by site",
        says=(priced(findings),),
        columns=compared_columns(list(findings.options)),
        rows=compared_rows(sets),
    )


def published(findings: Findings) -> Iterator[Sheet]:
    """Figures that somebody published, beside what the run gives for them."""
    yield Sheet(
        name="Published",
        title="Published figures beside computed ones",
        about="each published figure with the one that costsim computed",
        says=(
            "They agree where the published figure is within rounding of the computed one, or "
            "within its 95% interval where chance has a part in it.",
        ),
        columns=tuple(
            map(Column, ("Figure", "Of", "Unit", "Published", "Computed", "Agrees", "Note"))
        ),
        rows=[_beside(findings, each) for each in findings.published],
    )


def _beside(findings: Findings, each: Comparison) -> tuple[Cell, ...]:
    kind = KINDS.get(each.figure, PLAIN)
    return (
        spelt(each.figure),
        owner(findings, each.owner),
        kind.unit,
        amount(each.published, kind.form),
        amount(each.computed, kind.form, kind.gap),
        AGREES[each.agrees],
        text(each.note),
    )


def cash_flow(findings: Findings) -> Iterator[Sheet]:
    """The money of each year, of all sites and of each."""
    yield Sheet(
        name="Cash flow",
        title="Cash flow by year",
        about=f"what each year saves and costs, all sites together and each site{under(findings)}",
        says=(priced(findings),),
        columns=(Column("Site"), *field_columns(CashFlowRow, CASH_FLOW)),
        rows=[
            (site, *field_cells(row, CASH_FLOW))
            for site, row in owned(findings, findings.cash_flow)
        ],
    )


def cashability(findings: Findings) -> Iterator[Sheet]:
    """From staff time to cash: every role of every site in every year."""
    rows = list(chain.from_iterable(findings.cash.values()))
    yield Sheet(
        name="Cash or capacity",
        title="Cash or capacity: what of the staff time saved a budget can lose",
        about=f"the staff time saved by site, role and year, and what is cash{under(findings)}",
        says=(verdict(findings.scenario, rows), priced(findings)),
        columns=(Column("Site"), *field_columns(CashRow, CASH)),
        rows=[(site, *field_cells(row, CASH)) for site, row in owned(findings, findings.cash)],
    )


def under(findings: Findings) -> str:
    """Which option a table is about, where there are several."""
    name = plain_name(findings.main.option)
    return f", under the option {name}" if len(findings.options) > 1 else ""
