"""Pathways as an analyst writes them: activities from start to outcomes, and who takes them up."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from costsim.scenario.model import Name, Section, Text, refusal
from costsim.scenario.quantities import (
    CaseMinutes,
    Count,
    Duration,
    Period,
    Portions,
    Proportion,
    Spending,
    Varying,
    at_least,
)


class Meeting(Section):
    """A panel that sits at intervals and takes at most so many cases."""

    every: Annotated[Duration, at_least(30)] = Field(description="Working time between sittings.")
    capacity: Count = Field(description="Most cases at one sitting.")
    members: Annotated[dict[Name, Count], Field(min_length=1)] = Field(
        description="How many of each role sit on it."
    )
    each_case: CaseMinutes = Field(description="Time on each case; it costs every member's time.")


def _one_turn(value: object) -> object:
    return [value] if isinstance(value, dict) else value


def _one_branch(value: object) -> object:
    return {value: 1.0} if isinstance(value, str) else value


Together = Annotated[dict[Name, CaseMinutes], Field(min_length=1)]
Staffing = Annotated[list[Together], Field(min_length=1), BeforeValidator(_one_turn)]
Branches = Annotated[Portions, BeforeValidator(_one_branch)]


class Activity(Section):
    """A step of a pathway: an optional wait, then work by staff or a meeting, then where next."""

    title: Text | None = Field(None, description="Name to print.")
    wait: CaseMinutes | None = Field(None, description="Time that passes before it, without staff.")
    staff: Staffing | None = Field(
        None,
        description="Roles and their minutes. A mapping works together; a list takes turns.",
    )
    meeting: Meeting | None = Field(None, description="A panel, instead of staff.")
    cost: Spending | None = Field(None, description="Cost of each visit other than staff time.")
    withdraw_after: CaseMinutes | None = Field(
        None, description="The referral is withdrawn if this has not begun after so long."
    )
    next: Varying[Branches] = Field(
        description="The next activity or outcome, or shares of several."
    )

    @model_validator(mode="after")
    def _one_kind_of_work(self) -> Activity:
        if self.staff is not None and self.meeting is not None:
            raise refusal(
                "CS417", "an activity has staff or a meeting, not both|Make it two activities"
            )
        return self


class Pathway(Section):
    """A way of assessing: activities from `start` to one of the outcomes."""

    title: Text | None = Field(None, description="Name to print.")
    start: Name = Field(description="The first activity.")
    activities: Annotated[dict[Name, Activity], Field(min_length=1)] = Field(
        description="The activities by name."
    )
    outcomes: Annotated[list[Name], Field(min_length=1)] = Field(description="Where it can end.")


class Leakage(Section):
    """Cases of the new pathway that need the old assessment all the same."""

    share: Varying[Proportion] = Field(description="Share of the new pathway's cases.")
    to: Name | None = Field(
        None, description="Activity of the old pathway where they go on; its start unless given."
    )


class TakeUp(Section):
    """Who gets the new pathway, how soon, and what else it sets off."""

    eligible: Varying[Proportion] = Field(
        default_factory=lambda: Varying[Proportion].model_validate(1.0),
        description="Share of referrals that take the new pathway; the rest follow the old.",
    )
    ramp_up: Annotated[list[Proportion], Field(min_length=1)] = Field(
        default_factory=lambda: [Proportion(value=1.0)],
        description="Share of full roll-out in each year since going live; the last one stays.",
    )
    fade: Proportion = Field(
        default_factory=lambda: Proportion(value=0.0),
        description="Share of the saving lost with each further year.",
    )
    start_delay: Period = Field(
        default_factory=lambda: Period(value=0.0),
        description="Time before the new pathway goes live.",
    )
    double_running: Period = Field(
        default_factory=lambda: Period(value=0.0),
        description="Time after going live in which the old way goes on beside the new one: it "
        "saves nothing yet, and what the new one takes is an extra cost.",
    )
    demand_response: Proportion = Field(
        default_factory=lambda: Proportion(value=0.0),
        description="More referrals that easier access brings, as a share of them.",
    )
    leakage: Leakage | None = Field(None, description="Cases that need the old assessment too.")
