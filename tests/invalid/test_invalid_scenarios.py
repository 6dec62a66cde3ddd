"""Every scenario file in this folder is refused for exactly the reasons that it states itself.

The first lines of a file say which problems it must give, in order, one on each line:
`# error: CODE LINE:COLUMN words | more words`. Each group of words stands in the message or in the
hint. A place in a file that this one extends is written FILE:LINE:COLUMN.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from costsim.errors import Place, Problem, ScenarioError
from costsim.scenario.loader import load

FOLDER = Path(__file__).parent
FILES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
WHOLE = FOLDER / "parts" / "whole.yaml"


@dataclass(frozen=True)
class Expected:
    """One problem that a file must give."""

    code: str
    place: Place | None
    words: tuple[str, ...]

    def explains(self, problem: Problem) -> bool:
        """Whether the problem's message and hint hold all the words."""
        return all(each in f"{problem.message}\n{problem.hint}" for each in self.words)


def _place(written: str, name: str) -> Place | None:
    if written == "-":
        return None
    *file, line, column = written.split(":")
    return Place(":".join(file) or name, int(line), int(column))


def expected_of(text: str, name: str) -> list[Expected]:
    """What the first comment lines of a file say."""
    lines = re.findall(r"^# error: (\S+) (\S+) (.+)$", text, re.MULTILINE)
    return [
        Expected(code, _place(place, name), tuple(words.split(" | ")))
        for code, place, words in lines
    ]


def problems_of(name: str) -> tuple[Problem, ...]:
    """Every problem of a file of this folder, read under its own short name."""
    with pytest.raises(ScenarioError) as caught:
        load(name)
    return caught.value.problems


@pytest.fixture(autouse=True)
def _in_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)


@pytest.mark.parametrize("stem", FILES)
def test_a_file_gives_exactly_the_problems_that_it_states(stem: str) -> None:
    name = f"{stem}.yaml"
    expected = expected_of(Path(name).read_text("utf-8"), name)
    found = problems_of(name)
    assert expected
    assert [(p.code, p.place) for p in found] == [(e.code, e.place) for e in expected]
    for each, problem in zip(expected, found, strict=True):
        assert each.explains(problem), f"{each.words} not all in {problem}"


@pytest.mark.parametrize("stem", FILES)
def test_every_problem_is_plain_words_with_a_hint_and_shows_its_own_line(stem: str) -> None:
    for problem in problems_of(f"{stem}.yaml"):
        shown = f"{problem.message} {problem.hint}"
        assert problem.hint
        assert len(problem.hint) < 400
        assert not re.search(r"\n|  |Input should|\bTrue\b|\bFalse\b|\bdict\b|\['|\{'", shown), (
            shown
        )
        assert problem.place is not None
        lines = [*Path(problem.place.file).read_text("utf-8").split("\n"), ""]
        assert problem.source_line == lines[problem.place.line - 1]


def test_the_scenario_that_the_mistakes_are_made_in_is_itself_valid() -> None:
    assert load(WHOLE).title == "Online form"


def test_there_are_many_kinds_of_mistake() -> None:
    codes = Counter(
        each.code
        for stem in FILES
        for each in expected_of((FOLDER / f"{stem}.yaml").read_text("utf-8"), stem)
    )
    assert len(FILES) >= 100
    assert len(codes) >= 40
