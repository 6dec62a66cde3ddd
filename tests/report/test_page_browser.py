"""The report's page in a real browser: for every reader, on paper, without scripts, on its own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from costsim.report.page import page as report_page
from tests.report.browser import Opened, chromium, few, opened, text_of

NAMES = {"study": "the study", "hostile": "hostile words"}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROW = {"viewport": {"width": 320, "height": 640}}
Pages = Callable[[str], Opened]
REACHABLE = """[...document.querySelectorAll(
  "a[href], button, input, summary, [tabindex='0']")].filter((each) => each.checkVisibility())"""
OPEN_ALL = "for (const each of document.querySelectorAll('details')) each.open = true"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("pages")

    @cache
    def file(name: str) -> Path:
        path = folder / f"{name}.html"
        path.write_text(text_of(NAMES.get(name, name)), encoding="utf-8")
        return path

    return file


@pytest.fixture
def pages(browser: Browser, files: Callable[[str], Path]) -> Iterator[Callable[..., Opened]]:
    """Opens a page, with options of the browser's context."""
    with ExitStack() as stack:

        def at(name: str, **options: Any) -> Opened:
            return stack.enter_context(opened(browser, files(name), **options))

        yield at


def _violations(found: Opened) -> str:
    results = Axe().run(
        found.page,
        options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]},
    )
    return str(results.generate_report()) if results.violations_count else ""


def _type(found: Opened, field: str, text: str) -> None:
    found.page.locator(f"#field-{field}").fill(text)


def _work_out(found: Opened) -> None:
    found.page.get_by_role("button", name="Work out").click()


# --- every reader --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["study", "hostile"])
def test_axe_finds_nothing_to_complain_of(name: str, pages: Pages) -> None:
    found = pages(name)
    found.evaluate(OPEN_ALL)
    assert _violations(found) == ""


def test_axe_finds_nothing_to_complain_of_where_a_value_is_wrong(pages: Pages) -> None:
    found = pages("hostile")
    _type(found, "rate", "much")
    _work_out(found)
    assert _violations(found) == ""


def test_axe_sees_a_fault_that_is_planted(pages: Pages) -> None:
    found = pages("hostile")
    found.evaluate("document.querySelector('label').remove()")
    assert "label" in _violations(found)


def test_the_keyboard_reaches_every_control_in_order_and_focus_can_be_seen(pages: Pages) -> None:
    found = pages("study")
    expected = found.evaluate(f"{REACHABLE}.map((each, n) => (each.dataset.place = String(n)))")
    reached, unseen = [], []
    for _ in expected:
        found.page.keyboard.press("Tab")
        place, seen = found.evaluate(
            """() => {
              const here = document.activeElement;
              const style = getComputedStyle(here);
              const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
              return [here.dataset.place, ring && style.boxShadow !== "none"];
            }"""
        )
        reached.append(place)
        unseen += [] if seen else [place]
    assert len(expected) > 40
    assert reached == expected
    assert unseen == []


def test_the_skip_link_leads_to_the_main_part(pages: Pages) -> None:
    found = pages("study")
    found.page.keyboard.press("Tab")
    found.page.keyboard.press("Enter")
    assert found.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("name", ["study", "hostile"])
def test_at_320_pixels_nothing_scrolls_sideways_but_tables(name: str, pages: Pages) -> None:
    found = pages(name, **NARROW)
    found.evaluate(OPEN_ALL)
    wide = found.evaluate(
        """[...document.querySelectorAll("main *, header *, footer *")]
           .filter((each) => !each.closest(".scroll") && each.checkVisibility()
             && each.getBoundingClientRect().right > 320.5)
           .map((each) => each.outerHTML.slice(0, 120))"""
    )
    assert wide == []
    assert found.evaluate("document.documentElement.scrollWidth") == 320


def test_controls_are_large_enough_to_hit(pages: Pages) -> None:
    small = pages("study", **NARROW).evaluate(
        f"""{REACHABLE}.filter((each) => !each.matches(".skip"))
            .map((each) => each.getBoundingClientRect())
            .filter((box) => box.width < 24 || box.height < 24).length"""
    )
    assert small == 0


