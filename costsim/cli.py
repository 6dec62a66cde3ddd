"""The command line: each command parses, calls one function of the library, and prints.

Data goes to standard output, messages and progress to standard error. Exit codes: 0 done, 1 done
but a check failed, 2 wrong command line, 3 invalid scenario, 4 cannot read or write, 5 a fault of
ours, 130 interrupted.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from costsim import __version__, units

if TYPE_CHECKING:
    from costsim.report.screen import Screen

Command = TypeVar("Command", bound=Callable[..., Any])


class Pounds(click.ParamType[float]):
    """An amount of money above zero, such as 2 or £2.50."""

    name = "pounds"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The amount in pounds."""
        try:
            amount = units.pounds(value)
        except ValueError as error:
            self.fail(str(error).replace("|", ". "), param, ctx)
        return amount if amount > 0 else self.fail("it must be above zero", param, ctx)


class Kept(click.ParamType[int]):
    """A number of replications, or `all`."""

    name = "N|all"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; all is as many as there can be."""
        if value == "all":
            return sys.maxsize
        if re.fullmatch("[1-9][0-9]{0,8}", str(value)):
            return int(value)
        return self.fail("write a whole number from 1, or all", param, ctx)


def shared(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Options that several commands have, in one decorator."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


FILE = click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
SEED = click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), help="Which luck; the scenario's unless given."
)
SO_MANY = click.IntRange(1, 100_000)
ENGINE = click.option(
    "--engine",
    type=click.Choice(["auto", "reference", "kernel"]),
    default="auto",
    show_default=True,
    help="SimPy (reference), compiled (kernel), or by how much work there is (auto): the figures "
    "are the same.",
)
WORKERS = click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    help="Processes that share large work; one for each processor unless given.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the screen.")
QUIET = click.option("--quiet", is_flag=True, help="Print nothing but errors.")
OUT = click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the files; it must not exist yet."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="costsim")
def cli() -> None:
    """Does a new way of assessing save money, how much, and how soon is it repaid?

    Begin with `costsim new my-scenario.yaml`, edit the file, then `costsim run my-scenario.yaml`.
    """


@cli.command()
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
        folder = files.write(found, destination, _command())
    except OutputError as error:
        failure = error
    if as_json:
        _print_json(files.summary(found))
    elif not quiet:
        answer.show(_screen(), found, folder)
    if failure:
        raise failure
    if reported and folder:
        _documents(folder, quiet or as_json)
    return _exit_code(found.runs.interrupted, found.passed)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@QUIET
def report(folder: Path, quiet: bool) -> None:
    """Make the report, the workbooks and the figures of a folder of results.

    Nothing is simulated again. Earlier documents in the folder are replaced; the results are not.
    """
    _documents(folder, quiet)


@cli.command()
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
        _print_json(problems.as_json(error.problems))
        return error.exit_code
    if as_json:
        _print_json(assumptions.as_json(scenario))
    else:
        assumptions.show_log(_screen(), scenario)
    return 0


@cli.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
def new(file: Path) -> None:
    """Write a commented starter scenario that runs."""
    from costsim.scenario.starter import write_starter

    write_starter(file)
    sys.stdout.write(f"Wrote {file}. Edit it, then: costsim check {file}; costsim run {file}\n")


@cli.command()
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
        _print_json(story.as_json(replayed, which["referral"]))
    else:
        story.show(_screen(), scenario, replayed, which["referral"])


@cli.command()
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
        _print_json(tornado.as_json(found))
    elif not quiet:
        tornado.show(_screen(), found)
    if destination:
        destination.write({"sensitivity.json": json_writer(tornado.as_json(found))})
    return _exit_code(found.interrupted, found.base.passed)


@cli.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from costsim.scenario.editor import editor_schema

    _print_json(editor_schema())


def _documents(folder: Path, quiet: bool) -> None:
    """Make the documents of a results folder, and say where they are."""
    from costsim.findings import read
    from costsim.progress import busy
    from costsim.report.documents import write_documents
    from costsim.report.progress import progress

    findings = read(folder)
    with progress("", "", hidden=quiet) as tell, busy(tell, "Writing the report"):
        written = write_documents(findings)
    if not quiet:
        for path in written:
            sys.stdout.write(f"{path}\n")


def _exit_code(interrupted: bool, passed: bool) -> int:
    return 130 if interrupted else 0 if passed else 1


def _screen() -> Screen:
    from costsim.report.screen import Screen

    return Screen()


def _print_json(content: Mapping[str, Any]) -> None:
    """JSON on standard output, in ASCII, which every terminal and pipe passes on unharmed."""
    from costsim.results.summary import json_text

    sys.stdout.write(json_text(content, ascii_only=True))


def _command() -> list[str]:
    """The command as given, without the path of the program or the folders of files."""
    return ["costsim", *(Path(part).name or part for part in sys.argv[1:])]


def _invoke() -> object:
    with cli.make_context("costsim", sys.argv[1:]) as context:
        return cli.invoke(context)


def main() -> None:
    """Run the command line and leave with its exit code."""
    from costsim.faults import guarded

    sys.exit(guarded(_invoke))
