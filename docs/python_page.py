"""The page of the public library: each name with its signature, docstring and members."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cached_property
from typing import Any

import words
from markup import code, paragraphs, table
from pydantic import BaseModel
from sources import ROOT, SOURCES

import costsim
from costsim.scenario import schema


def python_names() -> Iterator[str]:
    """The public library: each name with its signature and its docstring."""
    yield "# Python names"
    yield "\nEverything here can be imported from `costsim`. The examples are run by the tests."
    names = ",\n    ".join(costsim.__all__)
    yield f"\n```python\nfrom costsim import (\n    {names},\n)\n```"
    for name in costsim.__all__:
        yield from _explained(name, getattr(costsim, name), "##")
    yield "\n## Parts of results and inputs\n"
    yield words.PARTS_INTRODUCTION
    for name in words.PARTS:
        yield from _explained(name.rpartition(".")[2], _found(name), "###")


def _explained(name: str, value: Any, level: str) -> Iterator[str]:
    yield f"\n{level} `{name}`\n"
    if not inspect.isclass(value):
        yield f"```text\n{_signature(name, value)}\n```\n"
    yield from _docstring(value)
    if inspect.isclass(value):
        yield from _members(value)


def _found(name: str) -> Any:
    """A class of the package by its name, wherever it is defined, or by its full path."""
    module, _, name = name.rpartition(".")
    if module:
        return getattr(importlib.import_module(module), name)
    pattern = re.compile(rf"^class {name}\b", re.MULTILINE)
    files = [path for path in SOURCES if pattern.search(path.read_text("utf-8"))]
    if len(files) != 1:
        raise SystemExit(f"docs/words.py names the class {name}, of which there are {len(files)}")
    module = ".".join(files[0].relative_to(ROOT).with_suffix("").parts)
    return getattr(importlib.import_module(module), name)


class _Plain:
    """Something whose repr is a given text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _signature(name: str, function: Callable[..., Any]) -> str:
    """`name(parameters) -> result` on one line, or one line for each parameter."""
    found = inspect.signature(function)
    given = []
    for each in found.parameters.values():
        default = each.default
        if callable(default) and default is not inspect.Parameter.empty:
            called = getattr(default, "__name__", type(default).__name__.lower())
            default = _Plain("..." if called == "<lambda>" else called)
        annotation = each.annotation
        if annotation is not inspect.Parameter.empty:
            annotation = _Plain(str(annotation))
        given.append(each.replace(annotation=annotation, default=default))
    result = f" -> {found.return_annotation}" if isinstance(found.return_annotation, str) else ""
    flat = str(found.replace(parameters=given, return_annotation=inspect.Signature.empty))
    if len(name + flat + result) <= 90:
        return f"{name}{flat}{result}"
    lines, star = [], False
    for each in given:
        if each.kind is inspect.Parameter.KEYWORD_ONLY and not star:
            lines.append("    *,")
            star = True
        lines.append(f"    {each},")
    return "\n".join([f"{name}(", *lines, f"){result}"])


def _docstring(value: object) -> Iterator[str]:
    """A docstring, with its examples in blocks of their own."""
    inside = False
    for line in paragraphs(inspect.getdoc(value)).splitlines():
        example = line.lstrip().startswith((">>>", "...")) or (inside and bool(line.strip()))
        if example != inside:
            yield "```" if inside else "\n```python"
        inside = example
        yield inspect.cleandoc(line) if example else line
    if inside:
        yield "```"


def _members(value: type) -> Iterator[str]:
    """The fields and public members of a class."""
    rows = []
    if is_dataclass(value):
        public = (each for each in fields(value) if not each.name.startswith("_"))
        rows += [(code(each.name), code(each.type), "") for each in public]
    for name, member in sorted(vars(value).items()):
        if name.startswith("_") or name in BaseModel.__dict__:
            continue
        getter = _getter(member)
        if getter:
            result = getter.__annotations__.get("return", "")
            rows.append((code(name), code(result), _first(member)))
        elif inspect.isfunction(member):
            rows.append((code(_signature(name, member).replace("\n    ", "")), "", _first(member)))
    if value is schema.Scenario:
        yield "\nIts keys are those of [the scenario file](scenario-file.md#scenario). Also:"
    if rows:
        yield from table(("member", "type", "what it is"), rows)


def _getter(member: object) -> Callable[..., Any] | None:
    """The function behind a property."""
    return member.func if isinstance(member, cached_property) else getattr(member, "fget", None)


def _first(member: object) -> str:
    return paragraphs(inspect.getdoc(member)).partition("\n\n")[0].replace("\n", " ")
