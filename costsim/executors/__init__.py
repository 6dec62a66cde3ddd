"""Who does the work: this process alone, or several local processes beside it.

A crew takes a task and its pieces of work, and gives their results in the order of the work, so
that nobody can tell from the results how many hands there were.
"""

from __future__ import annotations

from costsim.executors.crew import Crew, alone
from costsim.executors.hiring import hired
from costsim.executors.local import LocalProcesses

__all__ = ["Crew", "LocalProcesses", "alone", "hired"]
