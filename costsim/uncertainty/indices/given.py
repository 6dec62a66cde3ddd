"""Indices from draws that exist already: no design of their own, no further runs.

RBD-FAST, PAWN and delta are SALib's; S1 by a smooth curve for each input and S1 and ST by
polynomial chaos are our own, and several times as accurate for the same runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from costsim.uncertainty.indices.arrays import (
    Z95,
    Array,
    check_noise,
    check_resamples,
    column,
    columns,
    foreign_seed,
    is_constant,
    luck,
)
from costsim.uncertainty.indices.chaos import chaos_indices
from costsim.uncertainty.indices.found import ONLY_CHANCE, SAME, Indices
from costsim.uncertainty.indices.measures import Measure
from costsim.uncertainty.indices.salib import harmless, problem
from costsim.words import listed

__all__ = ["Indices", "chaos_indices", "delta", "main_effects", "pawn", "rbd_fast"]

LEAST = 100
"""Draws below which these methods say nothing."""
MOST_FOR_DELTA = 1000
Found = tuple[Array, Array | None]


def rbd_fast(
    inputs: object, outcome: object, *, names: Sequence[str], seed: int = 0, resamples: int = 100
) -> Indices:
    """S1 of each input by RBD-FAST, corrected for bias (Tarantola et al. 2006; Tissot 2012).

    `inputs` (n, d) in any unit, `outcome` (n,), n at least 100. The intervals are SALib's, from
    resamples of half of the draws, and so wider than need be. Raises ValueError for what is not
    finite, naming the column and the row, and for too few draws.

    >>> x = luck(1, "example").random((500, 2))
    >>> rbd_fast(x, 2 * x[:, 0], names=["a", "b"]).first.values[0] > 0.9
    True
    """

    def analysed(ranks: Array, values: Array) -> Found:
        from SALib.analyze import rbd_fast as analysis

        found = analysis.analyze(
            problem(ranks.shape[1]), ranks, values, num_resamples=resamples,
            seed=foreign_seed(seed, "rbd_fast"),
        )  # fmt: skip
        return np.array(found["S1"], dtype=np.float64), np.array(found["S1_conf"], dtype=np.float64)

    check_resamples(resamples)
    return _Draws.of(inputs, outcome, names, seed).analysed("rbd_fast", "S1", analysed)


def pawn(inputs: object, outcome: object, *, names: Sequence[str], seed: int = 0) -> Indices:
    """PAWN of each input: the median gap over ten slices of it (Pianosi and Wagener 2018).

    It is never below 0 and has no interval; `floor` is the largest of five inputs of pure chance
    that were added for comparison. Arguments and errors are those of `rbd_fast`.
    """
    draws = _Draws.of(inputs, outcome, names, seed)

    def analysed(ranks: Array, values: Array) -> Found:
        from SALib.analyze import pawn as analysis

        found = analysis.analyze(problem(ranks.shape[1]), ranks, values, S=10)
        return np.asarray(found["median"], dtype=np.float64), None

    found = draws.analysed("pawn", "PAWN", analysed)
    return replace(found, floor=draws.floor("pawn", 5, analysed))


def delta(
    inputs: object,
    outcome: object,
    *,
    names: Sequence[str],
    seed: int = 0,
    resamples: int = 20,
    most: int = MOST_FOR_DELTA,
) -> Indices:
    """Delta of each input (Borgonovo 2007; Plischke et al. 2013, corrected for bias, equation 30).

    It takes long, so that only the first `most` draws are used; the result says so. SALib's
    estimator, but of the draws themselves: SALib's own analysis takes it of a resample of them. The
    correction is not perfect: `floor` is the largest of three inputs of pure chance.
    Arguments and errors are those of `rbd_fast`.
    """

    def analysed(ranks: Array, values: Array) -> Found:
        picked = luck(seed, "delta").integers(len(values), size=(resamples, len(values)))
        found = [_delta(mine, values, picked) for mine in ranks.T]
        estimates, errors = np.array(found).T
        return estimates, Z95 * errors

    check_resamples(resamples)
    draws = _Draws.of(inputs, outcome, names, seed)
    if most < LEAST:
        raise ValueError(f"{most} draws are too few for delta; let it use at least {LEAST}")
    used = draws.first(most)
    found = used.analysed("delta", "delta", analysed)
    return replace(found, floor=used.floor("delta", 3, analysed))


def _delta(ranks: Array, values: Array, picked: NDArray[np.int64]) -> tuple[float, float]:
    """One input's delta, and its standard error."""
    from SALib.analyze.delta import calc_delta

    count = len(values)
    power = 2 / (7 + np.tanh((1500 - count) / 500))
    edges = np.linspace(0, count, min(int(np.ceil(count**power)), 48) + 1)
    grid = np.linspace(values.min(), values.max(), 100)
    raw = calc_delta(values, grid, ranks, edges)
    again = np.array([calc_delta(values[rows], grid, ranks[rows], edges) for rows in picked])
    return float(2 * raw - again.mean()), float(again.std(ddof=1))


