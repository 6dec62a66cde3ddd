"""Money of one year in the prices of another, and an hour's cost built from a year's pay."""

from __future__ import annotations

from pathlib import Path

import pytest

import costsim
from costsim.economics.appraisal import CashFlow
from costsim.economics.budget import Parts, PriceLevels, budget, financial_year
from costsim.errors import ScenarioError
from costsim.scenario.deflators import Deflators, parsed, shipped
from costsim.scenario.quantities import Money
from costsim.scenario.staff import Pay, Role
from tests.faults.command import SCENARIO

TABLE = Deflators({"2023-24": 80.0, "2024-25": 100.0}, "a table")


def test_the_shipped_table_gives_the_published_steps() -> None:
    found = shipped()
    assert found.factor("2016-17", "2024-25") == pytest.approx(1.3143, abs=5e-5)
    assert 97.88 * found.factor("2016-17", "2024-25") == pytest.approx(128.6, abs=0.05)
    assert 30_288 * found.factor("2016-17", "2024-25") == pytest.approx(39_800, abs=10)
    assert "December 2025" in found.source


def test_there_and_back_is_where_it_began() -> None:
    found = shipped()
    both = found.factor("2015-16", "2023-24") * found.factor("2023-24", "2015-16")
    assert both == pytest.approx(1.0, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("year,index\n2016-17,80\n", "no column 'source'"),
        ("year,index,source\n", "has no line"),
        ("year,index,source\n2016-17,80,a\n2016-17,81,a\n", "gives 2016-17 twice"),
        ("year,index,source\n2016-17,0,a\n", "line 2: an index of 0"),
        ("year,index,source\n2016-17,eighty,a\n", "line 2: 'eighty'"),
        ("year,index,source\n16,80,a\n", "line 2: '16' is not a year"),
        ("year,index,source\n2016-17,nan,a\n", "line 2"),
        ("year,index,source\n2016-17,1e-300,a\n", "line 2: an index of 1e-300"),
        ("year,index,source\n2016-17,1e300,a\n", "line 2: an index of 1e.300"),
        ("year,index,source,index\n2016-17,80,a,90\n", "two columns 'index'"),
        ("year,index,source\n2016-99,80,a\n", "2016-99 is not a year"),
        (f"year,index,source\n2016-17,80,{'a' * 200_000}\n", "field larger"),
    ],
)
def test_a_table_that_is_none_says_where(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        parsed(text, "table.csv")


def _load(folder: Path, *changes: tuple[str, str]) -> costsim.Scenario:
    text = SCENARIO
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    return costsim.load(folder / "s.yaml")


def test_an_amount_of_another_year_counts_in_the_scenarios_prices(tmp_path: Path) -> None:
    later = ("other: £5000", "other: {value: £5000, price_year: 2024-25}")
    (site,) = _load(tmp_path, later).sites.values()
    other = site.one_off.co_design.other
    assert other is not None
    assert other.value == 5000
    assert other.pounds == pytest.approx(5000 * 76.0847 / 100)


def test_every_kind_of_cost_counts_in_the_scenarios_prices(tmp_path: Path) -> None:
    """Of an activity, of co-production and of running it, each £1,000 of 2024-25."""
    later = "{value: £1000, price_year: 2024-25}"
    scenario = _load(
        tmp_path,
        ("other: £5000", f"other: {later}"),
        ("form: {staff:", f"form: {{cost: {later}, staff:"),
        ("one_off:", f"running_costs: {{new: {{hosting: {later}}}}}\none_off:"),
    )
    found = costsim.evaluate(scenario, replications=2)
    here = 1000 * 76.0847 / 100
    economics = found.main.programme.economics
    assert economics.annual_running_cost_change.value == pytest.approx(here)
    assert economics.one_off_cost.value == pytest.approx(here + 40 * 40)
    (case,) = found.main.cases
    (other,) = (row for row in case.activities if row.role == "other")
    assert (other.price, other.cost) == pytest.approx((here, here))


def test_another_value_of_an_input_is_uprated_as_the_first_was(tmp_path: Path) -> None:
    rate = ("value: £40,", "value: £40, price_year: 2017-18,")
    scenario = _load(tmp_path, rate)
    (hourly,) = (e for e in costsim.inputs(scenario) if e.name == "staff.worker.hourly_cost")
    moved = costsim.with_values(scenario, dict.fromkeys(hourly.where, 50.0))
    first, second = (each.sites["site"].staff["worker"].rate for each in (scenario, moved))
    assert first == pytest.approx(40 * 76.0847 / 77.0481)
    assert second == pytest.approx(first * 50 / 40)


def test_a_saving_in_other_prices_is_the_saving_times_the_index(tmp_path: Path) -> None:
    plain, later = (
        costsim.evaluate(_load(tmp_path, *changes), replications=3).main.programme.economics
        for changes in (
            [],
            [("value: £40,", "value: £40, price_year: 2015-16,")],
        )
    )
    factor = 76.0847 / 74.5894
    assert later.per_case_saving.number == pytest.approx(plain.per_case_saving.number * factor)


def test_the_unit_costs_of_pssru_follow_from_their_parts() -> None:
    """£40 an hour of paid time is £55 an hour of direct work, at 40/55 of the time."""
    parts = {"salary": "£30000", "pension": "20%", "overheads": "1/3", "hours": "1200 h"}
    parts["overheads"] = "0.3333333333333333"
    paid = Role.model_validate({"pay": parts})
    direct = Role.model_validate(
        {"pay": {**parts, "client_related": 40 / 55}, "per": "direct_hour"}
    )
    assert paid.rate == pytest.approx(40.0)
    assert direct.rate == pytest.approx(55.0)


def test_a_build_up_adds_up_to_the_year() -> None:
    pay = Pay.model_validate(
        {
            "salary": "£35000", "ni_rate": "13.8%", "ni_threshold": "£8112", "pension": "24.4%",
            "overheads": "45%", "capital": "£2000", "hours": "1560 h", "area_factor": 1.2,
        }
    )  # fmt: skip
    insurance, pension = 0.138 * (35000 - 8112), 0.244 * 35000
    oncost = 35000 + insurance + pension
    assert dict(pay.build_up()) == pytest.approx(
        {
            "salary": 35000,
            "employer's National Insurance": insurance,
            "employer's pension contribution": pension,
            "overheads": 0.45 * oncost,
            "capital": 2000,
        }
    )
    assert pay.hourly_cost() == pytest.approx((1.45 * oncost + 2000) / 1560 * 1.2)


def test_pay_below_the_threshold_bears_no_insurance() -> None:
    pay = Pay.model_validate(
        {"salary": "£8000", "ni_rate": "15%", "ni_threshold": "£9100", "hours": "1000 h"}
    )
    assert pay.hourly_cost() == pytest.approx(8.0)


def test_the_salary_of_an_earlier_year_is_uprated() -> None:
    salary = Money.model_validate({"value": "£20000", "price_year": "2016-17"})
    salary.uprate(1.25)
    assert salary.pounds == 25_000


# --- the budget view ------------------------------------------------------------------------------


def _levels(inflation: float = 0.1) -> PriceLevels:
    return PriceLevels(TABLE, "2024-25", inflation)


def test_price_levels_follow_the_table_and_then_inflation() -> None:
    found = [_levels().level(year) for year in ("2023-24", "2024-25", "2025-26", "2026-27")]
    assert found == pytest.approx([0.8, 1.0, 1.1, 1.21])


def test_a_hole_in_the_table_is_no_place_for_inflation() -> None:
    hole = Deflators({"2023-24": 80.0, "2024-25": 100.0, "2026-27": 120.0}, "a table")
    levels = PriceLevels(hole, "2024-25", 0.1)
    assert [levels.level(year) for year in ("2026-27", "2027-28")] == pytest.approx([1.2, 1.32])
    with pytest.raises(ValueError, match="no deflator for 2025-26"):
        levels.level("2025-26")


def test_lines_may_end_as_on_an_old_mac() -> None:
    assert parsed("year,index,source\r2016-17,80,a\r", "t.csv").index == {"2016-17": 80.0}


@pytest.mark.parametrize("name", ["/etc/hosts", "C:\\prices.csv", "x" * 5000, "../s.yaml", "."])
def test_a_table_that_is_elsewhere_is_refused_where_it_is_named(tmp_path: Path, name: str) -> None:
    named = f"price_year: 2016-17\nprices: {{deflators: '{name}'}}"
    with pytest.raises(ScenarioError) as caught:
        _load(tmp_path, ("price_year: 2016-17", named))
    assert [problem.code for problem in caught.value.problems] == ["CS450"]


def test_a_year_before_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no deflator for 2020-21"):
        _levels().level("2020-21")


def test_a_start_in_october_shares_each_year_between_two_financial_years() -> None:
    from datetime import date

    start = date(2024, 10, 1)
    share = 182 / 365
    flow = CashFlow(1000.0, (600.0, 600.0), (60.0, 0.0))
    rows = budget(flow, Parts((90.0, 0.0), 400.0, (20.0, 0.0)), (), start, _levels(0.0))
    assert [row.financial_year for row in rows] == ["2024-25", "2025-26", "2026-27"]
    assert [row.saving for row in rows] == pytest.approx([600 * share, 600, 600 * (1 - share)])
    assert [row.running_cost_change for row in rows] == pytest.approx(
        [60 * share, 60 * (1 - share), 0]
    )
    assert [row.one_off for row in rows] == [1000, 0, 0]
    assert rows[-1].cumulative == pytest.approx(sum(flow.net()))
    assert rows[0].net_cash == pytest.approx(90 * share - 600 - 60 * share + 20 * share)
    assert rows[-1].cumulative_cash == pytest.approx(90 - 1060 + 420)


def test_without_inflation_the_budget_adds_up_to_the_net_benefit(tmp_path: Path) -> None:
    from costsim.comparison import budget_of, flows_of

    year = ("price_year: 2016-17", "price_year: 2024-25\nprices: {inflation: 0%}")
    scenario = _load(tmp_path, year)
    found = costsim.evaluate(scenario, replications=3)
    rows = budget_of(scenario, found.main)["programme"]
    net = found.main.programme.economics.net_benefit.number
    assert rows[-1].cumulative == pytest.approx(net, abs=0.005)
    assert flows_of(scenario, found.main)["programme"].net() != ()


def test_a_price_year_that_the_table_lacks_leaves_no_budget_and_says_why(tmp_path: Path) -> None:
    scenario = _load(tmp_path, ("price_year: 2016-17", "price_year: 2012-13"))
    found = costsim.evaluate(scenario, replications=2)
    assert any("no deflator for 2012-13" in warning for warning in found.warnings)


def test_money_of_another_year_without_a_deflator_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="CS436"):
        _load(tmp_path, ("value: £40,", "value: £40, price_year: 2001-02,"))


def test_the_last_day_of_march_is_in_the_old_year() -> None:
    from datetime import date

    assert financial_year(date(2024, 3, 31)) == "2023-24"
    assert financial_year(date(2024, 4, 1)) == "2024-25"
    assert financial_year(date(2100, 1, 1)) == "2099-00"
