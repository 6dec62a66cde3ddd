"""What sites declare of a pathway and what it took in the run, as the journey of a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from costsim.drawing.grouping import grouped
from costsim.drawing.text import sentence, titled
from costsim.economics.activities import ActivityRow
from costsim.findings import Findings
from costsim.report.figures.journey import OUTCOME, START, Arrow, Box, Journey
from costsim.report.figures.setting import minutes_a_day, weights
from costsim.report.figures.shares import Split
from costsim.report.figures.step import Step, Work
from costsim.scenario.pathways import Activity, Leakage, Pathway
from costsim.scenario.quantities import portions
from costsim.scenario.schema import Site
from costsim.words import plain_name


def journeys(findings: Findings, pathway: str) -> list[Journey]:
    """Each distinct form of a pathway, with the sites that have it."""
    names = sorted(n for n, site in findings.scenario.sites.items() if pathway in site.pathways)
    alike = grouped((_Form(findings, pathway, (name,)).declared, name) for name in names)
    return [_Form(findings, pathway, tuple(sites)).journey for sites in alike.values()]


@dataclass(frozen=True)
class _Form:
    """One form of a pathway, and the sites that have it: the first speaks for all."""

    findings: Findings
    pathway: str
    sites: tuple[str, ...]

    @property
    def site(self) -> Site:
        return self.findings.scenario.sites[self.sites[0]]

    @property
    def way(self) -> Pathway:
        return self.site.pathways[self.pathway]

    @property
    def optional(self) -> bool:
        """Whether it is an option's, which not every case takes."""
        return self.pathway != self.findings.comparator

    @property
    def declared(self) -> str:
        """All that is declared of it."""
        entry = self.site.take_up.model_dump_json() if self.optional else ""
        return self.way.model_dump_json() + entry

    @property
    def journey(self) -> Journey:
        reached = self._reached()
        return Journey(
            pathway=self.pathway,
            sites=self.sites,
            title=titled(self.way.title, self.pathway),
            boxes=tuple(each for each in self._boxes() if each.name in reached),
            arrows=tuple(each for each in self.arrows if each.source in reached),
            notes=tuple(self._notes()),
        )

    @cached_property
    def arrows(self) -> list[Arrow]:
        """Every way that is declared, reached or not."""
        found = [Arrow("", self._key(self.way.start))]
        for name, activity in self.way.activities.items():
            for target, split in _ways_on(activity).items():
                found.append(Arrow(self._key(name), self._key(target), split.label))
        return found

    def _key(self, name: str) -> str:
        """An activity and an outcome may have the same name."""
        return f"activity {name}" if name in self.way.activities else f"outcome {name}"

    def _reached(self) -> set[str]:
        """The boxes to which a case can come."""
        onward = grouped((arrow.source, arrow.target) for arrow in self.arrows)
        reached, fresh = set[str](), {""}
        while fresh:
            reached |= fresh
            fresh = set(chain.from_iterable(onward[name] for name in fresh)) - reached
        return reached

    def _boxes(self) -> Iterator[Box]:
        yield Box("", START, self._entry())
        for name, activity in self.way.activities.items():
            yield self._step(name, activity).box
        for name in self.way.outcomes:
            yield Box(f"outcome {name}", OUTCOME, sentence(plain_name(name)))

    def _entry(self) -> str:
        """Who comes to it."""
        who = Split.of(self.site.take_up.eligible).sentence
        return f"Takes this way: {who}" if self.optional and who != "100%" else "All referrals"

    def _step(self, name: str, activity: Activity) -> Step:
        """One of its activities, with what it took."""
        rows = {site: self._account[site, name] for site in self.sites}
        titles = {role: each.title for role, each in self.site.staff.items()}
        work = Work(rows, weights(self.findings))
        return Step(name, activity, work, titles, minutes_a_day(self.findings))

    @cached_property
    def _account(self) -> Mapping[tuple[str, str], list[ActivityRow]]:
        """The rows of the account by site and activity."""
        every = ((site, row) for site, rows in self.findings.activities.items() for row in rows)
        return grouped(
            ((site, row.activity), row)
            for site, row in every
            if row.pathway == row.route == self.pathway
        )

    def _notes(self) -> Iterator[str]:
        leak = self.site.take_up.leakage
        if self.optional and leak is not None:
            yield from self._leakage(leak)

    def _leakage(self, leak: Leakage) -> Iterator[str]:
        """Which of an option's cases go on in the comparator."""
        share = Split.of(leak.share)
        old = self.site.pathways[self.findings.comparator]
        at = leak.to or old.start
        if share.taken:
            yield (
                f"At the end, {share.sentence} of these cases go on in "
                f"“{titled(old.title, self.findings.comparator)}”, "
                f"at “{titled(old.activities[at].title, at)}”."
            )


def _ways_on(activity: Activity) -> dict[str, Split]:
    """Where an activity leads, and the shares that go there."""
    shares = {value: portions(each) for value, each in activity.next.choices().items()}
    targets = sorted(set[str]().union(*shares.values()))
    splits = {t: Split({v: each.get(t, 0.0) for v, each in shares.items()}) for t in targets}
    return {target: split for target, split in splits.items() if split.taken}
