"""The decision that information may change: options, and what each is worth in every draw.

An option's net benefit is in pounds of the decision it stands for: a case, a year or a programme.
What matters for information is only how options differ, so they are compared with the one that is
best on average, which would be chosen today.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from costsim.uncertainty.information.ridge import Array, checked

AGAINST = "doing nothing"


@dataclass(frozen=True)
class Decision:
    """Net benefits (n, options) of at least two options, and the options' names."""

    net_benefits: Array
    names: tuple[str, ...]

    @classmethod
    def of(cls, net_benefits: Array, names: Sequence[str] | None = None) -> Decision:
        """Options from their net benefits, (n, options).

        One option, (n,) or (n, 1), is compared with doing nothing, which is worth 0. Raises
        ValueError for numbers that are not finite, or names that do not fit.

        >>> Decision.of(np.linspace(-1.0, 2.0, 10)).names
        ('doing nothing', 'option 1')
        """
        dimensions = np.ndim(net_benefits)
        found = checked(net_benefits, "The net benefits", 1 if dimensions == 1 else 2)
        found = found.reshape(len(found), -1)
        named = list(names or [f"option {1 + place}" for place in range(found.shape[1])])
        if found.shape[1] == 1:
            found = np.column_stack([np.zeros(len(found)), found])
            named = named if len(named) == 2 else [AGAINST, *named]
        if len(named) != found.shape[1] or len(set(named)) < len(named):
            raise ValueError(
                f"There are {found.shape[1]} options, named {', '.join(named)}: "
                "give each a name of its own."
            )
        return cls(found, tuple(named))

    @cached_property
    def means(self) -> Array:
        """Expected net benefits, one for each option."""
        return np.asarray(self.net_benefits.mean(axis=0))

    @property
    def best(self) -> int:
        """The option that is best on average: the first of them, if some are equally good."""
        return int(np.argmax(self.means))

    @property
    def choice(self) -> str:
        """The name of the option that is best on average."""
        return self.names[self.best]

    @cached_property
    def increments(self) -> Array:
        """What each other option is worth more than the best in each draw, (n, options - 1)."""
        others = np.delete(self.net_benefits, self.best, axis=1)
        return np.asarray(others - self.net_benefits[:, [self.best]])

    def shared(self, noise_variance: float) -> Array:
        """The part of each increment's spread that is not chance, as a share of its spread.

        `noise_variance` is the variance of chance in an increment, in squared pounds. Raises
        ValueError if it is negative or not finite.
        """
        if not 0 <= noise_variance < np.inf:
            raise ValueError(
                f"The variance of chance is {noise_variance:g}: it must be 0 or more and finite."
            )
        variance = self.increments.var(axis=0, ddof=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            left = np.where(variance > 0, 1 - noise_variance / variance, 0.0)
        return np.asarray(np.sqrt(np.clip(left, 0.0, 1.0)))


def gain(increments: Array) -> Array:
    """What choosing again in each draw gains over the best option: never less than 0, (n,)."""
    return np.asarray(np.maximum(increments.max(axis=1), 0.0))
