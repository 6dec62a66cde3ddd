"""Ctrl-C: what is finished is kept and said to be unfinished; what is not whole is not kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from costsim import experiment
from costsim.results.tally import tally as summed
from costsim.scenario import loader
from tests.faults.command import FILES, SCENARIO, SIMULATED, contents, costsim, names, program

Arrange = Callable[[int], None]


@pytest.fixture
def interrupt_after(monkeypatch: pytest.MonkeyPatch) -> Arrange:
    """Press Ctrl-C once, when so many replications are done."""
    real, done = experiment.replicate, []

    def arrange(number: int) -> None:
        def replicate(*words: Any) -> Any:
            done.append(words)
            if len(done) == number + 1:
                raise KeyboardInterrupt
            return real(*words)

        monkeypatch.setattr(experiment, "replicate", replicate)

    return arrange


@pytest.mark.parametrize("number", [0, 1])
def test_with_fewer_than_two_replications_nothing_is_written(
    folder: Path, interrupt_after: Arrange, number: int
) -> None:
    interrupt_after(number)
    done = costsim("run", "s.yaml", "--replications", 10)
    assert (done.code, done.out) == (130, "")
    assert "Interrupted. Nothing was written." in done.err
    assert names(folder) == {"s.yaml"}


@pytest.mark.parametrize("number", [2, 5])
def test_the_replications_that_are_done_are_kept_shown_and_written(
    folder: Path, interrupt_after: Arrange, number: int
) -> None:
    interrupt_after(number)
    done = costsim("run", "s.yaml", "--replications", 10)
    assert done.code == 130
    assert f"Interrupted: the results are those of {number} replications" in done.out
    assert names(folder / "results" / "s-001") == FILES


def test_an_interrupted_run_is_the_run_of_as_many_replications(
    folder: Path, interrupt_after: Arrange
) -> None:
    whole = costsim("run", "s.yaml", "--replications", 3, "--json", "--out", "whole")
    interrupt_after(3)
    broken = costsim("run", "s.yaml", "--replications", 10, "--json", "--out", "broken")
    assert (whole.code, broken.code) == (0, 130)
    assert broken.json["programme"] == whole.json["programme"]
    assert broken.json["replications"] == 3
    for name in ("cases.parquet", "ledger.parquet", "cashflow.csv"):
        assert (folder / "broken" / name).read_bytes() == (folder / "whole" / name).read_bytes()


def test_a_second_run_after_an_interrupted_one_is_numbered_after_it(
    folder: Path, interrupt_after: Arrange
) -> None:
    interrupt_after(2)
    assert costsim("run", "s.yaml", "--replications", 4, "--quiet").code == 130
    assert costsim("run", "s.yaml", "--replications", 4, "--quiet").code == 0
    assert names(folder / "results") == {"s-001", "s-002"}


@pytest.mark.parametrize("tallies", range(1, 7))
def test_an_interruption_between_two_sites_keeps_the_replications_that_are_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tallies: int
) -> None:
    sites = "sites: {bath: {}, kent: {}, york: {}}\n"
    (folder / "s.yaml").write_text(SCENARIO + sites, encoding="utf-8")
    done: list[Any] = []

    def tally(*words: Any) -> Any:
        done.append(words)
        if len(done) == 3 * 3 * 2 + tallies:  # three replications of three sites in two worlds
            raise KeyboardInterrupt
        return summed(*words)

    with monkeypatch.context() as patch:
        patch.setattr("costsim.experiment.tally", tally)
        broken = costsim("run", "s.yaml", "--replications", 10, "--json", "--out", "broken")
    whole = costsim("run", "s.yaml", "--replications", 3, "--json", "--out", "whole")
    assert (broken.code, whole.code) == (130, 0)
    assert broken.json["programme"] == whole.json["programme"]
    assert (
        contents(folder / "broken")["cases.parquet"] == contents(folder / "whole")["cases.parquet"]
    )


@pytest.mark.parametrize("place", ["costsim.evaluation.wanted", "costsim.experiment.cases_in"])
def test_an_interruption_between_two_rounds_keeps_what_the_first_has_done(
    folder: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """After the first round it is decided how many replications to go on for, and with what."""
    rounds: list[Any] = []

    def interrupt(*_words: Any) -> Any:
        raise KeyboardInterrupt

    def add(_runs: Any, batches: Any, engine: str) -> None:
        rounds.append(batches)
        real(_runs, batches, engine)
        monkeypatch.setattr(place, interrupt)

    real = experiment.SiteRuns.add
    monkeypatch.setattr(experiment.SiteRuns, "add", add)
    done = costsim("run", "s.yaml", "--precision", "30", "--out", "kept")
    assert done.code == 130
    assert len(rounds) == 1
    assert "Interrupted: the results are those of 30 replications" in done.out
    assert names(folder / "kept") == FILES


@pytest.mark.parametrize("calls", [1, 3, 5])
def test_an_interruption_while_results_are_written_leaves_nothing(
    earlier: Path, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    real, left = os.fsync, [calls]

    def fsync(number: int) -> None:
        left.append(left.pop() - 1)
        if left == [0]:
            raise KeyboardInterrupt
        real(number)

    monkeypatch.setattr(os, "fsync", fsync)
    done = costsim("run", "s.yaml", "--replications", 2)
    assert done.code == 130
    assert "Nothing was written" in done.err
    assert names(earlier.parent) == {"s-001"}


@pytest.mark.parametrize(
    "words",
    [["check", "s.yaml"], ["trace", "s.yaml", "--referral", "1"], ["run", "s.yaml"]],
    ids=str,
)
def test_an_interruption_while_the_scenario_is_read_answers_130(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    def load(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(loader, "load", load)
    done = costsim(*words)
    assert (done.code, done.out) == (130, "")
    assert "Traceback" not in done.err
    assert names(folder) == {"s.yaml"}


@pytest.mark.parametrize("number", [0, 1])
def test_a_sensitivity_that_is_interrupted_at_once_answers_130_and_writes_nothing(
    folder: Path, interrupt_after: Arrange, number: int
) -> None:
    interrupt_after(number)
    done = costsim("sensitivity", "s.yaml", "--replications", 4, "--out", "kept")
    assert (done.code, done.out) == (130, "")
    assert names(folder) == {"s.yaml"}


def test_a_sensitivity_whose_first_evaluation_is_cut_short_compares_nothing_with_it(
    interrupt_after: Arrange,
) -> None:
    interrupt_after(3)
    done = costsim("sensitivity", "s.yaml", "--replications", 10, "--json")
    assert done.code == 130
    assert not done.out or done.json["swings"] == []


def test_a_sensitivity_that_is_interrupted_keeps_the_swings_that_are_whole(
    folder: Path, interrupt_after: Arrange
) -> None:
    (folder / "s.yaml").write_text(SIMULATED, encoding="utf-8")
    whole = costsim("sensitivity", "s.yaml", "--replications", 4, "--json").json["swings"]
    interrupt_after(4 + 2)  # the base, then half of the first evaluation that needs the clock
    done = costsim("sensitivity", "s.yaml", "--replications", 4, "--json", "--out", "kept")
    assert done.code == 130
    kept = done.json["swings"]
    assert len(kept) < len(whole)
    assert all(swing in whole for swing in kept)
    assert names(folder / "kept") == {"sensitivity.json"}


@pytest.mark.parametrize("further", range(2, 12, 3))
def test_where_only_one_of_two_sites_is_simulated_again_the_whole_swings_are_kept_too(
    folder: Path, interrupt_after: Arrange, further: int
) -> None:
    """The other site is as it was, with more replications than the one that is cut short."""
    kent = "kent: {referrals: {per_year: {value: 150, uncertain: {uniform: [100, 200]}}}}"
    (folder / "s.yaml").write_text(f"{SIMULATED}sites: {{bath: {{}}, {kent}}}\n", encoding="utf-8")
    words = ("sensitivity", "s.yaml", "--replications", 6, "--json")
    whole = costsim(*words).json["swings"]
    interrupt_after(2 * 6 + further)
    done = costsim(*words)
    assert done.code == 130
    assert all(swing in whole for swing in done.json["swings"])
    assert len(done.json["swings"]) < len(whole)


SIGNALLED = """\
import os, signal
from costsim import experiment
from costsim.results.tally import tally as summed
from costsim.cli import main
real = experiment.replicate
def replicate(plan, engine, settings, first, count):
    if first == 4:
        os.kill(os.getpid(), signal.SIGINT)
    return real(plan, engine, settings, first, count)
experiment.replicate = replicate
main()
"""


def test_the_signal_of_a_terminal_ends_a_program_in_the_same_way(folder: Path) -> None:
    done = program("run", "s.yaml", "--replications", "100", python=("-c", SIGNALLED))
    assert (done.code, done.err) == (130, "")
    assert "Interrupted: the results are those of 4 replications" in done.out
    assert names(folder / "results" / "s-001") == FILES
