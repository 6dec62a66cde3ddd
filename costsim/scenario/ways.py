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
    """One arrow: the activity it leaves, the name it leads to, and where that is written."""

    source: str
    target: str
    place: Place


def branches(pathway: Node) -> list[Branch]:
    """Every arrow of a pathway; a share of 0% leads nowhere."""
    found = []
    for name, activity in entries(pathway, "activities").items():
        leads = _targets(child(activity.node, "next"))
        found += [Branch(name, target, place) for target, place in leads]
    return found


def _targets(node: Node) -> Iterator[tuple[str, Place]]:
    if isinstance(node, Scalar):
        yield text(node), node.place
    for key, entry in entries(node).items():
        if key.startswith("by_"):
            yield from chain.from_iterable(map(_targets, nodes(entry.node)))
        elif not _nothing(entry.node):
            yield key, entry.key_place


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


def backwards(arrows: list[Branch]) -> list[Branch]:
    """The same arrows turned round."""
    return [Branch(arrow.target, arrow.source, arrow.place) for arrow in arrows]