def test_words_are_in_arial_and_nothing_moves(pages: Pages) -> None:
    found = pages("study")
    fonts = found.evaluate(
        """[...new Set([...document.querySelectorAll("main *:not(svg *)")]
           .map((each) => getComputedStyle(each).fontFamily))]"""
    )
    moving = found.evaluate(
        """[...document.querySelectorAll("*")].map((each) => getComputedStyle(each))
           .filter((style) => style.transitionDuration !== "0s" || style.animationName !== "none")
           .length"""
    )
    assert {font for font in fonts if not font.startswith("Arial")} == {"monospace"}
    assert moving == 0


# --- on its own ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["study", "hostile"])
def test_the_page_asks_for_nothing_and_keeps_to_its_policy(
    name: str, pages: Pages, files: Callable[[str], Path]
) -> None:
    found = pages(name)
    found.evaluate(OPEN_ALL)
    _type(found, "years", "12")
    _work_out(found)
    assert found.page.locator("#panel-years tbody tr").count() == 13
    assert found.requests == [files(name).as_uri()]
    assert found.violations() == []
    assert found.complaints == []


def test_the_policy_forbids_what_is_planted(pages: Pages) -> None:
    found = pages("hostile")
    found.evaluate(
        """() => {
          document.querySelector("h1").setAttribute("style", "color: red");
          const script = document.createElement("script");
          script.textContent = "window.planted = true";
          document.body.append(script);
          const image = document.createElement("img");
          image.src = "https://example.org/x.png";
          document.body.append(image);
        }"""
    )
    found.page.wait_for_function("window.violations.length >= 3")
    kinds = {each.split(":")[0] for each in found.violations()}
    assert {"style-src-attr", "script-src-elem", "img-src"} <= kinds
    assert found.evaluate("window.planted") is None
    assert len(found.requests) == 1


def test_without_scripts_a_sentence_stands_for_the_panel_and_results_are_there(
    pages: Callable[..., Opened],
) -> None:
    found = pages("study", java_script_enabled=False).page
    assert found.get_by_text("The panel that works this out again needs scripts").is_visible()
    assert not found.locator("#panel").is_visible()
    assert not found.get_by_role("button", name="Work out").is_visible()
    assert found.locator(".lead", has_text="The new way saves").is_visible()
    for table in ("Key figures, all sites together", "Cash flow by year, all together"):
        assert found.locator("caption", has_text=table).first.is_visible()
    found.locator("summary").first.click()
    assert found.locator("details table").first.is_visible()


# --- on paper ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_it_prints_on_sensible_pages_with_everything_open_and_no_panel(
    scripts: bool, pages: Callable[..., Opened], tmp_path: Path
) -> None:
    found = pages("study", java_script_enabled=scripts)
    paper = tmp_path / "report.pdf"
    found.page.pdf(path=str(paper), prefer_css_page_size=True)
    sheets = _sheets(paper)
    words = " ".join(" ".join(sheets).split())
    assert 5 <= len(sheets) <= 36
    assert min(len(sheet.split()) for sheet in sheets[:-1]) > 40
    for shown in ("By role and year, City of York", "Initial contact and referral", "support"):
        assert shown in words
    assert "Fallen" in words
    for hidden in ("Work out", "Bring back", "Skip to main content", "In this report"):
        assert hidden not in words
    if scripts:
        assert found.page.locator("details[open]").count() == 0


