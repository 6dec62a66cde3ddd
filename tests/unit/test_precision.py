"""How many replications a precision takes: how the interval narrows, and the rule that watches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import costsim
from costsim.comparison import option_result
from costsim.economics.discounting import Discounting, Timing
from costsim.economics.outlook import economics
from costsim.economics.precision import half_widths, look_ahead, wanted
from costsim.economics.rollout import Rollout
from costsim.economics.savings import SiteCase, Terms
from costsim.evaluation import run_settings
from tests.model.building import Tree, exponential, load, pathway, problem, work

REPLICATIONS = 40
TERMS = Terms(3, Discounting(0.035, Timing.YEAR_END), 100_000.0)


def _spread(new: float, **parts: Any) -> Tree:
    """Two pathways whose costs differ from case to case, £600 a case in the old on average."""
    return problem(
        pathways={
            "old": pathway(assess=work("worker", exponential(600))),
            "new": pathway(form=work("worker", exponential(new))),
        },
        **parts,
    )


def _published(found: costsim.Evaluation, replications: int) -> float:
    """The half-width that a run of so many replications would publish. It cuts the run."""
    found.runs.cut(replications)
    result = option_result(found.scenario, found.runs, "new")
    return result.programme.economics.per_case_saving.half_width


SITES: dict[str, Tree] = {
    "one": {"only": {}},
    "several": {
        "large": {"referrals": {"per_year": 150}},
        "rare": {"referrals": {"per_year": 0.2}, "take_up": {"demand_response": "100%"}},
        "small": {"referrals": {"per_year": 12}},
    },
}


@pytest.mark.parametrize("sites", SITES)
@pytest.mark.parametrize("new", [200.0, 1500.0])
def test_after_every_replication_it_is_the_half_width_that_would_be_published(
    sites: str, new: float, tmp_path: Path
) -> None:
    run = {"replications": REPLICATIONS, "seed": 1}
    found = costsim.evaluate(load(_spread(new, sites=SITES[sites], run=run), tmp_path), keep=0)
    widths = half_widths(found.main.cases)
    known = [_published(found, number) for number in range(REPLICATIONS, 0, -1)][::-1]
    assert widths == pytest.approx(known, rel=1e-9)
    assert widths[0] == math.inf
    assert np.isfinite(widths).sum() > REPLICATIONS / 2
    if sites == "several":  # nobody comes to the rare site in the first replications
        assert np.isinf(widths).sum() == 5


def _case(saved: Sequence[float], referrals: Sequence[float], per_year: float = 50) -> SiteCase:
    """A site where each replication saved so much in all on so many referrals."""
    nothing = np.zeros(len(saved))
    return SiteCase(
        comparator="old",
        option="new",
        referrals_per_year=per_year,
        referrals=np.array(referrals, dtype=np.float64),
        costs={"old": np.array(saved, dtype=np.float64), "new": nothing},
        minutes={"old": nothing, "new": nothing},
        running_change=0.0,
        one_off=0.0,
        rollout=Rollout(0.0, (1.0,), 0.0),
        expected_saving=None,
        roles=(),
    )


def _turned(case: SiteCase) -> SiteCase:
    """The same with both pathways changed over, so that every saving is a loss."""
    return replace(case, costs={"old": case.costs["new"], "new": case.costs["old"]})


def _cut(case: SiteCase, replications: int) -> SiteCase:
    rows = slice(replications)
    return replace(
        case,
        referrals=case.referrals[rows],
        costs={name: each[rows] for name, each in case.costs.items()},
        minutes={name: each[rows] for name, each in case.minutes.items()},
    )


@st.composite
def _cases(draw: st.DrawFn) -> list[SiteCase]:
    size = draw(st.integers(1, 12))
    amounts = st.lists(st.integers(-1000, 1000), min_size=size, max_size=size)
    counts = st.lists(st.integers(0, 9), min_size=size, max_size=size)
    volumes = st.integers(1, 200)
    several = st.lists(st.tuples(amounts, counts, volumes), min_size=1, max_size=3)
    return [_case(*each) for each in draw(several)]


@given(cases=_cases())
def test_whatever_was_saved_it_is_the_half_width_that_would_be_published(
    cases: list[SiteCase],
) -> None:
    widths = half_widths(cases)
    assert len(widths) == len(cases[0].referrals)
    for number, width in enumerate(widths, start=1):
        known = economics([_cut(case, number) for case in cases], TERMS)
        assert width == pytest.approx(known.per_case_saving.half_width, rel=1e-6, abs=1e-4)


def test_a_loss_is_known_as_precisely_as_a_saving() -> None:
    case = _case([500, 900, 420, 610, 330], [5, 7, 4, 6, 3])
    assert half_widths([_turned(case)]).tolist() == half_widths([case]).tolist()
    assert (half_widths([case])[1:] > 0).all()


@pytest.mark.parametrize("each", [0.0, 137.75, -137.75])
def test_a_saving_that_is_the_same_for_every_case_is_known_after_two_replications(
    each: float,
) -> None:
    counts = [50, 43, 61, 0, 55, 48, 52, 47, 49, 50]
    widths = half_widths([_case([each * count for count in counts], counts)])
    assert widths[0] == math.inf
    assert (widths[1:] < 1e-5).all()
    assert wanted(widths, 0.01) == 30 + 5


def test_nothing_is_known_while_nobody_has_come() -> None:
    never = half_widths([_case([0] * 4, [0] * 4), _case([5, 6, 5, 7], [1] * 4)])
    assert never.tolist() == [math.inf] * 4
    late = half_widths([_case([9, 9, 50, 60], [0, 0, 5, 6])])  # extra people came before them
    assert np.isinf(late).tolist() == [True, True, False, False]


def _slowly(widths: Sequence[float], precision: float) -> int | None:
    """The rule by its words: the first number that is enough, and the replications that confirm it.

    It is 30 at the least. None if there is no such number.
    """
    done = len(widths)
    for number in range(30, done + 1):
        last = number + max(5, math.ceil(number / 20))
        seen = [widths[each - 1] for each in range(number, last + 1) if each <= done]
        if all(width <= precision for width in seen):
            return last
    return None


narrow_or_wide = st.lists(st.sampled_from([0.5, 1.0, 1.0, 1.0, 1.01, 3.0, math.inf]), min_size=1)
mostly_narrow = st.lists(st.integers(0, 40).map(lambda n: 0.9 if n else 1.1), min_size=1)
long_and_narrow = st.tuples(st.integers(90, 260), st.lists(st.integers(0, 250))).map(
    lambda pair: [1.1 if n in pair[1] else 0.9 for n in range(pair[0])]
)
ends = st.one_of(narrow_or_wide, mostly_narrow, long_and_narrow)
# Whether the first replications seem enough or not is all the same.
sequences = st.tuples(st.sampled_from([0.5, 3.0]), st.integers(0, 30), ends).map(
    lambda parts: [parts[0]] * parts[1] + parts[2]
)


@given(sequence=sequences)
def test_the_rule_is_what_its_words_say(sequence: list[float]) -> None:
    found = wanted(np.array(sequence), 1.0)
    known = _slowly(sequence, 1.0)
    if known is None:
        assert found >= max(30, len(sequence)) + 5
    else:
        assert found == known


@given(sequence=sequences)
def test_the_answer_does_not_depend_on_how_far_beyond_it_one_has_gone(
    sequence: list[float],
) -> None:
    answer = wanted(np.array(sequence), 1.0)
    for done in range(answer, len(sequence) + 1):
        assert wanted(np.array(sequence[:done]), 1.0) == answer
    if answer <= len(sequence):
        for wide in (0.9, 1.1):
            assert wanted(np.array([*sequence, *[wide] * 7]), 1.0) == answer


@given(sequence=sequences, at_least=st.integers(1, 400))
def test_going_on_as_far_as_is_wanted_ends_at_the_answer_of_the_whole_sequence(
    sequence: list[float], at_least: int
) -> None:
    endless = np.array(sequence + [0.9] * 5000)
    done, wish = 0, at_least
    while done < wish:
        done = wish
        wish = wanted(endless[:done], 1.0)
    assert wish == _slowly(endless.tolist(), 1.0)


def test_nothing_is_added_to_more_replications_than_it_takes() -> None:
    reached_at_82 = np.array([1.5] * 81 + [0.9] * 919)
    assert {wanted(reached_at_82[:done], 1.0) for done in (82, 87, 200, 1000)} == {87}


def test_more_replications_confirm_a_larger_number() -> None:
    found = {number: look_ahead(number) for number in (1, 30, 100, 101, 120, 121, 1000, 100_000)}
    assert found == {1: 5, 30: 5, 100: 5, 101: 6, 120: 6, 121: 7, 1000: 50, 100_000: 5000}


def test_a_guess_goes_as_far_as_the_square_of_what_is_missing_but_not_at_once() -> None:
    guesses = {
        width: wanted(np.array([math.inf, *[width] * 99]), 1.0)
        for width in (1.5, 2.0, 3.0, 100.0, math.inf)
    }
    for width, least in ((1.5, 225), (2.0, 400), (3.0, 900)):
        assert least < guesses[width] < 1.2 * least
    assert guesses[100.0] == guesses[math.inf] == 1050
    just = wanted(np.array([3.0] * 99 + [1.0001]), 1.0)
    assert just > 105


POUNDS = {200.0: 15.0, 600.0: 22.0, 1500.0: 35.0}  # by the mean cost of the new pathway


@pytest.mark.parametrize("new", POUNDS)
def test_a_run_stops_where_the_rule_says(new: float, tmp_path: Path) -> None:
    """A saving, next to none, and a loss."""
    scenario = load(_spread(new, run={"replications": 4, "seed": 3}), tmp_path)
    (case,) = costsim.evaluate(scenario, replications=240, keep=0).main.cases
    widths = [_cut(case, number).saving().half_width for number in range(1, 241)]
    known = _slowly(widths, POUNDS[new])
    found = costsim.evaluate(scenario, precision=POUNDS[new], keep=0)
    assert found.runs.replications == known
    assert known is not None
    assert 40 < known < 220
    width = found.main.programme.economics.per_case_saving.half_width
    assert width == pytest.approx(widths[known - 1], rel=1e-12)
    assert width <= POUNDS[new]
    more = costsim.evaluate(scenario, replications=known + 3, precision=POUNDS[new], keep=0)
    assert more.runs.replications == known + 3


def test_every_option_is_known_as_precisely(tmp_path: Path) -> None:
    tree = _spread(60.0, run={"replications": 4, "seed": 3})
    tree["pathways"]["other"] = pathway(assess=work("worker", exponential(3000)))
    found = costsim.evaluate(load(tree, tmp_path), precision=60.0, keep=0)
    narrow, wide = (
        found.options[name].programme.economics.per_case_saving.half_width
        for name in ("new", "other")
    )
    assert 2 * narrow < wide <= 60


# What the scenario says, what is asked for, and how many replications and pounds that comes to.
ASKED: list[tuple[Tree, int | None, float | None, tuple[int, float | None]]] = [
    ({}, None, None, (30, 1.0)),
    ({"replications": 7}, None, None, (7, None)),
    ({"precision": "£5"}, None, None, (30, 5.0)),
    ({"replications": 7, "precision": "£5"}, None, None, (30, 5.0)),
    ({"replications": 70, "precision": "£5"}, None, None, (70, 5.0)),
    ({}, 9, None, (9, None)),
    ({"replications": 7, "precision": "£5"}, 9, None, (9, None)),
    ({}, None, 3.0, (30, 3.0)),
    ({"replications": 7, "precision": "£5"}, None, 3.0, (30, 3.0)),
    ({"replications": 7, "precision": "£5"}, 90, 3.0, (90, 3.0)),
]


@pytest.mark.parametrize(("run", "replications", "precision", "known"), ASKED)
def test_what_is_asked_for_replaces_what_is_written_and_a_pound_what_is_neither(
    run: Tree,
    replications: int | None,
    precision: float | None,
    known: tuple[int, float | None],
    tmp_path: Path,
) -> None:
    settings, pounds = run_settings(
        load(problem(run=run), tmp_path), replications=replications, precision=precision
    )
    assert (settings.at_least, pounds) == known


def test_with_nothing_asked_for_the_saving_is_known_to_the_pound(tmp_path: Path) -> None:
    tree = _spread(6.0, run={}, referrals={"per_year": 2000})
    tree["pathways"]["old"] = pathway(assess=work("worker", exponential(100)))
    found = costsim.evaluate(load(tree, tmp_path), keep=0)
    assert found.runs.replications > 15  # 1.96 x £100 / sqrt(2000 x replications) = £1
    assert found.main.programme.economics.per_case_saving.half_width <= 1.0
    few = costsim.evaluate(load(tree, tmp_path), replications=15, keep=0)
    assert few.runs.replications == 15
    assert few.main.programme.economics.per_case_saving.half_width > 1.0


def test_progress_only_ever_goes_on(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    found = costsim.evaluate(
        load(_spread(200.0), tmp_path), precision=30.0, progress=lambda *each: told.append(each)
    )
    assert all(one[0] < other[0] and one[1] <= other[1] for one, other in pairwise(told))
    assert all(done <= of for done, of in told)
    assert told[-1][0] >= found.runs.replications
