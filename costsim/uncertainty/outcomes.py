"""What is followed through the draws: every headline of an option, as numbers.

A payback that never comes is an infinite number of years, so that quantiles and probabilities hold
for it; a ratio that does not exist is nan. Money and staff time have no chance in them wherever
arithmetic gives their means; times to decision always have, for they come from queues.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from costsim.answers import Figures
from costsim.results.estimates import Estimate
from costsim.scenario.schema import Scenario
from costsim.scenario.terms import DECISION_DAYS, WITHIN_TARGET

GAIN = "gain."
"""Before the name of an effect: how much better a case fares by it."""
_ALWAYS = (
    "per_case_saving", "annual_saving", "net_benefit", "net_present_value", "payback_years",
    "discounted_payback_years", "benefit_cost_ratio", "return_on_investment", "total_saving",
    "one_off_cost", "staff_hours_released_per_year", "fte_released",
    "break_even_referrals_per_year", "referrals_per_year",
)  # fmt: skip
_ADJUSTED = ("adjusted_net_benefit", "adjusted_net_present_value", "adjusted_payback_years")
_CASH = ("staff_time_saving", "cashable_saving")
TIMES = ("days_sooner", "within_target")
MAY_NEVER_COME = frozenset({
    "payback_years", "discounted_payback_years", "adjusted_payback_years",
    "break_even_referrals_per_year",
})  # fmt: skip


def money_outcomes(scenario: Scenario) -> tuple[str, ...]:
    """The outcomes that arithmetic may give, in the order in which they are printed."""
    adjusted = _ADJUSTED if scenario.optimism_bias else ()
    posts = any(role.posts for site in scenario.sites.values() for role in site.staff.values())
    gains = (GAIN + name for name, each in sorted(scenario.effects.items()) if each.scores)
    return (*_ALWAYS, *adjusted, *(_CASH if posts else ()), *gains)


def time_outcomes(scenario: Scenario) -> tuple[str, ...]:
    """The outcomes that only a simulation gives."""
    timed = any("decision" in site.targets for site in scenario.sites.values())
    gains = (GAIN + name for name in (DECISION_DAYS, WITHIN_TARGET) if name in scenario.effects)
    return (*(TIMES if timed else TIMES[:1]), *gains)


def estimates(found: Figures, names: Sequence[str]) -> list[Estimate]:
    """The outcomes of an option."""
    return [_estimate(found, name) for name in names]


def _estimate(found: Figures, name: str) -> Estimate:
    if name.startswith(GAIN):
        return found.gain(name.removeprefix(GAIN))
    figure: Estimate | dict[str, Estimate] = found.named(name)
    return figure[found.option] if isinstance(figure, dict) else figure


def number(name: str, estimate: Estimate) -> float:
    """The value of an outcome: infinite where it never comes, nan where there is none.

    >>> number("payback_years", Estimate(None)), number("net_benefit", Estimate(2.0))
    (inf, 2.0)
    """
    if estimate.value is not None:
        return float(estimate.value)
    return math.inf if name in MAY_NEVER_COME else math.nan
