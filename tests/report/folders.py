"""Results folders for tests of reports, each made once for all tests of a process."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from costsim.findings import Findings, read
from tests.architecture.checkout import ROOT
from tests.model.command import run_scenario

STUDY = ROOT / "scenarios" / "coram-2017.yaml"
FEATURES = ROOT / "scenarios" / "features"


@cache
def _kept() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="costsim-reports-")


@cache
def folder_of(scenario: Path, *options: str) -> Path:
    """The results folder of a scenario file, run with these options."""
    number = len(list(Path(_kept().name).iterdir()))
    out = Path(_kept().name) / f"{scenario.stem}-{number}"
    run_scenario(scenario, out, *options)
    return out


@cache
def findings_of(scenario: Path, *options: str) -> Findings:
    """What the results folder of a scenario holds."""
    return read(folder_of(scenario, *options))
