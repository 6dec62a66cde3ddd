"""Lines that fit: text is broken between words, and long names after a dot or an underscore.

What people may copy, such as `run: {warm_up: 1 year}`, is not broken where it fits on a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

_PIECE = re.compile(r"\s*(?:(?:[\w.]+: )?\{[^{}]*\}|`[^`]*`|\S)+")
_BREAKS = (re.compile(r"\s*\S+"), re.compile(r"\s*[^\s.]+\.*|\s*\.+"), re.compile(r"\s*[^\s_]*_*"))


def wrapped(text: str, room: int) -> list[str]:
    """Text in lines of at most `room` columns; its own line ends stay.

    >>> wrapped("give run: {warm_up: 1 year}, or else", 20)
    ['give run: {warm_up:', '1 year}, or else']
    >>> wrapped("give run: {warm_up: 1 year}, or else", 24)
    ['give', 'run: {warm_up: 1 year},', 'or else']
    >>> wrapped("staff.social_worker.hourly_cost", 24)
    ['staff.social_worker.', 'hourly_cost']
    """
    return [
        line for paragraph in text.expandtabs(2).split("\n") for line in _lines(paragraph, room)
    ]


def _lines(paragraph: str, room: int) -> Iterator[str]:
    line = ""
    for piece in _pieces(paragraph, room):
        if cell_len(line + piece) <= room:
            line += piece
            continue
        if line:
            yield line.rstrip()
        line = piece.lstrip()
    yield line.rstrip()


def _pieces(paragraph: str, room: int) -> Iterator[str]:
    """What may not be broken, with the spaces before it."""
    for piece in _PIECE.findall(paragraph):
        yield from _broken(piece, room, 0)


def _broken(piece: str, room: int, level: int) -> Iterator[str]:
    """A piece, at its spaces, dots or underscores as far as it takes; else anywhere."""
    if cell_len(piece.strip()) <= room:
        yield piece
    elif level == len(_BREAKS):
        yield from chop_cells(piece, room)
    else:
        for part in filter(None, _BREAKS[level].findall(piece)):
            yield from _broken(part, room, level + 1)
