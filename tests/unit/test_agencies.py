"""Who pays and who gains: agencies add up to the programme, whatever a scenario holds."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import pytest

import costsim
from costsim.comparison import agencies_of, budget_of, flows_of
from costsim.economics.agencies import COUNCIL
from costsim.evaluation import Evaluation
from tests.architecture.checkout import ROOT

FEATURES = ROOT / "scenarios" / "features"
TELLING = sorted(FEATURES.glob("*.yaml"))
COLUMNS = ("one_off", "saving", "running_cost_change", "double_running")


@cache
def _found(file: Path) -> Evaluation:
    return costsim.evaluate(costsim.load(file), replications=3)


@pytest.mark.parametrize("file", TELLING, ids=lambda file: file.stem)
def test_all_agencies_together_are_the_cash_flow_of_each_owner(file: Path) -> None:
    found = _found(file)
    flows = flows_of(found.scenario, found.main)
    rows = agencies_of(found.scenario, found.main)
    assert rows.keys() == flows.keys()
    for owner, flow in flows.items():
        money = (flow.one_off, *map(math.fsum, (flow.savings, flow.running, flow.double_running)))
        sums = [math.fsum(getattr(row, name) for row in rows[owner]) for name in COLUMNS]
        assert sums == pytest.approx(money, abs=0.005)
        net = math.fsum(row.net_benefit for row in rows[owner])
        assert net == pytest.approx(math.fsum(flow.net()), abs=0.005)


@pytest.mark.parametrize("file", TELLING, ids=lambda file: file.stem)
def test_the_budget_in_constant_prices_is_the_cash_flow(file: Path) -> None:
    """Each amount of the budget view over its year's price level adds up to the cash flow's."""
    found = _found(file)
    flows = flows_of(found.scenario, found.main)
    try:
        rows = budget_of(found.scenario, found.main)
    except ValueError:
        assert "no budget view" in " ".join(found.warnings)
        return
    for owner, flow in flows.items():
        net = math.fsum(row.net / row.price_level for row in rows[owner])
        assert net == pytest.approx(math.fsum(flow.net()), abs=0.005)


def test_money_without_an_agency_is_the_councils() -> None:
    found = _found(FEATURES / "01-unlimited-staff.yaml")
    (row,) = agencies_of(found.scenario, found.main)["programme"]
    assert row.agency == COUNCIL
    economics = found.main.programme.economics
    assert row.net_benefit == pytest.approx(economics.net_benefit.number)
    assert row.net_present_value == pytest.approx(economics.net_present_value.number)
