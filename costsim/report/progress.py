"""Progress of long work on standard error, with the time left; silent where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from costsim.progress import Progress, silent


@contextmanager
def progress(title: str, what: str, *, hidden: bool = False) -> Iterator[Progress]:
    """A function to be told `(done, of)`; a bar on a terminal, nothing anywhere else."""
    if hidden or not sys.stderr.isatty():
        yield silent
        return
    from rich import progress as shown
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(title),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(what),
        TimeRemainingColumn(),
    )
    with shown.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
