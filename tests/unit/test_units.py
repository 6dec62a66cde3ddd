"""Numbers as analysts write them: what is read, what is refused, and what is suggested instead."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costsim import units

DAY = 7.4 * 60


def refused(reader: Callable[..., object], *written: object) -> tuple[str, str]:
    """The message and the hint with which a reader refuses what is written."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is checked by each test
        reader(*written)
    message, mark, hint = str(caught.value).partition("|")
    assert message
    assert mark, "a refusal says how to put it right"
    assert hint
    return message, hint


# --- durations -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("30 min", 30),
        ("1 minute", 1),
        ("49minutes", 49),
        ("2.5 h", 150),
        ("1 hour", 60),
        (".5 hrs", 30),
        ("1e1 h", 600),
        ("  8   H  ", 480),
        ("1 day", DAY),
        ("15 days", 15 * DAY),
        ("10 working days", 10 * DAY),
        ("1 working  day", DAY),
        ("1 week", 5 * DAY),
        ("3 working weeks", 15 * DAY),
        ("0 h", 0),
        (0, 0),
        (0.0, 0),
        ("+2 h", 120),
    ],
)
def test_a_duration_is_working_minutes(written: object, minutes: float) -> None:
    assert units.minutes(written) == pytest.approx(minutes, rel=1e-15)


def test_a_day_has_the_minutes_that_the_calendar_says() -> None:
    assert units.minutes("2 days", 360.0) == 720
    assert units.minutes("2 weeks", 360.0) == 3600
    assert units.minutes("2 h", 360.0) == 120


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        (8, "8 has no unit", "8 min, 8 h or 8 days"),
        (2.5, "2.5 has no unit", "2.5 min"),
        ("8", "'8' is not a duration", "30 min"),
        ("h", "'h' is not a duration", "30 min"),
        ("1,000 min", "'1,000 min' is not a duration", "30 min"),
        ("1:30 h", "'1:30 h' is not a duration", "30 min"),
        ("2 h 30 min", "'2 h 30 min' is not a duration", "30 min"),
        ("3 months", "'months' is not a unit of time", "min, h, days or weeks"),
        ("8 mins.", "'8 mins.' is not a duration", "30 min"),
        ("7 calendar days", "calendar days", "7 calendar days are 5 working days"),
        ("-8 h", "-8 h is out of range: a duration cannot be negative", "unit"),
        ("10000001 min", "must lie within", "unit"),
        ("1e400 min", "must lie within", "unit"),
        (None, "it is nothing", "Write a number"),
        (True, "number is needed", "Write a number"),
        ([8], "number is needed", "Write a number"),
        (math.nan, "not a real number", "ordinary"),
        (math.inf, "not a real number", "ordinary"),
    ],
)
def test_what_is_no_duration_is_refused_with_advice(
    written: object, message: str, hint: str
) -> None:
    found = refused(units.minutes, written)
    assert message in found[0]
    assert hint in found[1]


@pytest.mark.parametrize(
    ("written", "years"),
    [
        ("3 years", 3),
        ("1 year", 1),
        ("6 months", 0.5),
        ("18 Months", 1.5),
        ("0.5years", 0.5),
        (0, 0),
    ],
)
def test_a_period_is_years(written: object, years: float) -> None:
    assert units.years(written) == years


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (3, "3 has no unit"),
        ("3", "'3' is not a period"),
        ("3 weeks", "'3 weeks' is not a period"),
        ("-1 years", "cannot be negative"),
        ("1001 years", "must lie within"),
        (None, "nothing"),
    ],
)
def test_what_is_no_period_is_refused(written: object, message: str) -> None:
    assert message in refused(units.years, written)[0]


