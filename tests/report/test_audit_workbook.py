"""The audit workbook gives what costsim gives: as written, and after its inputs are changed."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import costsim
from costsim.economics.outlook import economics
from costsim.report.workbooks.audit import audit
from costsim.sites import terms
from tests.report.folders import FEATURES, STUDY, findings_of
from tests.report.recalculated import Sheets, changed, formulas, recalculated, values

MONEY = {
    "Referrals a year": "referrals_per_year",
    "Saving on a case": "per_case_saving",
    "Change in running cost a year": "annual_running_cost_change",
    "Saving a year at full use, after running costs": "annual_saving",
    "Staff hours released a year": "staff_hours_released_per_year",
    "The same as full-time posts": "fte_released",
    "One-off cost": "one_off_cost",
    "Horizon": "horizon_years",
    "Saving over the horizon, after running costs": "total_saving",
    "Net benefit, not discounted": "net_benefit",
    "Net present value": "net_present_value",
    "Benefit-cost ratio": "benefit_cost_ratio",
    "Return on investment": "return_on_investment",
    "Internal rate of return": "internal_rate_of_return",
    "Payback": "payback_years",
    "Discounted payback": "discounted_payback_years",
    "Break-even referrals": "break_even_referrals_per_year",
}
TIME = {
    "Staff time saved over the horizon": "staff_time_saving",
    "of it cash": "cashable_saving",
}
AFTER = "After optimism bias: "
BIASED = {
    f"{AFTER}saving over the horizon": "adjusted_total_saving",
    f"{AFTER}net benefit": "adjusted_net_benefit",
    f"{AFTER}net present value": "adjusted_net_present_value",
    f"{AFTER}benefit-cost ratio": "adjusted_benefit_cost_ratio",
    f"{AFTER}payback": "adjusted_payback_years",
    f"{AFTER}discounted payback": "adjusted_discounted_payback_years",
}
ABSENT = ("never", "not defined", "none")
FEW = ("--replications", "8")

EVERYTHING = """
costsim: 1
title: "=1+1"
price_year: 2024-25
horizon: 40 years
discounting: {schedule: green_book, timing: mid_year}
prices: {pay_growth: 1%}
optimism_bias: {savings: 15%, costs: 10%}
run: {replications: 6, seed: 3}
staff:
  social_worker:
    hourly_cost: £60
    source: "@SUM(1)"
    posts: {in_post: 9, turnover: 20%, backfill: 30%}
referrals: {per_year: 1000, assumed: true, note: "-2+3"}
pathways:
  old:
    start: assessment
    outcomes: [decided]
    activities:
      assessment:
        staff: {social_worker: {gamma: {mean: 10 h, sd: 4 h}}}
        cost: £20
        next: decided
  new:
    start: form
    outcomes: [decided]
    activities:
      form: {cost: £7, staff: {social_worker: 5 h}, next: decided}
take_up:
  start_delay: 15 months
  double_running: 18 months
  ramp_up: [30%, 70%, 100%]
  fade: 4%
  eligible: 80%
one_off:
  discover: {staff: {social_worker: 100 h}}
  test: {coaching: £4000}
running_costs:
  old: {printing: £5000}
  new: {licence: £1200}
sites:
  north: {title: "+North"}
  south:
    title: South
    running_costs: {new: {licence: £9000}}
    referrals: {per_year: 70}
"""
ODD = """
costsim: 1
title: Sites that never pay back, that save nothing, and that lose
price_year: 2024-25
horizon: 3 years
run: {replications: 1, seed: 1}
staff: {worker: {hourly_cost: £30}}
referrals: {per_year: 40, arrive: evenly}
pathways:
  old: {start: work, outcomes: [done], activities: {work: {staff: {worker: 10 h}, next: done}}}
  new: {start: work, outcomes: [done], activities: {work: {staff: {worker: 10 h}, next: done}}}
sites:
  loss:
    pathways: {new: {activities: {work: {staff: {worker: 12 h}}}}}
    one_off: {co_design: {other: £10}}
  never:
    pathways: {new: {activities: {work: {staff: {worker: 9.9 h}}}}}
    one_off: {co_design: {other: £90000}}
  nothing: {title: No saving}
