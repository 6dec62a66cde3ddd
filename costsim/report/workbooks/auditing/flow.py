"""The cash flow, year by year, of all sites together and of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from costsim.economics.appraisal import ROUNDING, CashFlow, CashFlowRow
from costsim.economics.savings import SiteCase, Terms
from costsim.report.workbooks.auditing.book import Book, Cells, Column, text
from costsim.report.workbooks.auditing.model import Model, Owner

Value = Callable[[Cells, Cells], Any]


def flow_page(book: Book, model: Model) -> list[Cells]:
    """Saving, costs, net and discounted, with what the paybacks are found by."""
    page = book.page("Cash flow")
    page.head(
        "Cash flow by year",
        "Positive savings and nets are money saved; costs are positive amounts and are taken off. "
        "Pounds of constant prices. Year 0 holds the one-off cost.",
        "Rows of 'all sites' add up the sites; rows of a site follow from its saving a case, its "
        "referrals and its roll-out. Years after the horizon hold nothing.",
    )
    rows = [
        _row(model, owner, year) for owner in model.owners for year in range(model.last_year + 1)
    ]
    first = page.row + 1
    columns = [*_amounts(), *_discounted(), *_paybacks(), *_signs(), *_memo()]
    page.keep_header()
    page.wide()
    done = page.table(columns, rows, "Flow")
    keys = [column.key for column in columns]
    book.name_columns(page, keys, (first + model.last_year + 1, first + len(rows) - 1), "Siteflow")
    return done


def _row(model: Model, owner: Owner, year: int) -> Cells:
    within = year <= model.terms.years
    return {
        "site": owner.name,
        "year": year,
        "together": owner is model.together,
        "line": owner.flow[year] if within else _nothing(year),
        "cases": owner.cases,
        "cash": owner.cash,
        "flows": _flows(owner.cases, model.terms),
        "terms": model.long_terms,
        "inside": within,
    }


def _nothing(year: int) -> CashFlowRow:
    return CashFlowRow(year, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def _flows(cases: Sequence[SiteCase], terms: Terms) -> list[CashFlow]:
    return [case.flow(case.gross().number, terms) for case in cases]


def _line(name: str) -> Value:
    """A figure of the year by costsim's own cash flow."""

    def value(cells: Cells, _before: Cells) -> float:
        return float(getattr(cells["line"], name)) if cells["inside"] else 0.0

    return value


def _sums(key: str) -> str:
    return f"=SUMPRODUCT((Siteflow_year={{year}})*Siteflow_{key})"


def _own(key: str) -> str:
    """What the sheet Savings by site says of the row's site."""
    return f"SUMPRODUCT((Site_site={{site}})*Site_{key})"


def _in_year(table: str, key: str) -> str:
    """What a sheet says of the row's year."""
    return f"INDEX({table}_{key},{{year}}+1)"


def _share(key: str) -> str:
    return f"SUMPRODUCT((Roll_site={{site}})*(Roll_year={{year}})*Roll_{key})"


def _part(which: str) -> Value:
    """Benefits or costs of the year, a fall in running cost of any site among the benefits."""

    def value(cells: Cells, _before: Cells) -> float:
        year = cells["year"]
        if not cells["inside"]:
            return 0.0
        return math.fsum(getattr(flow, which)()[year] for flow in cells["flows"])

    return value


def _other(cells: Cells, _before: Cells) -> float:
    """The saving of other cost than staff time, over the sites of the row."""
    year, years = cells["year"], cells["terms"].years
    if not cells["inside"]:
        return 0.0
    return math.fsum(
        case.other_saving()
        * case.referrals_per_year
        * (0.0, *case.rollout.saving_shares(years))[year]
        for case in cells["cases"]
    )


def _cash_of(name: str) -> Value:
    """Staff time of the year, or what of it is cash, over the sites and roles of the row."""

    def value(cells: Cells, _before: Cells) -> float:
        return math.fsum(
            getattr(each, name) for each in cells["cash"] if each.year == cells["year"]
        )

    return value


def _amounts() -> list[Column]:
    pay = _in_year("Years", "pay")
    return [
        text("site", "Owner"),
        Column("year", "Year", style="whole", width=7),
        Column("within", "Within the horizon", f"={_in_year('Years', 'within')}",
               lambda c, _b: int(c["inside"]), "whole", width=9),
        Column("staff", "Saving of staff time, £",
               f"={{within}}*{_share('saving')}*{_own('referrals')}*{_own('staff')}*{pay}",
               lambda c, b: _line("saving")(c, b) - _other(c, b), together=_sums("staff")),
        Column("other", "Saving of other cost, £",
               f"={{within}}*{_share('saving')}*{_own('referrals')}*{_own('other')}", _other,
               together=_sums("other")),
        Column("saving", "Saving, £", "={staff}+{other}", _line("saving")),
        Column("running", "Change in running cost, £",
               f"={{within}}*({_share('live')}*{_own('running')}+{_share('both')}"
               f"*{_own('run_old')})", _line("running_cost_change"),
               together=_sums("running")),
        Column("doubled", "Double running, £",
               f"={{within}}*{_share('doubled')}*{_own('referrals')}"
               f"*({_own('double_staff')}*{pay}+{_own('double_other')})", _line("double_running"),
               together=_sums("doubled")),
        Column("one_off", "One-off cost, £", f"=IF({{year}}=0,{_own('one_off')},0)",
               _line("one_off"), together=_sums("one_off")),
        Column("net_saving", "Saving less running and double running, £",
               "={saving}-{running}-{doubled}", _line("net_saving"), width=15),
        Column("net", "Net, £", "={net_saving}-{one_off}",
               lambda c, _b: c["net_saving"] - c["one_off"]),
        Column("cumulative", "Cumulative net, £",
               "={within}*(IF({year}=0,0,{cumulative_before})+{net})", _line("cumulative")),
    ]  # fmt: skip


