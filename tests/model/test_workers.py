"""A replication is a pure function of its address: who computes it does not matter."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from costsim import load
from costsim.engines.reference import ReferenceEngine
from costsim.experiment import Settings, replicate
from costsim.pathway.compile import compile_site

SCENARIO = Path(__file__).parents[2] / "scenarios" / "starter.yaml"
REPLICATIONS = 6


def outcome_of(replication: int) -> bytes:
    """Every number of one replication of the starter, in both worlds."""
    plan = compile_site(load(SCENARIO), "site")
    records = replicate(plan, ReferenceEngine(), Settings(seed=7, at_least=1), replication)
    parts = []
    for name in sorted(records):
        record = records[name]
        for table in (record.cases, record.visits, record.work):
            parts += [np.ascontiguousarray(column).tobytes() for column in vars(table).values()]
    return b"".join(parts)


@pytest.fixture(scope="module")
def alone() -> list[bytes]:
    return [outcome_of(number) for number in range(REPLICATIONS)]


@pytest.mark.parametrize("workers", [2, 8])
def test_any_number_of_workers_gives_the_same_bytes(workers: int, alone: list[bytes]) -> None:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(outcome_of, range(REPLICATIONS))) == alone


def test_the_order_of_replications_does_not_matter(alone: list[bytes]) -> None:
    backwards = [outcome_of(number) for number in reversed(range(REPLICATIONS))]
    assert backwards[::-1] == alone


def test_replications_differ_from_each_other(alone: list[bytes]) -> None:
    assert len(set(alone)) == REPLICATIONS
