"""The verdict on the savings of some sites: a year, over the horizon, and when it is repaid.

Figures per case are added up over sites, each by its yearly referrals; those of the appraisal
follow from the cash flow of all sites together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter, mul

from costsim.economics.appraisal import (
    ROUNDING,
    Appraisal,
    CashFlow,
    appraise,
    break_even_referrals,
)
from costsim.economics.optimism import OptimismBias
from costsim.economics.savings import SiteCase, Terms, joined, sum_of
from costsim.results.estimates import Estimate, t_quantile, there, total
from costsim.results.metrics import ADJUSTED, Allowance, Economics


def _with_falls_as_savings(flow: CashFlow) -> CashFlow:
    """The same flow with falls in running cost among the savings, so that sites' costs add up."""
    return CashFlow(
        one_off=flow.one_off,
        savings=tuple(s + max(0.0, -r) for s, r in zip(flow.savings, flow.running, strict=True)),
        running=tuple(max(0.0, each) for each in flow.running),
        double_running=flow.double_running,
    )


def _yearly(cases: Sequence[SiteCase], per_case: Callable[[SiteCase], Estimate]) -> Estimate:
    """What each site's figure per baseline referral comes to in a year, over all sites."""
    return total([per_case(case).linear(case.referrals_per_year) for case in cases])


def economics(cases: Sequence[SiteCase], terms: Terms) -> Economics:
    """The money side of a comparison, of one site or of several as a programme."""
    volume = sum_of(cases, "referrals_per_year")
    gross = _yearly(cases, SiteCase.saving)
    running = sum_of(cases, "running_change")
    released = _yearly(cases, SiteCase.released)
    one_off = sum_of(cases, "one_off")
    outlook = Outlook.of(cases, terms)
    costs = {name: _cost_per_case(cases, name, volume) for name in _worlds(cases[0])}
    dearest = max(cost.number for cost in costs.values())
    return Economics(
        referrals_per_year=Estimate(volume),
        cost_per_case=costs,
        per_case_saving=gross.linear(1 / volume),
        annual_saving=gross.linear(1.0, -running),
        annual_running_cost_change=Estimate(running),
        staff_hours_released_per_year=released.linear(1 / 60),
        fte_released=released.linear(1 / terms.full_time_minutes),
        one_off_cost=Estimate(one_off),
        double_running_cost=Estimate(math.fsum(outlook.flow(0.0).double_running)),
        horizon_years=Estimate(terms.years),
        total_saving=outlook.figure("total_saving"),
        net_benefit=outlook.figure("net_benefit"),
        net_present_value=outlook.figure("net_present_value"),
        benefit_cost_ratio=outlook.figure("benefit_cost_ratio"),
        return_on_investment=outlook.figure("return_on_investment"),
        internal_rate_of_return=outlook.figure("internal_rate_of_return"),
        payback_years=outlook.figure("payback_years"),
        discounted_payback_years=outlook.figure("discounted_payback_years"),
        break_even_referrals_per_year=outlook.break_even(volume, dearest),
        expected_per_case_saving=_expected(cases, volume),
    )


def allowance(cases: Sequence[SiteCase], terms: Terms) -> Allowance:
    """The appraisal after the declared optimism bias; no values where none is declared."""
    bias = terms.optimism_bias
    names = [each.name.removeprefix(ADJUSTED) for each in fields(Allowance)]
    if bias is None:
        return Allowance(*(Estimate(None) for _ in names))
    outlook = Outlook.of(cases, terms)
    return Allowance(*(outlook.figure(name, bias) for name in names))


def _worlds(case: SiteCase) -> tuple[str, str]:
    return case.comparator, case.option


def _cost_per_case(cases: Sequence[SiteCase], world: str, volume: float) -> Estimate:
    return _yearly(cases, lambda case: case.per_case(case.costs[world])).linear(1 / volume)


