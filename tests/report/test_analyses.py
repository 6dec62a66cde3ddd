"""Analyses as they are shown: words, tables, figures and files, made from what was found."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from costsim.report import tornado
from costsim.report.analyses import cells, driving, informed, sensitivity, uncertain
from costsim.report.analyses.exhibit import Column, Exhibit, Table, Value, plain
from costsim.report.analyses.further import Asked, Further, Hands, further
from costsim.report.analyses.origins import drawn, in_words
from costsim.report.analyses.presented import Presented
from costsim.report.analyses.shelf import Shelf
from costsim.report.analyses.shown import parts, show
from costsim.report.analyses.studies import Question
from costsim.report.analyses.subject import Subject
from costsim.report.screen import Screen
from costsim.scenario.loader import load
from costsim.scenario.schema import Scenario
from costsim.uncertainty.oneway import Tornado, one_way
from costsim.uncertainty.parameters import Parameters
from costsim.uncertainty.probabilistic import Probabilistic, probabilistic
from costsim.uncertainty.switching import Switch

SCENARIO = """\
costsim: 1
title: Form
price_year: 2024-25
horizon: 2 years
effects: {helped: {scores: {closed: 1}, worth: £200, assumed: true}}
uncertainty: {target: £9000}
optimism_bias: {savings: 20%, assumed: true}
staff:
  worker: {hourly_cost: {value: £40, assumed: true, uncertain: {pert: [£30, £40, £50]}}}
  porter: {hourly_cost: {value: £20, assumed: true, uncertain: {uniform: [£15, £25]}}}
referrals:
  per_year: {value: 50, assumed: true, uncertain: {uniform: [30, 70]}}
pathways:
  old:
    start: visit
    activities:
      visit:
        staff:
          worker:
            gamma: {mean: {value: 8 h, uncertain: {normal: {mean: 8 h, sd: 1 h}}}, sd: 3 h}
        next: {closed: {value: 90%, uncertain: {beta: {mean: 90%, sd: 4%}}}, refused: rest}
    outcomes: [closed, refused]
  new:
    start: form
    activities:
      form: {staff: {worker: 2 h}, next: closed}
    outcomes: [closed]
