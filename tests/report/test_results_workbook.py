"""results.xlsx: everybody can read it, and every number in it is the run's own."""

from __future__ import annotations

import csv
import io
import json
import math
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import openpyxl
import pytest
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from costsim.report.workbooks import accessible, results
from costsim.report.workbooks.accessible import Column, Gap, Number, Sheet, parts, workbook
from costsim.report.workbooks.text import LONGEST, cut
from tests.report.accessible import RULES, Book, breaches, good_file_name
from tests.report.folders import FEATURES, STUDY, findings_of, folder_of

SITES = FEATURES / "18-several-sites-and-extends.yaml"
THREE = FEATURES / "19-three-pathways.yaml"
QUEUES = FEATURES / "06-queues-for-scarce-staff.yaml"
CASH = FEATURES / "20-cash-or-capacity.yaml"
AGENCIES = FEATURES / "22-who-pays-and-optimism.yaml"
EFFECTS = FEATURES / "23-cost-effectiveness.yaml"
FEW = ("--replications", "40")
Cases = tuple[Path, tuple[str, ...]]
CASES: dict[str, Cases] = {
    "the study": (STUDY, FEW),
    "three pathways": (THREE, ()),
    "queues": (QUEUES, ()),
    "cash": (CASH, ()),
    "sites that extend another": (SITES, ()),
    "agencies": (AGENCIES, ()),
    "effects": (EFFECTS, ()),
    "one replication": (STUDY, ("--replications", "1")),
}
HEADLINE = {
    "Referrals a year": "referrals_per_year",
    "Saving per case": "per_case_saving",
    "Saving a year": "annual_saving",
    "Rise in running cost": "annual_running_cost_change",
    "Staff hours released a year": "staff_hours_released_per_year",
    "Full-time posts released": "fte_released",
    "One-off cost": "one_off_cost",
    "Cost of double running over the horizon": "double_running_cost",
    "Years appraised": "horizon_years",
    "Saving over the horizon": "total_saving",
    "Net benefit": "net_benefit",
    "Net present value": "net_present_value",
    "Benefit cost ratio": "benefit_cost_ratio",
    "Return on investment": "return_on_investment",
    "Internal rate of return": "internal_rate_of_return",
    "Repaid after": "payback_years",
    "Repaid after, with discounting": "discounted_payback_years",
    "Referrals a year at which it breaks even": "break_even_referrals_per_year",
    "Saving per case by arithmetic, without simulation": "expected_per_case_saving",
    "Staff time saved over the horizon, in money": "staff_time_saving",
    "Part of that staff time which is cash": "cashable_saving",
    "Decision sooner, on average": "days_sooner",
}
ADJUSTED = {
    "Saving over the horizon, after optimism bias": "adjusted_total_saving",
    "Net benefit, after optimism bias": "adjusted_net_benefit",
    "Net present value, after optimism bias": "adjusted_net_present_value",
    "Benefit cost ratio, after optimism bias": "adjusted_benefit_cost_ratio",
    "Repaid after, after optimism bias": "adjusted_payback_years",
    "Repaid after, with discounting, after optimism bias": "adjusted_discounted_payback_years",
}


def headline_of(figures: dict[str, Any]) -> dict[str, str]:
    """What is shown of figures: after optimism bias only where there is any."""
    return HEADLINE | (ADJUSTED if figures["adjusted_net_benefit"]["value"] is not None else {})


@cache
def book_of(scenario: Path, *options: str) -> Book:
    """The workbook of a scenario that was run with these options."""
    return Book(results.results(findings_of(scenario, *options)))


