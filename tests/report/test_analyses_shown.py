"""Analyses that stand in a folder of results: the report's page and the workbook show them."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

import costsim.report.page as pages
from costsim.errors import ResultsError
from costsim.findings import Findings, read
from costsim.report.analyses.exhibit import Column, Exhibit, Picture, Table, Value
from costsim.report.analyses.stored import KINDS, stored
from costsim.report.page import analyses as sections
from costsim.report.workbooks import results, results_analyses
from costsim.uncertainty.oneway import one_way
from costsim.uncertainty.probabilistic import probabilistic
from tests.report.accessible import Book, breaches
from tests.report.browser import HOSTILE, Reader, chromium, opened
from tests.report.folders import FEATURES, folder_of
from tests.unit.uncertain import HOURS_BY_WAGE

RUN = FEATURES / "01-unlimited-staff.yaml"
TITLES = {
    "uncertainty": "How sure is it?",
    "sensitivity": "What drives it?",
    "voi": "What would it be worth to know more?",
}
OPEN_ALL = "for (const each of document.querySelectorAll('details')) each.open = true"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NEVER = Value(float("inf"), "never")


@cache
def _drawn(folder: Path) -> tuple[Picture, ...]:
    """A histogram and a tornado, as they would be kept."""
    from costsim.scenario.loader import load

    file = folder / "product.yaml"
    file.write_text(HOURS_BY_WAGE, encoding="utf-8")
    scenario = load(file)
    figures = (probabilistic(scenario, draws=64).plot(), one_way(scenario, replications=2).plot())
    return tuple(
        Picture(f.name, f.title, f.subtitle, f.source, f.description, f.svg(), f.header, f.rows)
        for f in figures
    )


HEADLINES = Table(
    "headlines",
    "The spread of the answer",
    (
        Column("outcome", "Outcome"),
        Column("mean", "Mean", "number"),
        Column("p90", "P90", "number"),
        Column("money", "In money", "money"),
        Column("sure", "Share", "share"),
        Column("range", "95% interval", "range"),
    ),
    (
        ("Net benefit", Value(16507.75, "£16,508"), Value(-5.5, "-£5.50"),
         Value(12.345, "£12.35"), Value(0.9996, "more than 99%"), "£1 to £2"),
        ("Payback, years", Value(1.94171, "1.94"), NEVER,
         Value(float("nan"), "none"), Value(0.5, "50%"), ""),
        ("Minutes of a visit", Value(510.0, "8.5 h"), Value(0.0004, "0.0004"),
         Value(0.0, "£0.00"), Value(0.0, "0%"), "1 h to 2 h"),
    ),
    "Chance is no part of it.",
)  # fmt: skip
SWITCHES = Table(
    "switches",
    "What would have to be true",
    (Column("input", "Input"), Column("turn", "It pays back if", "number")),
    (
        ("staff.worker.hourly_cost", Value(14.6868, "at least £14.70")),
        ("referrals.per_year", Value(53.2, "at least 54 referrals a year")),
        ("take_up.share", Value(float("nan"), "whatever its value")),
    ),
)
LIST = Table("reading", "What follows", (Column("text", "What follows"),), (("It pays.",),))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of results in which nothing was analysed."""
    folder = tmp_path_factory.mktemp("analyses") / "run"
    shutil.copytree(folder_of(RUN, "--replications", "3"), folder)
    return folder


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> tuple[Picture, ...]:
    return _drawn(tmp_path_factory.mktemp("pictures"))


@pytest.fixture
def folder(plain: Path, tmp_path: Path) -> Path:
    shutil.copytree(plain, tmp_path / "run")
    return tmp_path / "run"


def exhibit(folder: Path, kind: str, **changes: Any) -> Exhibit:
    scenario = json.loads((folder / "summary.json").read_text("utf-8"))["scenario"]
    made = Exhibit(
        kind=kind,
        title=f"A title of {kind}",
        paragraphs=(f"The finding of {kind}.", "Drawn 64 times."),
        tables=(HEADLINES, SWITCHES, LIST),
        settings={"scenario": scenario, "seed": 1},
    )
    return replace(made, **changes)


