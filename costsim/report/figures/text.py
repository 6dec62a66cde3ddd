"""Text as figures show it: literally, harmless, and in lines that fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"\s+")

Width = Callable[[str], float]


def shown(text: str) -> str:
    """Text on one line; a character that hides, controls or turns others is shown by its number.

    >>> shown("paid  " + chr(0x202E) + "05£")
    'paid [U+202E]05£'
    """
    spaced = _SPACE.sub(" ", text).strip()
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", spaced)


def lines(text: str, room: float, width: Width, most: int = 9) -> list[str]:
    """Text broken between words into lines no wider than `room`, or within a word too long for one.

    The last of `most` lines ends with dots if there is more.

    >>> lines("one two three", 7, len)
    ['one two', 'three']
    >>> lines("unbreakable", 5, len, most=2)
    ['unbre', 'akab…']
    """
    found = list(_lines(shown(text), room, width))
    if len(found) > most:
        found = [*found[: most - 1], _shortened(found[most - 1] + "…", room, width)]
    return found


def _lines(text: str, room: float, width: Width) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}".strip()
        if width(joined) <= room:
            line = joined
            continue
        if line:
            yield line
        *full, line = _pieces(word, room, width)
        yield from full
    if line:
        yield line


def _pieces(word: str, room: float, width: Width) -> Iterator[str]:
    """A word as it fits, broken anywhere."""
    piece = ""
    for character in word:
        if piece and width(piece + character) > room:
            yield piece
            piece = ""
        piece += character
    yield piece


def _shortened(text: str, room: float, width: Width) -> str:
    while len(text) > 1 and width(text) > room:
        text = text[:-2] + "…"
    return text


def sentence(text: str) -> str:
    """Text that begins with a capital.

    >>> sentence("social worker")
    'Social worker'
    """
    return text[:1].upper() + text[1:]


def listed(names: list[str]) -> str:
    """Names in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""
