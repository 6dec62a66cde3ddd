"""Numbers with their story: a value, where it comes from, and how unsure it is.

Any number of a scenario may be written bare (`£43.40`) or with its story
(`{value: £43.40, source: ..., price_year: 2016-17, uncertain: {pert: [£36, £43.40, £52]}}`).
`Varying` holds something that may differ by an attribute of the referral (`by_need:`).
"""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar, cast

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, model_validator

from costsim import units
from costsim.scenario.counted import all_cases
from costsim.scenario.distributions import Distribution, Unsure
from costsim.scenario.model import (
    Minutes,
    Model,
    Pounds,
    Rate,
    Real,
    Section,
    Share,
    Whole,
    Year,
    Years,
    refusal,
    refusing,
    within,
)

T = TypeVar("T")
V = TypeVar("V")
Q = TypeVar("Q", bound="Quantity[Any]")
TOLERANCE = 1e-9


def _share_or_rest(value: object) -> float | None:
    if value == "rest":
        return None
    with refusing("CS303"):
        return units.share(value)


def _headcount(value: object) -> int | None:
    if value in (None, "unlimited"):
        return None
    try:
        return units.whole(value)
    except ValueError as error:
        advice = "|Write a whole number and use share_of_time for the part, or unlimited"
        raise refusal("CS305", str(error).partition("|")[0] + advice) from error


class Quantity(Section, Generic[T]):
    """One number: its value in the unit of its kind, its source, and how unsure it is."""

    unit: ClassVar[str] = ""
    whole: ClassVar[bool] = False
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = float("inf")

    value: T = Field(description="The number itself.")
    price_year: Year | None = Field(None, description="The year in whose prices it is.")
    uncertain: Unsure[T, Real] | None = Field(
        None, description="How unsure we are of this one number, as a distribution."
    )

    @model_validator(mode="before")
    @classmethod
    def _bare_value(cls, data: Any) -> Any:
        return data if isinstance(data, dict) else {"value": data}

    def moved(self, value: float) -> Self:
        """The same quantity with another value, whole and within bounds if it must be.

        Raises `ValueError` if no such value is possible.
        """
        if self.whole:
            value = max(math.floor(value + 0.5), self.lowest)
        if not self.lowest <= value <= self.highest:
            raise ValueError(f"{units.show(value, self.unit)} {self._rule()}")
        return self.altered({"value": value})

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.value is None and self.uncertain is not None:
            raise refusal("CS308", "what has no number cannot be uncertain|Write a number as value")
        if self._outside(self.lowest, self.highest):
            shown = units.show(cast(float, self.value), self.unit)
            raise refusal("CS307", f"{shown} {self._rule()}|{self._advice()}")
        if self.uncertain is not None:
            self._check_uncertain(self.uncertain)
        return self

    def _check_uncertain(self, uncertain: Unsure[T, Real]) -> None:
        if uncertain.concentration is not None:
            rule = "a dirichlet is of the shares of one `next` or one attribute, and this is none"
            example = "beta: {alpha: 72, beta: 18} for 72 cases of 90"
            raise refusal("CS453", f"{rule}|Write another distribution, such as {example}")
        self._check_range(*uncertain.family().support)

    def _outside(self, low: float, high: float) -> bool:
        """Whether it is a number, and does not lie from low to high."""
        return isinstance(self.value, int | float) and not low <= self.value <= high

    def _advice(self) -> str:
        """What was probably meant: 1 written for 1%."""
        part = cast(float, self.value) / 100
        if self.unit == "%" and self.lowest <= part <= self.highest:
            return f"Did you mean {units.percent(part)}?"
        return "Check the number and its unit"

    def _rule(self) -> str:
        if self.highest == float("inf"):
            return "cannot be negative" if self.lowest == 0 else f"must be at least {self.lowest:g}"
        low, high = (units.show(end, self.unit) for end in (self.lowest, self.highest))
        return f"must lie between {low.removesuffix(f' {self.unit}')} and {high}"

    def _span(self, low: float, high: float) -> str:
        upper = "any height" if math.isinf(high) else units.show(high, self.unit)
        return f"{units.show(low, self.unit)} to {upper}"

    def _check_range(self, low: float, high: float) -> None:
        if low < self.lowest or high > self.highest:
            raise refusal(
                "CS308",
                f"its uncertain range is {self._span(low, high)}, but the number {self._rule()}"
                "|Choose a distribution within bounds, such as beta or pert",
            )
        if self._outside(low, high):
            shown = units.show(cast(float, self.value), self.unit)
            rule = f"{shown} lies outside its own uncertain range {self._span(low, high)}"
            raise refusal("CS308", f"{rule}|Widen the range, or change the value")


class Money(Quantity[Pounds]):
    """Pounds, never negative; `value` is in its own price year, `pounds` in the scenario's."""

    unit = "£"

    _uprating: float = PrivateAttr(1.0)

    @property
    def pounds(self) -> float:
        """The amount in the prices of the scenario."""
        return self.value * self._uprating

    def uprate(self, factor: float) -> None:
        """Say what £1 of its own price year is in the scenario's; once, when it is read."""
        self._uprating = factor


class Spending(Money):
    """Pounds that somebody spends: the council unless an agency is named."""

    agency: Annotated[str, Field(min_length=1)] | None = Field(
        None, description="Who pays it, if not the council."
    )


class Duration(Quantity[Minutes]):
    """Working minutes."""

    unit = "min"


class Proportion(Quantity[Share]):
    """A share between 0 and 1."""

    unit = "%"
    highest = 1.0


