"""The command line as a test runs it: inside this process, or as a program of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from costsim.cli import main

SCENARIO = """\
costsim: 1
title: Online form
price_year: 2016-17
horizon: 3 years
staff:
  worker: {hourly_cost: {value: £40, assumed: true, uncertain: {uniform: [£30, £50]}}}
referrals:
  per_year: {value: 50, assumed: true, uncertain: {uniform: [40, 60]}}
  need: {lower: 60%, higher: 40%}
pathways:
  old:
    title: Full assessment
    start: visit
    activities:
      visit:
        wait: {lognormal: {mean: 12 days, sd: 9 days}}
        staff: {worker: {by_need: {lower: {gamma: {mean: 8 h, sd: 3 h}}, higher: 14 h}}}
        next: {closed: 90%, refused: rest}
    outcomes: [closed, refused]
  new:
    title: Online form
    start: form
    activities:
      form: {staff: {worker: {gamma: {mean: 2 h, sd: 1 h}}}, next: closed}
    outcomes: [closed]
one_off: {co_design: {staff: {worker: 40 h}, other: £5000}}
"""
SIMULATED = SCENARIO.replace(
    "        wait: {lognormal: {mean: 12 days, sd: 9 days}}\n",
    "        wait: {lognormal: {mean: 12 days, sd: 9 days}}\n"
    "        withdraw_after: {exponential: {mean: 900 days}}\n",
)
"""The same, but some withdraw: arithmetic does not give its means, so inputs are simulated."""
FILES = {
    "agencies.csv",
    "budget.csv",
    "effects.csv",
    "activities.csv",
    "cases.parquet",
    "cashability.csv",
    "cashflow.csv",
    "ledger.parquet",
    "manifest.json",
    "scenario",
    "summary.json",
}
ESCAPE = "\x1b"


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code, and what it wrote to both streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON that holds real numbers only."""
        return json.loads(self.out, parse_constant=_not_a_number)


def _not_a_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


class Stream(io.TextIOWrapper):
    """A stream that is kept in memory, in an encoding, and that may claim to be a terminal."""

    def __init__(self, encoding: str = "utf-8", terminal: bool = False) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="")
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    def text(self) -> str:
        """Everything that was written, read back in the stream's own encoding."""
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode(self.encoding)


def costsim(*arguments: object, encoding: str = "utf-8", terminal: bool = False) -> Done:
    """Run a command in this process, just as the installed program does."""
    out, err = Stream(encoding, terminal), Stream(encoding, terminal)
    words = ["costsim", *map(str, arguments)]
    code: object = "the command returned instead of leaving"
    with mock.patch.object(sys, "argv", words), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as leaving:
            code = leaving.code
    assert isinstance(code, int)
    return Done(code, out.text(), err.text())


def program(
    *arguments: str, python: Sequence[str] = ("-m", "costsim"), env: Mapping[str, str] | None = None
) -> Done:
    """Run a command as a program of its own; `python` is what the interpreter is told first."""
    done = subprocess.run(
        [sys.executable, *python, *arguments],
        env={**os.environ, **(env or {})},
        capture_output=True,
        check=False,
        timeout=120,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def names(folder: Path) -> set[str]:
    """What stands in a folder, hidden or not; nothing if there is no such folder."""
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()
