"""Drawings that were kept as SVG, made fit to stand in a page again.

A drawing that somebody else may have written goes in only if it draws and does nothing else: no
scripts, no documents within it, no handlers of events, nothing fetched. Its ids are made its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from costsim.drawing.markup import NAMESPACE, Alternative, cleaned

_ELEMENTS = frozenset({
    "svg", "g", "defs", "path", "use", "text", "tspan", "clipPath", "pattern", "rect", "circle",
    "ellipse", "line", "polyline", "polygon", "title", "desc",
})  # fmt: skip
_ATTRIBUTES = frozenset({
    "id", "d", "x", "y", "dx", "dy", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "width",
    "height", "viewBox", "points", "transform", "fill", "fill-opacity", "fill-rule", "opacity",
    "stroke", "stroke-width", "stroke-opacity", "stroke-linecap", "stroke-linejoin",
    "stroke-dasharray", "stroke-dashoffset", "stroke-miterlimit", "clip-path", "clip-rule",
    "clipPathUnits", "patternUnits", "patternTransform", "font-family", "font-size", "font-weight",
    "font-style", "text-anchor", "version", "preserveAspectRatio", "href",
    "{http://www.w3.org/1999/xlink}href",
})  # fmt: skip
"""What a drawing of costsim's own is made of, and a little more."""
_FOREIGN = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_BOX = re.compile(r"0 0 [0-9.]+ [0-9.]+")
_URL = re.compile(r"url\s*\(", re.IGNORECASE)
_OWN = re.compile(r"url\(#([^)\s]+)\)")
_STRANGE = re.compile(r"[:\\@]")
"""What begins an address, escapes a letter of `url`, or begins a rule of style."""


def fit(written: str, words: Alternative) -> str:
    """A stored drawing as an element for a page, whose ids begin with the name in `words`.

    Raises ValueError for what is no SVG, or does anything but draw.

    >>> fit("<p>words</p>", Alternative("name", "title", "description"))
    Traceback (most recent call last):
    ValueError: its root is no svg element
    """
    if _FOREIGN.search(written):
        raise ValueError("it declares a document type or entities")
    try:
        root = ET.fromstring(written)  # noqa: S314 - it declares no entities
    except ET.ParseError as error:
        raise ValueError(f"it is no XML: {error}") from error
    for name in ("role", "aria-labelledby"):  # which it is given anew
        root.attrib.pop(name, None)
    _only_draws(root)
    root[:] = [child for child in root if _own_name(child) not in {"title", "desc"}]
    return cleaned(ET.tostring(root, encoding="unicode"), words)


def _only_draws(root: ET.Element) -> None:
    """Raise ValueError for an element, an attribute or a reference that a drawing does not need."""
    if root.tag != f"{{{NAMESPACE}}}svg" or not _BOX.fullmatch(root.get("viewBox", "")):
        raise ValueError("its root is no svg element")
    ids = {element.get("id") for element in root.iter()}
    for element in root.iter():
        if _own_name(element) not in _ELEMENTS:
            raise ValueError(f"it holds a {element.tag} element")
        for name, value in element.attrib.items():
            if name not in _ATTRIBUTES or _STRANGE.search(value):
                raise ValueError(f"it has the attribute {name}={value}")
            if not ids.issuperset(_referred(name, value)):
                raise ValueError(f"its attribute {name} refers to something else: {value}")


def _own_name(element: ET.Element) -> str:
    """The name of an element of SVG; that of another with its namespace."""
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def _referred(name: str, value: str) -> Iterator[str]:
    """The ids that an attribute refers to; all of it where it refers to no id."""
    if name.endswith("href"):
        yield value.removeprefix("#") if value.startswith("#") else value
    elif _URL.search(value):
        own = _OWN.fullmatch(value)
        yield own[1] if own else value
