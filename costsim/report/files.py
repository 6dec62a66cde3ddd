"""The files of a run: summary, cases, ledger, cash flow, cashability, manifest.

Nothing in them depends on when, where or by whom a run was made, so that the same scenario, seed
and versions give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from costsim.comparison import OptionResult, cash_of, terms
from costsim.economics.appraisal import cash_flow_rows
from costsim.economics.ledger import ledger
from costsim.economics.precision import gain_of_shared_luck
from costsim.economics.savings import programme_flow
from costsim.evaluation import Evaluation
from costsim.results.checks import Check
from costsim.results.folder import Destination
from costsim.results.published import Comparison
from costsim.results.summary import (
    SCHEMA,
    csv_writer,
    json_writer,
    parquet_writer,
    versions,
)
from costsim.results.tables import Priced, cases_table, ledger_table

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
        "programme": result.programme.as_json(),
        "sites": {name: metrics.as_json() for name, metrics in result.sites.items()},
    }


def write(evaluation: Evaluation, destination: Destination, command: Sequence[str] = ()) -> Path:
    """Write every file of a run; the folder that they are in. `command` goes into the manifest.

    Raises `OutputError` if they cannot be written; then nothing is.
    """
    return destination.write(
        {
            "summary.json": json_writer(summary(evaluation)),
            "cases.parquet": parquet_writer(partial(_tables, evaluation, _cases(evaluation))),
            "ledger.parquet": parquet_writer(partial(_tables, evaluation, ledger_table)),
            "cashflow.csv": csv_writer(cash_flows(evaluation)),
            "cashability.csv": csv_writer(cash_of(evaluation.scenario, evaluation.main)),
            "manifest.json": json_writer(manifest(evaluation, command)),
        }
    )


def cash_flows(evaluation: Evaluation) -> dict[str, Any]:
    """The yearly cash flow of the programme and of each site, under the main option."""
    shared = terms(evaluation.scenario)
    cases = evaluation.main.cases
    owners = {"programme": cases} | {
        name: (case,) for name, case in zip(evaluation.main.sites, cases, strict=True)
    }
    return {
        name: cash_flow_rows(programme_flow(each, shared.years), shared.discounting)
        for name, each in owners.items()
    }


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
