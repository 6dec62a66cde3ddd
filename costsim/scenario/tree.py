"""The tree of a scenario's text: every value that was written, and where it was written.

A scenario is read into three kinds of node: a mapping of keys to nodes, a sequence of nodes, and
a scalar, which is one word, number or text. Every node knows its file, line and column, so that
whoever finds fault with a value later on can point at it. The tree is grown here from the events
of a YAML parser, in which nothing is ever constructed, expanded or run.
"""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from costsim.errors import Place, Problem
from costsim.scenario import characters
from costsim.scenario.characters import Grouped, Source, Value, shortened

Path: TypeAlias = tuple[str | int, ...]
Index: TypeAlias = dict[Path, Place]

DEEPEST = 20
"""Levels of nesting; a scenario needs about ten."""

MOST_NODES = 50_000
"""Keys, values and lists in one text; a scenario has some hundreds."""

# The parser in C where PyYAML has it.
_Events = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Scalar:
    """One value: what it means, the characters written (without quotes), and its place.

    `quoted` is true of text in quotes and of block text after | or >: its value is always `text`.
    """

    value: Value
    text: str
    quoted: bool
    place: Place


@dataclass(frozen=True)
class Sequence:
    """A list of nodes, in the order written."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True)
class Entry:
    """One `key: value` line: the key as text, where the key stands, and the value's node."""

    key: str
    key_place: Place
    node: Node

    @property
    def telling_place(self) -> Place:
        """Where to point for what is written here: at a single value, else at the key."""
        return self.node.place if isinstance(self.node, Scalar) else self.key_place


@dataclass(frozen=True)
class Mapping:
    """Keys and their values, in the order written; a key is always text, whatever it looks like."""

    entries: abc.Mapping[str, Entry]
    place: Place

    def get(self, key: str) -> Node | None:
        """The node under `key`, or None when the key was not written."""
        entry = self.entries.get(key)
        return entry.node if entry else None


Node: TypeAlias = Scalar | Sequence | Mapping
Plain: TypeAlias = "Value | list[Plain] | dict[str, Plain]"


def plain(node: Node) -> Plain:
    """The same tree as nested dictionaries, lists and values, without places.

    >>> here = Place("example.yaml", 1, 1)
    >>> plain(Sequence((Scalar(40, "40", False, here), Scalar("60%", "60%", False, here)), here))
    [40, '60%']
    """
    return rebuilt(node, lambda _, values: values)  # type: ignore[no-any-return]


def rebuilt(node: Node, of_mapping: abc.Callable[[Mapping, dict[str, Any]], Any]) -> Any:
    """The same tree as plain values, but each mapping made of itself and its rebuilt values."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [rebuilt(item, of_mapping) for item in node.items]
    values = {key: rebuilt(entry.node, of_mapping) for key, entry in node.entries.items()}
    return of_mapping(node, values)


def parts(node: Node) -> dict[Any, Entry]:
    """What stands right below a node: a mapping's lines by key, a list's items by position."""
    if isinstance(node, Sequence):
        return {n: Entry(str(n), item.place, item) for n, item in enumerate(node.items)}
    return dict(node.entries) if isinstance(node, Mapping) else {}


def is_blank(node: Node | None) -> bool:
    """Whether nothing at all is written where a value could be."""
    return isinstance(node, Scalar) and not (node.text or node.quoted)


def index(node: Node) -> tuple[Index, Index]:
    """Where every value and every key stands, by its path from `node`: (values, keys).

    A path is a tuple of keys and of positions counted from 0, such as ("need", "lower"); the path
    of `node` itself is (). Point at the value's place for a bad value, at the key's for a bad key.
    """
    values: Index = {}
    keys: Index = {}
    _fill(values, keys, (), node)
    return values, keys


def _fill(values: Index, keys: Index, path: Path, node: Node) -> None:
    values[path] = node.place
    for step, entry in parts(node).items():
        if isinstance(node, Mapping):
            keys[*path, step] = entry.key_place
        _fill(values, keys, (*path, step), entry.node)


def dotted(path: abc.Iterable[str | int]) -> str:
    """A path as people write it.

    >>> dotted(("staff", "social_worker", "pert", 0))
    'staff.social_worker.pert.0'
    """
    return ".".join(str(step) for step in path)


@dataclass(frozen=True)
class Growth:
    """What came of growing a tree: its root, the problems met, and the parser's own complaint.

    `root` is None when the text is empty or growing had to stop; `reached` is where it got to.
    """

    root: Node | None
    problems: list[Problem]
    complaint: Exception | None
    reached: Place


def grow(source: Source, readable: str) -> Growth:
    """Grow the tree of `readable`, which is `source`'s text with every character in its column."""
    grower = _Grower(source, readable)
    root = grower.root()
    return Growth(root, grower.problems, grower.complaint, grower.here)


class _EnoughError(Exception):
    """Growing cannot or should not go on."""


_IN_FULL = "Write the value out in full where it is needed; text such as *this* goes in quotes."
_ONE_SCENARIO = "Keep one scenario in one file, and delete the line of --- or ... before this."
_AS_A_WORD = "Write a name before the colon; if this is text with { or [ in it, put it in quotes."
_NO_ESCAPE = "Take the code that starts with \\ out of the text, or use single quotes."
_AS_TEXT = "Delete the tag; if the ! belongs to text, put the text in quotes."


