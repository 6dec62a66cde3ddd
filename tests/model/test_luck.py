"""Luck is addressed: every number is what Philox 4x64-10 gives at its address, and nothing else.

The generator is written out here from its paper (Salmon and others 2011, "Parallel random numbers:
as easy as 1, 2, 3") and tried on the answers that its authors publish.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costsim.sampling import Luck, purpose_key
from tests.model.observing import uniforms

WORD = 2**64
MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
WEYL = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)

Four = tuple[int, int, int, int]


def philox(counter: Four, key: tuple[int, int]) -> Four:
    """Four random words at a counter under a key."""
    a, b, c, d = counter
    first, second = key
    for _ in range(10):
        left, right = MULTIPLIERS[0] * a, MULTIPLIERS[1] * c
        a, b, c, d = right // WORD ^ b ^ first, right % WORD, left // WORD ^ d ^ second, left % WORD
        first, second = (first + WEYL[0]) % WORD, (second + WEYL[1]) % WORD
    return a, b, c, d


def test_the_generator_written_out_here_gives_its_authors_answers() -> None:
    zeros = philox((0, 0, 0, 0), (0, 0))
    assert [f"{word:016x}" for word in zeros] == [
        "16554d9eca36314c", "db20fe9d672d0fdc", "d7e772cee186176b", "7e68b68aec7ba23b",
    ]  # fmt: skip
    ones = philox((WORD - 1,) * 4, (WORD - 1,) * 2)
    assert [f"{word:016x}" for word in ones] == [
        "87b092c3013fe90b", "438c3c67be8d0224", "9cc7d7c69cd777b6", "a09caebf594f0ba0",
    ]  # fmt: skip


def _numbers(key: tuple[int, int], rest: tuple[int, int, int]) -> Iterator[float]:
    """The stream of uniforms: NumPy counts from 1, and takes the upper 53 bits of each word."""
    for block in itertools.count(1):
        for word in philox((block, *rest), key):
            yield (word >> 11) / 2**53


@pytest.mark.parametrize(
    ("seed", "replication", "draw", "visit"),
    [(1, 0, 0, 0), (2**63 - 1, 7, 3, 2), (0, 99_999, 0, 1), (17, 0, 12, 0)],
)
def test_the_nth_number_is_philox_at_its_address(
    seed: int, replication: int, draw: int, visit: int
) -> None:
    luck = Luck(seed, "bromley", replication, draw=draw)
    key = (seed, purpose_key("bromley", "minutes/contact/social_worker"))
    known = list(itertools.islice(_numbers(key, (visit, replication, draw)), 37))
    found = uniforms(luck, "minutes/contact/social_worker", 37, visit)
    assert found.tolist() == known


def test_a_number_does_not_depend_on_what_was_asked_before() -> None:
    asked = Luck(5, "york", 2)
    uniforms(asked, "arrival", 100)
    uniforms(asked, "need", 3)
    uniforms(asked, "need", 3, visit=1)
    fresh = Luck(5, "york", 2)
    assert uniforms(asked, "need", 50).tolist() == uniforms(fresh, "need", 50).tolist()
    assert uniforms(asked, "need", 2).tolist() == uniforms(fresh, "need", 50)[:2].tolist()


def _one_by_one(luck: Luck, purpose: str, addresses: Sequence[tuple[int, int, int]]) -> list[float]:
    """Each number asked for alone, by replication, position and visit."""
    alone = [np.array([address], dtype=np.int64).T for address in addresses]
    return [luck.uniforms(purpose, *address).item() for address in alone]


@given(
    addresses=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 40), st.integers(0, 2)), max_size=30
    )
)
def test_a_number_does_not_depend_on_what_is_asked_beside_it(
    addresses: list[tuple[int, int, int]],
) -> None:
    luck = Luck(5, "york", first=2, replications=4)
    replication, position, visit = np.array(addresses, dtype=np.int64).reshape(-1, 3).T
    found = luck.uniforms("need", replication, position, visit)
    assert found.tolist() == _one_by_one(luck, "need", addresses)


def test_a_replication_is_the_same_in_any_batch_that_covers_it() -> None:
    several = Luck(5, "york", first=2, replications=4, draw=1)
    position = np.tile(np.arange(20), 4)
    replication = np.repeat(np.arange(4), 20)
    together = several.uniforms("need", replication, position, np.zeros_like(position))
    for number in range(4):
        mine = together[20 * number : 20 * (number + 1)].tolist()
        assert mine == uniforms(Luck(5, "york", first=2 + number, draw=1), "need", 20).tolist()
        assert mine == uniforms(several.of(number), "need", 20).tolist()
        assert several.of(number).replications == 1


def test_what_differs_in_any_part_of_its_address_is_another_stream() -> None:
    streams = [
        uniforms(Luck(seed, site, replication, draw=draw), purpose, 2000, visit)
        for seed, site, replication, draw in itertools.product((1, 2), "ab", (0, 1), (0, 1))
        for purpose, visit in itertools.product(("wait/x", "wait/y"), (0, 1))
    ]
    everything = np.concatenate(streams)
    assert len(np.unique(everything)) == len(everything)
    correlations = np.corrcoef(streams) - np.eye(len(streams))
    assert np.abs(correlations).max() < 5 / np.sqrt(2000)


def test_site_and_purpose_do_not_run_into_each_other() -> None:
    assert purpose_key("ab", "c") != purpose_key("a", "bc")
    assert purpose_key("", "abc") != purpose_key("abc", "")


def test_numbers_are_spread_evenly_from_zero_to_one() -> None:
    numbers = uniforms(Luck(3, "a", 0), "route/contact", 100_000)
    assert 0 <= numbers.min() < 1e-4
    assert 1 - 1e-4 < numbers.max() < 1
    counts = np.histogram(numbers, bins=100, range=(0, 1))[0]
    chi_square = ((counts - 1000.0) ** 2 / 1000).sum()
    assert 99 - 4 * np.sqrt(198) < chi_square < 99 + 4 * np.sqrt(198)
