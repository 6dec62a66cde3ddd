"""The page on quality assurance, after the Aqua Book: who, when, what, checks, and known limits.

Verification (is the model built as it is meant to be?) stands apart from validation (does it give
what is known from elsewhere?).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from costsim import units
from costsim.findings import Findings
from costsim.report.evidence import run
from costsim.report.evidence.parts import Fact, given, paragraphs
from costsim.report.evidence.stress import provenance
from costsim.results.checks import Check
from costsim.results.estimates import there
from costsim.results.metrics import PROGRAMME
from costsim.results.published import Comparison
from costsim.scenario.inputs import Input, inputs, uncertain_inputs
from costsim.words import figure, figure_name, in_words, listed, plain_name

ANSWERABLE = {
    "commissioner": "Commissioner",
    "analyst": "Analyst",
    "assurer": "Assurer",
    "approver": "Approver",
    "date": "Date of assurance",
}
VERDICTS = ("passed", "no verdict", "FAILED")
SHOWN = 12
JUDGED = {True: "agrees", False: "does NOT agree", None: "too few replications to judge"}


def quality(findings: Findings) -> tuple[Fact, ...]:
    """The facts of the page, in order; those without a value are for a person to write."""
    parts = (_who, _what, _verification, _validation, _limitations, _open)
    return tuple(fact for part in parts for fact in part(findings))


def _who(findings: Findings) -> Iterator[Fact]:
    people = {role: getattr(findings.scenario.quality, role, None) for role in ANSWERABLE}
    for role, said in people.items():
        yield Fact(ANSWERABLE[role], said)
    analyst, assurer = people["analyst"], people["assurer"]
    if analyst and assurer:
        yield Fact("Assurer independent of the analyst", _independent(analyst, assurer))


def _independent(analyst: str, assurer: str) -> str:
    if _as_compared(analyst) == _as_compared(assurer):
        return (
            f"NO: {analyst} is named for both. Let somebody check it who had no part in making it."
        )
    return "different people are named; whether they are independent is for them to say"


def _as_compared(person: str) -> str:
    """A name, however it is spaced and capitalised."""
    return " ".join(person.casefold().split())


def _what(findings: Findings) -> Iterator[Fact]:
    known = findings.summary
    scenario, precision = known["scenario"], known["precision"]
    command = findings.manifest["command"]
    yield Fact("Scenario", f"{findings.scenario.title} ({scenario['file']})")
    yield Fact("SHA-256 of the scenario", scenario["sha256"])
    yield Fact("Version of costsim", known["versions"]["costsim"])
    yield Fact("Other software", run.software(findings).removesuffix("."))
    yield Fact("Seed", str(known["seed"]))
    yield Fact("Replications", f"{known['replications']:,}")
    asked = "none" if precision is None else f"{units.narrow_money(precision)} either way"
    yield Fact("Precision asked for", asked)
    yield Fact("Engine", known["engine"])
    yield Fact("Command", " ".join(command) if command else "none recorded: called from Python")


def _verification(findings: Findings) -> Iterator[Fact]:
    ran, names = findings.checks, {check.name for check in findings.checks}
    yield Fact("Checks that ran", f"{len(ran):,}: {_counted(ran)}")
    if "engines" not in names:
        alone = findings.summary["engine"]
        yield Fact("Verification: engines", f"not compared: the {alone} engine alone did the work")
    for (_, verdict, name), same in groupby(sorted(ran, key=_failed_first), key=_failed_first):
        told = dict.fromkeys(map(in_words, map(attrgetter("detail"), same)))
        yield Fact(f"Verification: {name}", f"{verdict}: {'; '.join(told)}")
    if "load" not in names:
        yield Fact("Verification: load", "passed: no staff or meeting is asked for too much")


def _failed_first(check: Check) -> tuple[bool, str, str]:
    return check.passed, check.verdict, check.name


def _counted(ran: Sequence[Check]) -> str:
    counts = Counter(check.verdict for check in ran)
    return listed(f"{counts[word]:,} {word}" for word in VERDICTS if word in counts)


def _validation(findings: Findings) -> Iterator[Fact]:
    if not findings.published:
        yield Fact("Validation: figures from elsewhere to compare with", None)
        return
    yield from map(_compared, findings.published)
    fitted = [each.name for each in inputs(findings.scenario) if "calibrat" in (each.note or "")]
    if fitted:
        yield Fact(
            "Validation: what was calibrated",
            f"{units.counted(len(fitted), 'input')} by their own notes: {listed(fitted, SHOWN)}. "
            "That a figure agrees to which they were calibrated is no evidence.",
        )


def _compared(each: Comparison) -> Fact:
    owner = "" if each.owner == PROGRAMME else f", {plain_name(each.owner)}"
    return Fact(f"Validation: {figure_name(each.figure)}{owner}", _beside(each))


def _beside(each: Comparison) -> str:
    told, found = figure(each.figure, each.published), figure(each.figure, each.computed)
    note = given(" ({})", each.note.removesuffix("."))
    return f"published {told}, computed {found}: {JUDGED[each.agrees]}{note}"


def _limitations(findings: Findings) -> Iterator[Fact]:
    every = inputs(findings.scenario)
    idle = map(attrgetter("name"), findings.unused)
    yield Fact("Limitations: warnings", paragraphs(*map(in_words, findings.warnings)) or "none")
    yield Fact("Limitations: inputs by evidence", f"{provenance(every)} {_grades(every)}")
    unsure = len(uncertain_inputs(findings.scenario))
    yield Fact("Limitations: inputs with a range", f"{unsure:,} of {len(every):,}")
    yield Fact("Limitations: inputs that change no result", listed(idle, SHOWN) or "none")


def _grades(every: Sequence[Input]) -> str:
    graded = Counter(there(map(attrgetter("grade"), every)))
    told = listed(f"{count:,} of grade {grade}" for grade, count in sorted(graded.items()))
    return given("By grade: {}.", told) or "No input has a grade."


def _open(_: Findings) -> Iterator[Fact]:
    yield Fact("What it will be used for, and what it must not be used for", None)
    yield Fact("What is at stake if it is wrong, and how much assurance that calls for", None)
    yield Fact("What the assurer did, and found", None)
    yield Fact("Decisions taken in building it, and why", None)
    yield Fact("Statement of the approver", None)
