"""What a study of a given size would be worth: the expected value of sample information (EVSI).

A study observes some cases and tells an input only roughly. In every draw one study of each size is
imagined, with the same luck for all sizes; the net benefit that is expected given its result says
what would be chosen after it (Strong, Oakley, Brennan and Breeze 2015, Medical Decision Making 35,
570-583). The best size is that whose worth exceeds its cost by most.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from costsim.drawing.figure import Figure
from costsim.uncertainty.information.charts import Course, course_drawn
from costsim.uncertainty.information.decision import Decision
from costsim.uncertainty.information.learning import Learned, learn
from costsim.uncertainty.information.ridge import Array, checked, same_length, stream
from costsim.units import counted
from costsim.words import money

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Study:
    """A study of some input: what it costs, and how many decisions it serves.

    `fixed_cost` and `cost_each` (for each case observed) are in pounds. `decisions` is how many
    decisions of the net benefit's kind it serves: 1 for a net benefit of a whole programme, and
    `Scope.present_cases` for that of a case. Raises ValueError for negative figures.
    """

    name: str = "the input"
    fixed_cost: float = 0.0
    cost_each: float = 0.0
    decisions: float = 1.0

    def __post_init__(self) -> None:
        for what in ("fixed_cost", "cost_each", "decisions"):
            value = getattr(self, what)
            if not 0 <= value < math.inf:
                raise ValueError(
                    f"The study's {what} is {value:g}: give a finite number of 0 or more."
                )

    def cost(self, size: int) -> float:
        """What it costs to observe so many cases, in pounds."""
        return self.fixed_cost + self.cost_each * size


@dataclass(frozen=True)
class SampleValue:
    """What studies of several sizes are worth, in pounds of one decision, by size.

    `evppi` is what knowing the input exactly would be worth, which no study can exceed.
    """

    study: Study
    sizes: tuple[int, ...]
    values: tuple[float, ...]
    standard_errors: tuple[float, ...]
    evppi: float

    @property
    def costs(self) -> tuple[float, ...]:
        """What each size costs, in pounds."""
        return tuple(self.study.cost(size) for size in self.sizes)

    @property
    def worths(self) -> tuple[float, ...]:
        """What each size is worth over all decisions it serves, in pounds."""
        return tuple(value * self.study.decisions for value in self.values)

    @property
    def net_returns(self) -> tuple[float, ...]:
        """What each size is worth over all decisions less what it costs, in pounds."""
        return tuple(worth - cost for worth, cost in zip(self.worths, self.costs, strict=True))

    @property
    def best(self) -> int | None:
        """The size with the greatest net return, or None where no size pays."""
        most = max(self.net_returns)
        return self.sizes[self.net_returns.index(most)] if most > 0 else None

    def to_frame(self) -> pd.DataFrame:
        """A row for each size: EVSI with its error, cost, worth and net return, in pounds."""
        import pandas as pd

        return pd.DataFrame({
            "size": self.sizes,
            "evsi": self.values,
            "standard_error": self.standard_errors,
            "cost": self.costs,
            "worth": self.worths,
            "net_return": self.net_returns,
        })  # fmt: skip

    def summary(self) -> str:
        """Which size of study pays best, if any, and what does not follow, in plain English."""
        name = self.study.name
        most = money(self.evppi * self.study.decisions)
        return (
            f"Knowing {name} exactly would be worth {most} in all, and no study of it can be worth "
            f"more. {self._verdict()} This is the expected value of sample information (EVSI): it "
            "holds if those observed are like those the decision is about, and does not count what "
            "is learnt about other inputs or the price of waiting for the result."
        )

    def _verdict(self) -> str:
        sizes = f"{min(self.sizes):,} to {max(self.sizes):,} cases"
        if self.best is None:
            return f"No study of {sizes} is worth what it costs."
        place = self.sizes.index(self.best)
        error = 2 * self.standard_errors[place] * self.study.decisions
        unsure = (
            " That gain is within the error of these draws."
            if self.net_returns[place] < error
            else ""
        )
        return (
            f"Of the sizes looked at, a study of {counted(self.best, 'case')} pays best: it is "
            f"worth {money(self.worths[place])} and costs {money(self.costs[place])}, a net return "
            f"of {money(self.net_returns[place])}.{unsure}"
        )

    def plot(self) -> Figure:
        """Worth and cost by size of study."""
        title = f"No study of {self.study.name} pays"
        if self.best is not None:
            title = f"Observing {self.study.name} in {counted(self.best, 'case')} pays best"
        rows = zip(self.sizes, self.worths, self.costs, self.net_returns, strict=True)
        return Figure(
            name="value-of-a-study",
            title=title,
            subtitle="Pounds over all decisions that the study serves, by how many it observes",
            source="costsim",
            description=f"Two lines over the size of a study, its worth and its cost. {title}.",
            header=("Size", "Worth", "Cost", "Net return"),
            rows=tuple((f"{size:,}", *map(money, amounts)) for size, *amounts in rows),
            draw=course_drawn(Course(self.sizes, self.worths, self.costs, self.best)),
        )


def evsi(
    incremental: Array,
    input_values: Array,
    spread: float | Array,
    sizes: Sequence[int],
    seed: int = 0,
    *,
    study: Study | None = None,
) -> SampleValue:
    """The value of observing an input in samples of each size, whose mean is then known.

    `incremental` (n,) is the net benefit over the alternative, in pounds of one decision, and
    `input_values` (n,) the input's true value in each draw. `spread` is the standard deviation
    between observed cases, in the input's unit, one for all draws or one for each (n,): a mean of
    m cases varies around the truth with variance spread squared over m. Raises ValueError for
    sizes below 1, a spread below 0, or numbers that are not finite.
    """
    x = checked(input_values, "The input", 1)
    spreads = np.broadcast_to(np.asarray(spread, dtype=np.float64), x.shape)
    if not ((spreads >= 0) & np.isfinite(spreads)).all():
        raise ValueError(
            "The spread between cases must be 0 or more, and finite: give a standard deviation."
        )
    luck = stream(seed, "study").standard_normal(len(x))
    question = _Question(_decision(incremental, x), x, seed, alone=np.ndim(spread) == 0)
    return question.answered(sizes, lambda size: x + spreads / math.sqrt(size) * luck, study)


def evsi_share(
    incremental: Array,
    input_values: Array,
    sizes: Sequence[int],
    seed: int = 0,
    *,
    study: Study | None = None,
) -> SampleValue:
    """The value of observing a share in samples of each size: how many of them are such cases.

    As `evsi`, for an input that is a share between 0 and 1: the number of such cases among m is
    binomial. Raises ValueError for shares outside that.
    """
    x = checked(input_values, "The share", 1)
    if not ((x >= 0) & (x <= 1)).all():
        row = int(np.argmax((x < 0) | (x > 1)))
        raise ValueError(
            f"The share must lie between 0 and 1, but row {row + 1} has {x[row]:g}: put it right."
        )
    luck = stream(seed, "study").random(len(x))
    question = _Question(_decision(incremental, x), x, seed, alone=True)
    return question.answered(sizes, lambda size: _counted(luck, size, x) / size, study)


def _counted(luck: Array, size: int, share: Array) -> Array:
    """The binomial quantile: the least count that is reached with a probability of `luck`."""
    from scipy.special import bdtr, bdtrik

    inside = np.clip(share, 1e-12, 1 - 1e-12)
    near = np.ceil(np.nan_to_num(bdtrik(luck, size, inside))).clip(0, size)
    below = np.maximum(near - 1, 0)
    return np.asarray(np.where(bdtr(below, size, inside) >= luck, below, near))


def _decision(incremental: Array, x: Array) -> Decision:
    found = Decision.of(checked(incremental, "The net benefit", 1))
    same_length(x, found.net_benefits)
    return found


@dataclass(frozen=True)
class _Question:
    """A decision, and the input that would be studied.

    `alone` is true where a study's result depends on nothing else that is uncertain: then what it
    says about the decision is what it says about the curve over the input, with far less chance.
    """

    decision: Decision
    x: Array
    seed: int
    alone: bool

    def answered(
        self, sizes: Sequence[int], observed: Callable[[int], Array], study: Study | None
    ) -> SampleValue:
        """The value of each size, given what would be observed in each draw."""
        _check_sizes(sizes)
        known = learn(self.decision, self.x[:, None], "spline")
        whole = sorted({int(size) for size in sizes})
        found = self._values(known, list(map(observed, whole)))
        values, errors = zip(*found, strict=True)
        held = np.minimum(values, known.value).tolist()
        return SampleValue(study or Study(), tuple(whole), tuple(held), errors, known.value)

    def _values(self, known: Learned, results: list[Array]) -> Iterator[tuple[float, float]]:
        for result in results:
            if self.alone:
                learned = known.seen_through(result)
                yield learned.value, learned.standard_error(self.seed)
            else:
                direct = learn(self.decision, result[:, None], "spline")
                yield direct.value, direct.standard_error(self.seed)


def _check_sizes(sizes: Sequence[int]) -> None:
    if not sizes:
        raise ValueError("No size of study is given: name one at least.")
    wrong = [size for size in sizes if size < 1 or size != int(size)]
    if wrong:
        raise ValueError(f"A study of {wrong[0]:g} cases: give whole numbers of 1 or more.")
