"""What matplotlib writes as SVG, made fit to stand in a page among others.

Ids that nothing refers to go, others begin with the figure's name; styles become attributes, which
a content-security policy does not forbid; prolog, comments and metadata go; what the figure says
comes first, for readers who hear it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from xml.etree import ElementTree as ET

from costsim.drawing.text import shown

NAMESPACE = "http://www.w3.org/2000/svg"
FONTS = "Arial, Helvetica, sans-serif"
INK = "#0b0c0c"
SCREEN = 96 / 72
"""Pixels of a screen to a point."""
_REFERENCE = re.compile(r"(?:^href=|url\()#([^)]+)")
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_DROPPED = frozenset({"metadata", "style"})
_NEEDLESS = re.compile(
    r"(?:type|font-family|stroke-miterlimit)=.*|transform=rotate\(-?0 [^)]*\)"
    rf"|stroke-linejoin=round|stroke-linecap=butt|fill=(?:#000000|{INK})|opacity=1"
    r"|text-anchor=start",
    re.DOTALL,
)
"""Attributes that say what is so anyway, or what nothing needs to know."""


@dataclass(frozen=True)
class Alternative:
    """A figure in words: its name, by which its ids begin, title and description."""

    name: str
    title: str
    description: str


def cleaned(written: str, words: Alternative) -> str:
    """The drawing as an element for a page."""
    root = ET.fromstring(written)  # noqa: S314 - what matplotlib has just written
    for element in list(root.iter()):
        element[:] = [child for child in element if _local(child.tag) not in _DROPPED]
        _plain(element)
    _rename(root, words.name)
    _unwrap(root)
    _introduce(root, words)
    return ET.tostring(root, encoding="unicode")


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _plain(element: ET.Element) -> None:
    """An element without namespaces and styles, and without attributes that nothing needs."""
    found = {_local(name): value for name, value in element.attrib.items()}
    found |= dict(_from_style(found.pop("style", "")))
    element.tag = _local(element.tag)
    element.attrib = {
        name: _TIDY.get(name, _rounded)(value)
        for name, value in found.items()
        if not _NEEDLESS.fullmatch(f"{name}={value}")
    }
    element.text, element.tail = (element.text or "").strip(), None


def _rounded(value: str) -> str:
    """A value whose numbers have at most two decimals.

    >>> _rounded("translate(1.23456 7.0001)")
    'translate(1.23 7)'
    """
    return _NUMBER.sub(lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip("."), value)


def _length(value: str) -> str:
    return " ".join(_rounded(value).split()).removesuffix("px")


_TIDY: dict[str, Callable[[str], str]] = {"id": str, "d": _length, "font-size": _length}


def _from_style(style: str) -> Iterator[tuple[str, str]]:
    for each in filter(str.strip, style.split(";")):
        name, _, value = each.partition(":")
        yield name.strip(), value.strip()


def _unwrap(parent: ET.Element) -> None:
    """Groups that say nothing give way to what they hold."""
    held = list(parent)
    for child in held:
        _unwrap(child)
    parent[:] = chain.from_iterable(map(_instead, held))


def _instead(element: ET.Element) -> Iterable[ET.Element]:
    """What an element is worth: nothing, what it holds, or itself."""
    if element.tag == "g" and not element.attrib:
        return list(element)
    nothing = element.tag == "defs" and not len(element)
    return [] if nothing else [element]


@dataclass(frozen=True)
class _Reference:
    """An attribute that refers to an id."""

    element: ET.Element
    attribute: str
    id: str

    def renamed(self, name: str) -> None:
        """Let it refer to another."""
        value = self.element.attrib[self.attribute]
        self.element.set(self.attribute, value.replace(self.id, name))


def _rename(root: ET.Element, name: str) -> None:
    """Ids that are referred to, numbered after the figure's name; others go."""
    references = list(_references(root))
    used = {each.id for each in references}
    ids: dict[str, str] = {}
    for element in root.iter():
        written = element.attrib.pop("id", "")
        if written in used:
            ids[written] = f"{name}-{len(ids) + 1}"
            element.set("id", ids[written])
    for each in references:
        each.renamed(ids[each.id])


def _references(root: ET.Element) -> Iterator[_Reference]:
    """Every attribute that refers to an id."""
    for element in root.iter():
        for name, value in element.attrib.items():
            if found := _REFERENCE.search(f"{name}={value}"):
                yield _Reference(element, name, found[1])


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