def _sheets(paper: Path) -> list[str]:
    """The text of every sheet of a PDF."""
    try:
        done = subprocess.run(["pdftotext", "-layout", paper, "-"], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.fail("pdftotext is not there: apt-get install poppler-utils")
    return done.stdout.decode().split("\f")[:-1]


# --- the panel as a form -------------------------------------------------------------------------


def test_what_is_no_number_is_explained_at_the_top_and_beside_the_field(pages: Pages) -> None:
    found = pages("study")
    title = found.page.title()
    _type(found, "rate", "1.000,50")
    _type(found, "years", "31")
    _type(found, "s1-volume", "")
    _work_out(found)
    summary = found.page.locator("#panel-errors")
    assert summary.get_by_role("heading", name="There is a problem").is_visible()
    assert found.evaluate("document.activeElement.id") == "panel-errors"
    assert found.page.title() == f"Error: {title}"
    expected = {
        "rate": "Discount rate a year: “1.000,50” is not a percentage, such as 3.5",
        "years": "Horizon in years: must be between 1 and 30",
        "s1-volume": "Referrals a year, London Borough of Enfield: enter a number, such as 120",
    }
    links = summary.locator("a")
    assert set(links.all_inner_texts()) == set(expected.values())
    for field, words in expected.items():
        assert found.page.locator(f"#field-{field}-error").inner_text() == words
        assert found.page.locator(f"#field-{field}").get_attribute("aria-invalid") == "true"
    links.filter(has_text="Horizon").click()
    assert found.evaluate("document.activeElement.id") == "field-years"
    assert found.page.locator("#now-net_benefit").inner_text() == ""


def test_an_error_that_is_mended_goes(pages: Pages) -> None:
    found = pages("study")
    title = found.page.title()
    _type(found, "rate", "x")
    _work_out(found)
    _type(found, "rate", "4")
    _work_out(found)
    assert found.page.title() == title
    assert not found.page.locator("#panel-errors").is_visible()
    assert found.page.locator("#field-rate").get_attribute("aria-invalid") is None
    assert "With your values: net benefit £" in found.page.get_by_role("status").inner_text()


WRITTEN = ("£1,000", " 1 000 ", "1000", "1,000.00", "£ 1\u00a0000", "1000.", "1000.0")
UNCLEAR = ("1,00", "10,000,0", "1e3", "0x10", "--5", "£", "%", "NaN", "5-", ".", "1.000,50")


def test_a_thousand_may_be_written_in_many_ways(pages: Pages) -> None:
    found = pages("queues")
    for text in WRITTEN:
        found.page.get_by_role("button", name="Bring back the run's values").click()
        _type(found, "one-off", text)
        _work_out(found)
        first = found.page.locator("#panel-years tbody tr").first.locator("td")
        assert "-£1,000.00" in first.all_inner_texts(), text


def test_what_could_mean_something_else_is_refused(pages: Pages) -> None:
    found = pages("queues")
    for text in UNCLEAR:
        found.page.get_by_role("button", name="Bring back the run's values").click()
        assert found.page.locator("#panel-errors a").count() == 0
        _type(found, "one-off", text)
        _work_out(found)
        assert found.page.locator("#panel-errors a").count() == 1, text


def test_the_runs_values_come_back(pages: Pages) -> None:
    found = pages("study")
    before = found.page.locator("#panel-results").inner_text()
    _type(found, "one-off", "5")
    _type(found, "years", "30")
    _work_out(found)
    assert found.page.locator("#panel-results").inner_text() != before
    found.page.get_by_role("button", name="Bring back the run's values").click()
    assert found.page.locator("#panel-results").inner_text() == before
    assert found.page.locator("#field-one-off").input_value() == "30,288.00"
    assert "These are the run's values" in found.page.get_by_role("status").inner_text()


def test_the_panel_says_that_it_knows_no_queues_where_there_are_some(pages: Pages) -> None:
    words = "so cases may queue"
    assert pages("queues").page.get_by_text(words).count() == 1
    assert pages("hostile").page.get_by_text(words).count() == 0


def test_a_panel_that_cannot_reproduce_its_run_is_not_offered(
    browser: Browser, tmp_path: Path
) -> None:
    found = few("18")
    figures = found.main.programme.economics
    moved = replace(figures, net_benefit=replace(figures.net_benefit, value=1.0))
    option = replace(found.main, programme=replace(found.main.programme, economics=moved))
    file = tmp_path / "moved.html"
    file.write_text(report_page(replace(found, options={"new": option})), encoding="utf-8")
    with opened(browser, file) as seen:
        assert not seen.page.locator("#panel").is_visible()
        assert seen.page.get_by_text("The panel is not offered").is_visible()
