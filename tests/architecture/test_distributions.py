"""The wheel and the source distribution hold the whole package, and rebuild to the same bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.architecture.checkout import copy_checkout, repository_files

BUILD = "from flit_core import buildapi as b; b.build_wheel('{0}'); b.build_sdist('{0}')"
EPOCH = "1500000000"


def _build(checkout: Path, out: Path) -> dict[str, Path]:
    """Build both distributions of a copied checkout, as `pip wheel` would; by suffix."""
    out.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", BUILD.format(out)],
        cwd=checkout,
        env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {path.suffix: path for path in out.iterdir()}


def _missing_from_wheel(wheel: Path) -> list[str]:
    """Files of the package, code or data, that the wheel leaves out."""
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {path.as_posix() for path in repository_files() if path.parts[0] == "costsim"}
    return sorted((package | {"costsim/py.typed"}) - names)


def _digests(built: dict[str, Path]) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in built.values()}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return copy_checkout(tmp_path / "checkout")


def test_the_wheel_holds_every_file_of_the_package(checkout: Path, tmp_path: Path) -> None:
    assert _missing_from_wheel(_build(checkout, tmp_path / "out")[".whl"]) == []


def test_a_wheel_without_the_typing_marker_is_seen(checkout: Path, tmp_path: Path) -> None:
    (checkout / "costsim" / "py.typed").unlink(missing_ok=True)
    assert _missing_from_wheel(_build(checkout, tmp_path / "out")[".whl"]) == ["costsim/py.typed"]


def test_the_source_distribution_can_be_tested(checkout: Path, tmp_path: Path) -> None:
    with tarfile.open(_build(checkout, tmp_path / "out")[".gz"]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = ("costsim", "tests", "scenarios", "docs", "requirements", "LICENSE", "pyproject")
    expected = {p.as_posix() for p in repository_files() if p.as_posix().startswith(wanted)}
    assert sorted(expected - names) == []


def test_a_rebuild_from_another_clone_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = copy_checkout(tmp_path / "first"), copy_checkout(tmp_path / "second")
    for path in second.rglob("*"):
        os.utime(path, (0, 1_000_000_000))
    built = _digests(_build(first, tmp_path / "a"))
    assert built == _digests(_build(second, tmp_path / "b"))
    (second / "LICENSE").write_text("Other words.\n", encoding="utf-8")
    assert built != _digests(_build(second, tmp_path / "c"))
