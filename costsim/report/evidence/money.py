"""The money in words: whose it is, what it is made of, and what allowances are made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from operator import attrgetter

from costsim import units
from costsim.economics.costing import one_off_items, running_cost
from costsim.findings import Findings
from costsim.report.evidence import office
from costsim.report.evidence.parts import each_with, holding
from costsim.report.evidence.pathways import activities, ways
from costsim.report.evidence.run import with_interval
from costsim.results.estimates import there
from costsim.scenario.inputs import inputs
from costsim.scenario.schema import Scenario, Site
from costsim.words import listed, money, pathway_title


def perspective(findings: Findings) -> str:
    """Whose costs are counted, and of which kinds."""
    rows = chain(*findings.agencies.values())
    payers = listed(dict.fromkeys(map(attrgetter("agency"), rows))) or "the council"
    kinds = listed(_kinds(findings.scenario)) or "none"
    return (
        f"Costs to {payers}, where the scenario gives them: {kinds}. Not counted: "
        "the time of families, and services after the decision."
    )


def _kinds(scenario: Scenario) -> list[str]:
    staffed = office.anywhere(scenario, office.working) or office.anywhere(scenario, office.meets)
    return holding(
        (staffed, "staff time"),
        (office.anywhere(scenario, _visit_costs), "other cost of visits"),
        (one_off(scenario), "the one-off cost"),
        (office.anywhere(scenario, attrgetter("running_costs")), "running costs"),
    )


def _visit_costs(site: Site) -> bool:
    return any(map(attrgetter("cost"), activities(site)))


def one_off(scenario: Scenario) -> dict[str, float]:
    """Pounds of the one-off cost over all sites, by item; nothing for items of nothing."""
    phases = chain(*(one_off_items(site).values() for site in scenario.sites.values()))
    found: defaultdict[str, float] = defaultdict(float)
    for item, pounds in chain(*map(dict.items, phases)):
        found[item] += pounds
    return {item: pounds for item, pounds in found.items() if pounds}


def one_off_line(scenario: Scenario) -> str:
    """The one-off cost and what it is made of."""
    items = one_off(scenario)
    if not items:
        return "No one-off cost is given."
    told = listed(each_with(items, money))
    return f"One-off cost {money(sum(items.values()))}: {told}."


def running_line(scenario: Scenario) -> str:
    """What each pathway costs a year to run, apart from staff time."""
    if not office.anywhere(scenario, attrgetter("running_costs")):
        return "No running costs are given."
    sites = scenario.sites.values()
    pounds = {way: sum(running_cost(site, way) for site in sites) for way in ways(scenario)}
    return f"Running costs a year: {listed(each_with(pounds, money))}."


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


def earlier_years(scenario: Scenario) -> str:
    """The other years in whose prices money is written."""
    written = set(there(map(attrgetter("price_year"), inputs(scenario))))
    return listed(sorted(written - {scenario.price_year}))


def prices_line(scenario: Scenario) -> str:
    """The currency and its year, and money that was brought to it."""
    earlier, by = earlier_years(scenario), f"by deflators ({scenario.deflators.source})"
    brought = f"; what was in prices of {earlier} is brought to it {by}" if earlier else ""
    return f"Pounds sterling in {scenario.price_year} prices{brought}. No currency is converted."


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
