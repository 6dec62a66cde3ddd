"""Hourly costs that are built up from a year's pay, set out line by line, as an auditor would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from costsim.report.screen import Screen
from costsim.scenario.schema import Scenario, Site
from costsim.units import show
from costsim.words import money, plain_name, site_title


@dataclass(frozen=True)
class BuildUp:
    """One role's hourly cost: what it is for, and its lines as name and amount in words."""

    role: str
    lines: tuple[tuple[str, str], ...]


def build_ups(scenario: Scenario) -> list[BuildUp]:
    """Every hourly cost that is built up from parts, once for all sites that share it."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for name, site in sorted(scenario.sites.items()):
        for role, lines in _of_site(site):
            found.setdefault((role, lines), []).append(site_title(scenario, name))
    everywhere = len(scenario.sites)
    return [
        BuildUp(role if len(sites) == everywhere else f"{role}, {'; '.join(sites)}", lines)
        for (role, lines), sites in found.items()
    ]


def _of_site(site: Site) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    for name, role in sorted(site.staff.items()):
        pay = role.pay
        if pay is None:
            continue
        year = sum(amount for _, amount in pay.build_up())
        lines = [(line, money(amount)) for line, amount in pay.build_up()]
        lines += [("cost of a year", money(year)), ("hours worked", f"{pay.hours.value / 60:,.4g}")]
        if pay.area_factor.value != 1:
            lines.append(("factor of the area", f"{pay.area_factor.value:g}"))
        if pay.client_related is not None:
            lines.append(("share that is direct work", show(pay.client_related.value, "%")))
        hour = "an hour of direct work" if pay.client_related else "an hour of paid time"
        yield role.title or plain_name(name), (*lines, (hour, money(role.rate)))


def show_build_ups(screen: Screen, scenario: Scenario) -> None:
    """Print them; nothing where no cost is built up."""
    for each in build_ups(scenario):
        screen.heading(f"What an hour costs: {each.role}, {scenario.price_year} prices")
        screen.table(("A year", ""), list(each.lines))
