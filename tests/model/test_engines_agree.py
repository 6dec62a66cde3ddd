"""Both engines write down the same, bit for bit, whatever the scenario."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, seed, settings
from hypothesis import strategies as st

import costsim
from costsim.engines.agreement import first_difference
from costsim.engines.kernel import KernelEngine, clock, engine, journeys
from costsim.engines.kernel.luck import CompiledLuck
from costsim.engines.kernel.office import EVENT, Office, table
from costsim.engines.protocol import MOST_VISITS
from costsim.engines.reference import ReferenceEngine
from costsim.pathway.compile import compile_site
from costsim.pathway.plan import Plan, Varied
from costsim.results.record import Record
from costsim.sampling import Luck, purpose_key
from costsim.scenario.families import Empirical, Fixed
from tests.architecture.checkout import ROOT
from tests.model import small_plans
from tests.model.agreeing import (
    assert_engines_agree,
    assert_identical,
    assert_same_outcome,
    columns,
)
from tests.model.building import Tree, load
from tests.model.happenings import HAPPENINGS, happenings
from tests.model.random_scenarios import scenarios
from tests.model.tied_scenarios import lucks, plans

FILES = sorted((ROOT / "scenarios").rglob("*.yaml"))
REPLICATIONS = 3


def examples(number: int, **parts: Any) -> settings:
    """So many examples, however large they are."""
    return settings(max_examples=number, suppress_health_check=list(HealthCheck), **parts)


def _luck(replications: int, number: int = 1) -> Luck:
    return Luck(number, "site", replications=replications)


# --- shipped scenarios ---------------------------------------------------------------------------


def _plans(file: Path) -> list[Plan]:
    scenario = costsim.load(file)
    return [compile_site(scenario, name) for name in scenario.sites]


def test_there_are_scenarios_to_compare() -> None:
    assert len(FILES) >= 22


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_engines_agree_on_a_shipped_scenario(file: Path) -> None:
    for plan in _plans(file):
        luck = Luck(seed=2, site=plan.site, replications=REPLICATIONS)
        found = assert_engines_agree(plan, luck)
        assert all(len(record.visits.case) for record in found.values())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_many_replications_of_a_shipped_scenario_at_once_are_each_as_alone(file: Path) -> None:
    for plan in _plans(file):
        _assert_batches_are_as_single_ones(plan, Luck(seed=3, site=plan.site, replications=5))


def _assert_batches_are_as_single_ones(plan: Plan, luck: Luck) -> None:
    together = KernelEngine().run(plan, luck)
    for number in range(luck.replications):
        alone = KernelEngine().run(plan, luck.of(number))
        for world in plan.worlds:
            assert_identical(together[world.name].of(number), alone[world.name])


# --- random ones ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("random")


def _compare(plan: Plan, luck: Luck) -> Counter[str]:
    """What rarer things happened in a plan on which both engines agree."""
    records = assert_engines_agree(plan, luck)
    found: Counter[str] = Counter()
    for world in plan.worlds:
        found += happenings(plan, world, records[world.name])
    for name in found:
        event(name)
    return found


def _compare_written(tree: Tree, folder: Path) -> None:
    scenario = load(tree, folder)
    for name in scenario.sites:
        luck = Luck(scenario.run.seed, name, replications=2)
        _compare(compile_site(scenario, name), luck)


@given(tree=scenarios())
@examples(150)
def test_engines_agree_on_random_scenarios(tree: Tree, folder: Path) -> None:
    _compare_written(tree, folder)


@given(plan=plans(), luck=lucks())
@examples(200)
def test_engines_agree_where_much_happens_at_one_time(plan: Plan, luck: Luck) -> None:
    _compare(plan, luck)


@given(plan=plans(), luck=lucks())
@examples(40)
def test_many_replications_at_once_are_each_as_alone(plan: Plan, luck: Luck) -> None:
    _assert_batches_are_as_single_ones(plan, luck)


def test_every_rarer_thing_happens_in_a_fixed_sample_on_which_engines_agree() -> None:
    found: Counter[str] = Counter()

    @given(plan=plans(), luck=lucks())
    @examples(150, derandomize=True, database=None)
    def sample(plan: Plan, luck: Luck) -> None:
        found.update(_compare(plan, luck))

    sample()
    assert {name: found[name] for name in HAPPENINGS if found[name] < 3} == {}


@pytest.mark.long
@pytest.mark.parametrize("part", range(8))
def test_engines_agree_on_many_random_scenarios(part: int, folder: Path) -> None:
    @seed(part)
    @given(tree=scenarios())
    @examples(200, database=None)
    def sample(tree: Tree) -> None:
        _compare_written(tree, folder)

    sample()


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_engines_agree_on_many_plans_where_much_happens_at_one_time(part: int) -> None:
    @seed(part)
    @given(plan=plans(), luck=lucks())
    @examples(400, database=None)
    def sample(plan: Plan, luck: Luck) -> None:
        _compare(plan, luck)

    sample()


def test_replications_to_which_nobody_comes_are_empty_in_both_engines() -> None:
    sizes = set()
    for number in range(20):
        found = assert_engines_agree(small_plans.hardly_anybody(), _luck(1, number))
        sizes.add(len(found["old"].visits.case))
    together = assert_engines_agree(small_plans.hardly_anybody(), _luck(20))
    assert {0, 1} <= sizes
    assert 0 < len(together["old"].cases.arrived) < 20


# --- the order of what happens at one minute ------------------------------------------------------


def _began(plan: Plan) -> list[float]:
    """When each referral's visit began, by both engines; infinity if it did not."""
    began = assert_engines_agree(plan, _luck(1))["old"].visits.began
    found: list[float] = np.nan_to_num(began, nan=math.inf).tolist()
    return found


