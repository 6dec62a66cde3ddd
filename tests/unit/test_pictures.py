"""Pictures of analyses: what they say, what they draw, and that what they draw can be read."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from costsim.drawing.canvas import WIDTH, width_of
from costsim.drawing.figure import Figure
from costsim.scenario.inputs import Input
from costsim.scenario.loader import load
from costsim.uncertainty.acceptability import acceptability
from costsim.uncertainty.oneway import Tornado, one_way
from costsim.uncertainty.pictures.grid import Shades, Side
from costsim.uncertainty.pictures.histogram import Bars, net_benefit
from costsim.uncertainty.pictures.plane import Cloud, Plane
from costsim.uncertainty.probabilistic import Probabilistic, probabilistic
from costsim.uncertainty.twoway import TwoWay, two_way
from costsim.words import money
from tests.architecture.checkout import ROOT
from tests.unit.uncertain import HOURS_BY_WAGE, scenario_of

SVG = "{http://www.w3.org/2000/svg}"
FIVE_WAYS = ROOT / "scenarios" / "features" / "23-cost-effectiveness.yaml"
UNSURE = {
    "called: 0.5": "called: {value: 0.5, uncertain: {uniform: [0.1, 0.9]}}",
    "hourly_cost: £40,": "hourly_cost: {value: £40, uncertain: {pert: [£30, £40, £60]}},",
    "cost: £400": "cost: {value: £400, uncertain: {pert: [£250, £400, £900]}}",
}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Tornado:
    """Net benefit is hours x wage - £480, of two inputs."""
    scenario = scenario_of(tmp_path_factory.mktemp("product"), HOURS_BY_WAGE)
    return one_way(scenario, replications=2)


@pytest.fixture(scope="module")
def drawn(product: Tornado) -> Probabilistic:
    return probabilistic(product.base.scenario, draws=400, seed=1)


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Probabilistic:
    """Four options against doing nothing, with an effect that has a worth."""
    text = FIVE_WAYS.read_text(encoding="utf-8")
    for old, new in UNSURE.items():
        assert old in text
        text = text.replace(old, new)
    file = tmp_path_factory.mktemp("ways") / "ways.yaml"
    file.write_text(text, encoding="utf-8")
    return probabilistic(load(file), draws=600, seed=2)


@pytest.fixture(scope="module")
def grid(product: Tornado) -> TwoWay:
    first, second = product.steady.parameters.names
    return two_way(product.steady, first, second)


@pytest.fixture(scope="module")
def every(
    product: Tornado, drawn: Probabilistic, ways: Probabilistic, grid: TwoWay
) -> list[Figure]:
    never = replace(product.swings[0], at_high=math.inf, at_low=math.nan)
    return [
        drawn.plot(),
        ways.plot("centre"),
        ways.plane_plot("helped"),
        ways.acceptability("helped").plot(),
        product.plot(),
        replace(product, swings=(never, *product.swings[1:])).plot(),
        replace(product, swings=()).plot(),
        grid.plot(),
        replace(grid, outcome=np.abs(grid.outcome), contour=()).plot(),
    ]


def root(figure: Figure, captioned: bool = False) -> ET.Element:
    return ET.fromstring(figure.svg(captioned))  # noqa: S314 - what costsim has just drawn


def texts(figure: Figure) -> list[str]:
    return [each.text or "" for each in root(figure).iter(f"{SVG}text")]


def boxes(figure: Figure) -> Iterator[tuple[float, float, float, float, str]]:
    """Left, top, right and bottom of each text, somewhat inside its letters, in points."""
    for each in root(figure, captioned=True).iter(f"{SVG}text"):
        size = float(each.attrib["font-size"])
        wide = 72 * width_of(each.text or "", size, each.get("font-weight") is not None)
        start = {"middle": wide / 2, "end": wide}.get(each.get("text-anchor", ""), 0.0)
        left, base = float(each.attrib["x"]) - start, float(each.attrib["y"])
        yield left + 1, base - size * 0.6, left + wide - 1, base, each.text or ""


# --- all of them ---------------------------------------------------------------------------------


def test_every_picture_has_its_words_and_a_table_as_wide_as_its_header(every: list[Figure]) -> None:
    for figure in every:
        assert all((figure.title, figure.subtitle, figure.source, figure.description))
        assert all(len(row) == len(figure.header) for row in figure.rows)
        assert not re.search(r"\b(nan|inf)\b", " ".join(texts(figure)) + figure.description)
        assert root(figure)[1].text == figure.description


def test_no_text_of_a_picture_runs_off_the_sheet_or_over_another(every: list[Figure]) -> None:
    for figure in every:
        found = list(boxes(figure))
        for number, one in enumerate(found):
            assert -1 <= one[0] <= one[2] <= 72 * WIDTH + 1, (figure.name, one[4])
            for other in found[:number]:
                apart = (
                    one[2] <= other[0]
                    or other[2] <= one[0]
                    or one[3] <= other[1]
                    or other[3] <= one[1]
                )
                assert apart, (figure.name, one[4], other[4])


def test_every_picture_is_light_enough_for_a_page(every: list[Figure]) -> None:
    sizes = {figure.name: len(figure.svg().encode()) for figure in every}
    assert max(sizes.values()) < 120_000, sizes


# --- how sure it is ------------------------------------------------------------------------------


def test_bars_hold_every_draw_and_what_comes_to_nothing_does_not_pay() -> None:
    values = np.array([-3.0, 0.0, 0.0, 1.0, 2.0, 4.0, 4.0, 9.0])
    bars = Bars.of(values)
    assert bars.shares.sum() == pytest.approx(1.0)
    assert 0.0 in bars.edges
    assert bars.shares[bars.edges[:-1] < 0].sum() == pytest.approx(3 / 8)


def test_the_outermost_bars_hold_far_tails_and_say_so() -> None:
    values = np.concatenate([np.linspace(1, 100, 998), [1e6, -1e6]])
    bars = Bars.of(values)
    assert bars.beyond == (True, True)
    assert bars.edges[-1] < 200
    assert bars.shares.sum() == pytest.approx(1.0)
    words = [each for each, _ in bars.rows()]
    assert words[0].endswith("or less")
    assert words[-1].startswith("Above £")


@pytest.mark.parametrize("value", [0.0, 5.0, -5.0, 1e9, 0.004])
def test_draws_that_are_all_the_same_stand_in_one_bar(value: float) -> None:
    bars = Bars.of(np.full(20, value))
    place = int(np.flatnonzero(bars.shares)[0])
    assert bars.shares[place] == 1.0
    assert bars.edges[place] < value <= bars.edges[place + 1]


def test_the_histogram_says_how_often_it_pays_and_marks_its_percentiles(
    drawn: Probabilistic,
) -> None:
    figure, spread = drawn.plot(), drawn.spread_of("net_benefit")
    said = texts(figure)
    for name, value in {"P10": spread.p10, "P50": spread.p50, "P90": spread.p90}.items():
        assert f"{name} {money(value)}" in said
    share = f"{drawn.pays().value:.0%}"
    assert f"in {share} of draws" in figure.title
    assert f"It pays: {share} of draws" in said
    known = {row[0]: row[1] for row in figure.rows}
    assert known["Draws in which it pays"] == f"{drawn.pays().value:.1%}"
    assert known["Mean of the draws"] == money(spread.mean)


def test_bars_that_do_not_pay_are_hatched_and_only_they(drawn: Probabilistic) -> None:
    values = drawn.draws.outcome("net_benefit", "new")
    bars = Bars.of(values)
    losing = int(((bars.edges[:-1] < 0) & (bars.shares > 0)).sum())
    hatched = [
        path
        for path in root(drawn.plot()).iter(f"{SVG}path")
        if path.get("fill", "").startswith("url(") and path.get("clip-path")
    ]
    assert losing > 3
    assert len(hatched) == 1 + int((bars.edges[:-1] < 0).sum())  # and one in the key


def test_another_option_has_a_picture_of_its_own(ways: Probabilistic) -> None:
    figure = ways.plot("centre")
    assert figure.name == "net-benefit-draws-centre"
    assert figure.title.startswith("“centre” pays")
    assert ways.plot().title.startswith(f"“{ways.option}” pays")


def test_where_no_draw_could_be_evaluated_the_picture_says_so(drawn: Probabilistic) -> None:
    answers = drawn.draws.answers
    empty = replace(answers, values=np.full_like(answers.values, np.nan))
    figure = net_benefit(replace(drawn, draws=replace(drawn.draws, answers=empty)))
    assert figure.title == "No draw could be evaluated"
    assert texts(figure) == ["There is nothing to draw."]


def test_chance_within_draws_is_said_where_it_widens_the_bars(
    drawn: Probabilistic, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "chance widens" not in drawn.plot().description
    spread = replace(drawn.spread_of("net_benefit"), noise_ratio=0.2)
    monkeypatch.setattr(Probabilistic, "spread_of", lambda *_: spread)
    figure = drawn.plot()
    assert "chance widens the bars" in figure.description
    assert "chance widens the bars" in " ".join(texts(figure))


# --- the cost-effectiveness plane ----------------------------------------------------------------


def test_quarters_of_the_plane_hold_every_draw_once() -> None:
    cloud = Cloud("new", np.array([-1.0, 1, -1, 1, 0]), np.array([1.0, 1, -1, -1, 0]))
    assert list(cloud.quarters.values()) == [0.2, 0.2, 0.4, 0.2]


def test_at_most_2000_points_are_drawn(ways: Probabilistic) -> None:
    many = np.arange(3000.0)
    clouds = tuple(Cloud(name, many, many) for name in ways.names[1:])
    view = Plane(ways.scenario, "helped", clouds, None)
    assert [len(cloud.costs) for cloud in view.shown] == [500] * 4
    assert "the first 500 of 3,000" in view.measure
    assert "the first" not in replace(view, clouds=(clouds[0].first(2000),)).measure


def test_each_option_has_marks_of_its_own_shape_and_a_diamond(ways: Probabilistic) -> None:
    figure = ways.plane_plot("helped")
    strokes = {
        path.get("stroke"): len(re.findall("M", path.attrib["d"]))
        for path in root(figure).iter(f"{SVG}path")
        if len(path.get("d", "")) > 2000
    }
    assert len(strokes) == 4
    assert set(strokes.values()) == {500}
    assert sum("its mean as a diamond" in each for each in texts(figure)) == 4


def test_the_worth_of_an_effect_is_a_line_with_a_key(ways: Probabilistic) -> None:
    line = "£1,000 for one more of “helped”: below it, worth its cost"
    assert line in texts(ways.plane_plot("helped"))
    assert "£1,000 for one more of “helped”" in ways.plane_plot("helped").description


# --- acceptability -------------------------------------------------------------------------------


def curves_of(names: tuple[str, ...], seed: int = 3) -> Any:
    luck = np.random.default_rng(seed)
    number = len(names)
    costs = luck.normal(np.arange(number) * 100.0, 20.0, (300, number))
    effects = luck.normal(np.arange(number) * 1.0, 0.2, (300, number))
    return acceptability("helped", names, costs, effects, np.linspace(0, 200, 41))


def test_the_title_says_from_which_price_another_pathway_is_to_be_chosen() -> None:
    found = curves_of(("old", "new"))
    turn = next(price for price, best in zip(found.prices, found.best, strict=True) if best)
    assert found.plot().title == (
        "“old” is the one to choose where nothing is paid for one more of “helped”, "
        f"“new” from about £{turn:g}"
    )


def test_a_pathway_that_is_always_best_is_said_to_be() -> None:
    found = curves_of(("old", "new"))
    always = replace(found, best=np.zeros_like(found.best))
    assert always.plot().title.startswith("“old” is the one to choose at every price up to £200")


def test_curves_have_a_key_and_the_frontier_is_drawn_as_circles() -> None:
    found = curves_of(("old", "new"))
    figure = found.plot()
    assert {"old", "new"} <= set(texts(figure))
    assert any("frontier" in each for each in texts(figure))
    circles = list(root(figure).iter(f"{SVG}use"))
    assert len(circles) > 20
    assert figure.rows[0][-2] == "old"
    assert figure.rows[-1][-2] == "new"


def test_of_many_pathways_those_to_choose_are_drawn_and_others_named() -> None:
    found = curves_of(("nothing", "a_way", "b", "c", "d", "e"))
    figure = found.plot()
    chosen = {found.names[number].replace("_", " ") for number in found.best}
    drawn = set(texts(figure)) & {"nothing", "a way", "b", "c", "d", "e"}
    assert len(drawn) == 4
    assert chosen <= drawn
    assert "; not drawn: " in figure.subtitle
    assert len(figure.header) == 6 + 3


# --- one input at a time -------------------------------------------------------------------------


def test_a_tornado_has_two_bars_for_each_input_with_its_values_beside_them(
    product: Tornado,
) -> None:
    figure = product.plot()
    said = texts(figure)
    for swing in product.swings:
        assert {swing.low_shown, swing.high_shown} <= set(said)
    assert f"as it stands {money(product.value)}" in said
    assert [row[0] for row in figure.rows] == [swing.input.name for swing in product.swings]
    assert "2 inputs alone turn whether it pays" in figure.title


def test_only_the_largest_swings_are_drawn_and_the_table_has_all(product: Tornado) -> None:
    figure = replace(product, swings=product.swings * 10).plot()
    assert len(figure.rows) == 20
    assert "the 15 largest of 20" in figure.subtitle
    assert texts(figure).count(product.swings[0].low_shown) == 8


def test_an_end_that_never_comes_says_so(product: Tornado) -> None:
    never = replace(product.swings[0], at_high=math.inf)
    figure = replace(product, swings=(never,)).plot()
    assert f"{never.high_shown}: never" in texts(figure)
    assert "none" in figure.rows[0]


def test_an_end_at_which_there_is_no_outcome_has_no_bar(product: Tornado) -> None:
    first = product.swings[0]
    figure = replace(product, swings=(replace(first, at_low=math.nan),)).plot()
    assert first.high_shown in texts(figure)
    assert not any(each.startswith(first.low_shown) for each in texts(figure))


# --- two inputs together -------------------------------------------------------------------------


def test_shades_lead_away_from_nothing_which_does_not_pay() -> None:
    shades = Shades.of(np.array([[-29.0, -10.0, 0.0], [0.1, 10.0, 30.0], [math.nan, 11.0, -30.0]]))
    assert shades.step == 10.0
    assert shades.number.tolist() == [[-3, -1, -1], [1, 1, 3], [0, 2, -3]]
    assert shades.words(-1) == "Does not pay: net cost of £0 to £10"
    assert not any(shades.ink(number).hatch for number in (1, 2, 3))
    assert all(shades.ink(number).hatch for number in (-1, -2, -3))


def test_a_grid_has_a_line_where_it_breaks_even_and_both_units(grid: TwoWay) -> None:
    figure = grid.plot()
    said = texts(figure)
    share = f"{grid.paying:.0%}"
    assert figure.title == f"It pays in {share} of the grid, and breaks even along the line"
    assert {"It breaks even", "As the scenario stands", "£40", "12 h"} <= set(said)
    assert any(each.startswith("Does not pay") for each in said)
    assert any(each.startswith("Pays") for each in said)
    assert len(figure.rows) == len(grid.first_values)


def test_a_grid_that_pays_throughout_has_no_line(grid: TwoWay) -> None:
    figure = replace(grid, outcome=np.abs(grid.outcome) + 1, contour=()).plot()
    assert figure.title == "It pays over the whole range of both inputs"
    assert "It breaks even" not in texts(figure)
    assert not any(each.startswith("Does not pay") for each in texts(figure))


@pytest.mark.parametrize(
    ("unit", "values", "expected"),
    [
        ("min", [30.0, 90.0], "40 min"),
        ("min", [400.0, 900.0], "8 h"),
        ("min", [4440.0, 22200.0], "20 days"),
        ("%", [0.1, 0.5], "30%"),
        ("£", [0.2, 0.9], "£0.40"),
        ("£", [20.0, 90.0], "£40"),
        ("people", [1.0, 2.0], "2 people"),
    ],
)
def test_an_axis_speaks_the_unit_of_its_input(
    product: Tornado, unit: str, values: list[float], expected: str
) -> None:
    each: Input = replace(product.swings[0].input, unit=unit, whole=unit == "people")
    ticks = Side(each, np.array(values)).ticks
    assert expected in ticks.values()
    assert 2 <= len(ticks) <= 7


def test_whole_inputs_have_ticks_at_whole_values_only(product: Tornado) -> None:
    each = replace(product.swings[0].input, unit="people", whole=True)
    assert all(float(tick).is_integer() for tick in Side(each, np.array([1.0, 2.0, 3.0])).ticks)


def test_a_picture_can_stand_in_a_file_of_its_own(drawn: Probabilistic, tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(drawn.plot().png())
    assert file.read_bytes().startswith(b"\x89PNG")
