"""Local processes as a crew: pieces are given out ahead, results are handed on in order.

A worker that is killed breaks the whole pool, and nobody knows which piece it was at. So whatever
was given out is done again, once; what was given out twice when a worker died is then done one
piece at a time, which shows the piece that is to blame, if there is one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from contextlib import closing, suppress
from itertools import takewhile
from types import TracebackType
from typing import Generic, TypeVar

from costsim.errors import SimulationError
from costsim.executors.crew import alone
from costsim.executors.pool import Pool, is_answered, is_done

W = TypeVar("W")
R = TypeVar("R")

AHEAD = 3
"""Pieces given out and not yet handed on, for each worker: nobody idles, and memory is bounded."""


class LocalProcesses:
    """So many worker processes on this machine: they start at first use and live until `close`.

    Tasks, pieces and results must be picklable. An error in a task reaches the caller as it is, in
    its turn, and names a piece of work by its `str`. Whenever a worker died and what it did was
    done again, `losses` says so. Calls must not overlap.

    >>> with LocalProcesses(2) as crew:
    ...     list(crew(abs, [-1, 2, -3]))
    [1, 2, 3]
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.losses: list[str] = []
        self._pool: Pool | None = None

    def __call__(self, task: Callable[[W], R], work: Sequence[W]) -> Iterator[R]:
        """Results in the order of the work; one worker, or one piece, needs no further process.

        At Ctrl-C the results that are there are given, and then `KeyboardInterrupt` is raised.
        Raises `SimulationError` if workers cannot start, or if a piece kills its worker each time.
        """
        if self.workers <= 1 or len(work) <= 1:
            return alone(task, work)
        return self._share_out(task, work)

    def __enter__(self) -> LocalProcesses:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the workers, in about a second at most; they start again if there is more work."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            pool.close()

    @property
    def pool(self) -> Pool:
        """The workers, started if need be."""
        if self._pool is None:
            self._pool = Pool(self.workers)
        return self._pool

    def bury(self) -> str:
        """End a pool of which a worker is dead, and say what it died of.

        Raises `SimulationError` if its workers could not even start.
        """
        broken = self.pool
        self.close()
        if broken.could_not_start():
            raise SimulationError(_cannot_start()) from None
        return broken.cause()

    def tell(self, loss: str) -> None:
        """Tell of a loss, once."""
        if loss not in self.losses:
            self.losses.append(loss)

    def _share_out(self, task: Callable[[W], R], work: Sequence[W]) -> Iterator[R]:
        errand = _Errand(self, task, work)
        try:
            yield from errand.results()
        finally:
            if not errand.is_settled():
                self.close()


class _Errand(Generic[W, R]):
    """One task with its pieces of work: what is given out, and what was when a worker died."""

    def __init__(self, crew: LocalProcesses, task: Callable[[W], R], work: Sequence[W]) -> None:
        self.crew, self.task, self.work = crew, task, work
        self.out: dict[int, Future[R]] = {}
        self.suspects: set[int] = set()

    def results(self) -> Iterator[R]:
        """Results in order; at Ctrl-C those that are there, in order too, and nothing after."""
        for position in range(len(self.work)):
            try:
                result = self._result(position)
            except KeyboardInterrupt:
                self.crew.close()
                yield from self._done_from(position)
                raise
            yield result

    def is_settled(self) -> bool:
        """Whether no worker has anything left to do."""
        return all(future.done() for future in self.out.values())

    def _result(self, position: int) -> R:
        """The next result, whatever happens to the workers meanwhile."""
        while True:
            try:
                self._give_out(position)
                if not self.out[position].done():
                    self.crew.pool.wait(self.out[position])
                result = self.out[position].result()
            except (BrokenExecutor, CancelledError):
                self._recover()
            else:
                del self.out[position]
                return result

    def _give_out(self, position: int) -> None:
        end = min(len(self.work), position + AHEAD * self.crew.workers)
        for each in range(position, end):
            if each not in self.out:
                self.out[each] = self.crew.pool.give(self.task, self.work[each])

    def _done_from(self, position: int) -> Iterator[R]:
        there = takewhile(self.out.__contains__, range(position, len(self.work)))
        for future in takewhile(is_done, map(self.out.__getitem__, there)):
            yield future.result()

    def _recover(self) -> None:
        """Put an end to a broken pool, and have what was lost with it done again."""
        cause = self.crew.bury()
        lost = [each for each, future in self.out.items() if not is_answered(future)]
        for each in lost:
            del self.out[each]
        if lost:
            self.crew.tell(f"A worker process died ({cause}); its work was done again.")
        if again := sorted(self.suspects.intersection(lost)):
            self._one_at_a_time(again)
        self.suspects.update(lost)

    def _one_at_a_time(self, positions: Iterable[int]) -> None:
        """Do some pieces with one worker, up to the first that kills it: an error is its result."""
        with closing(Pool(1)) as pool:
            killer = next((each for each in positions if not self._is_done_by(pool, each)), None)
        if killer is not None:
            self.out[killer] = Future()
            self.out[killer].set_exception(SimulationError(self._blame(killer, pool.cause())))

    def _is_done_by(self, pool: Pool, position: int) -> bool:
        with suppress(BrokenExecutor):
            self.out[position] = pool.give(self.task, self.work[position])
            pool.wait(self.out[position])
        return position in self.out and is_answered(self.out[position])

    def _blame(self, position: int, cause: str) -> str:
        name = f"Piece {position + 1} of {len(self.work)} of the work ({self.work[position]})"
        return (
            f"{name} cannot be done: each time "
            f"its worker process died ({cause}), in the end with nothing beside it. If memory ran "
            "out, keep fewer replications; `--workers 1` shows any other fault."
        )


def _cannot_start() -> str:
    main = getattr(sys.modules["__main__"], "__file__", None) or "the main module"
    return (
        f"The worker processes could not start. Each of them first reads {main} again, which must "
        'not itself start a run: put what it does below `if __name__ == "__main__":`, or use one '
        "worker. What the workers wrote as they stopped tells more."
    )
