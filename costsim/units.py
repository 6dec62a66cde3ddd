"""How an analyst writes numbers: durations, money, percentages, counts and years.

Inside costsim a duration is working minutes, money is pounds and a share is a fraction of one.
A working day has as many minutes as the scenario's calendar says, so durations are read with that
number in hand. Each reader returns a float or raises `ValueError` with a sentence for the analyst
and, after a `|`, one line on how to put it right.

    >>> minutes("2.5 h"), minutes("3 working days"), pounds("£1,234.50"), share("80%")
    (150.0, 1332.0, 1234.5, 0.8)
"""

from __future__ import annotations

import math
import re
from datetime import date

HOURS_PER_DAY = 7.4
MINUTES_PER_DAY = HOURS_PER_DAY * 60
DAYS_PER_WEEK = 5

_DIGITS = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_NUMBER = rf"[+-]?{_DIGITS}"
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_SIGNED = re.compile(r"(?P<sign>[+-]?)(?P<rest>.*)", re.DOTALL)
_DURATION = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>[a-z ]+)", re.IGNORECASE)
_YEARS = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>years?|months?)", re.IGNORECASE)
_MINUTES_IN = {
    "min": 1.0, "mins": 1.0, "minute": 1.0, "minutes": 1.0,
    "h": 60.0, "hour": 60.0, "hours": 60.0, "hr": 60.0, "hrs": 60.0,
}  # fmt: skip
_DAYS_IN = {
    "day": 1.0, "days": 1.0, "working day": 1.0, "working days": 1.0,
    "week": 5.0, "weeks": 5.0, "working week": 5.0, "working weeks": 5.0,
}  # fmt: skip
_LARGEST_MINUTES = 10_000_000.0
_LARGEST_POUNDS = 1e10


def minutes(text: object, minutes_per_day: float = MINUTES_PER_DAY) -> float:
    """Working minutes of a duration such as `30 min`, `2 h`, `15 days` or `3 weeks`.

    A day is a working day and a week is five of them, because the model's clock runs in working
    time. A bare number is refused, except 0: it could be minutes or hours.
    """
    if not isinstance(text, str):
        return _only_zero(text, "{0:g} min, {0:g} h or {0:g} days")
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a duration|Write it as 30 min, 2 h or 15 days")
    value = float(found["number"]) * _minutes_in(found["unit"], minutes_per_day)
    return _within(value, 0.0, _LARGEST_MINUTES, text, "a duration")


def _only_zero(number: object, instead: str) -> float:
    """A bare number of a thing that has units: only 0 is clear without one."""
    if _plain_number(number) != 0:
        raise ValueError(f"{number} has no unit|Write {instead.format(number)}")
    return 0.0


def _minutes_in(unit: str, minutes_per_day: float) -> float:
    name = " ".join(unit.lower().split())
    if name in _MINUTES_IN:
        return _MINUTES_IN[name]
    if name in _DAYS_IN:
        return _DAYS_IN[name] * minutes_per_day
    if name.startswith("calendar"):
        raise ValueError(
            "calendar days are not a unit of the working clock"
            "|Write working days: 7 calendar days are 5 working days"
        )
    raise ValueError(f"{unit.strip()!r} is not a unit of time|Use min, h, days or weeks")


def years(text: object) -> float:
    """Years of a period such as `3 years`, `6 months`, or 0.

    >>> years("6 months")
    0.5
    """
    if not isinstance(text, str):
        return _only_zero(text, "{0} years or {0} months")
    found = _YEARS.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a period|Write it as 3 years or 6 months")
    value = float(found["number"]) / (12.0 if found["unit"].lower().startswith("m") else 1.0)
    return _within(value, 0.0, 1000.0, text, "a period")


def pounds(text: object) -> float:
    """Pounds of an amount such as `£1,234.50`, `43.4` or `-£5`; thousands may have commas.

    >>> pounds("-£5"), pounds(12)
    (-5.0, 12.0)
    """
    if not isinstance(text, str):
        return _within(_plain_number(text), -_LARGEST_POUNDS, _LARGEST_POUNDS, text, "an amount")
    body = text.strip().replace("GBP", "£").replace(" ", "")
    sign, digits = _signed(body)
    value = sign * _digits(digits.removeprefix("£"), text, "an amount of money", "£1234.50")
    return _within(value, -_LARGEST_POUNDS, _LARGEST_POUNDS, text, "an amount")


