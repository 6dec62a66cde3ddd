"""How the cost of a case grows with the number of referrals, when the queue grows with them.

Everybody queues for one worker who has time for half of them, so that in the end half of all
referrals wait. A case may then cost as much more as the logarithm of their number grows.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import process_time

from benchmarks.table import Row, Target
from benchmarks.timing import Effort, in_turn, launched, ratio, spread
from costsim import load
from costsim.engines.choice import EngineName, chosen
from costsim.experiment import Settings, replicate
from costsim.pathway.compile import compile_site
from costsim.pathway.plan import Plan

FEW = 1_000
YEAR = 261 * 8 * 60  # working minutes
QUEUE = """\
costsim: 1
title: A queue that only grows
price_year: 2024-25
horizon: 1 year
calendar: {{start: 2021-01-01, hours_per_day: 8, bank_holidays: none}}
staff: {{worker: {{hourly_cost: £30, headcount: 1}}}}
referrals: {{per_year: {referrals}}}
pathways:
  old:
    start: work
    outcomes: [done]
    activities:
      work:
        staff: {{worker: {{exponential: {{mean: {minutes} min}}}}}}
        next: done
  new:
    start: form
    outcomes: [done]
    activities: {{form: {{next: done}}}}
"""


def queue(referrals: int) -> Plan:
    """A year in which so many referrals queue for a worker who can see half of them."""
    text = QUEUE.format(referrals=referrals, minutes=f"{2 * YEAR / referrals:.17f}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "queue.yaml"
        path.write_text(text, encoding="utf-8")
        plan = compile_site(load(path), "site")
    return replace(plan, worlds=plan.worlds[:1])


def simulate(engine: EngineName, plan: Plan) -> None:
    """One replication."""
    replicate(plan, chosen(engine, 0), Settings(seed=5, at_least=1), 0)


def simulate_queue(engine: EngineName, referrals: int) -> None:
    """One replication of a queue, in a process of its own."""
    simulate(engine, queue(referrals))


def rows(effort: Effort) -> Iterator[Row]:
    """Microseconds a case by the number of referrals; memory."""
    most: dict[EngineName, int] = {"kernel": effort.of(6, 5), "reference": effort.of(5, 4)}
    for engine, power in most.items():
        yield from _growth(engine, [10**n for n in range(3, power + 1)], effort)
    yield from _memory([10**4] if effort.quick else [FEW, 10**6])


def _growth(engine: EngineName, sizes: list[int], effort: Effort) -> Iterator[Row]:
    works: list[Callable[[], object]] = [partial(simulate, engine, queue(size)) for size in sizes]
    works[0]()
    taken = in_turn(effort.few_repeats, *works, clock=process_time)
    each = [[t / size * 1e6 for t in times] for times, size in zip(taken, sizes, strict=True)]
    for size, micros in zip(sizes, each, strict=True):
        title = f"{engine}, {size:,} referrals"
        yield Row(f"{title}: a case", "us", spread(micros))
        if size > FEW:
            target = Target(most=math.log(size) / math.log(FEW))
            yield Row(f"{title}: beside {FEW:,}", "x", ratio(micros, each[0]), target)


def _memory(sizes: list[int]) -> Iterator[Row]:
    for size in sizes:
        code = f"from benchmarks.growth import simulate_queue; simulate_queue('kernel', {size})"
        peak = launched("-c", code).megabytes
        yield Row(f"kernel, {size:,} referrals: most memory", "MB", spread([peak]))
