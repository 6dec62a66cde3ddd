"""The JSON Schema of scenario files, by which editors complete and check as people type.

It is derived from the models that validate: a number may stand bare or with its story, a
distribution may be a bare number, and what varies by an attribute is written `by_...`. It cannot
say everything (shares that add up, names that must fit): `costsim check` is the judge.
"""

from __future__ import annotations

from typing import Any

from costsim.scenario.schema import SITE_KEYS, Scenario

Schema = dict[str, Any]
DIALECT = "http://json-schema.org/draft-07/schema#"
_BARE: Schema = {"type": ["number", "string"]}


def editor_schema() -> Schema:
    """The schema as plain values, in draft 7, which editors understand best.

    >>> editor_schema()["properties"]["title"]["description"]
    'What is being decided.'
    """
    whole = Scenario.model_json_schema(ref_template="#/definitions/{model}", mode="validation")
    parts = {name: _as_written(name, part) for name, part in whole.pop("$defs").items()}
    site = parts["Site"]
    site["properties"]["extends"] = {"type": "string", "description": "The site that it extends."}
    common = {key: site["properties"][key] for key in sorted(SITE_KEYS)}
    link = {"type": "string", "description": "A file in the same folder that this one extends."}
    properties = {**whole["properties"], **common, "extends": link}
    return {
        "$schema": DIALECT,
        "title": "costsim scenario",
        "type": "object",
        "properties": _written_value(properties, "properties"),
        "anyOf": [{"required": ["costsim", "title", "price_year", "horizon"]}, _EXTENDING],
        "additionalProperties": False,
        "definitions": {name: _written_value(part) for name, part in parts.items()},
    }


def _as_written(name: str, part: Schema) -> Schema:
    """One part of the model, as it may be written in a file."""
    kind = name.partition("_")[0]
    if kind == "Varying":
        return _varying(part)
    if kind in ("Distribution", "Unsure"):
        return {"anyOf": [_BARE, part["properties"]["fixed"]["anyOf"][0], part]}
    if kind in _QUANTITIES:
        return {"anyOf": [_BARE, part]}
    if kind.endswith("Form"):
        return {"anyOf": [{"type": "array", "items": _BARE}, part]}
    return part


# What an override need not repeat cannot be required, so parts require nothing: the judge does.
_LEFT_OUT = frozenset({"default", "title", "required", "minProperties", "minItems"})
_EXTENDING: Schema = {"required": ["extends"]}
_QUANTITIES = frozenset({
    "Money", "Duration", "Proportion", "Portion", "DiscountRate", "Number", "Period", "Count",
    "Headcount", "Waiting", "Published", "Spending", "Growth",
})  # fmt: skip


def _varying(part: Schema) -> Schema:
    """The thing itself, or `by_...` with one for each value of an attribute."""
    thing = part["properties"]["always"]["anyOf"][0]
    each = {"type": "object", "additionalProperties": thing}
    by = {
        "type": "object",
        "patternProperties": {"^by_": each},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [by, thing]}


def _written_value(value: Any, key: str = "") -> Any:
    """Numbers with units are written as text or numbers; defaults are left to the program."""
    if isinstance(value, list):
        return [_written_value(each) for each in value]
    return _written_part(value, key) if isinstance(value, dict) else value


def _written_part(part: Schema, key: str) -> Schema:
    if key == "properties":
        return {name: _special(name, _written_value(each)) for name, each in part.items()}
    kept = {name: _written_value(part[name], name) for name in part.keys() - _LEFT_OUT}
    if part.get("type") in ("number", "integer"):
        return {**_BARE, **_description(kept)}
    return dict(sorted(kept.items()))


def _description(part: Schema) -> Schema:
    return {"description": part["description"]} if "description" in part else {}


def _special(key: str, value: Schema) -> Schema:
    """Two keys that may be written in a shorter way."""
    words = _description(value)
    if key == "next":
        return {**words, "anyOf": [{"type": "string"}, value]}
    if key == "staff" and "array" in str(value.get("anyOf")):
        return {**words, "anyOf": [*value["anyOf"], *_items_of(value)]}
    return value


def _items_of(value: Schema) -> list[Schema]:
    return [each["items"] for each in value["anyOf"] if each.get("type") == "array"]
