"""Compiled code is kept for the next process, outside the package, where anything can be kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from costsim.engines.kernel import KernelEngine, clock, journeys, recording
from costsim.engines.kernel.compiling import cache_folder
from costsim.pathway.compile import compile_site
from costsim.sampling import Luck
from costsim.scenario.loader import load
from tests.architecture.checkout import ROOT, copy_checkout
from tests.model.small_plans import many_meetings

WHOLE, SMALL = (), ("luck",)
Origins = dict[str, list[int]]
READ, COMPILED = [1, 0], [0, 1]


def _run(what: tuple[str, ...], cache: Path, package: Path = ROOT) -> Origins:
    """Of each function, how many versions a new process read from the cache and compiled."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.architecture.kernel_once", *what],
        cwd=package,
        env=os.environ | {"NUMBA_CACHE_DIR": str(cache), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    found: Origins = json.loads(done.stdout)
    return found


def _files(folder: Path) -> dict[Path, int]:
    """Every file below a folder, and when it was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def _assert_kept_outside_the_package(what: tuple[str, ...], folder: Path) -> None:
    package, cache = copy_checkout(folder / "package"), folder / "cache"
    before = _files(package)
    first = _run(what, cache, package)
    assert all(origin == COMPILED for origin in first.values())
    assert any(path.suffix == ".nbc" for path in _files(cache))
    kept = _files(cache)
    second = _run(what, cache, package)
    assert all(origin == READ for origin in second.values())
    assert _files(cache) == kept
    assert _files(package) == before


def test_luck_is_compiled_once_and_kept_outside_the_package(tmp_path: Path) -> None:
    _assert_kept_outside_the_package(SMALL, tmp_path)


@pytest.mark.long
def test_the_kernel_is_compiled_once_and_kept_outside_the_package(tmp_path: Path) -> None:
    _assert_kept_outside_the_package(WHOLE, tmp_path)


def test_another_process_compiles_nothing_that_this_one_has_compiled() -> None:
    KernelEngine().run(many_meetings(3), Luck(seed=3, site="site"))
    folder = cache_folder()
    assert folder is not None
    origins = _run(WHOLE, folder.parent)
    assert set(origins) == {"run", "walk", "collect"}
    assert all(origin == READ for origin in origins.values())
    assert not list((ROOT / "costsim").rglob("*.nb[ci]"))


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """A folder that nobody can make, for it would lie below a file."""
    file = tmp_path / "file"
    file.write_text("")
    return file / "cache"


def test_luck_is_drawn_where_no_cache_can_be_written(nowhere: Path) -> None:
    assert _run(SMALL, nowhere) == {"fill": COMPILED}


@pytest.mark.long
def test_the_kernel_runs_where_no_cache_can_be_written(nowhere: Path) -> None:
    assert _run(WHOLE, nowhere) == {"run": COMPILED, "walk": COMPILED, "collect": COMPILED}


def test_what_is_compiled_once_serves_every_scenario() -> None:
    for file in sorted((ROOT / "scenarios").rglob("*.yaml")):
        scenario = load(file)
        for name in scenario.sites:
            KernelEngine().run(compile_site(scenario, name), Luck(seed=1, site=name))
    for function in (clock.run, journeys.walk, recording.collect):
        assert len(vars(function)["overloads"]) == 1, function
