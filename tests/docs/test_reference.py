"""The reference pages are what the code would make of them today."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import costsim
from costsim.cli import cli
from costsim.report.analyses.exhibit import Exhibit
from costsim.results.tables import CASES, LEDGER
from costsim.scenario.distributions import Alternative, Unsure
from costsim.scenario.forms import Form
from costsim.scenario.schema import PUBLISHABLE, Scenario, Site
from costsim.scenario.unsure import Correlation, Uncertainty
from tests.architecture.checkout import ROOT

REFERENCE = ROOT / "docs" / "reference"
PAGES = ("commands.md", "scenario-file.md", "results.md", "python.md", "error-codes.md")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages made now."""
    folder = tmp_path_factory.mktemp("reference")
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def _page(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_up_to_date(fresh: Path, name: str) -> None:
    made = (fresh / name).read_text("utf-8")
    assert _page(name) == made, "run: python docs/generate.py"


def test_the_pages_are_all_that_is_made_and_all_that_is_there(fresh: Path) -> None:
    assert sorted(path.name for path in fresh.iterdir()) == sorted(PAGES)
    assert sorted(path.name for path in REFERENCE.iterdir()) == sorted(PAGES)


def test_every_command_and_option_is_listed() -> None:
    page = _page("commands.md")
    flags = {
        flag for command in cli.commands.values() for each in command.params for flag in each.opts
    }
    missing = {f"costsim {name}" for name in cli.commands if f"`costsim {name}`" not in page}
    assert missing | {flag for flag in flags if flag.startswith("--") and flag not in page} == set()


def test_every_key_of_a_site_and_of_the_file_is_listed() -> None:
    page = _page("scenario-file.md")
    keys = {*Scenario.model_fields, *Site.model_fields}
    assert [name for name in sorted(keys) if f"| `{name}` |" not in page] == []


def test_every_form_of_an_uncertain_number_is_listed() -> None:
    page = _page("scenario-file.md")
    keys = {*Unsure.model_fields, *Alternative.model_fields, *Form.model_fields}
    keys |= {*Uncertainty.model_fields, *Correlation.model_fields}
    assert [name for name in sorted(keys) if f"| `{name}` |" not in page] == []


def test_every_key_that_an_analysis_is_kept_under_is_listed() -> None:
    kept = Exhibit("uncertainty", "Title", ("Words.",)).as_json()
    page = _page("results.md").partition("## Analyses")[2]
    assert [name for name in kept if f"| `{name}` |" not in page] == []


def test_every_column_and_every_publishable_figure_is_listed() -> None:
    page = _page("results.md")
    names = {*(each.name for each in (*CASES, *LEDGER)), *PUBLISHABLE}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


def test_every_public_name_is_listed() -> None:
    page = _page("python.md")
    assert [name for name in costsim.__all__ if f"\n## `{name}`\n" not in page] == []


def test_every_error_code_of_the_source_is_listed_with_what_it_means() -> None:
    page = _page("error-codes.md")
    sources = "".join(path.read_text("utf-8") for path in sorted((ROOT / "costsim").rglob("*.py")))
    codes = sorted(set(re.findall(r'"(CS\d{3})"', sources)))
    assert len(codes) > 50
    assert [code for code in codes if not re.search(rf"\| `{code}` \| \S", page)] == []
