"""How a scenario goes to another process: each part by the number of its kind.

Kinds such as `Quantity[Pounds]` are made when they are used and have no name by which another
process could find them. They can all be reached from `Scenario` by what its fields hold, always in
the same order, and the place in that order is their number.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any, get_args

from pydantic import BaseModel


@cache
def kinds() -> tuple[type[BaseModel], ...]:
    """Every kind of part that a scenario may have, in the order in which fields lead to them."""
    # By its name, for the schema is made of parts that know how they travel.
    whole = import_module("costsim.scenario.schema").Scenario
    found: dict[type[BaseModel], None] = {}
    ahead: list[type[BaseModel]] = [whole]
    while ahead:
        kind = ahead.pop(0)
        if kind not in found:
            found[kind] = None
            ahead += (inner for field in kind.model_fields.values() for inner in _in(field))
    return tuple(found)


def _in(field: Any) -> Iterator[type[BaseModel]]:
    return _models(field.annotation)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The kinds of parts in a type, such as the values of a dictionary."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


@cache
def _numbers() -> dict[type[BaseModel], int]:
    return {kind: number for number, kind in enumerate(kinds())}


def packed(part: BaseModel) -> tuple[Any, ...]:
    """What pickle needs to make a part again."""
    return unpacked, (_numbers()[type(part)], part.__getstate__())


def unpacked(number: int, state: dict[Any, Any]) -> BaseModel:
    """The part again."""
    kind = kinds()[number]
    part = kind.__new__(kind)
    part.__setstate__(state)
    return part
