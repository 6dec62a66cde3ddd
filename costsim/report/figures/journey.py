"""A pathway as boxes and arrows in words: what each activity takes, and where it goes next."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, starmap

from costsim.economics.activities import NOBODY, OTHER, ActivityRow
from costsim.findings import Findings
from costsim.report.figures.setting import averaged, weights
from costsim.report.figures.text import listed, sentence, shown
from costsim.report.words import money, plain_name, site_title
from costsim.scenario.pathways import Activity, Pathway, TakeUp
from costsim.scenario.quantities import CaseMinutes, Count, Proportion, Varying, portions
from costsim.scenario.schema import Site
from costsim.scenario.staff import Role
from costsim.units import percent

START, ACTIVITY, MEETING, OUTCOME = "start", "activity", "meeting", "outcome"
MOST_VALUES = 3


@dataclass(frozen=True)
class Box:
    """One box: what it is called, and lines about it; `figures` are of a table's row."""

    name: str
    kind: str
    title: str
    lines: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrow:
    """One way from a box to another, with the shares that take it as they are declared."""

    source: str
    target: str
    label: tuple[str, ...] = ()


@dataclass(frozen=True)
class Journey:
    """A pathway of some sites, which all have the same: the start is the first of the boxes."""

    pathway: str
    sites: tuple[str, ...]
    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[str, ...]


def journeys(findings: Findings, pathway: str) -> list[Journey]:
    """Each distinct form of a pathway, with the sites that have it."""
    alike: dict[str, list[str]] = {}
    for name in sorted(findings.scenario.sites):
        site = findings.scenario.sites[name]
        if pathway in site.pathways:
            way = site.pathways[pathway]
            entry = "" if pathway == findings.comparator else site.take_up.model_dump_json()
            alike.setdefault(way.model_dump_json() + entry, []).append(name)
    return [_journey(findings, pathway, tuple(sites)) for sites in alike.values()]


def _journey(findings: Findings, pathway: str, sites: tuple[str, ...]) -> Journey:
    site = findings.scenario.sites[sites[0]]
    way = site.pathways[pathway]
    option = pathway != findings.comparator
    arrows = [Arrow("", _key(way, way.start)), *_arrows(way)]
    reached = _reached(arrows)
    boxes = chain(
        [Box("", START, _entry(site.take_up) if option else "All referrals")],
        starmap(_Account(findings, pathway, sites).box, way.activities.items()),
        [Box(f"outcome {each}", OUTCOME, sentence(plain_name(each))) for each in way.outcomes],
    )
    return Journey(
        pathway=pathway,
        sites=sites,
        title=shown(way.title or plain_name(pathway)),
        boxes=tuple(each for each in boxes if each.name in reached),
        arrows=tuple(each for each in arrows if each.source in reached),
        notes=tuple(_leakage(findings, site)) if option else (),
    )


def _key(way: Pathway, name: str) -> str:
    """An activity and an outcome may have the same name."""
    return f"activity {name}" if name in way.activities else f"outcome {name}"


def _arrows(way: Pathway) -> Iterator[Arrow]:
    for name, activity in way.activities.items():
        for target, label in _ways_on(activity):
            yield Arrow(_key(way, name), _key(way, target), label)


def _reached(arrows: Sequence[Arrow]) -> set[str]:
    reached, fresh = set[str](), {""}
    while fresh:
        reached |= fresh
        fresh = {each.target for each in arrows if each.source in fresh} - reached
    return reached


def _ways_on(activity: Activity) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Where an activity leads, and the shares that go there; no share where all do."""
    shares = {value: portions(each) for value, each in activity.next.choices().items()}
    for target in sorted({name for each in shares.values() for name in each}):
        by_value = {value: each.get(target, 0.0) for value, each in shares.items()}
        if max(by_value.values()) > 0:
            yield target, tuple(_shares(by_value))


def _shares(by_value: dict[str, float]) -> Iterator[str]:
    different = sorted(set(by_value.values()))
    if different == [1.0]:
        return
    if len(different) == 1:
        yield percent(different[0])
    elif len(by_value) <= MOST_VALUES:
        for value, share in by_value.items():
            if share > 0:
                yield f"{plain_name(value)} {percent(share)}"
    else:
        yield f"{percent(different[0])} to {percent(different[-1])}"


def _in_words(varied: Varying[Proportion]) -> str:
    shares = {value: each.value for value, each in varied.choices().items()}
    if len(set(shares.values())) == 1:
        return percent(next(iter(shares.values())))
    return listed([f"{percent(each)} of {plain_name(value)}" for value, each in shares.items()])


def _entry(take_up: TakeUp) -> str:
    """Who comes to an option."""
    found = _in_words(take_up.eligible)
    return "All referrals" if found == "100%" else f"Takes this way: {found}"


def _leakage(findings: Findings, site: Site) -> Iterator[str]:
    """Which of an option's cases go on in the comparator."""
    leak = site.take_up.leakage
    if leak is not None and any(each.value for each in leak.share.choices().values()):
        old = site.pathways[findings.comparator]
        at = leak.to or old.start
        title = old.activities[at].title or plain_name(at)
        yield (
            f"At the end, {_in_words(leak.share)} of these cases go on in "
            f"“{shown(old.title or plain_name(findings.comparator))}”, at “{shown(title)}”."
        )


