"""The report command: folders that are none, files that were changed, and writing that fails."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from costsim.report import documents
from costsim.results import folder as folders
from tests.faults.command import SCENARIO, contents, costsim

DOCUMENTS = {"report.html", "results.xlsx", "audit.xlsx"}


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents that are quick to make, for what is about files and not about what is in them."""
    made = {"report.html": b"<p>new</p>", "figures/one.svg": b"<svg/>", "audit.xlsx": b"new"}
    monkeypatch.setattr(documents, "documents", lambda _: iter(made.items()))


def test_a_report_is_made_beside_the_results_which_stay_as_they_are(folder: Path) -> None:
    assert costsim("run", "s.yaml", "--replications", 3, "--out", "out", "--quiet").code == 0
    before = contents(folder / "out")
    done = costsim("report", "out")
    assert done.code == 0, done.err
    after = contents(folder / "out")
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() >= DOCUMENTS
    assert {Path(line) for line in done.out.split()} == {
        Path("out", name) for name in after.keys() - before.keys()
    }


def test_a_run_with_a_report_gives_the_same_documents(folder: Path) -> None:
    words = ("run", "s.yaml", "--replications", 3, "--quiet")
    assert costsim(*words, "--out", "one", "--report").code == 0
    assert costsim(*words, "--out", "two").code == 0
    assert costsim("report", "two", "--quiet").out == ""
    one, two = contents(folder / "one"), contents(folder / "two")
    for name, content in one.items():  # the command stands in some
        assert content.replace(b"--out one --report", b"--out two") == two[name] or (
            name == "manifest.json"
        ), name
    assert costsim("report", "two", "--quiet").code == 0
    assert contents(folder / "two") == two


def test_a_site_to_which_nobody_came_does_not_stop_a_report(folder: Path) -> None:
    sites = "sites: {busy: {}, idle: {referrals: {per_year: 0.01}}}\n"
    (folder / "two.yaml").write_text(SCENARIO + sites, encoding="utf-8")
    run = costsim("run", "two.yaml", "--replications", 2, "--out", "out", "--quiet")
    assert run.code == 1
    done = costsim("report", "out")
    assert (done.code, done.err) == (0, "Writing the report\n")


@pytest.mark.usefixtures("short")
def test_earlier_documents_are_replaced(earlier: Path) -> None:
    for _ in range(2):
        assert costsim("report", earlier).code == 0
    for name in ("report.html", "audit.xlsx", "figures/one.svg"):
        (earlier / name).unlink()
    (earlier / "figures").rmdir()


@pytest.mark.parametrize("name", ["nowhere", ".", "s.yaml"])
def test_what_is_no_results_folder_is_said_to_be_none(name: str) -> None:
    done = costsim("report", name)
    assert done.code == 3
    assert "not a folder of results" in done.err or "cannot be read" in done.err
    assert "Traceback" not in done.err


Harm = Callable[[Path], Any]
HARMS: dict[str, Harm] = {
    "summary.json": lambda path: path.write_text("{}", encoding="utf-8"),
    "cashflow.csv": lambda path: path.write_bytes(path.read_bytes()[:-3]),
    "cases.parquet": lambda path: path.unlink(),
    "scenario/s.yaml": lambda path: path.write_text(SCENARIO + "\n", encoding="utf-8"),
    "manifest.json": lambda path: path.write_bytes(b"\xff{"),
}


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("name", HARMS)
def test_a_file_that_was_changed_is_named_and_nothing_is_written(folder: Path, name: str) -> None:
    assert costsim("run", "s.yaml", "--replications", 2, "--out", "out", "--quiet").code == 0
    HARMS[name](folder / "out" / name)
    before = contents(folder / "out")
    done = costsim("report", "out")
    assert done.code == 3
    assert Path(name).name in done.err
    assert contents(folder / "out") == before


@pytest.mark.usefixtures("short")
def test_results_of_another_form_say_how_to_run_them_again(folder: Path) -> None:
    assert costsim("run", "s.yaml", "--replications", 2, "--out", "out", "--quiet").code == 0
    summary = json.loads((folder / "out" / "summary.json").read_text("utf-8"))
    del summary["programme"]["per_case_saving"]
    (folder / "out" / "summary.json").write_text(json.dumps(summary), "utf-8")
    manifest = json.loads((folder / "out" / "manifest.json").read_text("utf-8"))
    del manifest["files"]["summary.json"]
    (folder / "out" / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    done = costsim("report", "out")
    assert done.code == 3
    assert "per_case_saving" in done.err
    assert "costsim run" in done.err


@pytest.mark.usefixtures("short")
def test_a_document_that_is_open_elsewhere_is_named(
    earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.replace

    def refused(path: Path, target: Path) -> Path:
        if target.name == "audit.xlsx":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
        return real(path, target)

    monkeypatch.setattr(Path, "replace", refused)
    done = costsim("report", earlier)
    assert done.code == 4
    assert "audit.xlsx" in done.err
    assert "Excel" in done.err
    monkeypatch.undo()
    for name in ("report.html", "figures/one.svg"):
        (earlier / name).unlink()
    (earlier / "figures").rmdir()


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_a_disk_that_is_full_or_an_interruption_leaves_what_was_there(
    earlier: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def full(_path: Path) -> None:
        raise error

    monkeypatch.setattr(folders, "_flush", full)
    assert costsim("report", earlier).code == (130 if isinstance(error, KeyboardInterrupt) else 4)
