"""A replication is a pure function of its address: who computes it does not matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest

import costsim
from costsim import load
from costsim.engines.choice import EngineName
from costsim.engines.reference import ReferenceEngine
from costsim.evaluation import Evaluation
from costsim.executors import Crew, LocalProcesses, alone
from costsim.experiment import Settings, Simulation, replicate
from costsim.pathway.compile import compile_site
from costsim.pathway.plan import Plan
from costsim.results.record import Record
from costsim.sampling import Luck
from costsim.uncertainty.oneway import one_way
from tests.model.test_records import bits

W = TypeVar("W")
R = TypeVar("R")
ROOT = Path(__file__).parents[2]
REPLICATIONS = 6


def _outcome_of(replication: int) -> Any:
    """Every number of one replication of the starter, in both worlds."""
    plan = compile_site(load(ROOT / "scenarios" / "starter.yaml"), "site")
    return bits(replicate(plan, ReferenceEngine(), Settings(seed=7, at_least=1), replication))


@pytest.fixture(scope="module")
def in_order() -> list[Any]:
    return [_outcome_of(number) for number in range(REPLICATIONS)]


def test_the_order_of_replications_does_not_matter(in_order: list[Any]) -> None:
    backwards = [_outcome_of(number) for number in reversed(range(REPLICATIONS))]
    assert backwards[::-1] == in_order


def test_replications_differ_from_each_other(in_order: list[Any]) -> None:
    assert all(one != in_order[0] for one in in_order[1:])


@pytest.fixture(scope="module")
def crews() -> Iterator[list[Crew]]:
    with LocalProcesses(2) as two, LocalProcesses(3) as three:
        yield [two, three]


def _simulated(found: Evaluation) -> Any:
    runs = found.runs
    return bits([(site, each.tallies, each.kept) for site, each in sorted(runs.sites.items())])


@pytest.mark.parametrize("engine", ["reference", "kernel"])
def test_any_number_of_workers_simulates_the_same_bytes(
    engine: EngineName, crews: list[Crew], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("costsim.experiment.WORTH_SHARING", 0.0)
    monkeypatch.setattr("costsim.engines.kernel.KernelEngine.cases_at_once", 400.0)
    scenario = load(ROOT / "scenarios" / "coram-2017.yaml")  # three sites
    pieces: list[int] = []

    def evaluated(crew: Crew) -> Any:
        found = costsim.evaluate(
            scenario, replications=12, keep=3, engine=engine, crew=Counting(crew, pieces)
        )
        return _simulated(found)

    expected = evaluated(alone)
    assert [evaluated(crew) for crew in crews] == [expected] * 2
    assert len(pieces) == 3
    assert min(pieces) >= 9


class Counting:
    """A crew that notes how many pieces of work it is given."""

    def __init__(self, crew: Crew, pieces: list[int], losses: Sequence[str] = ()) -> None:
        self.crew, self.pieces, self.losses = crew, pieces, losses
        self.workers = crew.workers

    def __call__(self, task: Callable[[W], R], work: Sequence[W]) -> Iterator[R]:
        self.pieces.append(len(work))
        return self.crew(task, work)


def test_what_had_to_be_done_again_is_among_the_warnings() -> None:
    lost = "A worker process died (SIGKILL); its work was done again."
    crew = Counting(alone, [], losses=[lost])
    found = costsim.evaluate(load(ROOT / "scenarios" / "starter.yaml"), replications=2, crew=crew)
    assert lost in found.warnings


class Unready(ReferenceEngine):
    """An engine that has to be compiled, which its first replication does."""

    def __init__(self) -> None:
        self.ready = False
        self.runs: list[tuple[bool, int]] = []

    def run(self, plan: Plan, luck: Luck) -> dict[str, Record]:
        self.runs.append((self.ready, luck.replications))
        self.ready = True
        return super().run(plan, luck)


class Heard:
    """A watcher that notes what it is told."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self, done: int, of: int, /) -> None:
        self.words.append(f"{done}/{of}")

    def busy(self, what: str, /) -> None:
        self.words.append(what)


def test_an_engine_is_compiled_once_before_anything_is_counted_and_the_watcher_is_told() -> None:
    plan = compile_site(load(ROOT / "scenarios" / "starter.yaml"), "site")
    engine, heard = Unready(), Heard()
    Simulation([plan], lambda _: engine, Settings(seed=1, at_least=3), progress=heard).run()
    assert engine.runs == [(False, 1), (True, 1), (True, 1), (True, 1)]
    assert heard.words == ["Compiling the model, once (about 15 s)", "", "1/3", "2/3", "3/3"]


def test_a_sensitivity_tells_of_compiling_and_counts_evaluations_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine, heard = Unready(), Heard()
    monkeypatch.setattr("costsim.evaluation.chosen", lambda *_words: engine)
    one_way(load(ROOT / "scenarios" / "starter.yaml"), replications=2, progress=heard)
    assert heard.words[:3] == ["Compiling the model, once (about 15 s)", "", "1/19"]
    assert heard.words[-1] == "19/19"
