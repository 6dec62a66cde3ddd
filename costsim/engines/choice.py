"""Which engine runs how much work: SimPy for a little, the compiled kernel when it pays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from costsim.engines.protocol import Engine

EngineName = Literal["auto", "reference", "kernel"]
Choice = Callable[[float], Engine]

WORTH_COMPILING = 50_000  # referrals: the reference takes about five seconds over them


def reference(_referrals: float = 0) -> Engine:
    """The SimPy engine, whatever the work."""
    from costsim.engines.reference import ReferenceEngine

    return ReferenceEngine()


def kernel(_referrals: float = 0) -> Engine:
    """The compiled engine, whatever the work."""
    from costsim.engines.kernel import KernelEngine

    return KernelEngine()


def automatic(referrals: float) -> Engine:
    """The engine that is quicker over so many referrals, the time to compile included."""
    return kernel() if referrals >= WORTH_COMPILING else reference()


CHOICES: dict[EngineName, Choice] = {
    "auto": automatic,
    "reference": reference,
    "kernel": kernel,
}
