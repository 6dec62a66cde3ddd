"""The reader of scenario text: YAML as people write it, into a tree that knows every line.

People who do not program write scenarios, so the reader takes plain YAML and nothing more: keys,
values, lists. What YAML would quietly read in a surprising way (010, 12:30, a key given twice) is
an error that says what to write instead; so is whatever could run code or swell in memory (tags,
anchors, aliases). All problems of one text are reported together, each with its file, line and
column. Currency, percentages and durations are text here: their meaning belongs to units.
"""

from __future__ import annotations

import codecs
import difflib
import re
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import yaml

from costsim.errors import Place, Problem, ScenarioError
from costsim.scenario import characters
from costsim.scenario.characters import Source
from costsim.scenario.tree import Growth, Mapping, Node, Sequence, grow, is_blank

LARGEST_FILE = 1_000_000
"""Bytes; a scenario is about five thousand."""

_SCENARIO_FILE = re.compile(r"\.ya?ml\b", re.IGNORECASE)
_SAVE_AS_UTF_8 = 'Save it as UTF-8: in Notepad, "Save as", then Encoding "UTF-8".'


@dataclass(frozen=True)
class Document:
    """One scenario's text as read: its name as the user gave it, and the tree of its values.

    `sha256` is of `text`, whose lines end as on Unix, so it is the same on every system.
    """

    name: str
    text: str
    sha256: str
    root: Mapping


def read_file(path: Path) -> Document:
    """Read the scenario file at `path`.

    Raises ScenarioError with every problem found, in reading order.
    """
    return _read(read_source(path))


def read_text(text: str, name: str) -> Document:
    """Read a scenario's text; `name` stands for the file in what is said about it.

    Raises ScenarioError with every problem found, in reading order.

    >>> read_text("title: Online form", "example.yaml").root.get("title").value
    'Online form'
    >>> read_text("cases: 010", "example.yaml")
    Traceback (most recent call last):
    costsim.errors.ScenarioError: CS140 cases: "010" is unclear: 0 before a number may be octal
    """
    return _read(source_of(text, name))


def _read(source: Source) -> Document:
    stray, readable = characters.inspect(source)
    growth = grow(source, readable)
    # Stray characters break the syntax after them, so then they alone are worth reporting.
    problems = [*(stray or _broken_syntax(source, growth)), *growth.problems]
    if isinstance(growth.root, Mapping) and not problems:
        return Document(source.name, source.text, source.sha256, growth.root)
    raise ScenarioError(problems or [_not_a_mapping(source, growth.root)])


def _broken_syntax(source: Source, growth: Growth) -> list[Problem]:
    """What the parser stumbled over, unless something else is known to be wrong there."""
    if growth.complaint is None:
        return []
    fault = _explained(source, growth.complaint, growth.reached)
    return [] if fault.place in map(attrgetter("place"), growth.problems) else [fault]


def _not_a_mapping(source: Source, root: Node | None) -> Problem:
    if root is None or is_blank(root):
        hint = "Run `costsim new` for a scenario to start from."
        return source.problem("CS110", "The file is empty", hint, Place(source.name, 1, 1))
    kind = "a list" if isinstance(root, Sequence) else "text or a single value"
    message = f"Expected `key: value` lines, but the whole file is {kind}"
    hint = "Start each line with a key, a colon and a space, such as `title: Online form`."
    return source.problem("CS111", message, hint, root.place)


def source_of(text: str, name: str) -> Source:
    r"""`text` as a source: line ends made alike, a last one added, a byte order mark taken off.

    Raises ScenarioError when it is larger than 1 MB.

    >>> source_of("a: 1\r\nb: 2", "example.yaml").text
    'a: 1\nb: 2\n'
    """
    _refuse_large(len(text.encode(errors="surrogatepass")), name)
    even = _even_line_ends(text.removeprefix("\ufeff"))
    return Source(name, even if even.endswith("\n") or not even else f"{even}\n")


def _even_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse_large(size: int, name: str) -> None:
    if size > LARGEST_FILE:
        raise ScenarioError([Problem(
            "CS104",
            f"{name} is larger than 1 MB, the most that a scenario may be",
            "Check that this is the right file; keep long lists of data in a CSV file.",
        )])  # fmt: skip


def read_source(path: Path) -> Source:
    """The source in the file at `path`.

    Raises ScenarioError when the file is missing, a folder, unreadable, larger than 1 MB or not
    UTF-8.
    """
    data = _bytes_of(path)
    _refuse_large(len(data), str(path))
    wide = _wide_encoding(data)
    if wide:
        raise ScenarioError([_saved_as(wide, data, str(path))])
    try:
        return source_of(data.decode(), str(path))
    except UnicodeDecodeError as error:
        raise ScenarioError([_not_utf_8(data, error.start, str(path))]) from None


