"""Who does the work: roles, what an hour of them costs, how many they are, and how posts go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from costsim.scenario.model import Section, Text, refusal
from costsim.scenario.quantities import (
    Duration,
    Headcount,
    Money,
    Number,
    Proportion,
    at_least,
)


class Posts(Section):
    """How a post of a role comes to an end, without which time released is no cash."""

    in_post: Annotated[Number, at_least(0)] = Field(
        description="Full-time posts of this role that are filled."
    )
    turnover: Proportion = Field(description="Share of them that fall vacant in a year.")
    backfill: Proportion = Field(
        default_factory=lambda: Proportion(value=0.0),
        description="Share of vacant posts that this work no longer needs, but that are filled "
        "again for other work.",
    )


def _nothing() -> Proportion:
    return Proportion(value=0.0)


class Pay(Section):
    """An hour's cost built up from a year's pay, as the unit costs of PSSRU are.

    (Salary + employer's National Insurance + pension) x (1 + overheads) + capital, over the hours
    worked in a year, times the area's factor; over the share of time that is direct work, if the
    role is costed by the direct hour.
    """

    salary: Money = Field(description="Pay of a full-time year.")
    ni_rate: Proportion = Field(
        default_factory=_nothing, description="Employer's National Insurance, as a share of pay."
    )
    ni_threshold: Money = Field(
        default_factory=lambda: Money(value=0.0), description="Yearly pay on which none is due."
    )
    pension: Proportion = Field(
        default_factory=_nothing, description="Employer's pension contribution, as a share of pay."
    )
    overheads: Proportion = Field(
        default_factory=_nothing,
        description="Management, administration and premises, as a share of pay and on-costs.",
    )
    capital: Money = Field(
        default_factory=lambda: Money(value=0.0), description="Yearly capital cost of a post."
    )
    hours: Annotated[Duration, at_least(60)] = Field(
        description="Hours worked in a full-time year, leave and sickness taken off."
    )
    client_related: Annotated[Proportion, at_least(0.01)] | None = Field(
        None, description="Share of those hours that is direct work; for `per: direct_hour` only."
    )
    area_factor: Annotated[Number, at_least(0.1)] = Field(
        default_factory=lambda: Number(value=1.0),
        description="How much dearer the area is: 1.20 for London by the Cost Calculator of 2010.",
    )

    def build_up(self) -> Iterator[tuple[str, float]]:
        """The lines of a post's yearly cost, in pounds of the scenario's price year."""
        salary = self.salary.pounds
        insured = max(0.0, salary - self.ni_threshold.pounds)
        insurance, pension = self.ni_rate.value * insured, self.pension.value * salary
        yield "salary", salary
        yield "employer's National Insurance", insurance
        yield "employer's pension contribution", pension
        yield "overheads", self.overheads.value * (salary + insurance + pension)
        yield "capital", self.capital.pounds

    def hourly_cost(self) -> float:
        """Pounds an hour: of all time, or of direct work where its share is given."""
        year = sum(amount for _, amount in self.build_up())
        direct = self.client_related.value if self.client_related else 1.0
        return year * self.area_factor.value / (self.hours.value / 60 * direct)


class Role(Section):
    """A kind of member of staff; `hourly_cost` or `pay` says what an hour costs."""

    title: Text | None = Field(None, description="Name to print.")
    hourly_cost: Money | None = Field(
        None, description="Cost of one hour, on-costs and overheads included."
    )
    pay: Pay | None = Field(None, description="Instead of it, the parts that it is built from.")
    per: Literal["paid_hour", "direct_hour"] = Field(
        "paid_hour",
        description="Whether that is an hour of any paid time, of which every minute is counted, "
        "or of direct work, whose cost holds the time between.",
    )
    agency: Text | None = Field(None, description="Who employs them, if not the council.")
    headcount: Headcount = Field(
        default_factory=lambda: Headcount(value=None),
        description="How many people; `unlimited` costs their time without queues.",
    )
    share_of_time: Annotated[Proportion, at_least(0.01)] = Field(
        default_factory=lambda: Proportion(value=1.0),
        description="Share of each one's working day that this work can have.",
    )
    posts: Posts | None = Field(
        None, description="How posts fall vacant; unless given, no time released becomes cash."
    )

    @model_validator(mode="after")
    def _costed_once(self) -> Role:
        if self.hourly_cost is None and self.pay is None:
            hint = "Add hourly_cost: ..., or pay: with its parts"
            raise refusal("CS202", f"hourly_cost is missing here|{hint}")
        if self.hourly_cost is not None and self.pay is not None:
            rule = "an hour's cost is given twice, by hourly_cost and by pay"
            raise refusal("CS444", f"{rule}|Take one of them out")
        if self.pay and (self.pay.client_related is not None) != (self.per == "direct_hour"):
            rule = "client_related and per: direct_hour go together"
            raise refusal("CS445", f"{rule}|Give both, or neither, and count all paid time")
        return self

    @property
    def rate(self) -> float:
        """Pounds an hour, in the scenario's price year."""
        return self.pay.hourly_cost() if self.pay else self.hourly_cost.pounds  # type: ignore[union-attr]  # it has one of the two
