"""How many draws, and how many replications of each: where the next second is best spent.

More draws narrow the error of sampling, more replications of each narrow that of chance. The
variance of a mean is (between + within / replications) / draws, and a draw takes as long as its
preparation and its replications; it is least where replications are
sqrt(within / between x preparation / replication) (Cochran 1977, section 10.6; O'Hagan, Stevenson
and Madan 2007). A few draws are tried first to learn both variances. Times that are assumed, not
measured, decide, so that every machine comes to the same numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from costsim.pathway.compile import compile_site
from costsim.pathway.expectation import cases_in
from costsim.uncertainty.parameters import Parameters
from costsim.uncertainty.response import Luckily, simulated_of

Floats = NDArray[np.float64]
PILOT_DRAWS, PILOT_REPLICATIONS = 24, 4
PREPARATION, PER_CASE = 2e-2, 1e-6
"""Seconds that a draw takes before anything is simulated, and those of a simulated case."""
MOST_REPLICATIONS, TIMED_DRAWS = 1_000, 100
SURE_OF = 0.1  # so few trials cannot tell less than this share of their variance from nothing


@dataclass(frozen=True)
class Allocation:
    """So many draws are simulated, each so often; what the trial showed of the outcome `name`.

    `between` is the variance between draws, `within` that of one replication of a draw. `one_run`
    if nothing is simulated but one run, which is priced again for every draw; there is no trial.
    """

    draws: int
    replications: int
    name: str
    between: float = 0.0
    within: float = 0.0
    one_run: bool = False

    @property
    def noise_ratio(self) -> float:
        """The variance of one replication over that between draws; infinite where none is seen."""
        return self.within / self.between if self.between > 0 else math.inf


def best_replications(within: float, between: float, preparation: float, each: float) -> int:
    """How often to simulate each draw; two at the least, or its error would not be known.

    `preparation` and `each` are the seconds of a draw and of one replication.

    >>> best_replications(within=400.0, between=100.0, preparation=0.02, each=0.001)
    9
    """
    if between <= 0:
        return MOST_REPLICATIONS if within > 0 else 2
    wanted = math.sqrt(within / between * preparation / each)
    return min(max(2, math.ceil(wanted)), MOST_REPLICATIONS)


def allocate(
    parameters: Parameters,
    names: tuple[str, ...],
    values: Floats,
    luck: Luckily,
    *,
    of_times: bool = False,
) -> Allocation:
    """The draws and replications for outcomes that are simulated, after a trial.

    The net benefit decides, or where only times are simulated, how much sooner decisions come.
    """
    trial = replace(luck, replications=PILOT_REPLICATIONS)
    found = simulated_of(parameters, names, values[:PILOT_DRAWS], trial)
    name, option = names[0] if of_times else "net_benefit", found.options[0]
    outcome, noise = found.of(name, option), found.noise(name, option)
    good = np.isfinite(outcome)
    within = float(np.mean(noise[good])) * PILOT_REPLICATIONS if good.any() else 0.0
    total = float(np.var(outcome[good], ddof=1)) if good.sum() > 1 else 0.0
    between = max(0.0, total - within / PILOT_REPLICATIONS)
    scenario = parameters.scenario
    cases = math.fsum(cases_in(compile_site(scenario, site)) for site in scenario.sites)
    return Allocation(
        draws=min(len(values), TIMED_DRAWS) if of_times else len(values),
        replications=best_replications(
            within, max(between, SURE_OF * total), PREPARATION, PER_CASE * cases
        ),
        name=name,
        between=between,
        within=within,
    )
