"""Sobol indices: the shares of an outcome's variance that are due to each input, and to chance.

S1 is the share that would go, on average, if the input alone became known; ST the share that would
be left if all others did. What S1 leaves out of ST are interactions with other inputs. Where the
simulation has luck of its own, several replications at each point tell its variance, which is
taken out of every index and stated as one share: otherwise an input that does nothing at all would
have an ST of lambda / (1 + lambda), lambda being the variance of chance over that of the inputs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from costsim.uncertainty.indices.arrays import Array, check_resamples, is_constant, replicated
from costsim.uncertainty.indices.measures import Measure
from costsim.uncertainty.indices.moments import Moments, Ratios
from costsim.uncertainty.indices.saltelli import LEAST, SobolDesign
from costsim.uncertainty.indices.shares import Interaction, SobolIndices

_NONE = 1e-12
"""A share of the variance of all outcomes that rounding alone may leave."""

__all__ = ["Interaction", "SobolDesign", "SobolIndices", "sobol_indices"]


def sobol_indices(
    design: SobolDesign,
    values: object,
    resamples: int = 1000,
    seed: int = 0,
    *,
    noisy: bool = False,
) -> SobolIndices:
    """The indices of outcomes (rows,) of a design, or (rows, R) of R replications at each point.

    Replications must have independent luck, at one point and from point to point: with the same
    luck at all points what is found holds for that luck alone. From two replications on, the
    variance of chance is estimated from them and taken out. `resamples` of the base rows give the
    95 % intervals (0 for none); they are wider than need be, as they take the evenly spread base
    rows for random ones.

    Raises ValueError for outcomes that do not fit the design or are not finite, and for one
    replication of a simulation that the caller knows to be `noisy`.

    >>> from costsim.uncertainty.indices.factors import Factors
    >>> design = SobolDesign(Factors.single(["hours", "wage"]), 1024)
    >>> hours, wage = 8 + 8 * design.cube[:, 0], 30 + 20 * design.cube[:, 1]
    >>> found = sobol_indices(design, hours * wage)
    >>> [round(share, 2) for share in found.first.values]
    [0.63, 0.36]
    """
    outcomes = replicated(values, design.rows)
    if noisy and outcomes.shape[1] < 2:
        raise ValueError(
            "The simulation has luck of its own and was run once at each point: at least two "
            "replications are needed to tell chance from inputs; run each point again with other "
            "luck"
        )
    check_resamples(resamples, least=0)
    estimate = _Estimate(design, resamples, seed)
    found = estimate.of(outcomes)
    if design.size == LEAST:
        return found
    return replace(found, half=estimate.of(outcomes[: design.rows // 2]))


@dataclass(frozen=True)
class _Estimate:
    """How indices are estimated from some or all base rows of a design."""

    design: SobolDesign
    resamples: int
    seed: int

    def of(self, outcomes: Array) -> SobolIndices:
        """The indices of outcomes (points, replications) of the first base rows."""
        runs = outcomes.shape[1]
        bare = SobolIndices(
            names=self.design.factors.names,
            size=len(outcomes) // self.design.block,
            runs=outcomes.size,
            replications=runs,
            mean=float(outcomes.mean()),
            variance=0.0,
            widest=0.0,
            noise=0.0 if runs > 1 else None,
        )
        if is_constant(outcomes):
            return bare
        return self._shared_out(replace(bare, widest=float(np.ptp(outcomes))), outcomes)

    def _shared_out(self, bare: SobolIndices, outcomes: Array) -> SobolIndices:
        """The indices of outcomes that differ, worked out in units of their standard deviation."""
        runs = outcomes.shape[1]
        scale = float(outcomes.std())
        points = ((outcomes - outcomes.mean()) / scale).reshape(-1, self.design.block, runs)
        averaged = points.mean(axis=2)
        luck = points.var(axis=2, ddof=1).mean(axis=1) / runs if runs > 1 else averaged[:, 0] * 0.0
        moments = Moments.of(
            averaged, luck, len(self.design.factors.names), self.design.second_order
        )
        noise = float(luck.mean()) * runs * scale**2 if runs > 1 else None
        ratios = moments.ratios()
        found = replace(bare, variance=float(ratios.variance) * scale**2, noise=noise)
        return found if _drowned(found, moments, ratios) else self._filled(found, moments, ratios)

    def _filled(self, found: SobolIndices, moments: Moments, ratios: Ratios) -> SobolIndices:
        halves = moments.half_widths(self.resamples, self.seed)
        return replace(
            found,
            first=Measure.of("S1", ratios.first, halves.first if halves else None),
            total=Measure.of("ST", ratios.total, halves.total if halves else None),
            second=self._interactions(ratios, halves),
        )

    def _interactions(self, ratios: Ratios, halves: Ratios | None) -> tuple[Interaction, ...]:
        pairs = combinations(self.design.factors.names, 2)
        values = ratios.second.tolist()
        widths = halves.second.tolist() if halves else [None] * len(values)
        return tuple(map(Interaction, pairs, values, widths))


def _drowned(found: SobolIndices, moments: Moments, ratios: Ratios) -> bool:
    """Whether the inputs' variance is no larger than what chance alone may leave of it."""
    error = moments.variance_error() if found.noise else 0.0
    return bool(ratios.variance <= max(2 * error, _NONE))
