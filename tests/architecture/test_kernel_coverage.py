"""Every line and branch of the kernel is run, and what it writes down compared, uncompiled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from tests.architecture.checkout import ROOT

KERNEL = ROOT / "costsim" / "engines" / "kernel"
MODULES = {path.stem for path in KERNEL.glob("*.py")} - {"keeping"}


def _missed(*arguments: str) -> dict[str, list[Any]]:
    """The lines and branches of each module that were not reached without the compiler."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.architecture.kernel_interpreted", *arguments],
        cwd=ROOT,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[Any]] = json.loads(done.stdout)
    return found


def test_every_line_and_branch_of_the_kernel_is_reached_where_engines_agree() -> None:
    missed = _missed()
    assert set(missed) == MODULES
    assert {module: places for module, places in missed.items() if places} == {}


def test_what_is_not_reached_is_seen() -> None:
    missed = _missed("little")
    assert missed["queues"]
    assert missed["clock"]
    assert not missed["office"]