def _discounted() -> list[Column]:
    factor = _in_year("Years", "factor")
    return [
        Column("factor", "Discount factor", f"={factor}", _factor, "factor"),
        Column("discounted", "Discounted net, £", "={net}*{factor}", _line("discounted_net")),
        Column("discounted_cumulative", "Discounted cumulative, £",
               "={within}*(IF({year}=0,0,{discounted_cumulative_before})+{discounted})",
               _line("discounted_cumulative")),
        Column("benefits", "Benefits, £",
               "={saving}+MAX(0,-{running})+MAX(0,-{one_off})", _part("benefits"),
               together=_sums("benefits")),
        Column("costs", "Costs, £", "=MAX(0,{one_off})+MAX(0,{running})+{doubled}",
               _part("costs"), together=_sums("costs")),
        Column("benefits_now", "Discounted benefits, £", "={benefits}*{factor}",
               lambda c, _b: c["benefits"] * c["factor"]),
        Column("costs_now", "Discounted costs, £", "={costs}*{factor}",
               lambda c, _b: c["costs"] * c["factor"]),
    ]  # fmt: skip


def _factor(cells: Cells, _before: Cells) -> float:
    return float((1.0, *cells["terms"].discounting.factors(cells["terms"].years))[cells["year"]])


def _repaid(key: str, cumulative: str, to_repay: str) -> Value:
    """1 from the year on in which the one-off cost is repaid."""

    def value(cells: Cells, before: Cells) -> int:
        if not cells["year"] or not cells["within"]:
            return 0
        return int(before[key] or cells[cumulative] >= -ROUNDING * cells[to_repay])

    return value


def _moment(key: str, cumulative: str, net: str) -> Value:
    """When within the year it is repaid, in years from time 0; else nothing."""

    def value(cells: Cells, before: Cells) -> float:
        if not cells[key] or before[key] or cells["owed_now"] <= 0:
            return 0.0
        return float(cells["year"] - 1 + min(-before[cumulative] / cells[net], 1.0))

    return value


def payback_columns(key: str, title: str, cumulative: str, net: str, owed: str) -> list[Column]:
    """Whether the one-off cost is repaid by the end of a year, and when."""
    return [
        Column(key, f"{title}: repaid by the year's end (1 = yes)",
               f"=IF({{year}}=0,0,{{within}}*MAX({{{key}_before}},"
               f"IF({{{cumulative}}}>=-Repaid_within*{{{owed}}},1,0)))",
               _repaid(key, cumulative, "owed_now"), "whole"),
        Column(f"{key}_moment", f"{title}: when in that year, years from time 0",
               f"=IF(AND({{year}}>0,{{{key}}}=1,{{{owed}}}>0),IF({{{key}_before}}=0,"
               f"{{year}}-1+MIN(-{{{cumulative}_before}}/{{{net}}},1),0),0)",
               _moment(key, cumulative, net), "years"),
    ]  # fmt: skip


def _paybacks() -> list[Column]:
    return [
        Column("owed_now", "One-off cost to repay, £",
               "=IF({year}=0,{one_off},{owed_now_before})", _owed),
        *payback_columns("repaid", "Payback", "cumulative", "net", "owed_now"),
        *payback_columns("repaid_now", "Discounted payback", "discounted_cumulative",
                         "discounted", "owed_now"),
    ]  # fmt: skip


def _owed(cells: Cells, before: Cells) -> float:
    return float(before["owed_now"] if cells["year"] else cells["one_off"])


def _signs() -> list[Column]:
    return [
        Column("sign", "Sign of the last net that was not nothing",
               "=IF({year}=0,SIGN({net}),IF({net}=0,{sign_before},SIGN({net})))", _sign, "whole"),
        Column("change", "The sign has changed (1 = yes)",
               "=IF({year}=0,0,IF({sign_before}*{sign}<0,1,0))", _changed, "whole"),
        Column("moment", "Years from time 0", f"={_in_year('Years', 'moment')}",
               lambda c, _b: _moments(c)[c["year"]], "number"),
    ]  # fmt: skip


def _memo() -> list[Column]:
    cash = "=SUMPRODUCT((Cash_site={{site}})*(Cash_year={{year}})*Cash_{0})"
    return [
        Column("staff_time", "For information: staff time saved, £", cash.format("staff_time"),
               _cash_of("staff_time"), together=_sums("staff_time")),
        Column("cash_part", "For information: of it cash, £", cash.format("cash"),
               _cash_of("cash"), together=_sums("cash_part")),
    ]  # fmt: skip


def _moments(cells: Cells) -> tuple[float, ...]:
    terms: Terms = cells["terms"]
    return (0.0, *terms.discounting.moments(terms.years))


def _sign(cells: Cells, before: Cells) -> int:
    net = cells["net"]
    return (net > 0) - (net < 0) if net or not cells["year"] else int(before["sign"])


def _changed(cells: Cells, before: Cells) -> int:
    return int(bool(cells["year"]) and before["sign"] * cells["sign"] < 0)
