"""Looking things up in the tree of a scenario, where anything may be missing or of another kind.

What is not there is an empty mapping or an empty text, so that a question about half a scenario has
an answer: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from costsim.errors import NOWHERE
from costsim.scenario.tree import Entry, Mapping, Node, Scalar, Sequence, parts

NOTHING = Mapping({}, NOWHERE)


def child(node: Node, *path: str) -> Node:
    """The node at the end of a path of keys."""
    for key in path:
        found = node.get(key) if isinstance(node, Mapping) else None
        node = found or NOTHING
    return node


def entries(node: Node, *path: str) -> dict[str, Entry]:
    """The entries of the mapping at the end of a path of keys."""
    found = child(node, *path)
    return dict(found.entries) if isinstance(found, Mapping) else {}


def nodes(node: Node, *path: str) -> tuple[Node, ...]:
    """The values of the mapping at the end of a path of keys."""
    return tuple(entry.node for entry in entries(node, *path).values())


def items(node: Node) -> tuple[Node, ...]:
    """The items of a list; a node that is no list stands for itself alone."""
    return node.items if isinstance(node, Sequence) else (node,)


def text(node: Node) -> str:
    """A scalar as text; nothing for anything else."""
    return str(node.value) if isinstance(node, Scalar) else ""


def scalars(node: Node) -> Iterator[Scalar]:
    """The node itself, or each item of a list, as far as they are scalars."""
    return (item for item in items(node) if isinstance(item, Scalar))


def walk(node: Node) -> Iterator[Entry]:
    """Every entry of every mapping, and every item of every list, below a node."""
    for entry in parts(node).values():
        yield entry
        yield from walk(entry.node)
