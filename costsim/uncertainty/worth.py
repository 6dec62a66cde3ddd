"""What it would be worth to know more about the inputs of a scenario before deciding.

The decision is one for the whole programme over its horizon: the net benefit of each option, and 0
for staying with the comparator. What knowing more is worth of it is shared out to a year and a case
for comparison with prices of studies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from costsim.scenario.distributions import Distribution
from costsim.scenario.inputs import part_at
from costsim.scenario.model import nearest
from costsim.uncertainty.information.evppi import PartialInformation, partial_information
from costsim.uncertainty.information.evsi import SampleValue, Study, evsi, evsi_share
from costsim.uncertainty.information.population import Scope
from costsim.uncertainty.information.table import ADVISED_ROWS, SampleTable, few_draws
from costsim.uncertainty.probabilistic import Probabilistic
from costsim.words import money

if TYPE_CHECKING:
    import pandas as pd

    from costsim.drawing.figure import Figure

Floats = NDArray[np.float64]
NOTHING = "doing nothing"
SIZES = (5, 10, 20, 40, 80, 160)


@dataclass(frozen=True)
class Information:
    """The value of information: of all inputs, of each and of groups, and of proposed studies (£).

    `scope` says how many cases the decision is about; None where nobody says.
    """

    partial: PartialInformation
    scope: Scope | None
    studies: tuple[SampleValue, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def evpi(self) -> float:
        """What it would be worth to know everything, in pounds of the whole decision."""
        return self.partial.perfect.value

    def to_frame(self) -> pd.DataFrame:
        """A row for each factor: its EVPPI over the horizon, and a year and a case of it."""
        frame = self.partial.to_frame()
        if self.scope is not None:
            frame["evppi_per_year"] = frame["evppi"] / self.scope.years
            frame["evppi_per_case"] = frame["evppi"] / self.scope.cases
        return frame

    def summary(self) -> str:
        """What knowing more is worth, in a paragraph."""
        return " ".join([
            self.partial.summary(), *self._shared_out(), *(each.summary() for each in self.studies),
            *self.notes,
        ])  # fmt: skip

    def _shared_out(self) -> list[str]:
        if self.scope is None or not self.evpi:
            return []
        a_year, a_case = self.evpi / self.scope.years, self.evpi / self.scope.cases
        return [
            f"The decision is that of the whole programme over {self.scope.years} years: "
            f"{money(self.evpi)} is {money(a_year)} a year, or {money(a_case)} a case."
        ]

    def plot(self) -> Figure:
        """Bars of all factors, the most valuable first."""
        return self.partial.plot()


def value_of_information(
    found: Probabilistic, *, groups: Mapping[str, Sequence[str]] | None = None, seed: int = 0
) -> Information:
    """The value of information of a probabilistic analysis, of each input and of some groups.

    A group lists names of inputs, which may hold * for anything: `sites.bromley.*`. Raises
    ValueError for a pattern that no uncertain input has.

    >>> from costsim.scenario.loader import load
    >>> from costsim.uncertainty.probabilistic import probabilistic
    >>> worth = value_of_information(probabilistic(load("scenarios/starter.yaml"), draws=500))
    >>> worth.evpi >= max(each.value for each in worth.partial.factors)
    True
    """
    draws = found.draws
    asked = {name: matching(each, draws.parameters.names) for name, each in (groups or {}).items()}
    partial = partial_information(
        found.net_benefits,
        draws.values[: len(draws)][draws.good],
        draws.parameters.names,
        groups={**draws.parameters.together, **asked},
        options=found.names,
        noise_variance=draws.blur("net_benefit", found.option),
        seed=seed,
    )
    volume = found.spread_of("referrals_per_year").value
    many = int(draws.good.sum())
    notes = (f"There are {few_draws(many)}",) if many < ADVISED_ROWS else ()
    return Information(partial, Scope(volume, found.scenario.years), notes=notes)


def of_table(
    table: SampleTable, *, groups: Mapping[str, Sequence[str]] | None = None, seed: int = 0
) -> Information:
    """The value of information of anybody's own table of draws."""
    asked = {name: matching(each, table.names) for name, each in (groups or {}).items()}
    worths, options = table.net_benefits, table.options
    if len(options) == 1:
        worths, options = np.pad(worths, ((0, 0), (1, 0))), (NOTHING, *options)
    partial = partial_information(
        worths, table.inputs, table.names, groups=asked, options=options, seed=seed
    )
    return Information(partial, None, notes=table.warnings)


def matching(patterns: Iterable[str], names: Sequence[str]) -> list[str]:
    """The names that any of some patterns matches, in their order; each must match one.

    >>> matching(["a.*"], ["a.x", "b.x", "a.y"])
    ['a.x', 'a.y']
    """
    patterns = list(patterns)
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise ValueError(f"no uncertain input is called {pattern!r}. {nearest(pattern, names)}")
    return [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]


def proposed(
    found: Probabilistic,
    name: str,
    *,
    sizes: Sequence[int] = SIZES,
    spread: float | None = None,
    fixed_cost: float = 0.0,
    cost_each: float = 0.0,
    seed: int = 0,
) -> SampleValue:
    """What a study of one input would be worth: so many cases observed, their mean then known.

    `spread` is the sd from case to case in the input's unit. Where the input is the mean of a time
    that varies, the scenario says it; a share needs none, as cases are counted. Raises ValueError
    where it is needed and not given.
    """
    number = found.draws.parameters.number(name)
    study = Study(name, fixed_cost, cost_each)
    good = found.draws.good
    values = found.draws.values[:, number][good]
    gain = found.draws.outcome("net_benefit", found.option)[good]
    each = found.draws.parameters.each[number].input
    if spread is None and each.unit == "%":
        return evsi_share(gain, values, sizes, seed, study=study)
    sd = spread if spread is not None else _spread_of(found, number)
    return evsi(gain, values, sd, sizes, seed, study=study)


def _spread_of(found: Probabilistic, number: int) -> float:
    """How much the cases vary of which an input is the mean."""
    each = found.draws.parameters.each[number].input
    where = each.where[0]
    part = part_at(found.scenario, where[:-2]) if where[-1] == "mean" else None
    if not isinstance(part, Distribution):
        raise ValueError(
            f"the scenario does not say how {each.name} varies from case to case; give the spread "
            "(a standard deviation) of what one observation would show"
        )
    return part.family().sd


def with_studies(worth: Information, studies: Iterable[SampleValue]) -> Information:
    """The same with proposed studies beside it."""
    return replace(worth, studies=tuple(studies))