class _Grower:
    def __init__(self, source: Source, readable: str) -> None:
        self.problems: list[Problem] = []
        self.complaint: Exception | None = None
        self.here = Place(source.name, 1, 1)
        self._source = source
        self._events = _Events(readable)
        self._reported: set[tuple[str, Place]] = set()
        self._path: list[str | int] = []
        self._depth = 0
        self._nodes = 0

    def root(self) -> Node | None:
        try:
            self._next()
            root = self._document() if self._begins() else None
            if root and self._begins():
                self._report("CS112", "A second scenario begins here", _ONE_SCENARIO)
            return root
        except _EnoughError:
            return None

    def _begins(self) -> bool:
        return isinstance(self._next(), yaml.DocumentStartEvent)

    def _document(self) -> Node:
        root = self._node(self._next())
        self._next()
        return root

    def _next(self) -> yaml.Event:
        # PyYAML's parser in pure Python lets a ValueError of chr() through.
        try:
            event: yaml.Event = self._events.get_event()
        except (yaml.YAMLError, ValueError) as error:
            self.complaint = error
            raise _EnoughError from None
        if mark := event.start_mark:
            self.here = Place(self._source.name, mark.line + 1, mark.column + 1)
        return event

    def _report(self, code: str, message: str, hint: str, place: Place | None = None) -> None:
        at = place or self.here
        if (code, at) in self._reported:
            return
        self._reported.add((code, at))
        path = dotted(self._path)
        self.problems.append(self._source.problem(code, message, hint, at, path=path))
        if len(self.problems) >= characters.MOST_PROBLEMS:
            raise _EnoughError

    def _give_up(self, code: str, message: str, hint: str) -> None:
        self._report(code, message, hint)
        raise _EnoughError

    def _node(self, event: yaml.Event) -> Node:
        self._admit(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.AliasEvent):
            return Scalar(None, f"*{event.anchor}", False, self.here)
        return self._group(event)

    def _admit(self, event: yaml.Event) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            message = f"The file holds more than {MOST_NODES:,} keys and values"
            self._give_up("CS114", message, "Keep long lists of data in a CSV file.")
        if getattr(event, "anchor", None) is not None:
            self._report("CS132", "Anchors (&name) and aliases (*name) are not read", _IN_FULL)
        if getattr(event, "tag", None) is not None:
            self._report("CS134", "Tags (words that start with !) are not allowed", _AS_TEXT)

    def _group(self, event: yaml.Event) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            message = f"The file is nested more than {DEEPEST} levels deep"
            self._give_up("CS113", message, "Look for brackets that are opened and never closed.")
        mapping = isinstance(event, yaml.MappingStartEvent)
        node = self._mapping(self.here) if mapping else self._sequence(self.here)
        self._depth -= 1
        return node

    def _sequence(self, place: Place) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            self._path.append(len(items))
            items.append(self._node(event))
            self._path.pop()
        return Sequence(tuple(items), place)

    def _mapping(self, place: Place) -> Mapping:
        entries: dict[str, Entry] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key_place = self.here
            key = self._key(event)
            self._path.append("?" if key is None else key)
            node = self._node(self._next())
            if key is not None:
                self._enter(entries, Entry(key, key_place, node))
            self._path.pop()
        return Mapping(entries, place)

    def _enter(self, entries: dict[str, Entry], entry: Entry) -> None:
        number = self._source.number_across(entry.key_place) if is_blank(entry.node) else None
        if number:
            self._report_commas(number)
        elif entry.key in entries:
            first = entries[entry.key].key_place.line
            message = f'"{shortened(entry.key)}" was already given on line {first}'
            hint = "Keep one of the two, or give this one another name."
            self._report("CS130", message, hint, entry.key_place)
        else:
            entries[entry.key] = entry

    def _key(self, event: yaml.Event) -> str | None:
        """The key as text, or None when it is reported as unfit to be one."""
        if not isinstance(event, yaml.ScalarEvent):
            self._report("CS131", "A key must be a word, not a list or a group", _AS_A_WORD)
            self._node(event)
            return None
        self._admit(event)
        if event.style:
            return self._printable(event.value)
        return self._plain_key(event.value)

    def _plain_key(self, text: str) -> str | None:
        if characters.is_null(text):
            self._report("CS131", f'A key must be a word, not "{text}"', _AS_A_WORD)
            return None
        if text == "<<":
            self._report("CS133", "Merge keys (<<) are not read", _IN_FULL)
            return None
        self._straight_quotes(text)
        return text

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        if event.style:
            return Scalar(self._printable(event.value), event.value, True, self.here)
        self._straight_quotes(event.value)
        return Scalar(self._plain_value(event.value), event.value, False, self.here)

    def _plain_value(self, text: str) -> Value:
        number = self._source.number_across(self.here)
        # A list such as [1,200] is two numbers; after £, or before 000, it can only be one.
        if number and (number.written[0] in characters.CURRENCY or text[0] == "0"):
            self._report_commas(number)
            return None
        try:
            return characters.plain_value(text)
        except characters.UnclearValueError as unclear:
            self._report(unclear.code, str(unclear), unclear.hint)
            return None

    def _printable(self, text: str) -> str | None:
        hidden = characters.unprintable(text)
        if not hidden:
            return text
        self._report("CS106", f"This text holds a {hidden}, which does not print", _NO_ESCAPE)
        return None

    def _straight_quotes(self, text: str) -> None:
        if characters.curly_quoted(text):
            self._report(*characters.curly_quotes(self._source, self.here))

    def _report_commas(self, number: Grouped) -> None:
        """The number is cut in two by its comma, so it belongs to what holds the pieces."""
        step = self._path.pop()
        ordinary = number.written.replace(",", "")
        message = f'"{number.written}" is cut at its comma inside brackets'
        hint = f"Write {ordinary} without the comma, or put it in quotes."
        self._report("CS144", message, hint, number.place)
        self._path.append(step)
