"""What costsim imports is declared, and the lock files pin what is declared."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.checkout import ROOT, write_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUNTIME = [Requirement(line) for line in PROJECT["dependencies"]]
# pydantic pins the exact release of its own core, and documents importing errors from it.
COMPANIONS = {"pydantic_core": "pydantic"}
TEST = [Requirement(line) for line in PROJECT["optional-dependencies"]["test"]]
PIN = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)[^\\\n]*(?P<hash>\\\n +--hash=sha256:\w{64}\b)?",
    re.MULTILINE,
)


def _pins(lock: str) -> set[tuple[str, str]]:
    return {(canonicalize_name(pin["name"]), pin["version"]) for pin in PIN.finditer(lock)}


def _unpinned(requirements: list[Requirement], lock: str) -> list[str]:
    """The requirements that no pin of the lock meets."""
    pins = _pins(lock)
    return [
        str(wanted)
        for wanted in requirements
        if not any(
            name == canonicalize_name(wanted.name) and wanted.specifier.contains(version)
            for name, version in pins
        )
    ]


def _imported(root: Path) -> Iterator[str]:
    """The top-level modules that the package imports, at module level or inside a function."""
    for path in (root / "costsim").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def _undeclared(root: Path) -> list[str]:
    """Libraries that the package imports and pyproject.toml does not name."""
    owners = packages_distributions()
    declared = {canonicalize_name(wanted.name) for wanted in RUNTIME}
    imported = {COMPANIONS.get(module, module) for module in _imported(root)}
    outside = imported - set(sys.stdlib_module_names) - {"costsim"}
    return sorted(
        module
        for module in outside
        if declared.isdisjoint(canonicalize_name(owner) for owner in owners.get(module, [module]))
    )


def _read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_every_library_that_costsim_imports_is_declared() -> None:
    assert _undeclared(ROOT) == []


def test_a_planted_undeclared_library_is_seen(tmp_path: Path) -> None:
    source = "import numpy.typing\nimport os\n\ndef f():\n    from hypothesis import given\n"
    write_files(tmp_path, {"costsim/planted.py": source})
    assert _undeclared(tmp_path) == ["hypothesis"]


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [("requirements.txt", RUNTIME), ("requirements-test.txt", RUNTIME + TEST)],
)
def test_the_lock_pins_every_declared_library(lock: str, wanted: list[Requirement]) -> None:
    assert _unpinned(wanted, _read(lock)) == []


def test_a_lock_that_misses_a_library_or_holds_an_older_one_is_seen() -> None:
    wanted = [Requirement("simpy>=4.1"), Requirement("SALib>=1.5"), Requirement("click>=8")]
    lock = "simpy==4.0.1 \\\n    --hash=sha256:00\nclick==8.5.1 \\\n    --hash=sha256:00\n"
    assert _unpinned(wanted, lock) == ["simpy>=4.1", "SALib>=1.5"]


def test_the_tests_run_with_the_versions_that_users_get() -> None:
    runtime, test = _pins(_read("requirements.txt")), _pins(_read("requirements-test.txt"))
    assert sorted(runtime - test) == []


def _unhashed(lock: str) -> list[str]:
    return [pin["name"] for pin in PIN.finditer(lock) if not pin["hash"]]


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-test.txt"])
def test_every_pin_carries_its_hashes(lock: str) -> None:
    assert _unhashed(_read(lock)) == []


def test_a_pin_without_hashes_is_seen() -> None:
    hashed = f"click==8.5.1 ; sys_platform == 'win32' \\\n    --hash=sha256:{'0' * 64}\n"
    assert _unhashed(hashed + "simpy==4.1.2\nnumpy==2.4.6 \\\n    # via costsim\n") == [
        "simpy",
        "numpy",
    ]
