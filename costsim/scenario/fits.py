"""How near the distributions of a scenario come to the figures that were asked of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from costsim import units
from costsim.errors import NOWHERE, Place
from costsim.scenario.distributions import Distribution, Unsure
from costsim.scenario.forms import Fit
from costsim.scenario.origin import Where
from costsim.scenario.quantities import Quantity

if TYPE_CHECKING:
    from costsim.scenario.schema import Scenario

WORTH_SAYING = 0.05  # of the spread of the figures


@dataclass(frozen=True)
class PoorFit:
    """A distribution that misses what was asked of it: whose it is, and in which unit."""

    name: str
    place: Place | None
    family: str
    fit: Fit
    unit: str
    minutes_per_day: float = units.MINUTES_PER_DAY

    @property
    def sentence(self) -> str:
        """The largest miss in words, such as for a line of `costsim check`."""
        figure, (asked, got) = max(self.fit.wanted.items(), key=lambda each: _miss(each[1]))
        wanted, found = (units.show(each, self.unit, self.minutes_per_day) for each in (asked, got))
        share = units.percent(round(self.fit.error, 2))
        return (
            f"the nearest {self.family} has {figure} {found} where {wanted} was asked for, a miss "
            f"of {share} of the spread"
        )


def poor_fits(scenario: Scenario, above: float = WORTH_SAYING) -> tuple[PoorFit, ...]:
    """The distributions that miss their figures by more than so much of their spread, once each.

    They come in the order of the file, varying times and uncertain numbers alike.
    """
    found: dict[object, PoorFit] = {}
    for each in _fits(scenario, scenario, (), "min"):
        if each.fit.error > above:
            found.setdefault(each.place or each.name, each)
    return tuple(sorted(found.values(), key=lambda each: each.place or NOWHERE))


def _miss(figures: tuple[float, float]) -> float:
    return abs(figures[1] - figures[0])


def _fits(scenario: Scenario, part: Any, where: Where, unit: str) -> Iterator[PoorFit]:
    if isinstance(part, Distribution):
        yield _fitted(scenario, part, where, unit)
    inner_unit = part.unit if isinstance(part, Quantity) else unit
    for step, inner in _inside(part):
        yield from _fits(scenario, inner, (*where, step), inner_unit)


def _inside(part: Any) -> list[tuple[str | int, Any]]:
    if isinstance(part, BaseModel):
        return [(name, getattr(part, name)) for name in sorted(part.model_fields_set)]
    if isinstance(part, dict):
        return sorted(part.items())
    return list(enumerate(part)) if isinstance(part, list) else []


def _fitted(
    scenario: Scenario, written: Distribution[Any, Any], where: Where, unit: str
) -> PoorFit:
    family = written.chosen
    # The number that is unsure stands around its distribution; else figures stand in it.
    of = where[:-1] if isinstance(written, Unsure) else where
    inside = [found for path, found in scenario.origin.places.items() if path[: len(of)] == of]
    place, name = min(inside, default=(None, ".".join(map(str, of))))
    return PoorFit(
        name=(name.rpartition(f".{family}")[0] or name).removesuffix(".value"),
        place=place,
        family=family,
        fit=written.fit(),
        unit=unit,
        minutes_per_day=scenario.calendar.hours_per_day.value * 60,
    )
