"""The inputs of the audit workbook: every number that may be changed, with its unit and source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from costsim.economics.activities import OTHER
from costsim.economics.discounting import GREEN_BOOK_SCHEDULE
from costsim.report.workbooks.auditing.model import Model, steps
from costsim.scenario.inputs import Input, inputs
from costsim.scenario.origin import Where
from costsim.scenario.schema import PHASES, Phase, Site
from costsim.words import plain_name

FEWEST_RAMP_YEARS = 5
PAYMENTS = ("payments_to_parents", "coaching", "other")
NONE_GIVEN = "(none given)"


@dataclass(frozen=True)
class Entry:
    """One number that may be changed: whose, of what, its unit, and where it comes from."""

    site: str
    item: str
    detail: str | float
    value: float | str
    unit: str
    style: str = "number"
    source: str = ""


@dataclass(frozen=True)
class Section:
    """Inputs of one kind; `prefix` begins the names of their columns.

    `item` and `detail` say what these columns hold, `names` the names of single cells.
    """

    title: str
    prefix: str
    item: str
    detail: str
    entries: Sequence[Entry]
    names: Sequence[str] = ()


class Sources:
    """What the scenario says about where each of its numbers comes from."""

    def __init__(self, every: Iterable[Input]) -> None:
        self._known = {where: each for each in every for where in each.where}

    def of(self, *where: str | int) -> str:
        """The provenance of a number; a default of costsim where the scenario does not give it."""
        place: Where = where
        found = self._known.get(place)
        if found is None:
            return "default of costsim; not given in the scenario"
        base = f"; given in {found.price_year} prices" if found.price_year else ""
        return f"{found.provenance}{base}{f'; {found.note}' if found.note else ''}"


def sections(model: Model) -> list[Section]:
    """All inputs, in the order in which they are used."""
    sources = Sources(inputs(model.scenario))
    every = [(each.name, model.scenario.sites[each.name]) for each in model.sites]
    by_role = list(_by_role(every, sources))
    return [
        _general(model, sources),
        Section("Discount rate by year", "Rate", "From year", "", list(_rates(model, sources))),
        Section("Referrals", "Referrals", "Item", "", list(_referrals(model, sources))),
        Section("Roll-out", "Course", "Item", "", list(_course(every, sources))),
        Section("Ramp-up", "Ramp", "Item", "Year since going live", list(_ramp(every, sources))),
        Section("Hourly cost of staff", "Hourly", "Role", "", [e for e, *_ in by_role]),
        Section("Posts filled", "Posts", "Role", "", [each[1] for each in by_role]),
        Section("Turnover of posts", "Turnover", "Role", "", [each[2] for each in by_role]),
        Section("Posts filled again", "Backfill", "Role", "", [each[3] for each in by_role]),
        Section("Other unit costs", "Unit", "Pathway", "Activity", _unit_costs(model, sources)),
        Section("One-off: staff time", "Once_staff", "Phase", "Role", _once_staff(every, sources)),
        Section("One-off: payments", "Once_paid", "Phase", "Item", _once_paid(every, sources)),
        Section("Running costs", "Running", "Pathway", "Item", _running(model, every, sources)),
    ]


Sites = Sequence[tuple[str, Site]]


def _general(model: Model, sources: Sources) -> Section:
    terms, scenario = model.terms, model.scenario
    bias = terms.optimism_bias
    said = scenario.discounting.source or ""
    declared = "declared in the scenario" if bias else "none declared in the scenario"
    top = f"at most {model.last_year}, the years that are laid out"
    rows = [
        Entry("", "Horizon", "", float(terms.years), "years", "whole", f"the scenario; {top}"),
        Entry("", "Timing of money in its year", "", terms.discounting.timing.value,
              "year_end, mid_year or year_start", "text", said),
        Entry("", "Full-time year", "", terms.full_time_minutes / 60, "hours", "number",
              sources.of("calendar", "full_time_year")),
        Entry("", "Growth of real pay", "", terms.pay_growth, "share a year", "percent",
              sources.of("prices", "pay_growth")),
        Entry("", "Optimism bias: savings lower by", "", bias.savings if bias else 0.0,
              "share", "percent", declared),
        Entry("", "Optimism bias: costs higher by", "", bias.costs if bias else 0.0,
              "share", "percent", declared),
    ]  # fmt: skip
    names = ["Horizon", "Timing", "Full_time_hours", "Pay_growth"]
    names += ["Savings_lower_by", "Costs_higher_by"]
    return Section("The appraisal", "General", "Item", "", rows, names)


def _rates(model: Model, sources: Sources) -> Iterator[Entry]:
    rate = model.terms.discounting.rate
    schedule = GREEN_BOOK_SCHEDULE if rate is None else ((1, rate),)
    declining = "HM Treasury Green Book, declining schedule"
    source = declining if rate is None else sources.of("discounting", "rate")
    for year, each in schedule:
        yield Entry("", "Discount rate from year", float(year), each, "a year", "percent", source)


def _referrals(model: Model, sources: Sources) -> Iterator[Entry]:
    for each in model.sites:
        number = each.economics.referrals_per_year.number
        where = ("sites", each.name, "referrals", "per_year")
        yield Entry(each.name, "Referrals", "", number, "a year", "number", sources.of(*where))


def _course(every: Sites, sources: Sources) -> Iterator[Entry]:
    kinds = {
        "start_delay": ("years before going live", "years"),
        "fade": ("share of the saving lost with each further year", "percent"),
        "double_running": ("years that both ways are run", "years"),
    }
    for key, (unit, style) in kinds.items():
        for name, site in every:
            value = getattr(site.take_up, key).value
            said = sources.of("sites", name, "take_up", key)
            yield Entry(name, plain_name(key), "", value, unit, style, said)


def _ramp(every: Sites, sources: Sources) -> Iterator[Entry]:
    years = max(FEWEST_RAMP_YEARS, *(len(site.take_up.ramp_up) for _, site in every))
    for name, site in every:
        shares = site.take_up.ramp_up
        for year in range(years):
            step = min(year, len(shares) - 1)
            said = sources.of("sites", name, "take_up", "ramp_up", step)
            after = "; holds for all years after" if year == years - 1 else ""
            yield Entry(name, "share of full roll-out", float(year + 1), shares[step].value,
                        f"share{after}", "percent", said)  # fmt: skip


def _by_role(every: Sites, sources: Sources) -> Iterator[tuple[Entry, Entry, Entry, Entry]]:
    for name, site in every:
        for role, each in sorted(site.staff.items()):
            where, posts = ("sites", name, "staff", role), each.posts
            filled, share, again = (
                (posts.in_post.value, posts.turnover.value, posts.backfill.value)
                if posts
                else (0.0, 0.0, 0.0)
            )
            built_up = "built up from pay: see the assumptions log"
            said = built_up if each.pay else sources.of(*where, "hourly_cost")
            yield (
                Entry(name, role, "", each.rate, "£ an hour", "money", said),
                Entry(name, role, "", filled, "full-time posts", "number",
                      sources.of(*where, "posts", "in_post")),
                Entry(name, role, "", share, "share a year", "percent",
                      sources.of(*where, "posts", "turnover")),
                Entry(name, role, "", again, "share", "percent",
                      sources.of(*where, "posts", "backfill")),
            )  # fmt: skip


def _unit_costs(model: Model, sources: Sources) -> list[Entry]:
    """Every activity of both pathways that somebody went through, site by site."""
    found = {}
    for site, row in steps(model):
        if row.role == OTHER:
            where = ("sites", site, "pathways", row.route, "activities", row.activity)
            cost = model.scenario.sites[site].pathways[row.route].activities[row.activity].cost
            found[where] = Entry(
                site, row.route, row.activity, cost.pounds if cost else 0.0, "£ a visit", "money",
                sources.of(*where, "cost"),
            )  # fmt: skip
    return list(found.values()) or [Entry("", "", NONE_GIVEN, 0.0, "£ a visit", "money")]


def _phase(site: Site, name: str) -> Phase:
    found: Phase = getattr(site.one_off, name)
    return found


def _once_staff(every: Sites, sources: Sources) -> list[Entry]:
    return [
        Entry(name, phase, role, minutes.value / 60, "hours", "number",
              sources.of("sites", name, "one_off", phase, "staff", role))
        for name, site in every
        for phase in PHASES
        for role, minutes in (
            sorted(_phase(site, phase).staff.items()) or _no_time(phase, site)
        )
    ]  # fmt: skip


class _Nothing:
    value = 0.0


def _no_time(phase: str, site: Site) -> list[tuple[str, _Nothing]]:
    """A row to fill in where a phase has no staff time."""
    return [(min(site.staff), _Nothing())] if phase == PHASES[0] else []


def _once_paid(every: Sites, sources: Sources) -> list[Entry]:
    return [
        Entry(name, phase, item, money.pounds if money else 0.0, "£", "money",
              sources.of("sites", name, "one_off", phase, item))
        for name, site in every
        for phase in PHASES
        for item in PAYMENTS
        if (money := getattr(_phase(site, phase), item)) or (phase, item) == ("co_design", OTHER)
    ]  # fmt: skip


def _running(model: Model, every: Sites, sources: Sources) -> list[Entry]:
    found = []
    for name, site in every:
        for world in model.worlds:
            items = site.running_costs.get(world, {})
            found += [
                Entry(name, world, item, money.pounds, "£ a year", "money",
                      sources.of("sites", name, "running_costs", world, item))
                for item, money in sorted(items.items())
            ] or [Entry(name, world, NONE_GIVEN, 0.0, "£ a year", "money")]  # fmt: skip
    return found
