"""The import contracts of pyproject.toml bite.

The contracts themselves are kept by running `lint-imports` on the checkout. Here they are applied
to a made-up package with the same modules, in which one forbidden import at a time is planted, so
that a contract that has come to allow everything is noticed. The modules are read from the
contracts: reordering the layers needs no change here.
"""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.checkout import ROOT, write_files

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in SETTINGS["contracts"]}
LAYERS = [re.findall(r"\w+", line) for line in CONTRACTS["layers"]["layers"]]
INVERSIONS = [
    (low, high) for upper, lower in itertools.pairwise(LAYERS) for low in lower for high in upper
]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with every module that the layers name, and the two imports that are allowed."""
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    files = {f"costsim/{name}/__init__.py": "" for layer in LAYERS for name in layer}
    owners = {"engines/reference.py": "import simpy\n", "engines/kernel.py": "import numba\n"}
    files |= {"costsim/__init__.py": ""} | {f"costsim/{k}": text for k, text in owners.items()}
    return write_files(tmp_path, files)


def _lint(folder: Path, contract: str) -> tuple[int, str]:
    """The exit code and the words of `lint-imports` for one contract, without line breaks."""
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--no-logo", "--contract", contract],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_package_that_keeps_the_direction_passes(package: Path, contract: str) -> None:
    code, words = _lint(package, contract)
    assert code == 0, words
    assert "1 kept, 0 broken" in words


@pytest.mark.parametrize(
    ("contract", "module", "imported"),
    [
        ("layers", "scenario", "costsim.cli"),
        ("layers", "errors", "costsim.units"),
        ("layers", "transfer", "costsim.sweeps"),
        ("layers", "web", "costsim.report"),
        ("simpy", "pathway", "simpy"),
        ("simpy", "engines", "simpy"),
        ("numba", "sampling", "numba"),
        ("economics", "economics", "costsim.engines"),
        ("economics", "economics", "costsim.engines.kernel"),
        ("engines", "report", "costsim.engines.reference"),
        ("engines", "web", "costsim.engines"),
        ("engines", "cli", "costsim.engines.kernel"),
        ("engines", "cli", "costsim.experiment"),
        ("engines", "report", "costsim.experiment"),
    ],
)
def test_a_planted_import_breaks_its_contract(
    package: Path, contract: str, module: str, imported: str
) -> None:
    write_files(package, {f"costsim/{module}/__init__.py": f"import {imported}\n"})
    code, words = _lint(package, contract)
    assert code == 1, words
    assert re.search(rf"\bcostsim\.{module} -> {re.escape(imported)}\b", words), words


def test_an_import_inside_a_function_counts(package: Path) -> None:
    lazy = "def draw() -> None:\n    import simpy\n"
    write_files(package, {"costsim/sampling/__init__.py": lazy})
    assert _lint(package, "simpy")[0] == 1


def test_every_layer_is_kept_from_the_one_above_it(package: Path) -> None:
    for low, high in INVERSIONS:
        with (package / "costsim" / low / "__init__.py").open("a") as module:
            module.write(f"import costsim.{high}\n")
    _, words = _lint(package, "layers")
    missed = [pair for pair in INVERSIONS if f"costsim.{pair[0]} -> costsim.{pair[1]}" not in words]
    assert missed == []


def test_a_module_without_a_layer_is_reported(package: Path) -> None:
    write_files(package, {"costsim/helpers.py": ""})
    code, words = _lint(package, "layers")
    assert code == 1
    assert "not listed as layers: - costsim.helpers" in words


def test_a_cycle_within_a_layer_is_reported(package: Path) -> None:
    cycle = {
        "schema": "import costsim.scenario.loader\n",
        "loader": "import costsim.scenario.schema\n",
    }
    write_files(package, {f"costsim/scenario/{name}.py": text for name, text in cycle.items()})
    code, words = _lint(package, "cycles")
    assert code == 1
    assert "costsim.scenario" in words
