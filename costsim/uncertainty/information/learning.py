"""What a decision would be worth to whoever knew some inputs, by regression on them.

The expected net benefit given some inputs is a smooth curve or surface through the draws. Whoever
knew them would choose by it in each draw (Strong, Oakley and Brennan 2014, Medical Decision Making
34, 311-326). What is regressed is how options differ, each on its own scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from costsim.uncertainty.information.decision import Decision, gain
from costsim.uncertainty.information.ridge import Array, Smooth, stream
from costsim.uncertainty.information.smoothing import Method, fit_all

COUNT = 200
"""How many other curves the standard error looks at."""
ROWS = 2000
"""On how many draws it looks at them, evenly chosen."""


@dataclass(frozen=True)
class Learned:
    """The expected increments over the best option, given some inputs, as they were fitted.

    `fits` are of increments less their `means`, over their `spreads`, which are in pounds.
    """

    fits: tuple[Smooth, ...]
    outcomes: Array
    means: Array
    spreads: Array

    @cached_property
    def increments(self) -> Array:
        """The expected increments in each draw, (n, options - 1), in pounds."""
        fitted = np.column_stack([each.fitted for each in self.fits])
        return np.asarray(self.means + self.spreads * fitted)

    @property
    def value(self) -> float:
        """What knowing these inputs gains over deciding today, in pounds of one decision."""
        return _worth(self.increments)

    def standard_error(self, seed: int) -> float:
        """The error from having so few draws, in pounds.

        Of the curve, by other curves that the draws leave plausible (parametric bootstrap), and of
        the mean over the draws.
        """
        worths = [_worth(each) for each in self._others(seed)]
        return math.hypot(float(np.std(worths, ddof=1)), mean_error(gain(self.increments)))

    def _others(self, seed: int) -> Array:
        """Other expected increments that the draws leave plausible, (count, rows, options - 1)."""
        basis = self._basis
        rows = np.linspace(0, len(basis) - 1, min(ROWS, len(basis))).astype(int)
        found = np.stack([each @ basis[rows].T for each in self.moved(seed)], axis=-1)
        return np.asarray(self.means + self.spreads * found)

    def moved(self, seed: int) -> list[Array]:
        """Other coefficients (count, k) of each curve: what one leaves unexplained, others may."""
        return self._moved(seed, "bootstrap")

    def _moved(self, seed: int, purpose: str) -> list[Array]:
        count = (COUNT, self._basis.shape[1], len(self.fits))
        normals = stream(seed, purpose).standard_normal(count) @ self._alike().T
        return [each.moved(normals[:, :, place]) for place, each in enumerate(self.fits)]

    @property
    def _basis(self) -> Array:
        """The shapes that all curves are made of, (n, k)."""
        return self.fits[0].shapes.values

    def seen_through(self, result: Array) -> Learned:
        """What a study's result, (n,), tells about these inputs tells this about the decision.

        The result must depend on these inputs and luck alone.
        """
        outcomes = np.column_stack([each.fitted for each in self.fits])
        fits = fit_all(result[:, None], list(outcomes.T), "spline")
        return _Seen(fits, outcomes, self.means, self.spreads, behind=self)

    def _alike(self) -> Array:
        """The root of the correlation of what the curves leave unexplained."""
        left = self.outcomes - np.column_stack([each.fitted for each in self.fits])
        spread = left.std(axis=0)
        away = (left - left.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        sizes, turns = np.linalg.eigh(np.einsum("ij,ik->jk", away, away) / len(away))
        return np.asarray(turns * np.sqrt(np.maximum(sizes, 0.0)))


@dataclass(frozen=True)
class _Seen(Learned):
    """Curves over a study's result, fitted to the curves over the inputs that lie behind it."""

    behind: Learned

    def moved(self, seed: int) -> list[Array]:
        """As those behind it move, and by its own luck."""
        shared = np.einsum("ij,ik->jk", self.behind._basis, self._basis)
        own = self._moved(seed, "bootstrap of studies")
        follows = [each @ shared for each in self.behind.moved(seed)]
        together = zip(self.fits, follows, own, strict=True)
        return [fit.shrinkage * moved + luck - fit.coefficients for fit, moved, luck in together]


def _worth(increments: Array) -> float:
    """The mean gain of choosing in each draw over choosing once: never below 0."""
    once = max(float(increments.mean(axis=0).max()), 0.0)
    return max(float(gain(increments).mean()) - once, 0.0)


def mean_error(values: Array) -> float:
    """The standard error of the mean of independent values."""
    return float(values.std(ddof=1)) / math.sqrt(len(values))


def learn(decision: Decision, columns: Array, method: Method) -> Learned:
    """The expected increments of a decision given some inputs, (n, p), by a smoother."""
    increments = decision.increments
    means, spreads = increments.mean(axis=0), increments.std(axis=0)
    outcomes = (increments - means) / np.where(spreads > 0, spreads, 1.0)
    return Learned(fit_all(columns, list(outcomes.T), method), outcomes, means, spreads)
