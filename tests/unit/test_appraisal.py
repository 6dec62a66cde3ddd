"""Appraisals against published cases, exact fractions and relations that need no numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import astuple, replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from costsim.economics.appraisal import (
    Appraisal,
    CashFlow,
    appraise,
    break_even_referrals,
    cash_flow_rows,
    internal_rate_of_return,
    payback_years,
)
from costsim.economics.discounting import Discounting, Timing

PENNY = 0.005
TREASURY = Discounting(0.035)
STUDY_ONE_OFF = 30_288.0
STUDY_SAVING = 15_598.58

pence = st.integers(-20_000_000, 20_000_000).map(lambda amount: amount / 100)
positive_pence = st.integers(1, 20_000_000).map(lambda amount: amount / 100)
discountings = st.builds(
    Discounting, st.none() | st.floats(-0.2, 0.5), st.sampled_from(list(Timing))
)


def level(one_off: float, saving: float, years: int) -> CashFlow:
    """The same saving every year and no change in running cost."""
    return CashFlow(one_off, (saving,) * years, (0.0,) * years)


def bisect(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that rises from low to high crosses zero."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if function(middle) > 0 else (middle, high)
    return (low + high) / 2


def present_value(amounts: tuple[float, ...], factors: tuple[float, ...]) -> float:
    """Amounts from year 0, each at its factor."""
    return sum(amount * factor for amount, factor in zip(amounts, factors, strict=True))


@st.composite
def flows(draw: st.DrawFn, amounts: st.SearchStrategy[float] = pence) -> CashFlow:
    """Any cash flow in whole pence."""
    years = draw(st.integers(0, 8))
    column = st.lists(amounts, min_size=years, max_size=years).map(tuple)
    return CashFlow(draw(amounts), draw(column), draw(column))


@st.composite
def pairs_of_flows(draw: st.DrawFn) -> tuple[CashFlow, CashFlow]:
    """Two cash flows over the same years."""
    first, second = draw(flows()), draw(flows())
    years = min(first.years, second.years)
    return cut(first, years), cut(second, years)


def cut(flow: CashFlow, years: int) -> CashFlow:
    """The first years of a flow."""
    return CashFlow(flow.one_off, flow.savings[:years], flow.running[:years])


def scaled(flow: CashFlow, by: float) -> CashFlow:
    """Every amount of a flow multiplied."""
    return CashFlow(
        flow.one_off * by,
        tuple(saving * by for saving in flow.savings),
        tuple(change * by for change in flow.running),
    )


def exact_payback(one_off: Fraction, savings: list[Fraction]) -> Fraction | None:
    """Walk the years in fractions, repaying what is still owed."""
    owed = one_off
    if owed <= 0:
        return Fraction(0)
    for year, saving in enumerate(savings):
        if saving >= owed:
            return year + owed / saving
        owed -= saving
    return None


def exact_appraisal(flow: CashFlow, rate: Fraction) -> dict[str, Fraction | None]:
    """The year-end appraisal of a flow by hand, in fractions."""
    factors = [1 / (1 + rate) ** year for year in range(1, flow.years + 1)]
    one_off = Fraction(flow.one_off)
    savings, running = map(Fraction, flow.savings), [Fraction(change) for change in flow.running]
    net = [saving - change for saving, change in zip(savings, running, strict=True)]
    worth = [factor * amount for factor, amount in zip(factors, net, strict=True)]
    rises = [max(change, Fraction(0)) for change in running]
    plain_cost = max(one_off, Fraction(0)) + sum(rises)
    cost = max(one_off, Fraction(0)) + sum(f * r for f, r in zip(factors, rises, strict=True))
    net_present_value = sum(worth, -one_off)
    return {
        "total_saving": sum(net, Fraction(0)),
        "net_benefit": sum(net, -one_off),
        "net_present_value": net_present_value,
        "benefit_cost_ratio": (net_present_value + cost) / cost if cost else None,
        "return_on_investment": sum(net, -one_off) / plain_cost if plain_cost else None,
        "payback_years": exact_payback(one_off, net),
        "discounted_payback_years": exact_payback(one_off, worth),
    }


def near_a_payback_at_the_end_of_a_year(one_off: float, nets: list[Fraction]) -> bool:
    """Whether float rounding could decide in which year the cost counts as repaid."""
    totals = (float(sum(nets[:end], Fraction(0))) for end in range(1, len(nets) + 1))
    return any(math.isclose(total, one_off, rel_tol=1e-9) for total in totals)


class TestGreenBookBox15:
    """A system of £1m that saves staff for ten years, at 3.5 %, year-end."""

    SYSTEM = level(1_000_000.0, 150_000.0, 10)

    def test_its_net_present_value_is_the_published_one(self) -> None:
        value = appraise(self.SYSTEM, TREASURY).net_present_value
        assert value == pytest.approx(247_490.7984, abs=5.1e-5)

    def test_the_schedule_and_the_flat_rate_agree_over_ten_years(self) -> None:
        assert appraise(self.SYSTEM, Discounting()) == appraise(self.SYSTEM, TREASURY)

    def test_at_a_lower_saving_it_loses_money(self) -> None:
        value = appraise(level(1_000_000.0, 100_000.0, 10), TREASURY).net_present_value
        assert value == pytest.approx(-168_339.4677, abs=5.1e-5)

    def test_its_switching_saving(self) -> None:
        saving = bisect(
            lambda saving: appraise(level(1e6, saving, 10), TREASURY).net_present_value, 0.0, 1e6
        )
        assert saving == pytest.approx(120_241.3679, abs=5.1e-5)

    def test_its_internal_rate_of_return(self) -> None:
        rate = bisect(
            lambda rate: -appraise(self.SYSTEM, Discounting(rate)).net_present_value, 0.0, 1.0
        )
        assert 100 * rate == pytest.approx(8.144166, abs=5.1e-7)

    def test_its_simple_payback(self) -> None:
        assert appraise(self.SYSTEM, TREASURY).payback_years == pytest.approx(20 / 3, rel=1e-12)

    def test_its_discounted_payback_falls_in_year_8(self) -> None:
        rows = cash_flow_rows(self.SYSTEM, TREASURY)
        after = [round(row.discounted_cumulative) for row in rows[6:9]]
        assert after == [-200_717, -82_818, 31_093]
        payback = appraise(self.SYSTEM, TREASURY).discounted_payback_years
        expected = 7 + 82_818 / (82_818 + 31_093)
        assert payback == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        (Timing.YEAR_END, 3616.240147),
        (Timing.MID_YEAR, 3952.494240),
        (Timing.YEAR_START, 4297.052154),
    ],
)
def test_timing_moves_the_net_present_value_as_worked_by_hand(
    timing: Timing, expected: float
) -> None:
    answer = appraise(level(10_000.0, 5_000.0, 3), Discounting(0.05, timing))
    assert answer.net_present_value == pytest.approx(expected, abs=5.1e-7)


class TestBenefitsAndCostsOverFiveYears:
    """Benefits of 60, 90, 120, 120, 120 thousand; costs of 150, then 10 a year; 3.5 %."""

    FLOW = CashFlow(150e3, (60e3, 90e3, 120e3, 120e3, 120e3), (10e3,) * 5)

    def test_the_net_present_value(self) -> None:
        value = appraise(self.FLOW, TREASURY).net_present_value
        assert value == pytest.approx(260_679.4258, abs=5.1e-5)

    def test_the_benefit_cost_ratio(self) -> None:
        ratio = appraise(self.FLOW, TREASURY).benefit_cost_ratio
        assert ratio == pytest.approx(2.335786452, abs=5.1e-10)

    def test_the_present_values_of_benefits_and_of_costs(self) -> None:
        factors = (1.0, *TREASURY.factors(5))
        benefits = present_value(self.FLOW.benefits(), factors)
        costs = present_value(self.FLOW.costs(), factors)
        assert (benefits, costs) == pytest.approx((455_829.9496, 195_150.5238), abs=5.1e-5)

    def test_the_return_on_investment_is_undiscounted(self) -> None:
        answer = appraise(self.FLOW, TREASURY)
        assert answer.return_on_investment == pytest.approx((510 - 200) / 200, rel=1e-12)

    def test_a_fall_in_running_cost_is_a_benefit_and_not_a_negative_cost(self) -> None:
        flow = CashFlow(100.0, (50.0, 50.0), (-30.0, 20.0))
        assert flow.benefits() == (0.0, 80.0, 50.0)
        assert flow.costs() == (100.0, 0.0, 20.0)
        assert appraise(flow, Discounting(0.0)).benefit_cost_ratio == pytest.approx(130 / 120)


class TestTheStudy:
    """£30,288 to co-produce and £15,598.58 saved a year, over three years."""

    FLOW = level(STUDY_ONE_OFF, STUDY_SAVING, 3)

    def test_three_years_leave_16507_pounds_74(self) -> None:
        answer = appraise(self.FLOW, TREASURY)
        assert answer.total_saving == pytest.approx(46_795.74, abs=PENNY)
        assert answer.net_benefit == pytest.approx(16_507.74, abs=PENNY)

    def test_five_years_leave_47705_pounds(self) -> None:
        answer = appraise(level(STUDY_ONE_OFF, STUDY_SAVING, 5), TREASURY)
        assert round(answer.net_benefit) == 47_705

    def test_it_repays_in_1_9417_years_and_not_the_published_2_3(self) -> None:
        answer = appraise(self.FLOW, TREASURY)
        assert answer.payback_years == pytest.approx(1.9417, abs=5.1e-5)
        assert answer.payback_years == pytest.approx(STUDY_ONE_OFF / STUDY_SAVING, rel=1e-12)
        assert answer.discounted_payback_years == pytest.approx(2.05, abs=0.005)

    @pytest.mark.parametrize(
        ("timing", "pounds"), [(Timing.YEAR_END, 13_414), (Timing.YEAR_START, 14_943)]
    )
    def test_its_net_present_value_by_timing(self, timing: Timing, pounds: int) -> None:
        answer = appraise(self.FLOW, Discounting(0.035, timing))
        assert round(answer.net_present_value) == pounds

    def test_a_35_percent_fall_in_savings_makes_the_net_zero(self) -> None:
        share = bisect(
            lambda share: appraise(scaled_savings(self.FLOW, share), TREASURY).net_benefit, 0, 1
        )
        assert round(100 * (1 - share)) == 35
        assert share * STUDY_SAVING == pytest.approx(10_096, abs=0.5)

    def test_discounted_its_switching_saving_is_10811_pounds(self) -> None:
        share = bisect(
            lambda share: appraise(scaled_savings(self.FLOW, share), TREASURY).net_present_value,
            0,
            1,
        )
        assert share * STUDY_SAVING == pytest.approx(10_811, abs=0.5)

    @pytest.mark.parametrize(
        ("haircut", "net"), [(0.10, 11_828), (0.15, 9_488), (0.25, 4_809), (0.40, -2_211)]
    )
    def test_optimism_haircuts_lower_the_net_benefit(self, haircut: float, net: int) -> None:
        answer = appraise(scaled_savings(self.FLOW, 1 - haircut), TREASURY)
        assert round(answer.net_benefit) == net

    @pytest.mark.parametrize(
        ("haircut", "years"), [(0.10, 2.16), (0.15, 2.28), (0.25, 2.59), (0.40, 3.24)]
    )
    def test_optimism_haircuts_delay_the_payback(self, haircut: float, years: float) -> None:
        over_five_years = level(STUDY_ONE_OFF, STUDY_SAVING * (1 - haircut), 5)
        payback = appraise(over_five_years, TREASURY).payback_years
        assert payback == pytest.approx(years, abs=0.005)

    def test_a_40_percent_haircut_is_never_repaid_within_the_three_years(self) -> None:
        assert appraise(scaled_savings(self.FLOW, 0.6), TREASURY).payback_years is None

    def test_its_break_even_volume_is_103_referrals_a_year(self) -> None:
        volume = break_even_referrals(STUDY_ONE_OFF, 0.0, 97.88, 3.0)
        assert volume == pytest.approx(103.147, abs=5e-4)


def scaled_savings(flow: CashFlow, by: float) -> CashFlow:
    """A flow whose savings alone are multiplied."""
    return replace(flow, savings=tuple(saving * by for saving in flow.savings))


class TestPayback:
    """The moment when what was spent has come back."""

    @pytest.mark.parametrize("one_off", [0.0, -100.0])
    def test_it_is_at_once_when_there_is_nothing_to_repay(self, one_off: float) -> None:
        assert payback_years(one_off, (-5.0, 5.0)) == 0.0

    def test_it_is_none_when_it_never_comes(self) -> None:
        assert payback_years(100.0, (30.0, 30.0, 30.0)) is None
        assert payback_years(100.0, ()) is None

    def test_it_is_the_first_time_even_when_later_years_lose_money(self) -> None:
        assert payback_years(100.0, (200.0, -500.0, 1000.0)) == 0.5

    def test_it_counts_a_losing_year_as_more_to_repay(self) -> None:
        assert payback_years(100.0, (-50.0, 100.0, 100.0)) == 2.5

    def test_it_waits_through_years_that_save_nothing(self) -> None:
        assert payback_years(100.0, (0.0, 0.0, 200.0)) == 2.5

    def test_a_late_start_gives_the_published_two_years_and_a_third(self) -> None:
        late = (0.64 * STUDY_SAVING, STUDY_SAVING, STUDY_SAVING)
        assert payback_years(STUDY_ONE_OFF, late) == pytest.approx(2.3, abs=0.005)

    @pytest.mark.parametrize("saving", [0.1, 0.7, 1 / 3, 15_598.58])
    def test_a_flow_that_just_breaks_even_repays_at_the_end_of_its_last_year(
        self, saving: float
    ) -> None:
        owed = saving + saving + saving
        for one_off in (math.nextafter(owed, 0), owed, math.nextafter(owed, math.inf)):
            assert payback_years(one_off, (saving,) * 3) == pytest.approx(3.0, rel=1e-12)

    def test_a_penny_short_of_thirty_thousand_pounds_is_not_repaid(self) -> None:
        assert payback_years(30_000.01, (10_000.0,) * 3) is None

    @given(one_off=positive_pence, saving=positive_pence)
    def test_a_level_saving_repays_in_cost_over_saving_years(
        self, one_off: float, saving: float
    ) -> None:
        years = one_off / saving
        assume(years <= 60)
        assert payback_years(one_off, (saving,) * 60) == pytest.approx(years, rel=1e-10)

    @given(flow=flows(), more=positive_pence)
    def test_it_never_comes_sooner_for_a_higher_cost(self, flow: CashFlow, more: float) -> None:
        sooner = payback_years(flow.one_off, flow.net_savings())
        later = payback_years(flow.one_off + more, flow.net_savings())
        assert later is None or (sooner is not None and sooner <= later)

    @given(
        savings=st.lists(st.floats(1.0, 1000.0), min_size=1, max_size=8),
        share=st.floats(0.0, 0.999),
    )
    def test_a_little_more_cost_delays_it_a_little(
        self, savings: list[float], share: float
    ) -> None:
        one_off = share * math.fsum(savings)
        step = 1e-4
        sooner = payback_years(one_off, savings)
        later = payback_years(one_off + step, savings)
        assert sooner is not None
        assert later is not None
        assert 0 < later - sooner <= step / min(savings) + 1e-9


class TestBreakEvenReferrals:
    """The yearly volume at which the decision neither gains nor loses."""

    @pytest.mark.parametrize("saving", [0.0, -10.0])
    def test_there_is_none_when_a_referral_saves_nothing(self, saving: float) -> None:
        assert break_even_referrals(1000.0, 0.0, saving, 3.0) is None

    def test_there_is_none_when_the_pathway_is_never_live(self) -> None:
        assert break_even_referrals(1000.0, 0.0, 100.0, 0.0) is None

    def test_there_is_none_rather_than_an_infinite_one(self) -> None:
        assert break_even_referrals(1e10, 0.0, 5e-324, 3.0) is None

    def test_running_cost_adds_to_what_must_be_recovered(self) -> None:
        assert break_even_referrals(1000.0, 500.0, 100.0, 3.0) == 5.0

    def test_it_is_zero_when_lower_running_costs_repay_it_alone(self) -> None:
        assert break_even_referrals(1000.0, -1500.0, 100.0, 3.0) == 0.0

    @given(
        one_off=positive_pence,
        running=st.floats(0.0, 1e4),
        saving=st.floats(0.01, 1e4),
        years=st.integers(1, 10),
    )
    def test_a_flow_at_that_volume_has_no_net_benefit(
        self, one_off: float, running: float, saving: float, years: int
    ) -> None:
        volume = break_even_referrals(one_off, running * years, saving, years)
        assert volume is not None
        flow = CashFlow(one_off, (saving * volume,) * years, (running,) * years)
        assert appraise(flow, TREASURY).net_benefit == pytest.approx(0.0, abs=1e-9 * one_off + 1e-6)


class TestCashFlow:
    """The money by year, before any appraisal of it."""

    FLOW = CashFlow(100.0, (80.0, 90.0), (10.0, -20.0))

    def test_net_savings_take_off_a_rise_in_running_cost_and_add_a_fall(self) -> None:
        assert self.FLOW.net_savings() == (70.0, 110.0)
        assert self.FLOW.total_saving == 180.0

    def test_the_cumulative_position_begins_with_the_one_off_cost(self) -> None:
        assert self.FLOW.cumulative() == (-100.0, -30.0, 80.0)

    def test_no_one_off_cost_is_shown_as_zero_and_not_as_minus_zero(self) -> None:
        flow = level(0.0, 0.0, 1)
        assert str((flow.net(), flow.benefits(), flow.costs())) == str(((0.0, 0.0),) * 3)

    @given(flow=flows())
    def test_benefits_less_costs_are_the_net_of_every_year(self, flow: CashFlow) -> None:
        differences = [b - c for b, c in zip(flow.benefits(), flow.costs(), strict=True)]
        assert differences == pytest.approx(flow.net(), abs=1e-9)

    def test_a_year_without_a_running_cost_is_refused(self) -> None:
        with pytest.raises(ValueError, match="2 savings, 1 running costs and 1"):
            CashFlow(0.0, (1.0, 2.0), (0.0,))

    @pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
    @pytest.mark.parametrize("place", ["one_off", "savings", "running"])
    def test_an_amount_that_is_not_a_number_is_refused(self, place: str, bad: float) -> None:
        columns: dict[str, tuple[float, ...]] = {"savings": (1.0,), "running": (1.0,)}
        columns |= {place: (bad,)}
        one_off = bad if place == "one_off" else 1.0
        with pytest.raises(ValueError, match="finite number of pounds"):
            CashFlow(one_off, columns["savings"], columns["running"])


class TestRelations:
    """What must hold of every appraisal, whatever the numbers."""

    @given(flow=flows(), rate=st.integers(-20, 50).map(lambda percent: Fraction(percent, 100)))
    def test_every_figure_equals_exact_fractions(self, flow: CashFlow, rate: Fraction) -> None:
        nets = [Fraction(s) - Fraction(r) for s, r in zip(flow.savings, flow.running, strict=True)]
        worth = [net / (1 + rate) ** year for year, net in enumerate(nets, start=1)]
        assume(not near_a_payback_at_the_end_of_a_year(flow.one_off, nets))
        assume(not near_a_payback_at_the_end_of_a_year(flow.one_off, worth))
        answer = appraise(flow, Discounting(float(rate)))
        for name, exact in exact_appraisal(flow, rate).items():
            expected = None if exact is None else pytest.approx(float(exact), rel=1e-9, abs=1e-6)
            assert getattr(answer, name) == expected, name

    @given(flow=flows(), discounting=discountings, power=st.integers(-10, 10))
    def test_money_in_another_unit_changes_money_and_nothing_else(
        self, flow: CashFlow, discounting: Discounting, power: int
    ) -> None:
        by = 2.0**power
        plain = appraise(flow, discounting)
        expected = replace(
            plain,
            total_saving=plain.total_saving * by,
            net_benefit=plain.net_benefit * by,
            net_present_value=plain.net_present_value * by,
        )
        assert appraise(scaled(flow, by), discounting) == expected

    @given(flow=flows(), discounting=discountings)
    def test_swapping_the_pathways_flips_the_sign_of_the_money(
        self, flow: CashFlow, discounting: Discounting
    ) -> None:
        there, back = appraise(flow, discounting), appraise(scaled(flow, -1.0), discounting)
        assert back.total_saving == -there.total_saving
        assert back.net_benefit == -there.net_benefit
        assert back.net_present_value == -there.net_present_value

    @given(flow=flows(), timing=st.sampled_from(list(Timing)))
    def test_at_a_rate_of_zero_discounting_changes_nothing(
        self, flow: CashFlow, timing: Timing
    ) -> None:
        answer = appraise(flow, Discounting(0.0, timing))
        assert answer.net_present_value == answer.net_benefit
        assert answer.discounted_payback_years == answer.payback_years

    @given(pair=pairs_of_flows(), discounting=discountings)
    def test_the_net_present_value_of_two_sites_is_the_sum_of_theirs(
        self, pair: tuple[CashFlow, CashFlow], discounting: Discounting
    ) -> None:
        one, other = pair
        both = CashFlow(
            one.one_off + other.one_off,
            tuple(a + b for a, b in zip(one.savings, other.savings, strict=True)),
            tuple(a + b for a, b in zip(one.running, other.running, strict=True)),
        )
        apart = [appraise(flow, discounting).net_present_value for flow in pair]
        together = appraise(both, discounting).net_present_value
        assert together == pytest.approx(math.fsum(apart), rel=1e-9, abs=1e-5)

    @given(
        one_off=positive_pence,
        savings=st.lists(positive_pence, min_size=1, max_size=8).map(tuple),
        rates=st.tuples(st.floats(-0.5, 1.0), st.floats(-0.5, 1.0)),
        timing=st.sampled_from([Timing.YEAR_END, Timing.MID_YEAR]),
    )
    def test_with_the_cost_up_front_a_higher_rate_lowers_the_net_present_value(
        self,
        one_off: float,
        savings: tuple[float, ...],
        rates: tuple[float, float],
        timing: Timing,
    ) -> None:
        low, high = sorted(rates)
        assume(high - low > 1e-3 and max(savings) > 1e-6 * one_off)
        flow = CashFlow(one_off, savings, (0.0,) * len(savings))
        values = [appraise(flow, Discounting(r, timing)).net_present_value for r in (low, high)]
        assert values[1] < values[0]

    @given(
        flow=flows(st.sampled_from([0.0, 5e-324, -5e-324, 1e-300, 1e300, -1e300, 1.0])),
        discounting=discountings,
    )
    def test_an_answer_is_a_finite_number_or_none(
        self, flow: CashFlow, discounting: Discounting
    ) -> None:
        figures = astuple(appraise(flow, discounting))
        assert all(figure is None or math.isfinite(figure) for figure in figures)

    def test_without_any_cost_there_is_no_ratio(self) -> None:
        answer = appraise(CashFlow(0.0, (10.0,), (-5.0,)), TREASURY)
        assert (answer.benefit_cost_ratio, answer.return_on_investment) == (None, None)
        assert answer.payback_years == answer.discounted_payback_years == 0.0

    def test_a_pathway_equal_to_the_old_one_changes_exactly_nothing(self) -> None:
        assert appraise(level(0.0, 0.0, 3), Discounting()) == Appraisal(
            0.0, 0.0, 0.0, None, None, None, 0.0, 0.0
        )

    def test_the_ratio_does_not_jump_where_a_saving_turns_into_a_loss(self) -> None:
        just_above, just_below = (
            appraise(level(100.0, saving, 3), TREASURY).benefit_cost_ratio
            for saving in (1e-9, -1e-9)
        )
        assert just_above == pytest.approx(just_below, abs=1e-9)


class TestRows:
    """The years as an auditor sees them."""

    def test_year_0_holds_the_one_off_cost_and_nothing_else(self) -> None:
        first = cash_flow_rows(level(100.0, 80.0, 2), TREASURY)[0]
        assert astuple(first) == (0, 0.0, 0.0, 0.0, 0.0, -100.0, 1.0, -100.0, -100.0, 100.0)

    def test_a_later_year_shows_how_it_was_worked_out(self) -> None:
        flow = CashFlow(100.0, (80.0, 95.0), (10.0, -20.0), (0.0, 5.0))
        last = cash_flow_rows(flow, Discounting(0.25))[-1]
        assert astuple(last) == pytest.approx(
            (2, 95.0, -20.0, 5.0, 110.0, 80.0, 0.64, 70.4, -100 + 56 + 70.4, 0.0)
        )

    def test_a_flow_of_no_years_has_year_0_alone(self) -> None:
        assert [row.year for row in cash_flow_rows(CashFlow(5.0, (), ()), TREASURY)] == [0]

    @given(flow=flows(), discounting=discountings)
    def test_there_is_one_for_each_year_in_order(
        self, flow: CashFlow, discounting: Discounting
    ) -> None:
        rows = cash_flow_rows(flow, discounting)
        assert [row.year for row in rows] == list(range(flow.years + 1))
        assert tuple(row.discount_factor for row in rows[1:]) == discounting.factors(flow.years)

    @given(flow=flows(), discounting=discountings)
    def test_their_totals_reconcile_with_the_appraisal_to_the_penny(
        self, flow: CashFlow, discounting: Discounting
    ) -> None:
        rows, answer = cash_flow_rows(flow, discounting), appraise(flow, discounting)
        total_saving = sum(row.saving - row.running_cost_change for row in rows)
        assert total_saving == pytest.approx(answer.total_saving, abs=PENNY)
        assert sum(row.net_saving for row in rows) == pytest.approx(total_saving, abs=PENNY)
        net_benefit = sum(row.net_saving - row.one_off for row in rows)
        assert net_benefit == pytest.approx(answer.net_benefit, abs=PENNY)
        worth = sum(row.discounted_net for row in rows)
        assert worth == pytest.approx(answer.net_present_value, abs=PENNY)

    @given(flow=flows(), discounting=discountings)
    def test_the_last_cumulative_figures_are_the_answers_themselves(
        self, flow: CashFlow, discounting: Discounting
    ) -> None:
        last, answer = cash_flow_rows(flow, discounting)[-1], appraise(flow, discounting)
        assert last.cumulative == answer.net_benefit
        assert last.discounted_cumulative == answer.net_present_value


class TestInternalRateOfReturn:
    """The rate at which the net present value is nothing, where there is one such rate."""

    def test_that_of_green_book_box_15(self) -> None:
        answer = appraise(level(1_000_000.0, 150_000.0, 10), TREASURY)
        assert answer.internal_rate_of_return == pytest.approx(0.08144166, abs=5e-9)

    def test_one_year_that_pays_a_tenth_more_than_was_spent(self) -> None:
        flow = (-100.0, 110.0)
        assert internal_rate_of_return(flow) == pytest.approx(0.1, rel=1e-12)
        assert internal_rate_of_return(flow, Timing.MID_YEAR) == pytest.approx(0.21, rel=1e-12)

    def test_a_flow_that_never_repays_has_a_negative_one(self) -> None:
        assert internal_rate_of_return((-100.0, 25.0, 25.0)) == pytest.approx(-0.3596, abs=5e-5)

    @given(
        spent=st.lists(positive_pence, min_size=1, max_size=3),
        earned=st.lists(positive_pence, min_size=1, max_size=20),
        timing=st.sampled_from(list(Timing)),
    )
    def test_discounted_by_it_the_flow_is_worth_nothing(
        self, spent: list[float], earned: list[float], timing: Timing
    ) -> None:
        later = (*(-amount for amount in spent[1:]), *earned)
        flow = CashFlow(spent[0], later, (0.0,) * len(later))
        rate = appraise(flow, Discounting(0.0, timing)).internal_rate_of_return
        assume(rate is not None and -0.5 < rate < 100)
        discounting = Discounting(rate, timing)
        weights = (1.0, *discounting.factors(flow.years))
        scale = sum(abs(net) * weight for net, weight in zip(flow.net(), weights, strict=True))
        assert abs(appraise(flow, discounting).net_present_value) <= 1e-9 * scale

    @pytest.mark.parametrize(
        "net",
        [
            (0.0, 0.0),
            (-100.0,),
            (-100.0, -1.0),
            (0.0, 10.0),
            (100.0, -110.0),
            (-100.0, 250.0, -156.0),  # both 20 % and 30 %
            (-1000.0, 3600.0, -4310.0, 1716.0),  # 10 %, 20 % and 30 %
            (-100.0, 1e300),
        ],
    )
    def test_there_is_none_where_there_is_no_such_rate_or_more_than_one(
        self, net: tuple[float, ...]
    ) -> None:
        assert internal_rate_of_return(net) is None

    def test_where_spending_and_earning_fall_together_there_is_none(self) -> None:
        assert internal_rate_of_return((-100.0, 110.0), Timing.YEAR_START) is None
