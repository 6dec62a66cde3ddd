"""Everything that a report says, read back from a folder of results without simulating again.

A run leaves its figures, its tables and a copy of its scenario. Reports are made from these alone,
so that a report made a year later says the same as one made on the day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from costsim.economics.activities import ActivityRow
from costsim.economics.agencies import AgencyRow
from costsim.economics.appraisal import CashFlowRow
from costsim.economics.budget import BudgetRow
from costsim.economics.cashability import CashRow
from costsim.economics.effectiveness import EffectRow
from costsim.economics.unused import unused
from costsim.errors import ResultsError
from costsim.results.checks import Check
from costsim.results.folder import SCENARIO
from costsim.results.metrics import PROGRAMME, Metrics
from costsim.results.published import Comparison
from costsim.results.summary import SCHEMA, csv_rows, sha256_of
from costsim.scenario.inputs import Input
from costsim.scenario.loader import load
from costsim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pyarrow as pa

Row = TypeVar("Row", ActivityRow, CashFlowRow, CashRow, BudgetRow, AgencyRow, EffectRow)


@dataclass(frozen=True)
class OptionFigures:
    """The figures of one option compared with the comparator: the programme's and each site's."""

    option: str
    programme: Metrics
    sites: dict[str, Metrics]


@dataclass(frozen=True)
class Findings:
    """What a folder of results holds.

    `options` begins with the one that is reported first. `activities`, `cash_flow` and `cash` go by
    owner: a site, or for the cash flow also `programme`, as do `budget` (empty where a year has no
    price level) and `agencies`; they are those of the main option. `effects` go by effect, with a
    row for each pathway. `summary` and `manifest` are the files of these names.
    """

    folder: Path
    scenario: Scenario
    options: dict[str, OptionFigures]
    published: tuple[Comparison, ...]
    checks: tuple[Check, ...]
    warnings: tuple[str, ...]
    activities: dict[str, tuple[ActivityRow, ...]] = field(repr=False)
    cash_flow: dict[str, tuple[CashFlowRow, ...]] = field(repr=False)
    cash: dict[str, tuple[CashRow, ...]] = field(repr=False)
    budget: dict[str, tuple[BudgetRow, ...]] = field(repr=False)
    agencies: dict[str, tuple[AgencyRow, ...]] = field(repr=False)
    effects: dict[str, tuple[EffectRow, ...]] = field(repr=False)
    summary: Mapping[str, Any] = field(repr=False)
    manifest: Mapping[str, Any] = field(repr=False)

    @property
    def main(self) -> OptionFigures:
        """The figures that are reported first."""
        return next(iter(self.options.values()))

    @property
    def comparator(self) -> str:
        """The pathway that options are compared with."""
        return self.scenario.comparator

    @property
    def passed(self) -> bool:
        """Whether every check of the run passed."""
        return all(check.passed for check in self.checks)

    @cached_property
    def unused(self) -> tuple[Input, ...]:
        """The inputs that change no result."""
        return unused(self.scenario)

    def cases(self) -> pa.Table:
        """The cases of the replications that were kept, as `cases.parquet` holds them."""
        import pyarrow.parquet as pq

        return pq.read_table(self.folder / "cases.parquet")


def read(folder: Path) -> Findings:
    """The findings in a folder of results.

    Raises `ResultsError` where a file is missing, is not what the run wrote, or was written by a
    costsim whose results this one cannot read; `ScenarioError` where its scenario has problems.

        >>> import costsim, tempfile
        >>> from costsim.report.files import write
        >>> from costsim.results.folder import Destination
        >>> with tempfile.TemporaryDirectory() as here:
        ...     done = costsim.evaluate(costsim.load("scenarios/starter.yaml"), replications=2)
        ...     folder = write(done, Destination.named(Path(here, "results")))
        ...     read(folder).main.option
        'new'
    """
    manifest = _json(folder, "manifest.json")
    _unchanged(folder, manifest)
    summary = _json(folder, "summary.json")
    if summary.get("schema") != SCHEMA:
        raise ResultsError(
            f"{folder / 'summary.json'} has the form {summary.get('schema')!r}, but this costsim "
            f"reads {SCHEMA}. Run the scenario again."
        )
    try:
        return _findings(folder, summary, manifest)
    except (KeyError, TypeError, ValueError) as error:
        raise ResultsError(
            f"{folder} was written by costsim {summary['versions']['costsim']}, whose results this "
            f"one cannot read ({error}). Run the scenario in it again: "
            f"costsim run {folder / SCENARIO / summary['scenario']['file']}"
        ) from error


def _findings(folder: Path, summary: dict[str, Any], manifest: dict[str, Any]) -> Findings:
    scenario = load(folder / SCENARIO / summary["scenario"]["file"])
    nothing: dict[str, tuple[ActivityRow, ...]] = dict.fromkeys(sorted(scenario.sites), ())
    return Findings(
        folder=folder,
        scenario=scenario,
        options=_options(summary),
        published=tuple(map(Comparison.from_json, summary["published"])),
        checks=tuple(Check(**each) for each in summary["checks"]),
        warnings=tuple(summary["warnings"]),
        activities=nothing | _rows(folder, "activities.csv", ActivityRow),
        cash_flow=_rows(folder, "cashflow.csv", CashFlowRow),
        cash=_rows(folder, "cashability.csv", CashRow),
        budget=_rows(folder, "budget.csv", BudgetRow),
        agencies=_rows(folder, "agencies.csv", AgencyRow),
        effects=_rows(folder, "effects.csv", EffectRow),
        summary=summary,
        manifest=manifest,
    )


def _options(summary: dict[str, Any]) -> dict[str, OptionFigures]:
    """Every option, the main one first."""
    figures = {summary["option"]: summary, **summary.get("alternatives", {})}
    degrees = summary["replications"] - 1
    metrics = partial(Metrics.from_json, degrees=degrees)
    return {
        name: OptionFigures(
            name,
            metrics(each[PROGRAMME]),
            {site: metrics(found) for site, found in each["sites"].items()},
        )
        for name, each in figures.items()
    }


def _rows(folder: Path, name: str, kind: type[Row]) -> dict[str, tuple[Row, ...]]:
    return csv_rows(kind, (folder / name).read_text(encoding="utf-8"))


def _json(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    if not folder.is_dir():
        raise ResultsError(
            f"{folder} is {'a file' if folder.exists() else 'not there'}, and not a folder of "
            "results. Give the folder that costsim run wrote."
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ResultsError(
            f"{folder} holds no {name}: it is not a folder of results. "
            "Give the folder that costsim run wrote."
        ) from error
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path} cannot be read: {error}.") from error
    if not isinstance(content, dict):
        raise ResultsError(f"{path} is not what costsim wrote. Run the scenario again.")
    return content


def _unchanged(folder: Path, manifest: dict[str, Any]) -> None:
    """Every file is there, and as the run wrote it."""
    if "files" not in manifest:
        raise ResultsError(
            f"{folder} was written by an older costsim, which left no report to be made from it. "
            "Run the scenario again."
        )
    wrong = [
        f"{folder / name} {'has been changed' if (folder / name).is_file() else 'is missing'}"
        for name, known in manifest["files"].items()
        if not (folder / name).is_file() or sha256_of(folder / name) != known
    ]
    if wrong:
        raise ResultsError(
            f"{'; '.join(wrong)}: a report would not say what the run found. "
            "Bring back what the run wrote, or run the scenario again."
        )
