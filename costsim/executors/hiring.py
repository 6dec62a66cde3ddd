"""How many hands a command hires: one process for each processor that it may use."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from costsim.executors.crew import Crew, alone
from costsim.executors.local import LocalProcesses

MOST_A_PROCESSOR = 2  # more only take memory, each as much as the first


@contextmanager
def hired(workers: int | None = None) -> Iterator[Crew]:
    """A crew of so many processes, one for each processor unless given, until the block ends.

    >>> with hired(1) as crew:
    ...     list(crew(abs, [-1, 2]))
    [1, 2]
    """
    processors = _processors()
    count = min(workers or processors, MOST_A_PROCESSOR * processors)
    if count <= 1 or not _can_start_others():
        yield alone
        return
    with LocalProcesses(count) as crew:
        yield crew


def _processors() -> int:
    """The processors that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _can_start_others() -> bool:
    """Whether a worker could begin as this process did.

    It reads the program's main file, which a program from standard input does not have; and a
    process that is itself somebody's daemon may have none.
    """
    from multiprocessing import current_process

    main = getattr(sys.modules["__main__"], "__file__", None)
    return not current_process().daemon and (main is None or Path(main).exists())
