"""The sheets of amounts: one-off and running costs item by item, and the saving of each site."""

from __future__ import annotations

import math
from operator import attrgetter
from typing import Any

from costsim.economics.activities import OTHER
from costsim.economics.costing import running_cost
from costsim.economics.savings import SiteCase
from costsim.report.workbooks.auditing.book import Book, Cells, Column, text
from costsim.report.workbooks.auditing.entries import Section, sections
from costsim.report.workbooks.auditing.front import STAFF
from costsim.report.workbooks.auditing.model import Model, Owner, minutes_of
from costsim.scenario.schema import Scenario


def items_page(book: Book, model: Model) -> list[Cells]:
    """One-off and running costs, item by item."""
    page = book.page("One-off and running")
    page.head(
        "One-off and running costs",
        "One-off cost = staff hours x hourly cost + payments; it falls at time 0. Running costs "
        "are pounds a year at full use. Costs are positive amounts.",
    )
    by_prefix = {each.prefix: each for each in sections(model)}
    page.say("One-off: staff time", "heading")
    staff = [
        *_linked("Once_staff", ("site", "item", "detail"), ("Site", "Phase", "Role")),
        Column("hours", "Hours", _from("Once_staff", "value"), None, "number"),
        Column("hourly", "Hourly cost, £",
               "=SUMPRODUCT((Hourly_site={site})*(Hourly_item={detail})*Hourly_value)",
               _rate),
        Column("amount", "Cost, £", "={hours}*{hourly}",
               lambda c, _b: c["hours"] * c["hourly"]),
    ]  # fmt: skip
    done = page.table(staff, _rows(model, by_prefix["Once_staff"], "hours"), "Item_staff")
    for prefix, name, title in (
        ("Once_paid", "Item_paid", "One-off: payments"),
        ("Running", "Item_running", "Running costs, a year"),
    ):
        page.say(title, "heading")
        columns = [
            *_linked(prefix, ("site", "item", "detail"), ("Site", by_prefix[prefix].item, "Item")),
            Column("_", "-", style="text"), Column("__", "-", style="text"),
            Column("amount", "Cost, £", _from(prefix, "value")),
        ]  # fmt: skip
        done += page.table(columns, _rows(model, by_prefix[prefix], "amount"), name)
    return done


def _from(prefix: str, key: str) -> str:
    return f"=INDEX({prefix}_{key},{{number}})"


def _linked(prefix: str, keys: tuple[str, ...], titles: tuple[str, ...]) -> list[Column]:
    columns = [Column("number", "No.", style="whole", width=6)]
    for key, title in zip(keys, titles, strict=True):
        columns.append(Column(key, title, _from(prefix, key), None, "text", "", 20))
    return columns


def _rows(model: Model, section: Section, value: str) -> list[Cells]:
    return [
        {"number": number, "site": each.site, "item": each.item, "detail": each.detail,
         value: each.value, "scenario": model.scenario, "_": "", "__": ""}
        for number, each in enumerate(section.entries, start=1)
    ]  # fmt: skip


def _rate(cells: Cells, _before: Cells) -> float:
    scenario: Scenario = cells["scenario"]
    return scenario.sites[cells["site"]].staff[cells["detail"]].rate


def _added(key: str, *conditions: str) -> str:
    """The sum of activity costs of a site for which something holds."""
    every = "".join(f"*({each})" for each in conditions)
    return f"=SUMPRODUCT((Act_site={{site}}){every}*Act_{key})"


def _total(key: str, title: str, formula: str, function: Any, style: str = "money") -> Column:
    """A column that the sites' amounts add up in."""

    def value(cells: Cells, _before: Cells) -> float:
        return math.fsum(map(function, cells["owner"].cases))

    return Column(key, title, formula, value, style, f"=SUM(Site_{key})", 15)


def _mean(key: str, title: str, formula: str, function: Any) -> Column:
    """A column of amounts a referral, weighed by referrals where sites are added up."""

    def value(cells: Cells, _before: Cells) -> float:
        cases = cells["owner"].cases
        pounds = math.fsum(function(case) * case.referrals_per_year for case in cases)
        return pounds / math.fsum(case.referrals_per_year for case in cases)

    weighed = f"=SUMPRODUCT(Site_referrals*Site_{key})/{{referrals}}"
    return Column(key, title, formula, value, "money", weighed, 15)


def _running(key: str, world: str) -> Column:
    """The running cost of a pathway."""
    formula = (
        f'=SUMPRODUCT((Item_running_site={{site}})*(Item_running_item="{world}")'
        "*Item_running_amount)"
    )

    def value(cells: Cells, _before: Cells) -> float:
        return math.fsum(running_cost(site, world) for site in cells["sites"])

    title = f"Running cost a year, {world}, £"
    return Column(key, title, formula, value, "money", f"=SUM(Site_{key})", 15)


