"""CHEERS 2022, the reporting standard for economic evaluations, filled from scenario and run.

Names of items are our own short words for those of the statement.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from operator import attrgetter
from typing import Any

from costsim import units
from costsim.findings import Findings
from costsim.report.analyses.stored import stored
from costsim.report.answer import answer
from costsim.report.evidence import money, office, run
from costsim.report.evidence.log import range_of
from costsim.report.evidence.parts import (
    Checklist,
    ChecklistItem,
    each_with,
    given,
    named,
    paragraphs,
)
from costsim.report.evidence.stress import provenance
from costsim.scenario.inputs import inputs, uncertain_inputs
from costsim.words import in_words, listed, plain_name, site_title, sites_named

Told = tuple[str | None, str | None]
"""What scenario and run say, and what a person must still write."""

SOURCE = (
    "Husereau and others, Consolidated Health Economic Evaluation Reporting Standards 2022, Value "
    "in Health 2022;25(1):3-9. Items 27 and 28 are numbered as in the official list; some copies "
    "join them and end with the availability of data: check the list of your journal."
)
RANGES_SHOWN = 12


def cheers(findings: Findings) -> Checklist:
    """The checklist for economic evaluations of 2022."""
    told = ((name, *tell(findings)) for name, tell in ITEMS)
    items = (ChecklistItem(str(no), *each) for no, each in enumerate(told, start=1))
    return Checklist("CHEERS 2022", SOURCE, tuple(items))


def _title(findings: Findings) -> Told:
    return findings.scenario.title, "A title that says it is an economic evaluation, and of what."


def _abstract(findings: Findings) -> Told:
    years = findings.scenario.years
    answers = (
        f"{plain_name(name)}: {answer(each.programme, years)}"
        for name, each in findings.options.items()
    )
    return paragraphs(*answers), "A structured summary around this answer."


def _background(findings: Findings) -> Told:
    needed = "The context, the question, and why it matters for policy or practice."
    return findings.scenario.description, needed


def _plan(_: Findings) -> Told:
    return None, "Whether a plan was written before the analysis, and where it can be read."


def _population(findings: Findings) -> Told:
    return (
        paragraphs(*office.referral_lines(findings.scenario)),
        "Who these families are: ages, needs, and how they came to be referred.",
    )


def _setting(findings: Findings) -> Told:
    sites = sites_named(findings.scenario).removesuffix(": ")
    return sites or None, "Context of the setting that may bear on the findings."


def _comparators(findings: Findings) -> Told:
    return paragraphs(*money.compared(findings.scenario)), "Why these were chosen."


def _perspective(findings: Findings) -> Told:
    return money.perspective(findings), "The perspective by name, and why it was chosen."


def _horizon(findings: Findings) -> Told:
    years = units.counted(findings.scenario.years, "year")
    return f"{years} from time 0, when any one-off cost falls.", "Why this horizon is long enough."


def _discount_rate(findings: Findings) -> Told:
    written = findings.scenario.discounting
    source = written.source or getattr(written.rate, "source", None)
    return (
        paragraphs(run.discounting(findings.scenario), given("Source: {}.", source)),
        None if source or written.schedule else "Why this rate.",
    )


def _outcomes(findings: Findings) -> Told:
    timeliness = map(attrgetter("programme.timeliness"), findings.options.values())
    outcomes = set(chain(*map(attrgetter("outcome_share"), timeliness)))
    scored = named(_effects_with(findings, "scores"))
    return paragraphs(
        "Beside money: time to decision, its share within the target where one is set, and how "
        f"often cases end in {named(sorted(outcomes))}.",
        given("Scored by outcome: {}.", scored)
        or "No measure of health, safety or experience is in the model.",
    ), "Why these outcomes stand for benefit and harm to the child and the family."


def _effects_with(findings: Findings, part: str) -> dict[str, Any]:
    """What the effects say of one part, by their names, where they say it."""
    said = {name: getattr(each, part) for name, each in findings.scenario.effects.items()}
    return {name: each for name, each in said.items() if each}


def _measured(_: Findings) -> Told:
    return (
        "Simulated from the waits, minutes and shares of the scenario, not observed.",
        "How the waits, minutes and shares behind them were measured, and on whom.",
    )


def _valued(findings: Findings) -> Told:
    worths = _effects_with(findings, "worth")
    if not worths:
        return "No outcome is valued: each is reported in its own unit.", None
    pounds = {name: units.money(worth.pounds) for name, worth in worths.items()}
    told = each_with(pounds, str, "One unit of {} is taken to be worth {}.")
    return paragraphs(*told), "On whom, and how, these values were found."


def _resources(findings: Findings) -> Told:
    scenario = findings.scenario
    return paragraphs(
        "Staff time by activity and role (STRESS-DES 2.5.2), times the hourly cost of the role.",
        *office.price_lines(scenario),
        money.one_off_line(scenario),
        money.running_line(scenario),
    ), "How minutes were measured, and by whom."


def _currency(findings: Findings) -> Told:
    return money.prices_line(findings.scenario), None


def _model(_: Findings) -> Told:
    return (
        "Discrete-event simulation of single referrals, described under STRESS-DES. costsim has "
        "the MIT licence; the scenario is in the results folder.",
        "Why a model of this kind, and where others can get it.",
    )


def _analytics(findings: Findings) -> Told:
    return paragraphs(
        run.replications(findings),
        run.intervals(findings),
        "Take-up and roll-out: STRESS-DES 2.3.",
        *money.allowances(findings),
        "Checks and comparison with published figures: see quality assurance.",
    ), None


def _heterogeneity(findings: Findings) -> Told:
    scenario, sites = findings.scenario, findings.main.sites
    told = (
        f"{site_title(scenario, name)}: saving per case "
        f"{run.with_interval('per_case_saving', each.economics.per_case_saving)}."
        for name, each in sites.items()
    )
    if len(sites) == 1:
        return None, "Whether results differ between groups of families or places."
    return paragraphs(*told), "Other groups for whom results may differ."


def _distribution(_: Findings) -> Told:
    return None, "How costs and effects fall on different families, and on those worst off."


def _uncertainty(findings: Findings) -> Told:
    every = inputs(findings.scenario)
    unsure = len(uncertain_inputs(findings.scenario))
    done = [each.title for each in stored(findings.folder)]
    analysed = f"Beside it in this report: {listed(done)}." if done else ""
    return paragraphs(
        "Chance: intervals as under item 17.",
        f"Inputs that say how unsure they are: {unsure:,} of {len(every):,}. This run takes each "
        "at its value.",
        analysed,
    ), "Uncertainty about the form of the model." if done else (
        "Sensitivity analysis of the inputs, and uncertainty about the form of the model."
    )


def _engagement(findings: Findings) -> Told:
    items = money.one_off(findings.scenario)
    paid = items.get("payments_to_parents")
    told = f"The one-off cost holds {units.money(paid)} of payments to parents." if paid else None
    return told, "How families, staff and others were engaged in designing this study."


def _parameters(findings: Findings) -> Told:
    unsure = uncertain_inputs(findings.scenario)
    ranges = (f"{each.name} {each.shown}, {range_of(each)}" for each in unsure)
    return paragraphs(
        "All in the assumptions log, with value, source, grade and range.",
        provenance(inputs(findings.scenario)),
        given("With a 10% to 90% range: {}.", listed(ranges, RANGES_SHOWN)),
    ), "Why these ranges." if unsure else "How unsure each input is: none has a range."


def _results(findings: Findings) -> Told:
    return paragraphs(
        *run.result_lines(findings), *run.time_lines(findings), *run.effect_lines(findings)
    ), None


def _effect_of_uncertainty(findings: Findings) -> Told:
    done = [each.paragraphs[0] for each in stored(findings.folder)]
    return (
        paragraphs("Chance: the intervals under item 23.", *money.switching(findings), *done),
        None if done else "What sensitivity analysis of the inputs found.",
    )


def _effect_of_engagement(_: Findings) -> Told:
    return None, "What difference engagement made to the study."


def _discussion(findings: Findings) -> Told:
    apart = (each for each in findings.published if each.agrees is False)
    names = listed(f"{plain_name(each.figure)} ({plain_name(each.owner)})" for each in apart)
    return paragraphs(
        *map(_sentence, findings.warnings),
        given("Published figures that are not reproduced: {}.", names),
    ) or None, "Key findings, limits, what holds elsewhere, and how it fits what is known."


def _sentence(warning: str) -> str:
    return f"{in_words(warning).removesuffix('.')}."


def _funding(_: Findings) -> Told:
    return None, "Who paid for the study, and what part they had in it."


def _conflicts(_: Findings) -> Told:
    return None, "Interests of each author, by the rules of the journal or the council."


ITEMS: tuple[tuple[str, Callable[[Findings], Told]], ...] = (
    ("Title", _title),
    ("Abstract", _abstract),
    ("Background and objectives", _background),
    ("Analysis plan", _plan),
    ("Study population", _population),
    ("Setting and location", _setting),
    ("Comparators", _comparators),
    ("Perspective", _perspective),
    ("Time horizon", _horizon),
    ("Discount rate", _discount_rate),
    ("Selection of outcomes", _outcomes),
    ("Measurement of outcomes", _measured),
    ("Valuation of outcomes", _valued),
    ("Measurement and valuation of resources and costs", _resources),
    ("Currency, price date and conversion", _currency),
    ("Rationale and description of the model", _model),
    ("Analytics and assumptions", _analytics),
    ("Heterogeneity", _heterogeneity),
    ("Distributional effects", _distribution),
    ("Characterising uncertainty", _uncertainty),
    ("Engagement with those affected", _engagement),
    ("Study parameters", _parameters),
    ("Summary of main results", _results),
    ("Effect of uncertainty", _effect_of_uncertainty),
    ("Effect of engagement", _effect_of_engagement),
    ("Findings, limitations, generalisability and current knowledge", _discussion),
    ("Source of funding", _funding),
    ("Conflicts of interest", _conflicts),
)
