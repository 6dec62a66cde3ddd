"""The whole decision problem as typed, frozen parts: what a scenario file may say.

A `Scenario` holds what is common to all (prices, horizon, discounting, calendar, run settings) and
its sites; a `Site` is a local authority with its staff, referrals, pathways and costs. Durations
are working minutes, money is pounds, shares are fractions.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, model_validator

from costsim import units
from costsim.scenario.deflators import Deflators, shipped
from costsim.scenario.model import (
    Model,
    Name,
    Pounds,
    Section,
    Text,
    Whole,
    Year,
    Years,
    reads,
    refusal,
    refusing,
    within,
)
from costsim.scenario.origin import Origin
from costsim.scenario.pathways import Pathway, TakeUp
from costsim.scenario.quantities import (
    Duration,
    Number,
    Portions,
    Spending,
    Waiting,
    at_least,
)
from costsim.scenario.staff import Role
from costsim.scenario.terms import Discounting, Effect, Optimism, PriceBase, Quality
from costsim.scenario.unsure import Uncertainty

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
Month = Literal[
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip
Weekday = Literal[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
]  # fmt: skip
Day = Annotated[date, reads("CS309", units.day)]
# In the order in which they are printed.
PUBLISHABLE = (
    "referrals_per_year", "per_case_saving", "annual_saving", "annual_running_cost_change",
    "staff_hours_released_per_year", "fte_released", "one_off_cost", "total_saving", "net_benefit",
    "net_present_value", "benefit_cost_ratio", "return_on_investment", "payback_years",
    "discounted_payback_years", "break_even_referrals_per_year", "days_sooner",
)  # fmt: skip
FORMAT = 1
MOST_YEARS = 100
PHASES = ("discover", "define", "co_design", "test")


def _possible_day(hours: Number) -> Number:
    if hours.uncertain is not None:
        rule = "the working day cannot be uncertain, because durations in days are read by it"
        raise refusal("CS419", f"{rule}|Make another scenario that extends this one instead")
    if not 0 < hours.value <= 24:
        rule = f"a working day of {hours.value:g} hours is impossible"
        raise refusal("CS411", f"{rule}|Write the hours of one working day, such as 7.4")
    return hours


class Calendar(Section):
    """Working time: the day's hours, the week's days, and the days that nobody works."""

    start: Day = Field(
        date(2024, 4, 1),
        description="First day that is simulated. With a warm-up, counting begins that much later.",
    )
    hours_per_day: Annotated[Number, AfterValidator(_possible_day)] = Field(
        default_factory=lambda: Number(value=units.HOURS_PER_DAY),
        description="Hours in a working day.",
    )
    working_week: Annotated[list[Weekday], Field(min_length=1)] = Field(
        ["monday", "tuesday", "wednesday", "thursday", "friday"], description="Working days."
    )
    bank_holidays: Literal["england", "scotland", "wales", "northern_ireland", "none"] = Field(
        "england", description="Whose bank holidays are not worked."
    )
    closed: list[Day] = Field([], description="Further days that nobody works.")
    full_time_year: Annotated[Duration, at_least(60)] = Field(
        default_factory=lambda: Duration.model_validate({"value": "1560 h", "assumed": True}),
        description="Hours that one full-time person works in a year, leave taken off.",
    )


class Run(Model):
    """How much is simulated: replications of a period, after a warm-up, from a seed."""

    replications: Annotated[Whole, within(1, 100_000)] | None = Field(
        None,
        description="Independent repetitions of the simulated period, at the least if there is a "
        "precision; as many as the precision takes unless given.",
    )
    precision: Annotated[Pounds, within(0.01, 1_000_000)] | None = Field(
        None,
        description="Go on until the saving per case is known within this much either way (95%); "
        "£1 if neither this nor replications is given.",
    )
    seed: Annotated[Whole, within(0, 2**63 - 1)] = Field(
        1, description="Which luck: the same seed gives the same results."
    )
    length: Annotated[Years, within(0.05, 50)] = Field(1.0, description="Period counted.")
    warm_up: Annotated[Years, within(0, 50)] = Field(
        0.0,
        description="Period before it, which fills the queues and is not counted. The clock and "
        "any backlog start before the warm-up.",
    )


class DatedArrivals(Model):
    """Referrals from a file of dates."""

    dates: Text = Field(description="CSV file with a `date` column, beside the scenario file.")


def _arrival_style(value: object) -> object:
    if isinstance(value, str) and value not in ("poisson", "evenly"):
        raise refusal(
            "CS413", f"{value!r} is not a way to arrive|Write poisson, evenly or {{dates: FILE}}"
        )
    return value


class Referrals(Section):
    """The people who are referred: how many, when, and what kind of need they have."""

    per_year: Annotated[Number, at_least(0.01)] | None = Field(
        None, description="Referrals a year."
    )
    arrive: Annotated[
        Literal["poisson", "evenly"] | DatedArrivals, BeforeValidator(_arrival_style)
    ] = Field("poisson", description="At random (poisson), evenly, or on the dates of a file.")
    monthly: dict[Month, Number] | None = Field(
        None, description="Weight of each month; months that are not named weigh 1."
    )
    need: Portions | None = Field(None, description="Categories of need and their shares.")
    attributes: dict[Name, Portions] = Field(
        {}, description="Further attributes, each with its values and their shares."
    )
    priority: list[Name] = Field([], description="Needs that are served first, in order.")
    backlog: dict[Name, Waiting] = Field(
        {},
        description="Cases that wait at activities of the old pathway when the clock starts, "
        "which is before any warm-up.",
    )

    @model_validator(mode="after")
    def _counted_once(self) -> Referrals:
        dated = isinstance(self.arrive, DatedArrivals)
        if dated == (self.per_year is not None):
            rule = "the dates already say how many" if dated else "per_year is missing"
            raise refusal(
                "CS414", f"{rule}|Give per_year, or arrive: {{dates: FILE}}, one of the two"
            )
        return self

    def shares(self) -> dict[str, Portions]:
        """Every attribute of a referral with its values' shares; `need` is one of them."""
        return dict(self.attributes) | ({"need": self.need} if self.need else {})


