"""The cost-effectiveness of a run agrees with its other figures, and with its cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import costsim
from costsim.comparison import effects_of
from costsim.findings import Findings, read
from tests.architecture.checkout import ROOT
from tests.model.command import run_scenario

EFFECTS = """
extends: base.yaml
title: The study's effects
run: {replications: 12, seed: 3, precision: null}
effects:
  helped: {scores: {support_agreed: 1}, worth: £300}
  decision_days: {worth: £2}
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """One site of the study, with effects of its own, all of whose replications are kept."""
    folder = tmp_path_factory.mktemp("effects")
    text = (ROOT / "scenarios" / "starter.yaml").read_text("utf-8")
    (folder / "base.yaml").write_text(text, "utf-8")
    (folder / "s.yaml").write_text(EFFECTS, "utf-8")
    run_scenario(folder / "s.yaml", folder / "out")
    return read(folder / "out")


def _row(found: Findings, effect: str, pathway: str) -> Any:
    return next(row for row in found.effects[effect] if row.pathway == pathway)


def test_days_to_decision_are_those_of_the_summary(found: Findings) -> None:
    row, times = _row(found, "decision_days", "new"), found.main.programme.timeliness
    sooner = times.days_sooner
    assert row.effect == pytest.approx(times.time_to_decision_days["new"].mean.number)
    assert row.incremental_effect == pytest.approx(sooner.number)
    assert sooner.interval == pytest.approx(
        (row.incremental_effect_low, row.incremental_effect_high)
    )


def test_the_incremental_cost_is_the_saving_with_its_sign_changed(found: Findings) -> None:
    row, saving = _row(found, "helped", "new"), found.main.programme.economics.per_case_saving
    assert row.incremental_cost == pytest.approx(-saving.number)
    low, high = saving.interval or (0, 0)
    assert (row.incremental_cost_low, row.incremental_cost_high) == pytest.approx((-high, -low))


def test_a_score_is_the_share_of_cases_that_ended_so_with_those_who_came_besides(
    found: Findings,
) -> None:
    cases = _counted(found)
    share = found.main.programme.timeliness.outcome_share["support_agreed"]
    for pathway in ("old", "new"):
        here = cases[cases["pathway"] == pathway]
        more = len(here) / (~here["extra"]).sum()
        assert more > 1 or pathway == "old"
        assert _row(found, "helped", pathway).effect == pytest.approx(share[pathway].number * more)


def _counted(found: Findings) -> Any:
    cases = pq.read_table(found.folder / "cases.parquet").to_pandas()
    return cases[cases["counted"]]


def test_the_net_monetary_benefit_has_the_error_of_the_cases_themselves(found: Findings) -> None:
    """Replication by replication, from the cases that were kept: worth x helped less cost."""
    cases = _counted(found)
    cases["value"] = 300.0 * (cases["outcome"] == "support_agreed") - cases["cost"]
    sums = cases.pivot_table(index="replication", columns="pathway", values="value", aggfunc="sum")
    counts = cases[~cases["extra"]].pivot_table(
        index="replication", columns="pathway", values="value", aggfunc="size"
    )
    means = sums.sum() / counts.sum()
    row = _row(found, "helped", "new")
    assert row.net_monetary_benefit == pytest.approx(means["new"] - means["old"])
    pulls = (sums - means * counts) / counts.mean()
    spread = (pulls["new"] - pulls["old"]).std(ddof=1) / np.sqrt(len(pulls))
    width = row.net_monetary_benefit_high - row.net_monetary_benefit_low
    assert width == pytest.approx(2 * 2.200985 * spread, rel=1e-5)  # t with 11 degrees


def test_the_comparator_differs_from_nothing(found: Findings) -> None:
    row = _row(found, "helped", "old")
    assert (row.incremental_cost, row.incremental_effect, row.net_monetary_benefit) == (None,) * 3


def test_what_a_folder_gives_back_is_what_was_written(found: Findings) -> None:
    again = read(found.folder)
    assert again.options == found.options
    assert again.effects == found.effects
    assert again.main.programme.as_json() == found.summary["programme"]


def test_each_site_counts_by_its_yearly_referrals() -> None:
    found = costsim.evaluate(costsim.load(ROOT / "scenarios" / "coram-2017.yaml"), replications=4)
    rows = effects_of(found.scenario, found.runs, found.options)["decision_days"]
    sites = found.main.sites.values()
    volumes = [each.economics.referrals_per_year.number for each in sites]
    for row in rows:
        days = [each.timeliness.time_to_decision_days[row.pathway].mean.number for each in sites]
        assert row.effect == pytest.approx(np.average(days, weights=volumes))
        if row.pathway == "new":
            assert row.effect != pytest.approx(np.mean(days), rel=1e-4)
