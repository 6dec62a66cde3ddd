"""All money in one price year, and all staff time on one basis: what must not be mixed.

A number that says its own price year is brought to the scenario's by the GDP deflator, once, when
the scenario is read. An hour of paid time and an hour of direct work cost different amounts for the
same minutes, so a scenario uses one of them throughout.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from costsim.errors import Place, Problem
from costsim.scenario.beside import found_beside
from costsim.scenario.deflators import parsed
from costsim.scenario.inputs import quantities
from costsim.scenario.merge import ONLY_SITE
from costsim.scenario.origin import Where
from costsim.scenario.quantities import Money
from costsim.scenario.schema import Scenario


def uprate(scenario: Scenario) -> Iterator[Problem]:
    """Bring every amount of a fresh scenario to its price year; what stands in the way of it."""
    deflators = scenario.deflators
    for where, quantity in quantities(scenario):
        if isinstance(quantity, Money) and quantity.price_year not in (None, scenario.price_year):
            try:
                quantity.uprate(deflators.factor(str(quantity.price_year), scenario.price_year))
            except ValueError as error:
                message, _, hint = str(error).partition("|")
                place, name = scenario.origin.places.get(where, (None, ""))
                yield Problem("CS436", message, hint, name, place)


def read_deflators(scenario: Scenario, folder: Path) -> None:
    """Read the table of deflators that a scenario names, and keep it with its origin.

    Raises `ValueError` in plain words where it is not there or cannot be read.
    """
    name = scenario.prices.deflators
    if name is None:
        return
    content = found_beside(folder, name).read_bytes()
    scenario.origin.keep(name, content)
    try:
        found = parsed(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise ValueError(f"{name} is not a text file in UTF-8|Save it as CSV UTF-8") from error
    scenario.origin.deflators.append(found)


def mixed_rates(scenario: Scenario) -> list[Problem]:
    """Roles that are costed by the direct hour where others are costed by the paid hour."""
    found: dict[str, list[Where]] = {"paid_hour": [], "direct_hour": []}
    for site, each in sorted(scenario.sites.items()):
        for name, role in sorted(each.staff.items()):
            found[role.per].append(("sites", site, "staff", name))
    if not all(found.values()):
        return []
    paid = ".".join(map(str, found["paid_hour"][0]))
    rule = f"an hour of direct work is costed here, but of paid time in {_short(paid)}"
    hint = "Use one of them for every role: minutes of both are not the same minutes"
    return [
        Problem("CS446", rule, hint, _short(".".join(map(str, where))), _place(scenario, where))
        for where in found["direct_hour"]
    ]


def _short(path: str) -> str:
    return path.removeprefix(f"sites.{ONLY_SITE}.")


def _place(scenario: Scenario, where: Where) -> Place | None:
    """Where a part of the scenario is written: that of its first number."""
    inside = [p for path, (p, _) in scenario.origin.places.items() if path[: len(where)] == where]
    return min(inside, default=None)
