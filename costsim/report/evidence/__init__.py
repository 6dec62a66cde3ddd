"""The evidence behind an answer: the log of assumptions, checklists, and quality assurance.

Checklists and the page are filled from the scenario and the run alone. What only a person can say
is left open, and said to be open: an empty phrase in its place would be worse than nothing.
"""

from __future__ import annotations

from costsim.findings import Findings
from costsim.report.evidence.cheers import cheers
from costsim.report.evidence.log import assumptions
from costsim.report.evidence.parts import Assumption, Checklist, ChecklistItem, Fact
from costsim.report.evidence.quality import quality
from costsim.report.evidence.stress import stress

__all__ = [
    "Assumption",
    "Checklist",
    "ChecklistItem",
    "Fact",
    "assumptions",
    "checklists",
    "quality",
]


def checklists(findings: Findings) -> tuple[Checklist, ...]:
    """The checklists STRESS-DES v1.0 and CHEERS 2022, filled as far as scenario and run go."""
    return stress(findings), cheers(findings)
