"""Life in a worker process: deaf to Ctrl-C, gone when its parent is, one piece of work at a time.

A worker imports this module before anything else, so it needs the standard library only.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import TypeVar

from costsim.errors import SimulationError

W = TypeVar("W")
R = TypeVar("R")


def settle_in() -> None:
    """What a worker does first: leave Ctrl-C to its parent, and see that it does not outlive it."""
    from multiprocessing import parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parent := parent_process():
        Thread(target=_leave_after, args=(parent.sentinel,), daemon=True).start()
        _be_killed_after(parent.sentinel)


def do(task: Callable[[W], R], piece: W) -> R:
    """One piece of work; whatever goes wrong can be told to the parent."""
    try:
        return task(piece)
    except Exception as error:
        if _survives_a_journey(error):
            raise
        raise SimulationError(f"{type(error).__name__}: {error}") from error


def greet() -> None:
    """The first thing that is asked of a worker: it answers if workers can start at all."""


def _leave_after(sentinel: int) -> None:
    """Wait until the parent is gone, then leave at once."""
    from multiprocessing.connection import wait

    wait([sentinel])
    os._exit(1)


def _be_killed_after(sentinel: int) -> None:
    """Have Linux kill this process with its parent: a thread waits while compiled code runs on.

    The sentinel is a pipe whose other end the parent holds. Unlike PR_SET_PDEATHSIG, which follows
    the thread that started this process, a pipe breaks with the whole parent only.
    """
    if sys.platform != "linux":
        return
    import fcntl

    with suppress(OSError):
        fcntl.fcntl(sentinel, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(sentinel, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(sentinel, fcntl.F_SETFL, fcntl.fcntl(sentinel, fcntl.F_GETFL) | os.O_ASYNC)


def _survives_a_journey(error: Exception) -> bool:
    """Whether the parent could read it; an error that it could not read would break the pool."""
    try:
        return type(pickle.loads(pickle.dumps(error))) is type(error)  # noqa: S301 - our own bytes
    except Exception:
        return False