def _bytes_of(path: Path) -> bytes:
    # One byte more than is allowed, so that a huge file is refused without being read.
    try:
        if path.is_dir():
            raise ScenarioError([_folder(path)])
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise ScenarioError([_missing(path)]) from None
    except OSError as error:
        raise ScenarioError([_unreadable(path, error)]) from None


def _scenario_files(folder: Path) -> list[str]:
    try:
        names = [entry.name for entry in folder.iterdir() if entry.is_file()]
    except (OSError, ValueError):
        return []
    return sorted(filter(_SCENARIO_FILE.search, names))


def _missing(path: Path) -> Problem:
    here = _scenario_files(path.parent)
    stems = list(map(_stem, here))
    alike = difflib.get_close_matches(_stem(path.name), stems, n=3, cutoff=0.5)
    similar = ", ".join(name for name in here if _stem(name) in alike)
    found = f"Files here that look similar: {similar}" if similar else _listing(here)
    hint = "Check the spelling and the folder, or start a new scenario with `costsim new`."
    return Problem("CS101", f"Cannot find {path}. {found}", hint)


def _stem(name: str) -> str:
    return name.lower().partition(".y")[0]


def _folder(path: Path) -> Problem:
    listing = _listing(_scenario_files(path))
    return Problem(
        "CS102", f"{path} is a folder, not a scenario file. {listing}", "Name one file inside it."
    )


def _listing(names: list[str], most: int = 10) -> str:
    if not names:
        return "There are no .yaml files here."
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"The .yaml files here: {', '.join(names[:most])}{more}"


def _unreadable(path: Path, error: OSError) -> Problem:
    hint = "Close it in other programs, check that you may open it, or copy it to your own folder."
    return Problem("CS103", f"Cannot read {path}: {error.strerror or error}", hint)


_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def _wide_encoding(data: bytes) -> str:
    """UTF-16 or UTF-32 when the bytes are that: by their mark, or by every other one being 0."""
    marked = (encoding for mark, encoding in _MARKS if data.startswith(mark))
    return next(marked, "") or _every_other_zero(data)


