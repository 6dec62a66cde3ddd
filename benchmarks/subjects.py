"""What is simulated: the shipped scenarios, and some of the benchmarks' own."""

from __future__ import annotations

from pathlib import Path

from benchmarks.timing import ROOT
from costsim import Scenario, load
from costsim.pathway.compile import compile_site
from costsim.pathway.plan import Plan

OWN = Path(__file__).parent / "scenarios"
SHIPPED = ROOT / "scenarios"
STUDY = SHIPPED / "coram-2017.yaml"


def scenario(name: str) -> Scenario:
    """A scenario by the name of its file, of the benchmarks' own or shipped."""
    own = OWN / f"{name}.yaml"
    return load(own if own.exists() else SHIPPED / own.name)


def plans_of(name: str) -> list[Plan]:
    """The plans of a scenario's sites."""
    loaded = scenario(name)
    return [compile_site(loaded, site) for site in sorted(loaded.sites)]


def plan_of(name: str) -> Plan:
    """The plan of a scenario's first site."""
    return plans_of(name)[0]
