"""What comes of scenario discovery: the box, how good it is, and how that was checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from costsim.uncertainty.discovery.box import Box, Count, Draws

Verdict = Literal[
    "box", "nothing_fails", "everything_fails", "too_few_fail", "too_few_succeed", "chance"
]
Shows = Mapping[str, Callable[[float], str]]
"""How the values of inputs are written, by the inputs' names."""


@dataclass(frozen=True)
class Restriction:
    """The limits of one input: from `low` to `high`, infinite where there is none.

    `quasi_p` says how likely so many failures are in the box if these limits did nothing. It comes
    from the draws in which they were sought, and so is too small. `without` is what the box would
    hold of all draws without them.
    """

    name: str
    low: float
    high: float
    quasi_p: float
    without: Count


@dataclass(frozen=True)
class Step:
    """A box met on the way, by what it holds of the draws in which it was sought."""

    count: Count
    inputs: tuple[str, ...]
    chosen: bool


@dataclass(frozen=True)
class Check:
    """What the box holds of draws kept aside, and how likely that is for a box that means nothing.

    `p` is the probability that as many draws, taken blindly from those kept aside, have at least as
    many failures (hypergeometric).
    """

    count: Count
    p: float


@dataclass(frozen=True, eq=False)
class Outcome:
    """When the case fails.

    The verdict is `box` where limits were found that also hold in the draws kept aside. Otherwise
    there are no restrictions, and it says why: nothing or everything fails, too few draws fail or
    succeed, or no limits do better than `chance`. `restrictions` are in order of how much denser
    failures get by each, the most first. `count` is of all draws. `check` is of the quarter in
    which the box was not sought; it is none where no box came so far.
    """

    names: tuple[str, ...]
    verdict: Verdict
    count: Count
    restrictions: tuple[Restriction, ...] = ()
    check: Check | None = None
    trajectory: tuple[Step, ...] = field(default=(), repr=False)
    draws: Draws = field(kw_only=True, repr=False)

    @property
    def rate(self) -> float:
        """The share of all draws that fail."""
        return self.count.failures / self.count.draws

    @property
    def density(self) -> float:
        """The share of draws in the box that fail."""
        return self.count.density

    @property
    def coverage(self) -> float:
        """The share of all failures that are in the box; not a number where nothing fails."""
        return self.count.coverage

    @property
    def mass(self) -> float:
        """The share of all draws that are in the box."""
        return self.count.mass

    @property
    def box(self) -> Box:
        """The limits of all inputs; infinite for all but the restrictions."""
        found = Box.everything(len(self.names))
        for each in self.restrictions:
            found = found.limited(self.names.index(each.name), low=each.low, high=each.high)
        return found
