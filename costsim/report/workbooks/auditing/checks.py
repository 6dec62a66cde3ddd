"""The checks of the audit workbook, and the one that stands for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from costsim.report.workbooks.auditing.appraisal import Shown
from costsim.report.workbooks.auditing.book import Book, Cells, Column, text
from costsim.report.workbooks.auditing.cash import STEPS
from costsim.report.workbooks.auditing.front import FIXED, SAME
from costsim.report.workbooks.auditing.model import ALL, Model, steps
from costsim.results.metrics import ADJUSTED

UNCHECKED = ("Cover", "Checks", "Charts")
SHARES = ("Course", "Turnover", "Backfill")


@dataclass(frozen=True)
class Rule:
    """Two sums that must be the same, and what they come to; the right one may be a number."""

    what: str
    left: str
    right: str
    value: float

    @property
    def cells(self) -> Cells:
        """The row of the check."""
        return {"what": self.what, "=left": self.left, "=right": self.right,
                "left": self.value, "right": self.value}  # fmt: skip


def checks_page(book: Book, model: Model, shown: Shown) -> None:
    """Every check with both its sides, and the appraisal as run beside the recomputed one."""
    page = book.page("Checks")
    page.head(
        "Checks",
        "Each check compares two sums that must be the same, to half a penny. All of them, and the "
        "comparison with the run below, make the master check on the cover.",
        "The checks hold whatever the inputs are: they find broken formulas and impossible inputs, "
        "not wrong assumptions.",
    )
    page.table(_sides(), [rule.cells for rule in _rules(book, model, shown)], "Check")
    _as_run(book, model, shown)
    page.say("What the run itself checked (as run, no formulas)", "heading")
    columns = [text("name", "Check", 60), text("result", "Result", 14), text("detail", "Detail")]
    page.table(columns, [
        {"name": each.name, "result": each.verdict, "detail": each.detail}
        for each in model.findings.checks
    ])  # fmt: skip


def _sides() -> list[Column]:
    return [
        text("what", "Check", 60),
        Column("left", "One side", style="number", width=18),
        Column("right", "Other side", style="number", width=18),
        Column("difference", "Difference", "={left}-{right}",
               lambda c, _b: c["left"] - c["right"], "number"),
        Column("holds", "Holds", "=IF(ISNUMBER({difference}),ABS({difference})<=Penny,FALSE)",
               lambda c, _b: abs(c["difference"]) <= 0.005, "holds"),
    ]  # fmt: skip


def _rules(book: Book, model: Model, shown: Shown) -> Iterator[Rule]:
    yield from _costs(model, shown)
    yield from _sites(model, shown)
    yield from _years(model, shown)
    yield from _inputs(model)
    yield from _intact(book)


def _costs(model: Model, shown: Shown) -> Iterator[Rule]:
    """Minutes x prices, straight from the simulated values, are the cost of a case."""
    for owner in model.sites:
        for key, world in zip(("old", "new"), model.worlds, strict=True):
            value = float(shown.values[owner.name, key])
            yield Rule(
                f"{owner.name}, {world}: activity costs add up to the cost of a case",
                f'=SUMPRODUCT((Sim_site="{owner.name}")*(Sim_pathway="{world}")'
                "*(Sim_minutes/Minutes_per_hour*Act_hourly+Sim_visits*Act_unit))",
                f"={shown.places[owner.name, key]}", value,
            )  # fmt: skip


def _sites(model: Model, shown: Shown) -> Iterator[Rule]:
    """The sites add up to the programme."""
    for line in shown.lines:
        if line.key in ("annual", "one_off", "total", "net", "npv", "staff_time", "cash"):
            parts = [shown.places[owner.name, line.key] for owner in model.sites]
            value = float(shown.values[ALL, line.key])
            yield Rule(
                f"{line.title}: the sites add up to all sites",
                f"={'+'.join(parts)}", f"={shown.places[ALL, line.key]}", value,
            )  # fmt: skip


def _years(model: Model, shown: Shown) -> Iterator[Rule]:
    """The years add up to the appraisal's lines."""
    place, value = shown.places, shown.values
    for owner in model.owners:
        for key, cumulative in (("net", "cumulative"), ("npv", "discounted_cumulative")):
            known = float(value[owner.name, key])
            yield Rule(
                f"{owner.name}: the {cumulative.replace('_', ' ')} of the last year is the "
                f"{'net benefit' if key == 'net' else 'net present value'}",
                f'=SUMPRODUCT((Flow_site="{owner.name}")*(Flow_year=Horizon)*Flow_{cumulative})',
                f"={place[owner.name, key]}", known,
            )  # fmt: skip
    net = float(value[ALL, "npv"])
    yield Rule("Discounted benefits less costs are the net present value",
               f"={place[ALL, 'benefits_now']}-{place[ALL, 'costs_now']}",
               f"={place[ALL, 'npv']}", net)  # fmt: skip
    time = float(value[ALL, "staff_time"])
    yield Rule("Staff time in the cash flow is that of the cashability",
               f'=SUMPRODUCT((Flow_site="{ALL}")*Flow_staff)', "=SUM(Cash_staff_time)",
               time)  # fmt: skip
    _, *taken = STEPS
    yield Rule("Cashability: the steps add up to the staff time saved",
               f"={'+'.join(f'SUM(Cash_{key})' for key in taken)}", "=SUM(Cash_staff_time)",
               time)  # fmt: skip


