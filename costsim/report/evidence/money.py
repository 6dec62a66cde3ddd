"""The money in words: whose it is, what it is made of, and what allowances are made."""

from __future__ import annotations

from collections.abc import Iterator

from costsim import units
from costsim.economics.costing import one_off_items, running_cost
from costsim.findings import Findings
from costsim.report.evidence import office
from costsim.report.evidence.parts import listed
from costsim.report.evidence.run import with_interval
from costsim.report.words import money, pathway_title, plain_name
from costsim.scenario.inputs import inputs
from costsim.scenario.schema import Scenario, Site


def perspective(findings: Findings) -> str:
    """Whose costs are counted, and of which kinds."""
    scenario, owners = findings.scenario, findings.agencies.values()
    payers = listed(dict.fromkeys(row.agency for rows in owners for row in rows))
    kinds = listed(_kinds(scenario)) or "none"
    return (
        f"Costs to {payers or 'the council'}, where the scenario gives them: {kinds}. Not counted: "
        "the time of families, and services after the decision."
    )


def _kinds(scenario: Scenario) -> Iterator[str]:
    sites = list(scenario.sites.values())
    if any(office.working(site) or office.meets(site) for site in sites):
        yield "staff time"
    if any(map(_visit_costs, sites)):
        yield "other cost of visits"
    if one_off(scenario):
        yield "the one-off cost"
    if any(site.running_costs for site in sites):
        yield "running costs"


def _visit_costs(site: Site) -> bool:
    return any(each.cost for way in site.pathways.values() for each in way.activities.values())


def one_off(scenario: Scenario) -> dict[str, float]:
    """Pounds of the one-off cost over all sites, by item; nothing for items of nothing."""
    found: dict[str, float] = {}
    for site in scenario.sites.values():
        for phase in one_off_items(site).values():
            for item, pounds in phase.items():
                found[item] = found.get(item, 0.0) + pounds
    return {item: pounds for item, pounds in found.items() if pounds}


def one_off_line(scenario: Scenario) -> str:
    """The one-off cost and what it is made of."""
    items = one_off(scenario)
    if not items:
        return "No one-off cost is given."
    told = listed(f"{plain_name(item)} {money(pounds)}" for item, pounds in items.items())
    return f"One-off cost {money(sum(items.values()))}: {told}."


def running_line(scenario: Scenario) -> str:
    """What each pathway costs a year to run, apart from staff time."""
    ways = (scenario.comparator, *scenario.options)
    told = listed(
        f"{plain_name(way)} {money(sum(running_cost(s, way) for s in scenario.sites.values()))}"
        for way in ways
    )
    given = any(site.running_costs for site in scenario.sites.values())
    return f"Running costs a year: {told}." if given else "No running costs are given."


def compared(scenario: Scenario) -> Iterator[str]:
    """The comparator and each option, by name and title."""
    yield f"Comparator ({scenario.comparator}): {pathway_title(scenario, scenario.comparator)}."
    for name in scenario.options:
        yield f"Option ({name}): {pathway_title(scenario, name)}."


def allowances(findings: Findings) -> Iterator[str]:
    """Growth of pay and allowance for optimism bias, where there are any."""
    scenario, found = findings.scenario, findings.main.programme
    if scenario.prices.pay_growth.value:
        growth = units.percent(scenario.prices.pay_growth.value)
        yield f"The cost of staff grows {growth} a year faster than prices from the second year on."
    if scenario.optimism_bias is None:
        yield "No allowance for optimism bias is made."
        return
    before = with_interval("net_benefit", found.economics.net_benefit)
    after = with_interval("net_benefit", found.allowance.adjusted_net_benefit)
    yield f"Allowance for optimism bias: net benefit {before} before it, {after} after it."


def prices_line(scenario: Scenario) -> str:
    """The currency and its year, and money that was brought to it."""
    base = scenario.price_year
    earlier = sorted({e.price_year for e in inputs(scenario) if e.price_year} - {base})
    by = f"by deflators ({scenario.deflators.source})"
    brought = f"; what was in prices of {listed(earlier)} is brought to it {by}" if earlier else ""
    return f"Pounds sterling in {base} prices{brought}. No currency is converted."


def switching(findings: Findings) -> Iterator[str]:
    """How much less it may save, and how few may be referred, until nothing is gained."""
    found = findings.main.programme.economics
    net, total = found.net_benefit.number, found.total_saving.number
    if 0 < net < total:
        yield f"Net savings could be {net / total:.0%} lower until the net benefit is nothing."
    needed = found.break_even_referrals_per_year
    if needed.value:
        now = f"{found.referrals_per_year.number:,.1f}"
        yield f"Break-even at {needed.value:,.1f} referrals a year; there are {now}."
    yield (
        f"Discounting takes the net benefit of {money(found.net_benefit.value)} to a net present "
        f"value of {money(found.net_present_value.value)}."
    )