"""
EDITED = """
extends: coram-2017.yaml
horizon: 5 years
discounting: {rate: 5%}
sites:
  bromley:
    staff: {social_worker: {hourly_cost: {value: £61.25}}}
    take_up: {ramp_up: [40%, 100%]}
    one_off: {co_design: {other: {value: £7000}}, test: {staff: {team_manager: 9 h}}}
  york:
    running_costs: {new: {upkeep: {value: £350}}}
"""
EDITS: dict[tuple[str, ...], float] = {
    ("The appraisal", "", "Horizon", ""): 5,
    ("Discount rate by year", "", "Discount rate from year", "1"): 0.05,
    ("Hourly cost of staff", "bromley", "social_worker", ""): 61.25,
    ("Ramp-up", "bromley", "share of full roll-out", "1"): 0.4,
    ("One-off: payments", "bromley", "co_design", "other"): 7000,
    ("One-off: staff time", "bromley", "test", "team_manager"): 9,
    ("Running costs", "york", "new", "upkeep"): 350,
}
MORE = {"north": 140.0, "south": 31.5}


@cache
def _folder() -> Path:
    """A folder for files of this module, for as long as the process lives."""
    kept = tempfile.TemporaryDirectory(prefix="costsim-audit-")
    _KEPT.append(kept)
    shutil.copy(STUDY, kept.name)
    return Path(kept.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


@cache
def _scenario(name: str) -> Path:
    """A scenario file by its short name."""
    texts = {
        "everything": EVERYTHING,
        "edited": EDITED,
        "odd": ODD,
    }
    if name not in texts:
        return {"study": STUDY}.get(name) or next(FEATURES.glob(f"{name}-*.yaml"))
    path = _folder() / f"{name}.yaml"
    path.write_text(texts[name], encoding="utf-8")
    return path


AS_WRITTEN = ("study", "everything", "odd", "13", "15", "18", "19", "20")


def _options(name: str) -> tuple[str, ...]:
    return FEW if name in ("study", "edited") else ()


@cache
def _written(name: str) -> bytes:
    return audit(findings_of(_scenario(name), *_options(name)))


@cache
def _recalculated() -> dict[str, Sheets]:
    """Every workbook of this module as LibreOffice recalculates it, in one call."""
    study, small = _written("study"), _written("13")
    cells, places = _inputs(study), _inputs(small)
    sites = _inputs(_written("18"))
    volumes = {sites["Referrals", site, "Referrals", ""]: n for site, n in MORE.items()}
    files = {name: _written(name) for name in AS_WRITTEN} | {
        "edits": changed(study, {cells[key]: value for key, value in EDITS.items()}),
        "volumes": changed(_written("18"), volumes),
        "overtyped": changed(small, {("Cash flow", "F40"): 12345.0}),
        "broken": changed(
            small,
            {
                ("Simulation", "H7"): 12345.0,
                places["Referrals", "site", "Referrals", ""]: "many",
                places["The appraisal", "", "Horizon", ""]: 31,
            },
        ),
    }
    with tempfile.TemporaryDirectory(prefix="costsim-recalculated-") as folder:
        return recalculated(files, Path(folder))


def _inputs(workbook: bytes) -> dict[tuple[str, ...], tuple[str, str]]:
    """The cells that may be changed, by section, site, item and detail."""
    cells = values(workbook)["Inputs"]
    found, section = {}, ""
    for row in range(1, 2000):
        first, value = cells.get(f"A{row}"), cells.get(f"D{row}")
        if first and f"B{row}" not in cells:
            section = first
        if value is not None and f"F{row}" in cells and value != "Value: may be changed":
            labels = (cells.get(f"{letter}{row}", "") for letter in "ABC")
            key = (f"{label}".removesuffix(".0") for label in labels)
            found[section, *key] = ("Inputs", f"D{row}")
    return found


def _appraisal(sheets: Sheets) -> dict[str, dict[str, Any]]:
    """The figures of the sheet Appraisal, by owner and title."""
    cells = sheets["Appraisal"]
    head = next(int(at[1:]) for at, each in cells.items() if each == "Figure")
    owners = {c: cells[f"{c}{head}"] for c in "CDEFGH" if f"{c}{head}" in cells}
    rows = [int(at[1:]) for at in cells if re.fullmatch(r"A\d+", at) and int(at[1:]) > head]
    return {
        owner: {cells[f"A{row}"]: cells[f"{letter}{row}"] for row in rows}
        for letter, owner in owners.items()
    }


def _table(cells: Mapping[str, Any], first: str) -> list[dict[str, Any]]:
    """The rows of the table whose first header this is, by header."""
    head = next(int(at[1:]) for at, each in cells.items() if each == first and at[0] == "A")
    letters = {re.sub(r"\d", "", at) for at in cells if re.fullmatch(rf"[A-Z]+{head}", at)}
    rows = []
    for row in range(head + 1, head + 5000):
        if f"A{row}" not in cells:
            break
        rows.append({cells[f"{c}{head}"]: cells.get(f"{c}{row}") for c in letters})
    return rows


def _same(one: object, other: object) -> bool:
    """Whether two figures are the same to the last digits of a float; absence has its words."""
    if other is None:
        return one in ABSENT
    if isinstance(other, str | bool):
        return one == other
    return one == pytest.approx(other, rel=1e-9, abs=1e-7)


def _differences(
    shown: dict[str, dict[str, Any]], name: str, titles: Mapping[str, str]
) -> list[str]:
    """Where the appraisal differs from the summary of a run."""
    summary = findings_of(_scenario(name), *_options(name)).summary
    owners = {"all sites": summary["programme"], **summary["sites"]}
    assert shown.keys() == owners.keys()
    return [
        f"{owner}, {title}: {shown[owner][title]} is not {owners[owner][figure]['value']}"
        for owner in shown
        for title, figure in titles.items()
        if not _same(shown[owner][title], owners[owner][figure]["value"])
    ]


@pytest.mark.parametrize("name", AS_WRITTEN)
def test_every_formula_brings_the_value_that_it_has_when_recalculated(name: str) -> None:
    known, found = values(_written(name)), _recalculated()[name]
    every = [(sheet, at) for sheet, cells in formulas(_written(name)).items() for at in cells]
    assert len(every) > 4000
    assert not [
        (sheet, at, known[sheet].get(at), found[sheet].get(at))
        for sheet, at in every
        if not _same(found[sheet].get(at), known[sheet].get(at))
    ]


@pytest.mark.parametrize("name", AS_WRITTEN)
def test_the_appraisal_is_that_of_the_run_and_all_checks_hold(name: str) -> None:
    sheets = _recalculated()[name]
    declared = findings_of(_scenario(name), *_options(name)).scenario.optimism_bias
    titles = MONEY | TIME | (BIASED if declared else {})
    assert not _differences(_appraisal(sheets), name, titles)
    assert sheets["Cover"]["B4"] is True


@pytest.mark.parametrize("name", AS_WRITTEN)
def test_no_error_is_ever_shown(name: str) -> None:
    for sheets in (values(_written(name)), _recalculated()[name]):
        shown = [str(each) for cells in sheets.values() for each in cells.values()]
        assert not [each for each in shown if re.match(r"#[A-Z]+[/!?]|nan$|-?inf$", each)]


def test_what_there_is_not_is_said_in_words() -> None:
    sites = _appraisal(_recalculated()["odd"])
    never, nothing, loss = sites["never"], sites["nothing"], sites["loss"]
    assert (never["Payback"], never["Discounted payback"]) == ("never", "never")
    assert nothing["Payback"] == 0
    assert nothing["Benefit-cost ratio"] == nothing["Internal rate of return"] == "not defined"
    assert (loss["Break-even referrals"], loss["Payback"]) == ("none", "never")


@pytest.mark.parametrize("name", ["study", "everything", "13", "18"])
def test_the_years_are_those_of_the_run_and_nothing_after_them(name: str) -> None:
    names = {
        "Saving, £": "saving",
        "Change in running cost, £": "running_cost_change",
        "Double running, £": "double_running",
        "One-off cost, £": "one_off",
        "Saving less running and double running, £": "net_saving",
        "Cumulative net, £": "cumulative",
        "Discounted net, £": "discounted_net",
        "Discounted cumulative, £": "discounted_cumulative",
    }
    findings = findings_of(_scenario(name), *_options(name))
    rows = _table(_recalculated()[name]["Cash flow"], "Owner")
    assert len(rows) == len(findings.cash_flow) * (max(30, findings.scenario.years) + 1)
    for row in rows:
        owner = {"all sites": "programme"}.get(row["Owner"], row["Owner"])
        known = {each.year: each for each in findings.cash_flow[owner]}.get(row["Year"])
        for title, figure in names.items():
            assert row[title] == pytest.approx(getattr(known, figure, 0.0), abs=1e-6), (row, title)


def test_hours_become_posts_and_cash_as_in_the_run() -> None:
    for name in ("20", "everything", "study"):
        findings = findings_of(_scenario(name), *_options(name))
        known = {(s, r.role, r.year): r for s, rows in findings.cash.items() for r in rows}
        rows = _table(_recalculated()[name]["Cashability by year"], "Row of the sheet Cashability")
        shown = {(row["Site"], row["Role"], row["Year"]): row for row in rows}
        assert known.keys() <= shown.keys()
        for key, row in shown.items():
            titles = {"Hours released": "hours", "Whole posts": "whole_posts", "Cash, £": "cash"}
            for title, figure in titles.items():
                assert row[title] == pytest.approx(getattr(known.get(key), figure, 0), abs=1e-6)


def test_changed_inputs_give_what_a_run_with_them_gives() -> None:
    sheets = _recalculated()["edits"]
    assert sheets["Cover"]["B4"] is True
    assert sheets["Cover"]["B6"] == len(EDITS)
    assert not _differences(_appraisal(sheets), "edited", MONEY | TIME)


def test_a_changed_volume_gives_what_costsim_gives_for_it() -> None:
    known = costsim.evaluate(costsim.load(_scenario("18")))
    shared = terms(known.scenario)
    cases = [
        replace(case, referrals_per_year=MORE[name])
        for name, case in zip(known.main.sites, known.main.cases, strict=True)
    ]
    shown = _appraisal(_recalculated()["volumes"])
    owners = {"all sites": cases} | dict(zip(MORE, ([case] for case in cases), strict=True))
    for owner, of_it in owners.items():
        found = economics(of_it, shared)
        for title, figure in MONEY.items():
            assert _same(shown[owner][title], getattr(found, figure).value), (owner, title)


def test_figures_as_run_stay_beside_the_recomputed_ones() -> None:
    rows = _table(_recalculated()["edits"]["Checks"], "Figure")
    differing = [row for row in rows if row["The same"] is False]
    assert {"Net present value", "Payback"} <= {row["Figure"] for row in differing}
    known = findings_of(STUDY, *FEW).summary["programme"]["net_present_value"]["value"]
    npv = next(r for r in rows if (r["Figure"], r["Owner"]) == ("Net present value", "all sites"))
    assert npv["As run"] == pytest.approx(known, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("overtyped", ("Cash flow",)), ("broken", ("Simulated minutes", "no numbers", "horizon"))],
)
def test_the_master_check_turns_false_and_names_what_is_wrong(
    name: str, wrong: tuple[str, ...]
) -> None:
    sheets = _recalculated()[name]
    assert sheets["Cover"]["B4"] is False
    failing = [row["Check"] for row in _table(sheets["Checks"], "Check") if row["Holds"] is False]
    for each in wrong:
        assert any(each in check for check in failing), each
    assert sheets["Cover"]["B5"] == f"A CHECK FAILS. First failing check: {failing[0]}"


def test_other_options_are_named_as_not_in_it() -> None:
    cover = " ".join(str(each) for each in values(_written("19"))["Cover"].values())
    findings = findings_of(_scenario("19"))
    first, *others = findings.options
    assert f"the main option, {first}, only. Not in it: {', '.join(others)}" in cover


def test_only_functions_that_every_spreadsheet_program_knows() -> None:
    known = {"ABS", "AND", "EXP", "IF", "INDEX", "INT", "ISFORMULA", "ISNUMBER", "LOOKUP", "MATCH"}
    known |= {"MAX", "MIN", "OR", "SIGN", "SUM", "SUMPRODUCT", "TRUNC"}
    every = [each for cells in formulas(_written("everything")).values() for each in cells.values()]
    used = {name for each in every for name in re.findall(r"([A-Z]+)\(", each)}
    assert used == known
    assert not [each for each in every if "[" in each]


def test_formulas_hold_no_amounts() -> None:
    for name, cells in formulas(_written("everything")).items():
        for at, formula in cells.items():
            bare = re.sub(r"\"[^\"]*\"|'[^']*'|\$?[A-Z]{1,3}\$?\d+", "", formula)
            numbers = set(re.findall(r"(?<![A-Za-z_\d.])\d+(?:\.\d+)?", bare))
            assert numbers <= {"0", "1", "2"}, (name, at, formula)


def test_a_column_has_one_formula_for_all_sites() -> None:
    for sheet in ("Activity costs", "Years", "Roll-out", "Cashability by year"):
        assert not list(_columns_of_many(formulas(_written("study"))[sheet], most=1)), sheet
    for sheet in ("Cash flow", "Optimism bias"):  # sums of sites, and sites
        assert not list(_columns_of_many(formulas(_written("study"))[sheet], most=2)), sheet


def _columns_of_many(cells: Mapping[str, str], most: int) -> Iterator[str]:
    kinds: dict[str, set[str]] = {}
    for at, formula in cells.items():
        letter, row = re.fullmatch(r"([A-Z]+)(\d+)", at).groups()  # type: ignore[union-attr]  # a cell

        def relative(found: re.Match[str], here: int = int(row)) -> str:
            return f"{found[1]}[{int(found[2]) - here}]"

        kinds.setdefault(letter, set()).add(re.sub(r"\b([A-Z]{1,2})(\d+)\b", relative, formula))
    return (letter for letter, found in kinds.items() if len(found) > most)


def test_text_that_looks_like_a_formula_stays_text() -> None:
    book = _written("everything")
    every = [each for cells in values(book).values() for each in cells.values()]
    assert every.count("=1+1") == 1
    for text in ("@SUM(1)", "-2+3", "+North"):
        assert [each for each in every if text in str(each)], text
    assert values(book)["Cover"]["A2"] == "=1+1"
    assert "A2" not in formulas(book)["Cover"]


def test_every_name_is_given_once() -> None:
    with zipfile.ZipFile(io.BytesIO(_written("study"))) as parts:
        names = re.findall(r'definedName name="([^"]+)"', parts.read("xl/workbook.xml").decode())
    ours = [name.lower() for name in names if not name.startswith("_xlnm")]
    assert len(ours) == len(set(ours)) > 100


def test_charts_are_described_in_words() -> None:
    with zipfile.ZipFile(io.BytesIO(_written("study"))) as parts:
        drawing = parts.read("xl/drawings/drawing1.xml").decode()
    said = re.findall(r'descr="([^"]+)"', drawing)
    net = findings_of(STUDY, *FEW).cash_flow["programme"][3].cumulative
    assert len(said) == 2
    assert f"year 3: {net:,.0f}" in said[1]


def test_nothing_is_hidden_and_nothing_links_outside() -> None:
    with zipfile.ZipFile(io.BytesIO(_written("study"))) as parts:
        text = "".join(parts.read(each).decode() for each in parts.namelist() if "xl/" in each)
    assert not re.findall(r'hidden="1"|state="(?:very)?hidden"', text, re.IGNORECASE)
    assert "externalLink" not in text


def test_the_same_findings_give_the_same_bytes() -> None:
    assert audit(findings_of(_scenario("15"))) == _written("15")
