"""Figures as cells: what each is measured in, how it is shown, and how sure chance lets us be.

A figure takes three cells: its value and both ends of its 95 % interval. Several options stand
beside each other, each with its own three columns under its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any, TypeVar

from costsim.findings import Findings
from costsim.report.workbooks.accessible import (
    DECIMAL,
    MONEY,
    SHARE,
    WHOLE,
    YEAR,
    Cell,
    Column,
    Gap,
    amount,
)
from costsim.results.estimates import Estimate
from costsim.results.metrics import ADJUSTED, Metrics
from costsim.words import figure_name, plain_name, site_title

Row = TypeVar("Row")
INTERVAL = (
    "The 95% interval says how far chance alone leaves the figure open: it is Student's t over the "
    "replications of the simulation, and more replications narrow it. It says nothing of how "
    "unsure the inputs are. [z] stands where a figure is exact, because nothing is open; [x] where "
    "there is one replication only."
)
SIMULATED = (
    "Simulated: estimated from the simulated referrals, so it has an interval. Exact: follows from "
    "the inputs alone, without any chance."
)


@dataclass(frozen=True)
class Kind:
    """What a figure is measured in, the number format of its cell, and what its absence means."""

    unit: str
    form: str
    gap: Gap = Gap.NOT_APPLICABLE


POUNDS = Kind("pounds", MONEY)
RATIO = Kind("ratio", DECIMAL, Gap.NOT_DEFINED)
YEARS = Kind("years", DECIMAL, Gap.NEVER)
DAYS = Kind("working days", DECIMAL)
CALENDAR_DAYS = Kind("calendar days", DECIMAL)
PORTION = Kind("share", SHARE)
PLAIN = Kind("number", DECIMAL)
KINDS = {
    "referrals_per_year": Kind("referrals a year", DECIMAL),
    "cost_per_case": POUNDS,
    "per_case_saving": POUNDS,
    "annual_saving": Kind("pounds a year", MONEY),
    "annual_running_cost_change": Kind("pounds a year", MONEY),
    "staff_hours_released_per_year": Kind("hours a year", DECIMAL),
    "fte_released": Kind("full-time posts", DECIMAL),
    "one_off_cost": POUNDS,
    "double_running_cost": POUNDS,
    "horizon_years": Kind("years", WHOLE),
    "total_saving": POUNDS,
    "net_benefit": POUNDS,
    "net_present_value": POUNDS,
    "benefit_cost_ratio": RATIO,
    "return_on_investment": Kind("share of the cost", SHARE, Gap.NOT_DEFINED),
    "internal_rate_of_return": Kind("share a year", SHARE, Gap.NOT_DEFINED),
    "payback_years": YEARS,
    "discounted_payback_years": YEARS,
    "break_even_referrals_per_year": Kind("referrals a year", DECIMAL, Gap.NEVER),
    "expected_per_case_saving": POUNDS,
    "staff_time_saving": POUNDS,
    "cashable_saving": POUNDS,
    "days_sooner": DAYS,
}
NAMES = {
    "annual_running_cost_change": "rise in running cost",
    "staff_hours_released_per_year": "staff hours released a year",
    "fte_released": "full-time posts released",
    "double_running_cost": "cost of double running over the horizon",
    "horizon_years": "years appraised",
    "payback_years": "repaid after",
    "discounted_payback_years": "repaid after, with discounting",
    "break_even_referrals_per_year": "referrals a year at which it breaks even",
    "expected_per_case_saving": "saving per case by arithmetic, without simulation",
    "staff_time_saving": "staff time saved over the horizon, in money",
    "cashable_saving": "part of that staff time which is cash",
    "days_sooner": "decision sooner, on average",
}
Described = tuple[str, str, str]
Figures = dict[str, tuple[Kind, Estimate]]


def headline(metrics: Metrics, comparator: str) -> Figures:
    """Every figure of money, staff time and speed that is one number, by its name in words.

    The cost of a case is given for both pathways, the option's under a name that all options have.
    """
    economics, allowance, cash = metrics.economics, metrics.allowance, metrics.cashability
    after = [allowance] if adjusted(metrics) else []
    found: Figures = {}
    for part in (economics, *after, cash):
        for name, value in vars(part).items():
            found |= _named(name, value, comparator)
    return found | _named("days_sooner", metrics.timeliness.days_sooner, comparator)


def adjusted(metrics: Metrics) -> bool:
    """Whether an optimism bias is declared, so that there are figures after it."""
    return metrics.allowance.adjusted_net_benefit.value is not None


def _named(name: str, value: Estimate | Mapping[str, Estimate], comparator: str) -> Figures:
    """A figure by its label, or one for each pathway."""
    kind = KINDS.get(name.removeprefix(ADJUSTED), PLAIN)
    label = spelt(name)
    if isinstance(value, Estimate):
        return {label: (kind, value)}
    ways = {way: plain_name(way) if way == comparator else "the option" for way in value}
    return {f"{label}, {ways[way]}": (kind, estimate) for way, estimate in value.items()}


def spelt(name: str) -> str:
    """A published name as a label.

    >>> spelt("fte_released"), spelt("net_benefit")
    ('Full-time posts released', 'Net benefit')
    """
    plain = name.removeprefix(ADJUSTED)
    after = ", after optimism bias" if name != plain else ""
    words = NAMES.get(plain) or figure_name(plain)
    return f"{words[:1].upper()}{words[1:]}{after}"


def columns_of(names: Sequence[str]) -> list[Column]:
    """Three columns for each option or pathway: the value and the ends of its interval."""
    return [
        column
        for name in map(plain_name, names)
        for column in (
            Column(f"Value, {name}"),
            Column(f"95% interval from, {name}", INTERVAL),
            Column(f"95% interval to, {name}", INTERVAL),
        )
    ]


def rows_of(sets: Sequence[Figures]) -> Iterator[tuple[str, str, list[Cell], str]]:
    """Label, unit, three cells for each set, and whether it is simulated; one row a label."""
    for label in dict.fromkeys(chain.from_iterable(sets)):
        found = [each.get(label, _NOT_HERE) for each in sets]
        there = [each for each in found if each is not _NOT_HERE]
        exact = all(estimate.exact for _, estimate in there)
        cells = list(chain.from_iterable(map(_three, found)))
        yield label, there[0][0].unit, cells, "exact" if exact else "simulated"


_NOT_HERE = (PLAIN, Estimate(None))


def compared_columns(names: Sequence[str]) -> list[Column]:
    """The columns of a table of figures by place, with a set for each option or pathway."""
    return [
        Column("Figure"),
        Column("Site"),
        Column("Unit"),
        Column("Simulated or exact", SIMULATED),
        *columns_of(names),
    ]


def compared_rows(sets: Mapping[str, Sequence[Figures]]) -> list[tuple[Cell, ...]]:
    """The rows of such a table, by place; the places of one figure stand together."""
    rows: dict[str, list[tuple[Cell, ...]]] = {}
    for place, each in sets.items():
        for label, unit, cells, known in rows_of(each):
            rows.setdefault(label, []).append((label, place, unit, known, *cells))
    return list(chain.from_iterable(rows.values()))


def _three(figure: tuple[Kind, Estimate]) -> tuple[Cell, Cell, Cell]:
    """Value and interval; a missing end means what a missing value means."""
    kind, estimate = figure
    value = amount(estimate.value, kind.form, kind.gap)
    if estimate.ci95 is None:
        none = Gap.NOT_APPLICABLE if estimate.exact else Gap.NOT_AVAILABLE
        gap = value if isinstance(value, Gap) else none
        return value, gap, gap
    low, high = (amount(end, kind.form, kind.gap) for end in estimate.ci95)
    return value, low, high


def owner(findings: Findings, name: str) -> str:
    """What rows belong to, in words: a site's title, with its name where titles are the same."""
    scenario = findings.scenario
    if name not in scenario.sites:
        return "All sites"
    title = site_title(scenario, name)
    twins = sum(site_title(scenario, each) == title for each in scenario.sites)
    return title if twins == 1 else f"{title} ({plain_name(name)})"


