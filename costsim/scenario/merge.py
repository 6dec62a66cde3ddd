"""Scenarios and sites that differ from others in a few numbers: what `extends:` means.

Mappings are merged key by key and the nearer file wins; a number, a distribution, a list and a set
of shares are replaced whole; `null` takes a key away. A file may extend another file, a site may
extend another site, and every site has what the top level of the file says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter
from pathlib import Path

from costsim.errors import Place, Problem, ScenarioError
from costsim.scenario import text
from costsim.scenario.distributions import Unsure
from costsim.scenario.lookup import entries
from costsim.scenario.lookup import text as text_of
from costsim.scenario.model import nearest
from costsim.scenario.schema import SITE_KEYS
from costsim.scenario.tree import Entry, Mapping, Node, Scalar

MOST_FILES = 6
ONLY_SITE = "site"
WHOLE_KEYS = frozenset({"next", "need", "eligible", "monthly", "arrive"})
# A URL, a Windows path or share, an absolute path, or a home folder.
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|.*\\|[/~]")
STORY = frozenset({"source", "assumed", "note", "uncertain", "price_year", "year", "grade"})
_VALUE_KEYS = frozenset(Unsure.model_fields) - STORY | {"value"}


def merge(base: Node, over: Node) -> Node:
    """What holds when `over` extends `base`."""
    if not (isinstance(base, Mapping) and isinstance(over, Mapping)):
        return over
    if _is_value(over) and _is_value(base):
        return over
    return _merge_mappings(base, over)


def _merge_mappings(base: Mapping, over: Mapping) -> Mapping:
    entries = dict(base.entries)
    for key, entry in over.entries.items():
        entries[key] = _merge_entry(entries.get(key), entry)
    kept = {key: entry for key, entry in entries.items() if not _is_null(entry.node)}
    return Mapping(kept, over.place)


def _merge_entry(base: Entry | None, over: Entry) -> Entry:
    if base is None or over.key in WHOLE_KEYS:
        return over
    if over.key == "attributes":  # each of them is a set of shares
        both = {**entries(base.node), **entries(over.node)}
        return Entry(over.key, over.key_place, Mapping(both, over.node.place))
    return Entry(over.key, over.key_place, merge(base.node, over.node))


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _is_value(node: Mapping) -> bool:
    """Whether a mapping is one number, distribution or choice by attribute, and its story."""
    said = set(node.entries) - STORY
    return bool(said) and all(key in _VALUE_KEYS or key.startswith("by_") for key in said)


@dataclass(frozen=True)
class Link:
    """An `extends:` at the top of a file: its entry, and the document and path that it is in."""

    entry: Entry
    document: text.Document
    path: Path

    def broken(self, message: str, hint: str) -> ScenarioError:
        """The error for a link that leads nowhere good."""
        place = self.entry.node.place
        line = self.document.text.split("\n")[place.line - 1]
        return ScenarioError([Problem("CS501", message, hint, "extends", place, line)])


def family_of_files(path: Path) -> list[text.Document]:
    """The file and those that it extends, nearest first; `ScenarioError` names a broken chain."""
    paths = [path]
    documents = [text.read_file(path)]
    while (entry := documents[-1].root.entries.get("extends")) is not None:
        link = Link(entry, documents[-1], paths[-1])
        target = _target(link, path.parent)
        _refuse_endless(link, paths, target)
        paths.append(target)
        documents.append(text.read_file(target))
    return documents


def _refuse_endless(link: Link, paths: list[Path], target: Path) -> None:
    """A chain of files must not come back to one of its own, nor be deep."""
    chain = " -> ".join(map(attrgetter("name"), [*paths, target]))
    if target.resolve() in map(Path.resolve, paths):
        raise link.broken(f"extends comes round in a circle: {chain}", "Take out one of the links")
    if len(paths) >= MOST_FILES:
        raise link.broken(f"extends is more than 5 files deep: {chain}", "Take out a link")


def _target(link: Link, folder: Path) -> Path:
    """The file that a link names: a relative name within the scenario's folder."""
    name = text_of(link.entry.node)
    if not name:
        raise link.broken("extends needs the name of one file", "Write extends: base.yaml")
    if _ELSEWHERE.match(name):
        rule = f"extends {name!r} is not a file name relative to this file"
        raise link.broken(rule, "Put the file beside this one and write its name")
    target = link.path.parent / name
    if not target.resolve().is_relative_to(folder.resolve()):
        rule = f"extends {name!r} leads out of the folder of the scenario"
        raise link.broken(rule, "Put the file in the scenario's folder")
    if not target.is_file():
        rule = f"cannot find {name!r}, which this file extends"
        raise link.broken(rule, nearest(name, map(attrgetter("name"), folder.glob("*.y*ml"))))
    return target


def complete(documents: list[text.Document]) -> tuple[Mapping, list[Problem]]:
    """One tree in which every site is whole, and what is wrong with its chain of sites."""
    roots = [document.root for document in reversed(documents)]
    root = reduce(_merge_mappings, roots)
    problems: list[Problem] = []
    common = _without(root, root.entries.keys() - SITE_KEYS)
    head = _without(root, SITE_KEYS | {"extends", "sites"})
    sites = _sites(root, common, problems)
    return Mapping({**head.entries, "sites": sites}, root.place), problems


def _without(node: Node, keys: Set[str]) -> Mapping:
    """A mapping less some keys; anything else is as an empty mapping."""
    return Mapping({k: e for k, e in entries(node).items() if k not in keys}, node.place)


def _sites(root: Mapping, common: Mapping, problems: list[Problem]) -> Entry:
    written = root.entries.get("sites")
    if written is None:
        alone = Entry(ONLY_SITE, root.place, common)
        return Entry("sites", root.place, Mapping({ONLY_SITE: alone}, root.place))
    sites = entries(written.node)
    if not sites:
        return written
    whole = {name: _whole_site(entry, common, sites, problems) for name, entry in sites.items()}
    return Entry("sites", written.key_place, Mapping(whole, written.node.place))


def _whole_site(
    entry: Entry, common: Mapping, sites: dict[str, Entry], problems: list[Problem]
) -> Entry:
    """A site with what it extends and what all sites have."""
    body: Node = common
    for link in reversed(list(_chain(entry, sites, problems))):
        body = merge(body, _without(link.node, {"extends"}))
    return Entry(entry.key, entry.key_place, body)


def _chain(entry: Entry, sites: dict[str, Entry], problems: list[Problem]) -> Iterator[Entry]:
    """The site and those that it extends, nearest first."""
    seen = [entry.key]
    yield entry
    while (link := entries(entry.node).get("extends")) is not None:
        name = text_of(link.node)
        if name not in sites.keys() - seen:
            problems.append(_bad_site(name, seen, set(sites), link.node.place))
            return
        seen.append(name)
        entry = sites[name]
        yield entry


def _bad_site(name: str, seen: list[str], sites: set[str], place: Place) -> Problem:
    path = f"sites.{seen[-1]}.extends"
    if name in seen:
        chain = " -> ".join([*seen, name])
        return Problem("CS501", f"extends comes round in a circle: {chain}",
                       "Take out one of the links", path, place)  # fmt: skip
    return Problem("CS502", f"{name!r} is not a site", nearest(name, sites), path, place)