def share(text: object) -> float:
    """A fraction of one from `80%` or `0.8`; anything outside 0 to 100 % is refused.

    >>> share("3.5%")
    0.035
    """
    value = rate(text)
    if not 0 <= value <= 1:
        raise ValueError(f"{text} is outside 0% to 100%|Write a percentage between 0% and 100%")
    return value


def rate(text: object) -> float:
    """A fraction from `3.5%` or `0.035`, which may be negative; a bare number above 1 is refused.

    >>> rate("-2%")
    -0.02
    """
    if isinstance(text, str) and text.strip().endswith("%"):
        # Decimal point moved in text, so that 3.5% is the float nearest to 0.035.
        sign, digits = _signed(text.strip()[:-1].strip())
        _digits(digits, text, "a percentage", "80%")
        return sign * _finite(float(digits.replace(",", "") + "e-2"), text)
    value = number(text, "a percentage", "80%")
    if not -1 <= value <= 1:
        raise ValueError(f"{text} is more than 1 and has no % sign|Did you mean {text}%?")
    return value


def number(text: object, what: str = "a number", example: str = "1000 or 3.5") -> float:
    """A plain number; text is accepted only as digits with grouped thousands.

    >>> number("1,000")
    1000.0
    """
    if not isinstance(text, str):
        return _plain_number(text)
    sign, digits = _signed(text.strip())
    return sign * _digits(digits, text, what, example)


def whole(text: object) -> int:
    """A whole number: 4 or 4.0, never 1.5; to the last digit, where a float would round it.

    >>> whole("9007199254740993")
    9007199254740993
    """
    value = number(text)
    digits = str(text).replace(",", "").strip()
    if not isinstance(text, float) and re.fullmatch(r"[+-]?[0-9]+", digits):
        return int(digits)
    if value != math.floor(value):
        raise ValueError(
            f"{text} is not a whole number|Write a whole number such as {round(value)}"
        )
    return int(value)


def published(text: str) -> tuple[float, float]:
    """A published figure of any kind, with half a unit of its last digit.

    >>> published("£97.88"), published("2.3 years"), published("80%")
    ((97.88, 0.005), (2.3, 0.05), (0.8, 0.005))
    """
    body = re.sub(r"\s*(years?|days?|hours?|h|FTE)$", "", text.strip())
    value = rate(body) if body.endswith("%") else pounds(body)
    decimals = len(body.rstrip("%").partition(".")[2])
    return value, 0.5 * 10.0 ** -(decimals + 2 * body.endswith("%"))


def price_year(text: object) -> str:
    """A year of prices: a calendar year, or a financial year from April.

    >>> price_year(2016), price_year("2016/17")
    ('2016', '2016-17')
    """
    if isinstance(text, bool) or not re.fullmatch(r"(19|20)[0-9]{2}([-/][0-9]{2})?", str(text)):
        raise ValueError(f"{text!r} is not a year|Write it as 2016-17 or 2016")
    year = str(text).replace("/", "-")
    first, _, second = year.partition("-")
    if second and int(second) != (int(first) + 1) % 100:
        raise ValueError(f"{text} is not a year|Write it as {first}-{(int(first) + 1) % 100:02d}")
    return year


def day(text: object) -> date:
    """A date written year first, as in 2016-04-01."""
    try:
        found = date.fromisoformat(str(text))
    except ValueError as error:
        example = re.sub(r"^(\d\d)[/.-](\d\d)[/.-](\d{4})$", r"\3-\2-\1", str(text))
        shown = example if example != str(text) else "2016-04-01"
        raise ValueError(f"{text!r} is not a date|Write it year first: {shown}") from error
    if not 1950 <= found.year <= 2150:
        raise ValueError(f"{text} is not between 1950 and 2150|Write a year of our time")
    return found


def money(value: float, pence: bool = True) -> str:
    """An amount as people write it, the sign before the pound.

    >>> money(-1234.5), money(15598.58, pence=False)
    ('-£1,234.50', '£15,599')
    """
    digits = f"{abs(value):,.2f}" if pence else f"{abs(value):,.0f}"
    negative = value < 0 and float(digits.replace(",", "")) != 0
    return f"{'-' if negative else ''}£{digits}"