def summary_of(scenario: Path, *options: str) -> dict[str, Any]:
    text = (folder_of(scenario, *options) / "summary.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


# --- everybody can read it -----------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_no_rule_for_accessible_spreadsheets_is_broken(case: str) -> None:
    scenario, options = CASES[case]
    assert breaches(book_of(scenario, *options).content) == {}


def test_the_file_has_a_name_that_the_rules_allow() -> None:
    assert good_file_name("results.xlsx")
    assert not good_file_name("Results of 1 May.xlsx")


@cache
def small() -> bytes:
    """A workbook of few sheets, to plant violations in."""
    with patch.object(results, "TABLES", (results.TABLES[0], results.TABLES[-1])):
        return results.results(findings_of(CASH))


Plant = Callable[[Any], object]


def _table(book: Any) -> Table:
    found: Table = book["Answer"].tables["answer"]
    return found


def _second_table(book: Any) -> None:
    found = Table(displayName="another", ref="A8:B9")
    found.tableColumns = [TableColumn(id=1, name="a"), TableColumn(id=2, name="b")]
    book["Answer"].add_table(found)


def _last_cell(book: Any) -> Any:
    sheet = book["Answer"]
    return sheet.cell(sheet.max_row, sheet.max_column)


def _sets(name: str, value: object) -> Plant:
    return lambda book: setattr(book["Answer"]["A9"], name, value)


PLANTS: tuple[tuple[str, Plant], ...] = (
    ("s1_real_tables", lambda book: book["Answer"].tables.pop("answer")),
    ("s1_real_tables", lambda book: setattr(_table(book), "headerRowCount", 0)),
    ("s1_real_tables", lambda book: setattr(_table(book).tableColumns[1], "name", "Other")),
    ("s2_table_names", lambda book: setattr(_table(book), "displayName", "Table1")),
    ("s2_table_names", lambda book: setattr(_table(book), "displayName", "checks")),
    ("s3_nothing_merged", lambda book: book["Answer"].merge_cells("A1:B1")),
    ("s4_no_blanks", lambda book: setattr(_last_cell(book), "value", None)),
    ("s4_no_blanks", lambda book: setattr(_last_cell(book), "value", "[q]")),
    ("s4_no_blanks", lambda book: setattr(book["Answer"]["A5"], "value", "No shorthand")),
    ("s5_text_wrapped", _sets("alignment", Alignment(wrap_text=False))),
    ("s5_room_for_all", lambda book: setattr(book["Answer"].column_dimensions["D"], "width", 5)),
    ("s5_room_for_all", lambda book: setattr(book["Answer"].row_dimensions[3], "height", 15)),
    ("s6_nothing_filtered_frozen_or_hidden",
     lambda book: setattr(_table(book), "autoFilter", AutoFilter(ref=_table(book).ref))),
    ("s6_nothing_filtered_frozen_or_hidden",
     lambda book: setattr(book["Answer"].auto_filter, "ref", "A7:B9")),
    ("s6_nothing_filtered_frozen_or_hidden",
     lambda book: setattr(book["Answer"], "freeze_panes", "B2")),
    ("s6_nothing_filtered_frozen_or_hidden",
     lambda book: setattr(book["Answer"].row_dimensions[9], "hidden", True)),
    ("s6_nothing_filtered_frozen_or_hidden",
     lambda book: setattr(book["Answer"].column_dimensions["B"], "hidden", True)),
    ("s6_nothing_filtered_frozen_or_hidden",
     lambda book: setattr(book["Checks"], "sheet_state", "hidden")),
    ("s7_notes", lambda book: setattr(book["Notes"]["A4"], "value", "[note 99]")),
    ("s7_notes", _sets("value", "Net benefit [note 1]")),
    ("s7_notes", _sets("font", Font(name="Arial", sz=12, vertAlign="superscript"))),
    ("s8_titles", lambda book: setattr(book["Answer"]["A1"], "style", "Normal")),
    ("s8_titles", lambda book: setattr(book["Answer"]["A2"], "value", "Figures")),
    ("s9_one_table_from_column_a",
     lambda book: book["Answer"].cell(book["Answer"].max_row + 2, 1, "Source: us")),
    ("s9_one_table_from_column_a", lambda book: book["Answer"].cell(2, 4, "beside")),
    ("s9_one_table_from_column_a", _second_table),
    ("s10_no_headers_footers_or_images",
     lambda book: setattr(book["Answer"].oddFooter.center, "text", "Page 1")),
    ("s11_no_fills", _sets("fill", PatternFill("solid", fgColor="FFFF00"))),
    ("s11_no_fills",
     lambda book: setattr(_table(book), "tableStyleInfo", TableStyleInfo("TableStyleMedium9"))),
    ("s12_sheet_names", lambda book: book.create_sheet("Blank")),
    ("s13_properties", lambda book: setattr(book.properties, "title", None)),
    ("s13_properties", lambda book: setattr(book.properties, "language", None)),
    ("s14_active_cell", lambda book: setattr(book, "active", 2)),
    ("s14_active_cell",
     lambda book: setattr(book["Cover"].sheet_view.selection[0], "activeCell", "C9")),
    ("s15_cover_and_contents", lambda book: book.move_sheet("Cover", 2)),
    ("s15_cover_and_contents",
     lambda book: setattr(book["Contents"]["A5"].hyperlink, "location", "'Gone'!A1")),
    ("s16_one_plain_font", _sets("font", Font(name="Calibri", sz=12))),
    ("s16_one_plain_font", _sets("font", Font(name="Arial", sz=10))),
    ("s16_one_plain_font", _sets("font", Font(name="Arial", sz=12, i=True))),
    ("s16_one_plain_font", _sets("font", Font(name="Arial", sz=12, color="FF0000"))),
    ("s18_numbers_are_numbers", _sets("value", "1,234.50")),
    ("s18_numbers_are_numbers", _sets("value", "=1+1")),
    ("s18_numbers_are_numbers",
     lambda book: setattr(book["Answer"]["D9"], "number_format", "General")),
)  # fmt: skip


@pytest.mark.parametrize(("rule", "plant"), PLANTS)
def test_a_planted_violation_is_found(rule: str, plant: Plant) -> None:
    book = openpyxl.load_workbook(io.BytesIO(small()))
    plant(book)
    assert list(RULES[rule](_saved(book))) != []


def test_without_a_planted_violation_none_is_found() -> None:
    book = openpyxl.load_workbook(io.BytesIO(small()))
    assert breaches(_saved(book).content) == {}


def _saved(book: Any) -> Book:
    stream = io.BytesIO()
    book.save(stream)
    return Book(stream.getvalue())


@pytest.mark.parametrize("name", ["xl/media/image1.png", "xl/vbaProject.bin"])
def test_a_planted_image_or_macro_is_found(name: str) -> None:
    stream = io.BytesIO(book_of(CASH).content)
    with zipfile.ZipFile(stream, "a") as file:
        file.writestr(name, b"")
    assert "s10_no_headers_footers_or_images" in breaches(stream.getvalue())


@pytest.mark.parametrize("name", ["Checks" * 6, "answer"])
def test_a_planted_sheet_name_that_is_too_long_or_taken_is_found(name: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for part, content in book_of(CASH).parts.items():
            named = content.replace(b'<sheet name="Checks"', f'<sheet name="{name}"'.encode())
            file.writestr(part, named)
    assert list(RULES["s12_sheet_names"](Book(stream.getvalue()))) != []


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule for rule, _ in PLANTS} == RULES.keys()


# --- every number is the run's own ---------------------------------------------------------------


def same(cell: object, number: float | None) -> bool:
    """The very same number, to its last digit; words where there is none."""
    return isinstance(cell, str) if number is None else cell == number


def ends(estimate: dict[str, Any]) -> list[float | None]:
    """An estimate of summary.json as the value and the ends of its interval."""
    return [estimate["value"], *(estimate.get("ci95") or (None, None))]


def wrong(cells: list[Any], estimates: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
    """The cells that are not what summary.json says."""
    said = [number for each in estimates for number in ends(each)]
    assert len(cells) == len(said)
    return [pair for pair in zip(cells, said, strict=True) if not same(*pair)]


def options_of(summary: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {summary["option"]: summary, **summary.get("alternatives", {})}


@pytest.mark.parametrize("case", CASES)
def test_the_answer_holds_every_headline_figure_of_the_summary(case: str) -> None:
    scenario, options = CASES[case]
    summary = summary_of(scenario, *options)
    found = {row[0]: row[3:] for row in book_of(scenario, *options).values("Answer")}
    programmes = [each["programme"] for each in options_of(summary).values()]
    shown = headline_of(programmes[0])
    for label, name in shown.items():
        assert wrong(found.pop(label), [each[name] for each in programmes]) == []
    old = [each["cost_per_case"][summary["comparator"]] for each in programmes]
    new = [each["programme"]["cost_per_case"][n] for n, each in options_of(summary).items()]
    assert wrong(found.pop(f"Cost per case, {summary['comparator']}"), old) == []
    assert wrong(found.pop("Cost per case, the option"), new) == []
    single = {n for n, each in programmes[0].items() if each.get("value")}
    assert single <= {*shown.values()}
    assert found == {}


def test_every_site_has_its_figures() -> None:
    sites, titles = summary_of(STUDY, *FEW)["sites"], findings_of(STUDY, *FEW).scenario.sites
    rows = book_of(STUDY, *FEW).values("By site")
    found = {(row[0], row[1]): row[4:] for row in rows}
    assert len(found) == len(rows) == (len(HEADLINE) + len(ADJUSTED) + 2) * 4
    for site, figures in sites.items():
        for label, name in headline_of(figures).items():
            assert wrong(found[label, titles[site].title], [figures[name]]) == []


TIMES = {
    "Time to decision, mean, working days": ("time_to_decision_days", "mean"),
    "Time to decision, nine in ten within, working days": ("time_to_decision_days", "p90"),
    "Time to decision, median, calendar days": ("time_to_decision_calendar_days", "p50"),
    "Waiting, mean": ("waiting_days_per_case", None),
    "Decided within the target": ("within_target", None),
    "Withdrawn": ("withdrawn_share", None),
}


@pytest.mark.parametrize("case", ["three pathways", "queues", "one replication"])
def test_times_are_those_of_the_summary_for_each_pathway(case: str) -> None:
    scenario, options = CASES[case]
    summary = summary_of(scenario, *options)
    worlds = {summary["comparator"]: summary["programme"]}
    worlds |= {name: each["programme"] for name, each in options_of(summary).items()}
    everywhere = {"All sites"} if len(summary["sites"]) > 1 else {"this site"}
    rows = book_of(scenario, *options).values("Time and targets")
    found = {row[0]: row[4:] for row in rows if row[1] in everywhere}
    for label, (name, part) in TIMES.items():
        by_world = [each[name][world] for world, each in worlds.items()]
        said = [each[part] if part else each for each in by_world]
        assert wrong(found[label], said) == []


def test_utilisation_is_that_of_the_summary() -> None:
    used = summary_of(QUEUES)["programme"]["utilisation"]
    (row,) = book_of(QUEUES).values("Staff utilisation")
    assert row[:3] == ["Time in use, social worker", "this site", "share"]
    assert wrong(row[4:], [used["old"]["social_worker"], used["new"]["social_worker"]]) == []


def test_staff_of_whom_there_is_no_end_have_no_utilisation() -> None:
    book = book_of(STUDY, *FEW)
    assert "Staff utilisation" not in book.open.sheetnames
    assert "No role has a headcount" in book.open["Time and targets"]["A3"].value


TABLES = {
    "Cash flow": "cashflow.csv",
    "Cash or capacity": "cashability.csv",
    "Budget": "budget.csv",
    "Activities": "activities.csv",
    "Cost-effectiveness": "effects.csv",
}


def numbers(row: list[Any]) -> list[float]:
    return [float(cell) for cell in row if isinstance(cell, int | float)]


def csv_numbers(line: list[str]) -> Iterator[float]:
    for cell in line:
        try:
            yield float(cell)
        except ValueError:
            continue


@pytest.mark.parametrize("case", ["the study", "agencies", "effects", "one replication"])
@pytest.mark.parametrize("sheet", TABLES)
def test_tables_hold_the_numbers_of_the_csv_files(case: str, sheet: str) -> None:
    scenario, options = CASES[case]
    text = (folder_of(scenario, *options) / TABLES[sheet]).read_text(encoding="utf-8")
    _, *lines = csv.reader(io.StringIO(text))
    several = len(summary_of(scenario, *options)["sites"]) > 1
    expected = [
        list(csv_numbers(line[:7] + line[8:] if worked_by_nobody(sheet, line) else line))
        for line in lines
        if several or line[0] != "programme"
    ]
    assert [numbers(row) for row in book_of(scenario, *options).values(sheet)] == expected


def worked_by_nobody(sheet: str, line: list[str]) -> bool:
    """Whether a line of activities has a price that is no price."""
    return sheet == "Activities" and line[4] == "none"


def test_agencies_stand_with_what_they_pay_and_gain() -> None:
    text = (folder_of(AGENCIES) / "agencies.csv").read_text(encoding="utf-8")
    expected = [line[1:] for line in csv.reader(io.StringIO(text)) if line[0] == "site"]
    rows = [[row[1], *row[2:]] for row in book_of(AGENCIES).values("Agencies")]
    assert len(rows) > 1
    assert rows == [[name, *map(float, line)] for name, *line in expected]


def test_figures_after_optimism_bias_stand_beside_those_before_it() -> None:
    found = {row[0]: row[3] for row in book_of(AGENCIES).values("Answer")}
    programme = summary_of(AGENCIES)["programme"]
    assert found["Net benefit"] == programme["net_benefit"]["value"]
    after = found["Net benefit, after optimism bias"]
    assert after == programme["adjusted_net_benefit"]["value"] < found["Net benefit"]


def test_only_an_agency_beside_the_council_makes_a_sheet_of_agencies() -> None:
    assert "Agencies" not in book_of(STUDY, *FEW).open.sheetnames


def test_published_figures_stand_beside_the_computed_ones() -> None:
    said = summary_of(STUDY, *FEW)["published"]
    rows = book_of(STUDY, *FEW).values("Published")
    assert [row[3:5] for row in rows] == [[e["published"], e["computed"]] for e in said]
    assert [row[5] for row in rows] == ["yes" if e["agrees"] else "NO" for e in said]
    assert "NO" in {row[5] for row in rows}


def test_the_log_holds_every_input_with_its_source_and_line() -> None:
    log = {row["Input"]: row for row in book_of(STUDY, *FEW).table("Assumptions log")}
    lines = STUDY.read_text(encoding="utf-8").splitlines()
    cost = log["staff.social_worker.hourly_cost"]
    assert cost["Value"] == 43.17
    assert cost["Source"].startswith("PSSRU 2013 page 199")
    assert (cost["Assumed"], cost["File"]) == ("no", STUDY.name)
    assert "hourly_cost" in "".join(lines[cost["Line"] - 2 : cost["Line"]])
    assert cost["Range from"] < 43.17 < cost["Range to"]
    target = log["targets.decision"]
    assert (target["As written"], target["Value"]) == ("45 days", 45 * 7.4 * 60)
    assert "45 working days" in lines[target["Line"] - 1]
    assert log["calendar.hours_per_day"]["Note"] == "37 hours a week"
    assert len(log) == len(book_of(STUDY, *FEW).values("Assumptions log")) > 100


def test_checks_and_warnings_are_all_there() -> None:
    summary = summary_of(STUDY, *FEW)
    rows = book_of(STUDY, *FEW).values("Checks")
    assert [row[0] for row in rows] == [
        *(each["detail"] for each in summary["checks"]),
        *summary["warnings"],
    ]
    assert {row[3] for row in rows} == {"passed", "[z]"}


def test_the_cover_says_with_what_it_was_made_and_names_no_folder() -> None:
    cover = {row[0]: row[1] for row in book_of(STUDY, *FEW).values("Cover")}
    summary = summary_of(STUDY, *FEW)
    assert cover["Scenario file"] == "coram-2017.yaml"
    assert cover["Fingerprint of the scenario (SHA-256)"] == summary["scenario"]["sha256"]
    assert (cover["Seed"], cover["Replications"]) == (2017, 40)
    assert cover["Assurer of the analysis"].startswith("Not named")
    assert cover["Made by"] == f"costsim {summary['versions']['costsim']}"
    assert "2016-17" in cover["Prices"]
    folder = str(findings_of(STUDY, *FEW).folder)
    texts = b"".join(book_of(STUDY, *FEW).parts.values()).decode(errors="replace")
    assert folder not in texts
    assert str(STUDY.parent) not in texts


def test_the_contents_count_the_rows_of_every_sheet() -> None:
    book = book_of(STUDY, *FEW)
    for name, _, rows in book.values("Contents"):
        assert len(book.values(name)) == rows


# --- edges ---------------------------------------------------------------------------------------


def test_one_replication_has_no_intervals_and_says_so() -> None:
    found = {r[0]: r[2:] for r in book_of(STUDY, "--replications", "1").values("Answer")}
    assert found["Saving per case"][0] == "simulated"
    assert found["Saving per case"][2:] == ["[x]", "[x]"]
    assert found["One-off cost"][2:] == ["[z]", "[z]"]


def test_a_payback_that_never_comes_is_never_and_no_number() -> None:
    assert summary_of(STUDY, *FEW)["sites"]["york"]["payback_years"]["value"] is None
    rows = book_of(STUDY, *FEW).table("By site")
    (york,) = [r for r in rows if r["Figure"] == "Repaid after" and r["Site"] == "City of York"]
    assert york["Value, new"] == "[never]"


def test_ratios_without_a_cost_are_not_defined() -> None:
    found = {row[0]: row[3] for row in book_of(THREE).values("Answer")}
    assert found["Benefit cost ratio"] == "[undefined]"


def test_options_stand_beside_each_other_under_their_names() -> None:
    rows = book_of(THREE).table("Answer")
    (saving,) = [row for row in rows if row["Figure"] == "Saving per case"]
    assert (saving["Value, online"], saving["Value, phone"]) == (348.0, 300.0)


def test_the_same_findings_give_the_same_bytes() -> None:
    findings = findings_of(CASH)
    assert results.results(findings) == results.results(findings)


def test_one_site_is_not_shown_twice() -> None:
    assert {row[0] for row in book_of(CASH).values("Cash flow")} == {"this site"}


FORMULAS = ['=HYPERLINK("https://example.org","x")', "+1+1", "-2+3", "@SUM(A1)", "=1+1"]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A workbook of a scenario whose texts try to be something else."""
    text = THREE.read_text(encoding="utf-8")
    texts = {
        "title: Assess by visit, by phone or online": 'title: "=1+1"',
        "title: A visit": 'title: "@SUM(A1)"',
        "title: By phone": 'title: "\\t+1+1"',
        "title: Online": f"title: '{FORMULAS[0]}'",
        "  social_worker: {hourly_cost: £60, assumed: true}": (
            "  social_worker: {hourly_cost: {value: £60, assumed: true, "
            f'source: "-2+3", note: "{"long " * 8000}"}}}}'
        ),
        "referrals: {per_year: 100, arrive: evenly, assumed: true}": (
            'referrals: {per_year: {value: 100, source: "two\\nlines \\u202eback _x0041_ '
            '<b>&amp;", note: "https://example.org/"}, arrive: evenly, assumed: true}'
        ),
    }
    for old, new in texts.items():
        assert old in text, old
        text = text.replace(old, new)
    file = tmp_path_factory.mktemp("hostile") / "=cmd.yaml"
    file.write_text(text, encoding="utf-8")
    return Book(results.results(findings_of(file)))


def test_hostile_texts_break_no_rule(hostile: Book) -> None:
    assert breaches(hostile.content) == {}


def test_text_that_looks_like_a_formula_stays_text(hostile: Book) -> None:
    risky = [cell for _, cell in hostile.cells() if str(cell.value)[:1] in set("=+-@")]
    texts = [cell for cell in risky if isinstance(cell.value, str)]
    assert {"=1+1", "=cmd.yaml", "-2+3"} <= {cell.value for cell in texts}
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in texts)
    assert not any(cell.hyperlink and cell.hyperlink.target for _, cell in hostile.cells())


def test_characters_that_do_not_show_are_marked_and_others_are_literal(hostile: Book) -> None:
    log = {row["Input"]: row for row in hostile.table("Assumptions log")}
    strings = hostile.parts["xl/sharedStrings.xml"].decode()
    assert log["referrals.per_year"]["Note"] == "https://example.org/"
    assert "two lines [U+202E]back _x005F_x0041_ &lt;b&gt;&amp;amp;" in strings
    assert "\u202e" not in strings


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(hostile: Book) -> None:
    log = {row["Input"]: row for row in hostile.table("Assumptions log")}
    note = log["staff.social_worker.hourly_cost"]["Note"]
    assert len(note) == LONGEST
    assert note.endswith("[cut here: the whole has 39,999 characters]")
    emoji = cut("\U0001f600" * LONGEST)
    assert len(emoji.encode("utf-16-le")) // 2 <= LONGEST
    assert "\ufffd" not in emoji


def test_a_site_with_a_long_or_odd_title_has_its_rows_under_it(tmp_path: Path) -> None:
    titles = ["[Borough]: of / a * very ? odd \\ name" * 4, "Same", "Same"]
    text = STUDY.read_text(encoding="utf-8")
    for old, new in zip(
        ("London Borough of Bromley", "London Borough of Enfield", "City of York"),
        titles,
        strict=True,
    ):
        assert text.count(f"title: {old}\n") == 1
        text = text.replace(f"title: {old}\n", f"title: {json.dumps(new)}\n")
    file = tmp_path / "titles.yaml"
    file.write_text(text, encoding="utf-8")
    book = Book(results.results(findings_of(file, "--replications", "2")))
    assert breaches(book.content) == {}
    sites = {row[0] for row in book.values("Cash flow")}
    assert sites == {titles[0], "Same (enfield)", "Same (york)", "All sites"}


def a_sheet(rows: int) -> Sheet:
    columns = (Column("Name"), Column("Number"))
    body = [(f"row {n}", Number(n)) for n in range(rows)]
    return Sheet("Rows", "Rows", "rows", columns, body)


def test_too_many_rows_go_on_further_sheets_that_count_them() -> None:
    split = parts(a_sheet(10), most=4)
    assert [each.name for each in split] == ["Rows 1", "Rows 2", "Rows 3"]
    assert [each.about for each in split][2] == "rows, rows 9 to 10 of 10"
    assert [row for each in split for row in each.rows] == list(a_sheet(10).rows)
    assert parts(a_sheet(4), most=4) == [a_sheet(4)]
    assert parts(a_sheet(0)) == []


def test_a_split_table_is_as_accessible_as_a_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "MOST_ROWS", 5)
    book = Book(results.results(findings_of(CASH)))
    assert breaches(book.content) == {}
    assert "Answer 2" in book.open.sheetnames
    split = [row for n in book.open.sheetnames if n.startswith("Answer") for row in book.values(n)]
    assert split == book_of(CASH).values("Answer")


def test_headers_that_are_the_same_are_refused() -> None:
    sheet = Sheet("Rows", "Rows", "rows", (Column("A"), Column("a")), [("x", "y")])
    with pytest.warns(UserWarning, match="Duplicate header"):
        message = _refusal(sheet)
    assert "make no table" in message


def _refusal(sheet: Sheet) -> str:
    with pytest.raises(ValueError, match="headers") as refused:
        workbook([sheet], {}, "en-GB")
    return str(refused.value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, None])
def test_no_number_that_is_not_one_is_written(value: float | None) -> None:
    assert accessible.amount(value, accessible.MONEY, Gap.NOT_DEFINED) is Gap.NOT_DEFINED


# --- other programs read it ----------------------------------------------------------------------


def as_csv(books: dict[str, Book], folder: Path) -> dict[str, dict[str, list[list[str]]]]:
    """What LibreOffice reads in workbooks: the cells of each sheet, numbers as they are."""
    soffice = shutil.which("soffice")
    assert soffice, "LibreOffice is needed for this test: apt-get install libreoffice-calc"
    for name, book in books.items():
        (folder / f"{name}.xlsx").write_bytes(book.content)
    raw = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    command = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", raw, "--outdir", str(folder), *map(str, folder.glob("*.xlsx"))]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert "rror" not in done.stdout + done.stderr
    return {
        name: {
            file.stem.removeprefix(f"{name}-"): list(
                csv.reader(io.StringIO(file.read_bytes().decode(), newline=""))
            )
            for file in folder.glob(f"{name}-*.csv")
        }
        for name in books
    }


def number_of(shown: str) -> float:
    """A number that LibreOffice writes with all its digits, a share as a percentage."""
    return float(shown.rstrip("%")) / (100 if shown.endswith("%") else 1)


def test_libreoffice_reads_the_same_texts_and_numbers(hostile: Book, tmp_path: Path) -> None:
    books = {"study": book_of(STUDY, *FEW), "hostile": hostile}
    for name, read in as_csv(books, tmp_path).items():
        assert read.keys() == set(books[name].open.sheetnames)
        checked = 0
        for _, cell in books[name].cells():
            seen = read[cell.parent.title][cell.row - 1][cell.column - 1]
            if isinstance(cell.value, int | float):
                assert math.isclose(number_of(seen), cell.value, rel_tol=1e-13), cell
                checked += 1
            else:
                assert seen == cell.value.replace("_x005F_", "_"), cell
        assert checked > 100
