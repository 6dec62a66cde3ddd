"""From a file to a scenario: what is read, what it remembers, and that nothing makes it stumble."""

from __future__ import annotations

import copy
import hashlib
import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costsim.errors import Problem, ScenarioError
from costsim.pathway.compile import compile_site
from costsim.scenario.loader import load
from costsim.scenario.schema import Scenario
from costsim.scenario.text import read_text
from costsim.scenario.tree import Plain, plain
from tests.architecture.checkout import ROOT

TEXT = """\
costsim: 1
title: Online form
price_year: 2016-17
horizon: 3 years
staff:
  worker: {hourly_cost: £40, headcount: 4, share_of_time: 50%}
referrals:
  per_year: 50
  need: {lower: 60%, higher: 40%}
pathways:
  old:
    start: visit
    activities:
      visit:
        wait: {lognormal: {mean: 10 days, sd: 5 days}}
        staff: {worker: {by_need: {lower: 8 h, higher: {gamma: {mean: 14 h, sd: 5 h}}}}}
        next: {closed: 80%, visit: rest}
    outcomes: [closed]
  new:
    start: panel
    activities:
      panel:
        meeting: {every: 10 days, capacity: 5, members: {worker: 2}, each_case: 10 min}
        next: closed
    outcomes: [closed]
take_up: {eligible: {by_need: {lower: 90%, higher: 0%}}, ramp_up: [50%, 100%]}
one_off: {test: {staff: {worker: 40 h}, other: £500}}
targets: {decision: 45 days}
published: {per_case_saving: £97.88}
"""
Read = Callable[..., Scenario]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A scenario from text, beside which other files may stand."""

    def reading(text: str | bytes, **others: str | bytes) -> Scenario:
        for name, each in {"s.yaml": text, **others}.items():
            data = each.encode() if isinstance(each, str) else each
            (tmp_path / name.replace("_csv", ".csv")).write_bytes(data)
        return load(tmp_path / "s.yaml")

    return reading


def refused(reading: Callable[[], object]) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        reading()
    return caught.value.problems


# --- what is read --------------------------------------------------------------------------------


def test_numbers_are_read_in_minutes_pounds_and_fractions(read: Read) -> None:
    site = read(TEXT).sites["site"]
    role = site.staff["worker"]
    assert (role.rate, role.headcount.value, role.share_of_time.value) == (40, 4, 0.5)
    assert site.targets["decision"].value == 45 * 7.4 * 60
    assert site.one_off.test.staff["worker"].value == 2400
    assert read(TEXT).years == 3


def test_days_are_as_long_as_the_scenarios_own_working_day(read: Read) -> None:
    shorter = read(TEXT + "calendar: {hours_per_day: {value: 6, source: our contract}}\n")
    assert shorter.sites["site"].targets["decision"].value == 45 * 6 * 60
    assert shorter.sites["site"].one_off.test.staff["worker"].value == 2400


def test_a_path_may_be_given_as_text(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(TEXT, encoding="utf-8")
    assert load(str(tmp_path / "s.yaml")) == load(tmp_path / "s.yaml")


def test_line_ends_and_a_byte_order_mark_change_neither_the_scenario_nor_its_hash(
    read: Read,
) -> None:
    unix = read(TEXT)
    windows = read(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert windows == unix
    assert windows.origin.sha256 == unix.origin.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()


def test_the_order_of_the_keys_does_not_matter(read: Read) -> None:
    def turned(node: Plain) -> Plain:
        if isinstance(node, dict):
            return {key: turned(node[key]) for key in reversed(node)}
        return node

    backwards = json.dumps(turned(plain(read_text(TEXT, "s.yaml").root)), ensure_ascii=False)
    assert read(backwards).model_dump() == read(TEXT).model_dump()


@pytest.mark.parametrize("words", ["NO", "yes", "on", "off", "null_need", "y", "true_need"])
def test_a_need_may_have_a_name_that_other_programs_read_as_true_or_false(
    read: Read, words: str
) -> None:
    need = read(TEXT.replace("lower", words)).sites["site"].referrals.need
    assert need is not None
    assert set(need) == {words, "higher"}


def test_a_site_without_lines_has_what_all_sites_have(read: Read) -> None:
    found = read(TEXT + "sites:\n  york:\n  bath: {}\n")
    assert found.sites["york"] == found.sites["bath"]


def test_settings_and_templates_in_text_are_taken_literally(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "somebody")
    title = "${USER} $USER {{ 7 * 7 }} %USERNAME%"
    assert read(TEXT.replace("Online form", f'"{title}"')).title == title


@pytest.mark.parametrize(
    ("written", "year"),
    [("2016-17", "2016-17"), ("2016/17", "2016-17"), ("2016", "2016"), ("'2016'", "2016")],
)
def test_a_price_year_is_a_financial_or_a_calendar_year(
    read: Read, written: str, year: str
) -> None:
    assert read(TEXT.replace("2016-17", written)).price_year == year


@pytest.mark.parametrize("file", sorted(path.name for path in (ROOT / "scenarios").glob("*.yaml")))
def test_a_shipped_scenario_is_valid(file: str) -> None:
    scenario = load(ROOT / "scenarios" / file)
    assert scenario.options
    assert scenario.origin.file == file


# --- what is remembered --------------------------------------------------------------------------


def test_a_scenario_remembers_its_files_by_name_and_hash_but_no_folder(
    read: Read, tmp_path: Path
) -> None:
    (tmp_path / "base.yaml").write_text(TEXT, encoding="utf-8")
    ours = "extends: base.yaml\ntitle: Ours\n"
    origin = read(ours).origin
    assert origin.file == "s.yaml"
    assert dict(origin.files) == {
        "s.yaml": hashlib.sha256(ours.encode()).hexdigest(),
        "base.yaml": hashlib.sha256(TEXT.encode()).hexdigest(),
    }
    assert str(tmp_path) not in str(origin.files)


def test_the_hash_of_a_scenario_changes_with_any_of_its_files(read: Read, tmp_path: Path) -> None:
    hashes = set()
    for base, ours in [(TEXT, "Ours"), (TEXT, "Mine"), (f"{TEXT}# new\n", "Ours")]:
        (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
        hashes.add(read(f"extends: base.yaml\ntitle: {ours}\n").origin.sha256)
    assert len(hashes) == 3


# --- files of dates ------------------------------------------------------------------------------

DATED = (
    f"{TEXT.replace('per_year: 50', 'arrive: {dates: days.csv}')}calendar: {{start: 2016-04-01}}\n"
)


def test_dated_referrals_come_with_the_attributes_that_their_file_gives(read: Read) -> None:
    days = "\ufeffdate,need,who\r\n2016-04-04,higher,A\r\n2016-04-05,,B\r\n"
    first, second = read(DATED, days_csv=days).origin.arrivals["site"]
    assert (first.day, first.attributes) == (date(2016, 4, 4), (("need", "higher"),))
    assert (second.day, second.attributes) == (date(2016, 4, 5), ())


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (b"date\n2016-03-31\n", ["1 of 1 dates", "is before calendar.start, 2016-04-01"]),
        (b"date\n2016-03-31\n2016-03-30\n", ["2 of 2 dates", "are before calendar.start"]),
        (b"", ["no line"]),
        (b"date\n", ["no line"]),
        (b"day\n2016-04-04\n", ["date"]),
        (b"date;need\n2016-04-04;lower\n", ["date"]),
        (b"date\n2016-04-04\n04/05/2016\n", ["line 3", "04/05/2016", "2016-05-04"]),
        (b"date\n2016-02-30\n", ["line 2", "2016-02-30"]),
        (b"date\n2016-04-04\n\n2016-02-30\n", ["line 4", "2016-02-30"]),
        (b"date,need\n2016-04-04,hgher\n", ["line 2", "'hgher'", "Did you mean higher?"]),
        (b"date,need\n,lower\n", ["line 2", "''"]),
        ("date,note\n2016-04-04,£\n".encode("cp1252"), ["UTF-8"]),
        ("date\n2016-04-04\n".encode("utf-16"), ["UTF-8"]),
    ],
)
def test_a_wrong_file_of_dates_is_refused_with_its_line(
    read: Read, days: bytes, words: list[str]
) -> None:
    (problem,) = refused(lambda: read(DATED, days_csv=days))
    assert problem.code == "CS440"
    assert all(word in f"{problem.message} {problem.hint}" for word in words)


@pytest.mark.parametrize(
    ("run", "begins"),
    [
        ("{length: 6 months}", "It begins on 2016-04-01: change calendar.start or the dates"),
        ("{warm_up: 2 years}", "It begins on 2018-04-03, when the warm-up is over: change"),
    ],
)
def test_dates_of_which_none_is_counted_are_refused_with_the_day_on_which_counting_begins(
    read: Read, run: str, begins: str
) -> None:
    scenario = read(f"{DATED}run: {run}\n", days_csv="date\n2017-01-09\n")
    (problem,) = refused(lambda: compile_site(scenario, "site"))
    assert problem.code == "CS441"
    assert "falls in the period that is counted" in problem.message
    assert begins in problem.hint


@pytest.mark.parametrize(
    ("horizon", "instead"),
    [("0.5 years", "such as 1 year"), ("2.6 years", "such as 3 years"), ("150 years", "100 years")],
)
def test_a_horizon_that_cannot_be_is_refused_with_one_that_can(
    read: Read, horizon: str, instead: str
) -> None:
    text = TEXT.replace("horizon: 3 years", f"horizon: {horizon}")
    (problem,) = refused(lambda: read(text))
    assert problem.code == "CS418"
    assert problem.hint.endswith(instead)


@pytest.mark.parametrize("file", ["missing.csv", "../secret.csv", "/dev/null", ".", "~/days.csv"])
def test_a_file_of_dates_that_is_missing_or_elsewhere_is_not_opened(
    read: Read, tmp_path: Path, file: str
) -> None:
    (tmp_path.parent / "secret.csv").write_text("date\n2016-04-04\n", encoding="utf-8")
    (problem,) = refused(lambda: read(DATED.replace("days.csv", file)))
    assert problem.code == "CS440"
    assert repr(file) in problem.message


def test_a_link_to_dates_outside_the_folder_is_not_followed(read: Read, tmp_path: Path) -> None:
    (tmp_path.parent / "outside.csv").write_text("date\n2016-04-04\n", encoding="utf-8")
    (tmp_path / "days.csv").symlink_to(tmp_path.parent / "outside.csv")
    (problem,) = refused(lambda: read(DATED))
    assert problem.code == "CS440"


# --- problems ------------------------------------------------------------------------------------


def test_problems_come_in_the_order_of_the_file_whoever_found_them(read: Read) -> None:
    text = TEXT.replace("£40", "forty").replace("worker: {by_need", "wroker: {by_need")
    text = text.replace("50%, 100%", "50%, 101%").replace("decision: 45", "decison: 45")
    found = refused(lambda: read(text + "colour: red\n"))
    places = [problem.place for problem in found]
    assert [problem.code for problem in found] == ["CS302", "CS425", "CS303", "CS431", "CS201"]
    assert places == sorted(place for place in places if place is not None)


def test_a_problem_shows_the_path_and_the_line_as_written(read: Read) -> None:
    (problem,) = refused(lambda: read(TEXT + "sites: {york: {referrals: {per_year: lots}}}\n"))
    assert problem.path == "sites.york.referrals.per_year"
    assert problem.source_line == "sites: {york: {referrals: {per_year: lots}}}"
    (problem,) = refused(lambda: read(TEXT.replace("£40", "forty") + "sites: {york: {}}\n"))
    assert problem.path == "staff.worker.hourly_cost"


def test_the_path_of_what_is_missing_names_no_site_that_nobody_wrote(read: Read) -> None:
    (problem,) = refused(lambda: read(TEXT.replace("    start: visit\n", "")))
    assert (problem.code, problem.path) == ("CS202", "pathways.old.start")


# --- whatever is written -------------------------------------------------------------------------

JUNK: list[Plain] = [
    None, True, 0, -1, 3.5, 10**30, 1e300, -1e-300, "", " ", "rest", "unlimited", "8 h", "-8 h",
    "0 days", "1e9 days", "£40", "101%", "2016-02-30", "nowhere", "${X}", "{}", "\u202e", "é" * 99,
    [], [[]], [None], ["8 h"], ["8 h", "9 h", "10 h"], {}, {"": 1}, {"value": None}, {"value": {}},
    {"by_need": {}}, {"by_need": {"lower": {}}}, {"by_": 1}, {"gamma": {}}, {"gamma": [1, 2, 3]},
    {"pert": ["8 h"]}, {"bins": [{}]}, {"empirical": [[]]}, {"fixed": {"fixed": "8 h"}},
    {"value": 1, "uncertain": {"beta": {"mean": 2, "sd": 0}}}, {"uncertain": {"uniform": [1, 0]}},
    {"dates": "nothing.csv"}, {"extends": "york"}, {"visit": "100%"}, {"closed": "rest"},
]  # fmt: skip
WHOLE = plain(read_text(TEXT, "s.yaml").root)


def _spots(node: Plain) -> list[tuple[dict[str, Plain], str] | tuple[list[Plain], int]]:
    """Every place of a tree where something else could be written."""
    if isinstance(node, dict):
        return [(node, key) for key in node] + [s for each in node.values() for s in _spots(each)]
    if isinstance(node, list):
        return [(node, n) for n in range(len(node))] + [s for each in node for s in _spots(each)]
    return []


def spoilt(seed: int, times: int) -> Plain:
    """The scenario with other things written at a few places, or with keys taken away."""
    luck = random.Random(seed)  # noqa: S311
    tree = copy.deepcopy(WHOLE)
    for _ in range(times):
        parent, at = luck.choice(_spots(tree))
        if luck.random() < 0.2:
            del parent[at]  # type: ignore[arg-type]
        else:
            parent[at] = copy.deepcopy(luck.choice(JUNK))  # type: ignore[index]
    return tree


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_whatever_is_written_is_either_a_scenario_or_refused_in_plain_words(
    read: Read, seed: int, times: int
) -> None:
    text = json.dumps(spoilt(seed, times), ensure_ascii=False, indent=1)
    found: tuple[Problem, ...] = ()
    try:
        assert read(text).years >= 1
    except ScenarioError as error:
        found = error.problems
    listed = [(each.place, each.code, each.message) for each in found]
    assert len(set(listed)) == len(listed)
    assert all(each.code and each.message and "\n" not in each.message for each in found)
