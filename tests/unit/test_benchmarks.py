"""The benchmarks work: every figure is there, and what they compare does the same."""

from __future__ import annotations

import ctypes
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import loop, plain, precision
from benchmarks.__main__ import main
from benchmarks.problems import scenario

ENGINES = [
    f"{title}{tallies}: {each}"
    for title in ("the study", "scarce staff", "a busy office")
    for tallies in ("", ", with tallies")
    for each in ("kernel", "reference", "kernel / reference")
]
LOOP = ["C loop: cases/s", "kernel : C, all included", "kernel : C, the clock alone"]
PRECISION = [
    *(f"replications to +-£4: {each}" for each in ("costsim", "plain SimPy", "plain / costsim")),
    *(f"time to +-£4: costsim, {each}" for each in ("kernel", "reference")),
    *(f"time to +-£4: plain {each}" for each in ("SimPy", "/ kernel", "/ reference")),
]
GROWTH = [
    "kernel, 1,000 referrals: a case",
    "kernel, 10,000 referrals: a case",
    "kernel, 10,000 referrals: beside 1,000",
    "kernel, 100,000 referrals: a case",
    "kernel, 100,000 referrals: beside 1,000",
    "reference, 1,000 referrals: a case",
    "reference, 10,000 referrals: a case",
    "reference, 10,000 referrals: beside 1,000",
    "kernel, 10,000 referrals: most memory",
]
WORKERS = [
    "one process",
    "two workers, already there",
    "one / two already there",
    "one / two that must start first",
]
STARTUP = [
    "a bare interpreter",
    "import costsim",
    "import costsim, more than bare",
    "costsim --help",
    "costsim --help, more than bare",
    *(
        f"costsim run, 10 replications of the study, {engine}{memory}"
        for engine in ("reference", "kernel")
        for memory in ("", ": most memory")
    ),
    "the kernel's first call, compiled before",
]
EVERYTHING = {
    "engines": ENGINES,
    "loop": LOOP,
    "precision": PRECISION,
    "growth": GROWTH,
    "workers": WORKERS,
    "startup": STARTUP,
}


@pytest.fixture
def compiler() -> str:
    """The C compiler, without which the kernel could not be compared with anything."""
    found = loop.compiler()
    assert found, "no C compiler: install one, such as Debian's package gcc, or name it in CC"
    return found


def _measured(folder: Path, *arguments: str) -> dict[str, Any]:
    path = folder / "benchmarks.json"
    main([*arguments, "--quick", "--json", str(path)])
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@pytest.mark.usefixtures("compiler")
def test_a_quick_run_measures_everything(tmp_path: Path) -> None:
    parts = _measured(tmp_path)["parts"]
    assert {part: [row["what"] for row in rows] for part, rows in parts.items()} == EVERYTHING
    for row in (row for rows in parts.values() for row in rows):
        figures = [row["least"], row["median"], row["greatest"]]
        assert all(map(math.isfinite, figures)), row
        assert figures == sorted(figures), row
        assert row["repeats"] >= 1
        assert row["least"] > 0 or "more than" in row["what"], row


def test_without_a_compiler_the_table_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(loop, "compiler", lambda: None)
    parts = _measured(tmp_path, "loop")["parts"]
    assert [(row["what"], row["median"]) for row in parts["loop"]] == [(n, None) for n in LOOP]
    assert capsys.readouterr().out.count("no compiler") == len(LOOP)


def test_the_kernel_and_the_c_loop_write_down_the_same(compiler: str) -> None:
    kernel, by_hand = loop.pair(compiler, replications=3)
    record, found = kernel.everything(), by_hand.everything()
    assert len(found) > 2_500
    assert np.allclose(record.cases.decided, found["decided"], rtol=1e-9, atol=0)
    outcomes = [record.outcomes[number] for number in record.cases.outcome]
    assert outcomes == ["decided" if each else "closed" for each in found["goes_on"]]
    queued = found["began"][:, 0] - found["reached"][:, 0] - found["wait"]
    assert queued.mean() > 480, "it is a congested office: families queue for days"


def test_a_difference_from_the_c_loop_is_told(compiler: str) -> None:
    kernel, by_hand = loop.pair(compiler, replications=1)
    record, found = kernel.everything(), by_hand.everything()
    assert loop.differences(kernel.world, record, found) == []
    found["decided"][7] += 1e-3
    (wrong,) = loop.differences(kernel.world, record, found)
    assert wrong.startswith("decided of referral 8: ")
    by_hand.model.staff[1] += 1
    found = by_hand.everything()
    assert any("assessment" in each for each in loop.differences(kernel.world, record, found))


def test_the_referrals_of_the_c_loop_are_laid_out_as_numpy_has_them() -> None:
    assert loop.REFERRAL.itemsize == 12 * ctypes.sizeof(ctypes.c_double)


def test_the_plain_script_finds_the_saving_that_costsim_finds() -> None:
    by_hand = plain.study(2.0)
    found = precision.by_costsim(scenario("visit"), 1.0, "kernel", 0)
    ours = found.main.programme.economics.per_case_saving
    assert ours.value is not None
    assert ours.mcse is not None
    error = math.hypot(ours.mcse, by_hand.error)
    assert 0 < error < 1.5
    assert abs(ours.value - by_hand.saving) <= 4 * error
