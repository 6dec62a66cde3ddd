"""Small decision problems for tests, as nested dictionaries that are written to YAML and loaded.

Unless a test says otherwise the office never closes (24 hours, seven days, no holidays), so that a
year is 525,600 minutes; staff are unlimited at £60 an hour; and both pathways are one activity.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

import costsim

Tree = dict[str, Any]


class _InFull(yaml.SafeDumper):
    """Writes what stands in two places twice, since scenario files have no anchors."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (the parent's signature)
        return True


DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
NEVER_CLOSED: Tree = {"hours_per_day": 24, "working_week": DAYS, "bank_holidays": "none"}
YEAR = 365 * 24 * 60.0


def problem(**parts: Any) -> Tree:
    """A whole scenario, in which the given parts replace the usual ones."""
    usual: Tree = {
        "costsim": 1,
        "title": "A test",
        "price_year": "2024-25",
        "horizon": "3 years",
        "calendar": NEVER_CLOSED,
        "run": {"replications": 3, "seed": 1},
        "staff": {"worker": role()},
        "referrals": {"per_year": 100},
        "pathways": {
            "old": pathway(assess=work("worker", "10 h")),
            "new": pathway(assess=work("worker", "4 h")),
        },
    }
    return usual | parts


def role(headcount: int | None = None, **parts: Any) -> Tree:
    """A role at £60 an hour, unlimited unless a headcount is given."""
    limit = {} if headcount is None else {"headcount": headcount}
    return {"hourly_cost": 60, **limit, **parts}


def work(staff: str, minutes: Any, following: Any = "done", **parts: Any) -> Tree:
    """An activity of one role."""
    return {"staff": {staff: minutes}, "next": following, **parts}


def pathway(**activities: Tree) -> Tree:
    """A pathway that starts at the first activity and ends in `done`."""
    return {"start": next(iter(activities)), "outcomes": ["done"], "activities": activities}


def minutes(mean: float) -> str:
    """A duration as it is written, to the last digit."""
    return f"{mean!r} min"


def exponential(mean: float) -> Tree:
    """An exponential distribution with a mean in minutes."""
    return {"exponential": {"mean": minutes(mean)}}


def write(tree: Tree, folder: Path, name: str = "scenario.yaml") -> Path:
    """Write a scenario with its keys in the order given."""
    path = folder / name
    text = yaml.dump(tree, Dumper=_InFull, sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    return path


def load(tree: Tree, folder: Path) -> costsim.Scenario:
    """The scenario that a dictionary describes."""
    return costsim.load(write(tree, folder))
