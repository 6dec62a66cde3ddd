"""Published figures beside computed ones, with a plain word on whether they agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from costsim.results.estimates import Estimate
from costsim.results.metrics import Metrics
from costsim.scenario.schema import PUBLISHABLE, Published

ENOUGH = 30


@dataclass(frozen=True)
class Comparison:
    """One published figure: `owner` is `programme` or a site.

    `computed` is None if there is none; `agrees` where there are too few replications to judge.
    """

    owner: str
    figure: str
    published: float
    computed: float | None
    agrees: bool | None
    note: str

    def as_json(self) -> dict[str, Any]:
        """The form in which it is published: `name` joins owner and figure."""
        fields = asdict(self)
        return {"name": f"{fields.pop('owner')}.{fields.pop('figure')}", **fields}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Comparison:
        """What `as_json` made."""
        owner, figure = content["name"].rsplit(".", 1)
        return cls(owner, figure, **{n: v for n, v in content.items() if n != "name"})


def compare(owner: str, published: Mapping[str, Published], metrics: Metrics) -> list[Comparison]:
    """Each published figure of a site or the programme beside what was computed."""
    known = [name for name in PUBLISHABLE if name in published]
    return [_compare(owner, name, published[name], metrics.named(name)) for name in known]


def _compare(owner: str, name: str, figure: Published, found: Estimate) -> Comparison:
    return Comparison(
        owner, name, figure.number, found.value, _agrees(figure, found), figure.note or ""
    )


def _agrees(figure: Published, found: Estimate) -> bool | None:
    """Within rounding of the computed figure, or of its interval where chance has a part in it."""
    if found.value is None:
        return False
    low, high = found.ci95 or (found.value, found.value)
    slack = figure.rounding * (1 + 1e-9)
    near = low is not None and low - slack <= figure.number
    near = near and (high is None or figure.number <= high + slack)
    return None if found.degrees is not None and found.degrees + 1 < ENOUGH else near