def keep(folder: Path, *exhibits: Exhibit) -> Findings:
    """The findings of a folder into which these analyses are put."""
    (folder / "analyses").mkdir(exist_ok=True)
    for each in exhibits:
        keep_json(folder, each.kind, each.as_json())
    return read(folder)


def keep_json(folder: Path, kind: str, content: Any) -> None:
    (folder / "analyses").mkdir(exist_ok=True)
    (folder / "analyses" / f"{kind}.json").write_text(json.dumps(content), encoding="utf-8")


def all_three(folder: Path, pictures: tuple[Picture, ...] = ()) -> Findings:
    return keep(folder, *(exhibit(folder, kind, pictures=pictures) for kind in KINDS))


# --- reading back --------------------------------------------------------------------------------


def test_analyses_are_read_back_in_order_as_they_were_shown(
    folder: Path, pictures: tuple[Picture, ...]
) -> None:
    for kind in reversed(KINDS):
        keep(folder, exhibit(folder, kind, pictures=pictures))
    found = stored(folder)
    assert [each.kind for each in found] == ["uncertainty", "sensitivity", "voi"]
    assert [each.as_json() for each in found] == [
        exhibit(folder, kind, pictures=pictures).as_json() for kind in KINDS
    ]


def test_only_those_that_are_there_are_read_and_nothing_where_nothing_is(folder: Path) -> None:
    assert stored(folder) == ()
    keep(folder, exhibit(folder, "voi"))
    assert [each.kind for each in stored(folder)] == ["voi"]


def test_an_analysis_may_stand_among_other_things(folder: Path) -> None:
    inner = exhibit(folder, "sensitivity").as_json()
    keep_json(folder, "sensitivity", {"schema": "costsim.oneway/1", "swings": [], "exhibit": inner})
    assert stored(folder)[0].title == "A title of sensitivity"
    keep_json(folder, "sensitivity", {**inner, "swings": [1, 2]})
    assert stored(folder)[0].title == "A title of sensitivity"


@pytest.mark.parametrize("where", ["settings", "scenario"])
def test_an_analysis_of_another_scenario_is_refused_by_its_file(folder: Path, where: str) -> None:
    other = {"sha256": "0" * 64}
    settings = other if where == "settings" else {"scenario": other}
    findings = keep(folder, exhibit(folder, "voi", settings=settings))
    with pytest.raises(ResultsError, match="another scenario") as caught:
        pages.page(findings)
    assert str(folder / "analyses" / "voi.json") in str(caught.value)
    assert f"costsim voi {folder}" in str(caught.value)
    with pytest.raises(ResultsError, match="another scenario"):
        results.results(findings)


