"""Everything that can go wrong, as one tree of errors ordered by phase of a run.

A scenario is read (`ScenarioError`), simulated (`SimulationError`), and its results are written
(`OutputError`). Each error knows the exit code that the command line answers with, so that a
caller of the library and a caller of the command learn the same thing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Place:
    """Where something is written: a file, its line and its column, both counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Place("", 0, 0)
"""Before every place: that of what is not written anywhere."""


@dataclass(frozen=True)
class Problem:
    """One thing that an analyst must put right in a scenario, in their own terms.

    `code` is stable (CS101 ...) and may be searched for; `message` gives the value and the rule
    it breaks; `hint` says how to put it right; `path` is the place within the scenario, such as
    `pathways.old.activities.panel.next`. `source_line` is the line as written, when there is one.
    """

    code: str
    message: str
    hint: str = ""
    path: str = ""
    place: Place | None = None
    source_line: str = field(default="", compare=False)


class CostsimError(Exception):
    """Any error that costsim raises on purpose; `exit_code` is the command line's answer."""

    exit_code = 5


class ScenarioError(CostsimError):
    """A scenario that cannot be run as it is written: carries every problem found, in order."""

    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=_reading_order))
        super().__init__("; ".join(f"{p.code} {p.path}: {p.message}" for p in self.problems))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        """How it comes back from a worker process."""
        return type(self), (self.problems,)


class ResultsError(CostsimError):
    """A folder of results that cannot be read: what is missing or has been changed, and where."""

    exit_code = 3


class SimulationError(CostsimError):
    """A run that had to stop: what it says names the referral, the activity and the reason."""

    exit_code = 1


class OutputError(CostsimError):
    """Results that could not be read or written: the folder, the reason and what to do next."""

    exit_code = 4


def _reading_order(problem: Problem) -> tuple[str, int, int]:
    place = problem.place or NOWHERE
    return place.file, place.line, place.column
