"""Who does the work: roles, what an hour of them costs, how many they are, and how posts go."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from costsim.scenario.model import Section, Text
from costsim.scenario.quantities import Headcount, Money, Number, Proportion, at_least


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


class Role(Section):
    """A kind of member of staff."""

    title: Text | None = Field(None, description="Name to print.")
    hourly_cost: Money = Field(description="Cost of one hour, on-costs and overheads included.")
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
