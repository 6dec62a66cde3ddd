"""The reference pages, made from the code: commands, scenario file, results, Python names, codes.

    python docs/generate.py            rewrites docs/reference
    python docs/generate.py FOLDER     writes the pages into FOLDER instead

What the code cannot say about itself is in `docs/words.py`. A figure, a file or a code that is
described in neither place stops the program, so that nothing is left unexplained.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import words
from codes_page import error_codes
from markup import code, paragraphs, table
from python_page import python_names
from scenario_page import scenario_file
from sources import ROOT, SOURCES

from costsim import cli
from costsim.economics.activities import ActivityRow
from costsim.economics.agencies import AgencyRow
from costsim.economics.appraisal import CashFlowRow
from costsim.economics.budget import BudgetRow
from costsim.economics.cashability import CashRow
from costsim.economics.effectiveness import EffectRow
from costsim.report.analyses.exhibit import Exhibit
from costsim.results.metrics import Allowance, Cashability, Economics, Timeliness
from costsim.results.tables import CASES, LEDGER, Column
from costsim.scenario import schema

SCHEMA_NAME = re.compile(r'"(costsim\.[a-z]+/\d+)"')
NOTICE = "<!-- Made by docs/generate.py from the code. Changes here are lost: change the code. -->"


def main(folder: Path) -> None:
    """Write every page into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(_page(page()), encoding="utf-8", newline="\n")


def _page(lines: Iterable[str]) -> str:
    title, *rest = lines
    text = "\n".join([title, "", NOTICE, *rest])
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


# --- commands -------------------------------------------------------------------------------------


def commands() -> Iterator[str]:
    """Every command with its arguments and options, and the exit codes."""
    yield "# Commands"
    yield "\nEvery command is also run by `python -m costsim`, which does all that `costsim` does."
    yield f"\n{paragraphs(cli.cli.help)}"
    for name, command in sorted(cli.cli.commands.items()):
        yield from _command(name, command)
    yield "\n## Exit codes"
    yield from table(("code", "meaning"), ((str(n), text) for n, text in words.EXIT_CODES.items()))


def _command(name: str, command: click.Command) -> Iterator[str]:
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    options = [p for p in command.params if isinstance(p, click.Option)]
    given = [a.metavar or (a.name or "").upper() for a in arguments]
    yield f"\n## `costsim {name}`\n"
    yield paragraphs(command.help)
    usage = " ".join(["costsim", name, *given, *(["[options]"] if options else [])])
    yield f"\n```text\n{usage}\n```"
    if options:
        rows = [(_flag(each), _value(each), each.help or "", _default(each)) for each in options]
        yield from table(("option", "value", "what it does", "unless given"), rows)


def _flag(option: click.Option) -> str:
    return code(", ".join(option.opts))


def _value(option: click.Option) -> str:
    if option.is_flag:
        return ""
    if isinstance(option.type, click.Choice):
        return ", ".join(map(code, option.type.choices))
    if option.metavar:
        return str(option.metavar)
    if isinstance(option.type, click.IntRange):
        low, high = option.type.min, option.type.max
        return f"whole number from {low:,}" + (f" to {high:,}" if high is not None else "")
    return {"text": "text", "path": "folder"}.get(option.type.name, option.type.name)


def _default(option: click.Option) -> str:
    if option.required:
        return "**must be given**"
    return code(option.default) if option.show_default else ""


# --- results --------------------------------------------------------------------------------------


def results() -> Iterator[str]:
    """Figures, files, columns and the names of schemas."""
    yield "# Results"
    yield f"\n{words.RESULTS}"
    yield "\n## Figures\n"
    yield words.FIGURES_INTRODUCTION
    parts = (
        (Economics, "Money and staff time"),
        (Allowance, "After the allowance for optimism bias"),
        (Cashability, "Cash"),
        (Timeliness, "Time"),
    )
    for part, title in parts:
        yield f"\n### {title}"
        rows = ((code(f.name), _described(words.FIGURES, f.name)) for f in fields(part))
        yield from table(("name", "what it is"), rows)
    yield "\n## Publishable figures\n"
    yield "These names may stand under `published` in a scenario:"
    yield "\n" + ", ".join(code(name) for name in sorted(schema.PUBLISHABLE)) + "."
    yield "\n## `summary.json`"
    yield from table(("key", "what it is"), ((code(k), v) for k, v in words.SUMMARY.items()))
    yield "\n## `cases.parquet`"
    yield f"\n{words.CASES}"
    yield from _columns(CASES)
    yield "\n## `ledger.parquet`"
    yield f"\n{words.LEDGER}"
    yield from _columns(LEDGER)
    yield from _rows("cashflow.csv", words.CASHFLOW, CashFlowRow, words.CASHFLOW_COLUMNS)
    yield from _rows("cashability.csv", words.CASHABILITY, CashRow, words.CASHABILITY_COLUMNS)
    yield from _rows("activities.csv", words.ACTIVITIES, ActivityRow, words.ACTIVITIES_COLUMNS)
    yield from _rows("budget.csv", words.BUDGET, BudgetRow, words.BUDGET_COLUMNS)
    yield from _rows("agencies.csv", words.AGENCIES, AgencyRow, words.AGENCIES_COLUMNS)
    yield from _rows("effects.csv", words.EFFECTS, EffectRow, words.EFFECTS_COLUMNS)
    yield "\n## `manifest.json`"
    yield from table(("key", "what it is"), ((code(k), v) for k, v in words.MANIFEST.items()))
    yield from _analyses()
    yield "\n## Names of schemas\n"
    yield words.SCHEMAS_INTRODUCTION
    rows = ((code(name), _described(words.SCHEMAS, name)) for name in schema_names())
    yield from table(("name", "where"), rows)


def _analyses() -> Iterator[str]:
    """The files of analyses of uncertainty, and what the JSON of each holds."""
    yield "\n## Analyses"
    yield f"\n{words.ANALYSES}"
    rows = ((code(name), text) for name, text in words.ANALYSES_FILES.items())
    yield from table(("file", "what it holds"), rows)
    yield words.ANALYSIS
    names = ["schema", *(each.name for each in fields(Exhibit))]
    rows = ((code(name), _described(words.ANALYSIS_KEYS, name)) for name in names)
    yield from table(("key", "what it is"), rows)


def _rows(file: str, text: str, kind: Any, described: dict[str, str]) -> Iterator[str]:
    """A CSV file and its columns, the owner's name first."""
    yield f"\n## `{file}`"
    yield f"\n{text}"
    names = ["of", *(f.name for f in fields(kind))]
    rows = ((code(name), _described(described, name)) for name in names)
    yield from table(("column", "what it is"), rows)


def _columns(contract: Iterable[Column]) -> Iterator[str]:
    rows = ((code(each.name), each.type, each.description) for each in contract)
    yield from table(("column", "type", "what it is"), rows)


def schema_names() -> list[str]:
    """The names of the published forms of data, as they stand in the code."""
    return sorted({n for path in SOURCES for n in SCHEMA_NAME.findall(path.read_text("utf-8"))})


def _described(texts: dict[str, str], name: str) -> str:
    if name not in texts:
        raise SystemExit(f"docs/words.py does not say what {name!r} is")
    return texts[name]


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "commands.md": commands,
    "scenario-file.md": scenario_file,
    "results.md": results,
    "python.md": python_names,
    "error-codes.md": error_codes,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "reference")
