"""How much of the full-roll-out saving each year of the appraisal gets.

A new pathway may start late, reach its full use over some years, and lose part of its effect as
time goes by. Years of the appraisal count from time 0, when the one-off cost falls; years since
going live count from the end of the start delay, and the two need not line up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from costsim.scenario.pathways import TakeUp


@dataclass(frozen=True)
class Rollout:
    """The course of a new pathway from time 0: a late start, a ramp-up, and a fade.

    `start_delay` is in years, and need not be whole. `ramp_up` is the share of full roll-out in
    each year since going live; its last value holds afterwards. `fade` is the share of the saving
    lost with each further year since going live. For the first `double_running` years since going
    live the old way goes on beside the new one, which then saves nothing. Raises ValueError, in
    plain words, for a period that is negative or not finite, an empty ramp-up, or a share outside 0
    to 100 %.

    >>> Rollout(start_delay=0.5, ramp_up=(0.5, 1.0)).saving_shares(3)
    (0.25, 0.75, 1.0)
    """

    start_delay: float = 0.0
    ramp_up: tuple[float, ...] = (1.0,)
    fade: float = 0.0
    double_running: float = 0.0

    def __post_init__(self) -> None:
        for what in ("start_delay", "double_running"):
            years = getattr(self, what)
            if not 0 <= years < math.inf:
                raise ValueError(
                    f"The {what.replace('_', ' ')} must be zero or more years, but it is {years:g}."
                )
        if not self.ramp_up:
            raise ValueError("The ramp-up needs at least one share, such as 100 %.")
        for year, share in enumerate(self.ramp_up, start=1):
            _refuse_unless_share(f"The ramp-up in year {year} since going live", share)
        _refuse_unless_share("The fade a year", self.fade)

    @classmethod
    def of(cls, take_up: TakeUp) -> Rollout:
        """The course that a scenario's take-up sets."""
        return cls(
            take_up.start_delay.value,
            tuple(share.value for share in take_up.ramp_up),
            take_up.fade.value,
            take_up.double_running.value,
        )

    def live_shares(self, years: int) -> tuple[float, ...]:
        """The share of each appraisal year, 1 to `years`, in which the new pathway is live.

        >>> Rollout(start_delay=1.25).live_shares(3)
        (0.0, 0.75, 1.0)
        """
        return self._by_appraisal_year(_always_full, years)

    def saving_shares(self, years: int) -> tuple[float, ...]:
        """The share of the full-roll-out saving that falls in each appraisal year, 1 to `years`.

        Ramp-up and fade are level within each year since going live, and are integrated exactly
        over the appraisal year, which holds parts of two of them when the delay is not whole.
        """
        return _saving_shares(self, years)

    def double_shares(self, years: int) -> tuple[float, ...]:
        """The share of full roll-out in each appraisal year that the old way is run beside.

        >>> Rollout(start_delay=0.5, double_running=0.75).double_shares(2)
        (0.5, 0.25)
        """
        return self._while_double(self._reached, years)

    def both_shares(self, years: int) -> tuple[float, ...]:
        """The share of each appraisal year in which both ways are run, whatever the use reached.

        >>> Rollout(start_delay=0.5, double_running=0.75).both_shares(2)
        (0.5, 0.25)
        """
        return self._while_double(_always_full, years)

    def full_years(self, years: int) -> float:
        """The years at full roll-out that would save as much as the first `years` years do.

        >>> Rollout(start_delay=1.0, ramp_up=(0.5, 1.0)).full_years(3)
        1.5
        """
        return math.fsum(self.saving_shares(years))

    def _reached(self, year_since_launch: int) -> float:
        return self.ramp_up[min(year_since_launch, len(self.ramp_up) - 1)]

    def _level(self, year_since_launch: int) -> float:
        return self._reached(year_since_launch) * (1.0 - self.fade) ** year_since_launch

    def _while_double(self, level: Callable[[int], float], years: int) -> tuple[float, ...]:
        """What falls in each appraisal year while both ways are run."""
        if not self.double_running:
            return (0.0,) * years
        return tuple(self._double_part(level, year - self.start_delay) for year in range(years))

    def _double_part(self, level: Callable[[int], float], begin: float) -> float:
        """What falls in the year that begins so many years after going live, while both are run."""
        launches = (math.floor(begin), math.floor(begin) + 1)
        return math.fsum(
            level(launch) * _overlap(begin, min(begin + 1, self.double_running), launch)
            for launch in launches
            if launch >= 0
        )

    def _by_appraisal_year(self, level: Callable[[int], float], years: int) -> tuple[float, ...]:
        part, whole = math.modf(self.start_delay)
        launches = range(-1 - int(whole), years - int(whole))
        levels = [level(year) if year >= 0 else 0.0 for year in launches]
        # Each appraisal year ends one launch year and begins the next. Written as a step from the
        # later level so that two equal levels give exactly that level.
        return tuple(later + part * (earlier - later) for earlier, later in pairwise(levels))


@lru_cache(maxsize=256)  # asked for again and again, by every figure of every draw
def _saving_shares(rollout: Rollout, years: int) -> tuple[float, ...]:
    shares = rollout._by_appraisal_year(rollout._level, years)
    doubled = rollout._while_double(rollout._level, years)
    return tuple(share - lost for share, lost in zip(shares, doubled, strict=True))


def _overlap(begin: float, finish: float, year: int) -> float:
    """How much of a stretch of time lies within a year that begins at a whole number."""
    return max(0.0, min(finish, year + 1) - max(begin, year))


def _always_full(_year_since_launch: int) -> float:
    return 1.0


def _refuse_unless_share(what: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{what} must lie between 0 % and 100 %, but it is {100 * value:g} %.")
