"""Figures in words: money, years and shares as the screen shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from costsim import units
from costsim.results.estimates import Estimate
from costsim.scenario.merge import ONLY_SITE
from costsim.scenario.schema import Scenario

_MONEY = frozenset({
    "per_case_saving", "annual_saving", "annual_running_cost_change", "one_off_cost",
    "double_running_cost", "total_saving", "net_benefit", "net_present_value",
})  # fmt: skip
_NAMES = {
    "per_case_saving": "saving per case",
    "annual_saving": "saving a year",
    "one_off_cost": "one-off cost",
    "total_saving": "saving over the horizon",
    "net_benefit": "net benefit",
    "net_present_value": "net present value",
    "payback_years": "payback, years",
    "days_sooner": "decision sooner, working days",
    "referrals_per_year": "referrals a year",
}


def figure_name(name: str) -> str:
    """A published name in words.

    >>> figure_name("per_case_saving"), figure_name("fte_released")
    ('saving per case', 'fte released')
    """
    return _NAMES.get(name, name.replace("_", " "))


def figure(name: str, value: float | None) -> str:
    """A figure as its kind is written: pounds and pence up to £1,000, whole pounds above.

    >>> figure("per_case_saving", 97.883), figure("net_benefit", 16507.74)
    ('£97.88', '£16,508')
    >>> figure("payback_years", None)
    'never'
    """
    if value is None:
        return "never" if name.endswith("payback_years") else "none"
    if name in _MONEY:
        return money(value)
    return f"{value:,.2f}"


def money(value: float | None) -> str:
    """Pounds, with pence below £1,000."""
    if value is None:
        return "none"
    return units.money(value, pence=abs(value) < 1000)


def posts(number: float) -> str:
    """Full-time posts, which may be a part of one.

    >>> posts(0.18), posts(2.44)
    ('0.18 of a full-time post', '2.44 full-time posts')
    """
    return f"{number:.2f} of a full-time post" if number < 1 else f"{number:.2f} full-time posts"


def number(value: float | None, digits: int = 2) -> str:
    """A plain number, or none."""
    return "none" if value is None else f"{value:,.{digits}f}"


def percentage(value: float | None) -> str:
    """A share with one decimal; empty where there is none."""
    return "" if value is None else f"{value:.1%}"


def listed(words: Iterable[str], most: int | None = None) -> str:
    """Words as a list within a sentence, the last ones counted where there are too many.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c"], most=2)
    ('a, b and c', 'a, b and 1 more')
    """
    every = list(words)
    kept = every[:most]
    more = len(every) - len(kept)
    kept += [f"{more:,} more"] * (more > 0)
    return " and ".join([", ".join(kept[:-1])] * (len(kept) > 1) + kept[-1:])


def plain_name(name: str) -> str:
    """A name without underscores.

    >>> plain_name("social_worker")
    'social worker'
    """
    return name.replace("_", " ")


def transposed(columns: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, ...]]:
    """Lines from columns that have the same names: the name, then each column's value.

    >>> list(transposed([{"cost": "£5"}, {"cost": "£7"}]))
    [('cost', '£5', '£7')]
    """
    for name in columns[0]:
        yield name, *(column[name] for column in columns)


def years(value: float | None) -> str:
    """A payback in years.

    >>> years(1.9417), years(None)
    ('1.94', 'never')
    """
    return "never" if value is None else f"{value:.2f}"


def between(estimate: Estimate) -> str:
    """The 95 % interval of an amount of money in words, or nothing where there is none."""
    return " to ".join(money(end) for end in estimate.interval or ())


def pathway_title(scenario: Scenario, name: str) -> str:
    """A pathway's title, site by site where they differ."""
    titles = {
        site: scenario.sites[site].pathways[name].title or name for site in sorted(scenario.sites)
    }
    if len(set(titles.values())) == 1:
        return titles.popitem()[1]
    return "; ".join(f"{title} ({site_title(scenario, site)})" for site, title in titles.items())


def sites_named(scenario: Scenario) -> str:
    """The titles of all sites and a colon; nothing for a scenario of one nameless site."""
    named = [name for name in sorted(scenario.sites) if name != ONLY_SITE]
    return "; ".join(site_title(scenario, name) for name in named) + (": " if named else "")


def in_words(message: str) -> str:
    """A message about a site, with the words of the table for one that has no name.

    >>> in_words("site, old: worker is asked for 120% of their time")
    'this site, old: worker is asked for 120% of their time'
    """
    return re.sub(rf"^{ONLY_SITE}(?=[,:])", "this site", message)


def site_title(scenario: Scenario, name: str) -> str:
    """A site's title, or its name."""
    untitled = "this site" if name == ONLY_SITE else plain_name(name)
    return scenario.sites[name].title or untitled
