"""The backlog: cases that wait at the old pathway's activities when the clock starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import costsim
from costsim.pathway.compile import compile_site
from costsim.results.record import Record
from costsim.scenario.editor import editor_schema
from tests.model.building import Tree, exponential, load, pathway, problem, role, work
from tests.model.observing import Floats, records

HOUR = 60.0


def _office(backlog: Tree, heads: int | None = None, **referrals: Any) -> Tree:
    """Contact, then an assessment; the new pathway has a form before the assessment."""
    contact = work("clerk", exponential(40), "assess", wait=exponential(900))
    assess = work("worker", exponential(600), {"assess": "20%", "done": "80%"})
    usual = {"per_year": 300, "need": {"lower": "60%", "higher": "40%"}, "backlog": backlog}
    return problem(
        staff={"clerk": role(), "worker": role(heads)},
        referrals=usual | referrals,
        run={"replications": 3, "seed": 6},
        pathways={
            "old": pathway(contact=contact, assess=assess),
            "new": pathway(form=work("clerk", exponential(20), "assess"), assess=assess),
        },
    )


def _cases(record: Record, rows: slice) -> list[list[tuple[Any, ...]]]:
    """Everything that happened to some cases: who they are, each visit, and the work there."""
    cases, visits, work_ = record.cases, record.visits, record.work
    found: list[list[tuple[Any, ...]]] = [
        [(*levels, arrived, outcome, decided)]
        for levels, arrived, outcome, decided in zip(
            cases.levels.tolist(), cases.arrived, cases.outcome, cases.decided, strict=True
        )
    ]
    times = zip(visits.reached, visits.began, visits.ended, strict=True)
    for row, (case, when) in enumerate(zip(visits.case.tolist(), times, strict=True)):
        minutes = work_.minutes[work_.visit == row].tolist()
        found[case].append((visits.track[row], visits.step[row], *when, *minutes))
    return found[rows]


def _shown(found: list[list[tuple[Any, ...]]]) -> str:
    """As text, in which one nan is like another and no digit is lost."""
    return repr([[tuple(map(float, row)) for row in case] for case in found])


def _three(folder: Path, backlog: Tree, **parts: Any) -> Record:
    """Three dated referrals, two of whom come in the first minute, to one worker."""
    days = "date\n2024-04-02\n2024-04-02\n2024-04-03\n"
    (folder / "three.csv").write_text(days, encoding="utf-8")
    tree = problem(
        calendar={"start": "2024-04-02"},
        staff={"worker": role(1)},
        referrals={"arrive": {"dates": "three.csv"}, "backlog": backlog, **parts},
        run={"replications": 1},
        pathways={
            "old": pathway(
                first=work("worker", "1 h", "second"),
                second=work("worker", "2 h"),
            ),
            "new": pathway(form=work("worker", "1 min")),
        },
    )
    (record,) = records(costsim.evaluate(load(tree, folder)), "old")
    return record


def test_the_backlog_waits_at_its_activity_ahead_of_those_who_come_at_once(tmp_path: Path) -> None:
    record = _three(tmp_path, {"second": 2})
    cases, visits = record.cases, record.visits
    assert cases.arrived.tolist() == [0, 0, 7.4 * HOUR, 0, 0]
    assert cases.counted.tolist() == [True, True, True, False, False]
    mine = visits.case >= 3
    assert visits.reached[mine].tolist() == [0, 0]
    assert visits.step[mine].tolist() == [1, 1]
    assert visits.began[mine].tolist() == [0, 2 * HOUR]
    assert cases.decided[3:].tolist() == [2 * HOUR, 4 * HOUR]
    at_first = visits.step == 0
    assert visits.began[at_first].tolist() == [4 * HOUR, 5 * HOUR, 10 * HOUR]


def test_a_backlog_at_the_start_goes_through_the_whole_pathway(tmp_path: Path) -> None:
    record = _three(tmp_path, {"first": 1})
    assert record.visits.step[record.visits.case == 3].tolist() == [0, 1]
    assert record.visits.began[record.visits.case == 3].tolist() == [0, 3 * HOUR]
    assert record.visits.began[record.visits.step == 0].tolist() == [HOUR, 2 * HOUR, 9 * HOUR, 0]


def test_the_backlog_is_served_in_order_of_need_where_there_is_one(tmp_path: Path) -> None:
    needs = {"calm": "50%", "urgent": "50%"}
    record = _three(tmp_path, {"second": 12}, need=needs, priority=["urgent"])
    mine = record.cases.levels[3:, 0]
    began = record.visits.began[record.visits.case >= 3]
    assert 0 < mine.sum() < 12
    assert mine.argmin() < mine.argmax()  # somebody calm stands before somebody urgent
    # The first of all begins before anybody more urgent has come to the queue.
    assert began[1:][mine[1:] == 1].max() < began[1:][mine[1:] == 0].min()


def test_a_panel_hears_the_backlog_at_its_first_sittings(tmp_path: Path) -> None:
    meeting = {"every": "1 day", "capacity": 3, "members": {"worker": 1}, "each_case": "10 min"}
    tree = problem(
        referrals={"per_year": 365, "arrive": "evenly", "backlog": {"panel": 5}},
        run={"replications": 1},
        pathways={
            "old": pathway(panel={"meeting": meeting, "next": "done"}),
            "new": pathway(form=work("worker", "1 min")),
        },
    )
    (record,) = records(costsim.evaluate(load(tree, tmp_path)), "old")
    began = record.visits.began / (24 * HOUR)
    assert np.floor(began[~record.cases.counted[record.visits.case]][-5:]).tolist() == [
        1, 1, 1, 2, 2,
    ]  # fmt: skip
    assert np.floor(began[:3]).tolist() == [2, 3, 3]


def _figures(tree: Tree, folder: Path) -> Any:
    return costsim.evaluate(load(tree, folder)).main.programme.as_json()


def test_with_unlimited_staff_the_backlog_changes_no_figure(tmp_path: Path) -> None:
    plain = _figures(_office({}), tmp_path)
    assert _figures(_office({"assess": 40, "contact": 7}), tmp_path) == plain
    assert plain["cost_per_case"]["old"]["value"] > 600


def test_the_backlog_is_no_part_of_any_total_but_of_how_busy_staff_are(tmp_path: Path) -> None:
    found = costsim.evaluate(load(_office({"assess": 40}), tmp_path)).runs.sites["site"]
    plain = costsim.evaluate(load(_office({}), tmp_path)).runs.sites["site"]
    for world in ("old", "new"):
        more, less = found.tallies[world], plain.tallies[world]
        for name in ("referrals", "extra", "minutes", "waiting_minutes", "outcomes"):
            assert repr(getattr(more, name)) == repr(getattr(less, name)), name
        assert more.decision_minutes.values.tolist() == less.decision_minutes.values.tolist()
        assert more.decision_minutes.counts.tolist() == less.decision_minutes.counts.tolist()
        assert (more.busy.sum(axis=1) > less.busy.sum(axis=1) + 40 * 200).all()


def test_the_backlog_costs_nothing_per_case_however_scarce_staff_are(tmp_path: Path) -> None:
    plain = _figures(_office({}, heads=1, arrive="evenly"), tmp_path)
    crowded = _figures(_office({"assess": 60}, heads=1, arrive="evenly"), tmp_path)
    for name in ("cost_per_case", "per_case_saving", "staff_hours_released_per_year"):
        assert crowded[name] == plain[name]
    assert crowded["referrals_per_year"] == plain["referrals_per_year"]


def test_the_larger_the_backlog_the_longer_everybody_waits_for_scarce_staff(
    tmp_path: Path,
) -> None:
    waiting, decided = [], []
    for size in (0, 10, 60):
        found = costsim.evaluate(load(_office({"assess": size}, heads=1), tmp_path))
        wait = found.main.programme.timeliness.waiting_days_per_case
        waiting.append({world: wait[world].number for world in ("old", "new")})
        cases = [record.cases for record in records(found, "old")]
        decided.append(np.concatenate([each.decided[each.counted] for each in cases]))
    for world in ("old", "new"):
        none, some, many = (each[world] for each in waiting)
        assert none < some < many - 1
    assert (decided[2] > decided[0]).mean() > 0.1
    assert (decided[2] - decided[0]).max() > 50 * 300


def test_the_backlog_is_the_same_in_every_world_and_follows_the_comparator(tmp_path: Path) -> None:
    tree = _office({"assess": 25, "contact": 5})
    tree["take_up"] = {"eligible": 1, "leakage": {"share": 1}, "demand_response": "20%"}
    found = costsim.evaluate(load(tree, tmp_path))
    for old, new in zip(records(found, "old"), records(found, "new"), strict=True):
        last = slice(-30, None)
        assert _shown(_cases(old, last)) == _shown(_cases(new, last))
        assert (new.cases.track[last] == 0).all()
        assert (new.cases.track[:-30][new.cases.counted[:-30]] == 0).all()  # they leak
        assert not new.cases.extra[last].any()
        assert new.cases.extra[:-30].any()
        first = [case[1] for case in _cases(new, last)]
        assert [track for track, *_ in first] == [0] * 30
        assert [step for _, step, *_ in first] == [0] * 25 + [1] * 5  # by name
        assert [reached for _, _, reached, *_ in first] == [0.0] * 30


def test_the_backlog_changes_nobody_else_s_luck(tmp_path: Path) -> None:
    trees = [_office({}), _office({"assess": 25, "contact": 5}), _office({"contact": 0})]
    for tree in trees:
        tree["take_up"] = {"eligible": "70%", "demand_response": "20%"}
    plain, more, nobody = (costsim.evaluate(load(tree, tmp_path)) for tree in trees)
    for world in ("old", "new"):
        one, other, same = (records(each, world) for each in (plain, more, nobody))
        for alone, beside, again in zip(one, other, same, strict=True):
            everybody = len(alone.cases.arrived)
            assert len(beside.cases.arrived) == everybody + 30
            known = _shown(_cases(alone, slice(everybody)))
            assert _shown(_cases(beside, slice(everybody))) == known
            assert _shown(_cases(again, slice(None))) == known


def _first_minutes(found: costsim.Evaluation) -> Floats:
    """Minutes that the first work on each case of the backlog took, of every replication."""
    kept = records(found, "old")
    return np.concatenate([
        [case[1][5] for case in _cases(record, slice(-400, None))] for record in kept
    ])  # fmt: skip


def test_the_backlog_has_needs_and_luck_of_its_own(tmp_path: Path) -> None:
    found = costsim.evaluate(load(_office({"assess": 400}), tmp_path))
    drawn = _first_minutes(found)
    assert len(np.unique(drawn)) == len(drawn) == 1200
    assert abs(drawn.mean() - 600) < 4 * 600 / np.sqrt(1200)
    for record in records(found, "old"):
        levels = record.cases.levels[-400:, 0]
        assert abs(levels.mean() - 0.6) < 4 * np.sqrt(0.24 / 400)  # higher is 0, lower is 1
        others = record.work.minutes[record.work.visit < np.searchsorted(
            record.visits.case, len(record.cases.arrived) - 400
        )]  # fmt: skip
        assert not np.isin(drawn, others).any()


def test_a_backlog_of_nobody_is_no_backlog(tmp_path: Path) -> None:
    plans = [
        compile_site(load(_office(backlog), tmp_path), "site")
        for backlog in ({}, {"assess": 0}, {"assess": 1})
    ]
    assert plans[0] == plans[1] != plans[2]


def test_only_a_site_that_has_one_has_a_backlog(tmp_path: Path) -> None:
    sites = {"north": {"referrals": {"backlog": {"assess": 9}}}, "south": {}}
    found = costsim.evaluate(load(_office({}) | {"sites": sites}, tmp_path))
    sizes = [
        [int((~each.cases.counted & (each.cases.arrived == 0)).sum()) for each in kept]
        for kept in (records(found, "old", "north"), records(found, "old", "south"))
    ]
    assert sizes == [[9, 9, 9], [0, 0, 0]]


WRITTEN = """\
costsim: 1
title: A backlog
price_year: 2024-25
horizon: 3 years
staff:
  worker: {hourly_cost: £40}
