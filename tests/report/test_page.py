"""What the report's page says, and that it is a page that every reader can use.

Numbers are compared with the files of the run, never with the code that shows them.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import replace
from html import unescape
from itertools import pairwise

import pytest

from costsim.report.page import SECTIONS, page
from costsim.report.page.render import data
from costsim.results.checks import Check
from costsim.units import money
from tests.report.browser import CASES, Reader, few, study, text_of
from tests.report.folders import FEATURES, STUDY, folder_of

LARGEST = 300_000


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def text(case: str) -> str:
    return text_of(case)


@pytest.fixture(scope="module")
def reader(text: str) -> Reader:
    return Reader(text)


def test_the_page_is_well_formed_and_its_ids_are_unique(reader: Reader) -> None:
    ids = Counter(attrs["id"] for _, attrs in reader.elements if "id" in attrs)
    assert reader.faults == []
    assert reader.open == []
    assert [name for name, times in ids.items() if times > 1] == []


def test_every_reference_within_the_page_leads_somewhere(reader: Reader) -> None:
    ids = {attrs["id"] for _, attrs in reader.elements if "id" in attrs}
    names = ("for", "aria-labelledby", "aria-describedby")
    wanted = {
        one
        for _, attrs in reader.elements
        for name in names
        for one in (attrs.get(name) or "").split()
    }
    links = {(attrs.get("href") or "") for attrs in reader.named("a")}
    assert all(link.startswith("#") for link in links)
    assert wanted | {link[1:] for link in links} <= ids


def test_headings_come_in_order_below_one_title(reader: Reader) -> None:
    levels = [int(tag[1]) for tag, _ in reader.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_language_the_title_and_the_landmarks_are_there(
    reader: Reader,
) -> None:
    first = next(text for tag, text in reader.texts if tag == "title")
    assert reader.named("html") == [{"lang": "en-GB"}]
    assert first.endswith(": costsim report")
    assert [len(reader.named(tag)) for tag in ("main", "header", "footer", "nav")] == [1, 1, 1, 1]
    assert reader.named("a")[0] == {"class": "skip", "href": "#main"}


def test_every_table_has_a_caption_and_its_headings_have_a_scope(reader: Reader) -> None:
    tables = [name for name, _ in reader.elements].count("table")
    assert tables > 5
    assert len(reader.named("caption")) == tables
    assert {attrs.get("scope") for attrs in reader.named("th")} == {"col", "row"}
    assert all(
        attrs.get("tabindex") == "0"
        for attrs in reader.named("div")
        if attrs.get("role") == "region"
    )


def test_figures_in_tables_are_marked_to_be_aligned(text: str) -> None:
    tables = re.findall(r"<caption[^>]*>(?:Key figures|Cash flow).*?</table>", text, re.DOTALL)
    cells = re.findall(r"<td([^>]*)>(-?£[\d,]+(?:\.\d\d)?|-?[\d,]+\.\d+%?)[<\s]", " ".join(tables))
    assert len(cells) > 10
    assert {attributes for attributes, _ in cells} == {' class="n"'}


def test_nothing_is_styled_or_scripted_in_an_attribute(reader: Reader) -> None:
    attributes = {name for _, attrs in reader.elements for name in attrs}
    assert "style" not in attributes
    assert [name for name in attributes if name.startswith("on")] == []
    assert len(reader.named("style")) == 1
    assert [attrs.get("type") for attrs in reader.named("script")] == ["application/json", None]


def test_no_figure_is_infinite_or_no_number(reader: Reader, text: str) -> None:
    assert re.findall(r"\b(?:inf|nan|NaN|Infinity|Undefined)\b", reader.said()) == []
    assert not re.search(">None<|£None", text)
    numbers = re.search(r'id="panel-numbers">(.*?)</script>', text)
    assert numbers
    assert not re.search("NaN|Infinity", numbers[1])


@pytest.mark.parametrize("case", ["several sites", "hostile words"], indirect=True)
def test_the_same_findings_give_the_same_bytes(case: str, text: str) -> None:
    assert page(CASES[case]()) == text


def test_the_shipped_study_is_smaller_than_300_kilobytes() -> None:
    assert len(text_of("the study").encode()) < LARGEST


def test_the_key_figures_are_those_of_the_run_with_their_intervals() -> None:
    folder = folder_of(STUDY)
    programme = json.loads((folder / "summary.json").read_text("utf-8"))["programme"]
    said = Reader(text_of("the study")).said()
    for name, title in (
        ("per_case_saving", "Saving on a case"),
        ("net_present_value", "Net present value"),
        ("net_benefit", "Net benefit over 3 years"),
    ):
        figure = programme[name]
        amounts = [
            money(each, pence=abs(each) < 1000) for each in (figure["value"], *figure["ci95"])
        ]
        assert f"{title} {amounts[0]} {amounts[1]} to {amounts[2]}" in said
    assert f"One-off cost {money(30288, pence=False)} exact" in said
    assert f"{programme['payback_years']['value']:.2f}" in said


def test_the_answer_comes_before_everything_else() -> None:
    said = Reader(text_of("the study")).said()
    order = [
        "The new way saves", "Mind that", "Key figures", "Is it cash?", "This is capacity",
        "Published figures beside computed ones", "What if?", "Cash flow by year",
        "Assumptions log", "Reporting checklists", "Quality assurance", "Method",
    ]  # fmt: skip
    places = [said.index(words) for words in order[:3]]
    body = said[said.index("In this report") :]
    links = body.index("Is it cash?") + 20
    places += [said.index("In this report") + body.index(words, links) for words in order[3:4]]
    assert places == sorted(places)
    headings = [text for tag, text in Reader(text_of("the study")).texts if tag == "h2"]
    wanted = [words for words in order if words in headings]
    assert [each for each in headings if each in wanted] == wanted


def test_every_site_stands_in_a_column_of_its_own() -> None:
    folder = folder_of(next(FEATURES.glob("18-*.yaml")))
    sites = json.loads((folder / "summary.json").read_text("utf-8"))["sites"]
    said = Reader(text_of("several sites")).said()
    assert "Figure North council South council All sites" in said
    assert sites["south"]["per_case_saving"]["value"] == pytest.approx(450)
    assert re.search(r"Saving on a case £360\.00 £360\.00 to £360\.00 £450\.00", said)


def test_each_option_has_its_own_answer() -> None:
    said = Reader(text_of("three pathways")).said()
    for option, saving in (("online", "£348.00"), ("phone", "£300.00")):
        assert re.search(rf"\({option}\): the answer The new way saves {saving} a case", said)


def test_one_replication_says_that_chance_is_not_known() -> None:
    said = Reader(text_of("one replication")).said()
    assert "How much of this is chance is not known" in said
    assert "not known" in said


def test_what_is_never_repaid_and_what_is_not_defined_is_said_so() -> None:
    found = few("01")
    none = replace(found.main.programme.economics.payback_years, value=None, ci95=None)
    ratio = replace(found.main.programme.economics.benefit_cost_ratio, value=None, ci95=None)
    figures = replace(found.main.programme.economics, payback_years=none, benefit_cost_ratio=ratio)
    option = replace(found.main, programme=replace(found.main.programme, economics=figures))
    said = Reader(page(replace(found, options={option.option: option}))).said()
    assert "It does not pay back within 3 years" in said
    assert "Repaid after, years never" in said
    assert "Benefit-cost ratio not defined" in said


def test_a_check_that_failed_stands_above_the_answer() -> None:
    wrong = Check("reconciliation", False, "bromley: ledger and totals differ by £3.10")
    said = Reader(page(replace(few("18"), checks=(wrong,)))).said()
    alarm = said.index("A check of this run failed: do not rely on its figures")
    assert alarm < said.index("The new way saves")
    assert said.index("bromley: ledger and totals differ by £3.10") < said.index(
        "The new way saves"
    )


def test_an_interrupted_run_says_so_above_the_answer() -> None:
    found = few("18")
    cut = replace(found, summary={**found.summary, "interrupted": True})
    said = Reader(page(cut)).said()
    assert said.index("This run was interrupted") < said.index("The new way saves")
    assert "It was stopped after 5 replications" in said
    assert "This run was interrupted" not in Reader(text_of("several sites")).said()


def test_numbers_for_the_panel_cannot_end_their_element() -> None:
    written = data({"a": "</script><!--&"})
    assert not set("<>&") & set(written)
    assert json.loads(written) == {"a": "</script><!--&"}
    with pytest.raises(ValueError, match="JSON compliant"):
        data({"a": float("inf")})


def test_a_section_more_is_one_function_more(monkeypatch: pytest.MonkeyPatch) -> None:
    from costsim.report.page import outcome

    monkeypatch.setattr("costsim.report.page.SECTIONS", (outcome.is_it_cash,))
    headings = [text for tag, text in Reader(page(study())).texts if tag == "h2"]
    assert headings == ["Is it cash?", "In this report"]
    assert len(SECTIONS) > 8


def test_how_to_run_it_again_is_the_command_of_the_run() -> None:
    folder = folder_of(STUDY)
    command = json.loads((folder / "manifest.json").read_text("utf-8"))["command"]
    text = unescape(text_of("the study"))
    assert command[:2] == ["costsim", "run"]
    assert all(part in text for part in command)


def _rows(number: str, name: str) -> list[dict[str, str]]:
    """The rows of the programme, or of an effect, in a file that a run wrote."""
    folder = folder_of(next(FEATURES.glob(f"{number}-*.yaml")))
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["of"] not in ("site",)]


def test_the_budget_view_is_that_of_the_run() -> None:
    said = Reader(page(few("21"))).said()
    rows = _rows("21", "budget.csv")
    assert len(rows) >= 3
    for row in rows:
        saving = float(row["saving"])
        assert f"{row['financial_year']} {float(row['price_level']):.4f}" in said
        assert money(saving, pence=abs(saving) < 1000) in said


def test_every_agency_and_the_allowance_for_optimism_are_told() -> None:
    said = Reader(page(few("22"))).said()
    folder = folder_of(next(FEATURES.glob("22-*.yaml")))
    found = json.loads((folder / "summary.json").read_text("utf-8"))["programme"]
    after = found["adjusted_net_benefit"]["value"]
    assert after != found["net_benefit"]["value"]
    assert "After optimism bias" in said
    assert f"{money(after, pence=False)} {money(after, pence=False)} to" in said
    rows = _rows("22", "agencies.csv")
    assert len(rows) > 1
    for row in rows:
        assert re.search(
            rf"{row['agency']} .*{money(float(row['net_benefit']), pence=False)}", said
        )
    assert "Who pays and who gains" not in Reader(text_of("several sites")).said()


def test_every_pathway_is_placed_by_every_effect() -> None:
    text = page(few("23"))
    said = Reader(text).said()
    rows = _rows("23", "effects.csv")
    assert len(rows) > 3
    assert all(row["standing"] in said for row in rows)
    icers = [float(row["icer"]) for row in rows if row["icer"]]
    assert icers
    assert all(money(each, pence=abs(each) < 1000) in said for each in icers)
