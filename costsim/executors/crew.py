"""A crew: whoever does a task for many pieces of work, and the smallest crew there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

W = TypeVar("W")
R = TypeVar("R")


class Crew(Protocol):
    """Does a task for every piece of work; the results come in the order of the work."""

    def __call__(self, task: Callable[[W], R], work: Sequence[W]) -> Iterator[R]:
        """Results, each as soon as it and those before it are there."""


def alone(task: Callable[[W], R], work: Sequence[W]) -> Iterator[R]:
    """This process does everything itself.

    >>> list(alone(abs, [-1, 2]))
    [1, 2]
    """
    return map(task, work)
