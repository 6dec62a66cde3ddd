"""People who are needed together, and panels: nobody in two places, nobody left for ever."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import costsim
from costsim.pathway.plan import Plan
from costsim.results.record import Record
from costsim.sampling import Luck
from tests.model.building import Tree, exponential, load, minutes, pathway, problem, role, work
from tests.model.observing import Floats, assert_mean, most_at_once, records, uniforms

HEADS = {"doctor": 2, "manager": 1, "nurse": 2}


def _together() -> Tree:
    """Every two of three roles are needed somewhere together, and all three once, with a loop."""
    hour = exponential(60)
    hours = {
        "pair_one": {"doctor": hour, "manager": exponential(30)},
        "pair_two": {"manager": hour, "nurse": hour},
        "pair_three": {"nurse": hour, "doctor": hour},
        "trio": {"nurse": exponential(20), "manager": exponential(20), "doctor": exponential(20)},
    }
    following: list[object] = [
        {"pair_two": 0.5, "trio": 0.5},
        "pair_three",
        {"pair_one": 0.2, "trio": 0.8},
        "done",
    ]
    activities = {
        name: {"staff": staff, "next": after}
        for (name, staff), after in zip(hours.items(), following, strict=True)
    }
    return problem(
        staff={name: role(heads) for name, heads in HEADS.items()},
        referrals={"per_year": 4500, "need": {"a": 0.7, "b": 0.3}},
        run={"replications": 3, "seed": 5},
        pathways={"old": pathway(**activities), "new": pathway(one=work("nurse", "1 min"))},
    )


@pytest.fixture(scope="module")
def busy_office(tmp_path_factory: pytest.TempPathFactory) -> costsim.Evaluation:
    tree = _together()
    return costsim.evaluate(load(tree, tmp_path_factory.mktemp("office")), keep=3)


def test_everyone_who_needs_several_people_at_once_is_served_in_the_end(
    busy_office: costsim.Evaluation,
) -> None:
    for record in records(busy_office, "old"):
        assert not np.isnan(record.cases.decided[record.cases.counted]).any()
    load_ = busy_office.main.programme.timeliness.utilisation["old"]["manager"].value
    assert load_ is not None
    assert load_ > 0.7  # so that they are in each other's way


def test_nobody_is_in_two_places_at_once(busy_office: costsim.Evaluation) -> None:
    plan = busy_office.runs.sites["site"].plan
    for record in records(busy_office, "old"):
        work_ = record.work
        for number, post in enumerate(plan.posts):
            mine = work_.role == number
            assert most_at_once(work_.began[mine], work_.ended[mine]) == post.headcount


def test_people_who_work_together_begin_together(busy_office: costsim.Evaluation) -> None:
    for record in records(busy_office, "old"):
        began = record.visits.began[record.work.visit]
        assert (record.work.began == began).all()


def test_whoever_joined_a_role_s_queue_first_is_served_first(
    busy_office: costsim.Evaluation,
) -> None:
    for record in records(busy_office, "old"):
        for number in range(len(HEADS)):
            visits = record.work.visit[record.work.role == number]
            order = np.argsort(record.visits.reached[visits], kind="stable")
            assert (np.diff(record.visits.began[visits][order]) >= 0).all()


def test_an_activity_lasts_as_long_as_its_longest_part(busy_office: costsim.Evaluation) -> None:
    for record in records(busy_office, "old"):
        last = np.full(len(record.visits.case), -np.inf)
        np.maximum.at(last, record.work.visit, record.work.ended)
        done = ~np.isnan(record.visits.ended)
        assert np.array_equal(last[done], record.visits.ended[done])


def test_turns_follow_each_other_and_queue_again(tmp_path: Path) -> None:
    turns = [{"doctor": exponential(60)}, {"manager": exponential(60)}]
    tree = problem(
        staff={"doctor": role(2), "manager": role(1)},
        referrals={"per_year": 6000},
        run={"replications": 1, "seed": 3},
        pathways={
            "old": pathway(assess={"staff": turns, "next": "done"}),
            "new": pathway(one=work("doctor", "1 min")),
        },
    )
    (record,) = records(costsim.evaluate(load(tree, tmp_path), keep=1), "old")
    doctor, manager = (
        {int(v): n for n, v in enumerate(record.work.visit) if record.work.role[n] == r}
        for r in (0, 1)
    )
    handed = np.array([record.work.ended[doctor[visit]] for visit in manager])
    taken = np.array([record.work.began[manager[visit]] for visit in manager])
    assert (taken >= handed).all()
    assert (taken > handed).mean() > 0.4
    assert (np.diff(taken[np.argsort(handed, kind="stable")]) >= 0).all()
    rows = record.work.role == 1
    assert most_at_once(record.work.began[rows], record.work.ended[rows]) == 1


EVERY, CAPACITY = 3000.0, 4


def _panel_problem(patience: float | None, priority: bool) -> Tree:
    each = {"uniform": [minutes(10), minutes(40)]}
    meeting = {
        "every": minutes(EVERY),
        "capacity": CAPACITY,
        "members": {"worker": 3},
        "each_case": each,
    }
    sit: Tree = {"meeting": meeting, "next": "done", "wait": exponential(500)}
    if patience is not None:
        sit["withdraw_after"] = exponential(patience)
    referrals: Tree = {"per_year": 640, "need": {"calm": 0.6, "urgent": 0.4}}
    if priority:
        referrals["priority"] = ["urgent"]
    return problem(
        referrals=referrals,
        run={"replications": 2, "seed": 8},
        pathways={"old": pathway(sit=sit), "new": pathway(one=work("worker", "1 min"))},
    )


Case = tuple[int, float, float, float, int]  # rank, joined, given up at, minutes, who


def _sittings(waiting: list[Case]) -> dict[int, float]:
    """A panel by itself: at each sitting it hears those who are there, by rank, then in order."""
    heard: dict[int, float] = {}
    last = max(joined for _, joined, _, _, _ in waiting)
    number = 1
    while (number - 1) * EVERY <= last or len(waiting) > 0:
        now = number * EVERY
        for _ in range(CAPACITY):
            present = [case for case in waiting if case[1] <= now and case[2] > now]
            if not present:
                break
            chosen = min(present)
            heard[chosen[4]] = now
            now += chosen[3]
            waiting.remove(chosen)
        waiting = [case for case in waiting if case[2] > now]
        number += 1
    return heard


def _cases(plan: Plan, record: Record, luck: dict[str, Floats]) -> list[Case]:
    """Who joined the panel's list, from what was drawn rather than from what happened."""
    urgent = plan.attributes[0].values.index("urgent")
    ranked = len(plan.precedence.options) > 1
    found = []
    for who, arrived in enumerate(record.cases.arrived):
        rank = int(ranked and record.cases.levels[who, 0] != urgent)
        joined = arrived + luck["wait"][who]
        gone = arrived + luck["patience"][who] if "patience" in luck else np.inf
        if gone > joined:
            found.append((rank, joined, gone, luck["meeting"][who], who))
    return found


