"""Waiting for scarce staff, against the closed forms of queueing theory.

Each queue is one activity of one role. Times are counted in mean services or in the units of the
formula, and scaled so that a year holds as many referrals as the test wants.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import costsim
from costsim.results.record import Record
from tests.model.building import (
    NEVER_CLOSED,
    YEAR,
    Tree,
    exponential,
    load,
    minutes,
    pathway,
    problem,
    role,
    work,
    write,
)
from tests.model.command import run_command
from tests.model.observing import Floats, assert_mean, records, waits, withdrawn

PER_YEAR = 2000
GAP = YEAR / PER_YEAR  # minutes between referrals on average
QUICK_AND_LONG = [8, pytest.param(150, marks=pytest.mark.long)]


def _queues(queues: Sequence[tuple[int | None, Any]], replications: int, **parts: Any) -> Tree:
    """A scenario with one pathway for each queue, given by its servers and its service minutes."""
    names = ["old", *(f"option{n}" for n in range(1, len(queues)))]
    staff = {name: role(servers) for name, (servers, _) in zip(names, queues, strict=True)}
    ways = {
        name: pathway(serve=work(name, service))
        for name, (_, service) in zip(names, queues, strict=True)
    }
    run = {"replications": replications, "seed": 11, "warm_up": "2 months"}
    usual = {"run": run, "staff": staff, "referrals": {"per_year": PER_YEAR}, "pathways": ways}
    return problem(**(usual | parts))


def _run(tree: Tree, folder: Path) -> costsim.Evaluation:
    return costsim.evaluate(load(tree, folder), keep=10_000)


def _worlds(found: costsim.Evaluation) -> list[str]:
    return [world.name for world in found.runs.sites["site"].plan.worlds]


def erlang_c(load: float, servers: int) -> float:
    """The share that waits in M/M/c (Erlang 1917); `load` is arrival rate over service rate."""
    terms = [load**n / math.factorial(n) for n in range(servers)]
    last = load**servers / math.factorial(servers) / (1 - load / servers)
    return last / (sum(terms) + last)


MMC = [(8.0, 10.0, 1, 0.4), (3.0, 2.0, 2, 9 / 14), (0.2, 0.1, 3, 40 / 9), (0.25, 0.1, 5, 0.5214852)]


@pytest.mark.parametrize("replications", QUICK_AND_LONG)
def test_waits_with_exponential_work_are_those_of_erlang(replications: int, tmp_path: Path) -> None:
    queues = [(servers, exponential(rate / mu * GAP)) for rate, mu, servers, _ in MMC]
    found = _run(_queues(queues, replications), tmp_path)
    for world, (rate, mu, servers, known) in zip(_worlds(found), MMC, strict=True):
        samples = [waits(record) for record in records(found, world)]
        assert_mean(samples, known * rate * GAP, sharp=0.15)
        late = [(sample > 0).astype(float) for sample in samples]
        assert_mean(late, erlang_c(rate / mu, servers), sharp=0.05)


def test_erlang_s_formula_gives_the_published_waits() -> None:
    for rate, mu, servers, known in MMC:
        wait = erlang_c(rate / mu, servers) / (servers * mu - rate)
        assert wait == pytest.approx(known, rel=1e-6)
    assert erlang_c(2.0, 3) == pytest.approx(4 / 9, rel=1e-12)


@pytest.mark.parametrize("replications", QUICK_AND_LONG)
def test_waits_grow_with_the_spread_of_work_as_pollaczek_and_khinchine_say(
    replications: int, tmp_path: Path
) -> None:
    mean = 0.8 * GAP
    spreads = {0.0: 2.0, 0.5: 2.5, 1.0: 4.0, 2.0: 10.0}
    families = ["fixed", "gamma", "lognormal", "lognormal"]
    services = [
        {name: minutes(mean)}
        if name == "fixed"
        else {name: {"mean": minutes(mean), "sd": minutes(spread * mean)}}
        for name, spread in zip(families, spreads, strict=True)
    ]
    found = _run(_queues([(1, each) for each in services], replications), tmp_path)
    for world, known in zip(_worlds(found), spreads.values(), strict=True):
        samples = [waits(record) for record in records(found, world)]
        assert_mean(samples, known * mean, sharp=0.3 if replications < 50 else 0.08)


def _one_queue(
    arrived: Floats, service: Floats, servers: int, order: Sequence[int] | None = None
) -> Floats:
    """When each referral begins if the first to come is served first by whoever is free first."""
    free = [0.0] * servers
    began = np.empty(len(arrived))
    for each in order if order is not None else np.argsort(arrived, kind="stable"):
        began[each] = max(arrived[each], heapq.heappop(free))
        heapq.heappush(free, began[each] + service[each])
    return began


def test_the_oracle_of_one_queue_agrees_with_erlang() -> None:
    generator = np.random.default_rng(3)
    arrived = np.cumsum(generator.exponential(1 / 3, 400_000))
    wait = _one_queue(arrived, generator.exponential(1 / 2, 400_000), 2) - arrived
    assert wait.mean() == pytest.approx(9 / 14, rel=0.03)


def _work_of(record: Record) -> Floats:
    """Elapsed minutes of each visit's one piece of work, nan where there was none."""
    elapsed = np.full(len(record.visits.case), np.nan)
    elapsed[record.work.visit] = record.work.ended - record.work.began
    return elapsed


