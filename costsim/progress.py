"""How long work tells whoever watches how far it is, and what it does where there is no counting.

A watcher is any function of (done, of). One that has a method `busy` as well is told of work that
cannot be counted, such as compiling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeAlias, runtime_checkable

Progress: TypeAlias = Callable[[int, int], None]


@runtime_checkable
class Listener(Protocol):
    """A watcher that can be told what is being done, too."""

    def busy(self, what: str, /) -> None:
        """Hear what is being done that cannot be counted; nothing once it is over."""


def silent(_done: int, _of: int) -> None:
    """Tell nobody."""


class Aside:
    """A watcher of a part of some work: it passes on what is being done, and counts nothing."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self, _done: int, _of: int, /) -> None:
        """Say nothing."""

    def busy(self, what: str, /) -> None:
        """Pass it on to a watcher that can hear it."""
        if isinstance(self._progress, Listener):
            self._progress.busy(what)


@contextmanager
def busy(progress: Progress, what: str) -> Iterator[None]:
    """Tell a watcher that can hear it what is being done, for as long as it is.

    >>> with busy(silent, "Compiling the model, once (about 15 s)"):
    ...     pass
    """
    if not isinstance(progress, Listener):
        yield
        return
    progress.busy(what)
    try:
        yield
    finally:
        progress.busy("")
