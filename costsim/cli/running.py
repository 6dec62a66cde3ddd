"""Commands about one scenario or one run: run, report, check, new, trace, schema."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from costsim.cli import output
from costsim.cli.options import (
    ENGINE,
    FILE,
    JSON,
    OUT,
    QUIET,
    SEED,
    SO_MANY,
    WORKERS,
    Kept,
    Pounds,
    shared,
)


@click.command()
@shared(FILE, OUT, JSON, SEED, ENGINE, WORKERS, QUIET)
@click.option(
    "--replications",
    type=SO_MANY,
    help="How many; the scenario's unless given. With a precision it is how many at the least.",
)
@click.option(
    "--precision",
    type=Pounds(),
    help="Go on until the saving per case is within +- this; £1 unless anything says how many.",
)
@click.option("--report", is_flag=True, help="Make the report and the workbooks as well.")
@click.option(
    "--keep", type=Kept(), default="20", show_default=True, help="Replications kept in full."
)
def run(file: Path, out: Path | None, as_json: bool, **options: Any) -> int:
    """Run a scenario: the answer, and its figures in a folder."""
    from costsim.errors import OutputError
    from costsim.evaluation import evaluate, run_settings
    from costsim.executors import hired
    from costsim.report import answer, files
    from costsim.report.progress import progress
    from costsim.results.folder import Destination
    from costsim.scenario.loader import load

    quiet, workers = options.pop("quiet"), options.pop("workers")
    reported = options.pop("report")
    scenario = load(file)
    files.require()
    destination = Destination.named(out) if out else Destination.next_in(Path("results"), file.stem)
    given = {name: options[name] for name in ("replications", "precision")}
    _, precision = run_settings(scenario, **given)
    watch = progress("Simulating", "replications", estimated=bool(precision), hidden=quiet)
    with watch as tell, hired(workers) as crew:
        found = evaluate(scenario, progress=tell, crew=crew, **options)
    folder, failure = None, None
    try:
        folder = files.write(found, destination, output.command())
    except OutputError as error:
        failure = error
    if as_json:
        output.print_json(files.summary(found))
    elif not quiet:
        answer.show(output.screen(), found, folder)
    if failure:
        raise failure
    if reported and folder:
        output.documents(folder, quiet or as_json)
    return output.exit_code(found.runs.interrupted, found.passed)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@QUIET
def report(folder: Path, quiet: bool) -> None:
    """Make the report, the workbooks and the figures of a folder of results.

    Nothing is simulated again. Earlier documents in the folder are replaced; the results are not.
    """
    output.documents(folder, quiet)


@click.command()
@shared(FILE, JSON)
def check(file: Path, as_json: bool) -> int:
    """Check a scenario: its problems, or the log of its assumptions."""
    from costsim.errors import ScenarioError
    from costsim.report import assumptions, problems
    from costsim.scenario.loader import load

    try:
        scenario = load(file)
    except ScenarioError as error:
        if not as_json:
            raise
        output.print_json(problems.as_json(error.problems))
        return error.exit_code
    if as_json:
        output.print_json(assumptions.as_json(scenario))
    else:
        assumptions.show_log(output.screen(), scenario)
    return 0


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
def new(file: Path) -> None:
    """Write a commented starter scenario that runs."""
    from costsim.scenario.starter import write_starter

    write_starter(file)
    sys.stdout.write(f"Wrote {file}. Edit it, then: costsim check {file}; costsim run {file}\n")


@click.command()
@shared(FILE, JSON, SEED)
@click.option("--referral", type=click.IntRange(1), required=True, help="Which referral, from 1.")
@click.option("--site", help="Which site; the first by name unless given.")
@click.option(
    "--replication", type=click.IntRange(0, 100_000), default=0, help="Which replication, from 0."
)
def trace(file: Path, as_json: bool, seed: int | None, **which: Any) -> None:
    """Tell the story of one referral in each pathway."""
    from costsim.evaluation import replay
    from costsim.report import story
    from costsim.scenario.loader import load

    scenario = load(file)
    site = which["site"] or min(scenario.sites)
    if site not in scenario.sites:
        raise click.UsageError(f"There is no site {site!r}: {', '.join(sorted(scenario.sites))}.")
    replayed = replay(scenario, site, which["replication"], seed)
    if which["referral"] > story.known(replayed):
        there = f"Replication {which['replication']} of {site}"
        raise click.UsageError(f"{there} has {story.numbers(replayed)}.")
    if as_json:
        output.print_json(story.as_json(replayed, which["referral"]))
    else:
        story.show(output.screen(), scenario, replayed, which["referral"])


@click.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from costsim.scenario.editor import editor_schema

    output.print_json(editor_schema())
