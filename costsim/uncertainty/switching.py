"""Switching values: how far one input alone must move until the net benefit is nothing.

The number that a decision turns on, in the input's own unit: it pays back if at least so many are
referred. It is found on the steady response by bracketing, first within the range that the scenario
gives the input, then as far as the input can go. Other inputs are uncertain too, so it has a range
of its own: the middle 80 % of what it would be over draws of the others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from costsim.errors import ScenarioError
from costsim.executors import Crew, alone
from costsim.progress import Progress, silent
from costsim.scenario.inputs import Input
from costsim.uncertainty.designs import cube
from costsim.uncertainty.parameters import Parameter
from costsim.uncertainty.steady import Steady

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
NEARLY = 0.001  # the share at either end of a distribution that is no part of its range
OTHERS = 60
FURTHEST = 10.0
PARTS = 8
Response = Callable[[float], float]


@dataclass(frozen=True)
class Switch:
    """Where one input turns the decision.

    `value` is where the outcome is zero, None if it never is as far as the input can go; `within`
    whether that lies in its own range, `low` to `high`. `rising` says on which side it pays: above.
    `p10` and `p90` are those of the value over draws of the other inputs, in the share `found` of
    which there is one; None where draws were not asked for, or there are none.
    """

    input: Input
    value: float | None
    within: bool
    rising: bool
    low: float
    high: float
    p10: float | None = None
    p90: float | None = None
    found: float | None = None

    def sentence(self) -> str:
        """The condition in words.

        >>> from costsim.scenario.loader import load
        >>> from costsim.scenario.inputs import inputs
        >>> each = inputs(load("scenarios/starter.yaml"))[0]
        >>> Switch(each, None, False, True, 0.0, 1.0).sentence()
        'whatever its value'
        """
        if self.value is None:
            return "whatever its value"
        side = "at least" if self.rising else "at most"
        return f"{side} {self.input.show(self._rounded())}"

    def _rounded(self) -> float:
        """A whole number on the side where it pays."""
        value = self.value or 0.0
        if not self.input.whole:
            return value
        return math.ceil(value - 1e-9) if self.rising else math.floor(value + 1e-9)


@dataclass(frozen=True)
class Switches:
    """The switching value of every uncertain input; those within their range first."""

    base: float
    each: tuple[Switch, ...]

    def to_frame(self) -> pd.DataFrame:
        """A row for each input."""
        import pandas as pd

        rows = []
        for switch in self.each:
            found = {name: value for name, value in vars(switch).items() if name != "input"}
            rows.append({"input": switch.input.name, "unit": switch.input.unit, **found})
        return pd.DataFrame(rows)

    def summary(self) -> str:
        """What would have to be true, in a paragraph."""
        inside = [switch for switch in self.each if switch.within]
        stands = "pays" if self.base > 0 else "does not pay"
        begin = f"As it stands it {stands} over the horizon. "
        if not inside:
            return begin + (
                "No uncertain input alone, within its own range, changes that. Several together "
                "may."
            )
        listed = "; ".join(f"{each.input.name} is {each.sentence()}" for each in inside)
        return (
            f"{begin}All else at its value, it pays if {listed}. Each of these lies within the "
            "range that the scenario gives the input. The others do not turn the answer alone."
        )


def switches(
    steady: Steady,
    *,
    seed: int = 0,
    others: int = OTHERS,
    progress: Progress = silent,
    crew: Crew = alone,
) -> Switches:
    """The switching values of all uncertain inputs.

    `others` draws of the other inputs give each its range; none are drawn where a simulation would
    be needed for each. `progress(done, of)` is called after each input.
    """
    rows: Floats | None = None
    hands: Crew = alone
    if steady.exact:
        rows, hands = _draws(steady, seed, others), crew
        steady = replace(steady, evaluator=None)  # which could not go to another process
    found = []
    numbers = list(range(len(steady.parameters)))
    for number, switch in enumerate(hands(partial(_switch, steady, rows), numbers), start=1):
        found.append(switch)
        progress(number, len(numbers))
    return Switches(steady.base, tuple(sorted(found, key=_telling)))


def _telling(switch: Switch) -> tuple[bool, bool, str]:
    return not switch.within, switch.value is None, switch.input.name


def _draws(steady: Steady, seed: int, count: int) -> Floats:
    points = cube("latin_hypercube", count, len(steady.parameters), seed)
    return steady.parameters.values(points)


def _switch(steady: Steady, rows: Floats | None, number: int) -> Switch:
    parameter = steady.parameters.each[number]
    low, high = parameter.family.quantile(np.array([NEARLY, 1.0 - NEARLY])).tolist()

    def response(value: float) -> float:
        return steady.moved({number: value})

    value = root(response, low, high)
    within = value is not None
    if value is None:
        value = _further(response, _possible(parameter), (low, high))
    rising = _rises(response, value, (low, high), _possible(parameter))
    switch = Switch(parameter.input, value, within, rising, low, high)
    if rows is None or value is None:
        return switch
    return _with_range(switch, list(_over(steady, rows, number)))


def _rises(
    response: Response,
    value: float | None,
    known: tuple[float, float],
    possible: tuple[float, float],
) -> bool:
    """Whether it pays above the switching value rather than below it: by a step to either side."""
    step = (known[1] - known[0]) / 100
    below, above = known if value is None else (value - step, value + step)
    at_below, at_above = (
        _told(response, min(max(x, possible[0]), possible[1])) for x in (below, above)
    )
    return at_above >= 0 if math.isnan(at_below) else not at_above < at_below


def _with_range(switch: Switch, values: list[float | None]) -> Switch:
    there = [value for value in values if value is not None]
    share = len(there) / len(values)
    if share < 0.5:  # the middle 80% of so few would mislead
        return replace(switch, found=share)
    p10, p90 = np.quantile(there, [0.1, 0.9]).tolist()
    return replace(switch, p10=p10, p90=p90, found=share)


def _over(steady: Steady, rows: Floats, number: int) -> Iterator[float | None]:
    """The switching value for each draw of the other inputs, as far as the input can go."""
    parameter = steady.parameters.each[number]
    for row in rows:

        def response(value: float, row: Floats = row) -> float:
            moved = row.copy()
            moved[number] = value
            return steady.at(moved.tolist())

        yield _secant(response, _possible(parameter), parameter.input.value or 0.0)


def _secant(response: Response, ends: tuple[float, float], start: float) -> float | None:
    """A root by secants from a value and one a little above it; None if it leaves the ends."""
    first, second = start, start * 1.05 or 0.05
    at_first, at_second = response(first), response(second)
    for _ in range(8):
        if at_second == at_first:
            return None
        third = second - at_second * (second - first) / (at_second - at_first)
        if not ends[0] <= third <= ends[1]:
            return None
        if abs(third - second) <= 1e-6 * abs(second):
            return third
        first, at_first, second, at_second = second, at_second, third, response(third)
    return None


def _possible(parameter: Parameter) -> tuple[float, float]:
    """How far an input can go: from nothing to ten times its range, or to the whole of a share."""
    top = float(parameter.family.quantile(np.array([1.0 - NEARLY]))[0])
    return parameter.input.lowest, min(parameter.input.highest, FURTHEST * top)


def _further(
    response: Response, possible: tuple[float, float], known: tuple[float, float]
) -> float | None:
    """The nearest root outside the range, as far as the input can go."""
    least, most = possible
    found = [
        value
        for low, high in ((least, known[0]), (known[1], most))
        if low < high and (value := root(response, low, high)) is not None
    ]
    middle = sum(known) / 2
    return min(found, key=lambda value: abs(value - middle), default=None)


def root(response: Response, low: float, high: float) -> float | None:
    """Where a response first is zero between two ends; None where it has one sign throughout.

    The range is looked at in parts, so that a response that comes back is seen. An end at which
    the response cannot be told is none.

    >>> root(lambda x: x - 2.0, 0.0, 10.0)
    2.0
    """
    from scipy.optimize import brentq

    points = np.linspace(low, high, PARTS + 1).tolist()
    values = [_told(response, point) for point in points]
    for (a, at_a), (b, at_b) in zip(
        zip(points, values, strict=True), zip(points[1:], values[1:], strict=True), strict=False
    ):
        if at_a == 0.0:
            return float(a)
        if at_a * at_b <= 0:
            return float(brentq(response, a, b, xtol=1e-12 * max(1.0, abs(b)), rtol=1e-10))
    return None


def _told(response: Response, point: float) -> float:
    """The response, nan where the input cannot have such a value."""
    try:
        return response(point)
    except (ScenarioError, ValueError):
        return math.nan
