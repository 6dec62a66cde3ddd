"""The starter scenario is complete, runs as it is, and is what `costsim new` writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from costsim import evaluate, inputs, load
from costsim.cli import cli
from costsim.errors import OutputError
from costsim.scenario.schema import Scenario
from costsim.scenario.starter import starter_text, write_starter
from tests.architecture.checkout import ROOT

SHIPPED = ROOT / "scenarios" / "starter.yaml"
PACKAGED = ROOT / "costsim" / "scenario" / "starter.yaml"


@pytest.fixture(scope="module")
def starter() -> Scenario:
    return load(SHIPPED)


def test_the_shipped_and_the_packaged_starter_are_the_same_bytes() -> None:
    assert SHIPPED.read_bytes() == PACKAGED.read_bytes()


def test_the_command_new_writes_exactly_the_starter(tmp_path: Path) -> None:
    target = tmp_path / "mine.yaml"
    done = CliRunner().invoke(cli, ["new", str(target)])
    assert done.exit_code == 0, done.output
    assert target.read_bytes() == PACKAGED.read_bytes()


def test_a_file_that_exists_is_not_replaced_by_a_new_starter(tmp_path: Path) -> None:
    target = tmp_path / "mine.yaml"
    target.write_text("precious", encoding="utf-8")
    with pytest.raises(OutputError, match="exists already"):
        write_starter(target)
    assert target.read_text("utf-8") == "precious"


def test_every_number_of_the_starter_has_a_source_or_is_assumed(starter: Scenario) -> None:
    silent = [each.name for each in inputs(starter) if each.provenance == "no source given"]
    assert silent == []
    assert len(inputs(starter)) > 40


def test_the_starter_has_sourced_assumed_and_uncertain_numbers(starter: Scenario) -> None:
    found = inputs(starter)
    assert sum(each.assumed for each in found) > 10
    assert sum(each.source is not None for each in found) > 5
    assert sum(each.uncertain is not None for each in found) > 5


@pytest.mark.parametrize(
    "words",
    [
        "by_need:",
        "wait:",
        "meeting:",
        "leakage:",
        "ramp_up:",
        "start_delay:",
        "demand_response:",
        "one_off:",
        "running_costs:",
        "targets:",
        "uncertain:",
        "share_of_time:",
        "rest",
    ],
)
def test_the_starter_shows_each_part_of_the_format(words: str) -> None:
    assert words in starter_text()


def test_the_first_line_of_the_starter_names_a_schema_beside_it() -> None:
    first = starter_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=costsim.schema.json"


def test_the_starter_runs_passes_its_checks_and_pays_back_modestly(starter: Scenario) -> None:
    found = evaluate(starter, replications=40)
    economics = found.main.programme.economics
    assert found.passed
    assert 20 < (economics.per_case_saving.value or 0) < 200
    assert 1 < (economics.payback_years.value or 0) < 4
    assert (economics.net_benefit.value or 0) > 0


def test_no_role_of_the_starter_is_asked_for_more_than_its_time(starter: Scenario) -> None:
    found = evaluate(starter, replications=4)
    busy = found.main.programme.timeliness.utilisation["old"]["social_worker"].value
    assert busy is not None
    assert 0 < busy < 0.9
