"""A share of cases in words, where it may differ by the value of an attribute, need say."""

from __future__ import annotations

from dataclasses import dataclass

from costsim.scenario.quantities import Proportion, Varying
from costsim.units import percent
from costsim.words import listed, plain_name

MOST_VALUES = 3


@dataclass(frozen=True)
class Split:
    """The share of cases that go one way, by value of an attribute.

    >>> Split({"lower": 0.9, "higher": 0.0}).sentence
    '90% of lower and 0% of higher'
    >>> Split({"lower": 0.9, "higher": 0.0}).label, Split({"": 1.0}).label
    (('lower 90%',), ())
    """

    by_value: dict[str, float]

    @classmethod
    def of(cls, declared: Varying[Proportion]) -> Split:
        """A share as a scenario declares it."""
        return cls({value: each.value for value, each in declared.choices().items()})

    @property
    def different(self) -> list[float]:
        """The shares that there are, the lowest first."""
        return sorted(set(self.by_value.values()))

    @property
    def taken(self) -> dict[str, float]:
        """The values of which any go this way, with their shares."""
        return {value: share for value, share in self.by_value.items() if share > 0}

    @property
    def level(self) -> str:
        """The share in words where it is the same whatever the value; nothing where it is not."""
        return percent(self.different[0]) if len(self.different) == 1 else ""

    @property
    def sentence(self) -> str:
        """Every share on one line."""
        each = [f"{percent(share)} of {plain_name(v)}" for v, share in self.by_value.items()]
        return self.level or listed(each)

    @property
    def label(self) -> tuple[str, ...]:
        """The lines beside an arrow; none where all cases go that way."""
        if self.level:
            return (self.level,) * (self.different != [1.0])
        if len(self.by_value) > MOST_VALUES:
            return (f"{percent(self.different[0])} to {percent(self.different[-1])}",)
        return tuple(f"{plain_name(v)} {percent(share)}" for v, share in self.taken.items())
