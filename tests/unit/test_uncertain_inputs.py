"""What a scenario may say of how unsure its inputs are, and what is made of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import yaml

from costsim.errors import Place, Problem, ScenarioError
from costsim.scenario.distributions import Distribution, Unsure
from costsim.scenario.editor import editor_schema
from costsim.scenario.families import Beta, Exponential, Family, Gamma
from costsim.scenario.fits import poor_fits
from costsim.scenario.fitting import from_moments
from costsim.scenario.inputs import Input, inputs, with_values
from costsim.scenario.loader import load
from costsim.scenario.quantities import Portion, portions
from costsim.scenario.schema import Scenario
from costsim.scenario.tables import Discrete
from costsim.scenario.unsure import Uncertainty

TEXT = """\
costsim: 1
title: Online form
price_year: 2016-17
horizon: 3 years
staff:
  worker: {hourly_cost: £40, headcount: 4}
referrals:
  per_year: 50
  need: {lower: 60%, higher: 40%}
pathways:
  old:
    start: visit
    activities:
      visit: {staff: {worker: 8 h}, next: closed}
    outcomes: [closed]
  new:
    start: form
    activities:
      form: {staff: {worker: 1 h}, next: {closed: 80%, panel: 20%}}
      panel: {staff: {worker: 2 h}, next: closed}
    outcomes: [closed]
