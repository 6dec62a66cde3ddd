"""No file names a place that exists on one machine only, or a host to download from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.checkout import ROOT, repository_files, write_files

MACHINE_PATH = re.compile(
    r"(?<![\w.:/<-])/(?:home|root|Users|work|farm|tmp|opt|mnt|srv|builds|workspace|github)/\w"
    r"|\b[A-Z]:\\+Users\b"
)
REGISTRY = re.compile(
    r"\b(?:pypi|pypi\.python|pythonhosted|anaconda|npmjs|yarnpkg|crates|rubygems)\.(?:org|com|io)\b"
    r"|\b(?:docker|ghcr|quay|gcr)\.io\b"
    r"|--(?:extra-)?index-url\b|--find-link[s]\b|--trusted-hos[t]\b|\b(?:PIP|UV)_\w*(?:INDEX|FIND_LINKS)"
)


def _faults(root: Path, files: list[Path]) -> Iterator[str]:
    """Each line that names such a place: file, line and the words themselves."""
    for name in files:
        text = (root / name).read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if fault := MACHINE_PATH.search(line) or REGISTRY.search(line):
                yield f"{name}:{number}: {fault[0]}"


def test_no_file_names_a_path_of_a_machine_or_a_registry() -> None:
    files = repository_files()
    assert list(_faults(ROOT, files)) == []
    assert Path("pyproject.toml") in files


@pytest.mark.parametrize(
    "words",
    [
        "/ho" + "me/ann/costsim",
        "open('/tm" + "p/x')",
        r"C:\\Us" + r"ers\ann",
        "https://py" + "pi.org/simple",
        "https://files.python" + "hosted.org/packages",
        "pip install --index" + "-url x",
        "pip install --find" + "-links x",
        "PIP_EXTRA" + "_INDEX_URL=x",
        "FROM gh" + "cr.io/x",
    ],
)
def test_a_planted_place_is_seen(tmp_path: Path, words: str) -> None:
    write_files(tmp_path, {"docs/page.md": f"First line.\n{words}\n"})
    assert len(list(_faults(tmp_path, [Path("docs/page.md")]))) == 1


@pytest.mark.parametrize(
    "words",
    [
        "https://example.org/home/page",
        "costsim/work/tmp/x",
        "../../home/x",
        "uv pip compile --no-emit-index-url",
        "#!/usr/bin/env bash",
        "and/or /opt out",
    ],
)
def test_ordinary_words_are_left_alone(tmp_path: Path, words: str) -> None:
    write_files(tmp_path, {"docs/page.md": words})
    assert list(_faults(tmp_path, [Path("docs/page.md")])) == []
