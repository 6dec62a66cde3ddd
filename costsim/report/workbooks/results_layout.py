"""How wide columns and how tall rows must be so that all of their text shows.

Not every program makes room for wrapped text by itself, so each row is given its height.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence

NARROWEST, FIRST, WIDEST = 13, 48, 54
"""Widths in characters: of any column at the least, of the first one, of text at the most."""
LINE = 1.3
"""Height of a line, in heights of its letters."""
TALLEST = 409.0
"""Points; no row of Excel can be taller."""
SPARE = 0.95
"""Share of a column that lines fill; widths count digits, and most letters are narrower."""
PAGE = 190
"""Characters that a page in landscape holds side by side and still can be read."""


def widths(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """How wide each column must be for its longest number or word, and for its text within reason.

    The first one is wide, because the lines above the table stand in it.

    >>> widths(["Site", "Value"], [["York", "12"]])
    [48, 13]
    """
    each = enumerate(headers)
    return [max(_least(number, header), _longest(number, rows)) for number, header in each]


def _least(number: int, header: str) -> int:
    word = max(map(len, header.split()), default=0)
    return max(NARROWEST if number else FIRST, word + 4)


def _longest(number: int, rows: Sequence[Sequence[str]]) -> int:
    return max((min(len(row[number]) + 5, WIDEST) for row in rows), default=0)


def height(texts: Sequence[str], wide: Sequence[int], size: int) -> float:
    """The points that a row needs for the tallest of its wrapped texts, at a size of letters.

    >>> height(["short"], [20], 12), height(["rather a long text for it"], [20], 12)
    (15.6, 31.2)
    """
    scale = SPARE * 12 / size
    lines = max(map(_lines, texts, [math.floor(each * scale) for each in wide]))
    return min(TALLEST, round(lines * size * LINE, 2))


def _lines(text: str, width: int) -> int:
    return 1 if len(text) <= width else len(textwrap.wrap(text, width))


def pages(wide: Sequence[int]) -> int:
    """Over how many pages side by side a sheet is printed, so that it can be read on paper."""
    return max(1, math.ceil(sum(wide) / PAGE))


def heights(rows: Sequence[Sequence[str]], wide: Sequence[int]) -> Iterator[float]:
    """The height of each row of a table's body."""
    for row in rows:
        yield height(row, wide, 12)
