"""The numbers of the what-if panel: enough to appraise again in the page what was simulated once.

Minutes are simulated; prices, volume and the course of the roll-out are applied to them afterwards.
So a change to one of these needs no new simulation, and the panel's arithmetic is that of
`costsim.economics`, beginning with the run's own saving on a case and adding what a change makes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from costsim.economics.activities import OTHER, ActivityRow
from costsim.economics.appraisal import CashFlowRow
from costsim.economics.costing import one_off_cost, running_cost
from costsim.economics.rollout import Rollout
from costsim.findings import Findings
from costsim.report.page.content import Field, Group, Panel, Section, Text
from costsim.report.page.money import COLUMNS
from costsim.report.page.outcome import option_title, titles
from costsim.report.page.values import NEVER, shown
from costsim.results.metrics import PROGRAMME
from costsim.scenario.schema import PHASES, Scenario, Site
from costsim.sites import terms
from costsim.units import money
from costsim.words import plain_name, site_title

MOST_YEARS = 30
RATES = (-0.5, 0.5)
FIGURES = (
    "per_case_saving", "annual_saving", "total_saving", "net_benefit", "net_present_value",
    "benefit_cost_ratio", "return_on_investment", "payback_years", "discounted_payback_years",
)  # fmt: skip
YEARLY = (
    "saving", "running_cost_change", "double_running", "net_saving", "cumulative",
    "discount_factor", "discounted_net", "discounted_cumulative",
)  # fmt: skip
BESIDE = frozenset({"net_saving", "cumulative", "discounted_cumulative"})
"""What stands beside the same of the run."""


def what_if(findings: Findings) -> Section:
    """The panel, and what it can and cannot say."""
    explained = Text(
        "Change a number and see the appraisal again, in this page: nothing is sent anywhere, and "
        "nothing is simulated anew. Times, routes and outcomes stay as simulated. Amounts are in "
        f"{findings.scenario.price_year} prices, for "
        f"{option_title(findings, findings.main.option)}. The run's 95% intervals are in the "
        "answer above; the panel moves the estimates alone."
    )
    panel = Panel(
        groups=list(groups(findings)),
        figures=list(_as_run(findings)),
        numbers=numbers(findings),
        columns=list(_columns(findings)),
        cautions=list(_cautions(findings.scenario)),
    )
    return Section("what-if", "What if?", [explained, panel])


def exact(name: str, value: float | None) -> str:
    """A figure as the panel shows it: money to the penny, so that it can be followed."""
    found = value is not None and name not in NEVER and not name.endswith(("ratio", "investment"))
    return money(value) if found and value is not None else shown(name, value)


def _as_run(findings: Findings) -> Iterator[tuple[str, str, str]]:
    known = titles(findings.scenario.years)
    plain = {"total_saving": "Saving over the horizon", "net_benefit": "Net benefit"}
    for name in FIGURES:
        value = findings.main.programme.named(name).value
        yield name, plain.get(name, known[name]), exact(name, value)


def _columns(findings: Findings) -> Iterator[tuple[str, str]]:
    """The columns of the cash flow, what each is and its title, less those that stay empty."""
    years = max(MOST_YEARS, findings.scenario.years)
    sites = [_site(findings, name, years) for name in findings.scenario.sites]
    paid = {
        "running_cost_change": any(any(site["running"]) for site in sites),
        "double_running": any(any(site["double"]) for site in sites),
    }
    for number, name in enumerate(YEARLY):
        if paid.get(name, True):
            yield f"now-{number}", COLUMNS[name]
        if name in BESIDE:
            yield f"run-{number}", "As run"


def _cautions(scenario: Scenario) -> Iterator[str]:
    if any(_queues(site) for site in scenario.sites.values()):
        yield (
            "Staff or places at a meeting are limited here, so cases may queue. More referrals "
            "would make waits longer and fewer would make them shorter, which the panel does not "
            "know. To see that, change the volume in the scenario and run it again."
        )
    yield (
        "Years beyond the run's horizon follow from the scenario like those within it: roll-out, "
        "fade, running costs and pay."
    )


def _queues(site: Site) -> bool:
    """Whether somebody may have to wait for staff or for a place at a meeting."""
    limited = any(role.headcount.value is not None for role in site.staff.values())
    return limited or any(
        activity.meeting is not None
        for pathway in site.pathways.values()
        for activity in pathway.activities.values()
    )


# --- fields --------------------------------------------------------------------------------------


def groups(findings: Findings) -> Iterator[Group]:
    """The fields: what all sites share, then each site's volume and hourly costs."""
    yield Group("Appraisal", list(_shared(findings)))
    for number, name in enumerate(sorted(findings.scenario.sites)):
        yield Group(site_title(findings.scenario, name), list(_of_site(findings, number, name)))


