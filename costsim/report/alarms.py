"""What the reader of a screen must not miss: checks that failed, and a run that was cut short."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import attrgetter

from costsim.evaluation import Evaluation
from costsim.report.screen import Screen
from costsim.units import counted, narrow_money
from costsim.words import in_words

ALARM = "bold red"
WIDTH = attrgetter("programme.economics.per_case_saving.half_width")


def on_top(screen: Screen, evaluation: Evaluation) -> None:
    """Say below the title that a check failed, if one did."""
    if not evaluation.passed:
        warning = "A CHECK OF THIS RUN FAILED (see below): do not rely on its figures."
        screen.say(warning, style=ALARM)


def interrupted(screen: Screen, evaluation: Evaluation) -> None:
    """Say that a run was cut short, after how much, and what its answer is worth."""
    if evaluation.runs.interrupted:
        done = counted(evaluation.runs.replications, "replication")
        screen.say(f"INTERRUPTED after {done}{_reached(evaluation)}.", style=ALARM)


def _reached(evaluation: Evaluation) -> str:
    asked = evaluation.precision
    if not asked:
        return f", of {evaluation.settings.at_least:,} that were asked for"
    widest = max(map(WIDTH, evaluation.options.values()))
    if not math.isfinite(widest):
        return f": how precise they are is not known; +-{narrow_money(asked)} was asked for"
    known = f"the saving on a case is known to within +-{narrow_money(widest)}"
    return f": {known}; +-{narrow_money(asked)} was asked for"


def failed(screen: Screen, evaluation: Evaluation) -> None:
    """List the checks that failed."""
    wrong = [each for each in evaluation.checks if not each.passed]
    lines = [f"{each.name}: {in_words(each.detail)}" for each in wrong]
    listed(screen, "Checks that failed", lines, ALARM)


def listed(screen: Screen, heading: str, lines: Sequence[str], style: str = "") -> None:
    """A heading with a list, if there is anything to list."""
    if lines:
        screen.heading(heading)
    for line in lines:
        screen.say(f"- {line}", style=style)
