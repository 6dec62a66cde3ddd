"""Whether what is to be simulated fits into memory, which is asked before it is begun.

Memory is taken by the replications that are being simulated, one for each worker; by those that are
kept in full; and, for every replication, by how long each of its cases took to be decided.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from costsim.engines.protocol import MOST_VISITS
from costsim.errors import Problem, ScenarioError
from costsim.pathway.expectation import cases_in, visits_in
from costsim.pathway.plan import Plan

# Bytes, measured: those of a visit with what belongs to its case, and of a case that is tallied.
A_VISIT, A_KEPT_VISIT, A_TALLIED_CASE = 700.0, 250.0, 50.0
CONTAINER = Path("/sys/fs/cgroup")
"""Where Linux tells a process of the limits of its container (control groups, version 2)."""


def replications_that_fit(
    plans: Sequence[Plan], at_least: int, keep: int, workers: int = 1
) -> float:
    """How many replications of all sites memory has room for.

    Raises `ScenarioError` with what they would need if `at_least` do not fit, of which `keep` are
    kept in full.
    """
    visits = {plan.site: visits_in(plan, MOST_VISITS) for plan in plans}
    running = workers * A_VISIT * max(visits.values(), default=0.0)
    kept = A_KEPT_VISIT * math.fsum(visits.values())
    tallied = A_TALLIED_CASE * math.fsum(map(cases_in, plans))
    free = _free()
    needed = running + min(keep, at_least) * kept + at_least * tallied
    if needed > free:
        raise ScenarioError([_too_much(visits, at_least, min(keep, at_least), (needed, free))])
    if not plans:
        return math.inf
    # So many with all of them kept; or, if that is more than are to be kept, those and others.
    few = (free - running) / (kept + tallied)
    return few if few <= keep else (free - running - keep * kept) / tallied


def _free() -> float:
    """Bytes that may still be taken: of the machine, or of its container if that has fewer."""
    from psutil import virtual_memory

    free = float(virtual_memory().available)
    try:
        limit, used = (
            int((CONTAINER / name).read_text()) for name in ("memory.max", "memory.current")
        )
    except (OSError, ValueError):  # there is none, or its limit is "max"
        return free
    return min(free, float(limit - used))


def _too_much(
    visits: dict[str, float], replications: int, kept: int, size: tuple[float, float]
) -> Problem:
    needed, free = (f"{each / 1e9:,.1f} GB" for each in size)
    largest = max(visits, key=visits.__getitem__)
    rule = (
        f"one replication of {largest} has about {visits[largest]:,.0f} visits to activities, and "
        f"the run would need {needed} of memory; {free} is free"
    )
    fewer = [f"ask for fewer replications than {replications:,}"] if replications > 1 else []
    fewer += [f"keep fewer than {kept:,} (--keep 1)"] if kept > 1 else []
    hint = ", or ".join(["Shorten run.length, divide the referrals", *fewer])
    return Problem("CS442", rule, hint, "referrals.per_year")