one_off: {co_design: {other: £18000}}
"""
DRAWS = 128


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("analysed") / "s.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def scenario(file: Path) -> Scenario:
    return load(file)


@pytest.fixture(scope="session")
def found(scenario: Scenario) -> Probabilistic:
    return probabilistic(scenario, draws=DRAWS)


@pytest.fixture(scope="session")
def exhibit(found: Probabilistic, file: Path) -> Exhibit:
    return uncertain.exhibit(found, Subject.of(file))


@pytest.fixture(scope="session")
def swings(scenario: Scenario) -> Tornado:
    return one_way(scenario, replications=4)


@pytest.fixture(scope="session")
def everything(swings: Tornado) -> Further:
    """Each part that can be asked for quickly."""
    asked = Asked(
        two_way=("referrals.per_year", "staff.worker.hourly_cost"),
        method="sobol",
        size=32,
        groups={"pay": ["staff.*"]},
    )
    return further(swings, asked, Hands(1))


def table(exhibit: Exhibit, name: str) -> Table:
    return next(each for each in exhibit.tables if each.name == name)


def row(found: Table, first: str) -> dict[str, str | Value]:
    cells = next(each for each in found.rows if each[0] == first)
    return {column.name: cell for column, cell in zip(found.columns, cells, strict=True)}


def number(cell: str | Value) -> float:
    assert isinstance(cell, Value)
    return cell.number


def printed(exhibit: Exhibit, width: int = 100) -> str:
    stream = StringIO()
    show(Screen(stream, width), exhibit)
    return stream.getvalue()


# --- uncertainty ---------------------------------------------------------------------------------


def test_headlines_are_the_quantiles_of_the_draws(found: Probabilistic, exhibit: Exhibit) -> None:
    net = row(table(exhibit, "headlines"), "Net benefit")
    draws = found.draws.outcome("net_benefit", "new")
    assert number(net["mean"]) == pytest.approx(draws.mean())
    assert number(net["p10"]) == pytest.approx(np.quantile(draws, 0.1))
    assert number(net["p97_5"]) == pytest.approx(np.quantile(draws, 0.975))
    assert number(net["as_it_stands"]) == found.spread_of("net_benefit").value


def test_a_payback_that_may_not_come_says_never_and_what_that_means(exhibit: Exhibit) -> None:
    payback = row(table(exhibit, "headlines"), "Payback, years (never: not within 2)")
    assert cells_shown(payback, "p97_5") == "never"
    assert cells_shown(payback, "mean") == "none"
    assert math.isfinite(number(payback["p10"]))


def cells_shown(found: dict[str, str | Value], name: str) -> str:
    cell = found[name]
    return cell if isinstance(cell, str) else cell.shown


def test_the_first_sentence_gives_both_probabilities(
    found: Probabilistic, exhibit: Exhibit
) -> None:
    saves, repays = found.saves().value, found.repays_within(2).value
    assert 0.3 < repays < 0.95
    words = f"It saves money in {round(100 * saves)}% of draws"
    assert exhibit.paragraphs[0].startswith(f"{words} and repays within 2 years in")
    assert f"in {round(100 * repays)}%." in exhibit.paragraphs[0]


def test_probabilities_cover_each_year_the_target_and_optimism_bias(
    found: Probabilistic, exhibit: Exhibit
) -> None:
    events = {each[0]: number(each[1]) for each in table(exhibit, "probabilities").rows}
    assert list(events) == [
        "It saves money in a year",
        "It pays over 2 years",
        "It repays within 1 year",
        "It repays within 2 years",
        "It pays over 2 years after optimism bias",
        "It saves the target, £9,000 a year, or more",
    ]
    assert events["It repays within 1 year"] <= events["It repays within 2 years"]
    after = events["It pays over 2 years after optimism bias"]
    assert after < events["It pays over 2 years"]
    assert events["It saves the target, £9,000 a year, or more"] == pytest.approx(
        np.mean(found.draws.outcome("annual_saving", "new") >= 9000)
    )


def test_the_least_expected_loss_is_the_evpi(found: Probabilistic, exhibit: Exhibit) -> None:
    losses = table(exhibit, "losses")
    least = min(number(each[2]) for each in losses.rows)
    assert least == pytest.approx(found.evpi)
    assert cells.money(found.evpi).shown in losses.note


def test_acceptability_is_given_at_nothing_the_worth_and_twice_that(
    found: Probabilistic, exhibit: Exhibit
) -> None:
    rows = table(exhibit, "acceptability.helped").rows
    assert [number(each[0]) for each in rows] == [0.0, 200.0, 400.0]
    curves = found.acceptability("helped", np.array([200.0]))
    assert number(rows[1][2]) == curves.probability[0, 1]


def test_it_says_what_is_by_arithmetic_and_what_is_simulated(
    found: Probabilistic, exhibit: Exhibit
) -> None:
    assert found.by_arithmetic
    assert "arithmetic" in exhibit.paragraphs[1]
    (money, times) = table(exhibit, "errors").rows
    assert money[1] == "arithmetic, 128 draws"
    assert money[3] == Value(0.0, "none")
    assert str(times[1]).startswith("simulation, 100 draws x")


def test_an_input_that_moves_nothing_is_named_where_it_is_drawn_and_on_top(
    exhibit: Exhibit,
) -> None:
    porter = row(table(exhibit, "inputs"), "staff.porter.hourly_cost")
    assert str(porter["distribution"]).endswith("it moves no outcome")
    assert any("staff.porter.hourly_cost" in each for each in exhibit.warnings)


def test_distributions_are_told_with_their_figures(scenario: Scenario) -> None:
    parameters = Parameters.of(scenario)
    words = {each.name: in_words(each) for each in parameters.each}
    assert (
        words["staff.worker.hourly_cost"] == "pert, lowest £30.00, likeliest £40.00, highest £50.00"
    )
    assert words["referrals.per_year"] == "uniform, 30 to 70"
    mean = "pathways.old.activities.visit.staff.worker.gamma.mean"
    assert words[mean] == "normal, mean 8 h, sd 60 min"
    rows = {each[0]: each[1] for each in drawn(parameters, ()).rows}
    share = "pathways.old.activities.visit.next.closed"
    assert rows[share] == "beta, fitted to mean 90% and sd 4%"


def test_a_fit_that_misses_is_said(tmp_path: Path) -> None:
    text = SCENARIO.replace(
        "{uniform: [30, 70]}", "{lognormal: {quantiles: {p10: 30, p50: 40, p90: 90}}}"
    )
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    found = drawn(Parameters.of(load(tmp_path / "s.yaml")), ())
    miss = row(found, "referrals.per_year")["fit_error"]
    assert number(miss) > 0.05
    assert row(found, "staff.worker.hourly_cost")["fit_error"] == ""


def test_the_samples_hold_every_draw_in_full_precision(found: Probabilistic) -> None:
    lines = uncertain.samples(found.draws).splitlines()
    assert lines[0].split(",") == [*found.draws.parameters.names, "net_benefit.new"]
    read = np.array([[float(each) for each in line.split(",")] for line in lines[1:]])
    assert np.array_equal(read[:, :-1], found.draws.values)
    assert np.array_equal(read[:, -1], found.draws.outcome("net_benefit", "new"))


# --- sensitivity ---------------------------------------------------------------------------------


def test_the_json_has_the_tornado_and_every_part(swings: Tornado, everything: Further) -> None:
    found = plain(sensitivity.as_json(swings, everything))
    assert found["schema"] == "costsim.oneway/1"
    old = {"scenario", "seed", "replications", "interrupted", "inputs", "not_varied", "checks"}
    assert old | {"net_benefit", "net_benefit_ci95", "swings"} <= set(found)
    assert {"switches", "two_way", "global"} <= set(found)
    assert "discovery" not in found
    assert len(found["two_way"]["outcome"]) == 11
    names = {each["name"] for each in found["global"]["indices"]}
    assert "pay" in names
    assert not any(name.startswith("staff.") for name in names)


def test_a_switching_value_is_rounded_to_the_side_on_which_it_pays(swings: Tornado) -> None:
    each = swings.swings[0].input
    rising = Switch(each, 56.0044, True, True, 0, 1)
    assert driving.condition(replace(rising, input=replace(each, unit=""))) == "at least 56.1"
    falling = replace(rising, rising=False, value=0.61379, input=replace(each, unit="%"))
    assert driving.condition(falling) == "at most 61.3%"
    assert driving.condition(replace(rising, value=None)) == "whatever its value"


def test_the_net_benefit_is_nothing_at_a_switching_value(
    swings: Tornado, everything: Further
) -> None:
    found = everything.switches
    assert found is not None
    number = swings.steady.parameters.number("referrals.per_year")
    switch = next(each for each in found.each if each.input.name == "referrals.per_year")
    assert switch.value is not None
    assert swings.steady.moved({number: switch.value}) == pytest.approx(0.0, abs=0.01)


def test_where_nobody_is_referred_there_is_no_switching_value_and_no_fault(
    tmp_path: Path,
) -> None:
    text = SCENARIO.replace("{uniform: [30, 70]}", "{uniform: [0, 70]}")
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    done = further(one_way(load(tmp_path / "s.yaml"), replications=2), Asked(), Hands(1))
    assert done.switches is not None
    switch = next(each for each in done.switches.each if each.input.name == "referrals.per_year")
    assert switch.value is not None
    assert switch.value > 0


def test_a_part_that_is_interrupted_is_named_and_the_others_are_kept(
    swings: Tornado, monkeypatch: pytest.MonkeyPatch
) -> None:
    def two_way(*_words: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("costsim.report.analyses.further.two_way", two_way)
    asked = Asked(two_way=("referrals.per_year", "staff.worker.hourly_cost"), discover=True)
    done = further(swings, asked, Hands(1))
    assert done.switches is not None
    assert done.left_out == ("two inputs together", "where it does not pay")
    shown = sensitivity.exhibit(swings, done)
    assert shown.interrupted
    assert shown.warnings[0] == (
        "INTERRUPTED. Not done: two inputs together, where it does not pay."
    )
    assert "switches" in [each.name for each in shown.tables]


def test_an_interrupted_analysis_is_not_drawn(swings: Tornado) -> None:
    whole = tornado.presented(swings)
    cut = replace(whole, exhibit=replace(whole.exhibit, interrupted=True))
    assert cut.drawn().exhibit.pictures == ()
    assert [each.name for each in whole.drawn().exhibit.pictures] != []


def test_another_outcome_has_keys_and_words_of_its_own(scenario: Scenario) -> None:
    found = one_way(scenario, outcome="payback_years", replications=2)
    content = plain(sensitivity.as_json(found))
    assert {"payback_years_at_p10", "payback_years_at_p90"} <= set(content["swings"][0])
    assert content["value"] == pytest.approx(found.value)
    assert content["net_benefit"] != content["value"]
    shown = sensitivity.exhibit(found)
    assert shown.title == "Form: payback, years"
    assert "makes the net benefit negative" not in printed(shown)


def test_a_tornado_of_what_never_comes_is_shown_without_bars(scenario: Scenario) -> None:
    found = one_way(scenario, outcome="payback_years", replications=2)
    stream = StringIO()
    tornado.show(Screen(stream, 100), found)
    assert math.isinf(max(max(each.ends) for each in found.swings))
    assert "never" in stream.getvalue()
    assert "as it stands\n" not in stream.getvalue()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked(outcome="savings"), "no outcome here"),
        (Asked(two_way=("referrals.per_yr", "a")), "Did you mean referrals.per_year"),
        (Asked(two_way=("referrals.per_year",) * 2), "given twice"),
        (Asked(method="sobol", size=100), "no power of two"),
        (Asked(method="morris", size=1), "give at least 2"),
        (Asked(method="pawn", groups={"a": ["staff.*"]}), "takes no groups"),
        (Asked(method="sobol", groups={"a": ["staf.*"]}), "no uncertain input is called"),
        (Asked(method="sobol", groups={"a": ["staff.*"], "b": ["*"]}), "in the groups a and b"),
        (Asked(size=64), "--global"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_cannot_be_asked_is_refused_before_anything_is_simulated(
    scenario: Scenario, asked: Asked, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        asked.check(scenario)


# --- the value of information --------------------------------------------------------------------


def test_information_is_shared_out_to_years_and_cases(found: Probabilistic) -> None:
    worth = Question({"pay": ["staff.*"]}).of_draws(found, 1)
    shown = informed.exhibit(worth, "Form", {})
    (whole, year, case) = (number(each[1]) for each in table(shown, "evpi").rows)
    assert whole == pytest.approx(worth.evpi)
    assert year == pytest.approx(worth.evpi / 2)
    assert case == pytest.approx(worth.evpi / 100)
    assert "pay" in [each[0] for each in table(shown, "evppi").rows]


def test_each_study_has_a_table_with_its_costs(found: Probabilistic) -> None:
    share = "pathways.old.activities.visit.next.closed"
    mean = "pathways.old.activities.visit.staff.worker.gamma.mean"
    question = Question(studies=(share, mean), sizes=(5, 50), fixed=100.0, each=2.0)
    shown = informed.exhibit(question.of_draws(found, 1), "Form", {})
    first, second = table(shown, "study.1"), table(shown, "study.2")
    assert (first.caption, second.caption) == (f"A study of {share}", f"A study of {mean}")
    assert [number(each[3]) for each in first.rows] == [110.0, 200.0]
    assert number(second.rows[1][1]) >= number(second.rows[0][1])


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question(studies=("referral.per_year",)), "Did you mean referrals.per_year"),
        (Question({"a": ["b.*"]}), "no uncertain input is called"),
        (Question(studies=("referrals.per_year",), spreads=("3 h",)), "spread of referrals"),
        (Question(studies=("staff.worker.hourly_cost",), spreads=("3 h",)), "amount of money"),
        (Question(studies=("referrals.per_year",), spreads=("3", "4")), "2 spreads, but 1 inputs"),
    ],
    ids=range(5),
)
def test_studies_that_cannot_be_valued_are_refused_before_anything_is_drawn(
    scenario: Scenario, question: Question, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        question.check(scenario)


# --- exhibits ------------------------------------------------------------------------------------


def test_an_exhibit_comes_back_from_its_json_as_it_was(found: Probabilistic, file: Path) -> None:
    made = uncertain.exhibit(found, Subject.of(file))
    drawn = Presented(made, plots=uncertain.plots(found)).drawn().exhibit
    assert len(drawn.pictures) == 3
    text = json.dumps(drawn.as_json(), allow_nan=False)
    again = Exhibit.from_json(json.loads(text))
    assert again.as_json() == drawn.as_json()
    assert again.tables[0].note == drawn.tables[0].note
    assert again.pictures == drawn.pictures


def test_figures_of_the_same_name_are_kept_apart(found: Probabilistic, exhibit: Exhibit) -> None:
    twice = Presented(exhibit, plots=[found.plot, found.plot]).drawn()
    first, second = (each.name for each in twice.exhibit.pictures)
    assert second == f"{first}-2"
    assert {name for name, _ in twice.files} == {f"figures/{first}.svg", f"figures/{second}.svg"}
    assert f'id="{second}' in twice.exhibit.pictures[1].svg


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_every_cell_is_on_the_screen_at_any_width(exhibit: Exhibit, width: int) -> None:
    shown = printed(exhibit, width)
    for each in table(exhibit, "headlines").rows:
        for cell in each[1:]:
            assert (cell if isinstance(cell, str) else cell.shown) in shown
    assert max(map(len, shown.splitlines())) <= width + 1  # a heading may end in a space


def test_a_table_that_is_too_wide_is_set_out_in_parts_with_the_same_first_column() -> None:
    columns = (Column("a", "Name"), *(Column(f"c{n}", "Figure", "money") for n in range(6)))
    wide = Table("t", "T", columns, ((("name"), *[Value(1.0, "£1,000.00")] * 6),))
    assert [len(each.columns) for each in parts(wide, 100)] == [7]
    split = list(parts(wide, 45))
    assert [len(each.columns) for each in split] == [4, 4]
    assert {each.columns[0].name for each in split} == {"a"}
    assert [len(each.columns) for each in parts(wide, 20)] == [7]


# --- shelves and subjects ------------------------------------------------------------------------


def test_an_analysis_in_a_results_folder_replaces_the_earlier_one_and_its_figures(
    tmp_path: Path,
) -> None:
    shelf = Shelf.at(None, tmp_path)
    first = {"voi.json": b'{"pictures": [{"name": "old"}]}', "figures/old.svg": b"1"}
    assert shelf.put("voi", first) == (tmp_path / "analyses", False)
    other = tmp_path / "analyses" / "figures" / "other.svg"
    other.write_bytes(b"2")
    assert shelf.put("voi", {"voi.json": b"{}", "figures/new.svg": b"3"})[1]
    assert {each.name for each in other.parent.iterdir()} == {"other.svg", "new.svg"}


@pytest.mark.parametrize("content", [b"{", b'{"pictures": 3}', b'{"pictures": [{"name": "../a"}]}'])
def test_an_earlier_file_that_is_no_analysis_takes_nothing_away(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "analyses" / "figures").mkdir(parents=True)
    (tmp_path / "analyses" / "voi.json").write_bytes(content)
    outside = tmp_path / "analyses" / "a.svg"
    outside.write_bytes(b"1")
    Shelf.at(None, tmp_path).put("voi", {"voi.json": b"{}"})
    assert outside.is_file()


def test_a_subject_keeps_the_seed_of_the_scenario_unless_another_is_given(file: Path) -> None:
    assert (Subject.of(file).seed, Subject.of(file, 9).seed) == (1, 9)
    assert all(each.passed for each in Subject.of(file).checked())
