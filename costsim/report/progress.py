"""Progress of long work on standard error: a bar with the time left on a terminal.

Where nobody watches there is no bar; but work that takes long before anything can be counted, such
as compiling, has its line in a file or a pipe as well.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from costsim.progress import Progress, silent

if TYPE_CHECKING:
    from rich import progress as shown


@contextmanager
def progress(
    title: str, what: str, *, estimated: bool = False, hidden: bool = False
) -> Iterator[Progress]:
    """A watcher that is told `(done, of)`; `of` is a guess that may grow if it is `estimated`."""
    if hidden:
        yield silent
        return
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich import progress as shown
    from rich.console import Console

    columns = (
        shown.TextColumn("{task.description}"),
        shown.BarColumn(),
        shown.TextColumn("{task.fields[count]}"),
        shown.TimeRemainingColumn(),
    )
    with shown.Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield Bar(bars, title, what, estimated)


class Lines:
    """A watcher for a file or a pipe: a line for what cannot be counted, and nothing else."""

    def __call__(self, _done: int, _of: int, /) -> None:
        """Say nothing."""

    def busy(self, what: str, /) -> None:
        """Say what is being done."""
        if what:
            sys.stderr.write(f"{what}\n")
            sys.stderr.flush()


@dataclass
class Bar:
    """A watcher that shows a bar: how many of how many, or what is being done instead."""

    bars: shown.Progress
    title: str
    what: str
    estimated: bool = False
    task: shown.TaskID = field(init=False)

    def __post_init__(self) -> None:
        self.task = self.bars.add_task(self.title, total=None, count="")

    def __call__(self, done: int, of: int, /) -> None:
        """Show how far it is."""
        # A guess that has come true is no end: whether there are to be more is found out then.
        self._end_at(None if self.estimated and done >= of else of)
        self.bars.update(self.task, completed=done, count=self.count(done, of))

    def busy(self, what: str, /) -> None:
        """Show what is being done in place of the title, and no end of it."""
        self._end_at(None)
        self.bars.update(self.task, description=what or self.title, refresh=True)

    def _end_at(self, total: int | None) -> None:
        # Rich's own `update` takes None as no change.
        self.bars.tasks[self.task].total = total

    def count(self, done: int, of: int) -> str:
        """The numbers in words."""
        return f"{counts(done, of, self.estimated)} {self.what}"


def counts(done: int, of: int, estimated: bool) -> str:
    """How many of how many; of a guess no more than two digits, and nothing once it is reached.

    >>> counts(9, 21, estimated=False), counts(3195, 3308, estimated=True)
    ('9/21', '3,195 of about 3,400')
    >>> counts(30, 30, estimated=True)
    '30'
    """
    if not estimated:
        return f"{done:,}/{of:,}"
    return f"{done:,}" if done >= of else f"{done:,} of about {_rounded(of):,}"


def _rounded(number: int) -> int:
    """A guess with two digits that matter, rather too many than too few."""
    unit = int(10 ** max(0, len(str(number)) - 2))
    return -(-number // unit) * unit
