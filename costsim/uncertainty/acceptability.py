"""Which option is best at each price of an effect, over the draws.

At a price, an option's net monetary benefit in a draw is its effect times the price, less its cost.
The acceptability curve is how probable it is that an option has the largest; the frontier is that
probability for the option with the largest mean, which is the one to choose (Fenwick, Claxton and
Sculpher 2001, Health Economics 10, 779-787). The expected loss of choosing an option is how much
more the best of each draw would have brought; the smallest of them is the EVPI.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from costsim.drawing.figure import Figure

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Acceptability:
    """For each of some prices (£ for one unit of the effect) and each option.

    `probability` and `expected_loss` (£) have a row for each price and a column for each option;
    `best` is the number of the option with the largest mean at each price; `frontier` and `evpi`
    (£) have a value for each price.
    """

    effect: str
    names: tuple[str, ...]
    prices: Floats
    probability: Floats
    expected_loss: Floats
    best: NDArray[np.int64]

    @property
    def frontier(self) -> Floats:
        """How probable it is that the option to choose is the best one."""
        return np.asarray(self.probability[np.arange(len(self.prices)), self.best])

    @property
    def evpi(self) -> Floats:
        """What it would be worth to know which option is best, in pounds."""
        return np.asarray(self.expected_loss.min(axis=1))

    def to_frame(self) -> pd.DataFrame:
        """A row for each price: probabilities, losses, the option to choose, and the EVPI."""
        import pandas as pd

        columns = {"price": self.prices}
        columns |= {f"probability.{n}": self.probability[:, k] for k, n in enumerate(self.names)}
        columns |= {
            f"expected_loss.{n}": self.expected_loss[:, k] for k, n in enumerate(self.names)
        }
        chosen = [self.names[number] for number in self.best]
        return pd.DataFrame(columns).assign(choose=chosen, frontier=self.frontier, evpi=self.evpi)

    def plot(self) -> Figure:
        """The curves by price, with the frontier."""
        from costsim.uncertainty.pictures.curves import curves

        return curves(self)


def acceptability(
    effect: str, names: Sequence[str], costs: Floats, effects: Floats, prices: Floats
) -> Acceptability:
    """The curves of some options, whose costs and effects are (draws, options).

    Ties go to the first option. Raises ValueError where shapes differ or a number is not finite.

    >>> found = acceptability("helped", ["old", "new"], np.array([[0.0, 10], [0, 30]]),
    ...                       np.array([[0.0, 1], [0, 1]]), np.array([0.0, 20.0, 40.0]))
    >>> found.probability[:, 1].tolist(), found.evpi.tolist()
    ([0.0, 0.5, 1.0], [0.0, 5.0, 0.0])
    """
    if costs.shape != effects.shape or costs.shape[1:] != (len(names),):
        raise ValueError("costs and effects need a row for each draw, a column for each option")
    if not (np.isfinite(costs).all() and np.isfinite(effects).all()):
        raise ValueError("costs and effects must be finite numbers")
    shares, losses, best = [], [], []
    for price in prices:
        benefit = effects * price - costs
        shares.append(np.bincount(np.argmax(benefit, axis=1), minlength=len(names)) / len(benefit))
        losses.append(np.mean(benefit.max(axis=1, keepdims=True) - benefit, axis=0))
        best.append(int(np.argmin(losses[-1])))
    return Acceptability(
        effect, tuple(names), prices, np.array(shares), np.array(losses), np.array(best)
    )
