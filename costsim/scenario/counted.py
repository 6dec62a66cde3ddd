"""Shares that were counted: how many cases were seen to go each of several ways.

Counts of a Dirichlet distribution say at once what the shares are and how unsure they are, so they
must be there for every share of a set, and give the shares that are written.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set

from costsim.scenario.distributions import MOST_CASES
from costsim.scenario.model import refusal
from costsim.units import percent

NEAR_ENOUGH = 0.01  # a share is written in whole percent as often as not
_ROUNDING = 1e-9


def all_cases(shares: Mapping[str, float | None], counts: Mapping[str, float | None]) -> float:
    """The cases of all shares together; a refusal where shares and counts do not fit.

    >>> all_cases({"a": 0.8, "b": 0.2}, {"a": 72, "b": 18})
    90.0
    """
    known = {name: count for name, count in counts.items() if count is not None}
    _refuse_gaps(counts.keys() - known.keys(), known)
    total = math.fsum(known.values())
    if total > MOST_CASES:
        rule = f"all cases of these shares together are {total:,.9g}, more than {MOST_CASES:,}"
        raise refusal("CS307", f"{rule}|Divide each of them by the same number")
    for name in sorted(known):
        if abs((shares[name] or 0.0) - known[name] / total) > NEAR_ENOUGH + _ROUNDING:
            raise refusal("CS452", _contradiction(name, known, shares[name] or 0.0))
    return total


def _refuse_gaps(without: Set[str], counts: Mapping[str, float]) -> None:
    if without:
        rule = f"some of these shares have a dirichlet, but {', '.join(sorted(without))} has none"
        hint = "Give every share of the set its own cases (no rest), or none"
        raise refusal("CS451", f"{rule}|{hint}")
    if len(counts) < 2:
        rule = "a dirichlet is of two shares or more, but there is one"
        raise refusal("CS451", f"{rule}|Take the dirichlet out")


def _contradiction(name: str, counts: Mapping[str, float], written: float) -> str:
    total = math.fsum(counts.values())
    given = {each: percent(counts[each] / total) for each in sorted(counts)}
    found = " and ".join(f"{each} {share}" for each, share in given.items())
    return (
        f"{name} is {percent(written)}, but {counts[name]:g} of {total:g} cases are {given[name]}"
        f"|The counts give {found}: write these, or put the counts right"
    )
