"""The command line as somebody types it, within the test's own process."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

from costsim.cli import main


def run_command(*arguments: str | Path) -> int:
    """Run `costsim` with these arguments; its exit code."""
    try:
        with patch.object(sys, "argv", ["costsim", *map(str, arguments)]):
            main()
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def run_scenario(file: Path, out: Path, *options: str) -> dict[str, Any]:
    """Run a scenario that must succeed, into a folder; its summary."""
    code = run_command("run", file, "--out", out, "--quiet", *options)
    assert code == 0, f"{file.name}: exit code {code}"
    found: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return found
