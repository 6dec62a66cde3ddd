"""The benchmarks work: every figure is there, and what they compare does the same."""

from __future__ import annotations

import ctypes
import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import loop, plain, precision
from benchmarks.__main__ import PARTS, main
from benchmarks.subjects import scenario
from benchmarks.table import Row, Target
from benchmarks.timing import spread, used
from costsim.economics.precision import FEWEST
from costsim.executors import LocalProcesses
from costsim.results.estimates import ratio, t_quantile


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
    assert list(parts) == list(PARTS)
    assert all(parts.values())
    judged = [row for rows in parts.values() for row in rows if row["target"]]
    assert {row["met"] for row in judged} <= {True, False}
    assert len(judged) >= 10
    for row in (row for rows in parts.values() for row in rows):
        assert row["target"] or row["met"] is None
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
    assert {(row["median"], row["met"]) for row in parts["loop"]} == {(None, None)}
    assert capsys.readouterr().out.count("no compiler") == len(parts["loop"]) > 0


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


def test_what_the_c_loop_is_given_is_as_large_as_c_has_it(compiler: str) -> None:
    office = loop.library(compiler)
    sizes = [ctypes.c_int64.in_dll(office, f"{n}_bytes").value for n in ("referral", "model")]
    assert sizes == [loop.REFERRAL.itemsize, ctypes.sizeof(loop.Model)]


def test_the_clock_alone_does_what_the_kernel_does(compiler: str) -> None:
    kernel, _ = loop.pair(compiler, replications=2)
    run, given = kernel.clock()
    run(*given)
    office, record = given[0], kernel.everything()
    assert not office.state["full"][0]
    assert np.array_equal(office.visits["ended"], record.visits.ended)


@pytest.mark.parametrize(
    ("target", "median", "said"),
    [
        (Target(least=100), 99.0, "at least 100: MISSED"),
        (Target(least=100), 100.0, "at least 100: met"),
        (Target(most=0.3), 0.31, "at most 0.3: MISSED"),
        (Target(most=0.3), -0.1, "at most 0.3: met"),
        (None, 1.0, ""),
    ],
)
def test_a_target_is_marked_as_met_or_missed(
    target: Target | None, median: float, said: str
) -> None:
    row = Row("what", "x", spread([median]), target)
    (line,) = row.lines()
    assert line.endswith(said or "1")
    assert row.as_json()["met"] == (None if target is None else said.endswith("met"))


def test_a_quick_run_says_that_it_means_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(loop, "compiler", lambda: None)
    assert _measured(tmp_path, "loop")["quick"] is True
    assert "Single figures mean little" in capsys.readouterr().out


def test_the_time_of_processors_counts_those_of_children() -> None:
    def burn() -> None:
        until = time.process_time() + 0.3
        while time.process_time() < until:
            pass

    alone = used(burn)
    assert 0.2 < alone.processors < 0.6
    with LocalProcesses(2) as crew:
        list(crew(_burn, [0.0, 0.0]))
        together = used(lambda: list(crew(_burn, [0.4, 0.4])))
    assert together.processors > 0.6


def _burn(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_the_plain_script_stops_by_the_same_rule_as_costsim() -> None:
    found = plain.study(4.0)
    assert found.replications > FEWEST
    assert t_quantile(found.replications - 1) * found.error <= 4.0


def test_the_error_of_the_plain_script_is_that_of_a_ratio_of_sums() -> None:
    old, new = [(300.0, 3), (90.0, 1), (270.0, 2)], [(10.0, 1), (70.0, 1), (50.0, 2)]
    each = [ratio(*np.array(years, dtype=float).T) for years in (old, new)]
    found = plain.answer(old, new)
    assert found.saving == pytest.approx(each[0].number - each[1].number)
    assert found.error == pytest.approx(math.hypot(*(one.mcse or math.nan for one in each)))


def test_the_plain_script_finds_the_saving_that_costsim_finds() -> None:
    by_hand = plain.study(2.0)
    found = precision.by_costsim(scenario("visit"), 1.0, "kernel", 0)
    ours = found.main.programme.economics.per_case_saving
    assert ours.value is not None
    assert ours.mcse is not None
    error = math.hypot(ours.mcse, by_hand.error)
    assert 0 < error < 1.5
    assert abs(ours.value - by_hand.saving) <= 4 * error