@pytest.mark.parametrize("servers", [1, 3])
def test_every_single_wait_is_that_of_a_queue_served_in_order(servers: int, tmp_path: Path) -> None:
    mean = 0.9 * servers * GAP * 0.4
    service = {"lognormal": {"mean": minutes(mean), "sd": minutes(1.5 * mean)}}
    tree = _queues([(servers, service), (None, "1 min")], 2)
    tree["staff"]["old"]["share_of_time"] = "40%"
    for record in records(_run(tree, tmp_path), "old"):
        done = ~np.isnan(record.visits.began)
        began = _one_queue(record.visits.reached[done], _work_of(record)[done], servers)
        assert np.allclose(began, record.visits.began[done], rtol=1e-12)
        assert (began > record.visits.reached[done]).mean() > 0.5


def _impatient(load: float, servers: int, giving_up: float) -> tuple[float, float]:
    """Share that gives up, and mean number waiting, in M/M/c+M with service rate 1 (Erlang A)."""
    weights = [1.0]
    for n in range(1, 400):
        away = min(n, servers) + max(n - servers, 0) * giving_up
        weights.append(weights[-1] * load / away)
    total = sum(weights)
    waiting = sum(max(n - servers, 0) * weight for n, weight in enumerate(weights)) / total
    return giving_up * waiting / load, waiting


def test_who_gives_up_when_alone_and_as_patient_as_the_work_is_long() -> None:
    # With patience as long as service the number present is Poisson, as if nobody waited.
    assert _impatient(1.0, 1, 1.0)[0] == pytest.approx(math.exp(-1))


@pytest.mark.parametrize("replications", QUICK_AND_LONG)
def test_withdrawals_and_waits_are_those_of_an_impatient_queue(
    replications: int, tmp_path: Path
) -> None:
    cases = [(1.0, 1, 1.0), (1.8, 2, 0.5)]
    queues = [(servers, exponential(load * GAP)) for load, servers, _ in cases]
    tree = _queues(queues, replications)
    for way, (load_, _, rate) in zip(tree["pathways"].values(), cases, strict=True):
        patience = exponential(load_ * GAP / rate)
        way["activities"]["serve"]["withdraw_after"] = patience
    found = _run(tree, tmp_path)
    for world, case in zip(_worlds(found), cases, strict=True):
        share, waiting = _impatient(*case)
        kept = records(found, world)
        assert_mean([withdrawn(each).astype(float) for each in kept], share, sharp=0.05)
        assert_mean([_time_in_queue(each) for each in kept], waiting * GAP, sharp=0.1)


def _time_in_queue(record: Record) -> Floats:
    """Minutes until each counted case began, or was withdrawn, at its one activity."""
    visits, cases = record.visits, record.cases
    rows = cases.counted[visits.case]
    until = np.where(np.isnan(visits.began), cases.decided[visits.case], visits.began)
    return np.asarray((until - visits.reached)[rows])


NEEDS = {"calm": (0.3, 1.2), "pressing": (0.5, 0.6), "urgent": (0.2, 0.8)}  # share, mean service
SERVED = ["urgent", "pressing", "calm"]


