"""Text from a scenario as a spreadsheet may show it: literal, visible, and no longer than a cell.

Scenario text is written by others. In a cell it must be read as it stands: never as a formula,
never with characters that do not show or that turn the order of the letters around.
"""

from __future__ import annotations

import re

from costsim.harmless import harmless

LONGEST = 32_767
"""What a cell of Excel holds, in its units of text (two for a character such as an emoji)."""

_BLANKS = re.compile("[\t\n\r\x0b\x0c\x85\u2028\u2029]+")


class Exact(float):
    """A float that is written with all its digits, whatever form is asked for.

    Numbers in a workbook would else lose their seventeenth digit.

        >>> f"{Exact(0.1 + 0.2):.16G}", f"{0.1 + 0.2:.16G}"
        ('0.30000000000000004', '0.3')
    """

    def __format__(self, form: str) -> str:
        """The shortest digits that give the same float back; a whole number without a point."""
        return repr(float(self)).removesuffix(".0")


def on_one_line(text: str) -> str:
    r"""Text on one line, in which what would not show or would turn letters around is named.

    >>> on_one_line("two\nlines, \u202ebackwards\x07")
    'two lines, [U+202E]backwards[U+0007]'
    """
    return harmless(_BLANKS.sub(" ", text)).strip()


def risky(text: str) -> bool:
    """Whether a spreadsheet might take text for a formula once somebody edits its cell.

    >>> risky("=1+1"), risky("saves £5")
    (True, False)
    """
    return text.startswith(("=", "+", "-", "@"))


def cut(text: str, longest: int = LONGEST) -> str:
    """Text that fits; where it was cut it says so, and how long it was.

    >>> cut("a" * 100, 50)
    'aaaaaaaaa [cut here: the whole has 100 characters]'
    """
    if len(text) * 2 <= longest:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= longest * 2:
        return text
    said = f" [cut here: the whole has {len(text):,} characters]"
    kept = units[: (longest - len(said)) * 2].decode("utf-16-le", errors="ignore")
    return f"{kept}{said}"
