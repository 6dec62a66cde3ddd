"""Compiled code is kept for the next process, outside the package, where anything can be kept."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from costsim.engines.kernel import KernelEngine, clock, compiling, journeys, keeping, recording
from costsim.engines.kernel.keeping import cache_folder
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


def _twice(number: int) -> int:
    return 2 * number


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of its own for what a test compiles."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    cache_folder.cache_clear()
    yield tmp_path
    cache_folder.cache_clear()


def _compiled_anew() -> Any:
    """A function as a new process would find it."""
    function: Any = compiling.compiled(_twice)
    assert function(21) == 42
    return function


def test_a_cache_that_is_damaged_is_replaced(elsewhere: Path) -> None:
    assert sum(_compiled_anew().stats.cache_misses.values()) == 1
    assert sum(_compiled_anew().stats.cache_hits.values()) == 1
    for damage in (b"", b"no machine code"):
        files = list(elsewhere.rglob("*.nb[ci]"))
        assert len(files) == 2
        for path in files:
            path.write_bytes(damage)
        assert sum(_compiled_anew().stats.cache_hits.values()) == 0
        assert sum(_compiled_anew().stats.cache_hits.values()) == 1


def test_a_cache_that_cannot_be_written_to_the_end_is_a_slower_start(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile.save", full)
    for _ in range(2):
        assert sum(_compiled_anew().stats.cache_misses.values()) == 1
    assert not list(elsewhere.rglob("*.nbc"))


def test_without_a_home_directory_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_words: Any, **_named: Any) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(keeping, "user_cache_path", nowhere)
    assert cache_folder.__wrapped__() is None


def test_what_nothing_has_used_for_a_month_is_deleted(elsewhere: Path) -> None:
    used, unused, other = (elsewhere / name for name in ("kernel-1", "kernel-2", "music"))
    for folder in (used, unused, other):
        folder.mkdir()
    for folder in (unused, other):
        os.utime(folder, (0, 0))
    mine = cache_folder()
    assert set(elsewhere.iterdir()) == {mine, used, other}


def test_numbers_that_compiled_code_takes_from_elsewhere_are_part_of_the_folder_s_name() -> None:
    """numba freezes them: a cache that does not know of them would go on with the old ones."""
    sources = {path.relative_to(ROOT) for path in keeping.sources()}
    assert Path("costsim/engines/kernel/clock.py") in sources
    for path in sorted((ROOT / "costsim" / "engines" / "kernel").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("costsim"):
                constants = [each.name for each in node.names if each.name.isupper()]
                origin = Path(*str(node.module).split(".")).with_suffix(".py")
                assert not constants or origin in sources or constants in NOT_COMPILED, node.module


NOT_COMPILED = [["PREFIXES"], ["WITHDRAWN"]]


def test_what_numba_does_not_promise_is_there() -> None:
    """Without `_cache` nothing would be kept, and without `_nrt` the kernel would be slow."""
    function: Any = compiling.compiled(_twice)
    assert isinstance(function._cache, keeping.caching.FunctionCache)
    assert function.targetoptions["_nrt"] is False


def test_what_is_compiled_once_serves_every_scenario() -> None:
    for file in sorted((ROOT / "scenarios").rglob("*.yaml")):
        scenario = load(file)
        for name in scenario.sites:
            KernelEngine().run(compile_site(scenario, name), Luck(seed=1, site=name))
    for function in (clock.run, journeys.walk, recording.collect):
        assert len(vars(function)["overloads"]) == 1, function
