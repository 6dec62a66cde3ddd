"""Every number of a scenario as an input: its name, its story, and what another value does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from costsim.errors import Place, ScenarioError
from costsim.scenario.inputs import Input, inputs, uncertain_inputs, with_values
from costsim.scenario.loader import load
from costsim.scenario.schema import Scenario
from costsim.units import show

TEXT = """\
costsim: 1
title: Online form
price_year: 2016-17
horizon: 3 years
staff:
  worker:
    hourly_cost: {value: £40, source: a table, uncertain: {uniform: [£30, £50]}}
    headcount: {value: 3, uncertain: {uniform: [2, 5]}}
    share_of_time: 30%
  manager: {hourly_cost: £60, headcount: unlimited}
referrals:
  per_year: {value: 50, assumed: true, note: a guess}
  need: {lower: 60%, higher: rest}
pathways:
  old:
    start: visit
    activities:
      visit:
        source: a study
        staff:
          worker:
            by_need:
              lower: {gamma: {mean: {value: 8 h, uncertain: {pert: [6 h, 8 h, 9 h]}}, sd: 3 h}}
              higher: {gamma: {mean: 14 h, sd: 5 h}, assumed: true}
        next: closed
    outcomes: [closed]
  new:
    start: form
    activities:
      form: {staff: {manager: 1 h}, next: {closed: 90%, refused: 10%}}
    outcomes: [closed, refused]
sites:
  york: {}
  bath: {referrals: {per_year: 20}}
