"""Does the saving repay what was spent to get it, how soon, and how many times over?

A cash flow is the one-off cost at time 0 and, for each year after it, the gross saving and the
change in running cost. Appraising it gives the figures that a finance officer asks for. All money
is in pounds of one price year; a positive saving is money saved, a positive cost is money spent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from operator import mul

from costsim.economics.discounting import Discounting, Timing

ROUNDING = 1e-12
"""Share of a cost within which an amount is what is left of rounding, so that a flow that breaks
even at the end of its last year is not called unpaid for the sake of a float's last digit."""
LARGEST_FORCE = 20.0
"""Logarithm of the largest yearly growth in which a rate of return is looked for."""


@dataclass(frozen=True)
class CashFlow:
    """The money of a decision: `one_off` at time 0, then one entry for each year.

    `savings` are gross; `running` is the change in running cost, positive where the new way costs
    more; `double_running` what the new way costs while the old one goes on beside it (nothing
    unless given). Raises ValueError when they differ in length or an amount is not a finite number.

    >>> flow = CashFlow(one_off=100.0, savings=(80.0, 80.0), running=(10.0, 10.0))
    >>> flow.total_saving
    140.0
    >>> flow.cumulative()
    (-100.0, -30.0, 40.0)
    """

    one_off: float
    savings: tuple[float, ...]
    running: tuple[float, ...]
    double_running: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.double_running:
            object.__setattr__(self, "double_running", (0.0,) * len(self.running))
        yearly = (self.savings, self.running, self.double_running)
        if len(set(map(len, yearly))) > 1:
            raise ValueError(
                f"A cash flow needs a saving and both costs for every year, but it has "
                f"{len(self.savings)} savings, {len(self.running)} running costs and "
                f"{len(self.double_running)} costs of double running."
            )
        if not all(map(math.isfinite, (self.one_off, *chain(*yearly)))):
            raise ValueError("Every amount of a cash flow must be a finite number of pounds.")

    @property
    def years(self) -> int:
        """The number of years after time 0."""
        return len(self.savings)

    @property
    def total_saving(self) -> float:
        """The net savings of all years, undiscounted, before the one-off cost."""
        return math.fsum(self.net_savings())

    def net_savings(self) -> tuple[float, ...]:
        """Each year's gross saving less its change in running cost and double running."""
        years = zip(self.savings, self.running, self.double_running, strict=True)
        return tuple(saving - change - doubled for saving, change, doubled in years)

    def net(self) -> tuple[float, ...]:
        """What each year leaves, from year 0, which holds the one-off cost."""
        return (0.0 - self.one_off, *self.net_savings())

    def cumulative(self) -> tuple[float, ...]:
        """What is left after each year, from year 0, when only the one-off cost has fallen."""
        return _running_totals(self.net())

    def benefits(self) -> tuple[float, ...]:
        """Gross savings and falls in running cost, from year 0.

        A negative saving stays here as a negative benefit, so that no ratio jumps where a saving
        crosses zero; a negative one-off cost is a benefit of year 0.
        """
        falls = (max(0.0, -change) for change in self.running)
        later = (saving + fall for saving, fall in zip(self.savings, falls, strict=True))
        return (max(0.0, -self.one_off), *later)

    def costs(self) -> tuple[float, ...]:
        """The one-off cost, rises in running cost and double running, from year 0."""
        years = zip(self.running, self.double_running, strict=True)
        return (max(0.0, self.one_off), *(max(0.0, rise) + doubled for rise, doubled in years))


@dataclass(frozen=True)
class Appraisal:
    """The answers about one cash flow; money in pounds, paybacks in years from time 0.

    A ratio is None when there is no cost to divide by, a payback is None when it never comes
    within the years of the flow, a rate of return is None when there is none or more than one.
    """

    total_saving: float
    net_benefit: float
    net_present_value: float
    benefit_cost_ratio: float | None
    return_on_investment: float | None
    internal_rate_of_return: float | None
    payback_years: float | None
    discounted_payback_years: float | None


@dataclass(frozen=True)
class CashFlowRow:
    """One year of a cash flow, as an auditor would set it out; year 0 holds the one-off cost.

    `cumulative` and the discounted columns are net of the one-off cost, so the discounted nets add
    up to the net present value, and the net savings less the one-off costs to the net benefit.
    """

    year: int
    saving: float
    running_cost_change: float
    double_running: float
    net_saving: float
    cumulative: float
    discount_factor: float
    discounted_net: float
    discounted_cumulative: float
    one_off: float


