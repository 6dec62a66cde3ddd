"""More than there is: a replication beyond memory, queues beyond end, engines that disagree."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import costsim
from costsim.economics.precision import gain_of_shared_luck
from costsim.engines.kernel import KernelEngine
from costsim.errors import ScenarioError, SimulationError
from costsim.experiment import SiteRuns
from costsim.memory import replications_that_fit
from costsim.pathway.compile import compile_site
from costsim.pathway.plan import Plan
from costsim.results.record import Record
from costsim.sampling import Luck
from tests.model.building import Tree, exponential, load, pathway, problem, role, work


def _busy(minutes: str, **parts: Any) -> Tree:
    """One worker who serves 100 referrals a year, in an office of 525,600 minutes a year."""
    return problem(
        staff={"worker": role(headcount=1)},
        pathways={
            "old": pathway(assess=work("worker", minutes)),
            "new": pathway(assess=work("worker", "1 h")),
        },
        **parts,
    )


def test_a_replication_beyond_memory_is_refused_with_the_size_that_it_needs(
    tmp_path: Path,
) -> None:
    scenario = load(problem(referrals={"per_year": 1e9}), tmp_path)
    with pytest.raises(ScenarioError) as caught:
        costsim.evaluate(scenario, replications=1, keep=1)
    (found,) = caught.value.problems
    assert found.code == "CS442"
    assert found.path == "referrals.per_year"
    assert "1,000,000,000 visits" in found.message
    assert "1,050.0 GB" in found.message


def test_replications_that_are_kept_count_towards_memory(tmp_path: Path) -> None:
    scenario = load(problem(referrals={"per_year": 1e6}), tmp_path)
    with pytest.raises(ScenarioError, match="CS442"):
        costsim.evaluate(scenario, replications=100_000, keep=100_000)


@pytest.mark.parametrize(
    ("limit", "fits"),
    [("max\n", True), (f"{2**40}\n", True), ("2000000000\n", False), (None, True)],
)
def test_the_memory_of_a_container_is_what_counts_if_it_is_less(
    limit: str | None, fits: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("costsim.memory.CONTAINER", tmp_path)
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=float(2**36)))
    if limit is not None:
        (tmp_path / "memory.max").write_text(limit)
        (tmp_path / "memory.current").write_text("1500000000\n")
    plan = compile_site(load(problem(referrals={"per_year": 1e6}), tmp_path), "site")
    if fits:
        assert replications_that_fit([plan], at_least=1, keep=0) > 1
    else:
        with pytest.raises(ScenarioError, match=r"0\.5 GB is free"):
            replications_that_fit([plan], at_least=1, keep=0)


@pytest.mark.parametrize(("minutes", "load_said"), [("131400 min", "2,500%"), ("5782 min", "110%")])
def test_a_queue_that_grows_without_end_is_said_with_its_role_and_load_and_ends(
    tmp_path: Path, minutes: str, load_said: str
) -> None:
    found = costsim.evaluate(load(_busy(minutes), tmp_path))
    (said,) = [check for check in found.checks if check.name == "load"]
    assert not said.passed
    assert f"old: worker is asked for {load_said} of their time" in said.detail
    for kept in found.runs.sites["site"].kept:
        cases = kept["old"].cases
        assert not np.isnan(cases.decided[cases.counted]).any()


def test_dated_referrals_can_be_too_many_as_well(tmp_path: Path) -> None:
    dates = "date\n" + "2024-04-02\n" * 50
    (tmp_path / "dates.csv").write_text(dates, encoding="utf-8")
    tree = _busy("200 h", referrals={"arrive": {"dates": "dates.csv"}})
    tree["calendar"] = tree["calendar"] | {"start": "2024-04-01"}
    found = costsim.evaluate(load(tree, tmp_path))
    assert [check.detail for check in found.checks if check.name == "load"]


def test_limited_staff_who_begin_with_nobody_waiting_are_warned_of(tmp_path: Path) -> None:
    def warned(**parts: Any) -> bool:
        found = costsim.evaluate(load(_busy("1 h", **parts), tmp_path))
        return any("nobody waits for worker at the start" in each for each in found.warnings)

    assert warned()
    assert not warned(run={"replications": 3, "warm_up": "1 month"})
    assert not warned(referrals={"per_year": 100, "backlog": {"assess": 3}})


def test_a_kernel_that_differs_by_one_bit_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = KernelEngine.run

    def run(self: KernelEngine, *words: Any) -> dict[str, Record]:
        found = real(self, *words)
        ended = found["new"].visits.ended
        ended[17] = np.nextafter(ended[17], np.inf)
        return found

    monkeypatch.setattr(KernelEngine, "run", run)
    monkeypatch.setattr("costsim.engines.choice.WORTH_COMPILING", 10)
    scenario = load(problem(), tmp_path)
    with pytest.raises(SimulationError) as caught:
        costsim.evaluate(scenario)
    words = str(caught.value)
    assert "site, new, replication 0: the engines disagree: referral 18 at 'assess': ended" in words
    assert costsim.evaluate(scenario, engine="reference").passed


def test_a_kernel_that_differs_only_among_other_replications_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = KernelEngine.run

    def run(self: KernelEngine, plan: Plan, luck: Luck) -> dict[str, Record]:
        found = real(self, plan, luck)
        if luck.replications > 1:
            found["new"].work.minutes[-1] += 1.0
        return found

    monkeypatch.setattr(KernelEngine, "run", run)
    monkeypatch.setattr("costsim.engines.choice.WORTH_COMPILING", 10)
    with pytest.raises(SimulationError, match="other totals than among the others") as caught:
        costsim.evaluate(load(problem(), tmp_path))
    assert "site, new, replication 2: the engines disagree" in str(caught.value)


def test_an_engine_that_was_worth_its_start_is_kept_and_what_it_did_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[tuple[str, int]] = []
    real = SiteRuns.add

    def add(self: SiteRuns, batches: Any, engine: str) -> None:
        real(self, batches, engine)
        taken.append((engine, self.replications))

    monkeypatch.setattr(SiteRuns, "add", add)
    tree = _busy("1 h")
    tree["pathways"]["old"] = pathway(assess=work("worker", exponential(600)))
    monkeypatch.setattr("costsim.engines.choice.WORTH_COMPILING", 2 * 31 * 100)
    wanted = iter([200, 201, 201])  # the last round is small
    monkeypatch.setattr("costsim.evaluation.wanted", lambda *_words: next(wanted))
    found = costsim.evaluate(load(tree, tmp_path), precision=1.0)
    assert taken == [("reference", 30), ("kernel", 200), ("kernel", 201)]
    assert (found.engine, found.runs.sites["site"].engine_from) == ("kernel", 30)
    (check,) = [check for check in found.checks if check.name == "engines"]
    assert check.passed


def test_an_interruption_while_engines_are_compared_keeps_what_was_simulated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_words: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("costsim.assurance.engines_agree", interrupted)
    monkeypatch.setattr("costsim.engines.choice.WORTH_COMPILING", 10)
    found = costsim.evaluate(load(problem(), tmp_path))
    assert (found.runs.interrupted, found.runs.replications) == (True, 3)
    assert any("Interrupted" in each for each in found.warnings)


@pytest.mark.parametrize(("referrals", "engine"), [(10, "kernel"), (10**9, "reference")])
def test_the_engine_is_chosen_by_how_much_there_is_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, referrals: int, engine: str
) -> None:
    monkeypatch.setattr("costsim.engines.choice.WORTH_COMPILING", referrals)
    found = costsim.evaluate(load(problem(), tmp_path))
    assert found.engine == engine
    checked = [check for check in found.checks if check.name == "engines"]
    assert len(checked) == (engine == "kernel")
    assert all(check.passed for check in checked)


@pytest.mark.parametrize("engine", ["kernel", "reference"])
def test_an_engine_that_is_insisted_on_is_taken(tmp_path: Path, engine: Any) -> None:
    found = costsim.evaluate(load(problem(), tmp_path), engine=engine)
    assert (found.engine, len(found.runs.sites["site"].kept)) == (engine, 3)


def test_a_run_that_is_not_precise_at_the_cap_says_how_precise_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("costsim.evaluation.MOST_REPLICATIONS", 40)
    tree = _busy("1 h")
    tree["pathways"]["old"] = pathway(assess=work("worker", exponential(600)))
    found = costsim.evaluate(load(tree, tmp_path), precision=0.01)
    assert found.runs.replications == 40
    (said,) = [each for each in found.warnings if "stopped at" in each]
    width = found.main.programme.economics.per_case_saving.half_width
    stopped = "stopped at 40 replications, as many as there may be"
    assert f"{stopped}: the saving per case is known within £{width:.2f}" in said


def test_what_shared_luck_is_worth_is_the_ratio_of_the_variances(tmp_path: Path) -> None:
    tree = problem(run={"replications": 400, "seed": 5})
    tree["pathways"] = {
        "old": pathway(a=work("worker", exponential(60), "b"), b=work("worker", exponential(60))),
        "new": pathway(a=work("worker", exponential(60))),
    }
    (case,) = costsim.evaluate(load(tree, tmp_path)).main.cases
    # Minutes cost £1. Per case the variances are 2, 1 and, since a is shared, 1 (x 60 x 60).
    assert gain_of_shared_luck([case]) == pytest.approx(3.0, rel=0.2)


def test_shared_luck_is_worth_nothing_that_can_be_said_where_nothing_varies(tmp_path: Path) -> None:
    (case,) = costsim.evaluate(load(problem(), tmp_path)).main.cases
    assert gain_of_shared_luck([case]) is None
