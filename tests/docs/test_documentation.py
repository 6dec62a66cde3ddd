"""Every example in the README and under docs/ does what its page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.checkout import ROOT
from tests.docs.blocks import Walk, add_command, blocks, start_walk

PAGES = sorted(
    path.relative_to(ROOT).as_posix() for path in (ROOT / "README.md", *ROOT.glob("docs/**/*.md"))
)
# Stands in for costsim: finds fault with a file that says "wrong", as `costsim check` would.
STAND_IN = 'case "$1" in check) ! grep -q wrong "$2" || exit 3;; fail) exit 4;; esac'


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_work(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    assert start_walk(tmp_path, ROOT).follow(page, (ROOT / page).read_text("utf-8")) == []


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    """A walk in which the command costsim is the stand-in."""
    (tmp_path / "work").mkdir()
    add_command(tmp_path, "costsim", STAND_IN)
    return Walk(tmp_path / "work", tmp_path)


def _fence(language: str, text: str, *marks: str) -> str:
    return "\n".join(["Some words.", "", *marks, f"```{language}", text, "```", ""])


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (_fence("python", "x = 1\nassert x == 2"), r"page.md:4: line 5 raised AssertionError"),
        (_fence("python", "import costsim_absent"), r"raised ModuleNotFoundError"),
        (_fence("python", "if"), r"raised SyntaxError"),
        (_fence("python", ">>> 1 + 1\n3"), r"(?s)page.md:4: .*Expected:\s+3\s+Got:\s+2"),
        (_fence("sh", "costsim fail now"), r"exit 4, expected 0"),
        (_fence("sh", "costsim fail now\ncostsim run x"), r"exit 4, expected 0"),
        (_fence("sh", "costsim run x", "<!-- exit: 3 -->"), r"page.md:5: exit 0, expected 3"),
        (_fence("sh", "$ costsim run x"), r"without a prompt"),
        (_fence("yaml", "wrong: 1", "<!-- check -->"), r"exit 3, expected 0"),
        (_fence("sh", "costsim run x", "<!-- skip: -->"), r"needs its reason"),
        (_fence("sh", "costsim run x", "<!-- skip -->"), r"needs its reason"),
        (_fence("sh", "costsim run x", "<!-- exit: three -->"), r"an exit code is a number"),
        (_fence("yaml", "a: 1", "<!-- chek -->"), r"unknown mark 'chek'"),
        (_fence("toml", "a = 1", "<!-- check -->"), r"only a yaml block"),
    ],
)
def test_a_planted_broken_example_is_seen(walk: Walk, page: str, expected: str) -> None:
    broken = walk.follow("page.md", page)
    assert len(broken) == 1
    assert re.search(expected, broken[0]), broken[0]


@pytest.mark.parametrize(
    ("page", "ran"),
    [
        (_fence("python", "x = 1") + _fence("python", "assert x == 1"), 2),
        (_fence("python", ">>> x = 1") + _fence("python", "assert x == 1"), 2),
        (_fence("python", ">>> 1 + 1\n2"), 1),
        (_fence("python", 'x = """\n```text\n"""'), 1),
        (_fence("sh", "costsim run x"), 1),
        (_fence("sh", "costsim fail now", "<!-- exit: 4 -->"), 1),
        (_fence("yaml", "right: 1", "<!-- check -->"), 1),
        (_fence("yaml", "wrong: 1", "<!-- exit: 3 -->", "<!-- check -->"), 1),
        (_fence("yaml", "wrong: 1"), 0),
        (_fence("sh", "git clone x"), 0),
        (_fence("sh", "costsim fail now", "<!-- skip: needs a cluster -->"), 0),
        (_fence("sh", "python3 -m costsim run x", "<!-- command: run -->"), 0),
        (_fence("text", "```\nassert False"), 0),
        ("1. First:\n\n   ```python\n   if True:\n       x = 1\n   ```\n", 1),
    ],
)
def test_a_sound_example_passes_and_what_is_not_one_is_left_alone(
    walk: Walk, page: str, ran: int
) -> None:
    assert walk.follow("page.md", page) == []
    assert walk.ran == ran


def test_the_examples_of_a_page_share_a_folder(walk: Walk) -> None:
    written = "from pathlib import Path\nPath('a.yaml').write_text('wrong: 1')"
    page = _fence("python", written) + _fence("sh", "costsim check a.yaml", "<!-- exit: 3 -->")
    assert walk.follow("page.md", page) == []
    assert walk.ran == 2
    assert (walk.folder / "a.yaml").exists()


def test_every_broken_example_of_a_page_is_reported(walk: Walk) -> None:
    page = _fence("python", "1 / 0") + _fence("sh", "costsim run x") + _fence("python", "absent")
    assert [line.split(": ")[0] for line in walk.follow("page.md", page)] == [
        "page.md:4",
        "page.md:14",
    ]


def test_a_longer_fence_may_hold_a_shorter_one() -> None:
    page = "````markdown\n```python\nassert False\n```\n````\n"
    assert [block.language for block in blocks("page.md", page)] == ["markdown"]
