"""Times and staff on the screen: how long decisions take under each pathway, and who is busy."""

from __future__ import annotations

from costsim.report.screen import Screen
from costsim.results.metrics import Timeliness
from costsim.words import number, percentage, plain_name, transposed


def show(screen: Screen, found: Timeliness) -> None:
    """Print a line for each figure that there is, and a column for each pathway."""
    worlds = list(found.time_to_decision_days)
    columns = [_column(found, world) for world in worlds]
    rows = [row for row in transposed(columns) if any(row[1:])]
    screen.table(("Time", *worlds), rows)


def _column(found: Timeliness, world: str) -> dict[str, str]:
    working = found.time_to_decision_days[world]
    calendar = found.time_to_decision_calendar_days[world]
    figures = {
        "Decision after, working days": number(working.mean.value, 1),
        "Decision after, calendar days": number(calendar.mean.value, 1),
        "9 in 10 decided within, working days": number(working.p90.value, 1),
        "Decided within the target": percentage(found.within_target[world].value),
    }
    for name, shares in found.other_targets.items():
        figures[f"Within the target for {plain_name(name)}"] = percentage(shares[world].value)
    for role, used in found.utilisation[world].items():
        figures[f"Time in use, {plain_name(role)}"] = percentage(used.value)
    for name, shares in found.outcome_share.items():
        figures[f"Ended in {plain_name(name)}"] = percentage(shares[world].value)
    return figures | {"Withdrawn": percentage(found.withdrawn_share[world].value or None)}
