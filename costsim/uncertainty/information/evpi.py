"""What it would be worth to know everything: the expected value of perfect information (EVPI).

Whoever decides today takes the option that is best on average, and in some draws it is not the
best. The average loss from that is what perfect information would be worth, and so the most that
any research could be (Raiffa and Schlaifer 1961; Claxton 1999, J Health Econ 18, 341-364).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from costsim.drawing.figure import Figure
from costsim.uncertainty.information.charts import PER_DECISION, Bar, bars_drawn
from costsim.uncertainty.information.decision import Decision, gain
from costsim.uncertainty.information.learning import learn, mean_error
from costsim.uncertainty.information.ridge import Array
from costsim.words import money, percentage

if TYPE_CHECKING:
    import pandas as pd

Manner = Literal["as drawn", "smoothed", "shrunk"]
_MANNERS: dict[Manner, str] = {
    "as drawn": "",
    "smoothed": " Chance within a draw is taken out: the expected net benefit given all inputs is"
    " used in place of the net benefit drawn.",
    "shrunk": " Chance within a draw is taken out: net benefits are drawn in towards their mean"
    " until they vary no more than the inputs make them.",
}


@dataclass(frozen=True)
class PerfectInformation:
    """The value of knowing everything, in pounds of one decision, and what each option risks.

    `losses` are expected losses against knowing everything, `means` expected net benefits and
    `best_in` shares of draws in which an option is best; all by option. `manner` says how chance
    within a draw was dealt with.
    """

    value: float
    standard_error: float
    options: tuple[str, ...]
    means: tuple[float, ...]
    losses: tuple[float, ...]
    best_in: tuple[float, ...]
    draws: int
    manner: Manner = "as drawn"

    @property
    def choice(self) -> str:
        """The option that is best on average."""
        return self.options[self.losses.index(min(self.losses))]

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval, not below 0."""
        half = 1.96 * self.standard_error
        return max(self.value - half, 0.0), self.value + half

    def to_frame(self) -> pd.DataFrame:
        """A row for each option: its expected net benefit and loss, and how often it is best."""
        import pandas as pd

        return pd.DataFrame({
            "option": self.options,
            "expected_net_benefit": self.means,
            "expected_loss": self.losses,
            "best_in": self.best_in,
        })  # fmt: skip

    def summary(self) -> str:
        """What it is worth to know everything, and what does not follow, in plain English."""
        place = self.options.index(self.choice)
        low, high = self.interval
        if self.value == 0:
            worth = "No draw says otherwise, so knowing more is worth nothing for this decision."
        else:
            worth = (
                f"Knowing every input exactly before deciding would be worth {money(self.value)} "
                f"a decision on average (95% interval {money(low)} to {money(high)}): this is the "
                "expected value of perfect information (EVPI). No study can be worth more, so one "
                "that costs more should not be done; one that costs less need not be worth it."
            )
        return (
            f"On average {self.choice} is best, and in {percentage(self.best_in[place])} of "
            f"{self.draws:,} draws. {worth}{_MANNERS[self.manner]}"
        )

    def plot(self) -> Figure:
        """Expected losses of all options as bars: the shortest is the EVPI."""
        rows = sorted(zip(self.losses, self.options, self.best_in, strict=True))
        bars = [Bar(name, loss, lighter=True) for loss, name, _ in rows if name != self.choice]
        bars.insert(0, Bar(self.choice, self.value, self.interval))
        said = " ".join(f"{name}: {money(loss)}." for loss, name, _ in rows)
        return Figure(
            name="expected-loss",
            title=f"Deciding today for {self.choice} loses {money(self.value)} on average",
            subtitle=f"{PER_DECISION}, lost against knowing all inputs; the line is a 95% interval",
            source=f"costsim, {self.draws:,} draws",
            description=f"Bars of expected losses. {said}",
            header=("Option", "Expected loss", "Best in"),
            rows=tuple((name, money(loss), percentage(best)) for loss, name, best in rows),
            draw=bars_drawn(bars, "expected loss"),
        )


def expected_losses(net_benefits: Array) -> Array:
    """What each option is expected to lose against knowing everything, in pounds.

    `net_benefits` are (n, options), or (n,) for one option against doing nothing. The least of them
    is the EVPI (Alarid-Escudero et al. 2019, Value in Health 22, 611-618).

    >>> expected_losses(np.array([-1.0, 1.0, 2.0, 2.0] * 5)).tolist()
    [1.25, 0.25]
    """
    return _losses(Decision.of(net_benefits).net_benefits)


def _losses(net_benefits: Array) -> Array:
    return np.asarray(np.mean(net_benefits.max(axis=1, keepdims=True) - net_benefits, axis=0))


def evpi(
    net_benefits: Array,
    names: Sequence[str] | None = None,
    *,
    inputs: Array | None = None,
    noise_variance: float = 0.0,
) -> PerfectInformation:
    """The expected value of perfect information, with its standard error.

    `net_benefits` are (n, options), or (n,) for one option against doing nothing. Where a draw's
    net benefit is itself simulated, chance makes EVPI too great: say by `noise_variance` (squared
    pounds) how much of the variance of a difference between two options is chance. It is taken out
    by a smoother over `inputs` (n, p), if they are given, and by shrinking otherwise. Raises
    ValueError for numbers that are not finite.

    >>> found = evpi(np.array([-1.0, 1.0, 2.0, 2.0] * 5), ["new way"])
    >>> found.value, found.choice
    (0.25, 'new way')
    """
    return of_decision(Decision.of(net_benefits, names), inputs, noise_variance)


def of_decision(
    drawn: Decision, inputs: Array | None = None, noise_variance: float = 0.0
) -> PerfectInformation:
    """The expected value of perfect information of a decision: see `evpi`."""
    decision, manner, error = _without_chance(drawn, inputs, noise_variance)
    losses = _losses(decision.net_benefits)
    rows = len(decision.net_benefits)
    firsts = np.bincount(decision.net_benefits.argmax(axis=1), minlength=len(drawn.names))
    return PerfectInformation(
        value=float(losses.min()),
        standard_error=error,
        options=drawn.names,
        means=tuple(drawn.means.tolist()),
        losses=tuple(losses.tolist()),
        best_in=tuple((firsts / rows).tolist()),
        draws=rows,
        manner=manner,
    )


def _without_chance(
    decision: Decision, inputs: Array | None, noise_variance: float
) -> tuple[Decision, Manner, float]:
    """The decision without chance within a draw, how that was done, and its EVPI's error."""
    shares = decision.shared(noise_variance)
    if noise_variance == 0:
        return decision, "as drawn", mean_error(gain(decision.increments))
    if inputs is not None:
        found = learn(decision, inputs, "polynomial")
        return _replaced(decision, found.increments), "smoothed", found.standard_error(0)
    means = decision.increments.mean(axis=0)
    increments = means + shares * (decision.increments - means)
    return _replaced(decision, increments), "shrunk", mean_error(gain(increments))


def _replaced(decision: Decision, increments: Array) -> Decision:
    """The same options with other differences from the best, which is worth its mean."""
    found = np.insert(increments, decision.best, 0.0, axis=1)
    return Decision(found + decision.means[decision.best], decision.names)
