"""The sheets of answers: the rate of return, found by halving, and the appraisal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from costsim.economics.appraisal import LARGEST_FORCE, ROUNDING
from costsim.report.workbooks.auditing.book import Book, Cells, Column, Page, letters, text
from costsim.report.workbooks.auditing.model import Model, Owner

HALVINGS = 60
UNDEFINED, NEVER, NONE = "not defined", "never", "none"


def rate_page(book: Book, model: Model, flow: Sequence[Cells]) -> None:
    """The internal rate of return, by halving: no guess, and the same in every program."""
    page = book.page("Rate of return")
    page.head(
        "Internal rate of return: the discount rate at which the net present value is nothing",
        "There is exactly one where money is spent first and earned after it, without a change "
        "back. It is found between two bounds by halving; rates are logarithms of yearly growth.",
        "The first table says whether there is one; the second halves the distance in each row.",
    )
    bounds = page.table(_bounds(), [_bound_row(each.name, flow) for each in model.owners], "Bound")
    page.say("Halving", "heading")
    rows = [
        {"site": each["site"], "step": step, "bound": each}
        for each in bounds
        for step in range(HALVINGS + 1)
    ]
    page.table(_halvings(), rows, "Half")


def _bound_row(name: str, flow: Sequence[Cells]) -> Cells:
    mine = [row for row in flow if row["site"] == name]
    return {"site": name, "flow": mine, "nets": [(row["net"], row["moment"]) for row in mine]}


def _worth(cells: Cells, force: float) -> float:
    return math.fsum(net * math.exp(-force * moment) for net, moment in cells["nets"])


def _worth_at(key: str) -> str:
    return f"=SUMPRODUCT((Flow_site={{site}})*Flow_net*EXP(-{{{key}}}*Flow_moment))"


def _bounds() -> list[Column]:
    return [
        text("site", "Owner"),
        Column("changes", "Changes of sign", "=SUMPRODUCT((Flow_site={site})*Flow_change)",
               lambda c, _b: sum(row["change"] for row in c["flow"]), "whole"),
        Column("last", "Sign of the last net",
               "=SUMPRODUCT((Flow_site={site})*(Flow_year=Last_year)*Flow_sign)",
               lambda c, _b: c["flow"][-1]["sign"], "whole"),
        Column("until", "Time of the last net, years",
               "=SUMPRODUCT(MAX((Flow_site={site})*(Flow_net<>0)*Flow_moment))",
               lambda c, _b: max(when for net, when in [*c["nets"], (1, 0.0)] if net), "number"),
        Column("low", "Lower bound", "=IF({until}=0,0,-Largest_force/{until})",
               lambda c, _b: -LARGEST_FORCE / c["until"] if c["until"] else 0.0, "number"),
        Column("high", "Upper bound", "=Largest_force", lambda _c, _b: LARGEST_FORCE, "number"),
        Column("at_low", "Worth at the lower bound, £", _worth_at("low"),
               lambda c, _b: _worth(c, c["low"]), "number"),
        Column("at_high", "Worth at the upper bound, £", _worth_at("high"),
               lambda c, _b: _worth(c, c["high"]), "number"),
        Column("one", "There is exactly one (1 = yes)",
               "=IF(AND({changes}=1,{last}=1,{at_low}>0,{at_high}<0),1,0)", _exactly_one, "whole"),
    ]  # fmt: skip


def _exactly_one(cells: Cells, _before: Cells) -> int:
    once = cells["changes"] == 1 and cells["last"] == 1
    return int(once and cells["at_low"] > 0 > cells["at_high"])


def _halvings() -> list[Column]:
    def begin(key: str) -> str:
        return f"SUMPRODUCT((Bound_site={{site}})*Bound_{key})"

    return [
        text("site", "Owner"), Column("step", "Step", style="whole"),
        Column("low", "Lower bound",
               f"=IF({{step}}=0,{begin('low')},IF({{worth_before}}>0,{{middle_before}},"
               "{low_before}))",
               lambda c, b: c["bound"]["low"] if not c["step"] else
               b["middle"] if b["worth"] > 0 else b["low"], "number"),
        Column("high", "Upper bound",
               f"=IF({{step}}=0,{begin('high')},IF({{worth_before}}>0,{{high_before}},"
               "{middle_before}))",
               lambda c, b: c["bound"]["high"] if not c["step"] else
               b["high"] if b["worth"] > 0 else b["middle"], "number"),
        Column("middle", "Middle", "=({low}+{high})/2",
               lambda c, _b: (c["low"] + c["high"]) / 2, "number"),
        Column("worth", "Worth at the middle, £", _worth_at("middle"),
               lambda c, _b: _worth(c["bound"], c["middle"]), "number"),
    ]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A line of the appraisal; `{owner}` in its formula is the owner's name, other names are lines.

    `published` is the name under which costsim gives the figure, `absent` what is shown without it.
    """

    key: str
    title: str
    unit: str
    formula: str
    published: str = ""
    style: str = "money"
    absent: str = UNDEFINED


