"""A crew: whoever does a task for many pieces of work, and the smallest crew there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

W = TypeVar("W")
R = TypeVar("R")


class Crew(Protocol):
    """Does a task for every piece of work; the results come in the order of the work."""

    @property
    def workers(self) -> int:
        """How many pieces of work it does at a time."""

    @property
    def losses(self) -> Sequence[str]:
        """What had to be done again, in words, if anything."""

    def __call__(self, task: Callable[[W], R], work: Sequence[W]) -> Iterator[R]:
        """Results, each as soon as it and those before it are there."""


class Alone:
    """This process does everything itself.

    >>> list(alone(abs, [-1, 2]))
    [1, 2]
    """

    workers = 1
    losses: Sequence[str] = ()

    def __call__(self, task: Callable[[W], R], work: Sequence[W]) -> Iterator[R]:
        """Results, one piece of work after the other."""
        return map(task, work)


alone = Alone()
