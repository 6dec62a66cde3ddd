"""What the value of information is asked of: inputs in groups, and studies that are proposed.

The draws come from a scenario, or from anybody's own table. What is asked for is checked against
their inputs before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from costsim import units
from costsim.scenario.inputs import Input
from costsim.scenario.model import nearest
from costsim.scenario.schema import Scenario
from costsim.uncertainty.information.decision import Decision
from costsim.uncertainty.information.evsi import SampleValue, Study, evsi, evsi_share
from costsim.uncertainty.information.table import SampleTable
from costsim.uncertainty.parameters import Parameters
from costsim.uncertainty.probabilistic import Probabilistic
from costsim.uncertainty.worth import (
    SIZES,
    Information,
    matching,
    of_table,
    proposed,
    value_of_information,
    with_studies,
)


@dataclass(frozen=True)
class Question:
    """Groups of inputs (names, which may hold * for anything), and studies of inputs.

    A study observes so many cases, of each of `sizes`; it costs `fixed` pounds and `each` pounds a
    case. `spreads` are the sd from case to case as people write it: one for all studies, or one for
    each in turn.
    """

    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    studies: tuple[str, ...] = ()
    sizes: tuple[int, ...] = SIZES
    spreads: tuple[str, ...] = ()
    fixed: float = 0.0
    each: float = 0.0

    def check(self, scenario: Scenario) -> None:
        """Raises ValueError for what is asked of inputs that the scenario does not have."""
        parameters = Parameters.of(scenario)
        self._check(parameters.names)
        for name, text in self._with_spreads():
            _spread(parameters.each[parameters.number(name)].input, text)

    def _check(self, names: Sequence[str]) -> None:
        self._check_names(names)
        self._check_figures()

    def _check_names(self, names: Sequence[str]) -> None:
        for patterns in self.groups.values():
            matching(patterns, names)
        for name in self.studies:
            if name not in names:
                raise ValueError(f"{name!r} is not an uncertain input. {nearest(name, names)}")

    def _check_figures(self) -> None:
        if not self.studies and (self.spreads or self.fixed or self.each):
            raise ValueError(
                "--spread, --fixed and --each say what a study is like: name its input with --study"
            )
        if len(self.spreads) > 1 and len(self.spreads) != len(self.studies):
            raise ValueError(
                f"There are {len(self.spreads)} spreads, but {len(self.studies)} inputs to study: "
                "give one spread for all, or one for each in turn"
            )

    def _with_spreads(self) -> Iterator[tuple[str, str | None]]:
        """Each study's input, and its spread as it was written."""
        every = self.spreads * len(self.studies) if len(self.spreads) == 1 else self.spreads
        yield from zip(self.studies, every or (None,) * len(self.studies), strict=True)

    def of_draws(self, found: Probabilistic, seed: int) -> Information:
        """The answer from draws of a scenario; ValueError where a study needs a spread."""
        parameters = found.draws.parameters
        worth = value_of_information(found, groups=self.groups, seed=seed)
        return with_studies(
            worth,
            [
                proposed(
                    found,
                    name,
                    sizes=self.sizes,
                    spread=_spread(parameters.each[parameters.number(name)].input, text),
                    fixed_cost=self.fixed,
                    cost_each=self.each,
                    seed=seed,
                )
                for name, text in self._with_spreads()
            ],
        )

    def of_samples(self, table: SampleTable, seed: int) -> Information:
        """The answer from anybody's table; ValueError for an input that it does not have.

        An input whose values all lie from 0 to 1, and for which no spread is given, is a share.
        """
        self._check(table.names)
        worth = of_table(table, groups=self.groups, seed=seed)
        return with_studies(
            worth, [self._studied(table, name, text, seed) for name, text in self._with_spreads()]
        )

    def _studied(self, table: SampleTable, name: str, text: str | None, seed: int) -> SampleValue:
        values = table.inputs[:, table.names.index(name)]
        study = Study(name, self.fixed, self.each)
        worths = Decision.of(table.net_benefits).net_benefits
        if worths.shape[1] > 2:
            raise ValueError("a study is valued for two options only, and the table has more")
        gain = worths[:, 1] - worths[:, 0]
        if text is not None:
            spread = units.number(text, "a spread", "2.5")
            return evsi(gain, values, spread, self.sizes, seed, study=study)
        if not bool(np.all((values >= 0) & (values <= 1))):
            raise ValueError(
                f"the table does not say how {name} varies from case to case; give the spread (a "
                "standard deviation) of what one observation would show"
            )
        return evsi_share(gain, values, self.sizes, seed, study=study)


def _spread(each: Input, text: str | None) -> float | None:
    """A spread in the input's own unit; ValueError with what is wrong about it."""
    if text is None:
        return None
    readers: dict[str, Callable[[str], float]] = {
        "min": lambda written: units.minutes(written, each.minutes_per_day),
        "£": units.pounds,
        "%": units.share,
        "years": units.years,
    }
    try:
        return readers.get(each.unit, units.number)(text)
    except ValueError as error:
        rule, _, advice = str(error).partition("|")
        raise ValueError(f"The spread of {each.name}: {rule}. {advice}") from error
