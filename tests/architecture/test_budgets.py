"""The budgets hold for costsim, and a planted breach of each one is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.budgets import breaches
from tests.architecture.checkout import ROOT, write_files
from tests.architecture.waivers import WAIVERS, Waiver

LINE = "    x = 1\n"
SMALL = "def f{}() -> int:\n" + LINE + "    return x\n\n"
BRANCHES = "".join(f"    if x == {n}:\n        return {n}\n" for n in range(21))


def test_costsim_keeps_its_budgets() -> None:
    assert breaches(ROOT, WAIVERS) == []


def _package(folder: Path, source: str, name: str = "costsim/planted.py") -> Path:
    """A package in which nine small functions keep the averages low beside the planted source."""
    small = "".join(SMALL.format(n) for n in range(9))
    return write_files(folder, {"costsim/small.py": small, name: source})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def long():\n" + LINE * 41, "costsim/planted.py::long: body is 41, above 40"),
        ("class A:\n  def long(self):\n" + LINE * 41, "costsim/planted.py::A.long: body is 41"),
        ("async def long():\n" + LINE * 41, "costsim/planted.py::long: body is 41"),
        ("def outer():\n  def inner():\n" + LINE * 41, "costsim/planted.py::outer.inner: body"),
        ("# a line\n" * 351, "costsim/planted.py: module is 351, above 350"),
        ("def f(a, b, c, d, e, g): ...\n", "costsim/planted.py::f: positional is 6, above 5"),
        ("def branching(x):\n" + BRANCHES, "costsim/planted.py::branching: complexity is 22"),
        ("@compiled\ndef b(x):\n" + BRANCHES, "costsim/planted.py::b: compiled is 22, above 20"),
        ("x = 1  # TO" + "DO: finish\n", "costsim/planted.py:1: TO" + "DO is unfinished work"),
        ("print('here')\n", "costsim/planted.py:1: print belongs to"),
    ],
)
def test_a_planted_breach_of_one_place_is_seen(tmp_path: Path, source: str, expected: str) -> None:
    found = breaches(_package(tmp_path, source), {})
    assert any(line.startswith(expected) for line in found), found


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (LINE * 7, "the median body is 7.0 lines, above 6"),
        (LINE * 21, "the 90th percentile of bodies is 21 lines, above 20"),
        ("    return a or b or c\n", "the mean complexity is 3.00, above 2.5"),
    ],
)
def test_a_planted_breach_of_an_average_is_seen(
    tmp_path: Path, function: str, expected: str
) -> None:
    source = "".join(f"def f{n}(a, b, c):\n{function}" for n in range(10))
    assert expected in breaches(write_files(tmp_path, {"costsim/a.py": source}), {})


def test_one_long_function_in_ten_does_not_move_the_90th_percentile(tmp_path: Path) -> None:
    assert breaches(_package(tmp_path, "def long():\n" + LINE * 21), {}) == []


@pytest.mark.parametrize(
    "source",
    [
        'def f():\n    """Words.\n' + "\n    more words" * 60 + '\n    """\n' + LINE * 40,
        "def f():\n" + (LINE + "\n") * 40,
        "from typing import overload\n@overload\ndef f(a):\n" + LINE * 41,
        "class A:\n    def f(self, a, b, c, d, e, *, g, h): ...\n",
        "console.print('here')\n",
    ],
)
def test_what_the_budgets_allow_is_not_reported(tmp_path: Path, source: str) -> None:
    assert breaches(_package(tmp_path, source), {}) == []


def test_the_command_line_and_the_report_may_print(tmp_path: Path) -> None:
    _package(tmp_path, "print('here')\n", "costsim/cli/output.py")
    _package(tmp_path, "print('here')\n", "costsim/report/terminal.py")
    assert breaches(tmp_path, {}) == []


def test_a_waiver_raises_the_limit_of_its_place_and_no_further(tmp_path: Path) -> None:
    key = ("body", "costsim/planted.py::long")
    _package(tmp_path, "def long():\n" + LINE * 41)
    assert breaches(tmp_path, {key: Waiver(60, "numba compiles it as one")}) == []
    _package(tmp_path, "def long():\n" + LINE * 61)
    assert breaches(tmp_path, {key: Waiver(60, "numba compiles it as one")}) == [
        "costsim/planted.py::long: body is 61, above 60"
    ]


def test_a_waiver_must_be_needed_and_give_its_reason(tmp_path: Path) -> None:
    key = ("body", "costsim/planted.py::long")
    place = "costsim/planted.py::long: its waiver for body"
    _package(tmp_path, "def long():\n" + LINE)
    assert breaches(tmp_path, {key: Waiver(60, "")}) == [
        f"{place} is no longer needed",
        f"{place} gives no reason",
    ]