class _Account:
    """What the activities of a pathway took in the run, averaged over sites."""

    def __init__(self, findings: Findings, pathway: str, sites: tuple[str, ...]) -> None:
        self._over = weights(findings)
        self._roles = findings.scenario.sites[sites[0]].staff
        self._day = findings.scenario.calendar.hours_per_day.value * 60
        self._rows = {
            site: [
                row
                for row in findings.activities.get(site, ())
                if row.pathway == row.route == pathway
            ]
            for site in sites
        }

    def box(self, name: str, activity: Activity) -> Box:
        """One activity in words."""
        meeting = activity.meeting
        visits = self._mean(name, "visits", None)
        minutes = self._each_visit(name, "minutes", visits)
        cost = self._each_visit(name, "cost", visits)
        costs = money(cost) if visits else "none came"
        taken = list(self._taken(name, activity, visits))
        return Box(
            f"activity {name}",
            ACTIVITY if meeting is None else MEETING,
            sentence(shown(activity.title or plain_name(name))),
            (*self._before(activity), *taken, f"{costs} a visit" if visits else costs),
            (f"{visits:,.2f}", f"{minutes:,.1f}" if visits else "none", costs),
        )

    def _before(self, activity: Activity) -> Iterator[str]:
        """Waits, sittings and patience, as declared."""
        if activity.wait is not None:
            yield f"Wait: {self._days(activity.wait)}"
        if (meeting := activity.meeting) is not None:
            every = f"{meeting.every.value / self._day:,.1f}".removesuffix(".0")
            most = f"{meeting.capacity.value:,}"
            yield f"Meeting every {every} working days, at most {most} cases"
        if activity.withdraw_after is not None:
            yield f"Withdrawn after waiting {self._days(activity.withdraw_after)}"

    def _days(self, time: CaseMinutes) -> str:
        """A declared time in working days, by whatever it varies with."""
        means = {v: each.family().mean / self._day for v, each in time.choices().items()}
        if len(means) == 1:
            return f"{next(iter(means.values())):,.1f} working days"
        each = [f"{plain_name(value)} {mean:,.1f}" for value, mean in means.items()]
        return f"{listed(each)} working days"

    def _taken(self, name: str, activity: Activity, visits: float) -> Iterator[str]:
        """Each role's minutes a visit, and other cost."""
        found = self._worked(name)
        members = activity.meeting.members if activity.meeting else {}
        turns = activity.staff or []
        declared = dict.fromkeys(chain(*turns, members, sorted(found)))
        roles = [role for role in declared if role in found - {NOBODY, OTHER}]
        if len(roles) > 1 and turns:
            yield "One after another:" if len(turns) > 1 else "Together:"
        for role in roles:
            who = self._role(role) + _times(members.get(role))
            yield f"{who}: {self._each_visit(name, 'minutes', visits, role):,.0f} min"
        if OTHER in found:
            yield f"Other cost: {money(self._each_visit(name, 'cost', visits, OTHER))}"

    def _worked(self, name: str) -> set[str]:
        """The roles that an activity took, as the account has them."""
        return {row.role for row in chain(*self._rows.values()) if row.activity == name}

    def _role(self, name: str) -> str:
        role: Role | None = self._roles.get(name)
        return sentence(shown((role.title if role else None) or plain_name(name)))

    def _each_visit(self, name: str, figure: str, visits: float, role: str = "") -> float:
        return self._mean(name, figure, role) / visits if visits else 0.0

    def _mean(self, name: str, figure: str, role: str | None) -> float:
        """The sites' average a referral; of one role, of all (""), or once however many (None)."""

        def of(rows: list[ActivityRow]) -> float:
            mine = [row for row in rows if row.activity == name and role in (None, "", row.role)]
            found = [float(getattr(row, figure)) for row in mine]
            return max(found, default=0.0) if role is None else math.fsum(found)

        return averaged({site: of(rows) for site, rows in self._rows.items()}, self._over)


def _times(many: Count | None) -> str:
    return f" × {many.value:,}" if many is not None and many.value > 1 else ""


def whose(findings: Findings, journey: Journey) -> str:
    """The sites of a journey that not all sites share."""
    if len(journey.sites) == len(findings.scenario.sites):
        return ""
    return ", ".join(shown(site_title(findings.scenario, each)) for each in journey.sites)
