"""The files of a run: its figures, its tables, a copy of its scenario, and the manifest.

Nothing in them depends on when, where or by whom a run was made, so that the same scenario, seed
and versions give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from costsim.comparison import (
    OptionResult,
    agencies_of,
    budget_of,
    cash_of,
    effects_of,
    flows_of,
)
from costsim.economics.activities import ActivityRow, activity_rows
from costsim.economics.agencies import AgencyRow
from costsim.economics.appraisal import CashFlowRow, cash_flow_rows
from costsim.economics.budget import BudgetRow
from costsim.economics.cashability import CashRow
from costsim.economics.effectiveness import EffectRow
from costsim.economics.ledger import ledger
from costsim.economics.precision import gain_of_shared_luck
from costsim.evaluation import Evaluation
from costsim.results.checks import Check
from costsim.results.folder import SCENARIO, Destination, Writer
from costsim.results.metrics import PROGRAMME
from costsim.results.published import Comparison
from costsim.results.summary import (
    SCHEMA,
    bytes_writer,
    csv_writer,
    json_writer,
    parquet_writer,
    sha256_of,
    versions,
)
from costsim.results.tables import Priced, cases_table, ledger_table
from costsim.sites import terms

if TYPE_CHECKING:
    import pyarrow as pa


def summary(evaluation: Evaluation) -> dict[str, Any]:
    """The contents of summary.json, under the published schema `costsim.summary/1`."""
    origin = evaluation.scenario.origin
    found = {
        "schema": SCHEMA,
        "scenario": {
            "title": evaluation.scenario.title,
            "file": origin.file,
            "sha256": origin.sha256,
            "price_year": evaluation.scenario.price_year,
        },
        "engine": evaluation.engine,
        "seed": evaluation.settings.seed,
        "replications": evaluation.runs.replications,
        "precision": evaluation.precision,
        "interrupted": evaluation.runs.interrupted,
        "versions": versions(),
        "comparator": evaluation.scenario.comparator,
        "option": evaluation.main.option,
        **_figures(evaluation.main),
        "published": list(map(Comparison.as_json, evaluation.published)),
        "checks": list(map(Check.as_json, evaluation.checks)),
        "warnings": list(evaluation.warnings),
    }
    return found | _alternatives(evaluation)


def _alternatives(evaluation: Evaluation) -> dict[str, Any]:
    """The figures of every option but the main one; nothing if there is no other."""
    others = {n: _figures(r) for n, r in evaluation.options.items() if r is not evaluation.main}
    return {"alternatives": others} if others else {}


def _figures(result: OptionResult) -> dict[str, Any]:
    return {
        "gain_of_shared_luck": gain_of_shared_luck(result.cases),
        PROGRAMME: result.programme.as_json(),
        "sites": {name: metrics.as_json() for name, metrics in result.sites.items()},
    }


def write(evaluation: Evaluation, destination: Destination, command: Sequence[str] = ()) -> Path:
    """Write every file of a run; the folder that they are in. `command` goes into the manifest.

    Raises `OutputError` if they cannot be written; then nothing is.
    """
    scenario, main = evaluation.scenario, evaluation.main
    effects = effects_of(scenario, evaluation.runs, evaluation.options)
    return destination.write(
        {
            "summary.json": json_writer(summary(evaluation)),
            "cases.parquet": parquet_writer(partial(_tables, evaluation, _cases(evaluation))),
            "ledger.parquet": parquet_writer(partial(_tables, evaluation, ledger_table)),
            "cashflow.csv": csv_writer(CashFlowRow, cash_flows(evaluation)),
            "cashability.csv": csv_writer(CashRow, cash_of(scenario, main)),
            "budget.csv": csv_writer(BudgetRow, _budget(evaluation)),
            "agencies.csv": csv_writer(AgencyRow, agencies_of(scenario, main)),
            "effects.csv": csv_writer(EffectRow, effects),
            "activities.csv": csv_writer(ActivityRow, activities(evaluation)),
            **_copies(evaluation),
            "manifest.json": partial(_write_manifest, manifest(evaluation, command)),
        }
    )


def cash_flows(evaluation: Evaluation) -> dict[str, Any]:
    """The yearly cash flow of the programme and of each site, under the main option."""
    discounting = terms(evaluation.scenario).discounting
    flows = flows_of(evaluation.scenario, evaluation.main)
    return {name: cash_flow_rows(flow, discounting) for name, flow in flows.items()}


def _budget(evaluation: Evaluation) -> dict[str, tuple[BudgetRow, ...]]:
    """The budget view; no rows where a year has no price level, of which a warning tells."""
    try:
        return budget_of(evaluation.scenario, evaluation.main)
    except ValueError:
        return {}


def activities(evaluation: Evaluation) -> dict[str, list[ActivityRow]]:
    """What each activity takes and costs, by site: rows of every pathway's world."""
    return {
        site: [
            row
            for world in runs.plan.worlds
            for row in activity_rows(
                runs.plan, world, runs.tallies[world.name], evaluation.prices(site)
            )
        ]
        for site, runs in evaluation.runs.sites.items()
    }


def _copies(evaluation: Evaluation) -> dict[str, Writer]:
    """The scenario's own files as they were read."""
    contents = evaluation.scenario.origin.contents
    return {f"{SCENARIO}/{name}": bytes_writer(content) for name, content in contents.items()}


def _write_manifest(known: Mapping[str, Any], path: Path) -> None:
    """The manifest, with the hash of every file that stands beside it."""
    files = sorted(each for each in path.parent.rglob("*") if each.is_file() and each != path)
    hashes = {each.relative_to(path.parent).as_posix(): sha256_of(each) for each in files}
    json_writer({**known, "files": hashes})(path)


def manifest(evaluation: Evaluation, command: Sequence[str] = ()) -> dict[str, Any]:
    """What is needed to run it again: inputs' hashes, versions, seed, replications, command."""
    settings = evaluation.settings
    return {
        "schema": "costsim.manifest/1",
        "inputs": evaluation.scenario.origin.hashes,
        "engine": evaluation.engine,
        "seed": settings.seed,
        "replications": evaluation.runs.replications,
        "kept": min(settings.keep, evaluation.runs.replications),
        "versions": versions(),
        "command": list(command) if command else None,
    }


def _cases(evaluation: Evaluation) -> Callable[[Priced], pa.Table]:
    plans = [runs.plan for runs in evaluation.runs.sites.values()]
    names = {attribute.name for plan in plans for attribute in plan.attributes}
    return partial(cases_table, attributes=tuple(sorted(names)))


def require() -> None:
    """Find out before a long run that what writes the files is missing: `ImportError`."""
    import pyarrow.parquet  # noqa: F401


def _tables(evaluation: Evaluation, table: Callable[[Priced], pa.Table]) -> Iterator[pa.Table]:
    for site, runs in evaluation.runs.sites.items():
        prices = evaluation.prices(site)
        for replication, records in enumerate(runs.kept):
            for world in runs.plan.worlds:
                record = records[world.name]
                book = ledger(world, record, prices)
                yield table(Priced(runs.plan, world, replication, record, book))
