"""The office in words: who is referred, who works, who waits, and who gets the new pathway."""

from __future__ import annotations

from collections.abc import Iterator

from costsim import units
from costsim.report.evidence.parts import listed
from costsim.report.evidence.pathways import by_site, spread, varied
from costsim.report.words import plain_name
from costsim.scenario.pathways import TakeUp
from costsim.scenario.quantities import portions
from costsim.scenario.schema import DatedArrivals, Referrals, Scenario, Site
from costsim.scenario.staff import Role

ARRIVALS = {
    "poisson": "at random by a Poisson process",
    "evenly": "evenly spread",
}


def referral_lines(scenario: Scenario) -> list[str]:
    """How many are referred, and of what kind they are."""
    return by_site(scenario, lambda site: f"{_volume(site.referrals)}{_kinds(site.referrals)}.")


def _volume(referrals: Referrals) -> str:
    if referrals.per_year is None:
        return "referrals on the dates of a file"
    return f"{units.show(referrals.per_year.value, '')} referrals a year"


def _kinds(referrals: Referrals) -> str:
    told = (
        f"; {plain_name(name)}: "
        + ", ".join(f"{plain_name(v)} {units.percent(s)}" for v, s in portions(shares).items())
        for name, shares in referrals.shares().items()
    )
    return "".join(told)


def arrival_lines(scenario: Scenario) -> list[str]:
    """How referrals come, and which wait at the start."""
    return by_site(scenario, _arrivals)


def _arrivals(site: Site) -> str:
    referrals = site.referrals
    dated = isinstance(referrals.arrive, DatedArrivals)
    told = [
        "Referrals arrive on the dates of a file, the same in every replication"
        if dated
        else f"{_volume(referrals)} arrive {ARRIVALS[str(referrals.arrive)]} over working time"
    ]
    if referrals.monthly and not dated:
        weights = (f"{month} {each.value:g}" for month, each in referrals.monthly.items())
        told.append(f"months weigh {', '.join(weights)} (others 1)")
    if site.take_up.demand_response.value:
        more = units.percent(site.take_up.demand_response.value)
        told.append(f"with the new pathway come {more} more, whose cost counts against the saving")
    return "; ".join(told) + "."


def staff_lines(scenario: Scenario) -> list[str]:
    """Each role with its price and number."""
    return by_site(scenario, _roles)


def _roles(site: Site) -> str:
    return f"{'; '.join(_role(name, role) for name, role in site.staff.items())}."


def price_lines(scenario: Scenario) -> list[str]:
    """What an hour of each role costs."""
    return by_site(scenario, lambda site: f"{listed(_prices(site))} an hour.")


def _prices(site: Site) -> Iterator[str]:
    for name, role in site.staff.items():
        built = " (built up from pay)" if role.pay else ""
        yield f"{role.title or plain_name(name)} {units.money(role.rate)}{built}"


def time_rules(scenario: Scenario) -> list[str]:
    """What a share of time and a meeting mean, where there are any."""
    sites = list(scenario.sites.values())
    parts = any(role.share_of_time.value < 1 for site in sites for role in site.staff.values())
    share = (
        "Work of m minutes by somebody with a share of time s takes m / s on the clock and is "
        "charged as m minutes."
    )
    sitting = "Members of a meeting have set the time aside: they do not queue for it."
    return [share] * parts + [sitting] * any(map(meets, sites))


def _role(name: str, role: Role) -> str:
    number = role.headcount.value
    people = "unlimited" if number is None else "1 person" if number == 1 else f"{number:,} people"
    share = role.share_of_time.value
    part = f", {units.percent(share)} of the time of each" if share < 1 else ""
    called = f"{role.title} ({name})" if role.title else plain_name(name)
    return f"{called}: {people}{part}"


def working(site: Site) -> set[str]:
    """The roles that work at activities, meetings apart: those that can be queued for."""
    activities = [each for way in site.pathways.values() for each in way.activities.values()]
    return {role for each in activities for turn in each.staff or [] for role in turn}


def meets(site: Site) -> bool:
    """Whether there is any meeting."""
    return any(each.meeting for way in site.pathways.values() for each in way.activities.values())


def scarce(site: Site) -> list[str]:
    """The roles that are limited in number and can be queued for."""
    return sorted(role for role in working(site) if site.staff[role].headcount.value is not None)


def queue_lines(scenario: Scenario) -> list[str]:
    """Who queues for whom, by which rule, and who gives up."""
    per_day = scenario.calendar.hours_per_day.value * 60
    return by_site(scenario, lambda site: " ".join(_queues(site, per_day)))


def _queues(site: Site, per_day: float) -> Iterator[str]:
    limited = scarce(site)
    if limited:
        yield f"Cases queue for {listed(map(plain_name, limited))}."
    else:
        yield "Staff are unlimited: nobody queues for staff."
    if meets(site):
        yield "Cases wait for the next sitting of a meeting that has a place."
    if limited or meets(site):
        yield _discipline(site.referrals)
        yield "Queues have no limit of length."
    yield from _patience(site, per_day)


def _discipline(referrals: Referrals) -> str:
    if not referrals.priority:
        return "First come, first served."
    first = ", then ".join(map(plain_name, referrals.priority))
    return f"Served by need: {first}, then all others; among equals first come, first served."


def _patience(site: Site, per_day: float) -> Iterator[str]:
    told = [
        f"{plain_name(step)} ({way}) has not begun within {spread(each.withdraw_after, per_day)}"
        for way, pathway in site.pathways.items()
        for step, each in pathway.activities.items()
        if each.withdraw_after
    ]
    yield f"A referral is withdrawn if {' or '.join(told)}." if told else "Nobody gives up waiting."


def take_up_lines(scenario: Scenario) -> list[str]:
    """Who takes the new pathway, and what becomes of it over the years."""
    return by_site(scenario, lambda site: f"{'; '.join(_take_up(site.take_up))}.")


def _take_up(take_up: TakeUp) -> Iterator[str]:
    def percent(each: object) -> str:
        return units.percent(getattr(each, "value", 0.0))

    yield f"share of referrals {varied(take_up.eligible, percent)}"
    if take_up.leakage:
        share = varied(take_up.leakage.share, percent)
        to = plain_name(take_up.leakage.to or "its start")
        yield f"of those, {share} then go on in the comparator at {to} and cost both"
    reached = [units.percent(each.value) for each in take_up.ramp_up]
    if reached != ["100%"]:
        yield f"roll-out by year since going live: {', '.join(reached)}"
    for name, unit in (("fade", "%"), ("start_delay", "years"), ("double_running", "years")):
        given = getattr(take_up, name).value
        if given:
            a_year = " of the saving a year" if name == "fade" else ""
            yield f"{plain_name(name)}: {units.show(given, unit)}{a_year}"