def _shared(findings: Findings) -> Iterator[Field]:
    scenario = findings.scenario
    one_off = findings.main.programme.economics.one_off_cost.number
    yield _field("one-off", "One-off cost, all sites together", "money", one_off, (0.0, 1e9))
    rate = terms(scenario).discounting.annual_rate(1)
    hint = "" if scenario.discounting.rate else _rate_hint(scenario)
    yield replace(_field("rate", "Discount rate a year", "percent", rate, RATES), hint=hint)
    most = max(MOST_YEARS, scenario.years)
    yield _field("years", "Horizon in years", "whole", scenario.years, (1, most))
    yield from _rollouts(findings)


def _rate_hint(scenario: Scenario) -> str:
    if scenario.discounting.schedule is None:
        return "The run's rate is the Green Book's, as the scenario gives none."
    return "The run follows the Green Book's schedule: 3.5%, and 3% from year 31."


def _rollouts(findings: Findings) -> Iterator[Field]:
    """How far the roll-out comes: one field where all sites come as far, else one for each."""
    reached = {name: _reached(site) for name, site in sorted(findings.scenario.sites.items())}
    for number, (name, share) in enumerate(reached.items()):
        alike = len(set(reached.values())) == 1
        key = "rollout" if alike else f"s{number}-rollout"
        of = "" if alike else site_title(findings.scenario, name)
        field = _field(key, "Roll-out reached, of full take-up", "percent", share, (0.0, 1.0))
        hint = "The share of every year moves with it."
        if share:
            yield replace(field, label=", ".join(filter(None, (field.label, of))), hint=hint)
        if alike:
            return


def _reached(site: Site) -> float:
    """The largest share of full take-up that the roll-out comes to."""
    return max(share.value for share in site.take_up.ramp_up)


def _of_site(findings: Findings, number: int, name: str) -> Iterator[Field]:
    site = findings.scenario.sites[name]
    volume = findings.main.sites[name].economics.referrals_per_year.number
    found = [_field(f"s{number}-volume", "Referrals a year", "number", volume, (0.01, 1e6))]
    for key, role in _roles(findings, name).items():
        label = f"Hourly cost: {site.staff[role].title or plain_name(role)}"
        rate = site.staff[role].rate
        found.append(_field(f"s{number}-{key}", label, "money", rate, (0.0, 1e4)))
    of = f", {site_title(findings.scenario, name)}" if len(findings.scenario.sites) > 1 else ""
    yield from (replace(each, name=f"{each.label}{of}") for each in found)


def _roles(findings: Findings, name: str) -> dict[str, str]:
    """The roles whose hourly cost moves a figure, by the key that the page has for them."""
    site = findings.scenario.sites[name]
    at_work = {row.role for row in findings.activities[name]}
    at_work |= {role for phase in PHASES for role in getattr(site.one_off, phase).staff}
    return {f"r{number}": role for number, role in enumerate(sorted(at_work & site.staff.keys()))}


def _field(key: str, label: str, form: str, value: float, ends: tuple[float, float]) -> Field:
    """A field; the run's own value is always allowed."""
    low, high = min(ends[0], value), max(ends[1], value)
    return Field(key, label, label, form, WRITTEN[form](value), value, low, high)


