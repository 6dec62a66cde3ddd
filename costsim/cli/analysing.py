"""Commands about how sure an answer is, and what drives it: uncertainty, sensitivity, voi."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from costsim.cli import output
from costsim.cli.options import ENGINE, FILE, JSON, OUT, QUIET, SEED, SO_MANY, WORKERS, shared


@click.command()
@shared(FILE, OUT, JSON, SEED, ENGINE, WORKERS, QUIET)
@click.option(
    "--replications",
    type=SO_MANY,
    help="How many for each evaluation; the scenario's number unless given, or else 100.",
)
def sensitivity(file: Path, out: Path | None, as_json: bool, **options: Any) -> int:
    """Vary each uncertain input from its 10% to its 90% quantile."""
    from costsim.executors import hired
    from costsim.report import tornado
    from costsim.report.progress import progress
    from costsim.results.folder import Destination
    from costsim.results.summary import json_writer
    from costsim.scenario.loader import load
    from costsim.uncertainty.oneway import one_way

    quiet, workers = options.pop("quiet"), options.pop("workers")
    scenario = load(file)
    destination = Destination.named(out) if out else None
    watch = progress("Varying inputs", "evaluations", hidden=quiet)
    with watch as tell, hired(workers) as crew:
        found = one_way(scenario, progress=tell, crew=crew, **options)
    if as_json:
        output.print_json(tornado.as_json(found))
    elif not quiet:
        tornado.show(output.screen(), found)
    if destination:
        destination.write({"sensitivity.json": json_writer(tornado.as_json(found))})
    return output.exit_code(found.interrupted, found.base.passed)
