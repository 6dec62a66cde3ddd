"""A pool of worker processes: how it starts, gives out work, notices its dead, and ends in time.

The standard library's process pool is used throughout; what is added is what it lacks: a start that
Ctrl-C cannot leave half done, an end that waits for nobody, and a watch over workers that die while
they hand over a result, which would otherwise be waited for without end.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, wait
from contextlib import contextmanager
from threading import Thread, current_thread, main_thread
from typing import Any, TypeVar

from costsim.errors import SimulationError
from costsim.executors.worker import do, greet, settle_in

W = TypeVar("W")
R = TypeVar("R")

GRACE_SECONDS = 1.0
"""How long a worker may go on with what it does when its pool ends."""
WATCH_SECONDS = 1.0
"""How often the watch goes round while a result is waited for."""
MOST_ON_WINDOWS = 61
"""Windows cannot wait for more processes than that."""


class _Register(dict[int, Any]):
    """Processes by their id; one thread may go through them while another adds to them."""

    def values(self) -> Any:
        return list(super().values())


class Pool:
    """Some workers, each started when there is work for it.

    Raises `SystemExit` in a worker that reads the main module of its program again: that module has
    no guard, and would do all that it does a second time.
    """

    def __init__(self, workers: int) -> None:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import current_process, get_context

        if getattr(current_process(), "_inheriting", False):
            raise SystemExit("A worker process of costsim was asked to start workers, and stops.")
        most = min(workers, MOST_ON_WINDOWS) if sys.platform == "win32" else workers
        with undisturbed():
            self._executor = ProcessPoolExecutor(most, get_context("spawn"), settle_in)
        self._workers = self._executor._processes = _Register()
        self._greeting: Future[None] | None = None

    def give(self, task: Callable[[W], R], piece: W) -> Future[R]:
        """Give out a piece of work.

        Raises `BrokenExecutor` if a worker is dead, `SimulationError` if none can be started.
        """
        try:
            with undisturbed():
                self._greeting = self._greeting or self._executor.submit(greet)
                return self._executor.submit(do, task, piece)
        except OSError as error:
            text = f"A worker process could not be started: {error}. Use fewer workers."
            raise SimulationError(text) from error

    def wait(self, future: Future[Any]) -> None:
        """Wait until a piece of work is done or has failed, if only because its worker died.

        Raises `BrokenExecutor` if a worker died and nothing has come of it since.
        """
        rounds = 0
        while wait([future], WATCH_SECONDS).not_done:
            rounds += self._has_dead()
            if rounds > 1:
                raise BrokenExecutor("a worker died while it handed over a result")

    def close(self) -> None:
        """End every worker, within `GRACE_SECONDS`; what has not been begun is not done."""
        manager: Any = self._executor._executor_manager_thread
        results: Any = self._executor._result_queue
        self._executor.shutdown(wait=False, cancel_futures=True)
        try:
            if manager:
                self._see_off(manager, results)
        finally:  # also at a second Ctrl-C
            self._kill()
        results.close()

    def _see_off(self, manager: Thread, results: Any) -> None:
        manager.join(GRACE_SECONDS)
        if manager.is_alive():
            self._kill()
            manager.join(GRACE_SECONDS)
        if manager.is_alive():
            # A worker died with half a result in the pipe: the standard library waits for the other
            # half for as long as this end of the pipe is open.
            results._writer.close()
            manager.join()

    def could_not_start(self) -> bool:
        """Of a pool that has been closed: no worker ever answered, and one left of its own."""
        answered = self._greeting is not None and is_done(self._greeting)
        return not answered and max(self._exit_codes(), default=-1) >= 0

    def cause(self) -> str:
        """Of a pool that has been closed: how its first dead died, `SIGKILL` or `exit code 3`."""
        # The rest of a broken pool is ended by SIGTERM, or has left in good order.
        codes = sorted(self._exit_codes(), key=(0, -signal.SIGTERM).__contains__)
        code = codes[0] if codes else 0
        names = {-each.value: each.name for each in signal.Signals}
        return names.get(code, f"exit code {code}")

    def _exit_codes(self) -> list[int]:
        codes = [worker.exitcode for worker in self._workers.values()]
        return [code for code in codes if code is not None]

    def _has_dead(self) -> bool:
        from multiprocessing import connection

        return bool(connection.wait([worker.sentinel for worker in self._workers.values()], 0))

    def _kill(self) -> None:
        for worker in self._workers.values():
            worker.kill()


def is_done(future: Future[Any]) -> bool:
    """Whether there is a result."""
    return is_answered(future) and future.exception() is None


def is_answered(future: Future[Any]) -> bool:
    """Whether there is a result, or an error of the task itself."""
    return (
        future.done()
        and not future.cancelled()
        and not isinstance(future.exception(), BrokenExecutor)
    )


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C waits until this is over, and a process that starts in here is born deaf to it."""
    heard: list[int] = []
    before = signal.getsignal(signal.SIGINT) if current_thread() is main_thread() else None
    if before is not None:
        signal.signal(signal.SIGINT, lambda number, _frame: heard.append(number))
    try:
        with _masked():
            yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)
        if heard:
            signal.raise_signal(signal.SIGINT)


@contextmanager
def _masked() -> Iterator[None]:
    """Where there are signal masks, which a process inherits: not to be told of Ctrl-C."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
