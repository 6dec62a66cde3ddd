"""Screening: which of many inputs move the outcome at all, for a few runs each (Morris 1991).

Trajectories through a grid change one factor at a time by half of its range of quantiles; what the
outcome does at each step is that factor's elementary effect. mu* is its mean size (Campolongo et
al. 2007), mu its mean, sigma how much it differs from place to place: interactions, or a bend.
The grid lies at the quantiles (k + 0.5) / levels, so that no input becomes infinite. An outcome
that is the same again half of a range further on is not seen to have moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from costsim.drawing.figure import Figure
from costsim.uncertainty.indices.arrays import Z95, Array, check_resamples, luck, replicated
from costsim.uncertainty.indices.bars import Chart, Wording
from costsim.uncertainty.indices.factors import Factors
from costsim.uncertainty.indices.measures import Measure, frame
from costsim.words import listed

if TYPE_CHECKING:
    from pandas import DataFrame

STEP = 0.5
"""How far a factor moves, as a share of its quantiles."""
_ROUNDING = 1e-13
"""A change that is no larger, as a share of the outcome, is rounding."""
Show = Callable[[float], str]


def plainly(value: float) -> str:
    """A number with four significant digits at most.

    >>> plainly(1234.5), plainly(0.25)
    ('1,234', '0.25')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