def _of(table: str, key: str) -> str:
    return f"SUMPRODUCT(({table}_site={{owner}})*{table}_{key})"


def _payback(table: str, key: str, owed: str) -> str:
    moment = _of(table, f"{key}_moment")
    return f'=IF({owed}<=0,0,IF({_of(table, key)}=0,"{NEVER}",{moment}))'


def _ratio(top: str, bottom: str) -> str:
    return f'=IF({{{bottom}}}>0,{{{top}}}/{{{bottom}}},"{UNDEFINED}")'


def lines(model: Model) -> list[Line]:
    """The lines of the appraisal, in the order in which they are read."""
    old, new = model.worlds
    return [
        Line("referrals", "Referrals a year", "referrals", f"={_of('Own', 'referrals')}",
             "referrals_per_year", "number"),
        Line("old", f"Cost of a case, {old}", "£", f"={_of('Own', 'old')}", f"cost_per_case {old}"),
        Line("new", f"Cost of a case, {new}", "£", f"={_of('Own', 'new')}", f"cost_per_case {new}"),
        Line("saving", "Saving on a case", "£", "={old}-{new}", "per_case_saving"),
        Line("running", "Change in running cost a year", "£", f"={_of('Own', 'running')}",
             "annual_running_cost_change"),
        Line("annual", "Saving a year at full use, after running costs", "£",
             "={saving}*{referrals}-{running}", "annual_saving"),
        Line("hours", "Staff hours released a year", "hours", f"={_of('Own', 'hours')}",
             "staff_hours_released_per_year", "number"),
        Line("posts", "The same as full-time posts", "posts", "={hours}/Full_time_hours",
             "fte_released", "number"),
        Line("one_off", "One-off cost", "£", f"={_of('Own', 'one_off')}", "one_off_cost"),
        Line("horizon", "Horizon", "years", "=Horizon", "horizon_years", "whole"),
        Line("total", "Saving over the horizon, after running costs", "£",
             f"={_of('Flow', 'net_saving')}", "total_saving"),
        Line("net", "Net benefit, not discounted", "£", f"={_of('Flow', 'net')}", "net_benefit"),
        Line("npv", "Net present value", "£", f"={_of('Flow', 'discounted')}",
             "net_present_value"),
        *_ratios(),
        *_breaking_even(),
        Line("staff_time", "Staff time saved over the horizon", "£",
             f"={_of('Flow', 'staff_time')}", "staff_time_saving"),
        Line("cash", "of it cash", "£", f"={_of('Flow', 'cash_part')}", "cashable_saving"),
        *_after_bias(),
    ]  # fmt: skip


def _ratios() -> list[Line]:
    return [
        Line("benefits_now", "Discounted benefits", "£", f"={_of('Flow', 'benefits_now')}"),
        Line("costs_now", "Discounted costs", "£", f"={_of('Flow', 'costs_now')}"),
        Line("bcr", "Benefit-cost ratio", "discounted benefits / costs",
             _ratio("benefits_now", "costs_now"), "benefit_cost_ratio", "number"),
        Line("costs", "Costs, not discounted", "£", f"={_of('Flow', 'costs')}"),
        Line("roi", "Return on investment", "net benefit / costs", _ratio("net", "costs"),
             "return_on_investment", "number"),
        Line("irr", "Internal rate of return", "a year",
             f'=IF({_of("Bound", "one")}=1,EXP(SUMPRODUCT((Half_site={{owner}})'
             f'*(Half_step=MAX(Half_step))*Half_middle))-1,"{UNDEFINED}")',
             "internal_rate_of_return", "percent"),
        Line("payback", "Payback", "years from time 0", _payback("Flow", "repaid", "{one_off}"),
             "payback_years", "years", NEVER),
        Line("payback_now", "Discounted payback", "years from time 0",
             _payback("Flow", "repaid_now", "{one_off}"), "discounted_payback_years", "years",
             NEVER),
    ]  # fmt: skip


def _breaking_even() -> list[Line]:
    gross = f"{_of('Flow', 'saving')}-{_of('Flow', 'doubled')}"
    return [
        Line("to_earn", "One-off cost and change in running costs", "£ over the horizon",
             f"={{one_off}}+{_of('Flow', 'running')}"),
        Line("earned", "Saving over the horizon for each referral a year", "£",
             f"=IF(ABS({gross})>Repaid_within*MAX({{old}},{{new}})*{{referrals}},"
             f"({gross})/{{referrals}},0)"),
        Line("even", "Break-even referrals", "referrals a year",
             "=IF({earned}>0,MAX(0,{to_earn})/{earned},IF(AND({earned}<0,{to_earn}<0),"
             f'{{to_earn}}/{{earned}},"{NONE}"))', "break_even_referrals_per_year", "number", NONE),
    ]  # fmt: skip


