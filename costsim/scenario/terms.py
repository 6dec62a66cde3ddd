"""The terms of an appraisal as a scenario sets them: discounting, prices, allowances, quality."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from costsim.scenario.model import Name, Section, Text, refusal
from costsim.scenario.quantities import DiscountRate, Growth, Money, Number, Proportion

USUAL_RATE = 0.035  # HM Treasury's Green Book


class Discounting(Section):
    """How later money is weighed: a rate, or the Green Book's declining schedule, and when."""

    rate: DiscountRate | None = Field(None, description="Yearly rate; 3.5% unless given.")
    schedule: Literal["green_book"] | None = Field(
        None, description="Instead of a rate: HM Treasury's schedule, which declines after year 30."
    )
    timing: Literal["year_end", "mid_year", "year_start"] = Field(
        "year_end", description="When in its year each year's money counts as falling."
    )

    @property
    def yearly_rate(self) -> float | None:
        """The one rate of all years; None where the schedule gives them."""
        if self.schedule is not None:
            return None
        return self.rate.value if self.rate else USUAL_RATE

    @model_validator(mode="after")
    def _one_of(self) -> Discounting:
        if self.rate is not None and self.schedule is not None:
            raise refusal("CS410", "give a rate or a schedule, not both|Take one of them out")
        return self


class PriceBase(Section):
    """How money of one year is brought to the prices of another."""

    deflators: Text | None = Field(
        None,
        description="CSV file with the columns `year`, `index` and `source`, beside the scenario "
        "file; HM Treasury's GDP deflators unless given.",
    )
    pay_growth: Growth = Field(
        default_factory=lambda: Growth(value=0.0),
        description="How much faster than prices the cost of staff grows each year, from the "
        "second year on.",
    )
    inflation: Growth = Field(
        default_factory=lambda: Growth(value=0.02),
        description="Yearly rise of prices after the last year of the deflators, for the budget "
        "view; the Bank of England's target unless given.",
    )


class Optimism(Section):
    """How much lower savings are taken to be than simulated, and costs higher.

    Give `savings`, or a `grade` of the evidence that stands for it: 0, 5, 10, 15, 25 and 40% for
    the grades 1 to 6.
    """

    savings: Proportion | None = Field(None, description="Share by which savings are reduced.")
    costs: Proportion = Field(
        default_factory=lambda: Proportion(value=0.0),
        description="Share by which costs are increased.",
    )

    @model_validator(mode="before")
    @classmethod
    def _bare_share(cls, data: Any) -> Any:
        return data if isinstance(data, dict) else {"savings": data}

    @model_validator(mode="after")
    def _one_of(self) -> Optimism:
        if self.savings is None and self.grade is None:
            rule = "optimism bias needs a share of savings or a grade of the evidence"
            raise refusal("CS443", f"{rule}|Write savings: 15%, or grade: 4")
        if self.savings is not None and self.grade is not None:
            rule = "a grade and a share of savings would reduce the savings twice"
            raise refusal("CS443", f"{rule}|Take one of them out")
        return self


DECISION_DAYS = "decision_days"
WITHIN_TARGET = "within_target"
KNOWN_EFFECTS = (DECISION_DAYS, WITHIN_TARGET)


class Effect(Section):
    """An outcome other than money: what it scores, and what one unit of it is worth.

    `decision_days` (working days to the decision, of which fewer are better) and `within_target`
    (cases decided by their target) need no scores.
    """

    scores: dict[Name, Number] = Field(
        {}, description="What a case that ends in each outcome scores; others score nothing."
    )
    worth: Money | None = Field(
        None, description="What one unit is worth, for the net monetary benefit."
    )


class Quality(Section):
    """Who answers for the analysis, after the Aqua Book; the assurer is not the analyst."""

    commissioner: Text | None = Field(None, description="Who asked for it.")
    analyst: Text | None = Field(None, description="Who made it.")
    assurer: Text | None = Field(None, description="Who checked it, independently.")
    approver: Text | None = Field(None, description="Who signs it off.")
    date: Text | None = Field(None, description="When it was checked.")
