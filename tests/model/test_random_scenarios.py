"""What holds for every valid scenario, tried on random ones."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings

import costsim
from costsim.economics.ledger import ledger
from costsim.pathway.plan import Plan, World
from costsim.report.files import summary
from costsim.results.record import Record
from costsim.results.summary import json_text
from tests.model.building import Tree, load
from tests.model.observing import Floats, most_at_once
from tests.model.random_scenarios import scenarios

few = settings(max_examples=25, suppress_health_check=list(HealthCheck))
many = settings(max_examples=600, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("random")


def _evaluate(tree: Tree, folder: Path) -> costsim.Evaluation:
    return costsim.evaluate(load(tree, folder), keep=3)


def _figures(metrics: dict[str, Any]) -> Iterator[float]:
    """Every number in some published figures."""
    for each in metrics.values():
        for value in each.values() if isinstance(each, dict) else [each]:
            if isinstance(value, dict):
                yield from _figures(value)
            else:
                yield from (v for v in np.ravel(value).tolist() if v is not None)


def _assert_published_well(found: costsim.Evaluation) -> None:
    published = summary(found)
    assert "NaN" not in json_text(published)
    everything = {"programme": published["programme"], **published["sites"]}
    for metrics in everything.values():
        assert all(math.isfinite(number) for number in _figures(metrics))
        _assert_identities(metrics)


def _assert_identities(metrics: dict[str, Any]) -> None:
    """The published figures follow from each other."""

    def of(name: str) -> float:
        return float(metrics[name]["value"])

    old, new = (metrics["cost_per_case"][name]["value"] for name in ("old", "new"))
    assert old >= 0
    assert new >= 0
    scale = max(1.0, old, new)
    assert of("per_case_saving") == pytest.approx(old - new, abs=1e-9 * scale)
    gross = of("per_case_saving") * of("referrals_per_year")
    change = of("annual_running_cost_change")
    scale = max(1.0, abs(gross), abs(change))
    assert of("annual_saving") == pytest.approx(gross - change, abs=1e-9 * scale)
    total, once = of("total_saving"), of("one_off_cost")
    assert of("net_benefit") == pytest.approx(total - once, abs=1e-9 * max(1, abs(total), once))
    for name in ("old", "new"):
        assert 0 <= (metrics["within_target"][name]["value"] or 0) <= 1
        assert 0 <= metrics["withdrawn_share"][name]["value"] <= 1
        assert metrics["waiting_days_per_case"][name]["value"] >= 0
        used = [each["value"] for each in metrics["utilisation"][name].values()]
        assert all(0 <= share <= 1 + 1e-9 for share in used if share is not None)


def _assert_reconciled(found: costsim.Evaluation) -> None:
    checks = {check.name: check.passed for check in found.checks}
    assert checks["reconciliation"]
    assert checks["appraisal"]


@given(tree=scenarios())
@few
def test_a_random_scenario_is_run_and_its_figures_follow_from_each_other(
    tree: Tree, folder: Path
) -> None:
    found = _evaluate(tree, folder)
    _assert_reconciled(found)
    _assert_published_well(found)


@pytest.mark.long
@given(tree=scenarios())
@many
def test_many_random_scenarios_are_sound(tree: Tree, folder: Path) -> None:
    found = _evaluate(tree, folder)
    _assert_reconciled(found)
    _assert_published_well(found)
    for run in _kept(found):
        _assert_every_case_ends(run.record)
        _assert_nobody_is_in_two_places(run)
        _assert_ledger_adds_up(found, run)


@dataclass(frozen=True)
class Kept:
    """One replication of one world of a site, and its total of minutes by role."""

    plan: Plan
    world: World
    record: Record
    minutes: Floats


def _kept(found: costsim.Evaluation) -> Iterator[Kept]:
    for runs in found.runs.sites.values():
        for number, kept in enumerate(runs.kept):
            for world in runs.plan.worlds:
                minutes = runs.tallies[world.name].minutes[number]
                yield Kept(runs.plan, world, kept[world.name], minutes)


def _assert_every_case_ends(record: Record) -> None:
    cases, visits = record.cases, record.visits
    counted = cases.counted
    assert not np.isnan(cases.decided[counted]).any()
    assert (cases.outcome[counted] >= 0).all()
    assert (cases.decided[counted] >= cases.arrived[counted]).all()
    begun = ~np.isnan(visits.began)
    assert (visits.began[begun] >= visits.reached[begun]).all()
    ended = ~np.isnan(visits.ended)
    assert begun[ended].all()
    assert (visits.ended[ended] >= visits.began[ended]).all()
    assert (visits.reached >= cases.arrived[visits.case]).all()


def _assert_nobody_is_in_two_places(run: Kept) -> None:
    """Work on cases at their desks; sittings of panels are outside the queues for staff."""
    visits, work = run.record.visits, run.record.work
    sits = np.array(
        [
            run.world.tracks[track].steps[step].panel is not None
            for track, step in zip(visits.track, visits.step, strict=True)
        ],
        dtype=bool,
    )
    for number, post in enumerate(run.plan.posts):
        if post.headcount is not None:
            mine = (work.role == number) & ~sits[work.visit]
            assert most_at_once(work.began[mine], work.ended[mine]) <= post.headcount
            event("somebody is limited")


def _assert_ledger_adds_up(found: costsim.Evaluation, run: Kept) -> None:
    book = ledger(run.world, run.record, found.prices(run.plan.site))
    counted = run.record.cases.counted[book.case]
    assert (book.cost >= 0).all()
    for role, minutes in enumerate(run.minutes):
        spent = book.minutes[counted & (book.role == role)]
        assert math.fsum(spent) == pytest.approx(minutes, rel=1e-9, abs=1e-9)


@given(tree=scenarios())
@few
def test_in_a_random_scenario_every_case_ends_and_nobody_is_in_two_places(
    tree: Tree, folder: Path
) -> None:
    found = _evaluate(tree, folder)
    for run in _kept(found):
        _assert_every_case_ends(run.record)
        _assert_nobody_is_in_two_places(run)
        _assert_ledger_adds_up(found, run)