class Portion(Quantity[Annotated[float | None, BeforeValidator(_share_or_rest)]]):
    """A share of several that add up to 1, or `rest`, which is whatever the others leave."""

    unit = "%"
    highest = 1.0

    @property
    def cases(self) -> float | None:
        """How many cases were seen to go this way, if they were counted as a dirichlet."""
        return self.uncertain.concentration if self.uncertain is not None else None

    def _check_uncertain(self, uncertain: Unsure[float | None, Real]) -> None:
        if uncertain.concentration is None:  # else it can only be judged among the others
            super()._check_uncertain(uncertain)


class DiscountRate(Quantity[Rate]):
    """A yearly rate, such as 3.5%."""

    unit = "%"
    lowest = -0.5
    highest = 0.5


class Growth(Quantity[Rate]):
    """A yearly rate of growth, which may be negative."""

    unit = "%"
    lowest = -0.2
    highest = 0.2


class Number(Quantity[Real]):
    """A plain number, zero or more."""


class Period(Quantity[Years]):
    """Years."""

    unit = "years"


class Count(Quantity[Whole]):
    """A whole number from 1 to a million."""

    whole = True
    lowest = 1
    highest = 1_000_000


class Waiting(Quantity[Annotated[Whole, within(0, 1_000_000)]]):
    """How many cases wait: a whole number, which may be 0."""

    unit = "cases"
    whole = True
    lowest = 0


class Headcount(
    Quantity[Annotated[int | None, BeforeValidator(_headcount)]],
):
    """How many people hold a role, or `unlimited` where staff are costed but never waited for."""

    unit = "people"
    whole = True
    lowest = 1
    highest = 1_000_000


def at_least(lowest: float) -> AfterValidator:
    """A validator that keeps a quantity at or above an end, in its own unit."""

    def check(quantity: Q) -> Q:
        if quantity.value is not None and quantity.value < lowest:
            shown, end = (units.show(each, quantity.unit) for each in (quantity.value, lowest))
            raise refusal("CS415", f"{shown} is below {end}, the least|Write {end} or more")
        return quantity

    return AfterValidator(check)


class Varying(Model, Generic[V]):
    """The same for every referral, or one for each value of one attribute (`by_need: {...}`)."""

    always: V | None = None
    by: dict[str, dict[str, V]] | None = None

    @model_validator(mode="before")
    @classmethod
    def _by_attribute(cls, data: Any) -> Any:
        keys = list(data) if isinstance(data, dict) else []
        if len(keys) == 1 and keys[0].startswith("by_"):
            return {"by": {keys[0].removeprefix("by_"): data[keys[0]]}}
        return {"always": data}

    @property
    def attribute(self) -> str | None:
        """The attribute by which it varies, if it does."""
        return next(iter(self.by)) if self.by else None

    def choices(self) -> dict[str, V]:
        """Each value of the attribute with what holds for it; `{"": x}` when it does not vary."""
        if self.by:
            return next(iter(self.by.values()))
        return {"": cast(V, self.always)}


CaseMinutes = Varying[Distribution[Duration, Number]]


def _known(written: dict[str, Portion]) -> dict[str, float]:
    """The shares that are given, in alphabetical order of their names."""
    return {n: v for n, each in sorted(written.items()) if (v := each.value) is not None}


def portions(written: dict[str, Portion]) -> dict[str, float]:
    """Shares that add up to exactly 1, in alphabetical order of their names.

    `rest` takes what the others leave. When an uncertain share has been moved, the shares that are
    not uncertain are scaled to make room for it.

    >>> portions({"b": Portion(value="30%"), "a": Portion(value="rest")})
    {'a': 0.7, 'b': 0.3}
    """
    known = _known(written)
    left = 1.0 - sum(known.values())
    rests = written.keys() - known.keys()
    if left < -TOLERANCE or (left > TOLERANCE and not rests):
        known = _make_room(known, {name for name, each in written.items() if each.uncertain})
    return dict(sorted((known | dict.fromkeys(rests, max(0.0, left))).items()))


def _make_room(known: dict[str, float], moved: set[str]) -> dict[str, float]:
    """Scale the shares that were not moved to fill what the moved ones leave; else scale all."""
    still = {name: known[name] for name in sorted(known.keys() - moved)}
    taken, others = sum(map(known.__getitem__, sorted(moved))), sum(still.values())
    if others <= 0 or taken > 1:
        return {name: value / (taken + others) for name, value in known.items()}
    scale = (1.0 - taken) / others
    return known | {name: value * scale for name, value in still.items()}


def _adds_up(written: dict[str, Portion]) -> dict[str, Portion]:
    known = _known(written)
    rests = len(written) - len(known)
    total = sum(known.values())
    if rests > 1:
        raise refusal("CS403", "only one of the shares may be `rest`|Give the others a percentage")
    if total > 1 + TOLERANCE or (not rests and total < 1 - TOLERANCE):
        listed = " + ".join(f"{name} {units.percent(known[name])}" for name in known)
        rule = f"the shares add up to {units.percent(total)}, not 100%: {listed}"
        raise refusal("CS403", f"{rule}|Change one of them, or write `rest` for one")
    return written


def _counted(written: dict[str, Portion]) -> dict[str, Portion]:
    """Tell each share that was counted how many cases there are in all."""
    counts = {name: each.cases for name, each in written.items()}
    if any(count is not None for count in counts.values()):
        total = all_cases({name: each.value for name, each in written.items()}, counts)
        for each in written.values():
            if each.uncertain is not None:
                each.uncertain.among(total)
    return written


Portions = Annotated[
    dict[str, Portion],
    Field(min_length=1),
    AfterValidator(_adds_up),
    AfterValidator(_counted),
]
