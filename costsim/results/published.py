"""Published figures beside computed ones, with a plain word on whether they agree."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from costsim.results.estimates import Estimate
from costsim.results.metrics import Metrics
from costsim.scenario.schema import PUBLISHABLE, Published


@dataclass(frozen=True)
class Comparison:
    """One published figure: `owner` is `programme` or a site; `computed` may be None."""

    owner: str
    figure: str
    published: float
    computed: float | None
    agrees: bool
    note: str

    def as_json(self) -> dict[str, Any]:
        """The form in which it is published: `name` joins owner and figure."""
        fields = asdict(self)
        return {"name": f"{fields.pop('owner')}.{fields.pop('figure')}", **fields}


def compare(owner: str, published: Mapping[str, Published], metrics: Metrics) -> list[Comparison]:
    """Each published figure of a site or the programme beside what was computed."""
    known = [name for name in PUBLISHABLE if name in published]
    return [_compare(owner, name, published[name], metrics.named(name)) for name in known]


def _compare(owner: str, name: str, figure: Published, found: Estimate) -> Comparison:
    agrees = found.value is not None and _agrees(figure, found, found.value)
    return Comparison(owner, name, figure.number, found.value, agrees, figure.note or "")


def _agrees(figure: Published, found: Estimate, value: float) -> bool:
    """Within rounding of the computed figure, or of its interval where chance has a part in it."""
    ends = found.ci95 or (value, value)
    low, high = (math.inf if end is None else end for end in ends)  # None stands for never
    slack = figure.rounding * (1 + 1e-9)
    return low - slack <= figure.number <= high + slack