referrals:
  per_year: 50
  backlog: {visit: 3, BACKLOG}
pathways:
  old:
    start: visit
    activities:
      visit: {staff: {worker: 8 h}, next: closed}
    outcomes: [closed]
  new:
    start: form
    activities:
      form: {staff: {worker: 1 h}, next: closed}
    outcomes: [closed]
"""


@pytest.mark.parametrize(
    ("backlog", "named", "hint"),
    [("vist: 4", "'vist'", "Did you mean visit?"), ("form: 4", "'form'", "")],
)
def test_a_backlog_at_what_is_no_activity_of_the_comparator_is_refused_where_it_stands(
    backlog: str, named: str, hint: str, tmp_path: Path
) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(WRITTEN.replace("BACKLOG", backlog), encoding="utf-8")
    with pytest.raises(costsim.ScenarioError) as caught:
        costsim.load(file)
    (problem_,) = caught.value.problems
    assert problem_.code == "CS433"
    assert problem_.place is not None
    assert (problem_.place.line, problem_.place.column) == (9, 23)
    assert problem_.message == f"{named} is not an activity of the old pathway"
    assert hint in problem_.hint


def test_a_backlog_at_activities_of_the_comparator_is_accepted(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(WRITTEN.replace(", BACKLOG", ""), encoding="utf-8")
    backlog = costsim.load(file).sites["site"].referrals.backlog
    assert {name: each.value for name, each in backlog.items()} == {"visit": 3}


def _written(folder: Path, number: str) -> costsim.Scenario:
    file = folder / "s.yaml"
    file.write_text(WRITTEN.replace("visit: 3, BACKLOG", f"visit: {number}"), encoding="utf-8")
    return costsim.load(file)


@pytest.mark.parametrize("number", ["-1", "2.5", "some", "1000001"])
@pytest.mark.parametrize(("before", "after"), [("", ""), ("{value: ", ", assumed: true}")])
def test_a_backlog_is_a_whole_number_of_cases(
    number: str, before: str, after: str, tmp_path: Path
) -> None:
    with pytest.raises(costsim.ScenarioError) as caught:
        _written(tmp_path, f"{before}{number}{after}")
    (problem_,) = caught.value.problems
    assert problem_.code in ("CS304", "CS305", "CS307")
    assert problem_.place is not None
    assert (problem_.place.line, problem_.place.column) == (9, 20 + len(before))


@pytest.mark.parametrize(
    ("uncertain", "code"),
    [("uniform: [-2, 5]", "CS307"), ("uniform: [4, 5]", "CS308"), ("uniform: [1.5, 5]", "CS305")],
)
def test_what_a_backlog_might_be_is_whole_numbers_around_it(
    uncertain: str, code: str, tmp_path: Path
) -> None:
    with pytest.raises(costsim.ScenarioError) as caught:
        _written(tmp_path, f"{{value: 3, uncertain: {{{uncertain}}}}}")
    assert [each.code for each in caught.value.problems] == [code]


def test_an_editor_takes_a_backlog_with_or_without_its_story() -> None:
    bare, story = editor_schema()["definitions"]["Waiting"]["anyOf"]
    assert bare == {"type": ["number", "string"]}
    assert {"value", "source", "uncertain"} <= story["properties"].keys()


def _listed(scenario: costsim.Scenario, name: str) -> costsim.Input:
    (found,) = [each for each in costsim.inputs(scenario) if each.name == name]
    return found


def test_the_backlog_stands_in_the_assumptions_log_with_its_story(tmp_path: Path) -> None:
    story = "{value: 25, source: case system, uncertain: {uniform: [15, 40]}}"
    found = _listed(_written(tmp_path, story), "referrals.backlog.visit")
    assert (found.shown, found.provenance) == ("25 cases", "case system")
    assert found.range_shown == "18 cases to 38 cases"  # 17.5 and 37.5
    assert found.place is not None
    assert found.place.line == 9
    bare = _listed(_written(tmp_path, "1"), "referrals.backlog.visit")
    assert (bare.shown, bare.provenance) == ("1 case", "no source given")
    assert _listed(_written(tmp_path, "0"), "referrals.backlog.visit").shown == "0 cases"


def test_a_site_has_its_own_backlog_as_it_has_other_numbers(tmp_path: Path) -> None:
    common = {"assess": {"value": 25, "source": "case system"}, "contact": 4}
    north: Tree = {"referrals": {"backlog": {"assess": 9, "contact": {"value": 0, "note": "none"}}}}
    tree = _office(common) | {"sites": {"north": north, "south": {}}}
    scenario = load(tree, tmp_path)
    plans = [compile_site(scenario, site) for site in ("north", "south")]
    assert [plan.backlog for plan in plans] == [((0, 9),), ((0, 25), (1, 4))]
    mine = _listed(scenario, "sites.north.referrals.backlog.assess")
    theirs = _listed(scenario, "referrals.backlog.assess")
    assert (mine.provenance, theirs.provenance) == ("no source given", "case system")
    assert theirs.where == (("sites", "south", "referrals", "backlog", "assess"),)


def test_another_backlog_is_rounded_to_whole_cases(tmp_path: Path) -> None:
    scenario = load(_office({"assess": {"value": 25, "uncertain": {"gamma": [20, 1]}}}), tmp_path)
    where = ("sites", "site", "referrals", "backlog", "assess")
    for value, waiting in ((19.5, ((0, 20),)), (19.49, ((0, 19),)), (0.2, ()), (-3.0, ())):
        plan = compile_site(costsim.with_values(scenario, {where: value}), "site")
        assert plan.backlog == waiting
        assert all(isinstance(count, int) for _, count in plan.backlog)


def test_an_uncertain_backlog_of_scarce_staff_is_varied(tmp_path: Path) -> None:
    backlog = {"assess": {"value": 30, "uncertain": {"uniform": [0, 61]}}}
    tree = _office(backlog, heads=1)
    tree["pathways"]["old"]["activities"]["contact"]["withdraw_after"] = "1 day"
    tree["pathways"]["old"]["activities"]["assess"]["withdraw_after"] = exponential(9000)
    (swing,) = costsim.one_way(load(tree, tmp_path), replications=3).swings
    assert (swing.low_shown, swing.high_shown) == ("6 cases", "55 cases")
    assert swing.size > 100  # those who wait too long are never assessed, which costs less


@pytest.mark.parametrize(
    ("warm_up", "backlog", "warned"),
    [("1 month", {"assess": 3}, True), ("0 years", {"assess": 3}, False), ("1 month", {}, False)],
)
def test_a_backlog_before_a_warm_up_is_warned_of(
    warm_up: str, backlog: Tree, warned: bool, tmp_path: Path
) -> None:
    tree = _office(backlog, heads=1)
    tree["run"] = {"replications": 2, "warm_up": warm_up}
    said = [each for each in costsim.evaluate(load(tree, tmp_path)).warnings if "backlog" in each]
    assert any("worked off before anything is counted" in each for each in said) is warned
