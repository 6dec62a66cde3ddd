"""What matplotlib writes as SVG, made fit to stand in a page among others.

Ids that nothing refers to go, others begin with the figure's name; styles become attributes, which
a content-security policy does not forbid; prolog, comments and metadata go; what the figure says
comes first, for readers who hear it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from costsim.report.figures.text import shown

NAMESPACE = "http://www.w3.org/2000/svg"
FONTS = "Arial, Helvetica, sans-serif"
INK = "#0b0c0c"
SCREEN = 96 / 72
"""Pixels of a screen to a point."""
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_UNTURNED = re.compile(r"^rotate\(-?0 [^)]*\)$")
_LENGTHS = frozenset({"d", "font-size"})
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_DROPPED = frozenset({"metadata", "style"})
_FORGOTTEN = frozenset({"type", "font-family", "stroke-miterlimit"})
_DEFAULTS = frozenset({
    ("stroke-linejoin", "round"), ("stroke-linecap", "butt"), ("fill", "#000000"), ("opacity", "1"),
    ("text-anchor", "start"), ("fill", INK),
})  # fmt: skip


@dataclass(frozen=True)
class Alternative:
    """A figure in words: its name, by which its ids begin, title and description."""

    name: str
    title: str
    description: str


def cleaned(written: str, words: Alternative) -> str:
    """The drawing as an element for a page."""
    root = ET.fromstring(written)  # noqa: S314 - what matplotlib has just written
    for parent in list(root.iter()):
        for child in list(parent):
            if _local(child.tag) in _DROPPED:
                parent.remove(child)
    for element in root.iter():
        element.tag = _local(element.tag)
        _plain_attributes(element)
    _rename(root, words.name)
    _unwrap(root)
    _introduce(root, words)
    return ET.tostring(root, encoding="unicode")


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _plain_attributes(element: ET.Element) -> None:
    """Attributes without namespaces and styles, and without what is so anyway."""
    found = {_local(name): value for name, value in element.attrib.items()}
    found |= dict(_from_style(found.pop("style", "")))
    if _UNTURNED.match(found.get("transform", "")):
        del found["transform"]
    element.attrib.clear()
    element.attrib.update(
        {
            name: _NUMBER.sub(_rounded, value) if name != "id" else value
            for name, value in found.items()
            if (name, value) not in _DEFAULTS and name not in _FORGOTTEN
        }
    )
    for name in _LENGTHS & element.attrib.keys():
        element.set(name, " ".join(element.attrib[name].split()).removesuffix("px"))
    element.text, element.tail = (element.text or "").strip() or None, None


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number.group()):.2f}".rstrip("0").rstrip(".")


def _from_style(style: str) -> Iterator[tuple[str, str]]:
    for each in filter(str.strip, style.split(";")):
        name, _, value = each.partition(":")
        yield name.strip(), value.strip()


def _unwrap(parent: ET.Element) -> None:
    """Groups that say nothing give way to what they hold."""
    for child in list(parent):
        _unwrap(child)
        if child.tag in ("g", "defs") and not child.attrib:
            place = list(parent).index(child)
            parent.remove(child)
            if child.tag == "g":
                parent[place:place] = list(child)
            elif len(child):
                parent.insert(place, child)


def _rename(root: ET.Element, name: str) -> None:
    """Ids that are referred to, numbered after the figure's name; others go."""
    used = {found for _, _, found in _references(root)}
    ids: dict[str, str] = {}
    for element in root.iter():
        written = element.attrib.pop("id", None)
        if written in used:
            ids[written] = f"{name}-{len(ids) + 1}"
            element.set("id", ids[written])
    for element, key, found in list(_references(root)):
        element.set(key, element.attrib[key].replace(found, ids[found]))


def _references(root: ET.Element) -> Iterator[tuple[ET.Element, str, str]]:
    """Every attribute that refers to an id: its element, its name, and the id."""
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "href":
                yield element, key, value.removeprefix("#")
            elif found := _REFERENCE.search(value):
                yield element, key, found[1]


def _introduce(root: ET.Element, words: Alternative) -> None:
    """What the element is, how large, and what it says."""
    _, _, wide, tall = map(float, root.attrib["viewBox"].split())
    drawn = list(root)
    root.clear()
    title, description = ET.SubElement(root, "title"), ET.SubElement(root, "desc")
    title.text, description.text = shown(words.title), shown(words.description)
    ids = {f"{words.name}-title": title, f"{words.name}-desc": description}
    for each, element in ids.items():
        element.set("id", each)
    root.extend(drawn)
    root.attrib.update(
        {
            "xmlns": NAMESPACE,
            "viewBox": f"0 0 {wide:g} {tall:g}",
            "width": f"{wide * SCREEN:.0f}",
            "height": f"{tall * SCREEN:.0f}",
            "role": "img",
            "aria-labelledby": " ".join(ids),
            "font-family": FONTS,
            "stroke-linejoin": "round",
            "fill": INK,
        }
    )
