"""The assumptions log: every input of a scenario, its value, its source, and how unsure it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from costsim.economics.unused import unused
from costsim.report.rates import show_build_ups
from costsim.report.screen import Screen
from costsim.scenario.fits import poor_fits
from costsim.scenario.inputs import Input, inputs
from costsim.scenario.schema import Scenario
from costsim.units import counted


def show_log(screen: Screen, scenario: Scenario) -> None:
    """Print the log."""
    found = inputs(scenario)
    assumed = sum(each.assumed for each in found)
    silent = sum(each.provenance == "no source given" for each in found)
    screen.say(f"{scenario.origin.file}: no problems. {scenario.title}", style="bold")
    screen.heading(f"Assumptions log: {counted(len(found), 'input')}")
    rows = [[e.name, e.shown, e.provenance, e.range_shown, _line(e, scenario)] for e in found]
    screen.table(("Input", "Value", "Source", "10% to 90%", "Line"), rows, wide=(0, 2))
    show_build_ups(screen, scenario)
    _unused(screen, scenario)
    _poor_fits(screen, scenario)
    screen.say("")
    screen.say(
        f"{assumed} assumed, {len(found) - assumed - silent} with a source, {silent} with neither "
        "(write source: or assumed: true beside the value)."
    )


def _unused(screen: Screen, scenario: Scenario) -> None:
    idle = unused(scenario)
    if idle:
        screen.heading("Inputs that change no result")
        for each in idle:
            screen.say(f"{each.name}: {each.shown}", indent=2)


def _poor_fits(screen: Screen, scenario: Scenario) -> None:
    missed = poor_fits(scenario)
    if missed:
        screen.heading("Distributions that miss the figures they were fitted to")
        for each in missed:
            screen.say(f"{each.name}: {each.sentence}", indent=2)


def _line(each: Input, scenario: Scenario) -> str:
    """The line where it is written, with the file's name if it is one that is extended."""
    if each.place is None:
        return ""
    name = Path(each.place.file).name
    return f"{name}:{each.place.line}" if name != scenario.origin.file else f"{each.place.line}"


def as_json(scenario: Scenario) -> dict[str, Any]:
    """The log as plain values, for programs."""
    idle = {each.name for each in unused(scenario)}
    return {
        "schema": "costsim.assumptions/1",
        "title": scenario.title,
        "file": scenario.origin.file,
        "poor_fits": [
            {"name": each.name, "family": each.family, "error": each.fit.error}
            for each in poor_fits(scenario)
        ],
        "inputs": [
            {
                "name": each.name,
                "value": each.value,
                "unit": each.unit,
                "source": each.source,
                "year": each.year,
                "grade": each.grade,
                "note": each.note,
                "assumed": each.assumed,
                "price_year": each.price_year,
                "pounds": each.pounds,
                "used": each.name not in idle,
                "p10_p90": each.p10_p90,
                "file": each.place.file if each.place else None,
                "line": each.place.line if each.place else None,
            }
            for each in inputs(scenario)
        ],
    }
