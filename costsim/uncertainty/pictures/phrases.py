"""What pictures of analyses say alike: what they were drawn from, and names as people read them."""

from __future__ import annotations

from costsim.drawing.text import shown
from costsim.scenario.merge import ONLY_SITE
from costsim.scenario.schema import Scenario
from costsim.uncertainty.discovery.telling import share
from costsim.units import counted
from costsim.words import plain_name, site_title

_NEEDLESS = frozenset({"sites", "pathways", "activities", "by_need"})


def source(scenario: Scenario, *parts: str) -> str:
    """Where the numbers come from: the model, how much of it, and the scenario's file."""
    return f"Source: {', '.join(['costsim', *parts])}; the inputs of {shown(scenario.origin.file)}."


def subtitle(scenario: Scenario, *parts: str) -> str:
    """What is measured, in which prices, and where."""
    sites = (name for name in sorted(scenario.sites) if name != ONLY_SITE)
    where = ", ".join(shown(site_title(scenario, name)) for name in sites)
    return "; ".join(filter(None, (*parts, f"{scenario.price_year} prices", where))) + "."


def horizon(scenario: Scenario) -> str:
    """The years that are appraised."""
    return counted(scenario.years, "year")


def of_draws(value: float) -> str:
    """A share of the draws.

    >>> of_draws(0.962), of_draws(0.9999)
    ('96% of draws', 'more than 99% of draws')
    """
    return f"{share(value)} of draws"


def subject(scenario: Scenario, option: str) -> str:
    """What an option is called where a sentence begins: by its name where there are others."""
    return f"“{plain_name(option)}”" if len(scenario.options) > 1 else "The new way"


def path(name: str) -> str:
    """An input's name as a way through the scenario that can be broken into lines.

    Steps that only say where in the file it stands are left out.

    >>> path("sites.city_of_york.referrals.per_year")
    'city of york > referrals > per year'
    """
    steps = [step for step in name.split(".") if step not in _NEEDLESS]
    return " > ".join(map(plain_name, steps))


def stem(*parts: str) -> str:
    """A file stem out of names.

    >>> stem("plane", "decision_days")
    'plane-decision-days'
    """
    return "-".join(part.replace("_", "-") for part in parts)
