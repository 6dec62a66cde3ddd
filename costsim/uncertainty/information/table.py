"""Anybody's table of draws: a CSV file with a row for each draw, and a column for each input.

Columns whose names begin with `net_benefit` hold what each option is worth in that draw; all others
are inputs. So the value of information can be had for a model that costsim has never seen.
"""

from __future__ import annotations

import csv
import difflib
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np

from costsim.errors import Place, Problem, ScenarioError
from costsim.harmless import harmless
from costsim.uncertainty.information.decision import AGAINST
from costsim.uncertainty.information.ridge import LEAST_ROWS, Array
from costsim.words import listed

WORTH = "net_benefit"
ADVISED_ROWS = 500
MOST_OF_A_COLUMN = 5
"""How many bad cells of one column are listed; the others are counted."""
_PLAIN = "Write plain numbers, such as 1200 or -0.5: no £, %, commas, units or words"
_UTF_8 = 'Save it as "CSV UTF-8"'
Kind = Literal["inputs", "options"]


@dataclass(frozen=True)
class SampleTable:
    """Draws from a file: inputs (n, p) and net benefits (n, options), with the columns' names.

    `options` are the names of the columns of net benefits without `net_benefit` before them; one
    column alone is compared with doing nothing. `warnings` are sentences about what is doubtful.
    """

    file: str
    names: tuple[str, ...]
    inputs: Array
    options: tuple[str, ...]
    net_benefits: Array
    warnings: tuple[str, ...] = ()

    @property
    def draws(self) -> int:
        """How many there are."""
        return len(self.net_benefits)


def read_samples(path: str | Path) -> SampleTable:
    """The draws in a CSV file: UTF-8, separated by commas, with the columns' names on line 1.

    Raises ScenarioError with every problem of the file, each with its line and column.
    """
    path = Path(path)
    text = _Text(str(path), _read(path))
    problems = list(_header_problems(text))
    if problems:
        raise ScenarioError(problems)
    values = _fast(text)
    if values is None:
        values, problems = _careful(text)
    if len(values) < LEAST_ROWS:
        problems.append(_too_few(text, len(values)))
    if problems:
        raise ScenarioError(problems)
    return _table(text, values)


def _read(path: Path) -> str:
    try:
        if path.is_dir():
            raise _refused("CS102", path, f"{path} is a folder", "Name one CSV file inside it.")
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The byte {error.start + 1} of {path} is not UTF-8"
        raise _refused("CS105", path, message, f"{_UTF_8}.") from None
    except (FileNotFoundError, NotADirectoryError, ValueError):
        message = f"Cannot find {path}"
        raise _refused("CS101", path, message, "Check the spelling and the folder.") from None
    except OSError as error:
        message = f"Cannot read {path}: {error.strerror or error}"
        hint = "Close it in other programs, or copy it to your own folder."
        raise _refused("CS103", path, message, hint) from None
    if not content.strip():
        hint = "Write the columns' names on line 1 and a row for each draw below."
        raise _refused("CS110", path, "The file is empty", hint)
    return content


def _refused(code: str, path: Path, message: str, hint: str) -> ScenarioError:
    return ScenarioError([Problem(code, message, hint, "", Place(str(path), 1, 1))])


