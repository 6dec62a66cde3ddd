"""Each pathway as a flow diagram: what an activity takes, and what share goes where next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from costsim.findings import Findings
from costsim.report.figures import chart
from costsim.report.figures.figure import Figure
from costsim.report.figures.journey import ACTIVITY, MEETING, OUTCOME, Box, Journey, journeys, whose
from costsim.report.figures.layers import layered
from costsim.report.figures.setting import averaged, source, stem, subtitle, weights
from costsim.report.figures.text import listed
from costsim.report.words import money, plain_name

MOST_DIAGRAMS = 8
MOST_BOXES = 40


def flows(findings: Findings) -> Iterator[Figure]:
    """The comparator, then each option, main first: one diagram for each distinct form of it."""
    every = [
        (journey, len(forms) > 1)
        for pathway in (findings.comparator, *findings.options)
        for forms in [journeys(findings, pathway)]
        for journey in forms
    ]
    missing = len(every) - MOST_DIAGRAMS
    for number, (journey, several) in enumerate(every[:MOST_DIAGRAMS], start=1):
        last = number == MOST_DIAGRAMS and missing > 0
        more = f" {missing} more diagrams are not shown." if last else ""
        yield _figure(findings, journey, journey.sites[0] if several else "", more)


def _figure(findings: Findings, journey: Journey, site: str, more: str) -> Figure:
    drawn = _drawable(journey)
    too_many = len(journey.boxes) - len(drawn.boxes)
    more += f" {too_many} of {len(journey.boxes)} boxes are in the table only." if too_many else ""
    if layered(drawn).back:
        more = " A dashed arrow leads back: the work is done, and paid for, again." + more
    measure = (
        "Staff minutes and pounds a visit, as simulated; shares and waits as declared, in the mean"
    )
    return Figure(
        name=stem("pathway", journey.pathway, *filter(None, [site])),
        title=_title(findings, journey),
        subtitle=subtitle(findings, measure, journey.sites) + more,
        source=source(findings),
        description=_description(journey) + more,
        header=(
            "Step",
            "What happens",
            "Visits a referral",
            "Staff minutes a visit",
            "Cost a visit",
            "Goes on to",
        ),
        rows=tuple(_row(journey, box) for box in journey.boxes if box.kind != OUTCOME),
        draw=partial(chart.draw, journey=drawn),
    )


def _drawable(journey: Journey) -> Journey:
    """As much of a journey as one diagram can hold."""
    if len(journey.boxes) <= MOST_BOXES:
        return journey
    boxes = journey.boxes[:MOST_BOXES]
    names = {box.name for box in boxes}
    arrows = tuple(a for a in journey.arrows if {a.source, a.target} <= names)
    return replace(journey, boxes=boxes, arrows=arrows)


def _title(findings: Findings, journey: Journey) -> str:
    """What a case costs where this pathway is in use."""
    old, new = (_cost(findings, journey, w) for w in (findings.comparator, journey.pathway))
    owner = whose(findings, journey)
    where = f"{journey.title} ({owner})" if owner else journey.title
    if journey.pathway == findings.comparator:
        return f"{where}: a case costs {money(old)} on average"
    return f"{where}: a case costs {money(new)} on average once it is open, {money(old)} without it"


def _cost(findings: Findings, journey: Journey, world: str) -> float:
    option = findings.options.get(journey.pathway, findings.main)
    over = {name: each for name, each in weights(findings).items() if name in journey.sites}
    return averaged(
        {site: option.sites[site].economics.cost_per_case[world].number for site in over}, over
    )


def _row(journey: Journey, box: Box) -> tuple[str, ...]:
    works = box.kind in (ACTIVITY, MEETING)
    figures = box.figures if works else ("", "", "")
    title = box.title if works else "Referral"
    happens = "; ".join(box.lines if works else [box.title]) or "nothing that takes time"
    return (title, happens, *figures, _goes_on(journey, box))


def _goes_on(journey: Journey, box: Box) -> str:
    titles = {each.name: each.title for each in journey.boxes}
    leaving = [arrow for arrow in journey.arrows if arrow.source == box.name]
    return "; ".join(f"{titles[a.target]}: {', '.join(a.label) or 'all'}" for a in leaving)


def _description(journey: Journey) -> str:
    """The whole diagram in sentences."""
    steps = [
        f"{row[0]} ({row[1]}) leads to {row[-1]}."
        for row in (_row(journey, box) for box in journey.boxes if box.kind != OUTCOME)
    ]
    ends = [box.title for box in journey.boxes if box.kind == OUTCOME]
    name = plain_name(journey.pathway)
    return " ".join([f"Flow diagram of the {name} pathway, from the top downwards.", *steps,
                     f"It can end in: {listed(ends)}.", *journey.notes])  # fmt: skip
