"""SALib, kept from doing anything but what it was asked for.

Some of its analyses reseed NumPy's global generator, replace how warnings are written, or write
into the problem that they are given, and most take a seed of 0 for none. Here each call gets a
problem, names and arrays of its own, and all that is global is as it was afterwards.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


@contextmanager
def harmless() -> Iterator[None]:
    """Whatever happens inside: the global generator, warnings and error states stay the same.

    >>> with harmless():
    ...     np.random.seed(1)
    ...     warnings.warn("nobody hears this")
    """
    state = np.random.get_state()  # noqa: NPY002 - to put it back
    writer = warnings.formatwarning
    try:
        # Recorded and dropped: a filter of ours would not outlast one that is set inside.
        with warnings.catch_warnings(record=True), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    finally:
        warnings.formatwarning = writer
        np.random.set_state(state)  # noqa: NPY002 - to put it back


def problem(width: int) -> dict[str, Any]:
    """A problem of so many inputs, whose names no analysis takes offence at."""
    return {
        "num_vars": width,
        "names": [f"x{number}" for number in range(1, width + 1)],
        "bounds": [[0.0, 1.0]] * width,
    }
