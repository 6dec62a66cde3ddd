"""What all figures of a report say about themselves: sites, price year, source, pathways."""

from __future__ import annotations

import math

from costsim.drawing.marks import MOST_SERIES
from costsim.drawing.text import shown
from costsim.findings import Findings
from costsim.results.estimates import Estimate
from costsim.scenario.merge import ONLY_SITE
from costsim.units import counted
from costsim.words import pathway_title, plain_name, site_title


def stem(*parts: str) -> str:
    """A file stem out of names.

    >>> stem("pathway", "new_york")
    'pathway-new-york'
    """
    return "-".join(part.replace("_", "-") for part in parts)


def series(findings: Findings) -> list[str]:
    """The worlds that are shown beside each other: the comparator's, then options', main first."""
    return [findings.comparator, *findings.options][:MOST_SERIES]


def left_out(findings: Findings) -> str:
    """What is said of options that there is no room for; nothing where all are shown."""
    missing = list(findings.options)[MOST_SERIES - 1 :]
    return f" Not shown: {', '.join(map(plain_name, missing))}." if missing else ""


def called(findings: Findings, pathway: str) -> str:
    """A pathway's title; its name where each site has a title of its own."""
    titles = {each.pathways[pathway].title for each in findings.scenario.sites.values()}
    title = pathway_title(findings.scenario, pathway)
    return shown(title) if len(titles) == 1 else f"{plain_name(pathway)} pathway (each site's own)"


def new_way(findings: Findings, option: str) -> str:
    """What an option is called in a sentence: its title where there are others."""
    return f"“{called(findings, option)}”" if len(findings.options) > 1 else "the new way"


def minutes_a_day(findings: Findings) -> float:
    """Minutes of a working day."""
    return findings.scenario.calendar.hours_per_day.value * 60


def weights(findings: Findings) -> dict[str, float]:
    """Referrals a year of each site."""
    sites = findings.main.sites
    return {name: each.economics.referrals_per_year.number for name, each in sites.items()}


def averaged(amounts: dict[str, float], over: dict[str, float]) -> float:
    """The average of sites' amounts, weighted; nothing where nobody weighs."""
    total = math.fsum(over[name] for name in amounts)
    return math.fsum(over[n] * each for n, each in amounts.items()) / total if total else 0.0


def sites_of(findings: Findings, names: tuple[str, ...] = ()) -> str:
    """The sites in words, or nothing for a scenario of one nameless site."""
    every = names or tuple(sorted(findings.scenario.sites))
    return ", ".join(shown(site_title(findings.scenario, n)) for n in every if n != ONLY_SITE)


def subtitle(findings: Findings, measure: str, names: tuple[str, ...] = ()) -> str:
    """Measure, price year and sites."""
    parts = [measure, f"{findings.scenario.price_year} prices", sites_of(findings, names)]
    return "; ".join(filter(None, parts)) + "."


def source(findings: Findings, *, kept: int | None = None) -> str:
    """Where the numbers come from: the model, its replications and the scenario."""
    made = findings.summary
    count = counted(int(made["replications"]), "replication")
    if kept is not None and kept < made["replications"]:
        count = f"the first {kept:,} of {count}"
    version, seed = made["versions"]["costsim"], made["seed"]
    file = shown(made["scenario"]["file"])
    return f"Source: costsim {version}, {count}, seed {seed}; the inputs of {file}."


def ends_of(estimate: Estimate) -> tuple[float, ...]:
    """Both ends of an interval, or neither."""
    return estimate.interval or ()


def interval_words(estimate: Estimate, write: str = "£{:,.0f}") -> str:
    """A 95 % interval in words with a comma before it; nothing where it has no width."""
    ends = list(map(write.format, ends_of(estimate)))
    return f", 95% interval {' to '.join(ends)}" if len(set(ends)) > 1 else ""
