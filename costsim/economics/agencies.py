"""Who pays and who gains: the money of a decision by the agency whose money it is.

What one agency saves another may pay for. Where a role or a cost names an agency its money is
shown apart; the rest is the council's. Added up over the agencies it is the programme's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from costsim.economics.activities import OTHER, ActivityRow
from costsim.economics.appraisal import CashFlow, appraise
from costsim.economics.savings import SiteCase, Terms, joined
from costsim.scenario.quantities import Spending
from costsim.scenario.schema import PHASES, Site

COUNCIL = "the council"


@dataclass(frozen=True)
class AgencyRow:
    """One agency over the horizon, in pounds: what it pays and gains, and the worth of that today.

    `saving` is gross; `net_benefit` is it less the three costs, undiscounted.
    """

    agency: str
    one_off: float
    saving: float
    running_cost_change: float
    double_running: float
    net_benefit: float
    net_present_value: float


Shares = Mapping[str, CashFlow]
"""The cash flow of each agency."""


def agency_rows(
    sites: Sequence[Site], cases: Sequence[SiteCase], terms: Terms
) -> tuple[AgencyRow, ...]:
    """Every agency with money at stake at some of the sites, the council first."""
    found = [_flows(site, case, terms) for site, case in zip(sites, cases, strict=True)]
    names = sorted({name for flows in found for name in flows} - {COUNCIL})
    return tuple(
        _row(name, joined([flows[name] for flows in found if name in flows]), terms)
        for name in (COUNCIL, *names)
    )


def _row(name: str, flow: CashFlow, terms: Terms) -> AgencyRow:
    answer = appraise(flow, terms.discounting)
    return AgencyRow(
        agency=name,
        one_off=flow.one_off,
        saving=math.fsum(flow.savings),
        running_cost_change=math.fsum(flow.running),
        double_running=math.fsum(flow.double_running),
        net_benefit=answer.net_benefit,
        net_present_value=answer.net_present_value,
    )


def _flows(site: Site, case: SiteCase, terms: Terms) -> dict[str, CashFlow]:
    """The cash flow of every agency at one site: the whole one, with that agency's money only."""
    rows: dict[str, list[ActivityRow]] = {COUNCIL: []}
    for row in case.activities:
        rows.setdefault(_payer(site, row), []).append(row)
    one_off = _one_off(site)
    old, new = (_running(site, pathway) for pathway in (case.comparator, case.option))

    def own(name: str) -> SiteCase:
        before = old.get(name, 0.0)
        return replace(
            case,
            activities=tuple(rows.get(name, ())),
            one_off=one_off.get(name, 0.0),
            running_change=new.get(name, 0.0) - before,
            running_old=before,
        )

    names = {**rows, **one_off, **old, **new}
    return {name: own(name).flow(_gross(case, rows.get(name, [])), terms) for name in names}


def _gross(case: SiteCase, rows: Sequence[ActivityRow]) -> float:
    """Pounds saved a year at full roll-out in some rows."""
    saved = math.fsum(r.cost if r.pathway == case.comparator else -r.cost for r in rows)
    return saved * case.referrals_per_year


def _payer(site: Site, row: ActivityRow) -> str:
    """Who pays for one role's part in an activity, or for its other cost."""
    if row.role == OTHER:
        return _agency(site.pathways[row.route].activities[row.activity].cost)
    role = site.staff.get(row.role)
    return _named(role.agency if role else None)


def _agency(money: Spending | None) -> str:
    return _named(money.agency if money else None)


def _named(agency: str | None) -> str:
    """The agency by its name; the council by whatever it is called."""
    name = " ".join((agency or COUNCIL).split())
    return COUNCIL if name.casefold() in ("council", COUNCIL) else name


def _one_off(site: Site) -> dict[str, float]:
    """The one-off cost by agency."""
    found: dict[str, list[float]] = {}
    for name in PHASES:
        phase = getattr(site.one_off, name)
        for role, time in sorted(phase.staff.items()):
            agency = _named(site.staff[role].agency)
            found.setdefault(agency, []).append(time.value / 60 * site.staff[role].rate)
        for item in (phase.payments_to_parents, phase.coaching, phase.other):
            if item is not None:
                found.setdefault(_agency(item), []).append(item.pounds)
    return {agency: math.fsum(amounts) for agency, amounts in found.items()}


def _running(site: Site, pathway: str) -> dict[str, float]:
    """What a pathway costs a year to run, by agency."""
    found: dict[str, list[float]] = {}
    for _, item in sorted(site.running_costs.get(pathway, {}).items()):
        found.setdefault(_agency(item), []).append(item.pounds)
    return {agency: math.fsum(amounts) for agency, amounts in found.items()}
