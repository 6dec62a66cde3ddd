"""Figures as drawn: SVG fit for a page, the same each time, literal whatever a title says."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from costsim.drawing.canvas import WIDTH, width_of
from costsim.findings import read
from costsim.report.figures import Figure, figures
from tests.architecture.checkout import ROOT
from tests.model.command import run_scenario
from tests.report.folders import FEATURES, STUDY, findings_of, folder_of

FEW = ("--replications", "6")
SVG = "{http://www.w3.org/2000/svg}"
EACH = 35_000
TOGETHER = 150_000
HOSTILE = r"<script>alert('&amp;')</script> & $x^2$ {{7*7}} </svg>]]> ${HOME}"
BIDI = r"\u202ereversed"
SHOWN_BIDI = "[U+202E]reversed"


@cache
def study() -> tuple[Figure, ...]:
    """Figures of the study as shipped: all of its replications."""
    return figures(findings_of(STUDY))


TANGLED = """
costsim: 1
title: Many ways
price_year: 2024-25
horizon: 5 years
run: {replications: 4, seed: 19}
targets: {decision: 45 working days}
staff:
  social_worker: {title: "Children's social worker, any grade", hourly_cost: £60, assumed: true}
  manager: {hourly_cost: £80, assumed: true}
referrals: {per_year: 100, need: {lower: 50%, middle: 30%, higher: rest}, assumed: true}
one_off: {assumed: true, co_design: {other: £900000}}
pathways:
  old:
    assumed: true
    start: triage
    outcomes: [short_break, direct_payment, universal_only, declined, family_left, transferred]
    activities:
      triage:
        staff: {social_worker: 20 min}
        next:
          by_need:
            lower: {call: 70%, universal_only: 20%, transferred: rest}
            middle: {call: 30%, visit: rest}
            higher: {visit: 90%, specialist: rest}
      call:
        title: A call with the family, by a duty worker who fills in the whole of the form
        wait: {gamma: {mean: 3 days, sd: 1 days}}
        staff: {social_worker: 45 min}
        next: {triage: 5%, visit: 45%, declined: 30%, family_left: rest}
      visit:
        staff: {social_worker: 5 h, manager: 1 h}
        next: {panel: 70%, specialist: 20%, visit: rest}
      specialist:
        staff: [{social_worker: 2 h}, {manager: 30 min}]
        cost: £120
        next: panel
      panel:
        meeting:
          {every: 10 working days, capacity: 10, members: {manager: 3}, each_case: 15 min}
        next: {visit: 12%, short_break: 40%, direct_payment: 30%, declined: rest}
  new:
    assumed: true
    start: call
    outcomes: [short_break, declined]
    activities:
      call:
        staff: {social_worker: 3 h}
        next: {short_break: 40%, declined: rest}
