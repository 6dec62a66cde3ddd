"""What happened in one replication of one world: cases, visits and work, without prices.

A case is a referral from arrival to outcome; a visit is one time at one activity; a piece of work
is one role's minutes at a visit. Times are working minutes on the model's clock.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Cases:
    """A row for each referral, by its number. `decided` is nan until a case has ended.

    `track` is the track on which it ended, `outcome` a number in the record's `outcomes`.
    """

    arrived: Floats
    decided: Floats
    track: Ints
    outcome: Ints
    counted: Flags
    extra: Flags
    levels: Ints


@dataclass(frozen=True)
class Visits:
    """A row for each visit: whose, on which track and step, which time there (from 0), and when."""

    case: Ints
    track: Ints
    step: Ints
    number: Ints
    reached: Floats
    began: Floats
    ended: Floats


@dataclass(frozen=True)
class WorkDone:
    """A row for each role's work at a visit: the visit's row, the role, how many people, and when.

    `minutes` are those of all its people together.
    """

    visit: Ints
    role: Ints
    people: Ints
    minutes: Floats
    began: Floats
    ended: Floats


@dataclass(frozen=True)
class Record:
    """Everything that happened in one replication of one world."""

    cases: Cases
    visits: Visits
    work: WorkDone
    outcomes: tuple[str, ...]