"""
COST = "hourly_cost: £40"
VISIT = "visit: {staff: {worker: 8 h}"
NEXT = "{closed: 80%, panel: 20%}"
DIRICHLET = (
    "{closed: {value: 80%, uncertain: {dirichlet: 72}}, "
    "panel: {value: 20%, uncertain: {dirichlet: 18}}}"
)
DATA = (8.1, 9.4, 7.7, 10.2)
Read = Callable[[str], Scenario]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(text: str) -> Scenario:
        (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
        return load(tmp_path / "s.yaml")

    return reading


def named(scenario: Scenario, name: str) -> Input:
    (found,) = [each for each in inputs(scenario) if each.name == name]
    return found


def unsure_cost(read: Read, written: str) -> Family:
    """What a cost of £40 might be that is uncertain in this way."""
    text = TEXT.replace(COST, f"hourly_cost: {{value: £40, uncertain: {written}}}")
    family = named(read(text), "staff.worker.hourly_cost").uncertain
    assert family is not None
    return family


def visit_minutes(scenario: Scenario) -> Distribution[Any, Any]:
    staff = scenario.sites["site"].pathways["old"].activities["visit"].staff
    assert staff is not None
    always = staff[0]["worker"].always
    assert always is not None
    return always


def refused(read: Read, text: str) -> Problem:
    with pytest.raises(ScenarioError) as caught:
        read(text)
    (problem,) = caught.value.problems
    assert problem.hint
    return problem


# --- standard errors and data --------------------------------------------------------------------


@pytest.mark.parametrize("family", ["normal", "lognormal", "gamma", "uniform", "weibull"])
def test_a_mean_with_its_standard_error_is_a_distribution_of_the_mean(
    read: Read, family: str
) -> None:
    found = unsure_cost(read, f"{{{family}: {{mean: £40, se: £2}}}}")
    assert (found.mean, found.sd) == pytest.approx((40, 2))
    assert found == unsure_cost(read, f"{{{family}: {{mean: £40, sd: £2}}}}")


def test_a_share_with_a_standard_error_is_a_beta(read: Read) -> None:
    eligible = "take_up: {eligible: {value: 70%, uncertain: {beta: {mean: 70%, se: 10%}}}}\n"
    found = named(read(TEXT + eligible), "take_up.eligible").uncertain
    assert isinstance(found, Beta)
    assert (found.alpha, found.beta, found.low, found.high) == pytest.approx((14, 6, 0, 1))


@pytest.mark.parametrize("family", ["normal", "lognormal", "gamma"])
def test_of_data_under_uncertain_it_is_the_mean_that_is_unsure(read: Read, family: str) -> None:
    found = unsure_cost(read, f"{{{family}: {{data: [£38, £41, £42.50, £39]}}}}")
    values = [38, 41, 42.5, 39]
    assert found.mean == pytest.approx(40.125)
    assert found.sd == pytest.approx(np.std(values, ddof=1) / math.sqrt(4))


def test_data_of_a_share_make_a_beta_of_its_mean(read: Read) -> None:
    data = "beta: {data: [70%, 80%, 90%]}"
    text = f"{TEXT}take_up: {{eligible: {{value: 80%, uncertain: {{{data}}}}}}}\n"
    found = named(read(text), "take_up.eligible").uncertain
    expected = from_moments("beta", 0.8, 0.1 / math.sqrt(3))
    assert isinstance(found, Beta)
    assert isinstance(expected, Beta)
    assert (found.alpha, found.beta) == pytest.approx((expected.alpha, expected.beta))


@pytest.mark.parametrize("family", ["gamma", "lognormal", "weibull", "normal"])
def test_data_of_a_time_that_varies_give_its_mean_and_its_sd(read: Read, family: str) -> None:
    data = ", ".join(f"{hours} h" for hours in DATA)
    varying = f"visit: {{staff: {{worker: {{{family}: {{data: [{data}]}}}}}}"
    found = visit_minutes(read(TEXT.replace(VISIT, varying))).family()
    assert found.mean == pytest.approx(60 * np.mean(DATA))
    assert found.sd == pytest.approx(60 * np.std(DATA, ddof=1))


def test_an_exponential_has_the_mean_of_its_data_and_tells_how_far_its_sd_is_off(
    read: Read,
) -> None:
    data = ", ".join(f"{hours} h" for hours in DATA)
    varying = f"visit: {{staff: {{worker: {{exponential: {{data: [{data}]}}}}}}"
    fit = visit_minutes(read(TEXT.replace(VISIT, varying))).fit()
    assert isinstance(fit.family, Exponential)
    assert fit.wanted["sd"] == pytest.approx((60 * np.std(DATA, ddof=1), 531))
    sd = 60 * float(np.std(DATA, ddof=1))
    assert fit.error == pytest.approx((531 - sd) / sd)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("{normal: {mean: £40, sd: £2, se: £1}}", "sd and se are given at once"),
        ("{normal: {data: [£39, £40, £41], mean: £40}}", "data and mean are given at once"),
        ("{normal: {interval: [£39, £41], data: [£39, £40, £41]}}", "interval and data are given"),
        (
            "{normal: {quantiles: {p10: £39, p90: £41}, interval: [£39, £41]}}",
            "quantiles and interval are given at once",
        ),
        ("{normal: {data: [£40, £40, £40]}}", "all the same, so they do not tell how unsure"),
        ("{exponential: {mean: £40, se: £2}}", "its sd would be 40"),
        ("{gamma: {se: £2}}", "se does not determine it"),
    ],
)
def test_figures_that_do_not_go_together_are_refused_in_plain_words(
    read: Read, written: str, words: str
) -> None:
    text = TEXT.replace(COST, f"hourly_cost: {{value: £40, uncertain: {written}}}")
    problem = refused(read, text)
    assert problem.code == "CS313"
    assert words in problem.message


def test_a_time_that_varies_has_no_standard_error(read: Read) -> None:
    varying = "visit: {staff: {worker: {gamma: {mean: 8 h, se: 1 h}}}"
    problem = refused(read, TEXT.replace(VISIT, varying))
    assert problem.code == "CS313"
    assert "how unsure a mean is" in problem.message
    assert problem.hint == "Write its sd, or write the se of its mean under uncertain"


# --- fits ----------------------------------------------------------------------------------------


def test_a_fit_has_each_figure_as_it_was_asked_for_and_as_it_came_out() -> None:
    quantiles = {"p5": 0.9, "p25": 2, "p50": 3, "p75": 5, "p95": 9}
    written = Unsure[float, float].model_validate({"gamma": {"quantiles": quantiles}})
    fit = written.fit()
    assert fit.family == written.family()
    assert list(fit.wanted) == list(quantiles)
    assert [asked for asked, _ in fit.wanted.values()] == list(quantiles.values())
    got = fit.family.quantile(np.array([0.05, 0.25, 0.5, 0.75, 0.95])).tolist()
    assert [figure for _, figure in fit.wanted.values()] == pytest.approx(got)
    misses = [abs(figure - asked) for asked, figure in fit.wanted.values()]
    assert 0.001 < fit.error == pytest.approx(max(misses) / (9 - 0.9))


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ({"gamma": {"mean": 8, "sd": 3}}, ["mean", "sd"]),
        ({"gamma": {"mean": 8, "se": 3}}, ["mean", "se"]),
        ({"gamma": {"data": [8, 9, 7]}}, ["mean", "sd"]),
        ({"lognormal": {"interval": [2, 20], "level": 0.8}}, ["p10", "p90"]),
        ({"lognormal": {"interval": [2, 20]}}, ["p2.5", "p97.5"]),
        ({"weibull": {"quantiles": {"p90": 9, "p12.5": 2}}}, ["p12.5", "p90"]),
        ({"pert": {"low": 2, "mean": 5, "high": 9}}, ["mean"]),
        ({"exponential": {"quantiles": {"p50": 4}}}, ["p50"]),
        ({"pert": [2, 5, 9]}, []),
        ({"exponential": {"mean": 5}}, []),
        ({"beta": {"alpha": 2, "beta": 3}}, []),
        ({"discrete": [{"value": 1, "share": 0.5}, {"value": 2, "share": 0.5}]}, []),
        ({"fixed": 3}, []),
        ({"dirichlet": 72}, []),
    ],
)
def test_what_decides_a_distribution_is_met_but_for_rounding(
    written: dict[str, Any], names: list[str]
) -> None:
    unsure = Unsure[float, float].model_validate(written)
    unsure.among(90)
    fit = unsure.fit()
    assert list(fit.wanted) == names
    assert fit.error < 1e-6


def test_distributions_that_miss_their_figures_are_told_by_name_place_and_miss(read: Read) -> None:
    quantiles = "{p5: 1 h, p25: 2 h, p50: 3 h, p75: 6 h, p95: 20 h}"
    text = TEXT.replace(VISIT, f"visit: {{staff: {{worker: {{gamma: {{quantiles: {quantiles}}}}}}}")
    text = text.replace(COST, "hourly_cost: {value: £40, uncertain: {normal: {mean: £40, se: £2}}}")
    (poor,) = poor_fits(read(text))
    assert poor.name == "pathways.old.activities.visit.staff.worker"
    assert isinstance(poor.place, Place)
    assert poor.place.line == 14
    assert poor.sentence == (
        "the nearest gamma has p25 36.27 min where 2 h was asked for, a miss of 7% of the spread"
    )
    assert poor_fits(read(text), above=0.08) == ()


def test_an_uncertain_number_that_misses_its_figures_is_told_by_its_own_name(read: Read) -> None:
    normal = "{normal: {quantiles: {p5: £30, p50: £38, p95: £50}}}"
    text = TEXT.replace(COST, f"hourly_cost: {{value: £40, uncertain: {normal}}}")
    (poor,) = poor_fits(read(text))
    assert (poor.name, poor.family, poor.unit) == ("staff.worker.hourly_cost", "normal", "£")
    assert poor.place is not None
    assert poor.place.line == 6


def test_a_distribution_that_every_site_shares_is_told_once(read: Read) -> None:
    quantiles = "{p5: 1 h, p25: 2 h, p50: 3 h, p75: 6 h, p95: 20 h}"
    text = TEXT.replace(VISIT, f"visit: {{staff: {{worker: {{gamma: {{quantiles: {quantiles}}}}}}}")
    assert len(poor_fits(read(f"{text}sites: {{york: {{}}, bath: {{}}}}\n"))) == 1


# --- alternatives --------------------------------------------------------------------------------


def test_alternatives_are_values_with_their_shares(read: Read) -> None:
    found = unsure_cost(read, "{discrete: [{value: £45, share: 60%}, {value: £32.50, share: 0.4}]}")
    assert found == Discrete((45, 32.5), (0.6, 0.4))


def test_a_time_that_varies_may_have_alternatives_too(read: Read) -> None:
    discrete = "{discrete: [{value: 10 days, share: 60%}, {value: 5 days, share: 40%}]}"
    found = visit_minutes(read(TEXT.replace(VISIT, f"visit: {{staff: {{worker: {discrete}}}")))
    assert found.family() == Discrete((4440, 2220), (0.6, 0.4))


def test_shares_of_alternatives_that_were_rounded_are_made_to_add_up(read: Read) -> None:
    third = ", ".join(f"{{value: £{pounds}, share: 33.3%}}" for pounds in (30, 40, 50))
    found = unsure_cost(read, f"{{discrete: [{third}]}}")
    assert isinstance(found, Discrete)
    assert found.shares == pytest.approx((1 / 3, 1 / 3, 1 / 3))


@pytest.mark.parametrize(
    ("written", "code", "words"),
    [
        ("[{value: £45, share: 60%}, {value: £30, share: 30%}]", "CS313", "add up to 90%, not"),
        ("[{value: £45, share: 60%}, {value: £45, share: 40%}]", "CS313", "45 is given twice"),
        ("[{value: £45, share: 100%}]", "CS207", "at least 2 needed, and 1 given"),
        ("[{value: £45, share: 60%}, {value: -£5, share: 40%}]", "CS308", "cannot be negative"),
        ("[{value: £45, share: 60%}, {share: 40%}]", "CS202", "value is missing"),
    ],
)
def test_impossible_alternatives_are_refused(
    read: Read, written: str, code: str, words: str
) -> None:
    uncertain = f"{{value: £40, uncertain: {{discrete: {written}}}}}"
    problem = refused(read, TEXT.replace(COST, f"hourly_cost: {uncertain}"))
    assert problem.code == code
    assert words in problem.message


@pytest.mark.parametrize(
    ("old", "key", "family", "figures"),
    [
        (COST, "hourly_cost", "discrete", "[{value: £30, share: 50%}, {value: £50, share: 50%}]"),
        ("closed: 80%", "closed", "dirichlet", "72"),
    ],
)
def test_who_forgets_uncertain_is_told_where_the_distribution_belongs(
    read: Read, old: str, key: str, family: str, figures: str
) -> None:
    problem = refused(read, TEXT.replace(old, f"{key}: {{{family}: {figures}}}"))
    assert problem.code == "CS201"
    assert problem.hint == f"This is one number: write value: ... and uncertain: {{{family}: ...}}"


@pytest.mark.parametrize("base", ["0%", "80%", "100%"])
def test_a_branch_that_is_there_or_not_takes_all_or_leaves_all_to_the_rest(
    read: Read, base: str
) -> None:
    either = "discrete: [{value: 0%, share: 60%}, {value: 100%, share: 40%}]"
    branch = f"{{panel: {{value: {base}, uncertain: {{{either}}}}}, closed: rest}}"
    scenario = read(TEXT.replace(NEXT, branch))
    where = ("sites", "site", "pathways", "new", "activities", "form", "next", "always", "panel")
    for share in (0.0, 1.0):
        changed = with_values(scenario, {where: share})
        leads = changed.sites["site"].pathways["new"].activities["form"].next.always
        assert leads is not None
        assert portions(leads) == {"closed": 1 - share, "panel": share}


def test_an_activity_whose_only_way_out_may_not_be_there_is_refused(read: Read) -> None:
    either = "discrete: [{value: 0%, share: 60%}, {value: 100%, share: 40%}]"
    leads = f"{{panel: 100%, closed: {{value: 0%, uncertain: {{{either}}}}}}}"
    text = TEXT.replace(NEXT, leads).replace("2 h}, next: closed", "2 h}, next: form")
    with pytest.raises(ScenarioError) as caught:
        read(text)
    assert {each.code for each in caught.value.problems} == {"CS424"}


# --- shares that were counted --------------------------------------------------------------------


def test_shares_that_were_counted_have_the_marginals_of_a_dirichlet(read: Read) -> None:
    scenario = read(TEXT.replace(NEXT, DIRICHLET))
    form = "pathways.new.activities.form.next"
    assert named(scenario, f"{form}.closed").uncertain == Beta(72, 18, 0, 1)
    assert named(scenario, f"{form}.panel").uncertain == Beta(18, 72, 0, 1)


def test_a_share_knows_the_cases_that_went_its_way(read: Read) -> None:
    leads = read(TEXT.replace(NEXT, DIRICHLET)).sites["site"].pathways["new"].activities["form"]
    always = leads.next.always
    assert always is not None
    shares = [always[name].uncertain for name in ("closed", "panel")]
    assert [each.concentration for each in shares if each is not None] == [72, 18]
    cost = Unsure[float, float].model_validate({"pert": [1, 2, 3]})
    assert cost.concentration is None


def test_needs_and_shares_by_need_are_counted_set_by_set(read: Read) -> None:
    need = "{lower: {value: 60%, uncertain: {dirichlet: 30}}, " \
        "higher: {value: 40%, uncertain: {dirichlet: 20}}}"  # fmt: skip
    text = TEXT.replace("{lower: 60%, higher: 40%}", need)
    by_need = f"{{by_need: {{lower: {DIRICHLET}, higher: closed}}}}"
    scenario = read(text.replace(NEXT, by_need))
    assert named(scenario, "referrals.need.lower").uncertain == Beta(30, 20, 0, 1)
    form = "pathways.new.activities.form.next.by_need.lower"
    assert named(scenario, f"{form}.panel").uncertain == Beta(18, 72, 0, 1)


def test_a_share_may_differ_from_its_cases_by_what_rounding_does(read: Read) -> None:
    cases = "{closed: {value: 67%, uncertain: {dirichlet: 2}}, " \
        "panel: {value: 33%, uncertain: {dirichlet: 1}}}"  # fmt: skip
    closed = named(read(TEXT.replace(NEXT, cases)), "pathways.new.activities.form.next.closed")
    assert closed.uncertain == Beta(2, 1, 0, 1)


@pytest.mark.parametrize(
    ("leads", "code", "words"),
    [
        (DIRICHLET.replace("{value: 20%, uncertain: {dirichlet: 18}}", "20%"), "CS451", "panel"),
        (DIRICHLET.replace("{value: 20%, uncertain: {dirichlet: 18}}", "rest"), "CS451", "panel"),
        (DIRICHLET.replace("dirichlet: 18", "beta: [2, 8, 0%, 100%]"), "CS451", "panel has none"),
        ("{panel: {value: 100%, uncertain: {dirichlet: 18}}}", "CS451", "two shares or more"),
        (DIRICHLET.replace("18", "23"), "CS452", "closed is 80%, but 72 of 95 cases are 75.79%"),
        (DIRICHLET.replace("20%", "rest"), "CS308", "no number cannot be uncertain"),
        (DIRICHLET.replace("72", "0"), "CS307", "0 is no number of cases"),
        (DIRICHLET.replace("72", "-1"), "CS307", "-1 is no number of cases"),
        (DIRICHLET.replace("72", "72000").replace("18", "28001"), "CS307", "more than 100,000"),
        (DIRICHLET.replace("72", "many"), "CS304", "'many' is not a number"),
        (DIRICHLET.replace("20%", "30%"), "CS403", "add up to 110%"),
    ],
)
def test_shares_that_were_counted_must_fit_their_cases(
    read: Read, leads: str, code: str, words: str
) -> None:
    problem = refused(read, TEXT.replace(NEXT, leads))
    assert problem.code == code
    assert words in problem.message


@pytest.mark.parametrize(
    "written",
    [
        "take_up: {eligible: {value: 80%, uncertain: {dirichlet: 72}}}\n",
        "one_off: {test: {other: {value: £80, uncertain: {dirichlet: 72}}}}\n",
    ],
)
def test_a_number_that_is_no_share_of_a_set_cannot_be_a_dirichlet(read: Read, written: str) -> None:
    problem = refused(read, TEXT + written)
    assert problem.code == "CS453"
    assert "beta" in problem.hint


def test_a_time_that_varies_cannot_be_a_dirichlet(read: Read) -> None:
    problem = refused(read, TEXT.replace(VISIT, "visit: {staff: {worker: {dirichlet: 72}}"))
    assert problem.code == "CS201"


def test_a_dirichlet_that_was_not_told_of_the_others_has_no_distribution() -> None:
    alone = Unsure[float, float].model_validate({"dirichlet": 72})
    with pytest.raises(ValueError, match="of several shares"):
        alone.family()


@pytest.mark.parametrize("draw", [(0.7, 0.3), (1 / 3, 1 - 1 / 3), (0.1 + 0.2, 0.7)])
def test_counted_shares_that_are_all_set_at_once_stay_as_they_are(
    read: Read, draw: tuple[float, float]
) -> None:
    scenario = read(TEXT.replace(NEXT, DIRICHLET))
    form = "pathways.new.activities.form.next"
    both = (named(scenario, f"{form}.{name}").where[0] for name in ("closed", "panel"))
    changed = with_values(scenario, dict(zip(both, draw, strict=True)))
    leads = changed.sites["site"].pathways["new"].activities["form"].next.always
    assert leads is not None
    assert portions(leads) == dict(zip(("closed", "panel"), draw, strict=True))
    assert named(changed, f"{form}.closed").uncertain == Beta(72, 18, 0, 1)


# --- what is possible ----------------------------------------------------------------------------

SHARE = "take_up: {{eligible: {{value: 90%, uncertain: {}}}}}\n"
MINUTES = "targets: {{decision: {{value: 1 h, uncertain: {}}}}}\n"
POUNDS = "one_off: {{test: {{other: {{value: £5, uncertain: {}}}}}}}\n"


@pytest.mark.parametrize(
    ("line", "written", "words"),
    [
        (SHARE, "{normal: {mean: 90%, se: 1%}}", "0% and 100%"),
        (SHARE, "{normal: {data: [80%, 90%, 100%]}}", "0% and 100%"),
        (SHARE, "{uniform: {mean: 90%, se: 10%}}", "0% and 100%"),
        (SHARE, "{uniform: {data: [60%, 95%, 100%]}}", "0% and 100%"),
        (SHARE, "{gamma: {quantiles: {p5: 80%, p50: 90%, p95: 99%}}}", "0% and 100%"),
        (SHARE, "{beta: {mean: 90%, se: 1%, low: 50%, high: 100%}}", ""),
        (SHARE, "{discrete: [{value: 50%, share: 50%}, {value: 100%, share: 50%}]}", ""),
        (MINUTES, "{uniform: {mean: 1 h, se: 50 min}}", "cannot be negative"),
        (MINUTES, "{triangular: {data: [5 min, 1 h, 3 h]}}", "cannot be negative"),
        (
            MINUTES,
            "{uniform: {quantiles: {p5: 1 min, p50: 1 h, p60: 75 min}}}",
            "cannot be negative",
        ),
        (MINUTES, "{normal: {mean: 1 h, se: 50 min}}", ""),
        (POUNDS, "{pert: {mean: £5, se: £3}}", "cannot be negative"),
        (POUNDS, "{discrete: [{value: £6, share: 50%}, {value: -£1, share: 50%}]}", "negative"),
        (POUNDS, "{lognormal: {mean: £5, se: £3}}", ""),
    ],
)
def test_no_form_of_uncertainty_leads_out_of_what_is_possible(
    read: Read, line: str, written: str, words: str
) -> None:
    text = TEXT + line.format(written)
    if not words:
        assert [each for each in inputs(read(text)) if each.uncertain is not None]
        return
    problem = refused(read, text)
    assert problem.code == "CS308"
    assert words in problem.message


@pytest.mark.parametrize(
    ("written", "code", "words"),
    [
        ("{discrete: [{value: 0.5, share: 50%}, {value: 4, share: 50%}]}", "CS305", "0.5"),
        ("{discrete: [{value: 0, share: 50%}, {value: 4, share: 50%}]}", "CS308", "between 1 and"),
        ("{uniform: {data: [4.5, 4, 4]}}", "CS305", "4.5 is not a whole number"),
        ("{uniform: {data: [1, 3, 8]}}", "CS308", "between 1 and"),
        ("{normal: {mean: 4, se: 1}}", "CS308", "between 1 and"),
        ("{uniform: [4, unlimited]}", "CS313", "low does not determine it"),
        ("{empirical: [4, unlimited]}", "CS313", "every figure must be a number"),
        ("{uniform: {data: [4, 5, unlimited]}}", "CS313", "every figure must be a number"),
    ],
)
def test_people_come_whole_and_at_least_one_at_a_time(
    read: Read, written: str, code: str, words: str
) -> None:
    text = TEXT.replace("headcount: 4", f"headcount: {{value: 4, uncertain: {written}}}")
    problem = refused(read, text)
    assert problem.code == code
    assert words in problem.message


@pytest.mark.parametrize("family", ["normal", "lognormal"])
def test_a_share_of_several_may_not_rise_above_all_of_them(read: Read, family: str) -> None:
    uncertain = f"{{{family}: {{mean: 80%, se: 4%}}}}"
    leads = f"{{closed: {{value: 80%, uncertain: {uncertain}}}, panel: rest}}"
    problem = refused(read, TEXT.replace(NEXT, leads))
    assert (problem.code, "between 0% and 100%" in problem.message) == ("CS308", True)


def test_a_share_moved_to_either_end_of_its_alternatives_stays_a_share() -> None:
    either = {"discrete": [{"value": "0%", "share": 0.5}, {"value": "100%", "share": 0.5}]}
    share = Portion.model_validate({"value": "40%", "uncertain": either})
    assert [share.moved(end).value for end in (0.0, 1.0)] == [0, 1]
    with pytest.raises(ValueError, match="must lie between"):
        share.moved(1.01)


# --- the section `uncertainty` -------------------------------------------------------------------

TWO = (
    TEXT.replace(COST, "hourly_cost: {value: £40, uncertain: {normal: {mean: £40, se: £2}}}")
    .replace("per_year: 50", "per_year: {value: 50, uncertain: {gamma: {mean: 50, se: 5}}}")
    .replace(NEXT, DIRICHLET)
)
BETWEEN = "[staff.worker.hourly_cost, referrals.per_year]"


def correlated(*lines: str) -> str:
    listed = "".join(f"\n  - {{{line}}}" for line in lines)
    return f"{TWO}uncertainty:\n  correlations:{listed}\n"


def test_a_scenario_that_says_nothing_of_uncertainty_has_the_defaults(read: Read) -> None:
    found = read(TEXT).uncertainty
    assert found == Uncertainty()
    assert (found.draws, found.sampling, found.correlations, found.target) == (
        None, "latin_hypercube", [], None,
    )  # fmt: skip


def test_the_section_says_draws_sampling_correlations_and_target(read: Read) -> None:
    correlations = f"correlations: [{{between: {BETWEEN}, rank: 60%, source: a panel, note: few}}]"
    target = "target: {value: £10000, price_year: 2016-17, source: the budget}"
    text = f"{TWO}uncertainty: {{draws: 2000, sampling: sobol, {correlations}, {target}}}\n"
    found = read(text).uncertainty
    assert (found.draws, found.sampling) == (2000, "sobol")
    (pair,) = found.correlations
    assert pair.between == ["staff.worker.hourly_cost", "referrals.per_year"]
    assert (pair.rank, pair.source, pair.note) == (0.6, "a panel", "few")
    assert found.target is not None
    assert found.target.pounds == 10_000


def test_a_target_in_other_prices_is_brought_to_those_of_the_scenario(read: Read) -> None:
    text = TWO.replace("price_year: 2016-17", "price_year: 2024-25")
    found = read(f"{text}uncertainty: {{target: {{value: £100, price_year: 2016-17}}}}\n")
    assert found.uncertainty.target is not None
    assert found.uncertainty.target.pounds == pytest.approx(131.43, abs=0.05)


@pytest.mark.parametrize(
    ("written", "rank"), [("0.25", 0.25), ("-1", -1), ("-100%", -1), ("100%", 1), ("0", 0)]
)
def test_a_rank_is_a_percentage_or_a_number(read: Read, written: str, rank: float) -> None:
    (pair,) = read(correlated(f"between: {BETWEEN}, rank: {written}")).uncertainty.correlations
    assert pair.rank == rank


def test_what_extends_a_scenario_replaces_its_distributions_whole_and_keeps_its_section(
    read: Read, tmp_path: Path
) -> None:
    (tmp_path / "base.yaml").write_text(correlated(f"between: {BETWEEN}, rank: 0.5"), "utf-8")
    over = "staff: {worker: {hourly_cost: {uncertain: {uniform: {mean: £40, se: £1}}}}}\n"
    found = read(f"extends: base.yaml\n{over}uncertainty: {{draws: 500}}\n")
    assert named(found, "staff.worker.hourly_cost").uncertain == from_moments("uniform", 40, 1)
    assert found.uncertainty.draws == 500
    assert len(found.uncertainty.correlations) == 1


def test_correlations_go_by_the_names_that_inputs_have_at_sites(read: Read) -> None:
    sites = "sites: {york: {}, bath: {referrals: {per_year: {value: 9, uncertain: [8, 10]}}}}\n"
    sites = sites.replace("[8, 10]", "{uniform: [8, 10]}")
    between = "[sites.bath.referrals.per_year, referrals.per_year]"
    found = read(correlated(f"between: {between}, rank: 0.5") + sites)
    assert len(found.uncertainty.correlations) == 1


@pytest.mark.parametrize(
    ("names", "code", "message", "hint"),
    [
        (
            "staff.worker.hourly_cst",
            "CS454",
            "'staff.worker.hourly_cst' is not the name of an input",
            "Did you mean staff.worker.hourly_cost?",
        ),
        (
            "staff.worker.headcount",
            "CS455",
            "'staff.worker.headcount' is not uncertain",
            "Say how unsure it is",
        ),
        (
            "pathways.new.activities.form.next.closed",
            "CS455",
            "has a dirichlet",
            "cannot be correlated",
        ),
        ("referrals.per_year", "CS456", "goes together with itself", "two different inputs"),
    ],
)
def test_a_name_that_cannot_be_correlated_is_a_problem_where_it_stands(
    read: Read, names: str, code: str, message: str, hint: str
) -> None:
    text = correlated(f"between: [referrals.per_year, {names}], rank: 0.5")
    problem = refused(read, text)
    assert problem.code == code
    assert message in problem.message
    assert hint in problem.hint
    assert problem.place is not None
    line = text.split("\n")[problem.place.line - 1]
    assert line[problem.place.column - 1 :].startswith(names)
    assert problem.source_line == line


def test_a_pair_given_twice_is_a_problem_in_either_order(read: Read) -> None:
    turned = "[referrals.per_year, staff.worker.hourly_cost]"
    text = correlated(f"between: {BETWEEN}, rank: 0.5", f"between: {turned}, rank: -50%")
    problem = refused(read, text)
    assert problem.code == "CS456"
    assert "line 24" in problem.message
    assert problem.place is not None
    assert problem.place.line == 25


@pytest.mark.parametrize(
    ("written", "code", "words"),
    [
        ("draws: 9", "CS307", "9 is outside 10 to 10,000,000"),
        ("draws: 10000001", "CS307", "outside 10 to"),
        ("draws: 10.5", "CS305", "not a whole number"),
        ("sampling: sobel", "CS208", "'sobel' is not one of the words"),
        ("target: -£5", "CS307", "cannot be negative"),
        ("target: {value: £5, uncertain: {uniform: [£4, £6]}}", "CS458", "cannot be uncertain"),
        ("drawz: 10", "CS201", "'drawz' is not a key"),
        (f"correlations: [{{between: {BETWEEN}, rank: 1.01}}]", "CS457", "1.01 is impossible"),
        (f"correlations: [{{between: {BETWEEN}, rank: -101%}}]", "CS457", "-101% is impossible"),
        (f"correlations: [{{between: {BETWEEN}, rank: high}}]", "CS304", "'high' is not a rank"),
        (f"correlations: [{{between: {BETWEEN}}}]", "CS202", "rank is missing"),
        ("correlations: [{between: [referrals.per_year], rank: 1}]", "CS207", "at least 2 needed"),
        (f"correlations: [{{betwen: {BETWEEN}, rank: 0.1}}]", "CS201", "'betwen' is not a key"),
    ],
)
def test_what_the_section_cannot_say_is_refused(
    read: Read, written: str, code: str, words: str
) -> None:
    problem = refused(read, f"{TWO}uncertainty: {{{written}}}\n")
    assert problem.code == code
    assert words in problem.message


def test_three_names_in_one_correlation_are_refused(read: Read) -> None:
    three = "[staff.worker.hourly_cost, referrals.per_year, staff.worker.headcount]"
    problem = refused(read, correlated(f"between: {three}, rank: 0.5"))
    assert "no more than 2" in problem.message
    assert problem.place is not None
    assert problem.place.line == 24


def test_an_editor_knows_every_way_of_being_unsure() -> None:
    judge = jsonschema.Draft7Validator(editor_schema())
    written = yaml.safe_load(
        f"{TWO}uncertainty: {{draws: 2000, target: £9, "
        f"correlations: [{{between: {BETWEEN}, rank: 60%}}]}}\n"
        "running_costs: {new: {licence: £500}}\nprices: {pay_growth: 1%}\n"
    )
    assert list(judge.iter_errors(written)) == []
    written["staff"]["worker"]["hourly_cost"]["uncertain"] = "£40"
    assert list(judge.iter_errors(written)) == []
    written["uncertainty"]["drawz"] = 3
    assert len(list(judge.iter_errors(written))) == 1


def test_a_list_still_stands_for_the_familys_own_parameters(read: Read) -> None:
    assert unsure_cost(read, "{gamma: [16, £2.50]}") == Gamma(16, 2.5)
