"""Drawings that were kept as SVG, made fit to stand in a page again.

A drawing that somebody else may have written goes in only if it draws and does nothing else: no
scripts, no documents within it, no handlers of events, nothing fetched. Its ids are made its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from costsim.drawing.markup import NAMESPACE, Alternative, cleaned

_SVG = f"{{{NAMESPACE}}}"
_WORDS = frozenset({f"{_SVG}title", f"{_SVG}desc"})
_ELEMENTS = frozenset(map(_SVG.__add__, (
    "svg", "g", "defs", "path", "use", "text", "tspan", "clipPath", "pattern", "rect", "circle",
    "ellipse", "line", "polyline", "polygon", "title", "desc",
)))  # fmt: skip
_HREFS = frozenset({"href", "{http://www.w3.org/1999/xlink}href"})
_ATTRIBUTES = _HREFS | {
    "id", "d", "x", "y", "dx", "dy", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "width",
    "height", "viewBox", "points", "transform", "fill", "fill-opacity", "fill-rule", "opacity",
    "stroke", "stroke-width", "stroke-opacity", "stroke-linecap", "stroke-linejoin",
    "stroke-dasharray", "stroke-dashoffset", "stroke-miterlimit", "clip-path", "clip-rule",
    "clipPathUnits", "patternUnits", "patternTransform", "font-family", "font-size", "font-weight",
    "font-style", "text-anchor", "version", "preserveAspectRatio",
}  # fmt: skip
"""What a drawing of costsim's own is made of, and a little more."""
_FOREIGN = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_BOX = re.compile(r"0 0 [0-9.]+ [0-9.]+")
_URL = re.compile(r"url\s*\(", re.IGNORECASE)
_STRANGE = re.compile(r"[:\\@]")
"""What begins an address, escapes a letter of `url`, or begins a rule of style."""


def fit(written: str, words: Alternative) -> str:
    """A stored drawing as an element for a page, whose ids begin with the name in `words`.

    Raises ValueError for what is no SVG, or does anything but draw.

    >>> fit("<p>words</p>", Alternative("name", "title", "description"))
    Traceback (most recent call last):
    ValueError: its root is no svg element with a box
    """
    root = _parsed(written)
    for name in ("role", "aria-labelledby"):  # which it is given anew
        root.attrib.pop(name, None)
    for fault in _faults(root):
        raise ValueError(fault)
    root[:] = [child for child in root if child.tag not in _WORDS]
    return cleaned(ET.tostring(root, encoding="unicode"), words)


def _parsed(written: str) -> ET.Element:
    if _FOREIGN.search(written):
        raise ValueError("it declares a document type or entities")
    try:
        return ET.fromstring(written)  # noqa: S314 - it declares no entities
    except ET.ParseError as error:
        raise ValueError(f"it is no XML: {error}") from error


def _faults(root: ET.Element) -> Iterator[str]:
    """What a drawing has that none needs."""
    if root.tag != f"{_SVG}svg" or not _BOX.fullmatch(root.get("viewBox", "")):
        yield "its root is no svg element with a box"
    marks = {f"#{element.get('id')}" for element in root.iter()}
    for element in root.iter():
        if element.tag not in _ELEMENTS:
            yield f"it holds a {element.tag} element"
        for name, value in element.attrib.items():
            if not _draws(name, value, marks):
                yield f"it has the attribute {name}={value}"


def _draws(name: str, value: str, marks: set[str]) -> bool:
    """Whether an attribute only draws: by itself, or with one of the drawing's own `marks`."""
    refers = name in _HREFS or _URL.search(value)
    own = not refers or value.removeprefix("url(").removesuffix(")") in marks
    return own and name in _ATTRIBUTES and not _STRANGE.search(value)
