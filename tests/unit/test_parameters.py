"""Uncertain inputs as parameters: drawn by their distributions, together where they belong so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from costsim.scenario.loader import load
from costsim.uncertainty.designs import cube
from costsim.uncertainty.parameters import Parameters
from tests.unit.uncertain import COUNTED, HOURS_BY_WAGE, scenario_of

SHARES = [f"pathways.old.activities.visit.next.{name}" for name in ("done", "second", "third")]


@pytest.fixture
def counted(tmp_path: Path) -> Parameters:
    return Parameters.of(scenario_of(tmp_path, COUNTED))


def test_every_uncertain_input_is_a_parameter_by_its_path() -> None:
    found = Parameters.of(load("scenarios/coram-2017.yaml"))

    assert len(found) == 21
    assert list(found.names) == sorted(found.names)
    assert found.base[found.number("staff.social_worker.hourly_cost")] == 43.17
    assert found.number("sites.york.referrals.per_year") == found.names.index(
        "sites.york.referrals.per_year"
    )
    with pytest.raises(ValueError, match=r"not an uncertain input\. Did you mean staff\.social"):
        found.number("staff.social_wroker.hourly_cost")


def test_values_are_the_quantiles_of_each_distribution(tmp_path: Path) -> None:
    found = Parameters.of(scenario_of(tmp_path, HOURS_BY_WAGE))

    values = found.values(np.array([[0.25, 0.5], [1.0 - 1e-9, 0.0 + 1e-9]]))

    assert values[0].tolist() == pytest.approx([10 * 60, 40.0])
    assert values[1].tolist() == pytest.approx([16 * 60, 30.0], rel=1e-6)


def test_a_draw_changes_the_scenario_wherever_an_input_is_used() -> None:
    parameters = Parameters.of(load("scenarios/coram-2017.yaml"))
    row = parameters.base
    row[parameters.names.index("running_costs.new.upkeep")] = 300.0

    changed = parameters.changed(row)

    assert {site.running_costs["new"]["upkeep"].value for site in changed.sites.values()} == {300.0}
    assert changed.sites["york"].staff == parameters.scenario.sites["york"].staff


def test_counted_shares_are_a_dirichlet_distribution(counted: Parameters) -> None:
    assert list(counted.names) == SHARES
    values = counted.values(cube("sobol", 2**14, 3, seed=3))

    assert np.allclose(values.sum(axis=1), 1.0, atol=1e-12)
    counts, total = np.array([72.0, 36.0, 12.0]), 120.0
    means = counts / total
    assert values.mean(axis=0) == pytest.approx(means, rel=2e-3)
    variance = means * (1 - means) / (total + 1)
    assert values.var(axis=0) == pytest.approx(variance, rel=0.03)
    covariance = -means[0] * means[1] / (total + 1)
    assert np.cov(values.T)[0, 1] == pytest.approx(covariance, rel=0.05)


def test_one_counted_share_moves_alone_and_the_others_keep_their_proportions(
    counted: Parameters,
) -> None:
    row = counted.row({0: 0.8})
    assert row.tolist() == pytest.approx([0.8, 0.15, 0.05])
    assert counted.row({0: 0.5, 2: 0.3}).tolist() == pytest.approx([0.5, 0.2, 0.3])
    shares = counted.changed(row).sites["site"].pathways["old"].activities["visit"].next
    assert [portion.value for portion in shares.choices()[""].values()] == pytest.approx(
        [0.8, 0.15, 0.05]
    )


def test_counted_shares_are_one_factor(counted: Parameters) -> None:
    assert counted.factors == {"pathways.old.activities.visit.next": (0, 1, 2)}


def test_correlations_hold_between_the_values_drawn(tmp_path: Path) -> None:
    hours = "pathways.old.activities.visit.staff.worker.gamma.mean"
    tied = HOURS_BY_WAGE + (
        "uncertainty:\n  correlations:\n"
        f"    - {{between: [staff.worker.hourly_cost, {hours}], rank: 0.7}}\n"
    )
    parameters = Parameters.of(scenario_of(tmp_path, tied))
    points = cube("latin_hypercube", 4000, 2, seed=1)

    ranks = np.argsort(np.argsort(parameters.values(points), axis=0), axis=0)
    free = np.argsort(np.argsort(parameters.values(points, dependent=False), axis=0), axis=0)

    assert float(np.min(np.corrcoef(*ranks.T))) == pytest.approx(0.7, abs=0.03)
    assert float(np.min(np.corrcoef(*free.T))) == pytest.approx(0.0, abs=0.05)


def test_whole_numbers_stay_whole(tmp_path: Path) -> None:
    text = HOURS_BY_WAGE.replace(
        "uncertain: {uniform: [£30, £50]}}}",
        "uncertain: {uniform: [£30, £50]}}, headcount: {value: 2, uncertain: {uniform: [1, 4]}}}",
    )
    parameters = Parameters.of(scenario_of(tmp_path, text))
    column = parameters.names.index("staff.worker.headcount")

    values = parameters.values(cube("random", 400, 3, seed=1))[:, column]

    assert set(values.tolist()) == {1.0, 2.0, 3.0, 4.0}