def test_arrivals_come_after_the_first_sitting_of_their_minute_and_before_later_ones() -> None:
    assert _began(small_plans.hearings(every=4.0, arrivals=[4.0, 8.0])) == [8.0, 8.0]


def test_a_sitting_is_not_kept_waiting_for_the_last_one_by_rounding() -> None:
    """It begins a rounding error early rather than a whole sitting late."""
    began = _began(small_plans.hearings(every=0.1, arrivals=[0.0, 0.0, 0.0], minutes=7.7))
    assert began[0] == 0.1
    assert 0.0 < 0.1 + 7.7 - began[1] < 1e-6


def test_who_comes_again_after_no_minutes_is_heard_again_at_that_sitting_if_there_is_room() -> None:
    plan = small_plans.hearings(every=4.0, arrivals=[1.0, 1.0, 5.0, 5.0], again=0.5)
    visits = assert_engines_agree(plan, _luck(20))["old"].visits
    again = (visits.case[1:] == visits.case[:-1]) & (visits.began[1:] == visits.began[:-1])
    assert 5 < again.sum() < 20 * 4


@pytest.mark.parametrize("enough", [20, 10**18, 10**20])
def test_room_and_staff_for_more_than_ever_come_are_the_same_as_room_and_staff_for_all(
    enough: int,
) -> None:
    arrivals = [float(minute // 5) for minute in range(20)]
    meeting = small_plans.hearings(4.0, arrivals, minutes=0.25, capacity=enough)
    assert _began(meeting) == [4.0 + 0.25 * number for number in range(20)]
    queue = small_plans.queue([(minute, None) for minute in arrivals], headcount=enough)
    assert _began(queue) == arrivals


def test_the_backlog_comes_before_those_who_arrive_at_the_start() -> None:
    plan = small_plans.queue([(0.0, None), (0.0, None)], backlog=((0, 1),))
    assert _began(plan) == [2.0, 4.0, 0.0]


def test_who_is_called_when_patience_ends_begins_if_the_call_was_scheduled_first() -> None:
    assert _began(small_plans.queue([(0.0, None), (0.0, 2.0)])) == [0.0, 2.0]
    assert _began(small_plans.queue([(0.0, None), (0.0, None), (0.0, 4.0)])) == [0.0, 2.0, math.inf]


# --- referrals that do not leave a loop ----------------------------------------------------------


@st.composite
def _loops(draw: st.DrawFn) -> Plan:
    """Referrals of whom some go round until they are stopped, give up, or the clock stops."""
    times = st.sampled_from([Fixed(0.0), Fixed(1.0), Fixed(2.0)])
    minutes = Varied((Fixed(0.0), draw(times), Fixed(0.0)), 0)
    impatient = Varied((Empirical((2, 2, 2, 2, 2, 2, 2, 0)),))
    loop = small_plans.step(
        "loop",
        small_plans.THE_FIRST_LEAVES,
        wait=Varied((Fixed(1.0), draw(times), draw(times)), 0),
        turns=draw(st.sampled_from([(), small_plans.clerk(minutes)])),
        patience=draw(st.sampled_from([None, None, impatient])),
    )
    arrival = st.tuples(st.integers(0, 50).map(float), st.integers(0, 2))
    arrivals = draw(st.lists(arrival, min_size=1, max_size=5))
    headcount = draw(st.sampled_from([1, None]))
    world = small_plans.world(loop)
    return small_plans.plan(world, arrivals=sorted(arrivals), headcount=headcount)


def test_engines_say_the_same_of_the_same_referral_that_does_not_leave_a_loop() -> None:
    ways: Counter[str] = Counter()

    @given(plan=_loops(), luck=lucks())
    @examples(40, derandomize=True, database=None)
    def sample(plan: Plan, luck: Luck) -> None:
        found = assert_same_outcome(plan, luck)
        ways[found.partition(" came")[0] if isinstance(found, str) else "none"] += 1

    sample()
    assert ways["none"] > 3
    assert sum(ways[name] > 0 for name in ("referral 1", "referral 2", "referral 3")) > 1


@pytest.mark.parametrize("headcount", [1, None])
def test_of_referrals_in_loops_the_one_that_is_the_first_to_come_too_often_is_named(
    headcount: int | None,
) -> None:
    found = assert_same_outcome(small_plans.races(headcount), _luck(1))
    assert isinstance(found, str)
    assert found.startswith(f"referral 3 came to 'loop' more than {MOST_VISITS} times")


def test_a_referral_who_gives_up_in_time_is_in_no_endless_loop() -> None:
    found = assert_engines_agree(small_plans.impatient_loops(), _luck(1))
    assert found["old"].visits.number.max() > 3


def test_engines_name_the_same_loop_when_replications_and_worlds_differ() -> None:
    named = set()
    for number in range(12):
        found = assert_same_outcome(small_plans.two_loops(), _luck(2, number))
        named.add(found.partition(" loop")[0] if isinstance(found, str) else "")
    assert len(named) == 3


# --- rooms that are too small at first -----------------------------------------------------------


def _count_runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rooms of the agendas with which the clock was run."""
    rooms: list[int] = []

    def counted(office: Any, *parts: Any) -> None:
        rooms.append(len(office.agenda))
        clock.run(office, *parts)

    monkeypatch.setattr(engine, "run", counted)
    return rooms


def _start_with(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first agenda of every batch have so little room."""
    whole = engine._office

    def small(*parts: Any) -> Office:
        return whole(*parts)._replace(agenda=table(EVENT, room))

    monkeypatch.setattr(engine, "_office", small)


@pytest.mark.parametrize("room", [1, 2, 3, 5, 11])
def test_an_agenda_that_is_full_is_enlarged_and_the_batch_begun_again(
    room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = _count_runs(monkeypatch)
    _start_with(room, monkeypatch)
    for file in ("scarce-staff", "features/04-meeting-panel", "features/08-withdrawal"):
        for plan in _plans(ROOT / "scenarios" / f"{file}.yaml"):
            short = replace(plan, length=0.5)
            assert_engines_agree(short, Luck(seed=4, site=plan.site, replications=2))
    assert {room, 4 * room} <= set(rooms)


def test_more_meetings_than_the_agenda_has_room_for_all_sit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rooms = _count_runs(monkeypatch)
    found = assert_engines_agree(small_plans.many_meetings(90), _luck(2))
    assert len(rooms) == 2
    assert len(found["old"].visits.case) == 2 * 90


def test_journeys_that_are_longer_than_their_room_are_followed_to_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries = []
    walk = journeys.walk

    def counted(*parts: Any) -> Any:
        tries.append(walk(*parts))
        return tries[-1]

    monkeypatch.setattr(journeys, "walk", counted)
    found = assert_engines_agree(small_plans.long_loops(), _luck(3))
    assert len(found["old"].visits.case) > 2048
    assert tries[-1] > 2048
    assert tries[:-1]
    assert set(tries[:-1]) == {-1}


# --- luck ----------------------------------------------------------------------------------------

FAR = st.integers(0, 2**40)
NEAR_OR_FAR = st.one_of(st.integers(0, 2), FAR)
SEEDS = st.integers(0, 2**63 - 1)


@given(seed=SEEDS, address=st.tuples(FAR, FAR, FAR, FAR), purpose=st.text(max_size=5))
@examples(200)
def test_a_number_is_numpys_philox_at_its_address(
    seed: int, address: tuple[int, int, int, int], purpose: str
) -> None:
    place, visit, replication, draw = address
    luck = CompiledLuck(seed, "site", first=replication, draw=draw)
    key = np.array([seed, purpose_key("site", purpose)], dtype=np.uint64)
    counter = np.array([place >> 2, visit, replication, draw], dtype=np.uint64)
    words = np.random.Philox(key=key, counter=counter).random_raw(4)
    where = (np.zeros(4, dtype=np.int64), 4 * (place >> 2) + np.arange(4))
    found = luck.uniforms(purpose, *where, np.full(4, visit))
    assert found.tolist() == ((words >> np.uint64(11)) * 2.0**-53).tolist()


@given(
    luck=st.builds(Luck, SEEDS, st.text(max_size=5), FAR, st.just(1), FAR),
    addresses=st.lists(st.tuples(NEAR_OR_FAR, st.integers(0, 50), NEAR_OR_FAR), max_size=40),
)
@examples(200)
def test_compiled_luck_is_the_same_luck_in_any_order_of_addresses(
    luck: Luck, addresses: list[tuple[int, int, int]]
) -> None:
    where = np.array(addresses, dtype=np.int64).reshape(-1, 3).T
    expected = luck.uniforms("test", *where)
    assert CompiledLuck(**vars(luck)).uniforms("test", *where).tolist() == expected.tolist()


# --- the judge itself ----------------------------------------------------------------------------


def test_a_planted_difference_in_any_column_is_seen() -> None:
    plan = _plans(ROOT / "scenarios" / "features" / "04-meeting-panel.yaml")[0]
    world = plan.worlds[0]
    record = ReferenceEngine().run(plan, Luck(seed=1, site=plan.site))[world.name]
    for name, column in columns(record):
        if not column.size:
            continue
        other = _spoilt(record, name)
        said = first_difference(world, record, other)
        assert said is not None, name
        assert name.partition(".")[2] in said
        with pytest.raises(AssertionError, match=name):
            assert_identical(record, other)


def _spoilt(record: Record, name: str) -> Record:
    """A record with one number of a column changed by the least that there is."""
    table, _, column = name.partition(".")
    rows = getattr(record, table)
    spoilt = getattr(rows, column).copy()
    last = spoilt.reshape(-1)[-1:]
    last[:] = np.nextafter(last, np.inf) if spoilt.dtype.kind == "f" else ~last & 1
    return replace(record, **{table: replace(rows, **{column: spoilt})})
