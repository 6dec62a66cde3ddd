"""Records and tallies of many replications at once: what is joined is what it was alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import costsim
from costsim.caseload import Addresses, Caseload, baseline
from costsim.engines.choice import kernel, reference
from costsim.engines.protocol import Engine
from costsim.engines.reference import ReferenceEngine
from costsim.experiment import Settings, Simulation, replicate
from costsim.pathway.compile import compile_site
from costsim.pathway.plan import Plan, World
from costsim.results.record import WITHDRAWN, Cases, Record, Visits, WorkDone, joined
from costsim.results.tally import Tallies, tally, together
from costsim.sampling import Luck
from tests.architecture.checkout import ROOT
from tests.model.building import Tree, load
from tests.model.random_scenarios import scenarios

few = settings(max_examples=12, suppress_health_check=list(HealthCheck))
REPLICATIONS = 3


def bits(thing: Any) -> Any:
    """A thing as it compares to the last bit: of arrays, their types, shapes and bytes."""
    if isinstance(thing, np.ndarray):
        return thing.dtype.str, thing.shape, np.ascontiguousarray(thing).tobytes()
    if isinstance(thing, dict):
        return {name: bits(each) for name, each in thing.items()}
    if isinstance(thing, tuple | list):
        return [bits(each) for each in thing]
    if is_dataclass(thing):
        return {each.name: bits(getattr(thing, each.name)) for each in fields(thing)}
    return thing


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("records")


def _plans(tree: Tree, folder: Path) -> list[Plan]:
    scenario = load(tree, folder)
    return [compile_site(scenario, site) for site in scenario.sites]


def _worlds(tree: Tree, folder: Path) -> Iterator[tuple[Plan, World, Record, list[Record]]]:
    """Every world of every site, with its replications in one record, and each in its own."""
    asked = Settings(seed=tree["run"]["seed"], at_least=1, draw=2)
    for plan in _plans(tree, folder):
        batch = replicate(plan, ReferenceEngine(), asked, 4, REPLICATIONS)
        alone = [replicate(plan, ReferenceEngine(), asked, 4 + n) for n in range(REPLICATIONS)]
        for world in plan.worlds:
            yield plan, world, batch[world.name], [each[world.name] for each in alone]


@given(tree=scenarios())
@few
def test_a_batch_of_replications_is_the_single_ones_joined(tree: Tree, folder: Path) -> None:
    for _, _, batch, alone in _worlds(tree, folder):
        assert batch.replications == REPLICATIONS
        assert bits(joined(alone)) == bits(batch)
        assert [bits(batch.of(number)) for number in range(REPLICATIONS)] == bits(alone)


@pytest.mark.parametrize("file", ["starter", "scarce-staff"])
@pytest.mark.parametrize("choose", [reference, kernel])
def test_an_engine_gives_the_same_records_for_a_batch_and_for_each_of_it(
    choose: Callable[[], Engine], file: str
) -> None:
    plan = compile_site(costsim.load(ROOT / "scenarios" / f"{file}.yaml"), "site")
    asked = Settings(seed=3, at_least=1)
    batch = replicate(plan, choose(), asked, 2, 3)
    alone = [replicate(plan, choose(), asked, number) for number in (2, 3, 4)]
    for name in ("old", "new"):
        assert bits(joined([each[name] for each in alone])) == bits(batch[name])


def _people(plan: Plan, world: World, luck: Luck) -> Caseload:
    return Caseload(plan, world, luck, baseline(plan, luck))


@given(tree=scenarios())
@few
def test_the_people_of_a_batch_are_those_of_each_replication(tree: Tree, folder: Path) -> None:
    for plan in _plans(tree, folder):
        for world in plan.worlds:
            luck = Luck(7, plan.site, first=5, replications=REPLICATIONS, draw=1)
            batch = _people(plan, world, luck)
            for number in range(REPLICATIONS):
                alone = _people(plan, world, luck.of(number))
                rows = np.arange(batch.bounds[number], batch.bounds[number + 1])
                assert (batch.replication[rows] == number).all()
                for name in ("arrivals", "levels", "counted", "extra", "backlog", "starts"):
                    assert bits(getattr(batch, name)[rows]) == bits(getattr(alone, name)), name
                assert bits(batch.takes_up[rows]) == bits(alone.takes_up)
                assert bits(batch.leaks[rows]) == bits(alone.leaks)
                visits = rows % 3
                mine = alone.uniforms("route/x", replace(alone.first, visit=visits))
                there = {name: column[rows] for name, column in vars(batch.first).items()}
                found = batch.uniforms("route/x", Addresses(**there | {"visit": visits}))
                assert bits(found) == bits(mine)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Rows that belong to each other; what they say besides is their own number."""
    replications = draw(st.integers(1, 4))
    cases = sorted(draw(st.lists(st.integers(0, replications - 1), max_size=6)))
    visits = sorted(draw(st.lists(st.integers(0, len(cases) - 1), max_size=8))) if cases else []
    work = sorted(draw(st.lists(st.integers(0, len(visits) - 1), max_size=9))) if visits else []

    def numbers(rows: list[int]) -> np.ndarray:
        return np.array([draw(st.integers(0, 99)) for _ in rows], dtype=np.int64)

    def times(rows: list[int]) -> np.ndarray:
        return np.array([draw(st.sampled_from([0.5, 7.25, math.nan])) for _ in rows], dtype=float)

    case, visit = np.array(cases, dtype=np.int64), np.array(visits, dtype=np.int64)
    flags = numbers(cases) > 50
    levels = np.stack([numbers(cases), numbers(cases)], axis=1)
    return Record(
        Cases(case, times(cases), times(cases), case, numbers(cases), flags, ~flags, levels),
        Visits(visit, *[numbers(visits) for _ in range(3)], *[times(visits) for _ in range(3)]),
        WorkDone(
            np.array(work, dtype=np.int64),
            numbers(work), numbers(work), times(work), times(work), times(work),
        ),
        ("done", WITHDRAWN),
        replications,
    )  # fmt: skip


