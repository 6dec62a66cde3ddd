"""How many hands a command hires: one process for each processor that it may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from costsim.executors.crew import Crew, alone
from costsim.executors.local import LocalProcesses


@contextmanager
def hired(workers: int | None = None) -> Iterator[Crew]:
    """A crew of so many processes, one for each processor unless given, until the block ends.

    >>> with hired(1) as crew:
    ...     list(crew(abs, [-1, 2]))
    [1, 2]
    """
    count = workers or _processors()
    if count == 1:
        yield alone
        return
    with LocalProcesses(count, describe=_stretch) as crew:
        yield crew


def _stretch(piece: Any) -> str:
    """The replications of a site that a piece of work is, as an error names it."""
    plan, first, count = piece
    return f"{plan.site}, replications {first} to {first + count - 1}"


def _processors() -> int:
    """The processors that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1
