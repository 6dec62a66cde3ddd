"""Every test of the command line works in a fresh folder with one small scenario in it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.command import SCENARIO, contents, costsim


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, and an environment that says nothing about terminals."""
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)
    work = tmp_path / "work"
    work.mkdir()
    (work / "s.yaml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.chdir(work)
    return work


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, in which a log of an unforeseen fault appears."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path / "temporary"


@pytest.fixture
def earlier(folder: Path) -> Iterator[Path]:
    """Results of an earlier run, which nothing that follows may touch."""
    assert costsim("run", "s.yaml", "--replications", 2, "--quiet").code == 0
    kept = folder / "results" / "s-001"
    before = contents(kept)
    yield kept
    assert contents(kept) == before