class Phase(Section):
    """What one phase of co-production cost, once."""

    staff: dict[Name, Duration] = Field({}, description="Staff time by role.")
    payments_to_parents: Spending | None = Field(None, description="Payments to parent carers.")
    coaching: Spending | None = Field(None, description="Coaching.")
    other: Spending | None = Field(None, description="Anything else.")


class OneOff(Section):
    """The one-off cost of co-production, by phase."""

    discover: Phase = Phase()
    define: Phase = Phase()
    co_design: Phase = Phase()
    test: Phase = Phase()


def _published_text(value: object) -> str:
    with refusing("CS304"):
        units.published(str(value))
    return str(value)


class Published(Section):
    """A figure that somebody published, to be printed beside what is computed."""

    value: Annotated[str, BeforeValidator(_published_text)] = Field(
        description="The figure as published: £97.88, 2.3 years, 4 days, 80%."
    )

    @model_validator(mode="before")
    @classmethod
    def _bare_value(cls, data: Any) -> Any:
        return data if isinstance(data, dict) else {"value": data}

    @property
    def number(self) -> float:
        """The figure in pounds, years, days or as a fraction."""
        return units.published(self.value)[0]

    @property
    def rounding(self) -> float:
        """Half a unit of the figure's last digit: how far rounding alone can move it."""
        return units.published(self.value)[1]


class Site(Model):
    """A local authority: its staff, referrals, pathways and costs."""

    title: Text | None = Field(None, description="Name to print.")
    staff: Annotated[dict[Name, Role], Field(min_length=1)] = Field(description="Roles by name.")
    referrals: Referrals = Field(description="Who is referred, how many and when.")
    targets: dict[Name, Duration] = Field(
        {}, description="Longest acceptable time to `decision`, or to the end of an activity."
    )
    pathways: Annotated[dict[Name, Pathway], Field(min_length=2)] = Field(
        description="The old pathway, and the new one or more."
    )
    take_up: TakeUp = Field(default_factory=TakeUp, description="Who gets the new pathway.")
    one_off: OneOff = Field(default_factory=OneOff, description="One-off cost of co-production.")
    running_costs: dict[Name, dict[Name, Spending]] = Field(
        {}, description="Yearly costs of each pathway, other than staff time."
    )
    published: dict[Name, Published] = Field({}, description="Published figures to compare with.")


