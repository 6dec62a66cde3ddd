"""Starting costsim is quick because nothing heavy is loaded, whatever the speed of the machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.checkout import ROOT, write_files

HEAVY = (
    "SALib",
    "holidays",
    "matplotlib",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "rich",
    "scipy",
    "simpy",
    "yaml",
)
IMPORTED = "import costsim"
HELPED = """\
import runpy, sys
sys.argv = ["costsim", "--help"]
try:
    runpy.run_module("costsim", run_name="__main__", alter_sys=True)
except SystemExit as stop:
    assert not stop.code, stop.code
"""
ANSWER = f"\nimport sys\nprint(*sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)\n"


def _heavy_modules(start: str, folder: Path) -> list[str]:
    """Which heavy libraries a fresh interpreter holds after starting costsim that way."""
    done = subprocess.run(
        [sys.executable, "-c", start + ANSWER],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.split()


def test_importing_costsim_loads_nothing_heavy() -> None:
    assert _heavy_modules(IMPORTED, ROOT) == []


def test_asking_for_help_loads_nothing_heavy() -> None:
    assert _heavy_modules(HELPED, ROOT) == []


@pytest.mark.parametrize(
    ("start", "module"), [(IMPORTED, "__init__"), (HELPED, "__main__"), (HELPED, "__init__")]
)
def test_a_planted_heavy_import_is_seen(tmp_path: Path, start: str, module: str) -> None:
    files = {"costsim/__init__.py": "", "costsim/__main__.py": ""}
    write_files(tmp_path, files | {f"costsim/{module}.py": "import simpy\n"})
    assert _heavy_modules(start, tmp_path) == ["simpy"]
