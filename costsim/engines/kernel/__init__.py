"""The kernel engine: the story of the reference engine, compiled, for many replications at once.

First everybody's journey is followed, which luck and need alone decide (`journeys`); then all their
minutes are drawn, by the same distributions as everywhere (`drawing`); then the clock runs
(`clock`); and what it wrote down becomes a record. What is drawn, and in what order things happen,
is as in the reference, so the record is the same, bit for bit.
"""

from __future__ import annotations

from costsim.engines.kernel.engine import KernelEngine

__all__ = ["KernelEngine"]
