"""A pathway as boxes and arrows in words: what each activity takes, and where it goes next."""

from __future__ import annotations

from dataclasses import dataclass, replace

from costsim.findings import Findings
from costsim.report.figures.setting import sites_of

START, ACTIVITY, MEETING, OUTCOME = "start", "activity", "meeting", "outcome"


@dataclass(frozen=True)
class Box:
    """One box: what it is called, and lines about it; `figures` are of a table's row."""

    name: str
    kind: str
    title: str
    lines: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()

    @property
    def works(self) -> bool:
        """Whether somebody does something there."""
        return self.kind in {ACTIVITY, MEETING}

    @property
    def meets(self) -> bool:
        """Whether it is a meeting."""
        return self.kind == MEETING

    @property
    def ends(self) -> bool:
        """Whether nothing comes after it."""
        return self.kind == OUTCOME

    @property
    def cells(self) -> tuple[str, ...]:
        """Its row in a table: what it is, what happens there, and its figures."""
        if not self.works:
            return ("Referral", self.title, "", "", "")
        return (self.title, "; ".join(self.lines) or "nothing that takes time", *self.figures)


@dataclass(frozen=True)
class Arrow:
    """One way from a box to another, with the shares that take it as they are declared."""

    source: str
    target: str
    label: tuple[str, ...] = ()

    @property
    def loops(self) -> bool:
        """Whether it leads from a box to itself."""
        return self.source == self.target

    @property
    def share(self) -> str:
        """Its label in a sentence."""
        return ", ".join(self.label) or "all"


@dataclass(frozen=True)
class Journey:
    """A pathway of some sites, which all have the same: the start is the first of the boxes."""

    pathway: str
    sites: tuple[str, ...]
    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[str, ...]

    @property
    def steps(self) -> list[Box]:
        """The start and the activities."""
        return [box for box in self.boxes if not box.ends]

    @property
    def outcomes(self) -> list[Box]:
        """Where it can end."""
        return [box for box in self.boxes if box.ends]

    def goes_on(self, box: Box) -> str:
        """Where cases go from a box, and what share of them."""
        titles = {each.name: each.title for each in self.boxes}
        leaving = [arrow for arrow in self.arrows if arrow.source == box.name]
        return "; ".join(f"{titles[arrow.target]}: {arrow.share}" for arrow in leaving)

    def cut(self, most: int) -> Journey:
        """Its first boxes, and the arrows among them."""
        boxes = self.boxes[:most]
        names = {box.name for box in boxes}
        arrows = tuple(a for a in self.arrows if {a.source, a.target} <= names)
        return replace(self, boxes=boxes, arrows=arrows)


def whose(findings: Findings, journey: Journey) -> str:
    """The sites of a journey that not all sites share."""
    everybody = len(journey.sites) == len(findings.scenario.sites)
    return "" if everybody else sites_of(findings, journey.sites)