def _cost_of(which: str, kind: str = "") -> Any:
    def function(case: SiteCase) -> float:
        return math.fsum(
            each.cost
            for each in case.activities
            if each.pathway == getattr(case, which)
            and kind in ("", OTHER if each.role == OTHER else STAFF)
        )

    return function


def _staff_saving(case: SiteCase) -> float:
    return float(_cost_of("comparator", STAFF)(case) - _cost_of("option", STAFF)(case))


def _released(case: SiteCase) -> float:
    worlds = (case.comparator, case.option)
    before, after = (minutes_of(case.activities, world) for world in worlds)
    return before - after


def savings_page(book: Book, model: Model) -> list[Cells]:
    """What a case costs the old and the new way, and what that saves in a year."""
    old, new = model.worlds
    page = book.page("Savings by site")
    page.head(
        "Savings by site, at full use",
        f"Per baseline referral: cost the old way ({old}) less cost the new way ({new}). A "
        "positive saving is money saved; costs are positive amounts.",
        "The first row adds up the sites; amounts of a case are weighed there by referrals a year.",
    )
    page.keep_header()
    first = page.row + 1
    columns = [*_of_a_case(old, new), *_of_a_year(old, new)]
    done = page.table(columns, [_row(model, each) for each in model.owners], "Own")
    keys = [column.key for column in columns]
    book.name_columns(page, keys, (first + 1, first + len(model.sites)), "Site")
    return done


def _row(model: Model, owner: Owner) -> Cells:
    together = owner is model.together
    sites = model.scenario.sites
    held = [sites[each.name] for each in model.sites] if together else [sites[owner.name]]
    return {"site": owner.name, "owner": owner, "together": together, "sites": held}


def _of_a_case(old: str, new: str) -> list[Column]:
    is_old, is_new = f'(Act_pathway="{old}")', f'(Act_pathway="{new}")'
    staff, other = f'(Act_kind="{STAFF}")', f'(Act_kind="{OTHER}")'
    own = f'(Act_route="{new}")'
    return [
        text("site", "Site"),
        _total("referrals", "Referrals a year",
               "=SUMPRODUCT((Referrals_site={site})*Referrals_value)",
               attrgetter("referrals_per_year"), "number"),
        _mean("old", f"Cost of a case, {old}, £", f"={_costs(is_old)}", _cost_of("comparator")),
        _mean("new", f"Cost of a case, {new}, £", f"={_costs(is_new)}", _cost_of("option")),
        Column("saving", "Saving on a case, £", "={old}-{new}", lambda c, _b: c["old"] - c["new"]),
        _mean("staff", "of which staff time, £",
              f"={_costs(is_old, staff)}-{_costs(is_new, staff)}", _staff_saving),
        _mean("other", "of which other cost, £",
              f"={_costs(is_old, other)}-{_costs(is_new, other)}", SiteCase.other_saving),
        _mean("double_staff", f"Staff cost of the own activities of {new}, a case, £",
              f"={_costs(is_new, own, staff)}", lambda case: case.double_cost()[0]),
        _mean("double_other", f"Other cost of the own activities of {new}, a case, £",
              f"={_costs(is_new, own, other)}", lambda case: case.double_cost()[1]),
    ]  # fmt: skip


def _costs(*conditions: str) -> str:
    """The sum of a site's activity costs for which something holds."""
    return f"SUMPRODUCT((Act_site={{site}})*{'*'.join(conditions)}*Act_cost)"


def _of_a_year(old: str, new: str) -> list[Column]:
    once = "SUMPRODUCT((Item_{0}_site={{site}})*Item_{0}_amount)"
    return [
        Column("gross", "Saving a year before running costs, £", "={referrals}*{saving}",
               lambda c, _b: c["referrals"] * c["saving"], width=16),
        _running("run_old", old),
        _running("run_new", new),
        Column("running", "Change in running cost a year, £", "={run_new}-{run_old}",
               lambda c, _b: c["run_new"] - c["run_old"]),
        Column("annual", "Saving a year, £", "={gross}-{running}",
               lambda c, _b: c["gross"] - c["running"]),
        _total("one_off", "One-off cost, £",
               f"={once.format('staff')}+{once.format('paid')}", attrgetter("one_off")),
        _mean("minutes", "Staff minutes released a referral",
              f"=SUMPRODUCT((Sim_site={{site}})*((Sim_pathway=\"{old}\")"
              f"-(Sim_pathway=\"{new}\"))*Sim_minutes)", _released),
        Column("hours", "Staff hours released a year", "={minutes}*{referrals}/Minutes_per_hour",
               lambda c, _b: c["minutes"] * c["referrals"] / 60),
    ]  # fmt: skip
