"""Names that must fit together: roles, activities, outcomes, needs, pathways and targets.

These checks read the tree as it is written, so that a misspelt role is reported in the same breath
as a negative duration elsewhere. A pathway must lead from its start to an outcome: an activity
that nothing leads to, or from which no outcome can be reached, is a mistake.
"""

from __future__ import annotations

from collections.abc import Iterator

from costsim.errors import Place, Problem
from costsim.scenario.model import nearest
from costsim.scenario.schema import PUBLISHABLE
from costsim.scenario.tree import Entry, Mapping, Node, Scalar, Sequence

WITHDRAWN = "withdrawn"
Path = tuple[str | int, ...]
Found = Iterator[tuple[Path, Place, str, str, str]]


def check(root: Mapping) -> list[Problem]:
    """Every name in a completed scenario that refers to nothing, with the nearest valid name."""
    problems = []
    comparator = _text(_child(root, "comparator")) or "old"
    for name, site in _entries(_child(root, "sites")):
        for path, place, code, message, hint in _check_site(site, comparator):
            where = ".".join(str(part) for part in ("sites", name, *path))
            problems.append(Problem(code, message, hint, where, place))
    return [*problems, *_check_same_pathways(root), *_check_published(root)]


def _check_site(site: Entry, comparator: str) -> Found:
    node = site.node
    pathways = dict(_entries(_child(node, "pathways")))
    if pathways and comparator not in pathways:
        yield (("pathways",), site.node.place, "CS429",
               f"there is no pathway {comparator!r} to compare with",
               "Name the present pathway old, or write comparator: NAME")  # fmt: skip
    for name, pathway in pathways.items():
        yield from _check_pathway(("pathways", name), pathway.node)
    yield from _check_roles(node)
    yield from _check_attributes(node)
    yield from _check_targets(node)
    yield from _check_take_up(node, pathways.get(comparator))
    yield from _unknown(node, ("running_costs",), set(pathways), "CS434", "a pathway")


def _check_pathway(path: Path, node: Node) -> Found:
    activities = dict(_entries(_child(node, "activities")))
    outcomes = _texts(_child(node, "outcomes"))
    known = set(activities) | set(outcomes)
    start = _child(node, "start")
    if isinstance(start, Scalar) and activities and start.value not in activities:
        yield ((*path, "start"), start.place, "CS420",
               f"{start.text!r} is not an activity of this pathway",
               nearest(start.text, activities))  # fmt: skip
    for name, entry in activities.items():
        for target, where in _branches(_child(entry.node, "next")):
            if target not in known:
                yield ((*path, "activities", name, "next"), where, "CS421",
                       f"{target!r} is neither an activity nor an outcome of this pathway",
                       nearest(target, known))  # fmt: skip
        if name in {*outcomes, WITHDRAWN, "decision"}:
            rule = "also an outcome" if name in outcomes else "a word that costsim uses itself"
            yield ((*path, "activities", name), entry.key_place, "CS422",
                   f"the activity {name!r} is {rule}", "Choose another name")  # fmt: skip
    yield from _check_ways(path, activities, set(outcomes), _text(start))


def _check_ways(path: Path, activities: dict[str, Entry], outcomes: set[str], start: str) -> Found:
    """Every activity can be reached from the start, and can reach an outcome."""
    ways = {n: {t for t, _ in _branches(_child(e.node, "next"))} for n, e in activities.items()}
    if start not in ways or any(
        target not in {*ways, *outcomes} for t in ways.values() for target in t
    ):
        return
    back: dict[str, set[str]] = {name: set() for name in {*ways, *outcomes}}
    for name, targets in ways.items():
        for target in targets:
            back[target].add(name)
    reached = _spread({start}, ways)
    ending = _spread(set(outcomes), back)
    for name in ways:
        where = (*path, "activities", name)
        if name not in reached:
            yield (where, activities[name].key_place, "CS423", f"no way leads to {name!r}",
                   "Name it under next of another activity, or take it out")  # fmt: skip
        elif name not in ending:
            yield (where, activities[name].key_place, "CS424",
                   f"no outcome can be reached from {name!r}: a referral there never ends",
                   "Let one of its branches lead to an outcome")  # fmt: skip


def _spread(names: set[str], ways: dict[str, set[str]]) -> set[str]:
    reached = set(names)
    edge = list(names)
    while edge:
        fresh = ways.get(edge.pop(), set()) - reached
        reached |= fresh
        edge.extend(fresh)
    return reached


def _branches(node: Node | None) -> Iterator[tuple[str, Place]]:
    """Each target that `next` can lead to, with its place; a share of 0% leads nowhere."""
    if isinstance(node, Scalar):
        yield str(node.value), node.place
    for key, entry in _entries(node):
        if key.startswith("by_"):
            for _, choice in _entries(entry.node):
                yield from _branches(choice.node)
        elif _text(entry.node) not in ("0", "0%", "0.0"):
            yield key, entry.key_place


def _check_roles(node: Node) -> Found:
    roles = {name for name, _ in _entries(_child(node, "staff"))}
    for path, mapping in _role_mappings(node):
        for name, entry in _entries(mapping):
            if name not in roles:
                yield ((*path, name), entry.key_place, "CS425",
                       f"{name!r} is not a role under staff", nearest(name, roles))  # fmt: skip


