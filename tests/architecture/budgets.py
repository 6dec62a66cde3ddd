"""Budgets that keep the code small: what is measured, the limits, and who breaks them.

A function is measured by the lines of its body, without its docstring and blank lines; overloads,
abstract methods and protocol stubs have no body and do not count. Complexity is radon's cyclomatic
complexity, over functions, methods and classes. Functions that are compiled have no iterators to
lean on and are written out in loops and branches: each is held by the limit, and left out of the
mean.
"""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from radon.complexity import cc_visit

from tests.architecture.waivers import Waiver

BODY_MEDIAN = 6
BODY_90TH_PERCENTILE = 20
COMPLEXITY_MEAN = 2.5
LIMITS = {"body": 40, "positional": 5, "complexity": 20, "compiled": 20, "module": 350}

MAY_PRINT = ("costsim/cli/", "costsim/report/")
UNFINISHED = re.compile(r"\b(T[O]DO|F[I]XME|X[X]X)\b")

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Measure:
    """One number measured at one place: `body` of `costsim/units.py::Money.pence`, say."""

    kind: str
    place: str
    value: int


def breaches(root: Path, waivers: Mapping[tuple[str, str], Waiver]) -> list[str]:
    """Say what breaks a budget in the package `costsim` under a folder, one sentence each."""
    files = sorted((root / "costsim").rglob("*.py"))
    sources = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in files}
    measures = [m for name, source in sources.items() for m in _measures(name, source)]
    return [
        *_over_limit(measures, waivers),
        *_over_average(measures),
        *_bad_waivers(measures, waivers),
        *(line for name, source in sources.items() for line in _forbidden_words(name, source)),
    ]


def _over_limit(
    measures: list[Measure], waivers: Mapping[tuple[str, str], Waiver]
) -> Iterator[str]:
    for m in measures:
        waiver = waivers.get((m.kind, m.place))
        limit = waiver.limit if waiver else LIMITS[m.kind]
        if m.value > limit:
            yield f"{m.place}: {m.kind} is {m.value}, above {limit}"


def _over_average(measures: list[Measure]) -> Iterator[str]:
    bodies = sorted(m.value for m in measures if m.kind == "body")
    complexities = [m.value for m in measures if m.kind == "complexity"]
    if bodies and (median := statistics.median(bodies)) > BODY_MEDIAN:
        yield f"the median body is {median} lines, above {BODY_MEDIAN}"
    if bodies and (high := _percentile_90(bodies)) > BODY_90TH_PERCENTILE:
        yield f"the 90th percentile of bodies is {high} lines, above {BODY_90TH_PERCENTILE}"
    if complexities and (mean := statistics.fmean(complexities)) > COMPLEXITY_MEAN:
        yield f"the mean complexity is {mean:.2f}, above {COMPLEXITY_MEAN}"


def _percentile_90(ordered: list[int]) -> int:
    """The nearest-rank percentile: the smallest length that nine in ten do not exceed."""
    return ordered[-(-9 * len(ordered) // 10) - 1]


def _bad_waivers(
    measures: list[Measure], waivers: Mapping[tuple[str, str], Waiver]
) -> Iterator[str]:
    found = {(m.kind, m.place): m.value for m in measures}
    for (kind, place), waiver in waivers.items():
        if found.get((kind, place), 0) <= LIMITS[kind]:
            yield f"{place}: its waiver for {kind} is no longer needed"
        if not waiver.reason.strip():
            yield f"{place}: its waiver for {kind} gives no reason"


def _forbidden_words(name: str, source: str) -> Iterator[str]:
    for number, line in enumerate(source.splitlines(), start=1):
        if word := UNFINISHED.search(line):
            yield f"{name}:{number}: {word[0]} is unfinished work"
    if name.startswith(MAY_PRINT):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
            yield f"{name}:{node.lineno}: print belongs to the report and the command line"


def _measures(name: str, source: str) -> Iterator[Measure]:
    lines = source.splitlines()
    yield Measure("module", name, len(lines))
    for qualified, node in _functions(ast.parse(source), ""):
        place = f"{name}::{qualified}"
        yield Measure("positional", place, _positional(node, is_method="." in qualified))
        if not _is_stub(node):
            yield Measure("body", place, _body_length(node, lines))
    written_out = set(_compiled(ast.parse(source)))
    for block in cc_visit(source):
        kind = "compiled" if block.name in written_out else "complexity"
        yield Measure(kind, f"{name}::{block.fullname}", cast("int", block.complexity))


def _compiled(tree: ast.Module) -> Iterator[str]:
    """The names of functions that are compiled."""
    for node in tree.body:
        if isinstance(node, FunctionNode) and "compiled" in map(ast.unparse, node.decorator_list):
            yield node.name


def _functions(tree: ast.AST, prefix: str) -> Iterator[tuple[str, FunctionNode]]:
    """Every function of a module with its dotted name, methods and inner functions included."""
    for node in ast.iter_child_nodes(tree):
        inner = prefix
        if isinstance(node, FunctionNode | ast.ClassDef):
            inner = f"{prefix}{node.name}."
        if isinstance(node, FunctionNode):
            yield prefix + node.name, node
        yield from _functions(node, inner)


def _positional(node: FunctionNode, *, is_method: bool) -> int:
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return len(names) - (is_method and names[:1] in (["self"], ["cls"]))


def _is_stub(node: FunctionNode) -> bool:
    """An overload, an abstract method, or a body that is only a docstring, `...` or `pass`."""
    decorators = {ast.unparse(d).rpartition(".")[2] for d in node.decorator_list}
    empty = all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in node.body
    )
    return empty or not decorators.isdisjoint({"overload", "abstractmethod"})


def _body_length(node: FunctionNode, lines: list[str]) -> int:
    documented = ast.get_docstring(node, clean=False) is not None
    first = node.body[documented]
    written = lines[first.lineno - 1 : node.end_lineno]
    return sum(1 for line in written if line.strip())