"""


@cache
def tangled() -> tuple[Figure, ...]:
    """A pathway with loops, many branches and more outcomes than fit in a row."""
    with tempfile.TemporaryDirectory() as here:
        file = Path(here, "tangled.yaml")
        file.write_text(TANGLED, encoding="utf-8")
        run_scenario(file, Path(here, "out"))
        return figures(read(Path(here, "out")))


@cache
def features() -> tuple[tuple[Figure, ...], ...]:
    names = ("05-routing-and-rework-loop", "11-targets", "16-attributes", "19-three-pathways")
    return tuple(figures(findings_of(FEATURES / f"{name}.yaml")) for name in names)


def every() -> list[tuple[Figure, ...]]:
    return [study(), tangled(), *features()]


@cache
def svg(figure: Figure, captioned: bool = False) -> str:
    return figure.svg(captioned=captioned)


def parsed(written: str) -> ET.Element:
    return ET.fromstring(written)  # noqa: S314 - what costsim has just drawn


def root_of(figure: Figure, captioned: bool = False) -> ET.Element:
    return parsed(svg(figure, captioned))


def test_each_svg_is_an_element_with_a_title_and_a_description() -> None:
    for figure in (each for page in every() for each in page):
        written, root = svg(figure), root_of(figure)
        assert written.startswith("<svg ")
        assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
        title, description = root[0], root[1]
        assert (title.tag, title.text) == (f"{SVG}title", figure.title)
        assert (description.tag, description.text) == (f"{SVG}desc", figure.description)
        assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


def test_no_id_is_used_twice_on_a_page_and_every_reference_is_answered() -> None:
    for page in every():
        ids: list[str] = []
        for figure in page:
            mine = [each.get("id", "") for each in root_of(figure).iter() if each.get("id")]
            assert all(each.startswith(f"{figure.name}-") for each in mine)
            told = set(re.findall(r"url\(#([^)]+)\)|href=\"#([^\"]+)\"", svg(figure)))
            assert {one or other for one, other in told} <= set(mine)
            ids += mine
        assert len(ids) == len(set(ids))


def test_nothing_in_an_svg_runs_styles_a_page_or_is_fetched() -> None:
    for figure in (each for page in every() for each in page):
        written = svg(figure)
        assert not re.search(r"<(script|style|foreignObject|image|metadata)\b", written)
        assert not re.search(r"\s(style|on\w+)=", written)
        places = set(re.findall(r"\b\w+://[^\"' <]+", written))
        assert places <= {"http://www.w3.org/2000/svg"}
        assert all(link.startswith("#") for link in re.findall(r"href=\"([^\"]+)\"", written))


def test_the_study_is_light_enough_for_a_page() -> None:
    sizes = {each.name: len(svg(each).encode()) for each in study()}
    assert max(sizes.values()) <= EACH, sizes
    assert sum(sizes.values()) <= TOGETHER, sizes


def test_no_text_runs_off_the_sheet() -> None:
    for figure in (each for page in every() for each in page):
        for captioned in (False, True):
            root = root_of(figure, captioned)
            tall = float(root.attrib["viewBox"].split()[3])
            for text in root.iter(f"{SVG}text"):
                size = float(text.attrib["font-size"])
                wide = 72 * width_of(text.text or "", size, text.get("font-weight") is not None)
                start = {"middle": wide / 2, "end": wide}.get(text.get("text-anchor", ""), 0.0)
                left = float(text.attrib["x"]) - start
                assert left >= -1, (figure.name, text.text)
                assert left + wide <= 72 * WIDTH + 1, (figure.name, text.text)
                assert size * 0.7 <= float(text.attrib["y"]) <= tall, (figure.name, text.text)


def boxes(root: ET.Element) -> list[tuple[float, float, float, float, str]]:
    """Left, top, right and bottom of each text, somewhat inside its letters."""
    found = []
    for text in root.iter(f"{SVG}text"):
        if text.get("transform") is None:
            size = float(text.attrib["font-size"])
            wide = 72 * width_of(text.text or "", size, text.get("font-weight") is not None)
            start = {"middle": wide / 2, "end": wide}.get(text.get("text-anchor", ""), 0.0)
            left, base = float(text.attrib["x"]) - start, float(text.attrib["y"])
            found.append((left + 1, base - size * 0.6, left + wide - 1, base, text.text or ""))
    return found


def test_no_two_texts_overlap() -> None:
    for figure in (each for page in every() for each in page):
        found = boxes(root_of(figure, captioned=True))
        for number, one in enumerate(found):
            for other in found[:number]:
                apart = (
                    one[2] <= other[0]
                    or other[2] <= one[0]
                    or one[3] <= other[1]
                    or other[3] <= one[1]
                )
                assert apart, (figure.name, one[4], other[4])


def test_the_letters_are_black_whatever_the_series() -> None:
    for figure in study():
        root = root_of(figure)
        assert root.get("fill") == "#0b0c0c"
        assert {text.get("fill") for text in root.iter(f"{SVG}text")} <= {None, "#0b0c0c"}


def test_drawing_twice_gives_the_same_bytes() -> None:
    again = figures(findings_of(STUDY))
    assert [each.svg() for each in again] == [svg(each) for each in study()]
    assert [each.png() for each in again[-2:]] == [each.png() for each in study()[-2:]]


DIGEST = """\
import hashlib, sys
from pathlib import Path
from costsim.findings import read
from costsim.report.figures import figures
found = figures(read(Path(sys.argv[1])))
content = "".join(each.svg() for each in found).encode() + found[-1].png()
print(hashlib.sha256(content).hexdigest())
assert "matplotlib.pyplot" not in sys.modules
"""


def test_another_process_without_a_home_draws_the_same_in_silence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nlines.linewidth: 9\n", encoding="utf-8")
    home = {"HOME": str(blocked / "home"), "XDG_CONFIG_HOME": str(blocked / "x")}
    done = subprocess.run(
        [sys.executable, "-c", DIGEST, str(folder_of(STUDY))],
        cwd=tmp_path,
        env={**os.environ, **home, "PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    content = "".join(svg(each) for each in study()).encode() + study()[-1].png()
    assert done.stderr == ""
    assert done.stdout.strip() == hashlib.sha256(content).hexdigest()


def hostile(folder: Path) -> tuple[Figure, ...]:
    """The figures of a scenario whose titles would run, reckon or mislead if they could."""
    text = (FEATURES / "11-targets.yaml").read_text("utf-8")
    for old, new in {
        "Assessments as they come": "'" + HOSTILE.replace("'", "''") + "'",
        "Assessments with an early diary slot": f'"{BIDI} \\\\alpha$_a$"',
    }.items():
        assert f"title: {old}" in text
        text = text.replace(f"title: {old}", f"title: {new}")
    (folder / "hostile.yaml").write_text(text, encoding="utf-8")
    run_scenario(folder / "hostile.yaml", folder / "out", "--replications", "2")
    return figures(read(folder / "out"))


def test_hostile_titles_are_shown_as_they_are_written(tmp_path: Path) -> None:
    found = {each.name: each for each in hostile(tmp_path)}
    words = [text.text or "" for text in root_of(found["time-to-decision"]).iter(f"{SVG}text")]
    shown = "".join("".join(words).split())
    assert "".join(HOSTILE.split()) in shown
    assert "".join(f"{SHOWN_BIDI} \\alpha$_a$".split()) in shown
    for figure in found.values():
        written = figure.svg(captioned=True)
        assert "<script" not in written
        assert chr(0x202E) not in written + figure.title + figure.description + str(figure.rows)
        assert parsed(written).tag == f"{SVG}svg"
        assert figure.png()


def test_letters_that_the_font_lacks_are_drawn_in_silence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = (FEATURES / "05-routing-and-rework-loop.yaml").read_text("utf-8")
    strange = "\U0001f600 \u4f60\u597d \u0634\u0643\u0631\u0627"
    text = text.replace("title: Paper form", f"title: {strange}")
    (tmp_path / "strange.yaml").write_text(text, encoding="utf-8")
    run_scenario(tmp_path / "strange.yaml", tmp_path / "out", "--replications", "2")
    capfd.readouterr()
    figure = figures(read(tmp_path / "out"))[0]
    assert figure.png()
    assert "\U0001f600" in figure.svg()
    assert capfd.readouterr() == ("", "")


def test_a_captioned_drawing_carries_title_subtitle_and_source() -> None:
    figure = study()[-1]
    texts = [text.text or "" for text in root_of(figure, captioned=True).iter(f"{SVG}text")]
    whole = " ".join(texts)
    for part in (figure.title, figure.subtitle, figure.source):
        assert part in whole
    assert figure.title not in " ".join(
        text.text or "" for text in root_of(figure).iter(f"{SVG}text")
    )
