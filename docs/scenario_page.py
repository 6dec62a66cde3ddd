"""The page of the scenario file: every key, from the models that read it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin, get_type_hints

import words
from markup import code, paragraphs, table
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from costsim.scenario import distributions, model, quantities, schema
from costsim.units import show


def scenario_file() -> Iterator[str]:
    """Every key of a scenario, section by section, then numbers and distributions."""
    yield "# The scenario file"
    yield f"\n{words.SCENARIO_FILE}"
    for section in _sections(schema.Scenario):
        yield from _section(section)
    yield from _numbers()
    yield from _distributions()


def _sections(start: type[BaseModel]) -> list[type[BaseModel]]:
    """The parts of a scenario in the order in which a reader comes to them."""
    found: list[type[BaseModel]] = []
    waiting = [start]
    while waiting:
        part = waiting.pop(0)
        if part not in found and not _is_number(part):
            found.append(part)
            inner = [each for hint in _hints(part).values() for each in _models(hint)]
            waiting = [*inner, *waiting]
    return found


def _hints(part: type[BaseModel]) -> dict[str, Any]:
    """The annotations of a part's own keys, with everything that qualifies them."""
    hints = get_type_hints(part, include_extras=True)
    common = model.Section.model_fields if issubclass(part, model.Section) else {}
    return {name: hints[name] for name in part.model_fields if name not in common}


def _models(hint: Any) -> Iterator[type[BaseModel]]:
    if inspect.isclass(hint) and issubclass(hint, BaseModel):
        generic = hint.__pydantic_generic_metadata__["args"]
        if generic:
            for each in generic:
                yield from _models(each)
        else:
            yield hint
    for each in get_args(hint):
        yield from _models(each)


def _is_number(part: type[BaseModel]) -> bool:
    generic = (quantities.Quantity, quantities.Varying, distributions.Distribution)
    return issubclass(part, generic)


def _section(part: type[BaseModel]) -> Iterator[str]:
    yield f"\n## {_title(part)}\n"
    yield paragraphs(part.__doc__)
    if issubclass(part, model.Section):
        yield "\nIt may also have `source`, `year`, `grade`, `assumed` and `note`."
    rows = []
    for name, hint in _hints(part).items():
        info = part.model_fields[name]
        unless = words.UNLESS.get((part.__name__, name), _unless(info))
        rows.append((code(info.alias or name), _kind(hint), unless, info.description or ""))
    yield from table(("key", "what to write", "unless given", "meaning"), rows)


def _title(part: type[BaseModel]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", part.__name__).capitalize()


def _anchor(part: type[BaseModel]) -> str:
    return _title(part).lower().replace(" ", "-")


def _kind(hint: Any) -> str:
    """What may be written for an annotation, in words."""
    for known, text in words.ALIASES:
        if _has_all(hint, known):
            return text
    origin, args = get_origin(hint), [each for each in get_args(hint) if each is not type(None)]
    if inspect.isclass(hint) and issubclass(hint, BaseModel):
        return _kind_of_model(hint)
    if origin is dict:
        names = "names" if args[0] is str or get_origin(args[0]) is not None else "keys"
        return f"{names}, each with {_kind(args[1])}"
    if origin is list:
        return f"a list, each {_kind(args[0])}"
    if getattr(origin, "__name__", "") == "Literal":
        return ", ".join(code(each) for each in args)
    if getattr(hint, "__metadata__", None):
        return _kind(hint.__origin__)
    return " or ".join(_kind(each) for each in args) or words.PLAIN[hint]


def _has_all(hint: Any, known: Any) -> bool:
    """Whether an annotation is an alias of costsim, possibly with bounds added."""
    if get_origin(hint) is get_origin(known) is not None and hint == known:
        return True
    marks = getattr(hint, "__metadata__", ())
    wanted = getattr(known, "__metadata__", ())
    return bool(wanted) and all(any(mark is each for each in marks) for mark in wanted)


def _kind_of_model(part: type[BaseModel]) -> str:
    inner = part.__pydantic_generic_metadata__["args"]
    if issubclass(part, quantities.Varying):
        return f"{_kind(inner[0])}, or `by_...`"
    if issubclass(part, distributions.Distribution):
        return f"{_kind(inner[0])}, or a [distribution](#distributions)"
    if _is_number(part):
        return f"[{words.NUMBERS[part.__name__]}](#numbers)"
    return f"[{_title(part).lower()}](#{_anchor(part)})"


def _unless(info: FieldInfo) -> str:
    if info.is_required():
        return "**must be given**"
    return _shown(info.get_default(call_default_factory=True))


def _shown(value: Any) -> str:
    if isinstance(value, quantities.Varying):
        return _shown(value.always)
    if isinstance(value, quantities.Quantity):
        return show(value.value, value.unit)
    if isinstance(value, BaseModel):
        return "its own defaults" if any(_shown(each) for _, each in value) else ""
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value)
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None or value is False or value == {} else str(value)


def _numbers() -> Iterator[str]:
    yield "\n## Numbers\n"
    yield words.NUMBERS_INTRODUCTION
    keys = {**quantities.Quantity.model_fields, **model.Section.model_fields}
    order = ("value", "source", "year", "grade", "assumed", "note", "price_year", "uncertain")
    yield from table(("key", "meaning"), _keys({name: keys[name] for name in order}))
    yield from table(("kind of number", "written as", "within"), _number_kinds())


def _number_kinds() -> Iterator[tuple[str, str, str]]:
    for name, title in words.NUMBERS.items():
        kind = getattr(quantities, name)
        yield title, words.WRITTEN_AS[name], _bounds(kind)


def _bounds(kind: type[quantities.Quantity[Any]]) -> str:
    low, high = kind.lowest, kind.highest
    if high == float("inf"):
        return f"{low:g} or more"
    return f"{low:.0%} to {high:.0%}" if kind.unit == "%" else f"{low:,} to {high:,}"


def _distributions() -> Iterator[str]:
    yield "\n## Distributions\n"
    yield words.DISTRIBUTIONS_INTRODUCTION
    rows = []
    for name, info in distributions.Distribution.model_fields.items():
        if name in model.Section.model_fields:
            continue
        form = _form(info.annotation)
        own = ", ".join(code(each) for each in form.native) if form else ""
        rows.append((code(name), info.description or "", own))
    yield from table(("family", "meaning", "its own figures, in the order of a list"), rows)
    general = distributions.Form.model_fields
    yield "\nBesides its own figures, a family from `uniform` to `beta` may be given by these:"
    yield from table(("key", "meaning"), _keys(general))
    for name, line in (("bins", distributions.Bin), ("discrete", distributions.Alternative)):
        yield f"\nA line of `{name}`:"
        yield from table(("key", "meaning"), _keys(line.model_fields))
    unsure, general = distributions.Unsure.model_fields, distributions.Distribution.model_fields
    only = {name: info for name, info in unsure.items() if name not in general}
    yield f"\n{words.UNSURE_INTRODUCTION}"
    yield from table(("key", "meaning"), _keys(only))


def _keys(described: Mapping[str, FieldInfo]) -> Iterator[tuple[str, str]]:
    for name, info in described.items():
        yield code(info.alias or name), info.description or ""


def _form(annotation: Any) -> type[distributions.Form[Any]] | None:
    for each in (annotation, *get_args(annotation)):
        if inspect.isclass(each) and issubclass(each, distributions.Form):
            return each
    return None