def owned(findings: Findings, rows: Mapping[str, Sequence[Row]]) -> Iterator[tuple[str, Row]]:
    """Rows with whose they are; where there is one site only, its rows stand for all."""
    sites = findings.scenario.sites
    for name, each in rows.items():
        if name in sites or len(sites) > 1:
            yield from ((owner(findings, name), row) for row in each)


def places(findings: Findings, name: str) -> dict[str, Metrics]:
    """The metrics of an option by place in words: each site, then all together if several."""
    option = findings.options[name]
    found = {owner(findings, site): each for site, each in option.sites.items()}
    return found | ({"All sites": option.programme} if len(found) > 1 else {})


def field_columns(kind: type[Any], titles: Mapping[str, Described]) -> list[Column]:
    """A column for each field of a kind of row: its title and its note."""
    return [Column(*_described(each.name, titles)[:2]) for each in fields(kind)]


def field_cells(row: Any, titles: Mapping[str, Described]) -> list[Cell]:
    """The fields of a row as cells: text as text, numbers in their format."""
    found: list[Cell] = []
    for each in fields(type(row)):
        value = getattr(row, each.name)
        form = _described(each.name, titles)[2]
        found.append(plain_name(value) if isinstance(value, str) else amount(value, form))
    return found


def _described(name: str, titles: Mapping[str, Described]) -> Described:
    """Title, note and number format; every field must have them."""
    return titles[name]


TITLES_OF_YEAR = {"year": ("Year", "Year 0 is the moment at which it is decided.", YEAR)}
