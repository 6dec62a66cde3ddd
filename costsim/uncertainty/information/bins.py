"""The value of knowing one input by bins: draws are put in order of it and cut into even parts.

Within a bin the input hardly varies, so the bin's mean is the expected net benefit given it (Strong
and Oakley 2013, Medical Decision Making 33, 755-766). The cube root of the number of draws is how
many bins there are: with more, chance in their means passes for value.
"""

from __future__ import annotations

import math

import numpy as np

from costsim.sampling import Ints
from costsim.uncertainty.information.decision import Decision, gain
from costsim.uncertainty.information.learning import mean_error
from costsim.uncertainty.information.ridge import Array


def binned(decision: Decision, columns: Array) -> tuple[float, float]:
    """The value of knowing one input (n, 1), in pounds of one decision, and its standard error.

    Draws of the same value are never parted. Raises ValueError for more than one input.
    """
    if columns.shape[1] != 1:
        raise ValueError(
            f"Bins are cut along one input, but {columns.shape[1]} were given: "
            "take a polynomial or a kernel for several."
        )
    bins = bins_of(columns[:, 0])
    counts = np.bincount(bins)
    means = _bin_means(decision.increments, bins, counts)
    error = math.hypot(_bins_error(decision, bins, means), mean_error(gain(means[bins])))
    return max(float(gain(means[bins]).mean()), 0.0), error


def bins_of(x: Array) -> Ints:
    """The bin of each draw, counted from 0; every bin holds some."""
    count = max(round(len(x) ** (1 / 3)), 2)
    edges = np.unique(np.quantile(x, np.linspace(0, 1, count + 1)[1:-1], method="lower"))
    _, bins = np.unique(np.searchsorted(edges, x, side="left"), return_inverse=True)
    return np.asarray(bins, dtype=np.int64)


def _bin_means(
    values: Array,
    bins: Ints,
    counts: Ints,
) -> Array:
    sums = [np.bincount(bins, weights=column) for column in values.T]
    return np.asarray(np.column_stack(sums) / counts[:, None])


def _bins_error(decision: Decision, bins: Ints, means: Array) -> float:
    """The error from chance in the means of those bins in which another option would be chosen."""
    counts = np.bincount(bins)
    chosen = means.argmax(axis=1)
    changes = means.max(axis=1) > 0
    own = decision.increments[np.arange(len(bins)), chosen[bins]]
    spread = np.bincount(bins, weights=(own - means[bins, chosen[bins]]) ** 2)
    return math.sqrt(float(np.sum(spread * changes))) / float(np.sum(counts))
