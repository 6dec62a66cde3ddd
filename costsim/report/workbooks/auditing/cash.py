"""The sheets about cash: from hours released to whole posts, posts that go, and pounds."""

from __future__ import annotations

import math
from typing import Any

from costsim.economics.cashability import CashRow
from costsim.economics.savings import RoleTime, SiteCase
from costsim.report.workbooks.auditing.book import Book, Cells, Column, text
from costsim.report.workbooks.auditing.model import Model, minutes_of

STEPS = {
    "staff_time": "Value of the staff time saved, £",
    "part_posts": "less hours that make no whole post, £",
    "not_vacated": "less whole posts that nobody leaves, £",
    "filled_again": "less posts filled again, £",
    "cash": "Cash, £",
}


def cash_page(book: Book, model: Model) -> list[Cells]:
    """Each role's time released, and over the horizon what of its value is cash."""
    old, new = model.worlds
    page = book.page("Cashability")
    page.head(
        "Cashability: how much of the staff time saved is cash",
        "Hours here and there leave the pay bill as it is. Pay is saved by whole posts of one role "
        "at one site, once somebody leaves, if the post is not filled again. The rest is capacity.",
        "Posts cannot be added up over sites or roles. Amounts are totals over the horizon; the "
        "sheet 'Cashability by year' has the steps of each year.",
    )
    columns = [
        text("site", "Site"), text("role", "Role", 20),
        Column("before", f"Minutes a referral, {old}", _minutes(old),
               _minutes_of(0), "number"),
        Column("after", f"Minutes a referral, {new}", _minutes(new), _minutes_of(1), "number"),
        Column("released", "Minutes released", "={before}-{after}",
               lambda c, _b: c["before"] - c["after"], "number"),
        Column("hours", "Hours released a year, full use",
               "={released}*SUMPRODUCT((Site_site={site})*Site_referrals)/Minutes_per_hour",
               lambda c, _b: c["released"] * c["case"].referrals_per_year / 60, "number"),
        Column("posts", "Full-time posts", "={hours}/Full_time_hours",
               lambda c, _b: c["hours"] / (c["terms"].full_time_minutes / 60), "number"),
        Column("hourly", "Hourly cost, £", _of_role("Hourly"),
               lambda c, _b: c["time"].hourly_cost),
        Column("leaving", "Posts that fall vacant a year",
               f"{_of_role('Posts')}*{_of_role('Turnover')[1:]}",
               lambda c, _b: c["time"].vacated_a_year, "number"),
        Column("again", "Share filled again", _of_role("Backfill"),
               lambda c, _b: c["time"].backfill, "percent"),
        *(Column(key, title, f"=SUMPRODUCT((Cash_site={{site}})*(Cash_role={{role}})*Cash_{key})",
                 _over_the_horizon(key)) for key, title in STEPS.items()),
    ]  # fmt: skip
    return page.table(columns, _roles(model), "Role")


def _roles(model: Model) -> list[Cells]:
    return [
        {"site": each.name, "role": role.name, "time": role, "case": case, "terms": model.terms,
         "rows": [row for row in each.cash if row.role == role.name]}
        for each in model.sites
        for case in each.cases
        for role in case.roles
    ]  # fmt: skip


def _minutes(world: str) -> str:
    return (
        f'=SUMPRODUCT((Sim_site={{site}})*(Sim_pathway="{world}")*(Sim_role={{role}})*Sim_minutes)'
    )


def _minutes_of(which: int) -> Any:
    def value(cells: Cells, _before: Cells) -> float:
        case: SiteCase = cells["case"]
        world = (case.comparator, case.option)[which]
        return minutes_of(case.activities, world, cells["role"])

    return value


def _of_role(section: str) -> str:
    return f"=SUMPRODUCT(({section}_site={{site}})*({section}_item={{role}})*{section}_value)"


def _over_the_horizon(key: str) -> Any:
    return lambda cells, _before: math.fsum(getattr(row, key) for row in cells["rows"])


def by_year_page(book: Book, model: Model) -> list[Cells]:
    """The steps from hours to cash of each role in each year."""
    page = book.page("Cashability by year")
    page.head(
        "Cashability by year: from hours to cash, by site, role and year",
        "A post that has fallen vacant before the year begins can go; whole posts needed in "
        "addition have to be paid at once, and parts of posts are absorbed.",
    )
    rows = [
        {**row, "year": year, "line": lines.get(year), "n": number}
        for number, row in enumerate(_roles(model), start=1)
        for lines in [{line.year: line for line in row["rows"]}]
        for year in range(1, model.last_year + 1)
    ]
    page.keep_header()
    return page.table([*_posts(), *_pounds()], rows, "Cash")


def _line(name: str) -> Any:
    """A figure of the year by costsim's own arithmetic; nothing after the horizon."""

    def value(cells: Cells, _before: Cells) -> float:
        line: CashRow | None = cells["line"]
        return float(getattr(line, name)) if line else 0.0

    return value


def _role(key: str) -> str:
    return f"INDEX(Role_{key},{{n}})"


def _posts() -> list[Column]:
    share = "SUMPRODUCT((Roll_site={site})*(Roll_year={year})*Roll_saving)"
    return [
        Column("n", "Row of the sheet Cashability", style="whole", width=10),
        Column("site", "Site", f"={_role('site')}", None, "text"),
        Column("role", "Role", f"={_role('role')}", None, "text", "", 20),
        Column("year", "Year", style="whole", width=7),
        Column("within", "Within the horizon", "=INDEX(Years_within,{year}+1)",
               lambda c, _b: int(c["line"] is not None), "whole", width=9),
        Column("hours", "Hours released", f"={{within}}*{share}*{_role('hours')}",
               _line("hours"), "number"),
        Column("posts", "Full-time posts", "={hours}/Full_time_hours", _line("posts"), "number"),
        Column("whole", "Whole posts", "=TRUNC({posts}+SIGN({posts})*Whole_within)",
               _line("whole_posts"), "whole"),
        Column("vacated", "Posts fallen vacant before the year",
               f"={{within}}*INT({_role('leaving')}*({{year}}-1)+Whole_within)",
               _line("vacated"), "whole"),
        Column("gone", "Posts that go", "=IF({whole}<0,{whole},MIN({whole},{vacated}))",
               _line("posts_gone"), "whole"),
    ]  # fmt: skip


def _pounds() -> list[Column]:
    titles = iter(STEPS.items())
    formulas = (
        "={hours}*{hourly}",
        "={staff_time}-{whole}*Full_time_hours*{hourly}",
        "=({whole}-{gone})*Full_time_hours*{hourly}",
        f"=MAX(0,{{gone}})*{_role('again')}*Full_time_hours*{{hourly}}",
        "={gone}*Full_time_hours*{hourly}-{filled_again}",
    )
    pairs = zip(titles, formulas, strict=True)
    return [
        Column("hourly", "Hourly cost, £", f"={_role('hourly')}*INDEX(Years_pay,{{year}}+1)",
               lambda c, _b: _hourly(c["time"], c)),
        *(Column(key, title, formula, _line(key)) for (key, title), formula in pairs),
    ]  # fmt: skip


def _hourly(role: RoleTime, cells: Cells) -> float:
    return role.hourly_cost * float((1 + cells["terms"].pay_growth) ** (cells["year"] - 1))
