"""From the costs of two worlds to the saving: per case, a year, over the horizon, and its payback.

Everything is per *baseline* referral: a referral that does not take up the option costs the same in
both worlds and saves nothing; an extra referral that easier access brings is a cost of the option's
world, spread over the baseline referrals. So cost per case, old less new, is the saving per case.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from costsim.economics.activities import OTHER, ActivityRow
from costsim.economics.appraisal import (
    CashFlow,
)
from costsim.economics.discounting import Discounting
from costsim.economics.optimism import OptimismBias
from costsim.economics.rollout import Rollout
from costsim.results.estimates import Estimate, ratio

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
        return self._saving

    @cached_property
    def _saving(self) -> Estimate:
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


def joined(flows: Sequence[CashFlow]) -> CashFlow:
    """Several cash flows added up, year by year."""
    return CashFlow(
        one_off=sum_of(flows, "one_off"),
        savings=_year_by_year(flow.savings for flow in flows),
        running=_year_by_year(flow.running for flow in flows),
        double_running=_year_by_year(flow.double_running for flow in flows),
    )


def _year_by_year(amounts: Iterable[tuple[float, ...]]) -> tuple[float, ...]:
    """The sum of several yearly amounts, in each year."""
    return tuple(map(math.fsum, zip(*amounts, strict=True)))


def sum_of(parts: Iterable[SiteCase | CashFlow], name: str) -> float:
    """One figure of several sites or cash flows, added up."""
    return math.fsum(map(attrgetter(name), parts))
