"""From the costs of two worlds to the saving: per case, a year, over the horizon, and its payback.

Everything is per *baseline* referral: a referral that does not take up the option costs the same in
both worlds and saves nothing; an extra referral that easier access brings is a cost of the option's
world, spread over the baseline referrals. So cost per case, old less new, is the saving per case.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter, mul

import numpy as np
from numpy.typing import NDArray

from costsim.economics.activities import OTHER, ActivityRow
from costsim.economics.appraisal import (
    ROUNDING,
    Appraisal,
    CashFlow,
    appraise,
    break_even_referrals,
)
from costsim.economics.discounting import Discounting
from costsim.economics.optimism import OptimismBias
from costsim.economics.rollout import Rollout
from costsim.results.estimates import Estimate, ratio, t_quantile, there, total
from costsim.results.metrics import ADJUSTED, Allowance, Economics

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Terms:
    """What the appraisal of every site shares: years, discounting, minutes of a full-time year.

    `pay_growth` is how much faster than prices pay grows, a share a year from the second year on;
    `optimism_bias` the allowance for it, where one is declared.
    """

    years: int
    discounting: Discounting
    full_time_minutes: float
    pay_growth: float = 0.0
    optimism_bias: OptimismBias | None = None

    def pay_levels(self) -> tuple[float, ...]:
        """Real pay in each year, of which that of the first year is 1."""
        return tuple((1.0 + self.pay_growth) ** year for year in range(self.years))


@dataclass(frozen=True)
class RoleTime:
    """One role's time: its cost (£ an hour), and the minutes released per baseline referral.

    `vacated_a_year` is how many posts fall vacant in a year, `backfill` the share of those not
    needed that are filled again all the same.
    """

    name: str
    hourly_cost: float
    released: Estimate
    vacated_a_year: float = 0.0
    backfill: float = 0.0


@dataclass(frozen=True)
class SiteCase:
    """One site's comparison, priced: costs (£) and staff minutes of each replication of two worlds.

    `referrals` are baseline referrals of each replication; `expected_saving` is the saving per case
    by arithmetic alone, where there is such an answer; `activities` what each activity of both
    worlds takes and costs; `running_old` is what the comparator costs a year to run, of which
    nothing is saved while both are run.
    """

    comparator: str
    option: str
    referrals_per_year: float
    referrals: Floats
    costs: dict[str, Floats]
    minutes: dict[str, Floats]
    running_change: float
    one_off: float
    rollout: Rollout
    expected_saving: float | None
    roles: tuple[RoleTime, ...]
    activities: tuple[ActivityRow, ...] = ()
    running_old: float = 0.0

    def per_case(self, amounts: Floats) -> Estimate:
        """An amount per baseline referral."""
        return ratio(amounts, self.referrals)

    @property
    def saved(self) -> Floats:
        """Pounds saved in each replication at full roll-out."""
        return self.costs[self.comparator] - self.costs[self.option]

    def saving(self) -> Estimate:
        """Pounds saved per baseline referral at full roll-out."""
        return self.per_case(self.saved)

    def released(self) -> Estimate:
        """Staff minutes released per baseline referral at full roll-out."""
        return self.per_case(self.minutes[self.comparator] - self.minutes[self.option])

    def gross(self) -> Estimate:
        """Pounds saved a year at full roll-out, before running costs."""
        return self.saving().linear(self.referrals_per_year)

    def other_saving(self) -> float:
        """Pounds other than staff time saved per baseline referral at full roll-out."""
        return math.fsum(
            row.cost if row.pathway == self.comparator else -row.cost
            for row in self.activities
            if row.role == OTHER
        )

    def double_cost(self) -> tuple[float, float]:
        """Pounds per baseline referral that the option's own activities take: staff, and other."""
        own = [row for row in self.activities if row.pathway == row.route == self.option]
        other = math.fsum(row.cost for row in own if row.role == OTHER)
        return math.fsum(row.cost for row in own) - other, other

    def flow(self, gross: float, terms: Terms) -> CashFlow:
        """The cash flow if the gross yearly saving at full roll-out were this.

        Staff time grows dearer with pay, saved or spent; other cost does not.
        """
        staff = gross - self.other_saving() * self.referrals_per_year
        rises = [level - 1.0 for level in terms.pay_levels()]
        savings = zip(self.rollout.saving_shares(terms.years), rises, strict=True)
        doubled = zip(self.rollout.double_shares(terms.years), rises, strict=True)
        work, other = (each * self.referrals_per_year for each in self.double_cost())
        live, both = self.rollout.live_shares(terms.years), self.rollout.both_shares(terms.years)
        running = zip(live, both, strict=True)
        return CashFlow(
            one_off=self.one_off,
            savings=tuple(share * (gross + staff * rise) for share, rise in savings),
            running=tuple(self.running_change * s + self.running_old * both for s, both in running),
            double_running=tuple(s * (work + other + work * rise) for s, rise in doubled),
        )


