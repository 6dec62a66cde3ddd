"""Text as figures show it: literally, harmless, and in lines that fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from costsim.harmless import harmless
from costsim.words import plain_name

Width = Callable[[str], float]


def shown(text: str) -> str:
    """Text on one line; a character that hides, controls or turns others is shown by its number.

    >>> shown("paid  " + chr(0x202E) + "05£")
    'paid [U+202E]05£'
    """
    return harmless(" ".join(text.split()))


def titled(title: str | None, name: str) -> str:
    """What something is called: its title, or its name where it has none.

    >>> titled(None, "social_worker"), titled("Social  worker, grade 9", "social_worker")
    ('social worker', 'Social worker, grade 9')
    """
    return shown(title or plain_name(name))


def lines(text: str, room: float, width: Width, most: int = 9) -> list[str]:
    """Text broken between words into lines no wider than `room`, or within a word too long for one.

    The last of `most` lines ends with dots if there is more.

    >>> lines("one two three", 7, len)
    ['one two', 'three']
    >>> lines("unbreakable", 5, len, most=2)
    ['unbre', 'akab…']
    """
    page = _Room(room, width)
    found = list(filter(None, page.lines(shown(text))))
    if len(found) > most:
        found = [*found[: most - 1], page.shortened(found[most - 1])]
    return found


@dataclass(frozen=True)
class _Room:
    """Room for lines of text: how wide it is, and how wide text is. Some lines are empty."""

    wide: float
    width: Width

    def holds(self, text: str) -> bool:
        return self.width(text) <= self.wide

    def lines(self, text: str) -> Iterator[str]:
        line = ""
        for word in text.split(" "):
            joined = f"{line} {word}".strip()
            if self.holds(joined):
                line = joined
            else:
                *full, line = line, *self.pieces(word)
                yield from full
        yield line

    def pieces(self, word: str) -> Iterator[str]:
        """A word as it fits, broken anywhere."""
        piece = ""
        for character in word:
            if not self.holds(piece + character):
                yield piece
                piece = ""
            piece += character
        yield piece

    def shortened(self, text: str) -> str:
        """As much of a text as fits, with dots after it."""
        ends = (f"{text[:end]}…" for end in range(len(text), -1, -1))
        return next(filter(self.holds, ends), "…")


def sentence(text: str) -> str:
    """Text that begins with a capital.

    >>> sentence("social worker")
    'Social worker'
    """
    return text[:1].upper() + text[1:]