# --- money ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "pounds"),
    [
        ("£43.40", 43.4),
        ("£ 43.40", 43.4),
        ("£1,234.50", 1234.5),
        ("£1,234,567", 1_234_567),
        ("1234.5", 1234.5),
        ("GBP 12", 12),
        ("-£5", -5),
        ("-5", -5),
        ("+£5", 5),
        ("£1e3", 1000),
        (12, 12),
        (12.5, 12.5),
        (0, 0),
    ],
)
def test_money_is_pounds(written: object, pounds: float) -> None:
    assert units.pounds(written) == pounds


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("3,5", "3.5"),
        ("£1.000,50", "1000.50"),
        ("(500)", "-500"),
        ("£12,34,567", "£1234.50"),
        ("£1,23", "1.23"),
        ("€40", "£1234.50"),
        ("£40 an hour", "£1234.50"),
        ("forty", "£1234.50"),
        ("£", "£1234.50"),
        ("", "£1234.50"),
        ("£-5", "£1234.50"),
        ("40%", "£1234.50"),
    ],
)
def test_what_is_no_amount_of_money_is_refused_with_the_likely_form(
    written: str, hint: str
) -> None:
    message, advice = refused(units.pounds, written)
    assert f"{written!r} is not an amount of money" in message
    assert advice.endswith(hint)


@pytest.mark.parametrize("reader", [units.pounds, units.number, units.rate, units.whole])
@pytest.mark.parametrize("written", ["--5", "-+5", "+-+5", "\u0661\u0662", "\N{SUPERSCRIPT TWO}"])
def test_two_signs_or_digits_of_another_script_are_no_number(
    reader: Callable[[object], float], written: str
) -> None:
    assert "is not" in refused(reader, written)[0]


@pytest.mark.parametrize("written", ["£10000000001", 1e11, "-£1e12"])
def test_money_beyond_reason_is_refused(written: object) -> None:
    assert "out of range" in refused(units.pounds, written)[0]


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_money_as_people_write_it_is_read_back(amount: Decimal) -> None:
    assert units.pounds(f"£{amount:,}" if amount >= 0 else f"-£{-amount:,}") == float(amount)
    assert units.pounds(units.money(float(amount))) == float(amount)


@pytest.mark.parametrize(
    ("value", "pence", "shown"),
    [
        (1234.5, True, "£1,234.50"),
        (-1234.5, True, "-£1,234.50"),
        (15598.58, False, "£15,599"),
        (-0.004, True, "£0.00"),
        (-0.4, False, "£0"),
        (0.0, True, "£0.00"),
        (-0.0, False, "£0"),
    ],
)
def test_money_is_shown_with_its_sign_first_and_no_negative_nothing(
    value: float, pence: bool, shown: str
) -> None:
    assert units.money(value, pence) == shown


# --- shares and rates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("80%", 0.8),
        ("0.8", 0.8),
        (0.8, 0.8),
        ("3.5%", 0.035),
        ("100%", 1),
        (1, 1),
        ("0%", 0),
        (0, 0),
        ("21.6 %", 0.216),
        ("19.9516%", 0.199516),
    ],
)
def test_a_share_is_a_fraction_of_one(written: object, share: float) -> None:
    assert units.share(written) == share


@given(st.integers(0, 10**6))
def test_a_percentage_is_the_float_nearest_to_it(ten_thousandths: int) -> None:
    exact = Decimal(ten_thousandths) / 10**6
    assert units.share(f"{exact * 100}%") == float(exact)


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        (3.5, "more than 1 and has no % sign", "Did you mean 3.5%?"),
        ("3.5", "more than 1 and has no % sign", "Did you mean 3.5%?"),
        ("120%", "120% is outside 0% to 100%", "between 0% and 100%"),
        ("-1%", "-1% is outside 0% to 100%", "between 0% and 100%"),
        (-0.1, "-0.1 is outside 0% to 100%", "between 0% and 100%"),
        ("80 per cent", "'80 per cent' is not a percentage", "80%"),
        ("%", "'%' is not a percentage", "80%"),
        ("3,5%", "'3,5%' is not a percentage", "3.5"),
        ("80%%", "'80%%' is not a percentage", "80%"),
        ("--5%", "'--5%' is not a percentage", "80%"),
        (True, "number is needed", "Write a number"),
        (None, "nothing", "Write a number"),
    ],
)
def test_what_is_no_share_is_refused_with_advice(written: object, message: str, hint: str) -> None:
    found = refused(units.share, written)
    assert message in found[0]
    assert hint in found[1]


