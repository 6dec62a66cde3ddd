"""Names that must fit together: roles, activities, outcomes, needs, pathways and targets.

These checks read the tree as it is written, so that a misspelt role is reported in the same breath
as a negative duration elsewhere. A pathway must lead from its start to an outcome: an activity
that nothing leads to, or from which no outcome can be reached, is a mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import chain

from costsim.errors import Place, Problem
from costsim.scenario.lookup import child, entries, items, nodes, scalars, text, walk
from costsim.scenario.model import nearest
from costsim.scenario.schema import PUBLISHABLE
from costsim.scenario.terms import KNOWN_EFFECTS
from costsim.scenario.tree import Entry, Mapping, Node, dotted
from costsim.scenario.ways import backwards, branches, certain, reached_from

RESERVED = frozenset({"withdrawn", "decision"})
NO_ROLES = frozenset({"other", "none"})
NO_SITES = frozenset({"programme"})


@dataclass(frozen=True)
class Use:
    """A name that refers to something: the name, and where it is used."""

    name: str
    place: Place

    @classmethod
    def of(cls, entry: Entry) -> Use:
        """The key of an entry as a use of its name."""
        return cls(entry.key, entry.key_place)


def check(root: Mapping) -> list[Problem]:
    """Every name in a completed scenario that refers to nothing, with the nearest valid name."""
    written = child(root, "comparator")
    comparator = Use(text(written) or "old", written.place)
    problems = [*_same_pathways(entries(root, "sites")), *_published(root), *_effects(root)]
    problems += _taken(entries(root, "sites"), NO_SITES, "a site")
    for site in nodes(root, "sites"):
        problems += _site(site, comparator)
        problems += _taken(entries(site, "staff"), NO_ROLES, "a role")
    return problems


def _unknown(uses: Iterable[Use], known: Iterable[str], code: str, what: str) -> Iterator[Problem]:
    """A problem for each use of a name that is not known."""
    names = set(known)
    for use in uses:
        if use.name not in names:
            rule = f"{use.name!r} is not {what}"
            yield Problem(code, rule, nearest(use.name, names), place=use.place)


def _keys(node: Node, *path: str) -> list[Use]:
    return list(map(Use.of, entries(node, *path).values()))


def _values(node: Node) -> list[Use]:
    return [Use(text(each), each.place) for each in scalars(node)]


def _site(node: Node, comparator: Use) -> Iterator[Problem]:
    pathways = entries(node, "pathways")
    yield from chain.from_iterable(map(_pathway, nodes(node, "pathways")))
    yield from _comparator(pathways, comparator)
    if staff := entries(node, "staff"):
        yield from _unknown(_roles(node), staff, "CS425", "a role under staff")
    yield from _attributes(node)
    targets = _activity_names(node) | {"decision"}
    yield from _unknown(_keys(node, "targets"), targets, "CS431", "an activity, nor `decision`")
    there = [
        *_values(child(node, "take_up", "leakage", "to")),
        *_keys(node, "referrals", "backlog"),
    ]
    old = entries(node, "pathways", comparator.name, "activities")
    yield from _unknown(there, old, "CS433", f"an activity of the {comparator.name} pathway")
    yield from _unknown(_keys(node, "running_costs"), pathways, "CS434", "a pathway")


def _comparator(pathways: dict[str, Entry], comparator: Use) -> Iterator[Problem]:
    if pathways and comparator.name not in pathways:
        rule = f"there is no pathway {comparator.name!r} to compare with"
        hint = f"{nearest(comparator.name, pathways)}; or write comparator: with one of these names"
        places = (comparator.place, *sorted(entry.key_place for entry in pathways.values()))
        yield Problem("CS429", rule, hint, place=next(place for place in places if place.line))


def _pathway(node: Node) -> Iterator[Problem]:
    activities = entries(node, "activities")
    outcomes = set(map(text, scalars(child(node, "outcomes"))))
    known = {*activities, *outcomes}
    arrows = branches(node)
    start = _values(child(node, "start"))
    leads = [Use(arrow.target, arrow.place) for arrow in arrows]
    lost = [
        *_unknown(start[: len(activities)], activities, "CS420", "an activity of this pathway"),
        *_unknown(leads, known, "CS421", "an activity or an outcome of this pathway"),
    ]
    yield from lost
    yield from _names_taken(activities, outcomes)
    for use in _values(child(node, "outcomes")):
        if use.name in RESERVED:
            rule = f"{use.name!r} is a word that costsim uses itself"
            yield Problem("CS422", rule, "Choose another name", place=use.place)
    complete = all(entries(activity.node).get("next") for activity in activities.values())
    if start and complete and not lost:
        yield from _dead_ends(activities, reached_from({start[0].name}, arrows),
                              reached_from(outcomes, backwards(certain(arrows))))  # fmt: skip


def _names_taken(activities: dict[str, Entry], outcomes: set[str]) -> Iterator[Problem]:
    for name in activities.keys() & (outcomes | RESERVED):
        rule = f"the activity {name!r} has the name of an outcome, or a word that costsim uses"
        yield Problem("CS422", rule, "Choose another name", place=activities[name].key_place)


def _taken(named: dict[str, Entry], words: Set[str], what: str) -> Iterator[Problem]:
    """Names that costsim uses itself in its tables."""
    for name in named.keys() & words:
        rule = f"{name!r} cannot be the name of {what}: costsim uses that word itself"
        yield Problem("CS422", rule, "Choose another name", place=named[name].key_place)


def _dead_ends(
    activities: dict[str, Entry], reached: set[str], ending: set[str]
) -> Iterator[Problem]:
    """Activities that no way leads to, and those that lead to no outcome."""
    for name in activities.keys() - reached:
        hint = "Name it under next of another activity, or take it out"
        yield Problem("CS423", f"no way leads to {name!r}", hint, place=activities[name].key_place)
    for name in activities.keys() & reached - ending:
        rule = f"no outcome can be reached from {name!r}: a referral there never ends"
        hint = "Let one of its branches lead to an outcome"
        yield Problem("CS424", rule, hint, place=activities[name].key_place)


def _activities(node: Node) -> Iterator[tuple[str, Node]]:
    for pathway in nodes(node, "pathways"):
        for name, activity in entries(pathway, "activities").items():
            yield name, activity.node


def _activity_names(node: Node) -> set[str]:
    return {name for name, _ in _activities(node)}


def _roles(node: Node) -> Iterator[Use]:
    """Every use of a role: in turns of staff, as members of meetings, in the one-off cost."""
    for _, activity in _activities(node):
        yield from chain.from_iterable(map(_keys, items(child(activity, "staff"))))
        yield from _keys(activity, "meeting", "members")
    for phase in nodes(node, "one_off"):
        yield from _keys(phase, "staff")


def _attributes(node: Node) -> Iterator[Problem]:
    """`by_need:` and its like name an attribute, and say something for each of its values."""
    known = _known_levels(child(node, "referrals"))
    uses = [entry for entry in walk(node) if entry.key.startswith("by_")]
    yield from _unknown(map(Use.of, uses), known, "CS426", "an attribute of the referrals")
    for entry in uses:
        yield from _levels(entry, known.get(entry.key, set()))
    priority = _values(child(node, "referrals", "priority"))
    yield from _unknown(priority, known.get("by_need", ()), "CS432", "a need")


def _known_levels(referrals: Node) -> dict[str, set[str]]:
    """The values of each attribute that has any, by the key that names it, such as `by_need`."""
    attributes = entries(referrals, "attributes")
    known = {name: set(entries(entry.node)) for name, entry in attributes.items()}
    known["need"] = set(entries(referrals, "need"))
    return {f"by_{name}": values for name, values in known.items() if values}


def _levels(entry: Entry, levels: set[str]) -> Iterator[Problem]:
    if not levels:
        return
    yield from _unknown(_keys(entry.node), levels, "CS427", f"a value of {entry.key[3:]!r}")
    if missing := sorted(levels - entries(entry.node).keys()):
        rule = f"nothing is said for {', '.join(missing)}"
        yield Problem("CS428", rule, f"Add a line for {missing[0]}", place=entry.key_place)


def _same_pathways(sites: dict[str, Entry]) -> Iterator[Problem]:
    names = {name: set(entries(site.node, "pathways")) for name, site in sites.items()}
    every = set[str]().union(*names.values())
    for name, site in sites.items():
        if missing := sorted(every - names[name]):
            rule = f"the site {name!r} has no pathway {', '.join(missing)}, but another site has"
            hint = "Give every site the same pathways"
            yield Problem("CS430", rule, hint, dotted(("sites", name)), site.key_place)


def _published(root: Mapping) -> Iterator[Problem]:
    for owner in (root, *nodes(root, "sites")):
        uses = _keys(owner, "published")
        yield from _unknown(uses, PUBLISHABLE, "CS435", "a figure that costsim computes")


def _effects(root: Mapping) -> Iterator[Problem]:
    """An effect is one that costsim knows, or scores outcomes of some pathway."""
    known = {
        text(each)
        for site in nodes(root, "sites")
        for pathway in nodes(site, "pathways")
        for each in scalars(child(pathway, "outcomes"))
    }
    for name, entry in entries(root, "effects").items():
        scores = entries(entry.node, "scores")
        yield from _unknown(map(Use.of, scores.values()), known, "CS448", "an outcome of a pathway")
        if bool(scores) == (name in KNOWN_EFFECTS):
            rule = "needs no scores" if scores else "scores nothing: there is no such effect"
            hint = "Take them out" if scores else _advised(name)
            yield Problem("CS447", f"{name!r} {rule}", hint, place=entry.key_place)


def _advised(name: str) -> str:
    close = nearest(name, KNOWN_EFFECTS)
    score = "Give scores: {OUTCOME: 1}"
    return f"{close} {score}" if close.startswith("Did you mean") else score
