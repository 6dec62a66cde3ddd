"""The cash flow after the allowance for optimism bias: savings lower, costs higher."""

from __future__ import annotations

import math

from costsim.economics.optimism import OptimismBias
from costsim.report.workbooks.auditing.book import Book, Cells, Column
from costsim.report.workbooks.auditing.flow import Value, payback_columns
from costsim.report.workbooks.auditing.model import Model


def bias_page(book: Book, model: Model, flow: list[Cells]) -> list[Cells]:
    """What each year leaves after the allowance, row by row as in the cash flow."""
    bias = model.terms.optimism_bias
    page = book.page("Optimism bias")
    declared = (
        "The scenario declares this allowance; the appraisal shows figures before and after it."
        if bias
        else "The scenario declares no allowance, so this sheet repeats the cash flow unless the "
        "two shares in the sheet Inputs are changed."
    )
    page.head(
        "Cash flow after optimism bias",
        "Benefits are taken to be lower, and costs higher, by the shares in the sheet Inputs. A "
        "negative saving is made more negative.",
        declared,
    )
    lower, higher = (bias.savings, bias.costs) if bias else (0.0, 0.0)
    rows = [
        {
            "number": number,
            "line": line,
            "lower": lower,
            "higher": higher,
            "together": line["together"],
        }
        for number, line in enumerate(flow, start=1)
    ]
    page.keep_header()
    return page.table([*_linked(), *_adjusted(), *_paid_back()], rows, "Bias")


def _linked() -> list[Column]:
    """What the cash flow has in the same row."""
    return [
        Column("number", "Row", style="whole", width=6),
        _as_in_flow("site", "Owner", "text"),
        _as_in_flow("year", "Year", "whole"),
        _as_in_flow("within", "Within the horizon", "whole"),
        _as_in_flow("factor", "Discount factor", "factor"),
    ]


def _as_in_flow(key: str, title: str, style: str) -> Column:
    formula = f"=INDEX(Flow_{key},{{number}})"
    return Column(key, title, formula, lambda c, _b: c["line"][key], style)


def _adjusted() -> list[Column]:
    saving, running, one_off, costs = (
        f"INDEX(Flow_{key},{{number}})" for key in ("saving", "running", "one_off", "costs")
    )
    return [
        Column("benefits", "Benefits after the allowance, £",
               f"={_lowered(saving, running, one_off)}", _benefits,
               together=f"=SUMPRODUCT((Siteflow_year={{year}})*({SITES}))", width=15),
        Column("costs", "Costs after the allowance, £", f"={costs}*(1+Costs_higher_by)",
               lambda c, _b: c["line"]["costs"] * (1 + c["higher"]), width=15),
        Column("net", "Net, £", "={benefits}-{costs}", lambda c, _b: c["benefits"] - c["costs"]),
        Column("cumulative", "Cumulative net, £",
               "={within}*(IF({year}=0,0,{cumulative_before})+{net})",
               _running("cumulative", "net")),
        Column("discounted", "Discounted net, £", "={net}*{factor}",
               lambda c, _b: c["net"] * c["factor"]),
        Column("discounted_cumulative", "Discounted cumulative, £",
               "={within}*(IF({year}=0,0,{discounted_cumulative_before})+{discounted})",
               _running("discounted_cumulative", "discounted")),
        Column("benefits_now", "Discounted benefits, £", "={benefits}*{factor}",
               lambda c, _b: c["benefits"] * c["factor"]),
        Column("costs_now", "Discounted costs, £", "={costs}*{factor}",
               lambda c, _b: c["costs"] * c["factor"]),
    ]  # fmt: skip


def _lowered(saving: str, running: str, one_off: str) -> str:
    """A saving made smaller, a loss larger; a fall in cost (half its size less it) smaller."""
    falls = f"(ABS({running})-{running}+ABS({one_off})-{one_off})/2"
    return f"{saving}-ABS({saving})*Savings_lower_by+{falls}*(1-Savings_lower_by)"


SITES = _lowered("Siteflow_saving", "Siteflow_running", "Siteflow_one_off")


def _benefits(cells: Cells, _before: Cells) -> float:
    """Site by site, before anything is netted."""
    line, lower = cells["line"], OptimismBias(cells["lower"])
    if not line["inside"]:
        return 0.0
    return math.fsum(lower.adjusted(flow).benefits()[cells["year"]] for flow in line["flows"])


def _running(key: str, net: str) -> Value:
    def value(cells: Cells, before: Cells) -> float:
        started = before[key] if cells["year"] else 0.0
        return float(cells["within"] * (started + cells[net]))

    return value


def _paid_back() -> list[Column]:
    return [
        Column("owed_now", "One-off cost to repay, £",
               "=IF({year}=0,{costs}-{benefits},{owed_now_before})", _owed),
        *payback_columns("repaid", "Payback", "cumulative", "net", "owed_now"),
        *payback_columns("repaid_now", "Discounted payback", "discounted_cumulative",
                         "discounted", "owed_now"),
    ]  # fmt: skip


def _owed(cells: Cells, before: Cells) -> float:
    return float(before["owed_now"] if cells["year"] else cells["costs"] - cells["benefits"])