@pytest.mark.parametrize(
    ("patience", "priority"), [(None, False), (None, True), (9000.0, False), (9000.0, True)]
)
def test_a_panel_hears_whom_a_panel_played_through_by_hand_hears(
    patience: float | None, priority: bool, tmp_path: Path
) -> None:
    found = costsim.evaluate(load(_panel_problem(patience, priority), tmp_path), keep=2)
    plan = found.runs.sites["site"].plan
    for replication, record in enumerate(records(found, "old")):
        luck = _drawn(plan, replication, len(record.cases.arrived))
        expected = _sittings(_cases(plan, record, luck))
        done = ~np.isnan(record.visits.began)
        began = dict(zip(record.visits.case[done], record.visits.began[done], strict=True))
        counted = set(np.flatnonzero(record.cases.counted))
        assert {w for w in expected if w in counted} == {w for w in began if w in counted}
        for who, when in began.items():
            assert when == pytest.approx(expected[who], rel=1e-12)
        assert (record.visits.began[done] - record.visits.reached[done]).max() > EVERY


def _drawn(plan: Plan, replication: int, size: int) -> dict[str, Floats]:
    """Each referral's minutes of wait, hearing and patience, by the address of their luck."""
    step = plan.worlds[0].comparator.steps[0]
    assert step.panel is not None
    what = {
        "wait": ("wait/sit", step.wait),
        "meeting": (step.panel.purpose, step.panel.each_case),
        "patience": ("patience/sit", step.patience),
    }
    luck = Luck(8, "site", replication)
    return {
        name: varied.options[0].quantile(uniforms(luck, purpose, size))
        for name, (purpose, varied) in what.items()
        if varied is not None
    }


def test_a_panel_costs_the_time_of_every_member(tmp_path: Path) -> None:
    meeting = {"every": "1 day", "capacity": 9, "members": {"a": 3, "b": 1}, "each_case": "30 min"}
    tree = problem(
        staff={"a": role(), "b": {"hourly_cost": 100}},
        pathways={
            "old": pathway(sit={"meeting": meeting, "next": "done"}),
            "new": pathway(one=work("a", "1 min")),
        },
    )
    found = costsim.evaluate(load(tree, tmp_path)).main.programme.economics
    assert found.cost_per_case["old"].value == pytest.approx(3 * 30 + 50)


