"""How the uncertainty of a scenario's inputs is studied, as the scenario itself says.

How many draws are made of all uncertain inputs, and in which manner; which inputs go together, so
that a high value of one makes a high value of the other likelier; and the yearly saving that a
budget relies on, so that the chance of missing it can be told.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from costsim import units
from costsim.scenario.model import Model, Section, Text, Whole, refusal, refusing, within
from costsim.scenario.quantities import Money

FEWEST_DRAWS, MOST_DRAWS = 10, 10_000_000


def _rank(value: object) -> float:
    percentage = isinstance(value, str) and value.strip().endswith("%")
    with refusing("CS304"):
        rank = (
            units.rate(value)
            if percentage
            else units.number(value, "a rank correlation", "0.6 or 60%")
        )
    if not -1 <= rank <= 1:
        rule = f"a rank correlation of {value} is impossible: it lies between -1 and 1"
        raise refusal("CS457", f"{rule}|Write it as 0.6 or 60%; below zero where one falls")
    return rank


def _one_figure(target: Money) -> Money:
    if target.uncertain is not None:
        rule = "the target cannot be uncertain: it is what the budget relies on"
        raise refusal("CS458", f"{rule}|Write one figure")
    return target


class Correlation(Section):
    """Two uncertain inputs that go together, by Spearman's rank correlation."""

    between: Annotated[list[Text], Field(min_length=2, max_length=2)] = Field(
        description="The two inputs, by the names that `costsim check` lists."
    )
    rank: Annotated[float, BeforeValidator(_rank)] = Field(
        description="Rank correlation, from -1 (-100%) to 1 (100%)."
    )


class Uncertainty(Model):
    """How draws of the uncertain inputs are made, and what the budget relies on."""

    draws: Annotated[Whole, within(FEWEST_DRAWS, MOST_DRAWS)] | None = Field(
        None, description="How many draws of all uncertain inputs are made."
    )
    sampling: Literal["random", "latin_hypercube", "sobol"] = Field(
        "latin_hypercube",
        description="How they are spread: independently, evenly over the range of each input, or "
        "evenly over all ranges together.",
    )
    correlations: list[Correlation] = Field([], description="Inputs that go together.")
    target: Annotated[Money, AfterValidator(_one_figure)] | None = Field(
        None, description="Yearly saving that a budget relies on."
    )
