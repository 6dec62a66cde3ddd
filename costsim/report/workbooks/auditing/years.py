"""The sheets about time: discount factors year by year, and how far the new way is rolled out."""

from __future__ import annotations

import math
from typing import Any

from costsim.economics.rollout import Rollout
from costsim.report.workbooks.auditing.book import Book, Cells, Column, text
from costsim.report.workbooks.auditing.model import Model


def years_page(book: Book, model: Model) -> list[Cells]:
    """Year by year: within the horizon or not, the discount factor, the level of real pay."""
    page = book.page("Years")
    page.head(
        "Years: discounting and real pay",
        "Year 0 is the moment of the decision, when the one-off cost falls; it is not discounted. "
        "Years after the horizon are laid out so that it can be lengthened; they count for 0.",
        "Discount factor = worth at the end of the year before / (1 + rate) ^ share of the year "
        "that has passed when its money falls (see Inputs: timing).",
    )
    columns = [
        Column("year", "Year", style="whole", width=8),
        Column("within", "Within the horizon (1 = yes)", "=IF({year}<=Horizon,1,0)",
               lambda c, _b: int(c["year"] <= c["horizon"]), "whole"),
        Column("rate", "Discount rate", "=IF({year}=0,0,LOOKUP({year},Rate_detail,Rate_value))",
               _rate, "percent"),
        Column("end", "Worth today of £1 at the end of the year",
               "=IF({year}=0,1,{end_before}/(1+{rate}))",
               lambda c, b: b["end"] / (1 + c["rate"]) if b else 1.0, "factor", width=16),
        Column("factor", "Discount factor",
               "=IF({year}=0,1,{end_before}/(1+{rate})^INDEX(Timings_share,"
               "MATCH(Timing,Timings_name,0)))", _factor, "factor"),
        Column("moment", "Years from time 0 to its money",
               "=IF({year}=0,0,{year}-1+INDEX(Timings_share,MATCH(Timing,Timings_name,0)))",
               _moment, "number"),
        Column("pay", "Level of real pay", "=IF({year}<=1,1,{pay_before}*(1+Pay_growth))",
               lambda c, b: b["pay"] * (1 + c["growth"]) if c["year"] > 1 else 1.0, "factor"),
    ]  # fmt: skip
    rows = [{"year": year, **_terms(model)} for year in range(model.last_year + 1)]
    page.keep_header()
    return page.table(columns, rows, "Years")


def _terms(model: Model) -> Cells:
    long = model.long_terms
    return {
        "horizon": model.terms.years,
        "discounting": long.discounting,
        "factors": (1.0, *long.discounting.factors(long.years)),
        "moments": (0.0, *long.discounting.moments(long.years)),
        "growth": long.pay_growth,
    }


def _rate(cells: Cells, _before: Cells) -> float:
    rate: float = cells["discounting"].annual_rate(cells["year"]) if cells["year"] else 0.0
    return rate


def _factor(cells: Cells, _before: Cells) -> float:
    return float(cells["factors"][cells["year"]])


def _moment(cells: Cells, _before: Cells) -> float:
    return float(cells["moments"][cells["year"]])


def _launch(shift: int) -> Any:
    """The share of full roll-out that is reached in a year since going live."""

    def value(cells: Cells, _before: Cells) -> float:
        year, course = cells["launch"] - shift, cells["course"]
        return float(course.ramp_up[min(year, len(course.ramp_up) - 1)]) if year >= 0 else 0.0

    return value


def _kept(key: str, shift: int) -> Any:
    """What of the saving fade leaves, at the share reached."""

    def value(cells: Cells, _before: Cells) -> float:
        return float(cells[key] * (1 - cells["fade"]) ** max(0, cells["launch"] - shift))

    return value


def _doubled(shift: int) -> Any:
    """The part of the appraisal year within a year since going live while both ways are run."""

    def value(cells: Cells, _before: Cells) -> float:
        launch, begin = cells["launch"] - shift, cells["year"] - 1 - cells["delay"]
        finish = min(begin + 1, cells["double"], launch + 1)
        return max(0.0, finish - max(begin, launch)) if launch >= 0 else 0.0

    return value


def _ramp(launch: str) -> str:
    place = f"MIN({launch}+1,MAX(Ramp_detail))"
    return f"=IF({launch}<0,0,SUMPRODUCT((Ramp_site={{site}})*(Ramp_detail={place})*Ramp_value))"


