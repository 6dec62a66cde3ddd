"""Each worked example under scenarios/features gives the number that its comment works out by hand.

Exact where no chance is left; elsewhere within four of the standard errors that the run reports.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from costsim.scenario.loader import load
from costsim.uncertainty.probabilistic import probabilistic
from tests.architecture.checkout import ROOT
from tests.model.command import run_scenario

FEATURES = ROOT / "scenarios" / "features"
FILES = sorted(FEATURES.glob("*.yaml"))
CONTACT = "pathways.old.activities.contact.next"
PANEL = "pathways.new.activities.visit.next.panel"


@dataclass(frozen=True)
class Ran:
    """A run of one example: its summary and its folder."""

    summary: dict[str, Any]
    out: Path

    def figure(self, path: str) -> dict[str, Any]:
        """A figure of the programme by its path, such as cost_per_case/old."""
        found = self.summary["programme"]
        for step in path.split("/"):
            found = found[step]
        assert isinstance(found, dict)
        return found

    def exactly(self, path: str, known: float) -> None:
        """The figure is this, and nothing about it is left to chance."""
        figure = self.figure(path)
        assert figure["value"] == pytest.approx(known, rel=1e-9, abs=1e-9), path
        assert (figure.get("mcse") or 0.0) < 1e-9, path

    def about(self, path: str, known: float, sharp: float = 0.1) -> None:
        """The figure is this but for chance, of which there is little."""
        figure = self.figure(path)
        assert 0 < figure["mcse"] < sharp * abs(known), path
        assert abs(figure["value"] - known) < 4 * figure["mcse"], (path, figure)

    def rows(self, file: str) -> list[dict[str, str]]:
        """The lines of a CSV file."""
        with (self.out / file).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def row(self, file: str, name: str, of: str = "programme", **known: float) -> None:
        """A line of a CSV file, by whose it is and what stands in its next column."""
        (line,) = [r for r in self.rows(file) if list(r.values())[:2] == [of, name]]
        for column, value in known.items():
            assert float(line[column]) == pytest.approx(value, rel=1e-9, abs=1e-9), column

    def cases(self, **where: Any) -> dict[str, np.ndarray]:
        """Columns of the counted cases with these values, as arrays."""
        table = pq.read_table(self.out / "cases.parquet")
        rows = table.column("counted").to_numpy()
        for name, value in where.items():
            rows = rows & (np.array(table.column(name).to_pylist(), dtype=object) == value)
        return {n: np.array(table.column(n).to_pylist())[rows] for n in table.column_names}


def unlimited_staff(ran: Ran) -> None:
    ran.exactly("cost_per_case/old", 600)
    ran.exactly("cost_per_case/new", 240)
    ran.exactly("per_case_saving", 360)
    ran.exactly("annual_saving", 36_000)
    ran.exactly("payback_years", 0.25)
    ran.exactly("waiting_days_per_case/old", 0)


def cash_or_capacity(ran: Ran) -> None:
    ran.exactly("staff_time_saving", 600_000 - 3 * 6_000)
    ran.exactly("cashable_saving", 180_000)
    ran.exactly("per_case_saving", 4 * 50 - 0.1 * 60)


def roles(ran: Ran) -> None:
    ran.exactly("cost_per_case/old", 270)
    ran.exactly("cost_per_case/new", 270)
    ran.exactly("per_case_saving", 0)
    ran.exactly("time_to_decision_days/old/mean", 0.5)
    ran.exactly("time_to_decision_days/new/mean", 0.375)
    ran.exactly("days_sooner", 0.125)


def waits(ran: Ran) -> None:
    ran.exactly("cost_per_case/old", 240)
    ran.exactly("cost_per_case/new", 240)
    ran.exactly("time_to_decision_days/old/mean", 10.5)
    ran.exactly("time_to_decision_days/new/mean", 2.5)
    ran.exactly("days_sooner", 8)


def meeting(ran: Ran) -> None:
    ran.exactly("cost_per_case/old", 90)
    ran.exactly("cost_per_case/new", 60)
    ran.exactly("per_case_saving", 30)
    ran.about("waiting_days_per_case/old", 5)
    ran.about("waiting_days_per_case/new", 2.5)


def rework(ran: Ran) -> None:
    ran.about("cost_per_case/old", 150)
    ran.about("cost_per_case/new", 135)
    ran.exactly("expected_per_case_saving", 15)


def queues(ran: Ran) -> None:
    ran.about("utilisation/old/social_worker", 0.8)
    ran.about("utilisation/new/social_worker", 0.4)
    ran.about("waiting_days_per_case/old", 4)
    ran.about("waiting_days_per_case/new", 1 / 3)


def priority(ran: Ran) -> None:
    known = {("old", "urgent"): 7 / 3, ("old", "routine"): 23 / 3}
    known |= {("new", "urgent"): 0.75, ("new", "routine"): 0.5 + 0.25 / 0.6}
    for (pathway, need), days in known.items():
        cases = ran.cases(pathway=pathway, need=need)
        taken = cases["decided"] - cases["arrived"]
        batches = [taken[cases["replication"] == n].mean() for n in range(20)]
        error = np.std(batches, ddof=1) / np.sqrt(20)
        assert error < 0.15 * days
        assert abs(np.mean(batches) - days) < 4 * error, (pathway, need)


def withdrawal(ran: Ran) -> None:
    ran.about("withdrawn_share/old", 0.25)
    ran.exactly("withdrawn_share/new", 0)
    ran.about("cost_per_case/old", 225)
    ran.exactly("cost_per_case/new", 300)
    ran.about("per_case_saving", -75)
    assert ran.figure("expected_per_case_saving")["value"] is None


def seasons(ran: Ran) -> None:
    cases = ran.cases(pathway="old")
    days = {str(a): str(d) for a, d in zip(cases["arrived_on"], cases["decided_on"], strict=True)}
    assert days["2016-12-23"] == "2017-01-16"
    months = np.array([int(str(each)[5:7]) for each in cases["arrived_on"]])
    per_day = {month: (months == month).sum() / days for month, days in ((6, 22), (9, 22))}
    assert not (months == 8).any()
    assert per_day[9] == pytest.approx(2 * per_day[6], rel=0.03)
    ran.exactly("time_to_decision_days/old/mean", 10)
    ran.exactly("time_to_decision_days/new/mean", 5)


def dated(ran: Ran) -> None:
    ran.exactly("referrals_per_year", 12)
    ran.exactly("cost_per_case/old", 400)
    ran.exactly("cost_per_case/new", 300)
    ran.exactly("annual_saving", 1200)
    came = [str(day) for day in ran.cases(pathway="old", replication=0)["arrived_on"]]
    assert "2024-05-20" in came
    assert "2024-12-27" in came
    assert len(came) == 12


def targets(ran: Ran) -> None:
    ran.about("within_target/old", 0.8)
    ran.exactly("within_target/new", 1)
    ran.about("other_targets/contact/old", 0.5)
    ran.about("other_targets/contact/new", 0.5)


def take_up(ran: Ran) -> None:
    ran.exactly("expected_per_case_saving", 120)
    ran.about("per_case_saving", 120)


def rollout(ran: Ran) -> None:
    ran.exactly("annual_saving", 36_000)
    ran.exactly("total_saving", 64_980)
    ran.exactly("net_benefit", 55_980)
    ran.exactly("payback_years", 1)


def demand(ran: Ran) -> None:
    ran.exactly("cost_per_case/old", 600)
    ran.exactly("cost_per_case/new", 264)
    ran.exactly("per_case_saving", 336)
    assert len(ran.cases(pathway="new", replication=0, extra=True)["cost"]) == 10


def running(ran: Ran) -> None:
    ran.exactly("per_case_saving", 380)
    ran.exactly("annual_running_cost_change", 1000)
    ran.exactly("annual_saving", 37_000)
    ran.exactly("one_off_cost", 10_250)
    ran.exactly("net_benefit", 100_750)
    ran.exactly("payback_years", 10_250 / 37_000)


def attributes(ran: Ran) -> None:
    ran.exactly("expected_per_case_saving", 45)
    ran.about("per_case_saving", 45)
    ran.about("cost_per_case/old", 384 + 50)
    assert set(ran.cases(language="other", pathway="new")["language"]) == {"other"}


def distributions(ran: Ran) -> None:
    assert ran.figure("expected_per_case_saving")["value"] == pytest.approx(27 * 60, rel=1e-6)
    ran.about("cost_per_case/old", 28 * 60)
    ran.exactly("cost_per_case/new", 60)


def sites(ran: Ran) -> None:
    north, south = (ran.summary["sites"][name] for name in ("north", "south"))
    assert north["per_case_saving"]["value"] == pytest.approx(360)
    assert south["per_case_saving"]["value"] == pytest.approx(450)
    ran.exactly("referrals_per_year", 150)
    ran.exactly("annual_saving", 58_500)
    ran.exactly("per_case_saving", 390)
    ran.exactly("one_off_cost", 13_000)


def three_pathways(ran: Ran) -> None:
    assert (ran.summary["comparator"], ran.summary["option"]) == ("visit", "online")
    ran.exactly("per_case_saving", 348)
    ran.exactly("cost_per_case/visit", 600)
    phone = ran.summary["alternatives"]["phone"]["programme"]
    assert phone["per_case_saving"]["value"] == pytest.approx(300)


def prices_and_pay(ran: Ran) -> None:
    ran.exactly("per_case_saving", 240)
    ran.exactly("total_saving", 73_449.60)
    ran.row("budget.csv", "2025-26", saving=25_214.40, price_level=1.03)
    ran.row("budget.csv", "2026-27", saving=24_969.60 * 1.03**2, cash=0)


def who_pays(ran: Ran) -> None:
    ran.exactly("total_saving", 47_000)
    ran.exactly("net_benefit", 27_000)
    ran.exactly("double_running_cost", 13_000)
    ran.exactly("adjusted_net_benefit", 11_700)
    ran.exactly("break_even_referrals_per_year", 20_000 / (240 * 2.5 - 260 * 0.5))
    ran.row("agencies.csv", "the council", one_off=15_000, saving=75_000, net_benefit=50_000)
    ran.row("agencies.csv", "the NHS", one_off=0, double_running=3_000, net_benefit=-18_000)
    ran.row("agencies.csv", "the charity", one_off=5_000, saving=0, net_benefit=-5_000)
    ran.row("cashflow.csv", "1", saving=12_000, double_running=13_000, net_saving=-1_000)


def effectiveness(ran: Ran) -> None:
    ran.row("effects.csv", "call", of="helped", icer=200, incremental_effect=0.5)
    ran.row("effects.csv", "centre", of="helped", icer=600, net_monetary_benefit=600)
    rows = {row["pathway"]: row for row in ran.rows("effects.csv") if row["of"] == "helped"}
    assert {name: row["standing"] for name, row in rows.items()} == {
        "nothing": "on the frontier",
        "call": "on the frontier",
        "visit": "dominated",
        "group": "extendedly dominated",
        "centre": "on the frontier",
    }
    assert rows["centre"]["compared_with"] == "call"


def uncertain(ran: Ran) -> None:
    ran.exactly("expected_per_case_saving", 310)
    ran.about("per_case_saving", 310)
    ran.about("net_benefit", 42_000)
    found = probabilistic(load(FEATURES / "24-uncertain-inputs.yaml"), draws=400)
    assert found.pays().value == found.repays_within(2).value == pytest.approx(0.75, abs=0.005)
    target = found.meets_target()
    assert target
    assert target.value == pytest.approx(0.75, abs=0.005)
    error = 5_500 / np.sqrt(400)  # without and with the panel, by what else is unsure
    assert abs((found.spread_of("net_benefit").mean or 0) - 27_000) < 4 * error
    assert abs(found.evpi - 4_500) < 4 * 0.25 * 2 * error  # a quarter of the draws
    panel = found.draws.values[:, found.draws.parameters.names.index(PANEL)]
    paying = found.draws.outcome("net_benefit", "new") > 0
    assert np.mean(paying == (panel == 0)) > 0.995
    names = found.draws.parameters.names
    ways = (f"{CONTACT}.{way}" for way in ("assessment", "closed"))
    went = [found.draws.values[:, names.index(way)] for way in ways]
    assert sum(went) == pytest.approx(1)
    assert np.mean(went[0]) == pytest.approx(0.8, abs=0.005)
    assert np.std(went[0]) == pytest.approx(np.sqrt(0.8 * 0.2 / 91), rel=0.05)


BY_HAND: dict[str, Callable[[Ran], None]] = {
    "01-unlimited-staff": unlimited_staff,
    "02-roles-in-turn-and-together": roles,
    "03-waits": waits,
    "04-meeting-panel": meeting,
    "05-routing-and-rework-loop": rework,
    "06-queues-for-scarce-staff": queues,
    "07-priority-by-need": priority,
    "08-withdrawal": withdrawal,
    "09-bank-holidays-and-seasons": seasons,
    "10-dated-referrals": dated,
    "11-targets": targets,
    "12-take-up-and-leakage": take_up,
    "13-ramp-up-delay-and-fade": rollout,
    "14-demand-response": demand,
    "15-running-costs-and-one-off": running,
    "16-attributes": attributes,
    "17-distributions": distributions,
    "18-several-sites-and-extends": sites,
    "19-three-pathways": three_pathways,
    "20-cash-or-capacity": cash_or_capacity,
    "21-prices-and-pay": prices_and_pay,
    "22-who-pays-and-optimism": who_pays,
    "23-cost-effectiveness": effectiveness,
    "24-uncertain-inputs": uncertain,
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_runs_and_gives_the_number_worked_out_by_hand(
    file: Path, tmp_path: Path
) -> None:
    summary = run_scenario(file, tmp_path / "out")
    assert summary["checks"]
    assert all(check["passed"] for check in summary["checks"])
    assert not any("source" in warning for warning in summary["warnings"])
    BY_HAND[file.stem](Ran(summary, tmp_path / "out"))


def test_there_is_an_example_for_each_number_worked_out_by_hand() -> None:
    assert [file.stem for file in FILES] == list(BY_HAND)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_begins_by_saying_what_it_does(file: Path) -> None:
    comment = file.read_text(encoding="utf-8").partition("\n\n")[0]
    assert all(line.startswith("#") for line in comment.splitlines())
    for words in ("What it does.", "What to look for.", "By hand"):
        assert f"# {words}" in comment


def test_a_wrong_number_worked_out_by_hand_is_seen(tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = Ran(run_scenario(FEATURES / "01-unlimited-staff.yaml", out), out)
    with pytest.raises(AssertionError):
        ran.exactly("per_case_saving", 360.01)
    with pytest.raises(AssertionError):
        ran.about("per_case_saving", 360)
    chancy = partial(ran.about, "per_case_saving")
    ran.summary["programme"]["per_case_saving"]["mcse"] = 1.0
    chancy(363.9)
    with pytest.raises(AssertionError):
        chancy(364.1)