def test_a_rate_may_be_negative_but_a_share_may_not() -> None:
    assert units.rate("-2%") == -0.02
    assert units.rate(-0.02) == -0.02
    assert "outside" in refused(units.share, "-2%")[0]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.8, "80%"),
        (0.035, "3.5%"),
        (1.1, "110%"),
        (0, "0%"),
        (1 / 3, "33.33%"),
        (255.368, "25,540%"),
        (-12.5, "-1,250%"),
        (9.9999, "1,000%"),
        (9.99, "999%"),
        (1e20, "1e+22%"),
    ],
)
def test_a_percentage_is_shown_with_no_more_digits_than_it_needs(value: float, shown: str) -> None:
    assert units.percent(value) == shown


# --- plain numbers, counts, dates and published figures ------------------------------------------


@pytest.mark.parametrize(
    ("written", "number"), [("1,000", 1000), ("-3.5", -3.5), (7, 7), ("1e3", 1000), (" 5 ", 5)]
)
def test_a_number_may_have_grouped_thousands(written: object, number: float) -> None:
    assert units.number(written) == number


@pytest.mark.parametrize("written", ["1 000", "1_000", "0x1F", "nan", "inf", "1,00", "", "ten"])
def test_what_is_no_number_is_refused(written: str) -> None:
    assert f"{written!r} is not a number" in refused(units.number, written)[0]


def test_a_count_is_whole_and_never_cut_down_silently() -> None:
    assert units.whole(4) == 4
    assert units.whole(4.0) == 4
    assert units.whole("1,000") == 1000
    assert isinstance(units.whole(4.0), int)
    message, hint = refused(units.whole, 1.5)
    assert message == "1.5 is not a whole number"
    assert hint == "Write a whole number such as 2"


@pytest.mark.parametrize("number", [2**53 + 1, 2**63 - 1, -(2**53) - 1])
def test_a_whole_number_is_kept_to_its_last_digit(number: int) -> None:
    assert units.whole(number) == number
    assert units.whole(str(number)) == number
    assert units.whole(f"{number:,}") == number


@pytest.mark.parametrize(
    "written", [10**400, "1" * 5000, "1e400"], ids=["number", "digits", "power"]
)
def test_a_whole_number_beyond_all_reason_is_refused(written: object) -> None:
    assert "is not a real number" in refused(units.whole, written)[0]


def test_whole_numbers_are_shown_in_full() -> None:
    assert units.show(1_000_000, "people") == "1,000,000 people"
    assert units.show(1_234_567, "") == "1,234,567"
    assert units.show(1234.5678, "") == "1,234.57"
    assert units.show(1e20, "people") == "1e+20 people"


def test_a_date_is_written_year_first() -> None:
    assert units.day("2016-04-01") == date(2016, 4, 1)
    for written in ("01/04/2016", "2016-13-01", "2023-02-29", "1 April 2016", "", 2016):
        message, hint = refused(units.day, written)
        assert "is not a date" in message
        assert "2016-04-01" in hint


@pytest.mark.parametrize(
    ("written", "value", "half_a_digit"),
    [
        ("£97.88", 97.88, 0.005),
        ("£16,507", 16507, 0.5),
        ("£15598.5", 15598.5, 0.05),
        ("2.3 years", 2.3, 0.05),
        ("4 days", 4, 0.5),
        ("80%", 0.8, 0.005),
        ("3.5%", 0.035, 0.0005),
        ("0.5 FTE", 0.5, 0.05),
        ("12", 12, 0.5),
        ("-£5.00", -5, 0.005),
    ],
)
def test_a_published_figure_says_how_far_it_was_rounded(
    written: str, value: float, half_a_digit: float
) -> None:
    found, rounding = units.published(written)
    assert found == value
    assert rounding == pytest.approx(half_a_digit, rel=1e-12)


@given(st.one_of(st.text(max_size=12), st.floats(), st.integers(), st.booleans(), st.none()))
def test_a_reader_either_gives_a_real_number_or_refuses(written: object) -> None:
    for reader in (
        units.minutes, units.years, units.pounds, units.share, units.rate, units.number, units.whole
    ):  # fmt: skip
        with suppress(ValueError):
            assert math.isfinite(reader(written))