def _every_other_zero(data: bytes) -> str:
    """UTF-16 when every other byte is 0, as it is for letters of English."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if max(even, odd) <= 0.35 * len(data) or min(even, odd) > 0.15 * len(data):
        return ""
    return "UTF-16-BE" if even > odd else "UTF-16-LE"


def _saved_as(encoding: str, data: bytes, name: str) -> Problem:
    text = _even_line_ends(data.decode(encoding, errors="replace"))
    message = f"The file is saved as {encoding[:6]}, and scenarios are UTF-8"
    return Source(name, text).problem("CS105", message, _SAVE_AS_UTF_8, Place(name, 1, 1))


def _not_utf_8(data: bytes, start: int, name: str) -> Problem:
    before = _even_line_ends(data[:start].decode().removeprefix("\ufeff"))
    meant = data[start : start + 1].decode("cp1252", errors="replace")
    guess = f'; saved as Windows-1252 ("ANSI") it is {meant!r}' if meant != "\ufffd" else ""
    after = _even_line_ends(data[start:].decode("cp1252", errors="replace"))
    source = Source(name, before + after)
    message = f"The byte 0x{data[start]:02X} here is not UTF-8{guess}"
    return source.problem("CS105", message, _SAVE_AS_UTF_8, source.place(len(before)))


class _Fault(NamedTuple):
    """What a complaint of the parser means to a person, known by its words and by its line.

    In the line that `line` is matched against, the place complained about is marked with NUL.
    """

    words: str
    line: str
    code: str
    message: str
    hint: str
    at_start: bool = False


_QUOTE = "Put the whole value in double quotes."
_SPACED = "After a key write a colon and a space; put a value that has a colon in double quotes."
_PAIRS = "Inside \"...\" write ' freely; inside '...' write it twice."
_COLON = "Write `key: value`, with a colon and a space after the key."
_INDENT = "Line it up with its neighbours: the same number of spaces at each level."
_END = "expected key|<block end>|document start"
_FAULTS = (
    _Fault("quoted scalar.*(end|document)", "", "CS122", "The quote opened here is never closed",
           "Close it with the same straight quote mark at the end of the text.", at_start=True),
    _Fault("escape|hexdec", "", "CS123", "A \\ in double quotes starts a code, and not this one",
           "Write / or \\\\ instead, or use single quotes."),
    _Fault("", r"\0\t", "CS121", "A tab stands here, which YAML does not allow",
           "Use spaces, not tabs."),
    _Fault("anchor|alias", "", "CS132", "Anchors (&name) and aliases (*name) are not read",
           "Write the value out in full; put text that starts with & or * in quotes."),
    _Fault(r"\btag\b|%TAG", "", "CS134", "Tags (words that start with !) are not allowed",
           "Delete the tag; put text that starts with ! in quotes."),
    _Fault("directive|incompatible", "", "CS124", "Lines that start with % are not read",
           "Delete the line; put text that starts with % in quotes."),
    _Fault("flow.*expected ','.*another line", "", "CS125", "The bracket opened here is not closed",
           "Close every [ with ] and every { with }.", at_start=True),
    _Fault("flow.*expected ','", "", "CS125", "A comma or a closing bracket is missing here",
           "Put a comma between values in brackets; put text with : or brackets in quotes."),
    _Fault("block scalar", "", "CS126", "Text after | or > starts on the next line",
           "Put the text on lines of its own below, indented; or put it in quotes."),
    _Fault("mapping values", r":\s.*\0", "CS127", "A second colon on one line", _SPACED),
    _Fault("mapping values.*deeper", "", "CS128",
           "This line is further in than the one above, which has its value already", _INDENT),
    _Fault("mapping values", "", "CS129", "The line above has no colon, so this one joins it",
           _COLON),
    _Fault("expected ':'", "", "CS129", "This line has no colon", _COLON, at_start=True),
    _Fault(_END, r"['\"]\s*\0", "CS122", "Something follows the closing quote", _PAIRS),
    _Fault(_END, r"\0[\]},]", "CS125", "A closing bracket without an opening one",
           "Delete it, or open it where it belongs."),
    _Fault(_END, r"^\s*\0:", "CS129", "There is no key before this colon", _COLON),
    _Fault("document start", "", "CS112", "Something stands after the end of the scenario",
           "Keep one scenario in one file, made of `key: value` lines only."),
    _Fault(f"{_END}|block collection", "", "CS128", "This line is not in line with those above",
           _INDENT),
    _Fault("sequence entries", r"\0-\s*(#|$)", "CS142", '"-" must be a real number',
           "Write a number in digits, or null if there is none."),
    _Fault("sequence entries", "", "CS128", "A list cannot start in the middle of a line",
           "Put each `- item` on a line of its own, or write [first, second]."),
    _Fault("start any token", "", "CS126", "A value cannot start with this character", _QUOTE),
    _Fault("node content", "", "CS126", "A value is missing here, or starts with punctuation",
           "Write a value; put text that starts with punctuation in quotes."),
    _Fault("", "", "CS120", "This line could not be understood", f"{_COLON} {_QUOTE}"),
)  # fmt: skip


def _words(complaint: Exception) -> str:
    if isinstance(complaint, yaml.MarkedYAMLError):
        return f"{complaint.context} {complaint.problem}"
    return "escape"


def _marks(source: Source, complaint: Exception, reached: Place) -> tuple[Place, Place]:
    """Where the thing complained about starts, and where it goes wrong."""
    if not isinstance(complaint, yaml.MarkedYAMLError) or complaint.problem_mark is None:
        return reached, reached
    at = _at(source, complaint.problem_mark)
    start = complaint.context_mark
    return (_at(source, start) if start else at), at


def _at(source: Source, mark: yaml.Mark) -> Place:
    return Place(source.name, mark.line + 1, mark.column + 1)


def _layout(source: Source, start: Place, at: Place) -> str:
    """What the lines around a fault look like, in words for the patterns of `_FAULTS`."""
    above = list(filter(str.strip, source.lines[: at.line - 1]))[-1:]
    deeper = above and _indent(source.lines[at.line - 1]) > _indent(above[0])
    return f"{'another line' if start.line != at.line else ''} {'deeper' if deeper else ''}"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _explained(source: Source, complaint: Exception, reached: Place) -> Problem:
    start, at = _marks(source, complaint, reached)
    line = source.lines[at.line - 1]
    curly = characters.curly_quote_in(line)
    if curly is not None:
        place = Place(source.name, at.line, curly + 1)
        return source.problem(*characters.curly_quotes(source, place))
    marked = f"{line[: at.column - 1]}\0{line[at.column - 1 :]}"
    words = f"{_words(complaint)} {_layout(source, start, at)}"
    fault = next(f for f in _FAULTS if re.search(f.words, words) and re.search(f.line, marked))
    place = start if fault.at_start else at
    return source.problem(fault.code, fault.message, fault.hint, place)