def changed(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda content: {**content, **changes}


def with_row(*cells: Any) -> Callable[[dict[str, Any]], Any]:
    """A table of one column, with a row of these cells."""
    columns = [{"name": "a", "title": "A", "kind": "number"}]
    table = {"name": "t", "caption": "T", "note": "", "columns": columns, "rows": [[*cells]]}
    return changed(tables=[table])


def with_picture(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    names = ("name", "title", "subtitle", "source", "description", "svg")
    picture = {**dict.fromkeys(names, "words"), "header": ["a"], "rows": [["b"]]}
    return changed(pictures=[{**picture, **changes}])


BROKEN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a list": lambda _: [],
    "a number": lambda _: 3,
    "nothing": lambda _: {},
    "another kind": changed(kind="voi"),
    "another form": changed(schema="costsim.analysis/2"),
    "a title that is no text": changed(title=4),
    "paragraphs that are no list": changed(paragraphs="words"),
    "a paragraph that is no text": changed(paragraphs=[1]),
    "warnings that are no list": changed(warnings="words"),
    "not whole, perhaps": changed(interrupted="no"),
    "no settings": changed(settings={}),
    "settings that are none": changed(settings=None),
    "a figure that is text": with_row({"number": "5", "shown": "5"}),
    "a figure that is a truth": with_row({"number": True, "shown": "5"}),
    "a figure without words": with_row({"number": 5, "shown": None}),
    "a cell of another form": with_row(7),
    "a row that is too long": with_row("x", "y"),
    "a row that is too short": with_row(),
    "a picture without a drawing": with_picture(svg=None),
    "a picture whose row is too long": with_picture(rows=[["b", "c"]]),
    "a picture with more to say": with_picture(more="words"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_is_no_analysis_is_refused_by_name(folder: Path, case: str) -> None:
    keep_json(folder, "uncertainty", BROKEN[case](exhibit(folder, "uncertainty").as_json()))
    with pytest.raises(ResultsError, match=r"uncertainty\.json is no analysis") as caught:
        stored(folder)
    assert "Make it again: costsim uncertainty" in str(caught.value)


@pytest.mark.parametrize("change", [with_row("x"), with_row({"number": 5, "shown": "5"}),
                                    with_picture()])  # fmt: skip
def test_what_is_refused_above_is_read_where_it_is_whole(
    folder: Path, change: Callable[[dict[str, Any]], Any]
) -> None:
    keep_json(folder, "uncertainty", change(exhibit(folder, "uncertainty").as_json()))
    assert stored(folder)[0].kind == "uncertainty"


@pytest.mark.parametrize("text", [b"{", b"\xff\xfe", b"[" * 100_000, b""])
def test_a_file_that_is_no_json_is_refused_by_name(folder: Path, text: bytes) -> None:
    (folder / "analyses").mkdir()
    (folder / "analyses" / "voi.json").write_bytes(text)
    with pytest.raises(ResultsError, match=r"voi\.json is no analysis"):
        stored(folder)


# --- the page ------------------------------------------------------------------------------------


def test_a_folder_without_analyses_gives_the_very_same_documents(plain: Path) -> None:
    findings = read(plain)
    ours = {sections.uncertainty, sections.sensitivity, sections.information}
    before = tuple(each for each in pages.SECTIONS if each not in ours)
    tables = tuple(each for each in results.TABLES if each is not results_analyses.analyses)
    assert len(before) == len(pages.SECTIONS) - 3
    assert len(tables) == len(results.TABLES) - 1
    page, book = pages.page(findings), results.results(findings)
    with patch.object(pages, "SECTIONS", before), patch.object(results, "TABLES", tables):
        assert pages.page(findings) == page
        assert results.results(findings) == book
    (plain / "analyses").mkdir()
    assert pages.page(findings) == page


def test_each_analysis_has_a_section_and_how_sure_it_is_comes_right_after_the_answer(
    folder: Path, pictures: tuple[Picture, ...]
) -> None:
    text = pages.page(all_three(folder, pictures))
    headings = re.findall(r'<h2 id="([^"]+)">([^<]+)</h2>', text)
    keys = [key for key, _ in headings]
    sure = keys.index("analysis-uncertainty")
    assert keys[sure - 1] in ("answer", "contents")
    assert sure < keys.index("sites")
    place = keys.index("figures")
    ours = [headings[sure], *headings[place + 1 : place + 3]]
    assert dict(ours) == {f"analysis-{kind}": title for kind, title in TITLES.items()}
    said = Reader(text).said()
    for kind in KINDS:
        assert f"The finding of {kind}." in said
    for words in ("Chance is no part of it.", "at least £14.70", "more than 99%", "never"):
        assert said.count(words) >= 3
    assert said.count(pictures[0].title) == 4 * 3  # above, twice in it, and over its numbers


def test_no_section_stands_for_an_analysis_that_was_not_made(folder: Path) -> None:
    text = pages.page(keep(folder, exhibit(folder, "voi")))
    assert TITLES["voi"] in text
    assert TITLES["uncertainty"] not in text
    assert TITLES["sensitivity"] not in text


def test_warnings_are_a_notice_which_is_grave_where_the_analysis_is_of_a_part(
    folder: Path,
) -> None:
    whole = exhibit(folder, "uncertainty", warnings=("Mind the gap",))
    text = pages.page(keep(folder, whole))
    assert re.search(r'<div class="notice"><h3>What to mind</h3>\s*<ul>\s*<li>Mind the gap', text)
    text = pages.page(keep(folder, replace(whole, interrupted=True)))
    notice = re.search(r'<div class="notice grave"><h3>What to mind</h3>(.*?)</div>', text, re.S)
    assert notice
    assert "do not rely on its figures" in notice[1]
    assert "Mind the gap" in notice[1]


def test_the_page_is_well_formed_and_no_id_stands_twice(
    folder: Path, pictures: tuple[Picture, ...]
) -> None:
    reader = Reader(pages.page(all_three(folder, pictures * 2)))
    ids = Counter(attrs["id"] for _, attrs in reader.elements if "id" in attrs)
    named = {
        one for _, attrs in reader.elements for one in (attrs.get("aria-labelledby") or "").split()
    }
    used = {attrs["href"] for attrs in reader.named("use")}
    assert reader.faults == []
    assert [name for name, times in ids.items() if times > 1] == []
    assert named | {each[1:] for each in used if each} <= set(ids)
    drawings = [attrs for attrs in reader.named("svg") if "analysis-" in str(attrs)]
    assert len(drawings) == 12


def test_a_list_is_a_list_and_words_in_tables_are_not_aligned_as_figures(folder: Path) -> None:
    text = pages.page(keep(folder, exhibit(folder, "voi")))
    assert re.search(r"<h3>What follows</h3>\s*<ul>\s*<li>It pays.</li>", text)
    assert '<td class="n">£16,508</td>' in text
    assert '<td class="n">£1 to £2</td>' in text


def test_hostile_words_of_an_analysis_are_shown_as_they_are(
    folder: Path, pictures: tuple[Picture, ...]
) -> None:
    words = HOSTILE["title"] + HOSTILE["pathway"]
    rows = tuple((words, "1") for _ in pictures[0].rows)
    picture = replace(pictures[0], title=words, description=words, name=words, source=words,
                      rows=rows)  # fmt: skip
    table = replace(LIST, caption=words, rows=((words,),), note=words)
    hostile = exhibit(folder, "voi", title=words, paragraphs=(words,), warnings=(words,),
                      tables=(table,), pictures=(picture,))  # fmt: skip
    reader = Reader(pages.page(keep(folder, hostile)))
    assert [attrs.get("type") for attrs in reader.named("script")] == ["application/json", None]
    assert not [name for _, attrs in reader.elements for name in attrs if name.startswith("on")]
    assert re.sub(r"\s+", " ", words) in reader.said()


# --- drawings that are not put in ----------------------------------------------------------------


def svg_with(inner: str, attributes: str = "") -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 9 9" {attributes}>{inner}</svg>'
    )


def findings_with(folder: Path, picture: Picture, svg: str) -> Findings:
    changed = replace(picture, svg=svg, name="planted")
    return keep(folder, exhibit(folder, "sensitivity", pictures=(changed,)))


HARMLESS = {
    "a path": '<path d="M0 0L9 9" stroke="#000"/>',
    "its own reference": '<defs><path id="a" d="M0 0"/></defs><use href="#a" x="1"/>',
    "its own clipping": '<clipPath id="c"><rect width="9" height="9"/></clipPath>'
    '<g clip-path="url(#c)"><text x="1" y="2">words &lt;b&gt;</text></g>',
    "a description": "<title>one</title><desc>two</desc>",
    "a comment": "<!-- <script>alert(1)</script> -->",
}
HARMFUL = {
    "a script": "<script>alert(1)</script>",
    "a script of another namespace": '<x:script xmlns:x="http://www.w3.org/1999/xhtml"/>',
    "a document": '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
    "a style": "<style>@import url(https://example.org)</style>",
    "a style in an attribute": '<path style="onload:alert(1)"/>',
    "an event": '<path onclick="alert(1)"/>',
    "an event in capitals": '<path OnLoad="alert(1)"/>',
    "an image": '<image href="https://example.org/x.png"/>',
    "a link": '<a href="javascript:alert(1)"><text>x</text></a>',
    "an animation": '<set attributeName="href" to="javascript:alert(1)"/>',
    "another document's mark": '<use href="other.svg#a"/>',
    "another address": '<use xlink:href="https://example.org/#a"/>',
    "data": '<use href="data:image/svg+xml;base64,AAAA#a"/>',
    "a mark of the page": '<use href="#panel"/>',
    "a fill from elsewhere": '<path fill="url(https://example.org/#p)"/>',
    "a fill of the page": '<path fill="url(#main)"/>',
    "a fill in disguise": '<path fill="u\\72l(//example.org)"/>',
    "a fill in quotes": "<path fill=\"url('//example.org')\"/>",
    "a second fill": '<path id="p" fill="url(#p) url(//example.org)"/>',
    "a base": '<g xml:base="https://example.org/"><path/></g>',
    "a font": '<text font-family="x@import">x</text>',
}


@pytest.mark.parametrize("case", HARMLESS)
def test_a_drawing_that_only_draws_goes_in(
    folder: Path, pictures: tuple[Picture, ...], case: str
) -> None:
    text = pages.page(findings_with(folder, pictures[0], svg_with(HARMLESS[case])))
    drawn = text[text.index('<figure id="figure-analysis-sensitivity-1">') :]
    drawn = drawn[drawn.index("<svg") : drawn.index("</svg>")]
    assert drawn.count("<title") == drawn.count("<desc") == 1
    assert "script" not in drawn
    reader = Reader(text)
    ids = {attrs["id"] for _, attrs in reader.elements if "id" in attrs}
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', drawn)) <= ids


@pytest.mark.parametrize("case", HARMFUL)
def test_a_drawing_that_does_more_than_draw_is_refused(
    folder: Path, pictures: tuple[Picture, ...], case: str
) -> None:
    findings = findings_with(folder, pictures[0], svg_with(HARMFUL[case]))
    with pytest.raises(ResultsError, match="not put into a page") as caught:
        pages.page(findings)
    assert "sensitivity.json" in str(caught.value)
    assert "planted" in str(caught.value)


@pytest.mark.parametrize(
    "svg",
    [
        "",
        "words",
        "<svg/>",
        svg_with("<path>"),
        svg_with("", 'onload="alert(1)"'),
        '<svg xmlns="http://www.w3.org/2000/svg"><path/></svg>',
        '<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + svg_with("<text>&a;</text>"),
        '<!doctype svg SYSTEM "https://example.org/x.dtd">' + svg_with(""),
    ],
)
def test_what_is_no_drawing_is_refused(
    folder: Path, pictures: tuple[Picture, ...], svg: str
) -> None:
    with pytest.raises(ResultsError, match="not put into a page"):
        pages.page(findings_with(folder, pictures[0], svg))


# --- in a browser --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("wide", [1100, 320])
def test_a_reader_of_any_kind_can_use_the_sections_of_analyses(
    browser: Browser, folder: Path, pictures: tuple[Picture, ...], wide: int
) -> None:
    warned = exhibit(folder, "voi", pictures=pictures, warnings=("Mind",), interrupted=True)
    all_three(folder, pictures)
    file = folder.parent / "report.html"
    file.write_text(pages.page(keep(folder, warned)), encoding="utf-8")
    with opened(browser, file, viewport={"width": wide, "height": 900}) as seen:
        seen.evaluate(OPEN_ALL)
        options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
        found = Axe().run(seen.page, options=options)
        assert found.violations_count == 0, found.generate_report()
        assert seen.evaluate("document.documentElement.scrollWidth") == wide
        assert seen.violations() == []
        assert seen.requests == [file.as_uri()]
        assert seen.complaints == []
        assert seen.page.locator("#figure-analysis-voi-2 svg").is_visible()


# --- the workbook --------------------------------------------------------------------------------


@pytest.fixture
def book(folder: Path) -> Book:
    return Book(results.results(all_three(folder)))


def test_each_table_of_each_analysis_has_a_sheet_that_everybody_can_read(book: Book) -> None:
    assert breaches(book.content) == {}
    names = [sheet.title for sheet in book.sheets]
    for kind in ("Uncertainty", "Sensitivity", "Information"):
        assert [f"{kind} {each}" for each in ("headlines", "switches", "reading")] == [
            name for name in names if name.startswith(kind)
        ]
    above = [cell.value for (cell,) in book.open["Uncertainty headlines"]["A1:A7"]]
    assert above[0] == "The spread of the answer"
    assert "The finding of uncertainty." in above
    assert "Chance is no part of it." in above


def _forms(book: Book, name: str) -> list[list[tuple[Any, str]]]:
    sheet = book.open[name]
    ((_, ref),) = sheet.tables.items()
    return [[(cell.value, cell.number_format) for cell in row] for row in sheet[ref]][1:]


def test_numbers_are_numbers_in_the_format_of_their_kind(book: Book) -> None:
    money, plain, share = "£#,##0.00;-£#,##0.00", "#,##0.00", "0.0%"
    net, payback, visit = _forms(book, "Uncertainty headlines")
    assert net[1:5] == [(16507.75, money), (-5.5, money), (12.345, money), (0.9996, share)]
    assert payback[1] == (1.94171, plain)
    assert [value for value, _ in payback[2:4]] == ["[never]", "[undefined]"]
    assert visit[1:3] == [(510, '#,##0 "min"'), (0.0004, "#,##0.0000")]
    assert [row[5][0] for row in (net, payback, visit)] == ["£1 to £2", "[z]", "1 h to 2 h"]


def test_a_condition_is_a_number_with_its_words_beside_it(book: Book) -> None:
    headers = list(book.table("Uncertainty switches")[0])
    assert headers == ["Input", "It pays back if", "It pays back if, in words"]
    wage, referrals, share = _forms(book, "Uncertainty switches")
    assert wage[1:] == [(14.6868, "£#,##0.00;-£#,##0.00"), ("at least", "General")]
    assert referrals[1][0] == 53.2
    assert referrals[2][0] == "at least referrals a year"
    assert [value for value, _ in share[1:]] == ["[z]", "whatever its value"]


def test_a_part_of_an_analysis_is_said_to_be_one_on_each_of_its_sheets(folder: Path) -> None:
    part = exhibit(folder, "voi", interrupted=True, warnings=("an input moves nothing",))
    found = Book(results.results(keep(folder, part)))
    for name in ("Information headlines", "Information switches", "Information reading"):
        above = [row[0].value for row in found.open[name].iter_rows(max_row=6)]
        assert any(str(each).startswith("INTERRUPTED") for each in above)
        assert "Mind: an input moves nothing" in above


def test_sheets_and_headers_that_would_have_the_same_name_differ(folder: Path) -> None:
    column = Column("a", "95% interval", "range")
    columns = (Column("input", "Input"), Column("s", "S1", "number"), column,
               Column("t", "ST", "number"), column, Column("x", "input"))  # fmt: skip
    cells = ("a", Value(0.1, "10.0%"), "1% to 2%", Value(0.2, "20.0%"), "12", "54%")
    table = Table("global: a table with a long name", "Caption", columns, (cells,))
    twice = (table, replace(table, name="global a table/with a long name"))
    found = Book(results.results(keep(folder, exhibit(folder, "sensitivity", tables=twice))))
    assert breaches(found.content) == {}
    names = [each.title for each in found.sheets if each.title.startswith("Sensitivity")]
    assert len(names) == 2
    assert list(found.table(names[0])[0]) == [
        "Input", "S1", "95% interval", "ST", "95% interval 2", "input 2"
    ]  # fmt: skip
    assert found.values(names[0])[0][4:] == [12, 0.54]


def test_a_long_paragraph_stands_in_several_lines(folder: Path) -> None:
    words = "This sentence is one of very many. " * 60
    made = exhibit(folder, "voi", paragraphs=(words,), tables=(LIST,))
    found = Book(results.results(keep(folder, made)))
    assert breaches(found.content) == {}
    above = [row[0].value for row in found.open["Information reading"].iter_rows(max_row=6)]
    assert " ".join(each for each in above if "very many" in str(each)) == words.strip()
    assert max(len(str(each)) for each in above) < 800