"""
VISIT = "pathways.old.activities.visit.staff.worker.by_need"


Read = Callable[[str], Scenario]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(text: str) -> Scenario:
        (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
        return load(tmp_path / "s.yaml")

    return reading


@pytest.fixture
def scenario(read: Read) -> Scenario:
    return read(TEXT)


def named(scenario: Scenario, name: str) -> Input:
    (found,) = [each for each in inputs(scenario) if each.name == name]
    return found


def test_every_number_is_an_input_once_under_its_path_and_in_the_order_of_the_file(
    scenario: Scenario,
) -> None:
    assert [each.name for each in inputs(scenario)] == [
        "staff.worker.hourly_cost",
        "staff.worker.headcount",
        "staff.worker.share_of_time",
        "staff.manager.hourly_cost",
        "staff.manager.headcount",
        "referrals.per_year",
        "referrals.need.lower",
        f"{VISIT}.lower.gamma.mean",
        f"{VISIT}.lower.gamma.sd",
        f"{VISIT}.higher.gamma.mean",
        f"{VISIT}.higher.gamma.sd",
        "pathways.new.activities.form.staff.manager",
        "pathways.new.activities.form.next.closed",
        "pathways.new.activities.form.next.refused",
        "sites.bath.referrals.per_year",
    ]


def test_an_input_that_sites_share_lists_each_of_them(scenario: Scenario) -> None:
    cost = named(scenario, "staff.worker.hourly_cost")
    assert cost.where == (
        ("sites", "bath", "staff", "worker", "hourly_cost"),
        ("sites", "york", "staff", "worker", "hourly_cost"),
    )
    assert named(scenario, "referrals.per_year").where == (
        ("sites", "york", "referrals", "per_year"),
    )


def test_an_input_knows_where_it_is_written(scenario: Scenario) -> None:
    place = named(scenario, "referrals.per_year").place
    assert isinstance(place, Place)
    assert (Path(place.file).name, place.line) == ("s.yaml", 12)


@pytest.mark.parametrize(
    ("name", "value", "unit", "shown"),
    [
        ("staff.worker.hourly_cost", 40, "£", "£40.00"),
        ("staff.worker.headcount", 3, "people", "3 people"),
        ("staff.worker.share_of_time", 0.3, "%", "30%"),
        ("staff.manager.headcount", None, "people", "unlimited"),
        ("referrals.per_year", 50, "", "50"),
        (f"{VISIT}.lower.gamma.mean", 480, "min", "8 h"),
        ("pathways.new.activities.form.staff.manager", 60, "min", "60 min"),
    ],
)
def test_an_input_has_a_value_a_unit_and_a_form_for_people(
    scenario: Scenario, name: str, value: float | None, unit: str, shown: str
) -> None:
    found = named(scenario, name)
    assert (found.value, found.unit, found.shown) == (value, unit, shown)


@pytest.mark.parametrize(
    ("name", "provenance", "assumed"),
    [
        ("staff.worker.hourly_cost", "a table", False),
        ("referrals.per_year", "assumed", True),
        ("staff.manager.hourly_cost", "no source given", False),
        (f"{VISIT}.lower.gamma.sd", "a study", False),
        (f"{VISIT}.higher.gamma.sd", "assumed", True),
        ("sites.bath.referrals.per_year", "no source given", False),
    ],
)
def test_a_number_without_a_story_has_that_of_the_nearest_part_around_it(
    scenario: Scenario, name: str, provenance: str, assumed: bool
) -> None:
    found = named(scenario, name)
    assert (found.provenance, found.assumed) == (provenance, assumed)


def test_what_is_assumed_with_a_source_says_both(read: Read) -> None:
    text = TEXT.replace("assumed: true, note: a guess", "assumed: true, source: three months")
    assert named(read(text), "referrals.per_year").provenance == "assumed (three months)"


def test_a_share_that_is_rest_or_the_only_way_is_no_number_that_anyone_gave(
    scenario: Scenario,
) -> None:
    names = {each.name for each in inputs(scenario)}
    assert "referrals.need.higher" not in names
    assert not any("visit.next" in name for name in names)


def test_published_figures_are_no_inputs(read: Read) -> None:
    published = "published: {per_case_saving: £5}\n"
    assert len(inputs(read(TEXT + published))) == len(inputs(read(TEXT)))


def test_uncertain_inputs_are_those_that_say_how_unsure_they_are(scenario: Scenario) -> None:
    assert [each.name for each in uncertain_inputs(scenario)] == [
        "staff.worker.hourly_cost", "staff.worker.headcount", f"{VISIT}.lower.gamma.mean",
    ]  # fmt: skip


def test_the_range_of_an_uncertain_input_is_its_inner_eighty_per_cent(scenario: Scenario) -> None:
    cost = named(scenario, "staff.worker.hourly_cost")
    assert cost.p10_p90 == pytest.approx((32, 48))
    assert cost.range_shown == "£32.00 to £48.00"
    bare = named(scenario, "staff.manager.hourly_cost")
    assert (bare.p10_p90, bare.range_shown) == (None, "")


def test_the_range_of_a_whole_number_is_whole_as_is_what_is_made_of_it(
    scenario: Scenario,
) -> None:
    heads = named(scenario, "staff.worker.headcount")
    assert heads.whole
    assert heads.p10_p90 == (2, 5)  # 2.3 and 4.7
    assert heads.range_shown == "2 people to 5 people"
    for end in (2, 5):
        moved = with_values(scenario, dict.fromkeys(heads.where, end))
        assert named(moved, heads.name).value == end


def test_one_of_something_is_not_written_as_several(read: Read) -> None:
    alone = named(read(TEXT.replace("unlimited", "1")), "staff.manager.headcount")
    assert alone.shown == "1 person"
    delayed = read(f"{TEXT}take_up: {{start_delay: 12 months}}\n")
    assert named(delayed, "take_up.start_delay").shown == "1 year"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (119, "min", "119 min"),
        (120, "min", "2 h"),
        (0.5, "years", "0.5 years"),
        (1234.5, "", "1,234.5"),
        (0, "£", "£0.00"),
        (None, "%", "unlimited"),
    ],
)
def test_a_value_is_shown_in_the_unit_in_which_people_think(
    value: float | None, unit: str, shown: str
) -> None:
    assert show(value, unit) == shown


# --- other values --------------------------------------------------------------------------------


def test_another_value_reaches_every_site_that_uses_it_and_nothing_else(scenario: Scenario) -> None:
    cost = named(scenario, "staff.worker.hourly_cost")
    changed = with_values(scenario, dict.fromkeys(cost.where, 44.0))
    for site in ("york", "bath"):
        assert changed.sites[site].staff["worker"].rate == 44
        assert scenario.sites[site].staff["worker"].rate == 40
    assert changed.sites["york"].pathways is scenario.sites["york"].pathways
    assert changed.sites["york"].staff["manager"] is scenario.sites["york"].staff["manager"]
    assert named(changed, "staff.worker.hourly_cost").value == 44
    same = [each.value for each in inputs(changed) if each.name != cost.name]
    assert same == [each.value for each in inputs(scenario) if each.name != cost.name]


def test_another_value_keeps_the_story_and_the_range_of_the_number(scenario: Scenario) -> None:
    cost = named(scenario, "staff.worker.hourly_cost")
    after = named(with_values(scenario, dict.fromkeys(cost.where, 44.0)), cost.name)
    assert (after.source, after.p10_p90, after.place) == (cost.source, cost.p10_p90, cost.place)


def test_another_value_deep_inside_a_list_and_a_distribution_is_set(scenario: Scenario) -> None:
    mean = named(scenario, f"{VISIT}.lower.gamma.mean")
    assert any(isinstance(step, int) for step in mean.where[0])
    changed = with_values(scenario, dict.fromkeys(mean.where, 420.0))
    assert named(changed, mean.name).value == 420
    assert named(scenario, mean.name).value == 480


def test_a_count_of_people_stays_whole(scenario: Scenario) -> None:
    heads = named(scenario, "staff.worker.headcount")
    changed = named(with_values(scenario, dict.fromkeys(heads.where, 4.7)), heads.name)
    assert changed.value == 5
    assert isinstance(changed.value, int)


def test_setting_every_input_to_its_own_value_changes_nothing(scenario: Scenario) -> None:
    values = {
        where: each.value
        for each in inputs(scenario)
        if each.value is not None
        for where in each.where
    }
    assert with_values(scenario, values) == scenario


def test_a_number_in_prices_without_a_deflator_is_a_problem_where_it_stands(read: Read) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(TEXT.replace("source: a table", "price_year: 2012-13"))
    (problem,) = caught.value.problems
    assert problem.code == "CS436"
    assert problem.path == "staff.worker.hourly_cost"
    assert "there is no deflator for 2012-13" in problem.message
    assert "deflators: FILE.csv" in problem.hint


def test_a_number_that_says_the_scenarios_own_price_year_is_no_problem(read: Read) -> None:
    same = read(TEXT.replace("source: a table", "price_year: 2016/17"))
    assert named(same, "staff.worker.hourly_cost").price_year == "2016-17"
