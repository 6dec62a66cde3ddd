"""How the figures came about: what was simulated, by which formulas, and how to run it again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from costsim.findings import Findings
from costsim.report.page.content import Block, Code, Heading, Listing, Section, Table, Text
from costsim.units import counted
from costsim.words import money, pathway_title, site_title

FORMULAS = (
    "Cost of a case: the minutes of each role on it, times the role's hourly cost, divided by 60; "
    "plus the other cost of each visit. An average over all referrals.",
    "Saving on a case: the cost of a case under the old pathway less its cost under the new "
    "arrangement, at full roll-out. A referral that does not take up the new one saves nothing.",
    "Saving a year: the saving on a case times referrals a year, less the rise in running costs.",
    "Saving over the horizon: the savings of all years, each scaled by how far the roll-out has "
    "come, less the rises in running costs and the cost of running both pathways at once.",
    "Net benefit: the saving over the horizon less the one-off cost, not discounted.",
    "Net present value: the same, with each year's money divided by one plus the discount rate for "
    "every year that it lies ahead. The one-off cost falls at time 0 and is not discounted.",
    "Benefit-cost ratio: the present value of savings divided by that of costs. Return on "
    "investment: the net benefit divided by undiscounted costs. Neither is defined without a cost.",
    "Repaid after: the moment when savings, less running costs, first add up to the one-off cost. "
    "Savings count as even throughout each year.",
    "Cash: whole posts of one role in one site that have fallen vacant and are not filled again. "
    "Everything else is capacity for other work.",
)


def method(findings: Findings) -> Section:
    """What was simulated, formulas in plain words, versions, and how to run it again."""
    return Section(
        "method",
        "Method",
        [
            *_simulated(findings),
            Heading("Formulas in plain words"),
            Listing(FORMULAS),
            Heading("How to run it again"),
            Text(
                "With the same file, seed and versions costsim gives the same figures to the last "
                "digit. The files of the scenario are kept in the results folder."
            ),
            Code(_command(findings)),
            *_inputs(findings),
            _versions(findings),
        ],
    )


def _simulated(findings: Findings) -> Iterator[Block]:
    summary = findings.summary
    done = counted(summary["replications"], "replication")
    length = findings.scenario.run.length
    asked = summary["precision"]
    until = (
        f", so that the saving on a case is known within {money(asked)} either way" if asked else ""
    )
    yield Text(
        "Simulated: when referrals come, what need they have, which way they go, how long the work "
        f"on each takes and how long they wait, over {_period(length)} in each site. That was done "
        f"in {done} with seed {summary['seed']} and the engine {summary['engine']}{until}. Every "
        "pathway meets the same referrals and the same luck."
    )
    yield Text(
        "Exact: prices, one-off and running costs, discounting and the appraisal's arithmetic. "
        "Intervals are 95% intervals from Student's t over replications. They speak of chance "
        "between cases alone, and not of how unsure the inputs are."
    )
    gain = summary.get("gain_of_shared_luck")
    if gain is not None and gain >= 1.05:
        yield Text(
            f"With luck of their own for each pathway, the same interval would take {gain:,.1f} "
            "times as many replications."
        )


def _period(years: float) -> str:
    return "1 year" if years == 1 else f"{years:g} years"


def _command(findings: Findings) -> str:
    """The command of the run, or one that does the same."""
    given = findings.manifest.get("command")
    if given:
        return shlex.join(given)
    summary = findings.summary
    file = summary["scenario"]["file"]
    options = f"--seed {summary['seed']} --replications {summary['replications']}"
    return f"costsim run {shlex.quote(file)} {options}"


def _inputs(findings: Findings) -> Iterator[Table]:
    hashes = findings.manifest.get("inputs", {})
    if hashes:
        rows = list(hashes.items())
        yield Table("Files of the scenario", ("File", "SHA-256"), rows, words=frozenset({1}))


def _versions(findings: Findings) -> Table:
    rows = [*findings.summary["versions"].items()]
    return Table("Versions", ("Program", "Version"), rows, words=frozenset({1}))


def compared(findings: Findings) -> list[str]:
    """What is compared, where, over how long: the lines below the title."""
    scenario = findings.scenario
    volume = findings.main.programme.economics.referrals_per_year.value
    old, *options = (
        f"{pathway_title(scenario, name)} ({name})"
        for name in (scenario.comparator, *findings.options)
    )
    sites = "; ".join(site_title(scenario, name) for name in sorted(scenario.sites))
    return [
        f"Compared: {old} with {' or '.join(options)}.",
        f"{sites[:1].upper()}{sites[1:]}: {volume:,.1f} referrals a year. "
        f"{counted(scenario.years, 'year')}, {scenario.price_year} prices.",
    ]