def _cobham(rate: float) -> dict[str, float]:
    """Mean waits by need in M/M/1 with priority and without interruption (Cobham 1954)."""
    residual = sum(rate * share * mean**2 for share, mean in NEEDS.values())
    found, busy = {}, 0.0
    for need in SERVED:
        share, mean = NEEDS[need]
        before, busy = busy, busy + rate * share * mean
        found[need] = residual / ((1 - before) * (1 - busy))
    return found


@pytest.mark.parametrize("replications", [12, pytest.param(200, marks=pytest.mark.long)])
def test_waits_by_need_are_those_of_cobham(replications: int, tmp_path: Path) -> None:
    unit = GAP  # one referral in each unit of time
    known = _cobham(1.0)
    service = {"by_need": {need: exponential(mean * unit) for need, (_, mean) in NEEDS.items()}}
    tree = _queues([(1, service), (None, "1 min")], replications)
    shares = {need: share for need, (share, _) in NEEDS.items()}
    tree["referrals"] |= {"need": shares, "priority": ["urgent", "pressing"]}
    found = _run(tree, tmp_path)
    for number, need in enumerate(sorted(NEEDS)):
        samples = []
        for record in records(found, "old"):
            mine = record.cases.levels[:, 0] == number
            visits = record.visits
            rows = (record.cases.counted & mine)[visits.case]
            samples.append((visits.began - visits.reached)[rows])
        assert_mean(samples, known[need] * unit, sharp=0.15)


def test_unlimited_staff_are_in_use_for_as_long_as_rate_times_mean_says(tmp_path: Path) -> None:
    mean = 3 * GAP
    services: list[Any] = [
        minutes(mean),
        exponential(mean),
        {"gamma": {"mean": minutes(mean), "sd": minutes(mean / 3)}},
        {"lognormal": {"mean": minutes(mean), "sd": minutes(2 * mean)}},
    ]
    tree = _queues([(None, each) for each in services], 10)
    found = costsim.evaluate(load(tree, tmp_path))
    runs = found.runs.sites["site"]
    begin, finish = runs.plan.window
    for world in _worlds(found):
        number = [post.name for post in runs.plan.posts].index(world)
        in_use = runs.tallies[world].busy[:, [number]] / (finish - begin)
        assert len(in_use) == 10
        assert_mean(list(in_use), 3.0, sharp=0.05)


def test_part_of_the_time_makes_work_take_longer_and_no_dearer(tmp_path: Path) -> None:
    whole = problem(run={"replications": 1})
    part = problem(run={"replications": 1})
    part["staff"] = {"worker": role(share_of_time="25%")}
    found = [costsim.evaluate(load(tree, tmp_path)).main.programme for tree in (whole, part)]
    times = [each.timeliness.time_to_decision_days["old"].mean.value for each in found]
    costs = [each.economics.cost_per_case["old"].value for each in found]
    assert times == pytest.approx([10 / 24, 40 / 24])
    assert costs == [600.0, 600.0]


def test_a_queue_at_a_busy_office_starts_empty_without_a_warm_up(tmp_path: Path) -> None:
    queues = [(1, exponential(0.95 * GAP)), (None, "1 min")]
    cold = _queues(queues, 6, run={"replications": 6, "seed": 2})
    warm = _queues(queues, 6, run={"replications": 6, "seed": 2, "warm_up": "4 months"})
    means = []
    for tree in (cold, warm):
        first = [waits(record)[:150] for record in records(_run(tree, tmp_path), "old")]
        means.append(np.concatenate(first).mean())
    assert means[0] < 0.75 * means[1]


@pytest.mark.parametrize(("days", "code"), [(0.95, 0), (1.05, 1)])
def test_staff_who_are_asked_for_more_than_they_have_fail_the_run(
    days: float, code: int, tmp_path: Path
) -> None:
    tree = problem(
        staff={"worker": role(2, share_of_time="50%")},
        referrals={"per_year": 365},
        run={"replications": 2},
        pathways={
            "old": pathway(assess=work("worker", f"{days} days")),
            "new": pathway(assess=work("worker", "1 h")),
        },
    )
    file = write(tree, tmp_path)
    assert run_command("run", file, "--out", tmp_path / "out", "--quiet") == code


def test_the_calendar_of_these_tests_never_closes(tmp_path: Path) -> None:
    found = costsim.evaluate(load(problem(calendar=NEVER_CLOSED), tmp_path), replications=1)
    assert found.runs.sites["site"].plan.time.minutes_in_year() == YEAR