def percent(value: float) -> str:
    """A share as a percentage with no more digits than it needs.

    >>> percent(0.8), percent(0.035), percent(255.368)
    ('80%', '3.5%', '25,540%')
    """
    short = f"{value * 100:.4g}"
    return f"{float(short):,.0f}%" if 1e3 <= abs(float(short)) < 1e15 else f"{short}%"


def show(value: float | None, unit: str, minutes_per_day: float = MINUTES_PER_DAY) -> str:
    """A value with its unit, as people write it; whole and half working days are shown as days.

    >>> show(49, "min"), show(0.8, "%"), show(43.4, "£"), show(630, "min"), show(19980, "min")
    ('49 min', '80%', '£43.40', '10.5 h', '45 days')
    """
    if value is None:
        return "unlimited"
    if unit == "min":
        return _shown_duration(value, minutes_per_day)
    kinds = {"£": money, "%": percent}
    return kinds[unit](value) if unit in kinds else f"{_grouped(value)} {unit}".strip()


def _grouped(value: float) -> str:
    """Whole numbers in full, unless they are beyond reading; six digits of others."""
    whole_one = abs(value) < 1e15 and value == math.floor(value)
    return f"{value:,.0f}" if whole_one else f"{value:,.6g}"


def _shown_duration(minutes: float, minutes_per_day: float) -> str:
    halves = minutes * 2 / minutes_per_day
    if halves >= 2 and abs(halves - round(halves)) < 1e-9:
        return f"{round(halves) / 2:,g} day{'s' * (halves > 2)}"
    return f"{minutes / 60:,.4g} h" if minutes >= 120 else f"{minutes:,.4g} min"


def _plain_number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        shown = "nothing" if value is None else f"{value!r}".lower()
        raise ValueError(f"a number is needed here, but it is {shown}|Write a number")
    try:
        return _finite(float(value), value)
    except OverflowError:
        return _finite(math.inf, "a number of more than 300 digits")


def _signed(text: str) -> tuple[float, str]:
    """The sign as a factor, and what follows it."""
    sign, rest = _SIGNED.fullmatch(text).groups()  # type: ignore[union-attr]  # matches anything
    return (-1.0 if sign == "-" else 1.0), rest


def _digits(digits: str, text: object, what: str, example: str) -> float:
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    if not re.fullmatch(_DIGITS, digits):
        raise ValueError(f"{text!r} is not {what}|Write it as {_suggestion(digits, example)}")
    return _finite(float(digits), text)


def _suggestion(digits: str, example: str) -> str:
    """What the analyst probably meant: 3,5 -> 3.5; 1.000,50 -> 1000.50; (500) -> -500."""
    if bracketed := re.fullmatch(r"\((\d[\d,.]*)\)", digits):
        return f"-{bracketed[1]}"
    if re.fullmatch(r"\d+,\d{1,2}", digits):
        return digits.replace(",", ".")
    if re.fullmatch(r"\d{1,3}(\.\d{3})+,\d+", digits):
        return digits.replace(".", "").replace(",", ".")
    return example


def _finite(value: float, text: object) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{text} is not a real number|Write an ordinary number")
    return value


def _within(value: float, low: float, high: float, text: object, what: str) -> float:
    if not low <= value <= high:
        rule = "cannot be negative" if value < low == 0 else f"must lie within {low:g} to {high:g}"
        raise ValueError(f"{text} is out of range: {what} {rule}|Check the number and its unit")
    return value


def narrow_money(value: float) -> str:
    """Pounds, with as many decimals as it takes to tell a small amount from nothing.

    >>> narrow_money(1.0), narrow_money(0.001), narrow_money(0.0432)
    ('£1.00', '£0.001', '£0.043')
    """
    if not 0 < value < 0.1:
        return money(value)
    return f"£{value:.{1 - math.floor(math.log10(value))}f}".rstrip("0")


def counted(number: int, what: str) -> str:
    """How many of something there are.

    >>> counted(1, "replication"), counted(1318, "replication")
    ('1 replication', '1,318 replications')
    """
    return f"{number:,} {what}{'s' * (number != 1)}"