def _course(kind: str) -> str:
    return f'=SUMPRODUCT((Course_site={{site}})*(Course_item="{kind}")*Course_value)'


def _overlap(launch: str) -> str:
    begin = "{year}-1-{delay}"
    finish = f"MIN({{year}}-{{delay}},{{double}},{launch}+1)"
    return f"=IF({launch}<0,0,MAX(0,{finish}-MAX({begin},{launch})))"


def rollout_page(book: Book, model: Model) -> list[Cells]:
    """How much of a full year's saving and running cost each year has, site by site."""
    page = book.page("Roll-out")
    page.head(
        "Roll-out: the share of full use in each year of the appraisal",
        "A year of the appraisal begins in one year since going live and ends in the next; the "
        "start delay says where. Ramp-up and fade are level within each year since going live.",
        "While both ways are run (double running) nothing is saved yet, and the activities of the "
        "new way are an extra cost.",
    )
    columns = [*_courses(), *_levels(), *_shares()]
    page.keep_header()
    return page.table(columns, _rows(model), "Roll")


def _rows(model: Model) -> list[Cells]:
    return [
        {"site": each.name, "year": year, "course": course, "years": model.last_year}
        for each in model.sites
        for course in [Rollout.of(model.scenario.sites[each.name].take_up)]
        for year in range(model.last_year + 1)
    ]


def _share(name: str) -> Any:
    """A share of an appraisal year by costsim's own roll-out; nothing in year 0."""

    def value(cells: Cells, _before: Cells) -> float:
        course: Rollout = cells["course"]
        return float((0.0, *getattr(course, name)(cells["years"]))[cells["year"]])

    return value


def _courses() -> list[Column]:
    """When the year of a row lies in the years since going live."""
    return [
        text("site", "Site"), Column("year", "Year", style="whole", width=8),
        Column("delay", "Start delay, years", _course("start delay"),
               lambda c, _b: c["course"].start_delay, "number"),
        Column("fade", "Fade", _course("fade"), lambda c, _b: c["course"].fade, "percent"),
        Column("double", "Double running, years", _course("double running"),
               lambda c, _b: c["course"].double_running, "number"),
        Column("launch", "Whole years live when the year ends", "={year}-1-INT({delay})",
               lambda c, _b: c["year"] - 1 - math.floor(c["delay"]), "whole"),
        Column("part", "Part of the year in the year before", "={delay}-INT({delay})",
               lambda c, _b: c["delay"] - math.floor(c["delay"]), "number"),
    ]  # fmt: skip


def _levels() -> list[Column]:
    """How far the new way is used in both of them, and what of it both ways are run."""
    later, earlier = "{launch}", "({launch}-1)"
    return [
        Column("later", "Use reached, later part", _ramp(later), _launch(0), "percent"),
        Column("earlier", "Use reached, earlier part", _ramp(earlier), _launch(1), "percent"),
        Column("later_kept", "Saving level, later part",
               "={later}*IF({launch}<=0,1,(1-{fade})^{launch})", _kept("later", 0), "percent"),
        Column("earlier_kept", "Saving level, earlier part",
               "={earlier}*IF({launch}<=1,1,(1-{fade})^({launch}-1))", _kept("earlier", 1),
               "percent"),
        Column("later_double", "Double running in the later part, years", _overlap(later),
               _doubled(0), "number"),
        Column("earlier_double", "Double running in the earlier part, years", _overlap(earlier),
               _doubled(1), "number"),
    ]  # fmt: skip


def _shares() -> list[Column]:
    """The shares of the year that follow."""
    return [
        Column("live", "Share of the year live",
               "=IF({launch}<0,0,1)+{part}*(IF({launch}<1,0,1)-IF({launch}<0,0,1))",
               _share("live_shares"), "percent"),
        Column("both", "Share of the year both ways are run", "={later_double}+{earlier_double}",
               _share("both_shares"), "percent"),
        Column("saving", "Share of a full year's saving",
               "={later_kept}+{part}*({earlier_kept}-{later_kept})"
               "-({later_double}*{later_kept}+{earlier_double}*{earlier_kept})",
               _share("saving_shares"), "percent"),
        Column("doubled", "Share of a full year's double running",
               "={later_double}*{later}+{earlier_double}*{earlier}", _share("double_shares"),
               "percent"),
    ]  # fmt: skip
