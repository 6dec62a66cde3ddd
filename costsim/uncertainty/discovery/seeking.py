"""Scenario discovery from arrays to a verdict: seek a box in some draws, check it in others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from costsim.sampling import purpose_key
from costsim.uncertainty.discovery.box import Array, Box, Draws, Flags
from costsim.uncertainty.discovery.outcome import Check, Restriction, Step, Verdict
from costsim.uncertainty.discovery.peeling import Path, Search, quasi_p, sought
from costsim.uncertainty.discovery.result import Discovery

FEWEST = 20
"""Failures, and successes, below which no box is sought."""
CONVINCING = 0.01
"""A box is reported if in the draws kept aside one by chance would do as well so rarely."""
Ints = NDArray[np.int64]


def prim(
    inputs: Array,
    names: Sequence[str],
    failing: Flags,
    peel: float = 0.05,
    least_mass: float = 0.05,
    *,
    seed: int = 0,
) -> Discovery:
    """Find limits on a few inputs within which most draws fail, and say how sure that is.

    `inputs` has a row for each draw and a column for each of the names; `failing` says which draws
    fail. The box is sought in three quarters of the draws by PRIM (Friedman & Fisher 1999; Bryant &
    Lempert 2010), in slices of the share `peel` of what is left, down to the share `least_mass`,
    and checked in the last quarter, which `seed` picks. It is reported only if it also stands out
    there: at most one box in a hundred does so by chance. A draw's place in the design says nothing
    of its quarter, since rows of an even design are not alike.

    Raises ValueError for arrays that do not fit together, values that are not finite, names that
    are not distinct, or shares out of range.

    >>> x = (np.arange(400) * 0.618034) % 1
    >>> found = prim(x[:, None], ["leakage"], x > 0.7)
    >>> found.verdict, round(found.restrictions[0].low, 1), found.density > 0.95
    ('box', 0.7, True)
    """
    _check(inputs, names, failing)
    _check_share("peel", peel, 0.5)
    _check_share("least_mass", least_mass, 1.0)
    draws = Draws(np.asarray(inputs, dtype=np.float64), failing)
    whole = Discovery(tuple(names), "chance", draws.count(Box.everything(len(names))), draws=draws)
    verdict = _hopeless(whole.count.failures, whole.count.draws)
    if verdict:
        return replace(whole, verdict=verdict)
    return _found(whole, Search(tuple(range(len(names))), peel, least_mass), seed)


def _hopeless(failures: int, draws: int) -> Verdict | None:
    """Why no box needs to be sought, if so."""
    verdicts: dict[Verdict, bool] = {
        "nothing_fails": failures == 0,
        "everything_fails": failures == draws,
        "too_few_fail": failures < FEWEST,
        "too_few_succeed": draws - failures < FEWEST,
    }
    return next((verdict for verdict, holds in verdicts.items() if holds), None)


def _found(whole: Discovery, search: Search, seed: int) -> Discovery:
    """The box that is found, if it stands up to the check."""
    names, draws = _in_order(whole)
    ours, aside = (draws.among(part) for part in _parts(draws.failing, seed))
    path = sought(ours, search)
    check = _checked(aside, path.box)
    stands = check is not None and check.p <= CONVINCING
    box = path.box if stands else Box.everything(len(names))
    return replace(
        whole,
        verdict="box" if stands else "chance",
        count=draws.count(box),
        restrictions=tuple(_restrictions(names, draws, box, ours)),
        check=check,
        trajectory=tuple(_steps(names, ours, path)),
    )


def _in_order(whole: Discovery) -> tuple[list[str], Draws]:
    """Inputs by their names, so that of slices as good as each other the same is peeled first."""
    order = sorted(range(len(whole.names)), key=whole.names.__getitem__)
    inputs = whole.draws.inputs[:, order]
    return [whole.names[column] for column in order], Draws(inputs, whole.draws.failing)


def _parts(failing: Flags, seed: int) -> tuple[Ints, Ints]:
    """Rows in which to seek and rows in which to check: three quarters and one, of either kind."""
    key = [seed, purpose_key("", "uncertainty/discovery")]
    luck = np.random.Philox(key=np.array(key, dtype=np.uint64)).random_raw(len(failing))
    aside = np.zeros(len(failing), dtype=np.bool_)
    for kind in (failing, ~failing):
        rows = np.flatnonzero(kind)
        order = np.argsort(luck[rows], kind="stable")
        aside[rows[order[: round(len(rows) / 4)]]] = True
    return np.flatnonzero(~aside), np.flatnonzero(aside)


def _checked(aside: Draws, box: Box) -> Check | None:
    """The box in the draws kept aside; nothing for one without limits."""
    if not box.restricted:
        return None
    from scipy.stats import hypergeom

    count = aside.count(box)
    tail = hypergeom.sf(count.failing - 1, count.draws, count.failures, count.held)
    return Check(count, float(tail))


def _restrictions(names: Sequence[str], draws: Draws, box: Box, ours: Draws) -> list[Restriction]:
    """By how much denser failures get by each, the most first."""
    found = [
        Restriction(
            names[column],
            float(box.low[column]),
            float(box.high[column]),
            quasi_p(ours, box, box.without(column)),
            draws.count(box.without(column)),
        )
        for column in box.restricted
    ]
    return sorted(found, key=attrgetter("without.density", "name"))


def _steps(names: Sequence[str], ours: Draws, path: Path) -> Iterator[Step]:
    for number, box in enumerate(path.boxes):
        restricted = tuple(names[column] for column in box.restricted)
        yield Step(ours.count(box), restricted, number == path.kept)


def _check(inputs: Array, names: Sequence[str], failing: Flags) -> None:
    if inputs.ndim != 2 or inputs.shape[1] != len(names) or not inputs.size:
        raise ValueError(
            f"The inputs have the shape {inputs.shape}. They need a row for each draw and a column "
            f"for each of the {len(names)} names, and at least one of both."
        )
    if failing.dtype != np.bool_ or failing.shape != (len(inputs),):
        raise ValueError(
            f"`failing` has the shape {failing.shape} and the type {failing.dtype}. It needs true "
            f"or false for each of the {len(inputs):,} draws."
        )
    _check_names(names)
    _check_finite(inputs, names)


def _check_names(names: Sequence[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValueError(f"The input {twice[0]!r} is named twice. Name each input once.")


def _check_finite(inputs: Array, names: Sequence[str]) -> None:
    for name, values in zip(names, inputs.T, strict=True):
        wrong = np.flatnonzero(~np.isfinite(values))
        if len(wrong):
            raise ValueError(
                f"Row {wrong[0] + 1:,} of {name!r} is {values[wrong[0]]}, not a finite number. "
                "Leave out draws that have no value, and say how many they were."
            )


def _check_share(name: str, share: float, most: float) -> None:
    if not (math.isfinite(share) and 0.0 < share < most):
        raise ValueError(f"`{name}` is {share!r}. It must be above 0 and below {most:g}.")