def _inputs(model: Model) -> Iterator[Rule]:
    """Inputs are possible, and what is not to be changed is as it was."""
    years = float(model.terms.years)
    yield Rule("The horizon is a whole number of years that are laid out", "=Horizon",
               "=MIN(MAX(INT(Horizon),1),Last_year)", years)  # fmt: skip
    yield Rule("The timing is one of the three", "=SUMPRODUCT((Timings_name=Timing)*1)",
               "", 1.0)  # fmt: skip
    sections = ("Referrals", "Course", "Ramp", "Hourly", "Posts", "Turnover", "Backfill", "Unit",
                "Once_staff", "Once_paid", "Running")  # fmt: skip
    negative = "+".join(f"SUMPRODUCT(({name}_value<0)*1)" for name in sections)
    yield Rule("How many inputs are negative", f"={negative}", "", 0.0)
    missing = "+".join(f"SUMPRODUCT(1-ISNUMBER({name}_value))" for name in sections)
    yield Rule("How many inputs are no numbers", f"={missing}", "", 0.0)
    shares = "+".join(f"SUMPRODUCT(({name}_value>1)*1)" for name in ("Ramp", *SHARES[1:]))
    fades = 'SUMPRODUCT((Course_item="fade")*(Course_value>1))'
    yield Rule("How many shares are above 100 %", f"={shares}+{fades}", "", 0.0)
    yield from _unchanged(model)


def _unchanged(model: Model) -> Iterator[Rule]:
    for key in ("visits", "minutes"):
        total = _total(model, key)
        yield Rule(f"Simulated {key} are as the run gave them (sum)", f"=SUM(Sim_{key})", "", total)
    fixed = sum(value for _, _, value, _ in FIXED) + model.last_year
    names = "+".join(name for name, *_ in FIXED)
    yield Rule("Fixed numbers are as they were (sum)", f"={names}+Last_year", "", fixed)


def _total(model: Model, key: str) -> float:
    return float(sum(getattr(row, key) for _, row in steps(model)))


def _intact(book: Book) -> Iterator[Rule]:
    """No formula has been overtyped."""
    for name, page in book.pages.items():
        if name not in UNCHECKED and page.formulas:
            number = float(page.formulas)
            count = f"=SUMPRODUCT(_xlfn.ISFORMULA({page.everything})*1)"
            yield Rule(f"Formulas intact in the sheet {name} (how many)", count, "", number)


def _as_run(book: Book, model: Model, shown: Shown) -> None:
    """The appraisal as run beside the recomputed one."""
    page = book.pages["Checks"]
    page.say("The appraisal as run, and now", "heading")
    page.say(
        "'As run' are the figures that costsim wrote. While no input has been changed the figures "
        "must be the same; once one has been changed they are expected to differ."
    )
    columns = [
        text("what", "Figure"), text("site", "Owner"),
        Column("as_run", "As run", style="number"), Column("now", "Now", style="number"),
        Column("same", "The same", "=IF(AND(ISNUMBER({as_run}),ISNUMBER({now})),"
               "ABS({as_run}-{now})<=Same_within*MAX(1,ABS({as_run})),{as_run}={now})",
               lambda c, _b: _same(c["as_run"], c["now"]), "holds"),
        Column("holds", "Holds: the same, or an input was changed",
               "=OR({same},Inputs_changed>0)", lambda c, _b: c["same"], "holds"),
    ]  # fmt: skip
    page.table(columns, list(_figures(model, shown)), "Run")


def _figures(model: Model, shown: Shown) -> Iterator[Cells]:
    for owner in model.owners:
        for line in shown.lines:
            name = line.published
            if name and (model.terms.optimism_bias or not name.startswith(ADJUSTED)):
                known = owner.as_run[name]
                place = shown.places[owner.name, line.key]
                now = shown.values[owner.name, line.key]
                yield {"what": line.title, "site": owner.name, "=now": f"={place}", "now": now,
                       "as_run": line.absent if known is None else known}  # fmt: skip


def _same(one: float | str, other: float | str) -> bool:
    """Whether two figures are the same, but for the last digits of a float."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return abs(one - other) <= SAME * max(1.0, abs(one))
