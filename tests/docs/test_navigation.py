"""Every page can be reached: it is in the navigation, and every link leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.checkout import ROOT, write_files

FENCED = re.compile(r"^(`{3,})[^\n]*\n.*?^\1`*[ \t]*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]\n]*\n?[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
REMOTE = re.compile(r"^[a-z]+:")


def _named(nav: list[Any] | dict[str, Any] | str) -> Iterator[str]:
    """The pages that a part of the navigation names."""
    if isinstance(nav, str):
        yield nav
        return
    for each in nav if isinstance(nav, list) else nav.values():
        yield from _named(each)


def _unlisted(root: Path) -> list[str]:
    """Pages that the navigation misses, and names in it without a page."""
    config = yaml.safe_load((root / "mkdocs.yml").read_text("utf-8"))
    pages = {path.relative_to(root / "docs").as_posix() for path in root.glob("docs/**/*.md")}
    return sorted(pages ^ set(_named(config["nav"])))


def _prose(path: Path) -> str:
    return FENCED.sub("", path.read_text("utf-8"))


def _anchors(path: Path) -> set[str]:
    """The anchors that the headings of a page get, on a website and in a repository's viewer."""
    words = (re.sub(r"[^\w\s-]", "", heading.lower()) for heading in HEADING.findall(_prose(path)))
    return {re.sub(r"\s+", "-", each.strip()) for each in words}


def _broken(root: Path) -> Iterator[str]:
    """Relative links of the README and of the pages that lead nowhere."""
    for page in (root / "README.md", *sorted(root.glob("docs/**/*.md"))):
        for link in LINK.findall(_prose(page)):
            if REMOTE.match(link):
                continue
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            if not target.is_file() or (anchor and anchor not in _anchors(target)):
                yield f"{page.relative_to(root)}: {link}"


def test_every_page_is_in_the_navigation() -> None:
    assert _unlisted(ROOT) == []


def test_every_page_is_linked_from_the_first() -> None:
    linked = {link.partition("#")[0] for link in LINK.findall(_prose(ROOT / "docs" / "index.md"))}
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in ROOT.glob("docs/**/*.md")}
    assert sorted(pages - linked) == ["index.md"]


def test_every_relative_link_and_anchor_leads_somewhere() -> None:
    assert list(_broken(ROOT)) == []


def test_the_website_loads_nothing_from_elsewhere() -> None:
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    config = yaml.safe_load(text)
    assert config["theme"]["font"] is False
    assert not {"extra_javascript", "extra_css", "repo_url"} & config.keys()
    assert "//" not in text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("See [this](absent.md).", ["docs/page.md: absent.md"]),
        ("See [this](page.md#absent).", ["docs/page.md: page.md#absent"]),
        ("See [this\nlong one](#absent).", ["docs/page.md: #absent"]),
        ("See [this](#the-title), [that](../README.md) and [those](https://example.org/x).", []),
        ("```text\n[this](absent.md)\n```", []),
    ],
)
def test_a_planted_broken_link_is_seen(tmp_path: Path, words: str, expected: list[str]) -> None:
    write_files(tmp_path, {"README.md": "# Read me", "docs/page.md": f"# The title\n\n{words}\n"})
    assert list(_broken(tmp_path)) == expected


def test_a_planted_page_outside_the_navigation_is_seen(tmp_path: Path) -> None:
    nav = "nav:\n  - Home: index.md\n  - More:\n      - Gone: gone.md\n"
    write_files(tmp_path, {"mkdocs.yml": nav, "docs/index.md": "", "docs/how-to/lost.md": ""})
    assert _unlisted(tmp_path) == ["gone.md", "how-to/lost.md"]