def programme_flow(cases: Sequence[SiteCase], terms: Terms) -> CashFlow:
    """The cash flow of all sites together."""
    return joined([case.flow(case.gross().number, terms) for case in cases])


def other_savings(cases: Sequence[SiteCase], terms: Terms) -> tuple[float, ...]:
    """Savings other than staff time in each year, of all sites together."""
    return _year_by_year(
        tuple(
            case.other_saving() * case.referrals_per_year * share
            for share in case.rollout.saving_shares(terms.years)
        )
        for case in cases
    )


def double_staff(cases: Sequence[SiteCase], terms: Terms) -> tuple[float, ...]:
    """Staff time within the cost of double running in each year, of all sites together."""
    return _year_by_year(
        tuple(
            case.double_cost()[0] * case.referrals_per_year * share * level
            for share, level in zip(
                case.rollout.double_shares(terms.years), terms.pay_levels(), strict=True
            )
        )
        for case in cases
    )


def _with_falls_as_savings(flow: CashFlow) -> CashFlow:
    """The same flow with falls in running cost among the savings, so that sites' costs add up."""
    return CashFlow(
        one_off=flow.one_off,
        savings=tuple(s + max(0.0, -r) for s, r in zip(flow.savings, flow.running, strict=True)),
        running=tuple(max(0.0, each) for each in flow.running),
        double_running=flow.double_running,
    )


def joined(flows: Sequence[CashFlow]) -> CashFlow:
    """Several cash flows added up, year by year."""
    return CashFlow(
        one_off=_sum_of(flows, "one_off"),
        savings=_year_by_year(flow.savings for flow in flows),
        running=_year_by_year(flow.running for flow in flows),
        double_running=_year_by_year(flow.double_running for flow in flows),
    )


def _year_by_year(amounts: Iterable[tuple[float, ...]]) -> tuple[float, ...]:
    """The sum of several yearly amounts, in each year."""
    return tuple(map(math.fsum, zip(*amounts, strict=True)))


def _sum_of(parts: Iterable[SiteCase | CashFlow], name: str) -> float:
    return math.fsum(map(attrgetter(name), parts))


def _yearly(cases: Sequence[SiteCase], per_case: Callable[[SiteCase], Estimate]) -> Estimate:
    """What each site's figure per baseline referral comes to in a year, over all sites."""
    return total([per_case(case).linear(case.referrals_per_year) for case in cases])


def economics(cases: Sequence[SiteCase], terms: Terms) -> Economics:
    """The money side of a comparison, of one site or of several as a programme."""
    volume = _sum_of(cases, "referrals_per_year")
    gross = _yearly(cases, SiteCase.saving)
    running = _sum_of(cases, "running_change")
    released = _yearly(cases, SiteCase.released)
    one_off = _sum_of(cases, "one_off")
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
        double_running_cost=Estimate(math.fsum(programme_flow(cases, terms).double_running)),
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
    _known: dict[tuple[float, OptimismBias | None], Appraisal] = field(
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
        if (errors, bias) not in self._known:  # many figures are read from one appraisal
            self._known[errors, bias] = self._appraised(errors, bias)
        return self._known[errors, bias]

    def _appraised(self, errors: float, bias: OptimismBias | None) -> Appraisal:
        flows = self._flows(errors)
        if bias:  # before anything is netted, or the loss of one would hide in another's gain
            flows = list(map(bias.adjusted, flows))
        together = joined(list(map(_with_falls_as_savings, flows)))
        return appraise(together, self.terms.discounting)

    def _flows(self, errors: float) -> list[CashFlow]:
        steps = self.steps or (0.0,) * len(self.cases)
        return [
            case.flow(case.gross().number + errors * step, self.terms)
            for case, step in zip(self.cases, steps, strict=True)
        ]

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
