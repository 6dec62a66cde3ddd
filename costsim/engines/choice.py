"""Which engine does the work: SimPy a little, the compiled kernel what it pays for."""

from __future__ import annotations

import os
from typing import Literal

from costsim.engines.protocol import Engine

EngineName = Literal["auto", "reference", "kernel"]

WORTH_COMPILING = 50_000
"""Cases: the reference takes two or three seconds over them, and to load what was compiled before
takes one."""


def reference() -> Engine:
    """The SimPy engine."""
    from costsim.engines.reference import ReferenceEngine

    return ReferenceEngine()


def kernel() -> Engine:
    """The compiled engine."""
    from costsim.engines.kernel import KernelEngine

    return KernelEngine()


def chosen(name: EngineName, cases: float) -> Engine:
    """The engine of a name; `auto` is the one that is worth its start over so many cases.

    With `NUMBA_DISABLE_JIT` set the kernel is interpreted, which never is.
    """
    if name == "auto":
        is_worth_it = cases >= WORTH_COMPILING and not os.environ.get("NUMBA_DISABLE_JIT")
        name = "kernel" if is_worth_it else "reference"
    return {"kernel": kernel, "reference": reference}[name]()
