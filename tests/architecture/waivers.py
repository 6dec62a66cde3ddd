"""The exceptions to the budgets, each with its limit and the reason why it is worth one.

A key is what is measured and where, such as ("body", "costsim/engines/kernel.py::simulate"). The
measures are `body`, `positional` and `complexity` of a function, and `module`, its length. A waiver
that is no longer needed is itself a breach, so that this list only ever holds what is true today.
"""

from __future__ import annotations

from typing import NamedTuple


class Waiver(NamedTuple):
    """A higher limit for one place, and why."""

    limit: int
    reason: str


WAIVERS: dict[tuple[str, str], Waiver] = {}
