"""Every number of a scenario as an input with a name: the assumptions log, and what can be varied.

An input is one number as somebody wrote it. Several sites may share it (it stands once, at the top
of the file); to change it is to change it everywhere it is used.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel

from costsim import units
from costsim.errors import NOWHERE, Place, Problem, ScenarioError
from costsim.scenario.families import Family
from costsim.scenario.model import Model, Section
from costsim.scenario.origin import Where
from costsim.scenario.quantities import Money, Portion, Quantity

if TYPE_CHECKING:
    from costsim.scenario.schema import Scenario


_ONE = {"1 people": "1 person", "1 cases": "1 case", "1 years": "1 year"}


@dataclass(frozen=True)
class Input:
    """One number of the scenario: its name, value, unit, provenance and uncertainty.

    `name` is its path as written; `where` lists each part of the scenario that uses it. `value` is
    in minutes, pounds, fractions, years or plain counts; None stands for `unlimited` or `rest`.
    `whole` says that it only takes whole values, as people and cases do. An amount of another price
    year is `pounds` in the scenario's prices. `counted` is how many cases were seen to go this way,
    where it is one of several shares that were counted together (a Dirichlet distribution). It can
    be from `lowest` to `highest`.
    """

    name: str
    value: float | None
    unit: str
    source: str | None
    year: str | None
    grade: int | None
    note: str | None
    price_year: str | None
    assumed: bool
    uncertain: Family | None
    where: tuple[Where, ...]
    place: Place | None
    minutes_per_day: float = units.MINUTES_PER_DAY
    whole: bool = False
    pounds: float | None = None
    counted: float | None = None
    lowest: float = 0.0
    highest: float = math.inf

    @property
    def provenance(self) -> str:
        """The source, or `assumed`, or that nothing is said."""
        if self.assumed:
            return f"assumed ({self.source})" if self.source else "assumed"
        return self.source or "no source given"

    @property
    def shown(self) -> str:
        """The value as people write it, and what it is in the scenario's prices if that differs."""
        if self.pounds is None or self.pounds == self.value:
            return self.show(self.value)
        here = units.money(self.pounds)
        return f"{self.show(self.value)} in {self.price_year} prices ({here})"

    def show(self, value: float | None) -> str:
        """A value that it might have, as people write it."""
        shown = units.show(value, self.unit, self.minutes_per_day)
        return _ONE.get(shown, shown)

    @property
    def p10_p90(self) -> tuple[float, float] | None:
        """The 10 % and 90 % quantiles of what the number might be, if it is uncertain.

        Those of a whole number are rounded to the nearest one, a half up.
        """
        if self.uncertain is None:
            return None
        ends = self.uncertain.quantile(np.array([0.1, 0.9]))
        low, high = (np.floor(ends + 0.5) if self.whole else ends).tolist()
        return low, high

    @property
    def range_shown(self) -> str:
        """The range between those quantiles as people write it; empty if it is not uncertain."""
        if self.p10_p90 is None:
            return ""
        of = "" if self.pounds in (None, self.value) else f" in {self.price_year} prices"
        return " to ".join(self.show(end) for end in self.p10_p90) + of


def quantities(part: Any, where: Where = ()) -> Iterator[tuple[Where, Quantity[Any]]]:
    """Every quantity that was given, with its path through the model, in a fixed order."""
    if isinstance(part, Quantity):
        if not _says_nothing(part):
            yield where, part
        return
    for step, inner in _parts(part):
        yield from quantities(inner, (*where, step))


def _parts(part: Any) -> list[tuple[str | int, Any]]:
    """What a part of the scenario is made of, by name or number; nothing for a plain value."""
    if isinstance(part, BaseModel):
        return [(name, getattr(part, name)) for name in sorted(part.model_fields_set)]
    if isinstance(part, dict):
        return sorted(part.items())
    return list(enumerate(part)) if isinstance(part, list) else []


def _step(part: Any, step: str | int) -> Any:
    return getattr(part, str(step)) if isinstance(part, BaseModel) else part[step]


def part_at(scenario: Scenario, where: Where) -> Any:
    """The part of a scenario to which a way leads."""
    part: Any = scenario
    for step in where:
        part = _step(part, step)
    return part


def _says_nothing(quantity: Quantity[Any]) -> bool:
    """A share that is `rest`, or the whole way to one activity, is no number that anyone gave."""
    whole = isinstance(quantity, Portion) and quantity.value in (None, 1.0)
    return whole and quantity.uncertain is None


