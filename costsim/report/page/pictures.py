"""Drawings made fit for a page that allows no style but its own.

A drawing (SVG) comes with style attributes and a style sheet of its own, which a strict
content-security policy forbids. Each distinct style becomes a class of the page's one style sheet,
so that the drawing looks as it did and the policy stays strict.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

_BEFORE_ROOT = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)
_METADATA = re.compile(r"<metadata\b.*?</metadata>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SHEET = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_TAG = re.compile(r"<[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_STYLE = re.compile(r"""\sstyle=(?:"([^"]*)"|'([^']*)')""")
_CLASS = re.compile(r"""\sclass=(?:"([^"]*)"|'([^']*)')""")


@dataclass
class Styles:
    """The style sheet that drawings share: a class for each distinct style."""

    classes: dict[str, str] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)

    def moved(self, drawing: str, name: str) -> str:
        """The drawing called `name` with its styles moved into this sheet.

        >>> sheet = Styles()
        >>> sheet.moved('<svg><path style="fill: none" d="M0 0"/></svg>', "flow")
        '<svg><path class="d0" d="M0 0"/></svg>'
        >>> sheet.text()
        '.d0{fill: none}'
        """
        bare = _METADATA.sub("", _COMMENT.sub("", _BEFORE_ROOT.sub("", drawing)))
        for sheet in _SHEET.findall(bare):
            self._scoped(sheet, name)
        return _TAG.sub(self._tag, _SHEET.sub("", bare)).strip()

    def text(self) -> str:
        """The rules of all drawings so far."""
        own = [f".{name}{{{style}}}" for style, name in self.classes.items()]
        return "\n".join([*self.rules, *own])

    def _scoped(self, sheet: str, name: str) -> None:
        """A drawing's own rules hold within it alone, and yield to its style attributes."""
        for selectors, body in _RULE.findall(re.sub(r"<!\[CDATA\[|\]\]>", "", sheet)):
            each = [f":where(#figure-{name} svg) {one.strip()}" for one in selectors.split(",")]
            self.rules.append(f"{','.join(each)}{{{body.strip()}}}")

    def _tag(self, found: re.Match[str]) -> str:
        tag = found[0]
        style = _STYLE.search(tag)
        if not style:
            return tag
        name = self._class(html.unescape(style[1] or style[2] or "").strip().rstrip(";"))
        known = _CLASS.search(tag)
        both = f"{known[1] or known[2]} {name}" if known else name
        return _STYLE.sub(f' class="{both}"', _CLASS.sub("", tag), count=1)

    def _class(self, style: str) -> str:
        return self.classes.setdefault(style, f"d{len(self.classes)}")