@given(record=records())
def test_a_record_is_its_replications_joined(record: Record) -> None:
    parts = [record.of(number) for number in range(record.replications)]
    assert all(part.replications == 1 for part in parts)
    assert all((part.cases.replication == 0).all() for part in parts)
    assert bits(joined(parts)) == bits(record)


@given(several=st.lists(records(), min_size=1, max_size=4))
def test_joined_records_keep_their_replications_in_order(several: list[Record]) -> None:
    whole = joined(several)
    assert whole.replications == sum(each.replications for each in several)
    found = [whole.of(number) for number in range(whole.replications)]
    known = [each.of(number) for each in several for number in range(each.replications)]
    assert bits(found) == bits(known)


@given(tree=scenarios())
@few
def test_rows_are_in_order_of_cases_and_then_of_time(tree: Tree, folder: Path) -> None:
    for _, _, record, _ in _worlds(tree, folder):
        cases, visits, work = record.cases, record.visits, record.work
        assert (np.diff(cases.replication) >= 0).all()
        assert (np.diff(visits.case) >= 0).all()
        same_case = np.diff(visits.case) == 0
        assert (np.diff(visits.reached)[same_case] >= 0).all()
        assert (np.diff(work.visit) >= 0).all()
        same_visit = np.diff(work.visit) == 0
        assert (np.diff(work.began)[same_visit] >= 0).all()


@given(tree=scenarios())
@few
def test_the_tally_of_a_batch_is_the_single_tallies_together(tree: Tree, folder: Path) -> None:
    for plan, world, batch, alone in _worlds(tree, folder):
        found = tally(plan, world, batch)
        each = [tally(plan, world, record) for record in alone]
        assert len(found) == REPLICATIONS
        assert bits(found) == bits(together(each))
        for size in range(1, REPLICATIONS + 1):
            assert len(found.first(size)) == size
            assert bits(found.first(size)) == bits(together(each[:size]))


