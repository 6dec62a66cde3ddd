"""What is pictured, as pictures see it: analyses that are done, by what is drawn of them.

The analyses themselves know their pictures; pictures know of them no more than stands here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from costsim.scenario.inputs import Input
from costsim.scenario.schema import Scenario
from costsim.uncertainty.spread import Probability, Spread

Floats = NDArray[np.float64]


class Draws(Protocol):
    """Draws of the inputs."""

    def __len__(self) -> int: ...

    @property
    def good(self) -> NDArray[np.bool_]:
        """Which draws could be evaluated."""

    def outcome(self, name: str, option: str) -> Floats:
        """An outcome of each draw."""


class Drawn(Protocol):
    """A probabilistic analysis."""

    @property
    def draws(self) -> Draws:
        """The draws with their outcomes."""

    @property
    def scenario(self) -> Scenario:
        """The scenario whose inputs vary."""

    @property
    def option(self) -> str:
        """The main option."""

    @property
    def names(self) -> tuple[str, ...]:
        """The pathways, the comparator first."""

    @property
    def seed(self) -> int:
        """The seed of the draws."""

    def spread_of(self, name: str, option: str | None = None) -> Spread:
        """One outcome by its published name."""

    def pays(self, option: str | None = None) -> Probability:
        """How probable it is that the net benefit is above nothing."""

    def plane(self, effect: str) -> tuple[Floats, Floats]:
        """Incremental cost (£) and effect of a case, (draws, pathways)."""


class Prices(Protocol):
    """Which pathway is best at each price of an effect."""

    @property
    def effect(self) -> str:
        """The name of the effect."""

    @property
    def names(self) -> tuple[str, ...]:
        """The pathways."""

    @property
    def prices(self) -> Floats:
        """Pounds for one unit of the effect."""

    @property
    def probability(self) -> Floats:
        """How probably each is best: (prices, pathways)."""

    @property
    def best(self) -> NDArray[np.int64]:
        """The number of the one to choose at each price."""

    @property
    def frontier(self) -> Floats:
        """How probably that one is best."""

    @property
    def evpi(self) -> Floats:
        """Pounds that it would be worth to know which is best."""


class Moved(Protocol):
    """What one input does to an outcome at both ends of its range."""

    @property
    def input(self) -> Input:
        """The input."""

    @property
    def ends(self) -> tuple[float, float]:
        """The outcome at its 10 % and at its 90 % quantile."""

    @property
    def size(self) -> float:
        """How far the outcome moves."""

    @property
    def low_shown(self) -> str:
        """The 10 % quantile as people write it."""

    @property
    def high_shown(self) -> str:
        """The 90 % quantile as people write it."""


class OneByOne(Protocol):
    """Inputs moved one at a time."""

    @property
    def scenario(self) -> Scenario:
        """The scenario whose inputs were moved."""

    @property
    def outcome(self) -> str:
        """The published name of what moves."""

    @property
    def value(self) -> float:
        """The outcome as the scenario stands."""

    @property
    def swings(self) -> Sequence[Moved]:
        """Every input, the largest swing first."""


class TwoTogether(Protocol):
    """The net benefit (£) over a grid of two inputs, and where it breaks even."""

    @property
    def first(self) -> Input:
        """The input across."""

    @property
    def second(self) -> Input:
        """The input up."""

    @property
    def first_values(self) -> Floats:
        """What the first one was given."""

    @property
    def second_values(self) -> Floats:
        """What the second one was given."""

    @property
    def outcome(self) -> Floats:
        """Pounds: (values of the first, of the second)."""

    @property
    def contour(self) -> tuple[tuple[float, float], ...]:
        """Where it breaks even, as (first, second)."""

    @property
    def paying(self) -> float:
        """The share of the grid in which it pays."""

    def summary(self) -> str:
        """What the grid says, in a paragraph."""