def appraise(flow: CashFlow, discounting: Discounting) -> Appraisal:
    """Appraise a cash flow by the definitions of the HM Treasury Green Book.

    The one-off cost is not discounted. The benefit-cost ratio is the present value of benefits over
    that of costs; the return on investment is the net benefit over undiscounted costs.

    >>> system = CashFlow(1_000_000.0, savings=(150_000.0,) * 10, running=(0.0,) * 10)
    >>> answer = appraise(system, Discounting(0.035))
    >>> round(answer.net_present_value, 2), round(answer.payback_years, 3)
    (247490.8, 6.667)
    """
    factors = _factors_from_year_0(flow, discounting)
    net_benefit = math.fsum(flow.net())
    discounted_net = _products(flow.net(), factors)
    return Appraisal(
        total_saving=flow.total_saving,
        net_benefit=net_benefit,
        net_present_value=math.fsum(discounted_net),
        benefit_cost_ratio=_ratio(
            math.fsum(_products(flow.benefits(), factors)),
            math.fsum(_products(flow.costs(), factors)),
        ),
        return_on_investment=_ratio(net_benefit, math.fsum(flow.costs())),
        internal_rate_of_return=internal_rate_of_return(flow.net(), discounting.timing),
        payback_years=payback_years(flow.one_off, flow.net_savings()),
        discounted_payback_years=payback_years(flow.one_off, discounted_net[1:]),
    )


def payback_years(one_off: float, net_savings: Sequence[float]) -> float | None:
    """The moment when cumulative net savings first reach the one-off cost, in years.

    Savings accrue evenly through each year, so a level saving repays in cost / saving years.
    0.0 when there is nothing to repay; None when the years given do not repay it.

    >>> round(payback_years(30_288.0, (15_598.58,) * 3), 4)
    1.9417
    """
    if one_off <= 0:
        return 0.0
    before = 0.0
    for year, after in enumerate(_running_totals(net_savings)):
        if after >= one_off * (1 - ROUNDING):
            return year + min((one_off - before) / (after - before), 1.0)
        before = after
    return None


def internal_rate_of_return(net: Sequence[float], timing: Timing = Timing.YEAR_END) -> float | None:
    """The discount rate, a share a year, at which the net present value is nothing.

    `net` is what each year leaves, from year 0. There is exactly one such rate where spending comes
    first and earning after it, without a change back (Descartes' rule of signs). Otherwise there
    may be none or several, and the answer is None; so it is where the rate is beyond all reason.

    >>> round(internal_rate_of_return((-1_000_000.0, *(150_000.0,) * 10)), 8)
    0.08144166
    """
    from scipy.optimize import brentq

    moments = Discounting(None, timing).moments(len(net) - 1)
    flows = [(amount, when) for amount, when in zip(net, (0.0, *moments), strict=True) if amount]
    signs = [amount > 0 for amount, _ in flows]
    if not flows or signs[0] or not signs[-1] or sorted(signs) != signs:
        return None
    largest = max(abs(amount) for amount, _ in flows)

    def worth(force: float) -> float:
        return math.fsum(amount / largest * math.exp(-force * when) for amount, when in flows)

    low, high = -LARGEST_FORCE / flows[-1][1] if flows[-1][1] else 0.0, LARGEST_FORCE
    if not worth(low) > 0 > worth(high):
        return None
    return math.expm1(brentq(worth, low, high, xtol=1e-15))


def break_even_referrals(
    one_off: float, running_total: float, saving_per_referral: float, full_years: float
) -> float | None:
    """The referrals a year at which the undiscounted net benefit over the horizon is zero.

    `running_total` is the change in running cost over the whole horizon, in pounds; `full_years`
    the horizon in years at full roll-out. 0.0 when it more than breaks even without any; None when
    no number of referrals would break even. Where each referral loses money but running costs fall,
    it is the number up to which the fall pays for them.

    >>> break_even_referrals(30_000.0, 0.0, 100.0, 3.0)
    100.0
    """
    to_earn, earned = one_off + running_total, saving_per_referral * full_years
    return _ratio(-to_earn, -earned) if earned < 0 > to_earn else _ratio(max(0.0, to_earn), earned)


def cash_flow_rows(flow: CashFlow, discounting: Discounting) -> tuple[CashFlowRow, ...]:
    """The cash flow year by year from year 0; its totals are the figures of `appraise`."""
    factors = _factors_from_year_0(flow, discounting)
    discounted = _products(flow.net(), factors)
    columns = (
        range(flow.years + 1),
        (0.0, *flow.savings),
        (0.0, *flow.running),
        (0.0, *flow.double_running),
        (0.0, *flow.net_savings()),
        flow.cumulative(),
        factors,
        discounted,
        _running_totals(discounted),
        (flow.one_off, *repeat(0.0, flow.years)),
    )
    return tuple(CashFlowRow(*cells) for cells in zip(*columns, strict=True))


def _factors_from_year_0(flow: CashFlow, discounting: Discounting) -> tuple[float, ...]:
    return (1.0, *discounting.factors(flow.years))


def _products(amounts: Iterable[float], factors: Iterable[float]) -> tuple[float, ...]:
    return tuple(map(mul, amounts, factors))


def _running_totals(amounts: Sequence[float]) -> tuple[float, ...]:
    # Each total is rounded once from the exact sum, so the last equals the total of the column.
    return tuple(math.fsum(amounts[:end]) for end in range(1, len(amounts) + 1))


def _ratio(numerator: float, denominator: float) -> float | None:
    ratio = numerator / denominator if denominator > 0 else math.nan
    return ratio if math.isfinite(ratio) else None