def _role_mappings(node: Node) -> Iterator[tuple[Path, Node | None]]:
    """Every mapping whose keys are roles."""
    for pathway, activity, entry in _activities(node):
        path: Path = ("pathways", pathway, "activities", activity)
        staff = _child(entry.node, "staff")
        turns = staff.items if isinstance(staff, Sequence) else (staff,)
        for turn in turns:
            yield (*path, "staff"), turn
        yield (*path, "meeting", "members"), _child(entry.node, "meeting", "members")
    for phase, entry in _entries(_child(node, "one_off")):
        yield ("one_off", phase, "staff"), _child(entry.node, "staff")


def _activities(node: Node) -> Iterator[tuple[str, str, Entry]]:
    for pathway, entry in _entries(_child(node, "pathways")):
        for activity, inner in _entries(_child(entry.node, "activities")):
            yield pathway, activity, inner


def _check_attributes(node: Node) -> Found:
    referrals = _child(node, "referrals")
    values = {
        n: {v for v, _ in _entries(e.node)} for n, e in _entries(_child(referrals, "attributes"))
    }
    values["need"] = {name for name, _ in _entries(_child(referrals, "need"))}
    for path, entry in _by_keys(node, ()):
        attribute = entry.key.removeprefix("by_")
        if not values.get(attribute):
            known = [f"by_{name}" for name, levels in values.items() if levels]
            yield (path, entry.key_place, "CS426",
                   f"referrals have no attribute {attribute!r}",
                   nearest(entry.key, known))  # fmt: skip
        else:
            yield from _check_levels(path, entry, values[attribute])
    yield from _check_priority(referrals, values["need"])


def _check_priority(referrals: Node | None, needs: set[str]) -> Found:
    listed = _child(referrals, "priority")
    for item in listed.items if isinstance(listed, Sequence) else ():
        if _text(item) not in needs:
            yield (("referrals", "priority"), item.place, "CS432",
                   f"{_text(item)!r} is not a need", nearest(_text(item), needs))  # fmt: skip


def _check_levels(path: Path, entry: Entry, levels: set[str]) -> Found:
    given = dict(_entries(entry.node))
    for name, each in given.items():
        if name not in levels:
            yield ((*path, name), each.key_place, "CS427",
                   f"{name!r} is not a value of {entry.key.removeprefix('by_')!r}",
                   nearest(name, levels))  # fmt: skip
    if missing := sorted(levels - given.keys()):
        yield (path, entry.key_place, "CS428", f"nothing is said for {', '.join(missing)}",
               f"Add a line for {missing[0]}")  # fmt: skip


def _by_keys(node: Node | None, path: Path) -> Iterator[tuple[Path, Entry]]:
    if isinstance(node, Sequence):
        for number, item in enumerate(node.items):
            yield from _by_keys(item, (*path, number))
    for key, entry in _entries(node):
        if key.startswith("by_"):
            yield (*path, key), entry
        else:
            yield from _by_keys(entry.node, (*path, key))


def _check_targets(node: Node) -> Found:
    activities = {activity for _, activity, _ in _activities(node)}
    yield from _unknown(node, ("targets",), activities | {"decision"}, "CS431", "an activity")


def _check_take_up(node: Node, comparator: Entry | None) -> Found:
    target = _child(node, "take_up", "leakage", "to")
    if isinstance(target, Scalar) and comparator is not None:
        known = {name for name, _ in _entries(_child(comparator.node, "activities"))}
        if target.value not in known:
            yield (("take_up", "leakage", "to"), target.place, "CS433",
                   f"{target.text!r} is not an activity of the comparator",
                   nearest(target.text, known))  # fmt: skip


def _unknown(node: Node, path: tuple[str, ...], known: set[str], code: str, what: str) -> Found:
    for name, entry in _entries(_child(node, *path)):
        if known and name not in known:
            yield (
                (*path, name),
                entry.key_place,
                code,
                f"{name!r} is not {what}",
                nearest(name, known),
            )


def _check_same_pathways(root: Mapping) -> Iterator[Problem]:
    sites = list(_entries(_child(root, "sites")))
    names = {n: {p for p, _ in _entries(_child(e.node, "pathways"))} for n, e in sites}
    every = set().union(*names.values()) if names else set()
    for name, entry in sites:
        if missing := sorted(every - names[name]):
            yield Problem("CS430", f"the site {name!r} has no pathway {', '.join(missing)}, "
                          "but another site has", "Give every site the same pathways",
                          f"sites.{name}.pathways", entry.key_place)  # fmt: skip


def _check_published(root: Mapping) -> Iterator[Problem]:
    owners: list[Node] = [root, *(entry.node for _, entry in _entries(_child(root, "sites")))]
    for owner in owners:
        for name, entry in _entries(_child(owner, "published")):
            if name not in PUBLISHABLE:
                rule = f"{name!r} is not a figure that costsim computes"
                where = f"published.{name}"
                yield Problem("CS435", rule, nearest(name, PUBLISHABLE), where, entry.key_place)


def _entries(node: Node | None) -> list[tuple[str, Entry]]:
    return list(node.entries.items()) if isinstance(node, Mapping) else []


def _child(node: Node | None, *path: str) -> Node | None:
    for key in path:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _text(node: Node | None) -> str:
    return str(node.value) if isinstance(node, Scalar) else ""


def _texts(node: Node | None) -> list[str]:
    return [_text(item) for item in node.items] if isinstance(node, Sequence) else []
