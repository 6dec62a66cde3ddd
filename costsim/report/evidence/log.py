"""The assumptions log: every input, where it comes from, how unsure it is, and if it matters."""

from __future__ import annotations

import re
from pathlib import PurePath

from costsim.findings import Findings
from costsim.report.evidence.parts import Assumption, given
from costsim.scenario.inputs import Input, inputs

SILENT = "no source given"


def assumptions(findings: Findings) -> tuple[Assumption, ...]:
    """A line for each input of the scenario, in the order of its file."""
    scenario = findings.scenario
    idle = {each.name for each in findings.unused}
    return tuple(_line(each, each.name not in idle) for each in inputs(scenario))


def _line(each: Input, used: bool) -> Assumption:
    return Assumption(
        name=each.name,
        value=each.shown,
        range=range_of(each),
        source="" if each.provenance == SILENT else each.provenance,
        year=given("{}", each.year),
        grade=given("{}", each.grade),
        note=given("{}", each.note),
        place=_place(each),
        used=used,
    )


def _place(each: Input) -> str:
    """The file and the line where it is written."""
    return f"{PurePath(each.place.file).name}:{each.place.line}" if each.place else ""


def range_of(each: Input) -> str:
    """The 10 % to 90 % range of an uncertain input, with the name of its distribution."""
    return f"{each.range_shown} ({family_name(each.uncertain)})" if each.uncertain else ""


def family_name(family: object) -> str:
    """The name of a family of distributions in words.

    >>> from costsim.scenario.families import LogNormal
    >>> family_name(LogNormal(1.0, 0.5))
    'lognormal'
    """
    name = {"LogNormal": "lognormal", "Pert": "PERT"}.get(type(family).__name__)
    return name or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(family).__name__).lower()