def _after_bias() -> list[Line]:
    owed = "{bias_owed}"
    return [
        Line("bias_owed", "After optimism bias: one-off cost", "£",
             "=SUMPRODUCT((Bias_site={owner})*(Bias_year=0)*Bias_owed_now)"),
        Line("bias_total", "After optimism bias: saving over the horizon", "£",
             f"={_of('Bias', 'net')}+{owed}", "adjusted_total_saving"),
        Line("bias_net", "After optimism bias: net benefit", "£", f"={_of('Bias', 'net')}",
             "adjusted_net_benefit"),
        Line("bias_npv", "After optimism bias: net present value", "£",
             f"={_of('Bias', 'discounted')}", "adjusted_net_present_value"),
        Line("bias_costs", "After optimism bias: discounted costs", "£",
             f"={_of('Bias', 'costs_now')}"),
        Line("bias_bcr", "After optimism bias: benefit-cost ratio", "discounted benefits / costs",
             f'=IF({{bias_costs}}>0,{_of("Bias", "benefits_now")}/{{bias_costs}},"{UNDEFINED}")',
             "adjusted_benefit_cost_ratio", "number"),
        Line("bias_payback", "After optimism bias: payback", "years from time 0",
             _payback("Bias", "repaid", owed), "adjusted_payback_years", "years", NEVER),
        Line("bias_payback_now", "After optimism bias: discounted payback", "years from time 0",
             _payback("Bias", "repaid_now", owed), "adjusted_discounted_payback_years", "years",
             NEVER),
    ]  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """The appraisal as it was laid out: where each line of each owner stands, and what it says."""

    places: dict[tuple[str, str], str]
    values: dict[tuple[str, str], float | str]
    lines: Sequence[Line]


def appraisal_page(book: Book, model: Model, flow: list[Cells], bias: list[Cells]) -> Shown:
    """The answers for all sites and for each."""
    page = book.page("Appraisal")
    page.head(
        "Appraisal",
        f"{model.findings.main.option} compared with {model.findings.comparator}. Pounds of "
        f"{model.scenario.price_year} prices; savings and net amounts are positive where money is "
        "saved, costs are positive amounts.",
        f"'{NEVER}': not within the horizon. '{UNDEFINED}': nothing to divide by, or no single "
        f"rate of return. '{NONE}': no number of referrals breaks even.",
    )
    for number, width in enumerate((50, 26, *(18 for _ in model.owners))):
        page.widen(number, width)
    page.keep_header()
    titles = ["Figure", "Unit", *(each.name for each in model.owners)]
    page.header(titles, range(2, len(titles)))
    return _filled(page, model, (flow, bias))


def _filled(page: Page, model: Model, tables: tuple[list[Cells], list[Cells]]) -> Shown:
    shown, head, first = Shown({}, {}, lines(model)), page.row, page.row
    values = {each.name: _others(each, *tables) for each in model.owners}
    for line in shown.lines:
        page.put(0, line.title, "text")
        page.put(1, line.unit, "text")
        for number, owner in enumerate(model.owners, start=2):
            letter = letters(number)
            cells = {e.key: f"{letter}{first + n + 1}" for n, e in enumerate(shown.lines)}
            formula = line.formula.format_map({**cells, "owner": f"{letter}${head}"})
            value = _said(line, owner, values[owner.name])
            page.put(number, value, line.style, formula)
            shown.places[owner.name, line.key] = page.at(page.row, number)
            shown.values[owner.name, line.key] = value
        page.row += 1
    return shown


def _said(line: Line, owner: Owner, others: dict[str, float]) -> float | str:
    """What a line comes to: its published figure by costsim's own arithmetic, or a sum."""
    if not line.published:
        return others[line.key]
    name, _, world = line.published.partition(" ")
    costs = owner.economics.cost_per_case
    value = costs[world].number if world else owner.figure(name)
    return line.absent if value is None else value


def _others(owner: Owner, flow: list[Cells], bias: list[Cells]) -> dict[str, float]:
    """The lines that costsim does not publish."""

    def total(rows: list[Cells], key: str) -> float:
        return math.fsum(row[key] for row in rows if row["site"] == owner.name)

    money = owner.economics
    referrals = money.referrals_per_year.number
    dearest = max(cost.number for cost in money.cost_per_case.values())
    earned = (total(flow, "saving") - total(flow, "doubled")) / referrals
    return {
        "benefits_now": total(flow, "benefits_now"),
        "costs_now": total(flow, "costs_now"),
        "costs": total(flow, "costs"),
        "to_earn": money.one_off_cost.number + total(flow, "running"),
        "earned": earned if abs(earned) > ROUNDING * dearest else 0.0,
        "bias_owed": math.fsum(
            row["owed_now"] for row in bias if row["site"] == owner.name and row["year"] == 0
        ),
        "bias_costs": total(bias, "costs_now"),
    }