def test_a_quiet_panel_makes_people_wait_half_its_interval(tmp_path: Path) -> None:
    meeting = {"every": minutes(EVERY), "capacity": 50, "members": {"worker": 1}, "each_case": 0}
    tree = problem(
        referrals={"per_year": 2000},
        run={"replications": 5},
        pathways={
            "old": pathway(sit={"meeting": meeting, "next": "done"}),
            "new": pathway(one=work("worker", "1 min")),
        },
    )
    found = costsim.evaluate(load(tree, tmp_path))
    for record in records(found, "old"):
        assert record.visits.began == pytest.approx(
            np.ceil(record.visits.reached / EVERY) * EVERY, rel=1e-12
        )
    samples = [r.visits.began - r.visits.reached for r in records(found, "old")]
    assert_mean(samples, EVERY / 2, sharp=0.02)


def _three(folder: Path, pair: Tree, keeps: str = "20 h") -> Record:
    """Three who come at once: x keeps the doctor, y needs the pair, z the nurse an hour later."""
    lines = ["date,kind", *(f"2024-04-02,{kind}" for kind in "xyz")]
    (folder / "three.csv").write_text("\n".join(lines), encoding="utf-8")
    tree = problem(
        calendar={"start": "2024-04-02"},
        staff={"doctor": role(1), "nurse": role(1)},
        referrals={
            "arrive": {"dates": "three.csv"},
            "attributes": {"kind": {"x": "30%", "y": "30%", "z": "40%"}},
        },
        run={"replications": 1},
        pathways={
            "old": pathway(
                sort={"next": {"by_kind": {"x": "long", "y": "pair", "z": "short"}}},
                long=work("doctor", keeps),
                pair={"next": "done", **pair},
                short=work("nurse", "30 min", wait="1 h"),
            ),
            "new": pathway(one=work("nurse", "1 min")),
        },
    )
    (record,) = records(costsim.evaluate(load(tree, folder)), "old")
    return record


def test_whoever_gives_up_lets_those_behind_begin(tmp_path: Path) -> None:
    both = {"doctor": "1 h", "nurse": "1 h"}
    record = _three(tmp_path, {"staff": both, "withdraw_after": "2 h"})
    assert record.cases.decided.tolist() == [20 * 60, 2 * 60, 2 * 60 + 30]
    assert [record.outcomes[each] for each in record.cases.outcome] == ["done", "withdrawn", "done"]


def test_nobody_is_overtaken_by_somebody_who_needs_fewer_people(tmp_path: Path) -> None:
    record = _three(tmp_path, {"staff": {"doctor": "1 h", "nurse": "3 h"}})
    assert record.cases.decided.tolist() == [20 * 60, 23 * 60, 23 * 60 + 30]


def test_whoever_has_done_their_part_is_free_although_the_others_go_on(tmp_path: Path) -> None:
    record = _three(tmp_path, {"staff": {"doctor": "5 h", "nurse": "30 min"}}, keeps="2 h")
    # The pair begins at 2 h; the nurse is free for z half an hour later, the doctor at 7 h.
    assert record.cases.decided.tolist() == [2 * 60, 7 * 60, 3 * 60]


def _sit(every: str, members: int = 1, each_case: str = "10 min") -> Tree:
    meeting = {
        "every": every,
        "capacity": 5,
        "members": {"worker": members},
        "each_case": each_case,
    }
    return {"meeting": meeting, "next": "done"}


def test_a_panel_of_the_same_name_on_other_terms_is_another_panel(tmp_path: Path) -> None:
    tree = problem(
        take_up={"eligible": 0},
        pathways={"old": pathway(panel=_sit("10 days")), "new": pathway(panel=_sit("5 days"))},
    )
    found = costsim.evaluate(load(tree, tmp_path)).main.programme.timeliness
    assert found.days_sooner.value == 0.0


def test_every_member_of_a_panel_is_busy_while_it_sits(tmp_path: Path) -> None:
    tree = problem(
        staff={"worker": role(3)},
        referrals={"per_year": 400, "arrive": "evenly"},
        run={"replications": 3, "warm_up": "1 months"},
        pathways={
            "old": pathway(panel=_sit("2 days", members=3, each_case="2 h")),
            "new": pathway(one=work("worker", "1 min")),
        },
    )
    found = costsim.evaluate(load(tree, tmp_path))
    used = found.main.programme.timeliness.utilisation["old"]["worker"].value
    assert used == pytest.approx(400 * 3 * 2 / (3 * 365 * 24), rel=0.01)


def test_a_panel_does_not_sit_while_it_still_sits(tmp_path: Path) -> None:
    tree = problem(
        referrals={"per_year": 3000},
        run={"replications": 1},
        pathways={
            "old": pathway(panel=_sit("2 h", each_case="1 h")),
            "new": pathway(one=work("worker", "1 min")),
        },
    )
    (record,) = records(costsim.evaluate(load(tree, tmp_path)), "old")
    assert most_at_once(record.work.began, record.work.ended) == 1
