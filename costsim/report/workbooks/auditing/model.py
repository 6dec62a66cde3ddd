"""What the formulas of the audit workbook come to, by costsim's own arithmetic.

A run leaves what each activity takes of a referral, on average. Priced and appraised again from
that, and from the scenario, it gives the figures of the run: so the workbook can do the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from costsim.economics.activities import NOBODY, OTHER, ActivityRow
from costsim.economics.appraisal import CashFlowRow, cash_flow_rows
from costsim.economics.cashability import CashRow, cash_rows, cashability
from costsim.economics.costing import one_off_cost, running_cost
from costsim.economics.optimism import OptimismBias
from costsim.economics.outlook import allowance, economics
from costsim.economics.rollout import Rollout
from costsim.economics.savings import RoleTime, SiteCase, Terms, programme_flow
from costsim.findings import Findings
from costsim.results.estimates import Estimate
from costsim.results.metrics import Allowance, Cashability, Economics
from costsim.scenario.schema import Scenario
from costsim.scenario.staff import Role
from costsim.sites import terms

ALL = "all sites"
FEWEST_YEARS = 30


@dataclass(frozen=True)
class Owner:
    """A site, or all of them: whose money it is."""

    name: str
    cases: tuple[SiteCase, ...]
    terms: Terms
    as_run: dict[str, float | None]

    @cached_property
    def economics(self) -> Economics:
        """The figures of this owner."""
        return economics(self.cases, self.terms)

    @cached_property
    def cashability(self) -> Cashability:
        """What of the staff time is cash."""
        return cashability(self.cases, self.terms)

    @cached_property
    def flow(self) -> tuple[CashFlowRow, ...]:
        """The cash flow within the horizon."""
        return cash_flow_rows(programme_flow(self.cases, self.terms), self.terms.discounting)

    @cached_property
    def cash(self) -> tuple[CashRow, ...]:
        """The staff time saved as cash: a row for each site, role and year."""
        return tuple(row for case in self.cases for row in cash_rows(case, self.terms))

    @cached_property
    def allowance(self) -> Allowance:
        """The appraisal after the optimism bias that is declared, or after none."""
        terms = replace(self.terms, optimism_bias=self.terms.optimism_bias or OptimismBias(0.0))
        return allowance(self.cases, terms)

    def figure(self, name: str) -> float | None:
        """A figure of the appraisal or of the cashability by its published name."""
        parts = (self.economics, self.cashability, self.allowance)
        found: Estimate = getattr(next(part for part in parts if hasattr(part, name)), name)
        return found.value


@dataclass(frozen=True)
class Model:
    """The findings with everything that the workbook says of them in numbers."""

    findings: Findings
    terms: Terms
    sites: tuple[Owner, ...]

    @property
    def scenario(self) -> Scenario:
        """The scenario of the run."""
        return self.findings.scenario

    @property
    def worlds(self) -> tuple[str, str]:
        """The comparator and the option."""
        return self.findings.comparator, self.findings.main.option

    @cached_property
    def together(self) -> Owner:
        """All sites."""
        cases = tuple(case for site in self.sites for case in site.cases)
        return Owner(ALL, cases, self.terms, _as_run(self.findings, None))

    @property
    def owners(self) -> tuple[Owner, ...]:
        """All sites together, then each."""
        return (self.together, *self.sites)

    @property
    def last_year(self) -> int:
        """The last year that is laid out, at the end of the horizon or after it."""
        return max(FEWEST_YEARS, self.terms.years)

    @property
    def long_terms(self) -> Terms:
        """The terms as if the horizon were all the years that are laid out."""
        return replace(self.terms, years=self.last_year)

    def rows(self, site: str) -> tuple[ActivityRow, ...]:
        """What activities take of a referral of both worlds."""
        return tuple(e for e in self.findings.activities.get(site, ()) if e.pathway in self.worlds)


def model(findings: Findings) -> Model:
    """The model behind the workbook of these findings."""
    shared = terms(findings.scenario)
    owners = [
        Owner(name, (_case(findings, name),), shared, _as_run(findings, name))
        for name in sorted(findings.main.sites)
    ]
    return Model(findings, shared, tuple(owners))


def _as_run(findings: Findings, site: str | None) -> dict[str, float | None]:
    metrics = findings.main.programme if site is None else findings.main.sites[site]
    parts = (metrics.economics, metrics.cashability, metrics.allowance)
    return {
        name: found.value
        for part in parts
        for name, found in vars(part).items()
        if isinstance(found, Estimate)
    } | {
        f"cost_per_case {world}": found.value
        for world, found in metrics.economics.cost_per_case.items()
    }


def _case(findings: Findings, name: str) -> SiteCase:
    """A site's comparison, of one average referral."""
    site = findings.scenario.sites[name]
    worlds = (findings.comparator, findings.main.option)
    rows = tuple(each for each in findings.activities.get(name, ()) if each.pathway in worlds)
    return SiteCase(
        comparator=worlds[0],
        option=worlds[1],
        referrals_per_year=findings.main.sites[name].economics.referrals_per_year.number,
        referrals=np.ones(1),
        costs={w: np.array([math.fsum(e.cost for e in rows if e.pathway == w)]) for w in worlds},
        minutes={w: np.array([minutes_of(rows, w)]) for w in worlds},
        running_change=running_cost(site, worlds[1]) - running_cost(site, worlds[0]),
        running_old=running_cost(site, worlds[0]),
        one_off=one_off_cost(site),
        rollout=Rollout.of(site.take_up),
        expected_saving=None,
        roles=tuple(_role(role, rows, worlds, each) for role, each in sorted(site.staff.items())),
        activities=rows,
    )


def minutes_of(rows: Sequence[ActivityRow], world: str, role: str | None = None) -> float:
    """Staff minutes of a referral of a world, of one role or of all."""
    return math.fsum(
        each.minutes for each in rows if each.pathway == world and role in (None, each.role)
    )


def _role(name: str, rows: Sequence[ActivityRow], worlds: tuple[str, str], role: Role) -> RoleTime:
    before, after = (minutes_of(rows, world, name) for world in worlds)
    posts = role.posts
    return RoleTime(
        name=name,
        hourly_cost=role.rate,
        released=Estimate(before - after),
        vacated_a_year=posts.in_post.value * posts.turnover.value if posts else 0.0,
        backfill=posts.backfill.value if posts else 0.0,
    )


def steps(model: Model) -> list[tuple[str, ActivityRow]]:
    """Each role's part in each activity, and the visits that other cost goes by, site by site."""
    return [(site.name, row) for site in model.sites for row in _with_visits(model.rows(site.name))]


def _with_visits(rows: Sequence[ActivityRow]) -> list[ActivityRow]:
    """The rows of staff, and for every activity one of its visits and other cost."""
    groups: dict[tuple[str, str, str], list[ActivityRow]] = {}
    for row in rows:
        groups.setdefault((row.pathway, row.route, row.activity), []).append(row)
    found = []
    for group in groups.values():
        found += [row for row in group if row.role not in (OTHER, NOBODY)]
        other = [row for row in group if row.role == OTHER]
        empty = replace(group[0], role=OTHER, minutes=0.0, price=0.0, cost=0.0)
        found.append(other[0] if other else empty)
    return found
