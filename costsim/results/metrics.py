"""The figures that a comparison gives, under the published names that scripts rely on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from costsim.results.estimates import Estimate

ByPathway = dict[str, Estimate]


@dataclass(frozen=True)
class Times:
    """Mean, median and 90th percentile of a time, in days."""

    mean: Estimate
    p50: Estimate
    p90: Estimate


@dataclass(frozen=True)
class Economics:
    """Money and staff time of one comparison; pounds, hours, full-time posts and years."""

    referrals_per_year: Estimate
    cost_per_case: ByPathway
    per_case_saving: Estimate
    annual_saving: Estimate
    annual_running_cost_change: Estimate
    staff_hours_released_per_year: Estimate
    fte_released: Estimate
    one_off_cost: Estimate
    double_running_cost: Estimate
    horizon_years: Estimate
    total_saving: Estimate
    net_benefit: Estimate
    net_present_value: Estimate
    benefit_cost_ratio: Estimate
    return_on_investment: Estimate
    internal_rate_of_return: Estimate
    payback_years: Estimate
    discounted_payback_years: Estimate
    break_even_referrals_per_year: Estimate
    expected_per_case_saving: Estimate


ADJUSTED = "adjusted_"
PROGRAMME = "programme"
"""Whose figures they are where they are those of all sites together."""


@dataclass(frozen=True)
class Allowance:
    """The appraisal after the optimism bias that the scenario declares; no values if it does not.

    Each is the figure of the same name without `adjusted_`.
    """

    adjusted_total_saving: Estimate
    adjusted_net_benefit: Estimate
    adjusted_net_present_value: Estimate
    adjusted_benefit_cost_ratio: Estimate
    adjusted_payback_years: Estimate
    adjusted_discounted_payback_years: Estimate


@dataclass(frozen=True)
class Cashability:
    """Pounds of staff time saved over the horizon, and the part of them that is cash."""

    staff_time_saving: Estimate
    cashable_saving: Estimate


@dataclass(frozen=True)
class Timeliness:
    """How long cases take and who is kept busy, by pathway.

    Times to decision are in working days and in calendar days; `days_sooner` is the mean under the
    comparator less the mean under the option. Targets' shares, waiting days a case, withdrawals.
    """

    time_to_decision_days: dict[str, Times]
    time_to_decision_calendar_days: dict[str, Times]
    days_sooner: Estimate
    waiting_days_per_case: ByPathway
    within_target: ByPathway
    other_targets: dict[str, ByPathway]
    withdrawn_share: ByPathway
    outcome_share: dict[str, ByPathway]
    utilisation: dict[str, dict[str, Estimate]]


@dataclass(frozen=True)
class Metrics:
    """All figures of one comparison, of a site or of the programme."""

    economics: Economics
    allowance: Allowance
    cashability: Cashability
    timeliness: Timeliness

    @property
    def parts(self) -> tuple[Any, ...]:
        """Every part, in the order in which they are published."""
        return tuple(vars(self).values())

    def as_json(self) -> dict[str, Any]:
        """One flat mapping of the published names."""
        return {name: each for part in self.parts for name, each in plain(part).items()}

    @classmethod
    def from_json(cls, content: Mapping[str, Any], degrees: int) -> Metrics:
        """What `as_json` made; `degrees` are the degrees of freedom of its intervals.

        Raises `KeyError` or `TypeError` where it is something else.
        """
        kinds = get_type_hints(cls)
        return cls(*(_part(kinds[each.name], content, degrees) for each in fields(cls)))

    def named(self, name: str) -> Estimate:
        """One figure by its published name."""
        found: Estimate = getattr(next(part for part in self.parts if hasattr(part, name)), name)
        return found


def _part(kind: type[Any], content: Mapping[str, Any], degrees: int) -> Any:
    """One part of the metrics, out of a mapping that holds the fields of all."""
    return kind(**{each.name: _read(content[each.name], degrees) for each in fields(kind)})


def _read(node: Any, degrees: int) -> Any:
    """Estimates, times and dictionaries of them, out of their plain form."""
    if "value" in node:
        return Estimate.from_json(node, degrees)
    if node.keys() == {each.name for each in fields(Times)}:
        return _part(Times, node, degrees)
    return {name: _read(each, degrees) for name, each in node.items()}


def plain(part: Any) -> Any:
    """Estimates within dictionaries and parts, as plain values for JSON."""
    if isinstance(part, Estimate):
        return part.as_json()
    parts = Economics | Allowance | Cashability | Timeliness | Times
    named = vars(part) if isinstance(part, parts) else part
    if isinstance(named, dict):
        return {name: plain(each) for name, each in named.items()}
    return named