@dataclass(frozen=True)
class MorrisDesign:
    """Some `trajectories` through a grid of so many `levels` (even), each of one run a factor more.

    With the same seed, the design of fewer trajectories is the beginning of that of more. Raises
    ValueError for fewer than two trajectories or an odd number of levels.

    >>> design = MorrisDesign(Factors.single(["hours", "wage"]), 10)
    >>> design.rows, sorted(set(design.cube[:, 0].tolist()))
    (30, [0.125, 0.375, 0.625, 0.875])
    """

    factors: Factors
    trajectories: int
    levels: int = 4
    seed: int = 0

    def __post_init__(self) -> None:
        if self.trajectories < 2:
            raise ValueError(
                f"{self.trajectories} trajectories do not show how an effect differs from place to "
                "place; give at least 2, better 10 or more"
            )
        if self.levels < 2 or self.levels % 2:
            raise ValueError(
                f"The grid has {self.levels} levels; give an even number from 2, so that each step "
                "is half of the grid"
            )

    @property
    def rows(self) -> int:
        """Points of the whole design."""
        return self.trajectories * (len(self.factors.names) + 1)

    @property
    def cube(self) -> Array:
        """The points (rows, width), a trajectory after another, within (0, 1)."""
        steps = np.arange(len(self.factors.names) + 1)[:, None]
        moved = self.order[:, None, self._factor_of_column] < steps
        upper = moved ^ self._falls[:, None, :]
        level = self._start[:, None, :] + self.levels // 2 * upper
        return np.asarray((level + 0.5) / self.levels).reshape(self.rows, self.factors.width)

    @property
    def order(self) -> NDArray[np.intp]:
        """When each factor moves (trajectories, factors): 0 for the first step."""
        last = self._luck[:, 2 * self.factors.width :]
        return np.asarray(last.argsort(axis=1).argsort(axis=1))

    @property
    def directions(self) -> Array:
        """1 where the (first) column of a factor rises, -1 where it falls."""
        firsts = [mine[0] for mine in self.factors.columns]
        return np.where(self._falls[:, firsts], -1.0, 1.0)

    @cached_property
    def _luck(self) -> Array:
        """A row a trajectory: start and direction of each column, and the factors' order."""
        size = (self.trajectories, 2 * self.factors.width + len(self.factors.names))
        return luck(self.seed, "morris").random(size)

    @property
    def _start(self) -> NDArray[np.int64]:
        return (self._luck[:, : self.factors.width] * (self.levels // 2)).astype(np.int64)

    @property
    def _falls(self) -> NDArray[np.bool_]:
        return np.asarray(self._luck[:, self.factors.width : 2 * self.factors.width] < 0.5)

    @property
    def _factor_of_column(self) -> NDArray[np.intp]:
        return np.asarray(self.factors.membership.argmax(axis=0))


@dataclass(frozen=True)
class MorrisEffects:
    """Elementary effects: the outcome's change for a whole range of quantiles, in its own unit.

    `mu_star` has a 95 % interval by a bootstrap of trajectories. `mu` and `sigma` are None for a
    group, whose columns move up and down at once. `floor` is the mu* of an input without any
    effect, by chance alone, where replications have measured it: what is no larger says nothing.
    """

    names: tuple[str, ...]
    trajectories: int
    runs: int
    mu_star: Measure
    mu: tuple[float | None, ...]
    sigma: tuple[float | None, ...]
    floor: float | None

    @property
    def constant(self) -> bool:
        """Whether no step changed the outcome."""
        return not any(self.mu_star.values)

    def to_frame(self) -> DataFrame:
        """One row a factor: mu, mu* and its interval, sigma."""
        columns = {"name": self.names, "mu": self.mu, **self.mu_star.columns()}
        return frame({**columns, "sigma": self.sigma})

    def summary(self, show: Show = plainly) -> str:
        """What the screening says, in plain words; `show` writes a figure of the outcome."""
        return " ".join(_summary(self, show))

    def plot(self, show: Show = plainly) -> Figure:
        """Bars of mu*, largest first, and what chance alone would give where it was measured."""
        chance = None if self.floor is None else ("chance alone", self.floor)
        wording = Wording(
            name="morris-effects",
            title=_finding(self, show),
            subtitle="Mean size of the effect of an input's whole range; lines are 95% intervals",
            source=f"Morris screening: {_extent(self)}.",
            description=f"Bars of the mean size of each input's effect. {self.summary(show)}",
        )
        called = ("mu*: mean size of the effect",)
        return Chart(wording, self.names, (self.mu_star,), called, show, chance).figure()


def morris_effects(
    design: MorrisDesign, values: object, resamples: int = 1000, seed: int = 0
) -> MorrisEffects:
    """The effects of outcomes (rows,) of a design, or (rows, R) of R replications at each point.

    Raises ValueError for outcomes that do not fit the design or are not finite.

    >>> design = MorrisDesign(Factors.single(["hours", "wage"]), 10)
    >>> morris_effects(design, 3 * design.cube[:, 0]).mu_star.values
    (3.0, 0.0)
    """
    check_resamples(resamples, least=0)
    outcomes = replicated(values, design.rows)
    effects = _effects(design, outcomes.mean(axis=1))
    sizes = np.abs(effects)
    halves = _half_widths(sizes, resamples, seed) if resamples else None
    alone = [len(mine) == 1 for mine in design.factors.columns]
    return MorrisEffects(
        names=design.factors.names,
        trajectories=design.trajectories,
        runs=outcomes.size,
        mu_star=Measure.of("mu_star", sizes.mean(axis=0), halves),
        mu=_where(alone, effects.mean(axis=0)),
        sigma=_where(alone, effects.std(axis=0, ddof=1)),
        floor=_floor(outcomes),
    )


def _effects(design: MorrisDesign, outcomes: Array) -> Array:
    """Elementary effects (trajectories, factors), by which the outcome rises with the factor."""
    changes = np.diff(outcomes.reshape(design.trajectories, -1), axis=1)
    changes[np.abs(changes) <= _ROUNDING * np.abs(outcomes).max()] = 0.0
    return np.take_along_axis(changes, design.order, axis=1) * design.directions / STEP


def _half_widths(sizes: Array, resamples: int, seed: int) -> Array:
    generator = luck(seed, "morris bootstrap")
    picked = generator.integers(len(sizes), size=(resamples, len(sizes)))
    weights = np.apply_along_axis(np.bincount, 1, picked, minlength=len(sizes)) / len(sizes)
    return np.asarray(Z95 * (weights @ sizes).std(axis=0, ddof=1))


def _floor(outcomes: Array) -> float | None:
    """The mean size of a difference of two averages of replications that differ by chance alone."""
    runs = outcomes.shape[1]
    if runs < 2:
        return None
    variance = float(outcomes.var(axis=1, ddof=1).mean()) / runs
    return float(np.sqrt(2 * variance) * np.sqrt(2 / np.pi)) / STEP


def _where(alone: list[bool], values: Array) -> tuple[float | None, ...]:
    pairs = zip(alone, values.tolist(), strict=True)
    return tuple(value if single else None for single, value in pairs)


def _extent(found: MorrisEffects) -> str:
    return f"{found.trajectories:,} trajectories, {found.runs:,} runs"


def _finding(found: MorrisEffects, show: Show) -> str:
    if found.constant:
        return "No input moves the outcome"
    place = found.mu_star.order()[0]
    size = show(found.mu_star.values[place])
    return f"{found.names[place]} moves the outcome most: by {size} over its range"


def _summary(found: MorrisEffects, show: Show) -> Iterator[str]:
    if found.constant:
        yield f"No input moves the outcome: no step changed it ({_extent(found)})."
        return
    yield from _told(found, show)
    yield from _bends(found)
    yield (
        "This is a screening to tell inputs that matter from those that hardly do; it gives no "
        "shares of the spread, and each input's range is as wide as it was stated to be."
    )


def _told(found: MorrisEffects, show: Show) -> Iterator[str]:
    measure, order = found.mu_star, found.mu_star.order()
    for place in order[:5]:
        between = measure.between(place, show)
        yield (
            f"Over its range {found.names[place]} moves the outcome by "
            f"{show(measure.values[place])}{between and f' ({between})'} on average (mu*)."
        )
    if order[5:]:
        largest = show(measure.values[order[5]])
        others = listed((found.names[place] for place in order[5:]), most=5)
        yield f"The others ({others}) move it by {largest} at most on average."
    if found.floor:
        yield _by_chance(found, show(found.floor), found.floor * 1.25)


def _by_chance(found: MorrisEffects, floor: str, most: float) -> str:
    sizes = found.mu_star.values
    none = [found.names[place] for place in found.mu_star.order() if sizes[place] <= most]
    unknown = f": so of {listed(none, most=5)} nothing can be said" if none else ""
    return f"Chance alone would make it {floor} for an input without any effect{unknown}."


def _bends(found: MorrisEffects) -> Iterator[str]:
    """Inputs whose effect depends on where the others stand, or on where they stand themselves."""
    bent = [
        found.names[place]
        for place in found.mu_star.order()
        if (found.sigma[place] or 0.0) > 0.5 * found.mu_star.values[place]
    ]
    if bent and not found.floor:
        yield (
            f"The effect of {listed(bent, most=5)} differs much from place to place (sigma is more "
            "than half of mu*): it bends, or depends on other inputs."
        )
