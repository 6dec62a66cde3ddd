"""The ways through a pathway: which activities lead where, as names and arrows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from costsim import units
from costsim.errors import Place
from costsim.scenario.lookup import child, entries, nodes, text
from costsim.scenario.tree import Node, Scalar


@dataclass(frozen=True)
class Branch:
    """One arrow: the activity it leaves, the name it leads to, and where that is written.

    It is `doubtful` if nothing goes that way unless an uncertain share turns out above 0%.
    """

    source: str
    target: str
    place: Place
    doubtful: bool = False


def branches(pathway: Node) -> list[Branch]:
    """Every arrow of a pathway; a share of 0% that is not uncertain leads nowhere."""
    found = []
    for name, activity in entries(pathway, "activities").items():
        leads = _targets(child(activity.node, "next"))
        found += [Branch(name, *lead) for lead in leads]
    return found


def _targets(node: Node) -> Iterator[tuple[str, Place, bool]]:
    if isinstance(node, Scalar):
        yield text(node), node.place, False
    for key, entry in entries(node).items():
        if key.startswith("by_"):
            yield from chain.from_iterable(map(_targets, nodes(entry.node)))
        elif not (nothing := _nothing(entry.node)) or entries(entry.node).get("uncertain"):
            yield key, entry.key_place, nothing


def _nothing(node: Node) -> bool:
    """Whether a share is written as nothing: 0, 0%, or {value: 0%}."""
    try:
        return units.share(text(child(node, "value")) or text(node)) == 0
    except ValueError:
        return False  # what it is, its own validator says


def reached_from(starts: set[str], arrows: list[Branch]) -> set[str]:
    """Every name that can be reached from the starts, and the starts."""
    reached = set(starts)
    fresh = reached
    while fresh:
        fresh = {arrow.target for arrow in arrows if arrow.source in fresh} - reached
        reached = reached | fresh
    return reached


def certain(arrows: list[Branch]) -> list[Branch]:
    """Those arrows by which something goes whatever uncertain shares turn out to be."""
    return [arrow for arrow in arrows if not arrow.doubtful]


def backwards(arrows: list[Branch]) -> list[Branch]:
    """The same arrows turned round."""
    return [Branch(arrow.target, arrow.source, arrow.place) for arrow in arrows]
