"""Screens in every terminal, file and pipe: any width, any encoding, with and without colour."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from costsim import evaluate, load, one_way, replay
from costsim.report import answer, assumptions, story, tornado
from costsim.report.screen import Screen
from tests.faults.command import ESCAPE, FILES, SCENARIO, Stream, costsim, names, program

SCREENS = {
    "run": ["run", "s.yaml", "--replications", "2"],
    "check": ["check", "s.yaml"],
    "trace": ["trace", "s.yaml", "--referral", "1"],
    "sensitivity": ["sensitivity", "s.yaml", "--replications", "2"],
}
every_screen = pytest.mark.parametrize("words", SCREENS.values(), ids=SCREENS)


def fresh(words: list[str], out: str = "first") -> list[str]:
    """The same words with results in a folder of their own."""
    return [*words, "--out", out] if words[0] == "run" else words


# --- colour --------------------------------------------------------------------------------------


@every_screen
def test_a_terminal_gets_bold_headings(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    assert ESCAPE in costsim(*words, terminal=True).out


@every_screen
def test_a_pipe_or_a_file_gets_no_escape_codes(
    monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    done = costsim(*words)
    assert ESCAPE not in done.out + done.err


@every_screen
def test_a_dumb_terminal_gets_no_escape_codes(
    monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    done = costsim(*words, terminal=True)
    assert done.code == 0
    assert ESCAPE not in done.out + done.err


@every_screen
def test_no_color_means_no_colour(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    out = costsim(*words, terminal=True).out
    codes = {
        code for found in re.findall(ESCAPE + r"\[([\d;]*)m", out) for code in found.split(";")
    }
    assert codes <= {"", "0", "1"}


@pytest.mark.parametrize("command", ["run", "sensitivity"])
def test_progress_shows_on_a_terminal_alone_and_never_on_standard_output(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    watched = costsim(command, "s.yaml", "--replications", 2, terminal=True)
    piped = costsim(command, "s.yaml", "--replications", 2)
    assert (watched.code, piped.code) == (0, 0)
    assert ESCAPE in watched.err
    assert piped.err == ""
    plain = re.sub(ESCAPE + r"\[[\d;?]*[a-zA-Z]", "", watched.out)
    assert plain.replace("s-001", "s-002") == piped.out


@pytest.mark.parametrize("command", ["run", "sensitivity"])
def test_the_cursor_comes_back_after_progress(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    quiet = costsim(command, "s.yaml", "--replications", 2, "--quiet", terminal=True)
    loud = costsim(command, "s.yaml", "--replications", 2, terminal=True)
    assert (quiet.code, quiet.err, loud.code) == (0, "", 0)
    assert loud.err.rfind(f"{ESCAPE}[?25h") > loud.err.rfind(f"{ESCAPE}[?25l") > -1


def test_text_that_looks_like_markup_or_codes_is_shown_as_it_is(folder: Path) -> None:
    title = "[bold]a[/bold] :smile: {{7*7}} ${HOME} <b>&amp; %s {0}"
    text = SCENARIO.replace("title: Online form\nprice", f"title: '{title}'\nprice")
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    assert costsim("run", "s.yaml", "--replications", 2).out.startswith(f"{title}\n")
    assert title in costsim("check", "s.yaml").out


# --- width ---------------------------------------------------------------------------------------

FIGURE = re.compile(r"-?£?\d[\d,.]*\d%?|-?£?\d%?")


def figures(shown: str) -> set[str]:
    """Every figure on a screen, whole."""
    return {found.rstrip(".,") for found in FIGURE.findall(shown)}


@every_screen
@pytest.mark.parametrize("width", ["1", "40", "60"])
def test_a_program_heeds_the_width_that_was_asked_for_and_shows_every_figure(
    monkeypatch: pytest.MonkeyPatch, words: list[str], width: str
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    wide = costsim(*fresh(words))
    monkeypatch.setenv("COLUMNS", width)
    narrow = costsim(*fresh(words, "lasts"))
    assert narrow.code == 0
    assert narrow.out != wide.out
    assert len(figures(wide.out)) > 5
    assert figures(wide.out) <= figures(narrow.out)


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Callable[[Screen], None]]:
    """Each screen, to be drawn at any width without computing its figures again."""
    file = tmp_path_factory.mktemp("once") / "s.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    scenario = load(file)
    found, replayed = evaluate(scenario, replications=2), replay(scenario, "site")
    swings = one_way(scenario, replications=2)
    return {
        "run": lambda screen: answer.show(screen, found, file.parent),
        "check": lambda screen: assumptions.show_log(screen, scenario),
        "trace": lambda screen: story.show(screen, scenario, replayed, 1),
        "sensitivity": lambda screen: tornado.show(screen, swings),
    }


def drawn(show: Callable[[Screen], None], width: int) -> str:
    stream = Stream()
    show(Screen(stream, width))
    return stream.text()


@pytest.mark.parametrize("name", SCREENS)
def test_at_any_width_every_figure_is_there_uncut(
    screens: dict[str, Callable[[Screen], None]], name: str
) -> None:
    wide = figures(drawn(screens[name], 250))
    assert len(wide) > 5
    for width in range(40, 160):
        narrow = drawn(screens[name], width)
        assert wide - figures(narrow) == set(), f"at {width} characters"
        assert "\N{HORIZONTAL ELLIPSIS}" not in narrow


@every_screen
@pytest.mark.parametrize("width", [40, 60])
def test_lines_keep_to_the_width_that_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, words: list[str], width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = costsim(*words).out.split("\n")
    # Left whole, so that they can be copied: the line of files, and the bars with their names.
    whole = re.compile(r"summary\.json|^[ #|]+\d+\. ")
    assert [line for line in lines if len(line) > width and not whole.search(line)] == []


@every_screen
@pytest.mark.parametrize("width", ["0", "", "abc", "-5", "1e3", "³"])
def test_a_width_that_is_none_is_as_if_nothing_were_said(
    monkeypatch: pytest.MonkeyPatch, words: list[str], width: str
) -> None:
    usual = costsim(*fresh(words))
    monkeypatch.setenv("COLUMNS", width)
    odd = costsim(*fresh(words, "lasts"))
    assert odd.code == 0
    assert odd.out.replace("lasts", "first") == usual.out


# --- encoding ------------------------------------------------------------------------------------


@every_screen
def test_a_screen_is_ascii_but_for_the_pound_sign(words: list[str]) -> None:
    beyond = {each for each in costsim(*words).out if not each.isascii()}
    assert beyond <= {"£"}


@every_screen
@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "cp850", "latin-1", "utf-8"])
def test_an_encoding_with_a_pound_sign_changes_nothing(words: list[str], encoding: str) -> None:
    usual = costsim(*fresh(words))
    other = costsim(*fresh(words, "lasts"), encoding=encoding)
    assert (other.code, other.err) == (0, "")
    assert other.out.replace("lasts", "first") == usual.out


@every_screen
def test_in_ascii_pounds_are_gbp_and_nothing_is_lost(words: list[str]) -> None:
    done = costsim(*fresh(words), encoding="ascii")
    assert (done.code, done.err) == (0, "")
    assert re.search(r"GBP \d", done.out)
    assert "?" not in done.out


FOREIGN = SCENARIO.replace("title: Online form\nprice", "title: 'Ünï ✓ 日本 € \U0001f600 £'\nprice")


@every_screen
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437"])
def test_characters_that_a_terminal_lacks_are_replaced_and_never_fatal(
    folder: Path, words: list[str], encoding: str
) -> None:
    (folder / "s.yaml").write_text(FOREIGN, encoding="utf-8")
    done = costsim(*words, encoding=encoding)
    assert (done.code, done.err) == (0, "")
    assert done.out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "utf-8"])
def test_json_loses_no_character_in_any_encoding(folder: Path, encoding: str) -> None:
    (folder / "s.yaml").write_text(FOREIGN, encoding="utf-8")
    done = costsim("run", "s.yaml", "--replications", 2, "--json", encoding=encoding)
    assert (done.code, done.err) == (0, "")
    assert done.json["scenario"]["title"] == "Ünï ✓ 日本 € \U0001f600 £"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437"])
def test_problems_are_told_in_any_encoding(folder: Path, encoding: str) -> None:
    (folder / "s.yaml").write_text(f"{FOREIGN}日本: 1\n", encoding="utf-8")
    done = costsim("check", "s.yaml", encoding=encoding)
    assert (done.code, done.out) == (3, "")
    assert "CS201" in done.err
    assert "1 problem found" in done.err


def test_a_program_told_to_use_ascii_says_gbp() -> None:
    done = program("check", "s.yaml", env={"PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"})
    assert (done.code, done.err) == (0, "")
    assert "GBP 40.00" in done.out


# --- a reader that goes away ---------------------------------------------------------------------


@pytest.mark.parametrize("words", [SCREENS["run"], ["schema"]], ids=["run", "schema"])
def test_a_reader_that_goes_away_early_causes_no_complaint(folder: Path, words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nowhere:
        done = subprocess.run(
            [sys.executable, "-m", "costsim", *words],
            stdout=nowhere, stderr=subprocess.PIPE, check=False, timeout=120,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert words == ["schema"] or names(folder / "results" / "s-001") == FILES


def test_a_standard_output_that_is_closed_is_no_fault_of_costsim() -> None:
    closing = "import os, sys; os.close(1); os.execv(sys.executable, sys.argv[1:])"
    words = [sys.executable, "-m", "costsim", *SCREENS["check"]]
    done = program(*words, python=("-c", closing))
    assert done.code in (0, 4)
    assert "Traceback" not in done.err
    assert "fault of costsim" not in done.err


def test_the_first_line_of_a_long_answer_can_be_had_alone() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "costsim", *SCREENS["check"]],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline().startswith(b"s.yaml: no problems.")
        running.stdout.close()
        assert running.stderr.read() == b""