def _known(plan: Plan, world: World, record: Record, number: int) -> dict[str, Any]:
    """What one replication adds up to, read case by case and visit by visit."""
    one = record.of(number)
    cases, visits, work = one.cases, one.visits, one.work
    counted = np.flatnonzero(cases.counted).tolist()
    ended = {n: one.outcomes[cases.outcome[n]] for n in counted if cases.outcome[n] >= 0}
    decided = [n for n, outcome in ended.items() if outcome != WITHDRAWN]
    taken = [cases.decided[n] - cases.arrived[n] for n in decided]
    minutes, busy = [0.0] * len(plan.posts), [0.0] * len(plan.posts)
    begin, finish = plan.window
    for row, visit in enumerate(work.visit.tolist()):
        role, began, end = int(work.role[row]), float(work.began[row]), float(work.ended[row])
        if visits.case[visit] in counted:
            minutes[role] += float(work.minutes[row])
        if end > began:
            within = max(0.0, min(end, finish) - max(began, begin))
            busy[role] += float(work.minutes[row]) * within / (end - began)
    seen = [[0] * len(track.steps) for track in world.tracks]
    waited = 0.0
    for row in [n for n, case in enumerate(visits.case.tolist()) if case in counted]:
        if math.isnan(visits.began[row]):
            waited += float(cases.decided[visits.case[row]] - visits.reached[row])
        else:
            seen[visits.track[row]][visits.step[row]] += 1
            waited += float(visits.began[row] - visits.reached[row])
    return {
        "referrals": sum(not cases.extra[n] for n in counted),
        "extra": sum(bool(cases.extra[n]) for n in counted),
        "minutes": minutes,
        "visits": seen,
        "taken": taken,
        "waiting": waited,
        "busy": busy,
        "outcomes": {name: list(ended.values()).count(name) for name in one.outcomes},
        "targets": dict(_on_time(plan, world, one, taken)),
    }


def _on_time(
    plan: Plan, world: World, one: Record, taken: list[float]
) -> Iterator[tuple[str, list[int]]]:
    """How many met each target, and how many had it to meet."""
    cases, visits = one.cases, one.visits
    for name, limit in plan.targets:
        times = dict(enumerate(taken)) if name == "decision" else {}
        for row, case in enumerate(visits.case.tolist()):
            where = world.tracks[visits.track[row]].steps[visits.step[row]].name
            first = visits.number[row] == 0 and not math.isnan(visits.ended[row])
            if where == name and first and cases.counted[case]:
                times.setdefault(case, visits.ended[row] - cases.arrived[case])
        yield name, [sum(time <= limit for time in times.values()), len(times)]


@given(tree=scenarios())
@few
def test_a_tally_is_what_one_counts_case_by_case(tree: Tree, folder: Path) -> None:
    for plan, world, record, _ in _worlds(tree, folder):
        found = tally(plan, world, record)
        ends = np.cumsum([0, *found.decision_minutes.counts])
        assert found.decision_calendar_days.counts is found.decision_minutes.counts  # travels once
        for number in range(REPLICATIONS):
            known = _known(plan, world, record, number)
            assert found.referrals[number] == known["referrals"]
            assert found.extra[number] == known["extra"]
            assert found.minutes[number] == pytest.approx(known["minutes"], rel=1e-9)
            assert [each[number].tolist() for each in found.visits] == known["visits"]
            mine = slice(ends[number], ends[number + 1])
            assert found.decision_minutes.values[mine].tolist() == known["taken"]
            assert found.waiting_minutes[number] == pytest.approx(known["waiting"], abs=1e-6)
            assert found.busy[number] == pytest.approx(known["busy"], abs=1e-6)
            targets = {name: each[number].tolist() for name, each in found.targets.items()}
            assert targets == known["targets"]
            assert {n: each[number] for n, each in found.outcomes.items()} == known["outcomes"]
            assert found.withdrawn[number] == known["outcomes"][WITHDRAWN]


class Batching(ReferenceEngine):
    """The reference engine, given as many cases at a time as it says it likes."""

    def __init__(self, cases_at_once: float) -> None:
        self.cases_at_once = cases_at_once


def _simulated(plans: list[Plan], batch: float, keep: int) -> list[Any]:
    asked = Settings(seed=4, at_least=7, keep=keep)
    runs = Simulation(plans, lambda _: Batching(batch), asked).run()
    assert runs.replications == 7
    return [(each.tallies, each.kept) for each in runs.sites.values()]


@pytest.mark.parametrize("keep", [0, 1, 4, 20])
@pytest.mark.parametrize("batch", [250.0, 1e9])
def test_batches_of_any_size_add_up_to_the_same_and_keep_the_same(batch: float, keep: int) -> None:
    scenario = costsim.load(ROOT / "scenarios" / "coram-2017.yaml")
    plans = [compile_site(scenario, site) for site in scenario.sites]
    found = _simulated(plans, batch, keep)
    assert [len(kept) for _, kept in found] == [min(keep, 7)] * len(plans)
    assert all(isinstance(each, Tallies) for tallies, _ in found for each in tallies.values())
    assert bits(found) == bits(_simulated(plans, 1.0, keep))
