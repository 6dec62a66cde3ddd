"""What tests read from records and from luck, and how they compare it with a known answer.

A simulated mean must lie within four Monte Carlo standard errors of the known one; and those errors
must be small, or the test could not fail.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

import costsim
from costsim.results.record import WITHDRAWN, Record
from costsim.sampling import Luck

Floats = NDArray[np.float64]
ERRORS = 4.0


def records(found: costsim.Evaluation, world: str, site: str = "site") -> list[Record]:
    """The records that were kept of one world of one site."""
    return [kept[world] for kept in found.runs.sites[site].kept]


def waits(record: Record, step: int = 0) -> Floats:
    """Minutes from reaching an activity to beginning it, of counted cases that began it."""
    visits = record.visits
    rows = record.cases.counted[visits.case] & (visits.step == step) & ~np.isnan(visits.began)
    return np.asarray((visits.began - visits.reached)[rows])


def withdrawn(record: Record) -> NDArray[np.bool_]:
    """Which of the counted cases were withdrawn."""
    cases = record.cases
    return np.asarray((cases.outcome == record.outcomes.index(WITHDRAWN))[cases.counted])


def uniforms(luck: Luck, purpose: str, size: int, visit: int = 0) -> Floats:
    """The numbers of the first referrals of the first replication that the luck covers."""
    first = np.zeros(size, dtype=np.int64)
    return luck.uniforms(purpose, first, np.arange(size), first + visit)


def assert_mean(samples: Sequence[Floats], known: float, sharp: float) -> None:
    """The mean over all samples, one array for each replication, agrees with a known mean.

    `sharp` is the largest standard error allowed, as a share of the known mean.
    """
    totals = np.array([sample.sum() for sample in samples])
    counts = np.array([float(len(sample)) for sample in samples])
    found = float(totals.sum() / counts.sum())
    error = _ratio_error(totals, counts, found)
    assert error <= sharp * known, f"standard error {error / known:.1%} of {known:.6g}: too blunt"
    assert abs(found - known) <= ERRORS * error, _words(found, known, error)


def assert_figure(found: costsim.Estimate, known: float, sharp: float = 1.0) -> None:
    """A published estimate agrees with a known figure, or equals it where no chance is left."""
    assert found.value is not None
    error = found.mcse or 0.0
    assert error <= sharp * abs(known), f"standard error {error:.4g}: too blunt for {known:.6g}"
    slack = ERRORS * error + 1e-9 * max(1.0, abs(known))
    assert abs(found.value - known) <= slack, _words(found.value, known, error)


def _ratio_error(totals: Floats, counts: Floats, ratio: float) -> float:
    residuals = totals - ratio * counts
    size = len(totals)
    return float(np.sqrt((residuals**2).sum() / (size - 1) / size) / counts.mean())


def _words(found: float, known: float, error: float) -> str:
    apart = abs(found - known) / max(error, 1e-300)
    return f"found {found:.6g}, known {known:.6g}: {apart:.1f} standard errors apart"


def most_at_once(began: Floats, ended: Floats) -> int:
    """The most intervals that hold at one moment; one that ends lets the next begin."""
    times = np.concatenate([began, ended])
    steps = np.concatenate([np.ones(len(began)), -np.ones(len(ended))])
    order = np.lexsort((steps, times))
    return int(np.cumsum(steps[order]).max(initial=0))


def area(began: Floats, ended: Floats) -> float:
    """The number of intervals that hold, added up over time by walking from event to event."""
    times = np.concatenate([began, ended])
    steps = np.concatenate([np.ones(len(began)), -np.ones(len(ended))])
    order = np.argsort(times, kind="stable")
    present = np.cumsum(steps[order])
    return float((present[:-1] * np.diff(times[order])).sum())
