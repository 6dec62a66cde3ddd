"""The office in words: who is referred, who works, who waits, and who gets the new pathway."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, starmap
from operator import attrgetter

from costsim import units
from costsim.report.evidence.parts import each_with, first, given, holding, named
from costsim.report.evidence.pathways import activities, by_site, spread, titled, varied
from costsim.results.estimates import there
from costsim.scenario.pathways import Leakage, TakeUp
from costsim.scenario.quantities import Period, Proportion, portions
from costsim.scenario.schema import DatedArrivals, Referrals, Scenario, Site
from costsim.scenario.staff import Role
from costsim.words import listed, plain_name

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
        f"; {plain_name(name)}: {', '.join(each_with(portions(shares), units.percent))}"
        for name, shares in referrals.shares().items()
    )
    return "".join(told)


def arrival_lines(scenario: Scenario) -> list[str]:
    """How referrals come, and which wait at the start."""
    return by_site(scenario, lambda site: f"{'; '.join(_arrivals(site))}.")


def _arrivals(site: Site) -> Iterator[str]:
    if isinstance(site.referrals.arrive, DatedArrivals):
        yield "Referrals arrive on the dates of a file, the same in every replication"
    else:
        yield from _undated(site.referrals, ARRIVALS[site.referrals.arrive])
    if site.take_up.demand_response.value:
        more = units.percent(site.take_up.demand_response.value)
        yield f"with the new pathway come {more} more, whose cost counts against the saving"


def _undated(referrals: Referrals, style: str) -> Iterator[str]:
    yield f"{_volume(referrals)} arrive {style} over working time"
    if referrals.monthly:
        weights = each_with(referrals.monthly, attrgetter("value"), "{} {:g}")
        yield f"months weigh {', '.join(weights)} (others 1)"


def staff_lines(scenario: Scenario) -> list[str]:
    """Each role with its price and number."""
    return by_site(scenario, _roles)


def _roles(site: Site) -> str:
    return f"{'; '.join(starmap(_role, site.staff.items()))}."


def price_lines(scenario: Scenario) -> list[str]:
    """What an hour of each role costs."""
    return by_site(scenario, lambda site: f"{listed(starmap(_price, site.staff.items()))} an hour.")


def _price(name: str, role: Role) -> str:
    built = given(" (built up from pay)", role.pay)
    return f"{role.title or plain_name(name)} {units.money(role.rate)}{built}"


def time_rules(scenario: Scenario) -> list[str]:
    """What a share of time and a meeting mean, where there are any."""
    roles = chain(*(site.staff.values() for site in scenario.sites.values()))
    parts = any(role.share_of_time.value < 1 for role in roles)
    share = (
        "Work of m minutes by somebody with a share of time s takes m / s on the clock and is "
        "charged as m minutes."
    )
    sitting = "Members of a meeting have set the time aside: they do not queue for it."
    return holding((parts, share), (anywhere(scenario, meets), sitting))


def _role(name: str, role: Role) -> str:
    number, share = role.headcount.value, role.share_of_time.value
    people = {None: "unlimited", 1: "1 person"}.get(number, f"{number or 0:,} people")
    part = f", {units.percent(share)} of the time of each" if share < 1 else ""
    return f"{titled(role.title, name)}: {people}{part}"


def working(site: Site) -> set[str]:
    """The roles that work at activities, meetings apart: those that can be queued for."""
    return set(chain(*chain(*there(map(attrgetter("staff"), activities(site))))))


def meets(site: Site) -> bool:
    """Whether there is any meeting."""
    return any(map(attrgetter("meeting"), activities(site)))


def anywhere(scenario: Scenario, holds: Callable[[Site], object]) -> bool:
    """Whether something holds of any site."""
    return any(map(holds, scenario.sites.values()))


def scarce(site: Site) -> list[str]:
    """The roles that are limited in number and can be queued for."""
    return sorted(role for role in working(site) if site.staff[role].headcount.value is not None)


def queue_lines(scenario: Scenario) -> list[str]:
    """Who queues for whom, by which rule, and who gives up."""
    per_day = scenario.calendar.hours_per_day.value * 60
    return by_site(scenario, lambda site: " ".join(_queues(site, per_day)))


def _queues(site: Site, per_day: float) -> Iterator[str]:
    limited, sits = scarce(site), meets(site)
    yield first(
        (limited, f"Cases queue for {named(limited)}."),
        (True, "Staff are unlimited: nobody queues for staff."),
    )
    yield from holding(
        (sits, "Cases wait for the next sitting of a meeting that has a place."),
        (limited or sits, _discipline(site.referrals)),
        (limited or sits, "Queues have no limit of length."),
    )
    yield _patience(site, per_day)


def _discipline(referrals: Referrals) -> str:
    if not referrals.priority:
        return "First come, first served."
    first = ", then ".join(map(plain_name, referrals.priority))
    return f"Served by need: {first}, then all others; among equals first come, first served."


def _patience(site: Site, per_day: float) -> str:
    told = [
        f"{plain_name(step)} ({way}) has not begun within {spread(each.withdraw_after, per_day)}"
        for way, pathway in site.pathways.items()
        for step, each in pathway.activities.items()
        if each.withdraw_after
    ]
    return given("A referral is withdrawn if {}.", " or ".join(told)) or "Nobody gives up waiting."


def take_up_lines(scenario: Scenario) -> list[str]:
    """Who takes the new pathway, and what becomes of it over the years."""
    return by_site(scenario, lambda site: f"{'; '.join(_take_up(site.take_up))}.")


def _take_up(take_up: TakeUp) -> Iterator[str]:
    yield f"share of referrals {varied(take_up.eligible, _percent)}"
    yield from map(_leakage, there([take_up.leakage]))
    reached = ", ".join(map(_percent, take_up.ramp_up))
    yield from holding(
        (reached != "100%", f"roll-out by year since going live: {reached}"),
        (take_up.fade.value, f"fade: {_percent(take_up.fade)} of the saving a year"),
        (take_up.start_delay.value, f"start delay: {_years(take_up.start_delay)}"),
        (take_up.double_running.value, f"double running: {_years(take_up.double_running)}"),
    )


def _leakage(leakage: Leakage) -> str:
    share, to = varied(leakage.share, _percent), plain_name(leakage.to or "its start")
    return f"of those, {share} then go on in the comparator at {to} and cost both"


def _percent(share: Proportion) -> str:
    return units.percent(share.value)


def _years(period: Period) -> str:
    return units.show(period.value, "years")