def _expected(cases: Sequence[SiteCase], volume: float) -> Estimate:
    if None in map(attrgetter("expected_saving"), cases):
        return Estimate(None)
    return _yearly(cases, lambda case: Estimate(case.expected_saving)).linear(1 / volume)


def _steps(weights: Sequence[float], spreads: Sequence[float]) -> tuple[float, ...]:
    """How far each site moves when the weighted sum moves by one of its standard errors."""
    together = math.hypot(*map(mul, weights, spreads)) or 1.0
    pairs = zip(weights, spreads, strict=True)
    return tuple(weight * spread**2 / together for weight, spread in pairs)


@dataclass(frozen=True)
class Outlook:
    """The appraisal as chance moves the savings: `steps` is how far one standard error takes each.

    Sites move together along the path that changes the net benefit most, on which its standard
    error is exact: step = weight x variance / (standard error of the weighted sum), where the
    weight is how many full years of saving the site has within the horizon.
    """

    cases: tuple[SiteCase, ...]
    terms: Terms
    steps: tuple[float, ...] | None
    degrees: int | None
    _appraisals: dict[tuple[float, OptimismBias | None], Appraisal] = field(
        default_factory=dict, compare=False, repr=False
    )
    _cash_flows: dict[float, list[CashFlow]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(cls, cases: Sequence[SiteCase], terms: Terms) -> Outlook:
        """The outlook of some sites."""
        gross = [case.gross() for case in cases]
        degrees = min(each.degrees or 0 for each in gross)
        spreads = there(map(attrgetter("mcse"), gross))
        if len(spreads) < len(cases):
            return cls(tuple(cases), terms, None, degrees)
        weights = [case.rollout.full_years(terms.years) for case in cases]
        return cls(tuple(cases), terms, _steps(weights, spreads), degrees)

    def appraisal(self, errors: float, bias: OptimismBias | None = None) -> Appraisal:
        """The appraisal when savings are so many standard errors above their estimates."""
        if (errors, bias) not in self._appraisals:  # many figures are read from one
            self._appraisals[errors, bias] = self._appraised(errors, bias)
        return self._appraisals[errors, bias]

    def _appraised(self, errors: float, bias: OptimismBias | None) -> Appraisal:
        flows = self._flows(errors)
        if bias:  # before anything is netted, or the loss of one would hide in another's gain
            flows = list(map(bias.adjusted, flows))
        together = joined(list(map(_with_falls_as_savings, flows)))
        return appraise(together, self.terms.discounting)

    def _flows(self, errors: float) -> list[CashFlow]:
        if errors not in self._cash_flows:
            steps = self.steps or (0.0,) * len(self.cases)
            self._cash_flows[errors] = [
                case.flow(case.gross().number + errors * step, self.terms)
                for case, step in zip(self.cases, steps, strict=True)
            ]
        return self._cash_flows[errors]

    def flow(self, errors: float) -> CashFlow:
        """The cash flow of all sites when savings are so many standard errors above."""
        return joined(self._flows(errors))

    def figure(self, name: str, bias: OptimismBias | None = None) -> Estimate:
        """One figure of the appraisal with its interval, after an allowance if there is one."""
        return self._errors().through(lambda errors: getattr(self.appraisal(errors, bias), name))

    def _errors(self) -> Estimate:
        if self.steps is None or not self.degrees:
            return Estimate(0.0, None, None, self.degrees)
        half = t_quantile(self.degrees)
        return Estimate(0.0, 1.0, (-half, half), self.degrees)

    def break_even(self, volume: float, case: float) -> Estimate:
        """Referrals a year at which the net benefit over the horizon is zero, the mix as it is.

        `case` is the cost of one (£): what is earned on one within rounding of it is nothing.
        """

        def found(errors: float) -> float | None:
            flow = self.flow(errors)
            earned = (math.fsum(flow.savings) - math.fsum(flow.double_running)) / volume
            settled = earned if abs(earned) > ROUNDING * case else 0.0
            return break_even_referrals(flow.one_off, math.fsum(flow.running), settled, 1.0)

        return self._errors().through(found)
