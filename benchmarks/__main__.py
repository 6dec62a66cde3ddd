"""Measure and print: `python -m benchmarks`, from the root of a clone; it is not installed.

python -m benchmarks                      everything; it takes some minutes
python -m benchmarks loop growth          some parts
python -m benchmarks --quick              a little of everything, to see that it works
python -m benchmarks --json FILE          the figures as JSON, too
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import engines, growth, loop, precision, startup, uncertainty, workers
from benchmarks.table import HEADER, Row
from benchmarks.timing import Effort

Part = Callable[[Effort], Iterator[Row]]
PARTS: dict[str, tuple[str, Part]] = {
    "engines": ("The engines: cases a second", engines.rows),
    "loop": ("The kernel against a hand-written C loop", loop.rows),
    "precision": ("Time to an answer", precision.rows),
    "growth": ("Growth with the number of referrals", growth.rows),
    "workers": ("Workers", workers.rows),
    "uncertainty": ("Draws of uncertain inputs", uncertainty.rows),
    "startup": ("Starting", startup.rows),
}
DESCRIPTION = "How fast costsim is. Run it from the root of a clone: it is not installed."
QUICK = (
    "A quick run: each figure is measured once and on little, to see that it works.\n"
    "Single figures mean little, and whether one meets its target means less."
)
LIBRARIES = ("numpy", "scipy", "numba", "simpy")


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "compiler": loop.compiler(),
    }


def measure(names: Sequence[str], effort: Effort) -> dict[str, list[Row]]:
    """The rows of some parts; each is printed as it is there."""
    found: dict[str, list[Row]] = {}
    for name in names:
        title, part = PARTS[name]
        print(f"\n{title}\n{HEADER}", flush=True)
        found[name] = []
        for row in part(effort):
            print(*row.lines(), sep="\n", flush=True)
            found[name].append(row)
    return found


def main(arguments: Sequence[str]) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=DESCRIPTION)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all")
    parser.add_argument("--quick", action="store_true", help="a little of everything")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON too")
    given = parser.parse_args(arguments)
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    here = machine()
    print(*(f"{name}: {value}" for name, value in here.items()), sep="\n")
    if given.quick:
        print(f"\n{QUICK}")
    found = measure(given.parts or list(PARTS), Effort(given.quick))
    if given.json:
        parts = {name: [row.as_json() for row in rows] for name, rows in found.items()}
        text = json.dumps({"machine": here, "quick": given.quick, "parts": parts}, indent=2)
        given.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