@dataclass(frozen=True)
class _Text:
    """The text of a CSV file; a row is a line."""

    name: str
    content: str

    @cached_property
    def lines(self) -> list[str]:
        even = self.content.replace("\r\n", "\n").replace("\r", "\n")
        return even.rstrip("\n").split("\n")

    @cached_property
    def names(self) -> list[str]:
        """The columns' names, from the first line."""
        return _cells(self.lines[0])

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The number of each line below that is not blank, and its cells."""
        for number, line in enumerate(self.lines[1:], start=2):
            if line.strip():
                yield number, _cells(line)

    def problem(self, code: str, what: str, hint: str, at: tuple[int, int]) -> Problem:
        """A problem of the cell at (line, position from 0), which names its column."""
        number, cell = at
        line = self.lines[number - 1]
        place = Place(self.name, number, _start(line, cell))
        column = self.names[cell] if cell < len(self.names) else ""
        return Problem(code, what, hint, harmless(column), place, harmless(line[:200]))


def _cells(line: str) -> list[str]:
    return [each.strip() for each in next(csv.reader([line], skipinitialspace=True), [])]


def _start(line: str, cell: int) -> int:
    """The column, from 1, where a cell of a line begins."""
    quoted, passed = False, 0
    for place, character in enumerate(line):
        if passed == cell:
            return place + 1
        quoted ^= character == '"'
        passed += character == "," and not quoted
    return len(line) + 1


def _header_problems(text: _Text) -> Iterator[Problem]:
    names = text.names
    if len(names) == 1 and (marks := [each for each in (";", "\t") if each in names[0]]):
        called = {";": "semicolons", "\t": "tabs"}[marks[0]]
        what = f"The columns are separated by {called}, not by commas"
        yield text.problem("CS601", what, f"{_UTF_8}, separated by commas.", (1, 0))
        return
    if all(_number(each) is not None for each in names):
        what = "The first line has numbers, and should have the columns' names"
        yield text.problem("CS601", what, "Write a line with names above the draws.", (1, 0))
        return
    yield from _name_problems(text)
    if not any(name.startswith(WORTH) for name in names):
        yield _worthless(text)


def _name_problems(text: _Text) -> Iterator[Problem]:
    seen = Counter[str]()
    for place, name in enumerate(text.names):
        seen[name] += 1
        if not name:
            what, hint = f"Column {place + 1} has no name", "Name it, or delete the column."
            yield text.problem("CS601", what, hint, (1, place))
        elif seen[name] == 2:
            what, hint = f"There are two columns named {shown(name)}", "Rename or delete one."
            yield text.problem("CS601", what, hint, (1, place))


def _worthless(text: _Text) -> Problem:
    """No column says what an option is worth."""
    folded = {each.lower().replace(" ", "_"): each for each in text.names}
    close = difflib.get_close_matches(WORTH, folded, n=1, cutoff=0.5)
    known = listed(map(shown, text.names), most=8)
    near = f"Rename {shown(folded[close[0]])}?" if close else f"The columns are {known}."
    place = text.names.index(folded[close[0]]) if close else 0
    what = f"No column has a name that begins with {WORTH}, so no option has a worth"
    return text.problem("CS601", what, near, (1, place))


def shown(cell: str) -> str:
    """A cell as a message shows it: short, in quotes, harmless.

    >>> shown("about twelve hundred pounds or so")
    "'about twelve hundred poun...'"
    """
    return repr(harmless(cell if len(cell) <= 28 else f"{cell[:25].rstrip()}..."))


def _number(cell: str) -> float | None:
    """A finite number, or None."""
    try:
        found = float(cell)
    except ValueError:
        return None
    return found if math.isfinite(found) and "_" not in cell else None


def _fast(text: _Text) -> Array | None:
    """All values, if every cell is a finite number and every row is whole."""
    if not any(map(str.strip, text.lines[1:])):
        return None
    try:
        found = np.loadtxt(text.lines[1:], delimiter=",", ndmin=2, comments=None, quotechar='"')
    except (ValueError, IndexError):
        return None
    whole = found.shape[1] == len(text.names) and bool(np.isfinite(found).all())
    return found if whole else None


def _careful(text: _Text) -> tuple[Array, list[Problem]]:
    """All values cell by cell, 0 for the bad ones, and what is wrong with those."""
    values, problems, bad = [], [], Counter[int]()
    for number, cells in text.rows():
        values.append([_number(each) or 0.0 for each in cells[: len(text.names)]])
        if len(cells) != len(text.names):
            problems.append(_ragged(text, number, len(cells)))
            continue
        for place, cell in enumerate(cells):
            if _number(cell) is None:
                bad[place] += 1
                if bad[place] <= MOST_OF_A_COLUMN:
                    problems.append(_no_number(text, cell, (number, place)))
    problems += _others(text, bad)
    return np.array(values) if not problems else np.empty((len(values), 0)), problems


def _ragged(text: _Text, number: int, count: int) -> Problem:
    wanted = len(text.names)
    what = f"This row has {count} cells, and there are {wanted} columns"
    hint = "Give every row a cell for each column; a number must not have commas in it."
    return text.problem("CS602", what, hint, (number, min(count, wanted)))


def _no_number(text: _Text, cell: str, at: tuple[int, int]) -> Problem:
    column = shown(text.names[at[1]])
    what = f"The column {column} has {shown(cell)} here, which is no number"
    if not cell:
        what = f"The column {column} has an empty cell here"
    return text.problem("CS602", what, f"{_PLAIN}.", at)


def _others(text: _Text, bad: Counter[int]) -> Iterator[Problem]:
    """Bad cells beyond those that are listed, counted by column."""
    for place, count in sorted(bad.items()):
        if count > MOST_OF_A_COLUMN:
            more = count - MOST_OF_A_COLUMN
            what = f"The column {shown(text.names[place])} has {more:,} more cells that are no"
            yield text.problem(
                "CS602", f"{what} number", f"{_PLAIN}; or delete the column.", (1, place)
            )


def _too_few(text: _Text, rows: int) -> Problem:
    what = f"There are {rows} draws, and at least {LEAST_ROWS} are needed"
    hint = f"Take {ADVISED_ROWS} or more: with few, chance passes for value."
    return text.problem("CS603", what, hint, (1, 0))


def _table(text: _Text, values: Array) -> SampleTable:
    worth = np.array([name.startswith(WORTH) for name in text.names])
    names = tuple(name for name in text.names if not name.startswith(WORTH))
    options = tuple(_option(name) for name in text.names if name.startswith(WORTH))
    draws = SampleTable(text.name, names, values[:, ~worth], options, values[:, worth])
    return SampleTable(
        draws.file, names, draws.inputs, options, draws.net_benefits, tuple(_warnings(draws))
    )


def _option(name: str) -> str:
    """What an option is called.

    >>> _option("net_benefit_new_form"), _option("net_benefit")
    ('new form', 'the option')
    """
    return name.removeprefix(WORTH).strip("_ .:-").replace("_", " ") or "the option"


def few_draws(draws: int) -> str:
    """What to say of draws that are fewer than advised."""
    return f"{draws} draws: with fewer than {ADVISED_ROWS}, chance passes for value. Take more."


def _warnings(draws: SampleTable) -> Iterator[str]:
    if draws.draws < ADVISED_ROWS:
        yield (f"{draws.file} has {few_draws(draws.draws)}")
    still = [name for name, x in zip(draws.names, draws.inputs.T, strict=True) if np.ptp(x) == 0]
    if still:
        yield f"{listed(still, most=8)} never changed, so nothing can be learnt about it."
    if not draws.names:
        yield f"Every column begins with {WORTH}, so there is no input to learn about."
    worth = draws.net_benefits
    against = worth[:, :1] if worth.shape[1] > 1 else np.zeros((len(worth), 1))
    if np.ptp(worth - against, axis=0).max() == 0:
        other = listed(draws.options) if worth.shape[1] > 1 else f"it and {AGAINST}"
        yield f"The difference between {other} is the same in every draw: nothing can change it."
