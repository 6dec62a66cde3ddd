"""What costsim offers is there and is explained."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from tests.architecture.checkout import ROOT, write_files


def _undocumented_modules(root: Path) -> list[str]:
    """The public modules without a docstring; an underscore in the path makes a module private."""
    files = sorted(path.relative_to(root) for path in (root / "costsim").rglob("*.py"))
    public = [path for path in files if not any(_is_private(part) for part in path.parts)]
    return [
        path.as_posix()
        for path in public
        if not ast.get_docstring(ast.parse((root / path).read_text("utf-8")))
    ]


def _is_private(part: str) -> bool:
    return part.startswith("_") and not part.startswith("__")


def _faults(module: ModuleType) -> Iterator[str]:
    """What is wrong with the names that a module exports."""
    for name in module.__all__:
        if not hasattr(module, name):
            yield f"{name} is exported and does not exist"
        elif not _is_explained(getattr(module, name)):
            yield f"{name} has no docstring"


def _is_explained(value: object) -> bool:
    """Functions, classes and modules need a docstring of their own; constants cannot have one."""
    if isinstance(value, type):
        return bool(value.__dict__.get("__doc__"))
    return bool(inspect.getdoc(value)) or not (callable(value) or inspect.ismodule(value))


def test_every_public_module_says_what_it_is() -> None:
    assert _undocumented_modules(ROOT) == []


def test_every_exported_name_exists_and_is_explained() -> None:
    costsim = importlib.import_module("costsim")
    assert list(_faults(costsim)) == []
    assert costsim.__all__


def test_a_planted_module_without_docstring_is_seen(tmp_path: Path) -> None:
    files = {"costsim/__init__.py": "x = 1\n", "costsim/_private.py": "x = 1\n"}
    write_files(tmp_path, files | {"costsim/documented.py": '"""Words."""\n'})
    assert _undocumented_modules(tmp_path) == ["costsim/__init__.py"]


def test_planted_names_that_are_missing_or_unexplained_are_seen() -> None:
    def silent() -> None: ...

    class SilentError(ValueError):
        pass

    module = ModuleType("planted")
    module.__dict__.update(silent=silent, SilentError=SilentError, version="1.0")
    module.__dict__["__all__"] = ["silent", "SilentError", "version", "absent"]
    assert list(_faults(module)) == [
        "silent has no docstring",
        "SilentError has no docstring",
        "absent is exported and does not exist",
    ]