def main_effects(
    inputs: object,
    outcome: object,
    *,
    names: Sequence[str],
    noise_variance: float = 0.0,
    seed: int = 0,
) -> Indices:
    """S1 of each input: the share of the variance that follows a smooth curve of it alone.

    What a curve catches of chance, by its degrees of freedom, is taken off. `noise_variance` is the
    variance of an outcome by the luck of its run, where known: it is taken out of the whole.
    Arguments and errors are those of `rbd_fast`.

    >>> x = luck(1, "example").random((500, 2))
    >>> round(main_effects(x, 2 * x[:, 0], names=["a", "b"]).first.values[0], 3)
    1.0
    """
    check_noise(noise_variance)
    draws = _Draws.of(inputs, outcome, names, seed)
    whole = float(draws.outcome.var(ddof=1)) - noise_variance
    if noise_variance and not draws.constant and whole <= 2 * _variance_error(draws.outcome):
        return replace(draws.bare("main_effects"), notes=(ONLY_CHANCE,))

    def analysed(_ranks: Array, values: Array) -> Found:
        found = [_main_effect(mine, values, whole) for mine in draws.inputs[:, draws.varying].T]
        estimates, errors = np.array(found).T
        return estimates, Z95 * errors

    return draws.analysed("main_effects", "S1", analysed)


def _variance_error(values: Array) -> float:
    """The standard error of a sample's variance."""
    return float(((values - values.mean()) ** 2).std() / np.sqrt(len(values)))


def _main_effect(values: Array, outcome: Array, whole: float) -> tuple[float, float]:
    """One input's S1, and its standard error.

    What is left around the curve, by its degrees of freedom, is taken from the whole: unlike the
    variance of the curve itself, this is hardly less where the curve is smoother than the truth.
    The error is that of a correlation ratio, to first order (Da Veiga and Gamboa 2013, Journal of
    Nonparametric Statistics 25, 573-595), and for an input without effect that of the curve.
    """
    from costsim.uncertainty.information.smoothing import fit

    smooth = fit(values, outcome)
    count, edf = len(outcome), smooth.edf
    residual, centred = outcome - smooth.fitted, outcome - outcome.mean()
    around = float((residual**2).sum()) / max(count - edf, 1.0)
    share = (float(centred.var(ddof=1)) - around) / whole
    influence = ((1 - share) * centred**2 - residual**2) / whole
    variance = float(influence.var()) / count + 2 * (edf - 1) * (around / whole / count) ** 2
    return share, float(np.sqrt(variance))


@dataclass(frozen=True)
class _Draws:
    """Draws of named inputs and their outcome, checked; ranks of inputs with ties at random."""

    names: tuple[str, ...]
    inputs: Array
    outcome: Array
    draws: int
    seed: int

    @classmethod
    def of(cls, inputs: object, outcome: object, names: Sequence[str], seed: int) -> _Draws:
        table, values = columns("inputs", inputs, names), column("outcome", outcome)
        if len(table) != len(values):
            raise ValueError(
                f"There are {len(table):,} draws of inputs and {len(values):,} outcomes; give one "
                "outcome for each draw"
            )
        if len(values) < LEAST:
            raise ValueError(
                f"There are {len(values)} draws, too few to tell inputs apart; give at least "
                f"{LEAST}, better 1,000"
            )
        return cls(tuple(names), table, values, len(values), seed)

    @property
    def constant(self) -> bool:
        return is_constant(self.outcome)

    @property
    def varying(self) -> list[int]:
        """Places of the inputs that vary."""
        return [place for place, mine in enumerate(self.inputs.T) if not is_constant(mine)]

    @property
    def ranks(self) -> Array:
        """Ranks of the inputs that vary, from 0 to 1, equal ones in random order."""
        ties = luck(self.seed, "ties").random(len(self.outcome))
        order = [np.lexsort((ties, self.inputs[:, place])).argsort() for place in self.varying]
        return (np.array(order, dtype=np.float64).T + 0.5) / len(self.outcome)

    def first(self, most: int) -> _Draws:
        return replace(self, inputs=self.inputs[:most], outcome=self.outcome[:most])

    def bare(self, method: str) -> Indices:
        """A result without any indices."""
        return Indices(method, self.names, self.draws, len(self.outcome))

    def analysed(
        self, method: str, code: str, analysis: Callable[[Array, Array], Found]
    ) -> Indices:
        """What an analysis of ranks and outcome finds; 0 for an input that does not vary."""
        bare = self.bare(method)
        if self.constant:
            return replace(bare, notes=(SAME,))
        if not self.varying:
            return replace(bare, notes=("No input varies between the draws.",))
        with harmless():
            values, halves = analysis(self.ranks, self.outcome.copy())
        measure = Measure.of(
            code, self._spread(values), None if halves is None else self._spread(halves)
        )
        return replace(bare, measures=(measure,), notes=self._notes())

    def floor(
        self, method: str, count: int, analysis: Callable[[Array, Array], Found]
    ) -> float | None:
        """The largest index among inputs of pure chance; None where there are no indices."""
        if self.constant or not self.varying:
            return None
        dummies = luck(self.seed, f"{method} floor").random((len(self.outcome), count))
        with harmless():
            values, _ = analysis(dummies, self.outcome.copy())
        return float(values.max())

    def _spread(self, values: Array) -> Array:
        found = np.zeros(len(self.names))
        found[self.varying] = values
        return found

    def _notes(self) -> tuple[str, ...]:
        still = [name for place, name in enumerate(self.names) if place not in self.varying]
        return (f"{listed(still)} did not vary, and so has no part in it.",) if still else ()