def _format_version(value: object) -> object:
    if value != FORMAT:
        rule = f"the format is {value!r}, but this costsim reads format {FORMAT}"
        hint = f"Write costsim: {FORMAT}, or upgrade costsim if the file was made with a newer one"
        raise refusal("CS401", f"{rule}|{hint}")
    return value


def _whole_years(years: float) -> float:
    if years != int(years) or not 1 <= years <= MOST_YEARS:
        rule = f"the horizon is {years:g} years, not whole years from 1 to {MOST_YEARS}"
        whole = min(max(1, round(years)), MOST_YEARS)
        example = f"{whole} year{'s' * (whole > 1)}"
        raise refusal("CS418", f"{rule}|Write whole years, such as {example}")
    return years


class Scenario(Model):
    """One YAML file: the whole decision problem, with every site complete."""

    costsim: Annotated[int, BeforeValidator(_format_version)] = Field(
        description="Version of the format, which is 1."
    )
    title: Text = Field(description="What is being decided.")
    description: Text | None = Field(None, description="What a reader should know first.")
    price_year: Year = Field(
        description="The year in whose prices results are, and every amount that says no other."
    )
    horizon: Annotated[Years, AfterValidator(_whole_years)] = Field(
        description="Years that are appraised."
    )
    discounting: Discounting = Field(default_factory=Discounting, description="Discounting.")
    prices: PriceBase = Field(default_factory=PriceBase, description="Price base.")
    optimism_bias: Optimism | None = Field(None, description="Allowance for optimism bias.")
    effects: dict[Name, Effect] = Field(
        {}, description="Outcomes other than money, by name, and what they are worth."
    )
    quality: Quality = Field(default_factory=Quality, description="Who answers for it.")
    calendar: Calendar = Field(default_factory=Calendar, description="Working time.")
    run: Run = Field(default_factory=Run, description="How much is simulated.")
    uncertainty: Uncertainty = Field(
        default_factory=Uncertainty, description="How uncertain inputs are studied."
    )
    comparator: Name = Field("old", description="The pathway that others are compared with.")
    sites: Annotated[dict[Name, Site], Field(min_length=1)] = Field(description="Sites by name.")
    published: dict[Name, Published] = Field({}, description="Published figures of the programme.")

    _origin: Origin | None = PrivateAttr(None)

    @property
    def origin(self) -> Origin:
        """The files that the scenario was read from; an empty origin if it was not read."""
        return self._origin or Origin("(not from a file)", ())

    def with_origin(self, origin: Origin) -> Scenario:
        """The same scenario, knowing where it came from."""
        copied = self.model_copy()
        copied._origin = origin
        return copied

    @property
    def deflators(self) -> Deflators:
        """Price indices by year: of the scenario's own table, or of the one of costsim."""
        return self.origin.deflators[0] if self.origin.deflators else shipped()

    @property
    def years(self) -> int:
        """Whole years of the appraisal."""
        return int(self.horizon)

    @property
    def options(self) -> tuple[str, ...]:
        """The pathways that are compared with the comparator, in alphabetical order."""
        names = {name for site in self.sites.values() for name in site.pathways}
        return tuple(sorted(names - {self.comparator}))

    @property
    def main_option(self) -> str:
        """The option that is spoken of first: `new`, or else the first by name."""
        return "new" if "new" in self.options else self.options[0]

    @classmethod
    def known_keys(cls) -> set[str]:
        """A file's top level may also say what every site has, and what the file extends."""
        return super().known_keys() | SITE_KEYS | {"extends"}


SITE_KEYS = frozenset(Site.model_fields) - {"title", "published"}
