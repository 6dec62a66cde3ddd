"""Cash or capacity, on the screen: from the staff time saved to what a budget can be cut by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain
from operator import attrgetter

from costsim.comparison import OptionResult, cash_of
from costsim.economics.cashability import CashRow
from costsim.report.screen import Screen
from costsim.scenario.schema import Scenario
from costsim.units import counted
from costsim.words import money, posts

STEPS = {
    "Staff time saved": "staff_time",
    "less hours that make no whole post": "part_posts",
    "less whole posts that nobody leaves": "not_vacated",
    "less posts that are filled again": "filled_again",
    "Cash": "cash",
}


def show(screen: Screen, scenario: Scenario, result: OptionResult) -> None:
    """The steps, of all sites and roles together, and what follows from them."""
    rows = list(chain.from_iterable(cash_of(scenario, result).values()))
    screen.heading(f"Cash or capacity, over {counted(scenario.years, 'year')}")
    steps = [(title, money(_sum(rows, name))) for title, name in STEPS.items()]
    screen.table(("", "All sites" if len(scenario.sites) > 1 else "this site"), steps)
    screen.say(verdict(scenario, rows))


def _sum(rows: Sequence[CashRow], name: str) -> float:
    return math.fsum(map(attrgetter(name), rows))


def verdict(scenario: Scenario, rows: Sequence[CashRow]) -> str:
    """What the staff time comes to by the last year, in words."""
    last = [row for row in rows if row.year == scenario.years]
    time = f"{posts(_sum(last, 'posts'))} in the last year"
    if len(scenario.sites) > 1:
        time += f", over {counted(len(scenario.sites), 'site')}"
    whole = sum(max(0, row.whole_posts) for row in last)
    gone = sum(max(0, row.posts_gone) for row in last)
    if whole == 0:
        return f"This is capacity for other work, not cash: {time}, and no whole post of any role."
    if gone == 0:
        return (
            f"This is capacity for other work, not cash: {time}, and {counted(whole, 'whole post')}"
            ", but nobody is known to leave one. Give `posts` of a role to say how they go."
        )
    return (
        f"By the last year {gone:,} of {counted(whole, 'whole post')} can go, because somebody has "
        "left by then. All other time is capacity for other work."
    )
