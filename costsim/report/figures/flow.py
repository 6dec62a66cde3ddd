"""Each pathway as a flow diagram: what an activity takes, and what share goes where next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

from costsim.drawing.figure import Figure
from costsim.findings import Findings
from costsim.report.figures import chart
from costsim.report.figures.form import journeys
from costsim.report.figures.journey import Journey, whose
from costsim.report.figures.layers import layered
from costsim.report.figures.setting import averaged, source, stem, subtitle, weights
from costsim.words import listed, money, plain_name

MOST_DIAGRAMS = 8
MOST_BOXES = 40
HEADER = (
    "Step",
    "What happens",
    "Visits a referral",
    "Staff minutes a visit",
    "Cost a visit",
    "Goes on to",
)
MEASURE = (
    "Staff minutes and pounds a visit, as simulated; shares and waits as declared, in the mean"
)


def flows(findings: Findings) -> Iterator[Figure]:
    """The comparator, then each option, main first: one diagram for each distinct form of it."""
    every = list(_diagrams(findings))
    *before, last = every[:MOST_DIAGRAMS]
    for each in (*before, replace(last, missing=len(every) - len(before) - 1)):
        yield each.figure()


def _diagrams(findings: Findings) -> Iterator[_Diagram]:
    for pathway in (findings.comparator, *findings.options):
        forms = journeys(findings, pathway)
        for journey in forms:
            yield _Diagram(findings, journey, alone=len(forms) == 1)


@dataclass(frozen=True)
class _Diagram:
    """A journey drawn: whether it is all there is of its pathway, and how many come after it."""

    findings: Findings
    journey: Journey
    alone: bool
    missing: int = 0

    def figure(self) -> Figure:
        """The diagram with its table."""
        site = [] if self.alone else [self.journey.sites[0]]
        return Figure(
            name=stem("pathway", self.journey.pathway, *site),
            title=self._title(),
            subtitle=subtitle(self.findings, MEASURE, self.journey.sites) + self._more,
            source=source(self.findings),
            description=self._description() + self._more,
            header=HEADER,
            rows=tuple(self._rows()),
            draw=partial(chart.draw, journey=self._drawn),
        )

    @cached_property
    def _drawn(self) -> Journey:
        """As much of the journey as one diagram can hold."""
        return self.journey.cut(MOST_BOXES)

    @cached_property
    def _more(self) -> str:
        """What has to be said of it, if anything."""
        every = len(self.journey.boxes)
        undrawn = every - len(self._drawn.boxes)
        said = {
            " A dashed arrow leads back: the work is done, and paid for, again.": layered(
                self._drawn
            ).back,
            f" {self.missing} more diagrams are not shown.": self.missing,
            f" {undrawn} of {every} boxes are in the table only.": undrawn,
        }
        return "".join(words for words, so in said.items() if so)

    def _title(self) -> str:
        """What a case costs where this pathway is in use."""
        comparator, mine = self.findings.comparator, self.journey.pathway
        owner = whose(self.findings, self.journey)
        where = f"{self.journey.title} ({owner})" if owner else self.journey.title
        found = f"{where}: a case costs {money(self._cost(mine))} on average"
        without = f" once it is open, {money(self._cost(comparator))} without it"
        return found if mine == comparator else found + without

    def _cost(self, world: str) -> float:
        option = self.findings.options.get(self.journey.pathway, self.findings.main)
        sites = {site: option.sites[site].economics for site in self.journey.sites}
        costs = {site: each.cost_per_case[world].number for site, each in sites.items()}
        return averaged(costs, weights(self.findings))

    def _rows(self) -> Iterator[tuple[str, ...]]:
        for box in self.journey.steps:
            yield *box.cells, self.journey.goes_on(box)

    def _description(self) -> str:
        """The whole diagram in sentences."""
        steps = (f"{row[0]} ({row[1]}) leads to {row[-1]}." for row in self._rows())
        ends = listed([box.title for box in self.journey.outcomes])
        name = plain_name(self.journey.pathway)
        return " ".join([f"Flow diagram of the {name} pathway, from the top downwards.", *steps,
                         f"It can end in: {ends}.", *self.journey.notes])  # fmt: skip