def inputs(scenario: Scenario) -> tuple[Input, ...]:
    """Every number of the scenario, once, in the order of the file.

    The programme's published figures are not inputs, nor is the target: nothing is computed from
    them.
    """
    groups: dict[object, list[tuple[Where, Quantity[Any]]]] = {}
    places = scenario.origin.places
    for where, quantity in quantities(scenario):
        if where[0] == "uncertainty":
            continue
        groups.setdefault(places.get(where, (None, where)), []).append((where, quantity))
    found = [_input(scenario, places, group) for group in groups.values()]
    return tuple(sorted(found, key=_file_order))


def uncertain_inputs(scenario: Scenario) -> tuple[Input, ...]:
    """The inputs that say how unsure they are."""
    return tuple(each for each in inputs(scenario) if each.uncertain is not None)


def _input(
    scenario: Scenario,
    places: Mapping[Where, tuple[Place, str]],
    group: list[tuple[Where, Quantity[Any]]],
) -> Input:
    where, quantity = group[0]
    place, name = places.get(where, (None, ".".join(map(str, where))))
    said = _inherited(scenario, where)
    return Input(
        name=name.removesuffix(".value"),
        value=quantity.value,
        unit=quantity.unit,
        source=said.source,
        year=said.year,
        grade=said.grade,
        note=said.note,
        price_year=quantity.price_year,
        assumed=said.assumed,
        uncertain=quantity.uncertain.family() if quantity.uncertain else None,
        where=tuple(path for path, _ in group),
        place=place,
        minutes_per_day=scenario.calendar.hours_per_day.value * 60,
        whole=quantity.whole,
        pounds=quantity.pounds if isinstance(quantity, Money) else None,
        counted=quantity.uncertain.concentration if quantity.uncertain else None,
        lowest=quantity.lowest,
        highest=quantity.highest,
    )


def _inherited(scenario: Scenario, where: Where) -> Section:
    """What is said of a number: by itself, else by the nearest part around it that says anything.

    A year, a grade or a note alone adds to what the parts around say.
    """
    part: Any = scenario
    said = Section()
    for step in where:
        part = _step(part, step)
        if isinstance(part, Section):
            said = _said_last(said, part)
    return said


def _said_last(before: Section, part: Section) -> Section:
    own = {name: given for name in Section.model_fields if (given := getattr(part, name))}
    afresh = Section() if part.source or part.assumed else before
    return afresh.model_copy(update=own)


def _file_order(each: Input) -> tuple[Place, str]:
    return each.place or NOWHERE, each.name


def with_values(scenario: Scenario, values: Mapping[Where, float]) -> Scenario:
    """The same scenario with other values at the given places; everything else is shared.

    Counts are rounded to whole numbers. Raises `ScenarioError` if a value is impossible for its
    number, or makes its distribution impossible.
    """
    return _replaced(scenario, _tree(values), ())  # type: ignore[no-any-return]


Changes = dict[str | int, Any]
"""New values by the way to them, one step inside another."""


def _tree(values: Mapping[Where, float]) -> Changes:
    found: Changes = {}
    for where, value in values.items():
        inner = found
        for step in where[:-1]:
            inner = inner.setdefault(step, {})
        inner[where[-1]] = value
    return found


def _replaced(part: Any, changes: Changes | float, where: Where) -> Any:
    """A part of the scenario with its changes: whatever holds none is shared."""
    try:
        if not isinstance(changes, dict):
            return part.moved(changes)
        update = {
            step: _replaced(_step(part, step), inner, (*where, step))
            for step, inner in changes.items()
        }
        return _updated(part, update)
    except ValueError as error:
        path = ".".join(map(str, where))
        values = ", ".join(f"{value:g}" for value in _leaves(changes))
        rule = f"{values} is impossible here: {str(error).partition('|')[0]}"
        hint = "Choose a narrower range for it"
        raise ScenarioError([Problem("CS316", rule, hint, path)]) from error


def _leaves(changes: Changes | float) -> Iterator[float]:
    if isinstance(changes, dict):
        for inner in changes.values():
            yield from _leaves(inner)
    else:
        yield changes


def _updated(part: Any, update: Changes) -> Any:
    if isinstance(part, Model):
        return part.altered({str(step): each for step, each in update.items()})
    copied = part.copy()
    for step, each in update.items():
        copied[step] = each
    return copied


def range_problems(scenario: Scenario) -> list[Problem]:
    """Uncertain inputs whose range holds values that are impossible where they are used."""
    found = []
    for each in uncertain_inputs(scenario):
        for value in each.p10_p90 or ():
            try:
                with_values(scenario, dict.fromkeys(each.where, value))
            except ScenarioError as error:
                (problem,) = error.problems
                found.append(replace(problem, path=each.name, place=each.place))
    return found
