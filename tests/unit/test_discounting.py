"""Discount factors against the Green Book's own figures and against exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costsim.economics.discounting import GREEN_BOOK_SCHEDULE, Discounting, Timing

RATES = st.floats(-0.5, 1.0)
YEARS = st.integers(1, 40)

PUBLISHED_FACTORS = {
    1: 0.9661835749,
    5: 0.8419731669,
    10: 0.7089188137,
    30: 0.3562784106,
    31: 0.3459013695,
    75: 0.0942137726,
    125: 0.0274107630,
    300: 0.0014005674,
    301: 0.0013867004,
}

LAST_YEARS_AND_RATES = (
    (30, Fraction("0.035")),
    (75, Fraction("0.03")),
    (125, Fraction("0.025")),
    (200, Fraction("0.02")),
    (300, Fraction("0.015")),
)


def exact_green_book_factor(year: int) -> Fraction:
    """The factor of one year, worked out without floats and from last years, not first years."""
    factor = Fraction(1)
    for passed in range(1, year + 1):
        rate = next((r for last, r in LAST_YEARS_AND_RATES if passed <= last), Fraction("0.01"))
        factor /= 1 + rate
    return factor


@pytest.mark.parametrize(("year", "published"), PUBLISHED_FACTORS.items())
def test_green_book_factors_are_the_published_ones(year: int, published: float) -> None:
    assert Discounting().factors(301)[year - 1] == pytest.approx(published, abs=5.1e-11)


@pytest.mark.parametrize("year", [1, 30, 31, 75, 76, 125, 126, 200, 201, 300, 301, 330])
def test_green_book_factors_equal_exact_fractions(year: int) -> None:
    exact = float(exact_green_book_factor(year))
    assert Discounting().factors(330)[year - 1] == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize(
    ("last_year", "before", "after"),
    [
        (30, 0.035, 0.03),
        (75, 0.03, 0.025),
        (125, 0.025, 0.02),
        (200, 0.02, 0.015),
        (300, 0.015, 0.01),
    ],
)
def test_the_green_book_rate_steps_down_after_the_last_year_of_each_band(
    last_year: int, before: float, after: float
) -> None:
    green_book = Discounting()
    rates = (green_book.annual_rate(last_year), green_book.annual_rate(last_year + 1))
    assert rates == (before, after)


def test_the_schedule_begins_in_year_1_and_declines() -> None:
    years, rates = zip(*GREEN_BOOK_SCHEDULE, strict=True)
    assert years == (1, 31, 76, 126, 201, 301)
    assert list(rates) == sorted(set(rates), reverse=True)


def test_the_ten_year_annuity_factor_is_the_green_books() -> None:
    assert math.fsum(Discounting(0.035).factors(10)) == pytest.approx(8.316605323, abs=5.1e-10)


def test_year_end_is_the_timing_unless_another_is_named() -> None:
    assert Discounting(0.05) == Discounting(0.05, Timing.YEAR_END)
    assert Discounting(0.05).factors(1) == pytest.approx((1 / 1.05,), rel=1e-15)


@given(rate=RATES, years=YEARS)
def test_each_timing_equals_exact_fractions(rate: float, years: int) -> None:
    growth = Fraction(1.0 + rate)
    end = Discounting(rate, Timing.YEAR_END).factors(years)
    start = Discounting(rate, Timing.YEAR_START).factors(years)
    assert end == pytest.approx([float(growth**-y) for y in range(1, years + 1)], rel=1e-12)
    assert start == pytest.approx([float(growth**-y) for y in range(years)], rel=1e-12)


@given(rate=st.none() | RATES, years=YEARS)
def test_mid_year_is_the_geometric_mean_of_the_start_and_the_end(
    rate: float | None, years: int
) -> None:
    start, mid, end = (
        Discounting(rate, timing).factors(years)
        for timing in (Timing.YEAR_START, Timing.MID_YEAR, Timing.YEAR_END)
    )
    assert [m * m for m in mid] == pytest.approx(
        [s * e for s, e in zip(start, end, strict=True)], rel=1e-12
    )


@given(timing=st.sampled_from(Timing), years=YEARS)
def test_a_rate_of_zero_leaves_every_pound_a_pound(timing: Timing, years: int) -> None:
    assert Discounting(0.0, timing).factors(years) == (1.0,) * years


@given(timing=st.sampled_from(Timing), years=YEARS)
def test_the_schedule_equals_a_flat_rate_while_it_is_flat(timing: Timing, years: int) -> None:
    flat = min(years, 30)
    assert Discounting(None, timing).factors(flat) == Discounting(0.035, timing).factors(flat)


def test_a_longer_horizon_does_not_change_the_earlier_factors() -> None:
    assert Discounting().factors(40)[:7] == Discounting().factors(7)
    assert Discounting().factors(0) == ()


@pytest.mark.parametrize("rate", [-1.0, -1.5, math.nan, math.inf, -math.inf])
def test_a_rate_of_minus_100_percent_or_less_or_no_number_at_all_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="above -100 % a year"):
        Discounting(rate)


def test_the_refusal_says_the_rate_in_percent() -> None:
    with pytest.raises(ValueError, match=r"but it is -150 %\."):
        Discounting(-1.5)


def test_an_unknown_timing_is_refused() -> None:
    with pytest.raises(ValueError, match="year_middle"):
        Discounting(0.035, "year_middle")  # type: ignore[arg-type]


@pytest.mark.parametrize("rate", [None, 0.035])
def test_a_year_before_the_first_has_no_rate(rate: float | None) -> None:
    with pytest.raises(ValueError, match="count from 1, but year 0"):
        Discounting(rate).annual_rate(0)


def test_a_factor_too_large_to_be_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be applied over 30 years"):
        Discounting(math.nextafter(-1.0, 0.0)).factors(30)
