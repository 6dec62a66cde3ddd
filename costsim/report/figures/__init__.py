"""The figures of a report: pathways, costs, savings, net benefit, cash and time to decision.

Each has its text alternative and a table of what it shows. They are made from findings alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from costsim.drawing.figure import Figure
from costsim.findings import Findings
from costsim.report.figures.cost import cost_by_activity
from costsim.report.figures.course import net_benefit_by_year
from costsim.report.figures.decision import time_to_decision
from costsim.report.figures.flow import flows
from costsim.report.figures.kept import Kept
from costsim.report.figures.setting import series
from costsim.report.figures.spread import saving_by_case
from costsim.report.figures.waterfall import cash_waterfall

__all__ = ["Figure", "figures"]


def figures(findings: Findings) -> tuple[Figure, ...]:
    """The figures in the order in which a report shows them.

    One for which there is nothing to show is left out: time to decision without a target, say.
    Those of the net benefit and of cash are of the main option; the saving per case has one for
    each option. Reads `cases.parquet`.
    """
    return tuple(each for each in _every(findings) if each is not None)


def _every(findings: Findings) -> Iterator[Figure | None]:
    kept = Kept(findings)
    yield from flows(findings)
    yield cost_by_activity(findings)
    for option in series(findings)[1:]:
        yield saving_by_case(findings, kept, option)
    yield net_benefit_by_year(findings)
    yield cash_waterfall(findings)
    yield time_to_decision(findings, kept)
