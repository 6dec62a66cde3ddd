"""STRESS-DES, the reporting guideline for discrete-event simulation, filled from scenario and run.

Names of items are our own short words for those of version 1.0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import chain, filterfalse
from operator import attrgetter

from costsim import units
from costsim.findings import Findings
from costsim.report.evidence import money, office, run
from costsim.report.evidence.log import SILENT, family_name
from costsim.report.evidence.parts import (
    Checklist,
    ChecklistItem,
    given,
    named,
    paragraphs,
)
from costsim.report.evidence.pathways import activities, activity_lines, pathway_lines, ways
from costsim.scenario.inputs import Input, inputs, uncertain_inputs
from costsim.scenario.schema import Scenario
from costsim.words import listed, plain_name

Told = tuple[str | None, str | None]
"""What scenario and run say, and what a person must still write."""

SOURCE = (
    "Monks and others, Strengthening the reporting of empirical simulation studies: introducing "
    "the STRESS guidelines, Journal of Simulation 2019;13(1):55-67, "
    "doi 10.1080/17477778.2018.1442155"
)
SOURCES_SHOWN = 12


def stress(findings: Findings) -> Checklist:
    """The checklist for discrete-event simulation, version 1.0."""
    items = (ChecklistItem(no, name, *tell(findings)) for no, name, tell in ITEMS)
    return Checklist("STRESS-DES v1.0", SOURCE, tuple(items))


def _purpose(findings: Findings) -> Told:
    scenario = findings.scenario
    others = named(scenario.options)
    question = f"{scenario.title}. Compares {plain_name(scenario.comparator)} with {others}."
    return (
        paragraphs(question, scenario.description or ""),
        "Which decision hangs on it, who takes it, and by when.",
    )


def _outputs(findings: Findings) -> Told:
    targets = set(chain(*map(attrgetter("targets"), findings.scenario.sites.values())))
    shares = given(", and the share within the target for {}", named(sorted(targets)))
    return paragraphs(
        "Cost of a case: what all referrals cost under one arrangement, over the baseline "
        "referrals, who would come under the comparator too. Saving per case: cost of a case under "
        "the comparator less that under the option, at full roll-out.",
        "Saving a year: saving per case times referrals a year, less the rise in running costs. "
        "Net benefit and net present value: savings over the horizon less the one-off cost.",
        "Time to decision: from arrival to outcome, in working days of counted cases: mean, median "
        f"and 90th percentile{shares}. Waiting days, outcomes, withdrawals, and "
        "utilisation of limited staff.",
        "All are taken over the counted period of each replication.",
        run.intervals(findings),
    ), None


def _aims(findings: Findings) -> Told:
    scenario = findings.scenario
    unsure = len(uncertain_inputs(scenario))
    others = named(scenario.options)
    return paragraphs(
        f"A. Scenarios: everybody under {plain_name(scenario.comparator)}, against {others}, in "
        "worlds of their own with the same referrals.",
        "B. Design of experiments: none in this run; every input is at its value. Inputs with a "
        f"range by which they could be varied: {unsure:,}.",
        "C. Optimisation: none.",
    ), ("Why these options and no others." if len(scenario.options) > 1 else None)


def _diagram(findings: Findings) -> Told:
    scenario = findings.scenario
    told = (f"{plain_name(way)}: {listed(_activities(scenario, way))}" for way in ways(scenario))
    return paragraphs(
        "Flow diagrams of the pathways are among the report's figures.",
        f"Activities by pathway: {'; '.join(told)}.",
    ), None


def _activities(scenario: Scenario, way: str) -> list[str]:
    names = chain(*(site.pathways[way].activities for site in scenario.sites.values()))
    return sorted(set(map(plain_name, names)))


def _base(findings: Findings) -> Told:
    return paragraphs(*pathway_lines(findings.scenario, findings.comparator)), None


def _changed(findings: Findings) -> Told:
    scenario = findings.scenario
    lines = chain(*(pathway_lines(scenario, name) for name in scenario.options))
    taken = map("Take-up of each option. {}".format, office.take_up_lines(scenario))
    rest = "Whoever does not take the option follows the comparator, served by the same staff."
    return paragraphs(*lines, *taken, rest), None


def _algorithms(_: Findings) -> Told:
    return paragraphs(
        "Events happen in order of time and, at the same time, in the order in which they were "
        "scheduled. Minutes are drawn by the inverse distribution function, and ways onward by "
        "cumulative shares. Whoever needs several roles begins when all are free and it is first "
        "in every queue.",
        "Costs are minutes times hourly cost, and other cost by visit, applied after the "
        "simulation: prices change nothing that happens.",
    ), None


def _entities(findings: Findings) -> Told:
    return paragraphs("Referrals.", *office.referral_lines(findings.scenario)), None


def _activity_items(findings: Findings) -> Told:
    scenario = findings.scenario
    day = f"{scenario.calendar.hours_per_day.value:g} hours"
    return paragraphs(
        f"Durations are working time, of which a day has {day}.",
        *chain(*(activity_lines(scenario, way) for way in ways(scenario))),
    ), None


def _resources(findings: Findings) -> Told:
    scenario = findings.scenario
    return paragraphs(*office.staff_lines(scenario), *office.time_rules(scenario)), None


def _queues(findings: Findings) -> Told:
    return paragraphs(*office.queue_lines(findings.scenario)), None


def _ways_in_and_out(findings: Findings) -> Told:
    return paragraphs(
        *office.arrival_lines(findings.scenario),
        "Referrals leave at an outcome of their pathway"
        + (", or withdrawn." if _can_withdraw(findings.scenario) else "."),
    ), None


def _can_withdraw(scenario: Scenario) -> bool:
    every = chain(*map(activities, scenario.sites.values()))
    return any(map(attrgetter("withdraw_after"), every))


def _sources(findings: Findings) -> Told:
    sources = _sources_named(findings.scenario)
    if not sources:
        return None, "Where the data come from: the scenario names no source."
    told = (f"{source} ({units.counted(count, 'input')})" for source, count in sources)
    return (
        f"Sources that the scenario names: {listed(told, SOURCES_SHOWN)}.",
        "How each source was found and chosen, how good it is, and who may see the data.",
    )


def _sources_named(scenario: Scenario) -> list[tuple[str, int]]:
    """The sources, with how many inputs are from each: the most used first."""
    measured = filterfalse(attrgetter("assumed"), inputs(scenario))
    return Counter(each.provenance for each in measured if each.source).most_common()


def _prepared(findings: Findings) -> Told:
    scenario = findings.scenario
    day = f"{scenario.calendar.hours_per_day.value:g} h"
    earlier, by = money.earlier_years(scenario), f"deflators ({scenario.deflators.source})"
    brought = f"Money in prices of {earlier} is brought to those of {scenario.price_year} by {by}."
    return paragraphs(
        f"costsim takes values as they are written; durations in days are read by a day of {day}.",
        brought if earlier else "",
    ), "What was done to the data before they were written in the scenario."


def _parameters(findings: Findings) -> Told:
    every = inputs(findings.scenario)
    unsure = uncertain_inputs(findings.scenario)
    kinds = Counter(map(family_name, map(attrgetter("uncertain"), unsure)))
    ranges = listed(f"{count:,} {name}" for name, count in kinds.most_common())
    return paragraphs(
        f"{units.counted(len(every), 'input')}, each in the assumptions log with value, source, "
        "grade and range. Distributions of minutes are under 2.5.2.",
        given("Ranges of what a number might be: {}.", ranges)
        or "No input has a range: how unsure it is has not been said.",
    ), "How distributions and ranges were chosen."


def _assumed(findings: Findings) -> Told:
    every = inputs(findings.scenario)
    return paragraphs(
        provenance(every),
        "Not modelled: absence, travel and different speeds of staff; workers who keep their "
        "cases; times that hang together within a case; re-referral; change of volume over the "
        "years; wrong decisions; services after the decision.",
    ), "Why each assumption is reasonable, and which of those not modelled matter here."


def provenance(every: tuple[Input, ...]) -> str:
    """How many inputs are assumed, have a source, or have neither."""
    assumed = sum(map(attrgetter("assumed"), every))
    silent = sum(each.provenance == SILENT for each in every)
    sourced = len(every) - assumed - silent
    return (
        f"Of {units.counted(len(every), 'input')}: assumed {assumed:,}, with a source {sourced:,}, "
        f"with neither {silent:,}."
    )


def _initial(findings: Findings) -> Told:
    return paragraphs(
        " ".join(run.beginning(findings.scenario)),
        "Terminating: a fixed period is counted, and every counted case is followed to its end.",
    ), None


def _length(findings: Findings) -> Told:
    calendar = findings.scenario.calendar
    week = f"{len(calendar.working_week)} days a week"
    nation = plain_name(calendar.bank_holidays).title()
    holidays = f"without the bank holidays of {nation}"
    if calendar.bank_holidays == "none":
        holidays = "bank holidays are worked"
    shut = len(calendar.closed)
    closed = f"; {units.counted(shut, 'further day')} when nobody works" if shut else ""
    return paragraphs(
        run.period(findings.scenario),
        f"The clock counts working minutes: {calendar.hours_per_day.value:g} h a day, {week}, "
        f"{holidays}{closed}.",
    ), None


def _estimation(findings: Findings) -> Told:
    asked = findings.summary["precision"] is None
    return paragraphs(run.replications(findings), run.intervals(findings)), (
        "Why this number of replications is enough." if asked else None
    )


def _software(findings: Findings) -> Told:
    return run.software(findings), None


def _sampling(findings: Findings) -> Told:
    return paragraphs(
        f"Philox 4x64-10, a counter-based generator (Salmon and others 2011), seed "
        f"{findings.summary['seed']}. Each number is addressed by site, purpose, visit, "
        "replication and referral, so no stream runs into another.",
        "Common random numbers: every pathway meets the same referrals at the same times, and "
        f"activities of the same name the same luck. {run.shared_luck(findings)}".strip(),
    ), None


def _execution(findings: Findings) -> Told:
    engine = findings.summary["engine"]
    what = {
        "kernel": "kernel; world-view: event scheduling, in compiled code",
        "reference": "reference; world-view: process interaction, in SimPy",
    }.get(engine, engine)
    return paragraphs(
        f"Engine: {what}. At the same time, what was scheduled first happens first.",
        "Replications may be shared out among processes; their number changes no figure.",
    ), None


def _system(_: Findings) -> Told:
    return (
        None,
        "Machine and run time: costsim does not record them, so that files can be compared.",
    )


def _sharing(findings: Findings) -> Told:
    known = findings.summary
    command = " ".join(findings.manifest["command"] or ())
    return paragraphs(
        f"The results folder holds the scenario as it was read ({known['scenario']['file']}, "
        f"SHA-256 {known['scenario']['sha256']}); costsim {known['versions']['costsim']} has the "
        "MIT licence.",
        f"Made with: {command}" if command else "",
    ), "Where scenario and results are published."


ITEMS: tuple[tuple[str, str, Callable[[Findings], Told]], ...] = (
    ("1.1", "Purpose of the model", _purpose),
    ("1.2", "Outputs of the model", _outputs),
    ("1.3", "Aims of the experiments", _aims),
    ("2.1", "Diagram of the model", _diagram),
    ("2.2", "Logic of the base model", _base),
    ("2.3", "Logic of the scenarios", _changed),
    ("2.4", "Algorithms", _algorithms),
    ("2.5.1", "Entities", _entities),
    ("2.5.2", "Activities", _activity_items),
    ("2.5.3", "Resources", _resources),
    ("2.5.4", "Queues", _queues),
    ("2.5.5", "Entry and exit", _ways_in_and_out),
    ("3.1", "Data sources", _sources),
    ("3.2", "Preparation of the data", _prepared),
    ("3.3", "Input parameters", _parameters),
    ("3.4", "Assumptions", _assumed),
    ("4.1", "Start of a run", _initial),
    ("4.2", "Length of a run", _length),
    ("4.3", "Estimation", _estimation),
    ("5.1", "Software", _software),
    ("5.2", "Random sampling", _sampling),
    ("5.3", "Execution of the model", _execution),
    ("5.4", "System and run time", _system),
    ("6.1", "Sharing the model", _sharing),
)
