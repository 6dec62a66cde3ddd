"""From a YAML file to a `Scenario`, or to every problem in it at once.

The text is read into a tree that knows its places, `extends:` is worked out, every site is made
whole, and the parts are validated; each complaint is turned back into file:line:column, the path
as written, the value and the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from costsim import units
from costsim.errors import Place, Problem, ScenarioError
from costsim.scenario import correlations, inputs, merge, pricing, references, text
from costsim.scenario.dates import read_dates, refuse_early
from costsim.scenario.forms import ORDERS
from costsim.scenario.lookup import child, entries
from costsim.scenario.lookup import text as text_of
from costsim.scenario.model import Reading, Written, nearest
from costsim.scenario.origin import Origin, Where
from costsim.scenario.schema import DatedArrivals, Scenario
from costsim.scenario.tree import Mapping, Node, Sequence, dotted, index, parts, rebuilt


def load(path: str | Path) -> Scenario:
    """The scenario in a YAML file.

    Raises `ScenarioError` with every problem that it has, in the order of the file.

        >>> load("scenarios/starter.yaml").title
        'Online assessment form'
    """
    path = Path(path)
    documents = merge.family_of_files(path)
    root, problems = merge.complete(documents)
    lines = {document.name: document.text.split("\n") for document in documents}
    reading = Reading(_minutes_per_day(root))
    written = _written_paths(documents)
    problems += references.check(root)
    known = rebuilt(root, partial(_written, paths=written))
    try:
        scenario = Scenario.model_validate(known, context=reading)
    except ValidationError as error:
        problems += _explained(error.errors(include_url=False), root, reading)
        raise ScenarioError(_tidy(problems + reading.problems, lines, written)) from error
    scenario = _with_origin(scenario, root, documents, written)
    folder = path.resolve().parent
    problems += _dated_arrivals(scenario, root, folder)
    problems += _deflators(scenario, root, folder)
    problems += pricing.mixed_rates(scenario)
    problems += inputs.range_problems(scenario)
    problems += correlations.check(scenario, partial(_place_of, root))
    problems += reading.problems
    if problems:
        raise ScenarioError(_tidy(problems, lines, written))
    return scenario


def _minutes_per_day(root: Mapping) -> float:
    """The working day is read first, because durations in days depend on it."""
    node = child(root, "calendar", "hours_per_day")
    written = text_of(child(node, "value")) or text_of(node)
    try:
        return units.number(written) * 60
    except ValueError:
        return units.MINUTES_PER_DAY  # its own validator says what is wrong


def _written_paths(documents: list[text.Document]) -> dict[Place, str]:
    """The path of every key and value as it is written in its own file."""
    paths: dict[Place, str] = {}
    for document in documents:
        values, keys = index(document.root)
        # A mapping stands where its first key does, and then it is the key that is meant.
        found = chain(values.items(), keys.items())
        paths |= {place: dotted(path) for path, place in found}
    return paths


def _written(mapping: Mapping, values: dict[str, Any], paths: dict[Place, str]) -> Written:
    """A mapping for the validators, knowing its places."""
    keys = {k: (e.key_place, paths.get(e.key_place, k)) for k, e in mapping.entries.items()}
    return Written(values, mapping.place, keys)


def _explained(errors: Iterable[ErrorDetails], root: Mapping, reading: Reading) -> list[Problem]:
    found = []
    for each in errors:
        node, where, place = _located(root, each["loc"])
        if not _follows_from_another(each, node.place, reading):
            found.append(_problem(each, dotted(where), place))
    return found


def _follows_from_another(error: ErrorDetails, place: Place, reading: Reading) -> bool:
    """Whether a misspelt key of the same mapping, which is reported, has led to this complaint."""
    said = error.get("ctx", {})
    if error["type"] == "missing":
        return (place, str(error["loc"][-1])) in reading.misspelt
    if said.get("code") == "CS202":
        return (place, said["message"].split()[0]) in reading.misspelt
    return place in reading.unsound and said.get("code") == "CS312"


def _located(root: Mapping, loc: Where) -> tuple[Node, Where, Place]:
    """The innermost node on the way to a validator's location, its path, and where to point.

    Steps that validators add (`always`, `fixed`, a turn's number) have no counterpart in the file.
    """
    node: Node = root
    place = root.place
    where: Where = ()
    for step in _as_written(loc):
        part = parts(node).get(_written_step(node, step))
        if part is not None:
            node, where, place = part.node, (*where, step), part.telling_place
    return node, where, place


def _place_of(root: Mapping, where: Where) -> tuple[str, Place]:
    """The path of a part of the scenario as written, and where to point."""
    _, found, place = _located(root, where)
    return dotted(found), place


def _written_step(node: Node, step: str | int) -> str | int:
    """How a step stands in the file: a figure of a distribution by its place in a list, say."""
    if isinstance(node, Sequence):
        orders = [names for names in ORDERS if len(names) == len(node.items) and step in names]
        return orders[0].index(str(step)) if orders else step
    return "from" if step == "start" and "from" in entries(node) else step


def _as_written(loc: Where) -> Iterator[str | int]:
    """The steps of a validator's location, with `by`, `need` as the `by_need` of the file."""
    steps = iter(loc)
    for step in steps:
        yield f"by_{next(steps, '')}" if step == "by" else step


LINES = "Write each key on its own line, indented, with a colon and its value"
_RULES = {
    "missing": ("CS202", "{name} is missing here", "Add {name}: ..."),
    "string_pattern_mismatch": (
        "CS204",
        "{input} is not a name: lower-case letters, digits and underscores",
        "Write it as social_worker or co_design",
    ),
    "string_too_short": ("CS207", "this is empty", "Write something, or take the key away"),
    "string_type": ("CS205", "this must be text, but it is {input}", "Put it in quotes"),
    "bool_type": ("CS206", "this must be true or false, but it is {input}", "Write true or false"),
    "too_short": (
        "CS207",
        "this is empty, or not enough: at least {min_length} needed, and {actual_length} given",
        "Add what is missing, or take the key away",
    ),
    "too_long": (
        "CS209",
        "there are {actual_length} here, but no more than {max_length} can be",
        "Take out what is too many",
    ),
    "dict_type": ("CS203", "key: value lines are needed here, but it is {input}", LINES),
    "model_type": ("CS203", "key: value lines are needed here, but it is {input}", LINES),
    "list_type": ("CS203", "a list is needed here, but it is {input}", "Write [one, two]"),
    "literal_error": ("CS208", "{input} is not one of the words known here", "{expected}"),
}


def _problem(error: ErrorDetails, where: str, place: Place) -> Problem:
    context = error.get("ctx", {})
    if error["type"] == "costsim":
        return Problem(context["code"], context["message"], context["hint"], where, place)
    code, message, hint = _RULES.get(error["type"], ("CS209", error["msg"], ""))
    words = context | {
        "name": str(error["loc"][-1]),
        "input": _shown(error["input"]),
        "expected": _expected(error),
    }
    path = f"{where}.{words['name']}".lstrip(".") if error["type"] == "missing" else where
    path = path.removeprefix(f"sites.{merge.ONLY_SITE}.")
    return Problem(code, message.format(**words), hint.format(**words), path, place)


def _expected(error: ErrorDetails) -> str:
    known = str(error.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
    return nearest(str(error["input"]), [word for word in known.split(", ") if word])


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "key: value lines"
    return repr(value) if len(repr(value)) < 60 else f"{repr(value)[:57]}..."


def _with_origin(
    scenario: Scenario, root: Mapping, documents: list[text.Document], written: dict[Place, str]
) -> Scenario:
    places: dict[Where, tuple[Place, str]] = {}
    for path, _ in inputs.quantities(scenario):
        node, _, _ = _located(root, path)
        places[path] = (node.place, written.get(node.place, dotted(path)))
    by_name = _by_relative_name(documents)
    files = tuple((name, each.sha256) for name, each in by_name.items())
    contents = {name: each.text.encode() for name, each in by_name.items()}
    return scenario.with_origin(Origin(files[0][0], files, places, contents=contents))


def _by_relative_name(documents: list[text.Document]) -> dict[str, text.Document]:
    """Each file by its name relative to the folder of the first."""
    paths = [Path(each.name) for each in documents]
    folder = paths[0].parent.resolve()
    names = [(path.parent.resolve() / path.name).relative_to(folder) for path in paths]
    return {n.as_posix(): each for n, each in zip(names, documents, strict=True)}


def _dated_arrivals(scenario: Scenario, root: Mapping, folder: Path) -> list[Problem]:
    problems: list[Problem] = []
    for name, site in scenario.sites.items():
        if not isinstance(site.referrals.arrive, DatedArrivals):
            continue
        file = site.referrals.arrive.dates
        try:
            found = read_dates(folder, file, site.referrals.shares())
            refuse_early(found, file, scenario.calendar.start)
            scenario.origin.arrivals[name] = found
            scenario.origin.keep(file, (folder / file).read_bytes())
        except ValueError as error:
            message, _, hint = str(error).partition("|")
            _, where, place = _located(root, ("sites", name, "referrals", "arrive", "dates"))
            problems.append(Problem("CS440", message, hint, dotted(where), place))
    return problems


def _deflators(scenario: Scenario, root: Mapping, folder: Path) -> list[Problem]:
    """Bring all money to one price year, by the scenario's own table if it names one."""
    try:
        pricing.read_deflators(scenario, folder)
    except ValueError as error:
        message, _, hint = str(error).partition("|")
        _, where, place = _located(root, ("prices", "deflators"))
        return [Problem("CS450", message, hint, dotted(where), place)]
    return list(pricing.uprate(scenario))


def _tidy(
    problems: list[Problem], lines: dict[str, list[str]], written: dict[Place, str]
) -> list[Problem]:
    """Each problem once, although several sites may share the line, with the line as written."""
    once: dict[tuple[object, ...], Problem] = {}
    for each in problems:
        once.setdefault((each.place, each.code, each.message), _in_context(each, lines, written))
    return list(once.values())


def _in_context(
    problem: Problem, lines: dict[str, list[str]], written: dict[Place, str]
) -> Problem:
    place = problem.place
    if place is None:
        return problem
    line = "".join(lines.get(place.file, [])[place.line - 1 : place.line])
    # What is missing is written nowhere, so the place is that of what should hold it.
    path = problem.path if problem.code == "CS202" else written.get(place) or problem.path
    return replace(problem, path=path, source_line=line)
