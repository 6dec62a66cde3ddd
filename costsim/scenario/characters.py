"""The characters of a scenario: the line and column of each, those that mislead, and numbers.

A scenario is written by hand, in whatever editor a council has, and often pasted out of a Word
document. So this module points at characters that look like a space or a quote and are not, and
says what one unquoted value means: null, true or false, a decimal number, and otherwise text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, islice
from typing import TypeAlias

from costsim.errors import Place, Problem, ScenarioError

Value: TypeAlias = str | int | float | bool | None

LARGEST = 1e300
SMALLEST = 1e-300
CURRENCY = "£$€"

MOST_PROBLEMS = 100
"""How many problems of one text are collected before reading stops."""


@dataclass(frozen=True)
class Source:
    """The text of one scenario under the name that its user gave it; lines end as on Unix."""

    name: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends, as written but for characters that do not print."""
        return _UNPRINTABLE.sub("?", self.text).split("\n")

    @cached_property
    def sha256(self) -> str:
        """Fingerprint of the text; the same whatever line ends or byte order mark the file had."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def place(self, offset: int) -> Place:
        """The line and column of the character at `offset`."""
        before = self.text.rfind("\n", 0, offset) + 1
        return Place(self.name, self.text.count("\n", 0, offset) + 1, offset - before + 1)

    def number_across(self, place: Place) -> Grouped | None:
        """The number with commas that `place` is a later part of: at 000 in £1,000, all of it."""
        line = self.lines[place.line - 1]
        column = place.column - 1
        if line[column - 1 : column] != ",":
            return None
        # A number fits into a window, and a line may be as long as the file.
        for found in _WITH_COMMAS.finditer(line, max(0, column - 40), column + 40):
            if found.start() < column < found.end():
                start = Place(self.name, place.line, found.start() + 1)
                return Grouped(found.group(), start)
        return None

    def problem(
        self, code: str, message: str, hint: str, place: Place, *, path: str = ""
    ) -> Problem:
        """A problem at `place`, with the line that it is about."""
        return Problem(code, message, hint, path, place, self.lines[place.line - 1])


@dataclass(frozen=True)
class Grouped:
    """A number as written with a comma between its thousands, and where it starts."""

    written: str
    place: Place


# Everything that YAML calls unprintable, with the three odd line ends (NEL, LS, PS) that YAML
# would count as new lines and an editor would not.
_UNPRINTABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_WIDE_SPACES = "\xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164"
_NO_WIDTH = (
    "\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\uffa0"
    "\U000e0000-\U000e007f"
)
_INVISIBLE = re.compile(f"[{_WIDE_SPACES}]+|[{_NO_WIDTH}]+")
_TAB_INDENT = re.compile(r"^ *(\t)[ \t]*", re.MULTILINE)
_BLANKS = re.compile(f"[{_WIDE_SPACES}]")

_WITH_COMMAS = re.compile(rf"(?<![\w.,])[{CURRENCY}]?[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?")

_COMMENT_OR_TEXT = re.compile(
    r"""
    (?P<comment> (?<!\S) \# [^\n]* )
  | (?: ^ | (?<= [\s\[{,:] ) ) (?: "(?:[^"\\]|\\.)*" | '(?:[^']|'')*' )
  | ^ (?P<margin> [ ]* ) [^\n\#'"]* [:-][ ]+ [|>][-+0-9]* [ \t]* (?:\#[^\n]*)? \n
    (?: (?P=margin)[ ][^\n]*\n | [ ]*\n )*
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)


def unprintable(text: str) -> str:
    """The name of the first character of `text` that cannot be printed, or ""."""
    found = _UNPRINTABLE.search(text)
    return _called(found.group()) if found else ""


def inspect(source: Source) -> tuple[list[Problem], str]:
    """Problems with single characters, and the text to read on with in spite of them.

    That text has spaces where characters only looked like one, so that columns stay the same.
    Raises ScenarioError when a character cannot be printed at all, for YAML stops at those.
    """
    quiet = source.text
    if _INVISIBLE.search(quiet) or _TAB_INDENT.search(quiet):
        quiet = _COMMENT_OR_TEXT.sub(_quieten, quiet)
    found = chain(
        map(partial(_stray, source), _INVISIBLE.finditer(quiet)),
        map(partial(_tab, source), _TAB_INDENT.finditer(quiet)),
    )
    problems = list(islice(found, MOST_PROBLEMS))
    controls = islice(_UNPRINTABLE.finditer(source.text), MOST_PROBLEMS)
    broken = list(map(partial(_control, source), controls))
    if broken:
        raise ScenarioError(broken + problems)
    return problems, _with_plain_spaces(quiet) if problems else source.text


def _quieten(piece: re.Match[str]) -> str:
    """Comments may hold anything that prints; quoted and block text may hold tabs."""
    found = piece.group()
    return " " * len(found) if piece["comment"] else found.replace("\t", " ")


def _with_plain_spaces(text: str) -> str:
    return _TAB_INDENT.sub(lambda tab: " " * len(tab.group()), _BLANKS.sub(" ", text))


def _called(character: str) -> str:
    return f"{unicodedata.name(character, 'control character')} (U+{ord(character):04X})"


def _control(source: Source, found: re.Match[str]) -> Problem:
    message = f"The file holds a {_called(found.group())}, which does not print"
    hint = "Delete it; if there are many, check that this is a text file."
    return source.problem("CS106", message, hint, source.place(found.start()))


def _stray(source: Source, found: re.Match[str]) -> Problem:
    first = found.group()[0]
    message = f"An invisible {_called(first)} stands here, which YAML takes as a letter"
    hint = "Type an ordinary space over it" if _BLANKS.match(first) else "Delete it"
    return source.problem("CS107", message, f"{hint}.", source.place(found.start()))


def _tab(source: Source, found: re.Match[str]) -> Problem:
    message = "This line is indented with a tab, which YAML does not allow"
    hint = "Indent with spaces, not tabs: use spaces, two for each level."
    return source.problem("CS121", message, hint, source.place(found.start(1)))


_CURLY_DOUBLE = "\u201c\u201d\u201e\u201f\xab\xbb"
_APOSTROPHE = "\u2019"
_CURLY = f"{_CURLY_DOUBLE}\u2018{_APOSTROPHE}\u201a\u201b\u2039\u203a"
_CURLY_AT_START = re.compile(rf"(?:^ *(?:- +)*|[:,] +|[\[{{] *)([{_CURLY}])")
# Closed, or opened with something that is no apostrophe and never closed.
_CURLY_QUOTED = re.compile(
    rf"[{_CURLY}].*[{_CURLY}]|(?!{_APOSTROPHE})[{_CURLY}][^{_CURLY}]*", re.DOTALL
)


def curly_quoted(text: str) -> bool:
    """Whether unquoted `text` was meant to be in quotes, and has typographic ones around it.

    >>> [curly_quoted(text) for text in ("“Online form”", "“Online” form", "Children’s")]
    [True, False, False]
    """
    return bool(_CURLY_QUOTED.fullmatch(text))


def curly_quote_in(line: str) -> int | None:
    """The position in `line` of a typographic quote that begins a value or a key, if one does."""
    found = _CURLY_AT_START.search(line)
    return found.start(1) if found else None


def curly_quotes(source: Source, at: Place) -> tuple[str, str, str, Place]:
    """What to say of the typographic quotes that start at `at`: code, message, hint, place."""
    straight = straightened(source.lines[at.line - 1], at.column - 1)
    message = "These quotes are typographic ones, which YAML takes as letters"
    return "CS108", message, f"Write {shortened(straight)} with straight quotes.", at


def straightened(line: str, start: int) -> str:
    """The words in typographic quotes from `start` of `line` on, in straight quotes.

    >>> straightened("title: “Online form” # draft", 7)
    '"Online form"'
    """
    doubled = line[start] in _CURLY_DOUBLE
    closing = re.compile(rf"[{_CURLY_DOUBLE}\"]|$" if doubled else rf"[{_CURLY}](?!\w)|$")
    end = closing.search(line, start + 1)
    return f'"{line[start + 1 : end.start() if end else None].rstrip()}"'


class UnclearValueError(ValueError):
    """An unquoted value that could be read in more than one way, or as no number that can be used.

    `code` is the stable code of the rule, `hint` the one line that says how to put it right.
    """

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


_WORDS: dict[str, Value] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_LOOKS_NUMERIC = frozenset("+-.0123456789nNiI")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_MANTISSA_OF_ZEROS = re.compile(r"[-+]?[0.]*(?:[eE].*)?")


def is_null(text: str) -> bool:
    """Whether unquoted `text` means "nothing": it is empty, ~ or null."""
    return _WORDS.get(text, text) is None


def plain_value(text: str) -> Value:
    """What unquoted `text` means, by YAML 1.2's core rules made stricter; dates stay text.

    Raises UnclearValueError for numbers in octal, hexadecimal, base 60 or with underscores, for
    what is not a real number, and for magnitudes outside 1e-300 to 1e300 (0 is allowed).

    >>> [plain_value(text) for text in ("40", "1e3", "NO", "true", "null", "£43.40", "2017-04-01")]
    [40, 1000.0, 'NO', True, None, '£43.40', '2017-04-01']
    >>> plain_value("010")
    Traceback (most recent call last):
    costsim.scenario.characters.UnclearValueError: "010" is unclear: 0 before a number may be octal
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _LOOKS_NUMERIC:
        return text
    _refuse_unclear(text)
    return _number(text) if _DECIMAL.fullmatch(text) else text


def _refuse_unclear(text: str) -> None:
    for pattern, complaint in _UNCLEAR:
        if pattern.fullmatch(text):
            raise complaint(text)


def _number(text: str) -> int | float:
    number = float(text)
    if abs(number) > LARGEST:
        raise _out_of_range(text, f"too large: numbers go up to {LARGEST:g}")
    vanished = number == 0 and not _MANTISSA_OF_ZEROS.fullmatch(text)
    if vanished or 0 < abs(number) < SMALLEST:
        raise _out_of_range(text, f"too close to zero: the smallest is {SMALLEST:g}")
    return int(text) if _INTEGER.fullmatch(text) else number


def shortened(text: str, most: int = 40) -> str:
    """`text` fit for a message: when longer than `most` characters, its start and its length.

    >>> shortened("9" * 5000, most=5)
    '99999... (5000 characters)'
    """
    return text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"


def _out_of_range(text: str, rule: str) -> UnclearValueError:
    hint = "Check its digits and its exponent, or put it in quotes if it is text."
    return UnclearValueError("CS143", f'"{shortened(text)}" is {rule}', hint)


def _unclear(text: str, why: str, instead: str) -> UnclearValueError:
    hint = f"Write {instead}, or put it in quotes if it is text."
    return UnclearValueError("CS140", f'"{shortened(text)}" is unclear: {why}', hint)


def _zeros_before(text: str) -> UnclearValueError:
    sign = text[0] if text[0] in "+-" else ""
    digits = text.lstrip("+-0")
    ordinary = digits if digits[:1].isdigit() else f"0{digits}"
    return _unclear(text, "0 before a number may be octal", sign + shortened(ordinary))


def _other_base(text: str) -> UnclearValueError:
    short = len(text) <= 20
    ordinary = str(int(text.replace("_", ""), 0)) if short else "it in ordinary digits"
    return _unclear(text, "only ordinary decimal numbers are read", ordinary)


def _underscores(text: str) -> UnclearValueError:
    ordinary = text.replace("_", "")
    return _unclear(text, "numbers have no underscores", shortened(ordinary))


def _sixties(text: str) -> UnclearValueError:
    whole, *parts = text.lstrip("+-").split(":")
    hours = int(whole) + sum(float(part) / 60**power for power, part in enumerate(parts, start=1))
    return UnclearValueError(
        "CS141",
        f'"{text}" is unclear: it could be a time of day, a duration or a ratio',
        f"Write a duration such as {hours:.6g} h, or put it in quotes if it is text.",
    )


def _not_real(text: str) -> UnclearValueError:
    return UnclearValueError(
        "CS142",
        f'"{text}" must be a real number',
        "Write a number in digits, null if there is none, or put it in quotes if it is text.",
    )


_UNCLEAR: tuple[tuple[re.Pattern[str], Callable[[str], UnclearValueError]], ...] = (
    (re.compile(r"-|[-+]?\.?(?:nan|NaN|NAN|inf|Inf|INF|infinity|Infinity)"), _not_real),
    (re.compile(r"[-+]?0[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?"), _zeros_before),
    (re.compile(r"[-+]?0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)"), _other_base),
    (re.compile(r"[-+]?[0-9]{1,4}(?::[0-5]?[0-9]){1,2}(?:\.[0-9]{1,6})?"), _sixties),
    (re.compile(r"[-+]?[0-9]+(?:_[0-9_]*)(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?"), _underscores),
)