def _digits(value: float) -> str:
    """A number with as many digits as tell it apart, no more than ten.

    >>> _digits(159.36432), _digits(1200.0)
    ('159.36432', '1,200')
    """
    written = f"{value:,.6f}".rstrip("0").rstrip(".")
    return written or "0"


WRITTEN: dict[str, Callable[[float], str]] = {
    "money": lambda value: f"{value:,.2f}",
    "percent": lambda value: _digits(100 * value),
    "number": _digits,
    "whole": lambda value: f"{value:.0f}",
}


# --- numbers -------------------------------------------------------------------------------------


def numbers(findings: Findings) -> dict[str, object]:
    """Everything that the panel reckons with; no word of the scenario is in it."""
    scenario = findings.scenario
    most = max(MOST_YEARS, scenario.years)
    long = replace(terms(scenario), years=most)
    rates = [long.discounting.annual_rate(year) for year in range(1, most + 1)]
    return {
        "years": scenario.years,
        "timing": long.discounting.timing.value,
        "rates": rates,
        "levels": list(long.pay_levels()),
        "sites": [_site(findings, name, most) for name in sorted(scenario.sites)],
        "fields": {each.key: _limits(each) for group in groups(findings) for each in group.fields},
        "run": {name: findings.main.programme.named(name).value for name in FIGURES},
        "flow": [_year(row) for row in findings.cash_flow[PROGRAMME]],
    }


def _limits(field: Field) -> dict[str, object]:
    return {"form": field.form, "value": field.value, "low": field.low, "high": field.high}


def _year(row: CashFlowRow) -> list[float]:
    return [getattr(row, name) for name in YEARLY]


def _site(findings: Findings, name: str, most: int) -> dict[str, Any]:
    scenario, site = findings.scenario, findings.scenario.sites[name]
    figures, rows = findings.main.sites[name].economics, findings.activities[name]
    course = Rollout.of(site.take_up)
    old = running_cost(site, scenario.comparator)
    change = running_cost(site, findings.main.option) - old
    own = [row for row in rows if row.pathway == row.route == findings.main.option]
    return {
        "volume": figures.referrals_per_year.number,
        "saving": figures.per_case_saving.number,
        "other": _other(rows, scenario.comparator) - _other(rows, findings.main.option),
        "doubled": [_staff(own), math.fsum(row.cost for row in own if row.role == OTHER)],
        "running": [
            change * share + old * both
            for share, both in zip(course.live_shares(most), course.both_shares(most), strict=True)
        ],
        "annual_running": change,
        "shares": list(course.saving_shares(most)),
        "double": list(course.double_shares(most)),
        "reached": _reached(site),
        "one_off": one_off_cost(site),
        "roles": {
            key: _role(findings, name, role, own) for key, role in _roles(findings, name).items()
        },
    }


def _other(rows: Sequence[ActivityRow], world: str) -> float:
    """Pounds of a referral in a world that are not staff time."""
    return math.fsum(row.cost for row in rows if row.pathway == world and row.role == OTHER)


def _staff(rows: Sequence[ActivityRow]) -> float:
    return math.fsum(row.cost for row in rows if row.role != OTHER)


def _role(findings: Findings, name: str, role: str, own: Sequence[ActivityRow]) -> dict[str, float]:
    """A role's hourly cost, its minutes released on a case, those of the option alone, and once."""
    site = findings.scenario.sites[name]
    mine = [row for row in findings.activities[name] if row.role == role]
    before, after = (_minutes(mine, each) for each in (findings.comparator, findings.main.option))
    phases = [getattr(site.one_off, phase).staff for phase in PHASES]
    return {
        "rate": site.staff[role].rate,
        "released": before - after,
        "own": math.fsum(row.minutes for row in own if row.role == role),
        "once": math.fsum(staff[role].value for staff in phases if role in staff),
    }


def _minutes(rows: Sequence[ActivityRow], world: str) -> float:
    return math.fsum(row.minutes for row in rows if row.pathway == world)
