"""Commands about how sure an answer is, and what drives it: uncertainty, sensitivity, voi."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from costsim.cli import output
from costsim.cli.options import ENGINE, JSON, QUIET, SEED, SO_MANY, WORKERS, Pounds, shared

if TYPE_CHECKING:
    from costsim.report.analyses.presented import Presented
    from costsim.report.analyses.shelf import Shelf
    from costsim.uncertainty.probabilistic import Probabilistic

METHODS = ("regression", "sobol", "morris", "rbd_fast", "pawn", "delta")
MOST = 10_000_000
SIZES = "5,10,20,40,80,160"


class Group(click.ParamType[tuple[str, tuple[str, ...]]]):
    """Inputs under one name: NAME=PATTERN,PATTERN, in which * stands for anything."""

    name = "NAME=PATTERN,..."

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, tuple[str, ...]]:
        """The name and its patterns."""
        name, _, rest = str(value).partition("=")
        patterns = tuple(each.strip() for each in rest.split(","))
        if not (name.strip() and all(patterns)):
            self.fail(f"{value!r} is no group: write it as pay=staff.*,hours", param, ctx)
        return name.strip(), patterns


class Sizes(click.ParamType[tuple[int, ...]]):
    """Whole numbers from 1, separated by commas."""

    name = "N,N,..."

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """The numbers."""
        parts = [each.strip() for each in str(value).split(",")]
        if not all(re.fullmatch("[1-9][0-9]{0,6}", each) for each in parts):
            self.fail(f"{value!r}: write whole numbers from 1, as in 5,10,20", param, ctx)
        return tuple(map(int, parts))


SOURCE = click.argument("source", type=click.Path(path_type=Path), metavar="FILE|DIR")
OUT = click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the files; it must not exist yet. Of a results folder DIR they go to "
    "DIR/analyses unless given.",
)
DRAWS = click.option(
    "--draws",
    type=click.IntRange(1, MOST),
    help="How many; the scenario's number unless given, or else 10,000, or 1,000 where each is "
    "simulated.",
)
GROUP = click.option(
    "--group",
    "groups",
    type=Group(),
    multiple=True,
    help="Inputs to take together; may be repeated. * stands for anything.",
)


@click.command()
@shared(SOURCE, DRAWS, OUT, JSON, SEED, ENGINE, WORKERS, QUIET)
def uncertainty(source: Path, out: Path | None, as_json: bool, **options: Any) -> int:
    """Draw all uncertain inputs together: how sure the answer is.

    FILE is a scenario, DIR a folder of results of `costsim run`.
    """
    from costsim.report.analyses import uncertain
    from costsim.report.analyses.presented import Presented
    from costsim.report.analyses.shelf import Shelf
    from costsim.report.analyses.subject import Subject

    subject = Subject.of(source, options.pop("seed"))
    shelf = Shelf.at(out, subject.folder)
    quiet = options.pop("quiet")
    found, checks = _drawn(subject, options, quiet)
    exhibit = uncertain.exhibit(found, subject, checks)
    passed = uncertain.passed(found, checks)
    plots, files = uncertain.plots(found), uncertain.tables(found.draws)
    return _end(Presented(exhibit, passed, plots=plots, files=files), shelf, as_json, quiet)


def _drawn(subject: Any, options: Any, quiet: bool) -> tuple[Probabilistic, Any]:
    """Draws of all inputs of a scenario, and the checks of it as it stands."""
    from costsim.executors import hired
    from costsim.progress import Aside
    from costsim.report.analyses.uncertain import settled
    from costsim.report.progress import progress
    from costsim.uncertainty.probabilistic import probabilistic

    watch = progress("Drawing all inputs", "draws", hidden=quiet)
    with watch as tell, hired(options["workers"]) as crew:
        checks = subject.checked(engine=options["engine"], progress=Aside(tell), crew=crew)
        found = probabilistic(
            subject.scenario,
            draws=options["draws"],
            seed=subject.seed,
            engine=options["engine"],
            progress=tell,
            crew=crew,
        )
    return settled(found), checks


@click.command()
@shared(SOURCE, OUT, JSON, SEED, ENGINE, WORKERS, QUIET)
@click.option(
    "--replications",
    type=SO_MANY,
    help="How many for each evaluation; the scenario's number unless given, or else 100.",
)
@click.option(
    "--outcome",
    default="net_benefit",
    show_default=True,
    help="What is followed one input at a time, and by --global.",
)
@click.option(
    "--two-way", nargs=2, metavar="INPUT INPUT", help="Move two inputs together, over a grid."
)
@click.option(
    "--global",
    "method",
    type=click.Choice(METHODS),
    help="Let all inputs vary, and share out the spread of the outcome among them.",
)
@click.option(
    "--size",
    type=click.IntRange(1, MOST),
    help="Base rows of sobol (a power of two; 1,024 unless given), trajectories of morris (50), or "
    "draws of the other methods (4,096).",
)
@shared(GROUP)
@click.option(
    "--discover", is_flag=True, help="Look for limits on a few inputs beyond which it does not pay."
)
def sensitivity(source: Path, out: Path | None, as_json: bool, **options: Any) -> int:
    """Vary each uncertain input from its 10% to its 90% quantile, and say where it pays back.

    FILE is a scenario, DIR a folder of results of `costsim run`.
    """
    from costsim.executors import hired
    from costsim.report import tornado
    from costsim.report.analyses.further import Asked, Hands, further
    from costsim.report.analyses.shelf import Shelf
    from costsim.report.analyses.subject import Subject
    from costsim.report.progress import progress
    from costsim.uncertainty.oneway import one_way

    quiet, workers, engine = (options.pop(name) for name in ("quiet", "workers", "engine"))
    subject = Subject.of(source, options.pop("seed"))
    settings = {"replications": options.pop("replications"), "seed": subject.seed, "engine": engine}
    with _as_asked():
        asked = Asked(**{**options, "groups": _named(options["groups"])})
        asked.check(subject.scenario)
    shelf = Shelf.at(out, subject.folder)
    watch = partial(progress, hidden=quiet)
    with hired(workers) as crew:
        with watch("Varying inputs", "evaluations") as tell:
            swings = one_way(
                subject.scenario, outcome=asked.outcome, progress=tell, crew=crew, **settings
            )
        with _as_asked():
            found = further(swings, asked, Hands(subject.seed, engine, crew, watch))
    return _end(tornado.presented(swings, found), shelf, as_json, quiet)


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="FILE|DIR|SAMPLES.csv")
@shared(DRAWS, GROUP)
@click.option(
    "--study",
    "studies",
    multiple=True,
    metavar="INPUT",
    help="Value studies of an input, each of so many cases; may be repeated.",
)
@click.option(
    "--sizes", type=Sizes(), default=SIZES, show_default=True, help="How many cases they observe."
)
@click.option(
    "--spread",
    "spreads",
    multiple=True,
    metavar="SD",
    help="How much one case differs from another, in the input's unit: 3 h, £5, 0.2. The "
    "scenario's own sd unless given; a share needs none. One for all studies, or one for each.",
)
@click.option(
    "--fixed",
    type=Pounds(or_nothing=True),
    default="0",
    help="What a study costs, whatever its size.",
)
@click.option(
    "--each", type=Pounds(or_nothing=True), default="0", help="What a study costs for each case."
)
@shared(OUT, JSON, SEED, ENGINE, WORKERS, QUIET)
def voi(source: Path, out: Path | None, as_json: bool, **options: Any) -> int:
    """What it would be worth to know the inputs better before deciding.

    FILE is a scenario, DIR a folder of results of `costsim run`, and SAMPLES.csv anybody's own
    table of draws: a column for each input, and columns that begin with net_benefit.
    """
    from costsim.report.analyses.studies import Question

    names = ("studies", "sizes", "spreads", "fixed", "each")
    question = Question(_named(options.pop("groups")), *(options.pop(name) for name in names))
    if source.suffix.lower() == ".csv" and not source.is_dir():
        return _of_table(source, question, out, as_json, options)
    return _of_scenario(source, question, out, as_json, options)


def _of_table(source: Path, question: Any, out: Path | None, as_json: bool, options: Any) -> int:
    """The value of information of anybody's table of draws."""
    from costsim.report.analyses import informed
    from costsim.report.analyses.presented import Presented
    from costsim.report.analyses.shelf import Shelf
    from costsim.results.summary import sha256_of, versions
    from costsim.uncertainty.information.table import read_samples

    if options["draws"]:
        raise click.UsageError("--draws: a table has the draws that it has.")
    table, seed = read_samples(source), options["seed"] or 0
    shelf = Shelf.at(out, None)
    with _as_asked():
        worth = question.of_samples(table, seed)
    settings = {
        "table": {"file": source.name, "sha256": sha256_of(source)},
        "draws": table.draws,
        "seed": seed,
        "versions": versions(),
    }
    exhibit = informed.exhibit(worth, source.name, settings)
    return _end(Presented(exhibit, plots=informed.plots(worth)), shelf, as_json, options["quiet"])


def _of_scenario(source: Path, question: Any, out: Path | None, as_json: bool, options: Any) -> int:
    """The value of information of a scenario's uncertain inputs."""
    from costsim.report.analyses import informed, uncertain
    from costsim.report.analyses.presented import Presented
    from costsim.report.analyses.shelf import Shelf
    from costsim.report.analyses.stored import drawn_before
    from costsim.report.analyses.subject import Subject
    from costsim.uncertainty.information.ridge import LEAST_ROWS

    subject = Subject.of(source, options.pop("seed"))
    with _as_asked():
        question.check(subject.scenario)
    shelf = Shelf.at(out, subject.folder)
    options["draws"] = options["draws"] or drawn_before(subject.folder)
    found, checks = _drawn(subject, options, options["quiet"])
    if found.interrupted and found.draws.good.sum() < LEAST_ROWS:
        raise KeyboardInterrupt
    with _as_asked():
        worth = question.of_draws(found, subject.seed)
    exhibit = informed.exhibit(
        worth,
        found.scenario.title,
        subject.settings(draws=len(found.draws), asked=found.asked),
        checks=checks,
        warnings=found.warnings,
        interrupted=next(uncertain.interrupted(found), ""),
    )
    passed = uncertain.passed(found, checks)
    presented = Presented(exhibit, passed, plots=informed.plots(worth))
    return _end(presented, shelf, as_json, options["quiet"])


def _named(groups: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, tuple[str, ...]]:
    """Groups by their names, each of which is given once."""
    found = dict(groups)
    if len(found) < len(groups):
        raise click.UsageError("--group: two groups have the same name.")
    return found


@contextmanager
def _as_asked() -> Iterator[None]:
    """What the library refuses of what was asked for is a wrong command line."""
    try:
        yield
    except ValueError as error:
        raise click.UsageError(str(error).replace("|", ". ")) from error


def _end(found: Presented, shelf: Shelf, as_json: bool, quiet: bool) -> int:
    """Show an analysis, keep its files, and give the exit code."""
    if shelf.wanted:
        found = found.drawn()
    if as_json:
        output.print_json(found.as_json())
    elif not quiet:
        found.show(output.screen())
    if shelf.wanted:
        folder, replaced = shelf.put(found.exhibit.kind, found.contents(shelf))
        if not (as_json or quiet):
            _files(found, shelf, folder, replaced)
    return output.exit_code(found.exhibit.interrupted, found.passed)


def _files(found: Presented, shelf: Shelf, folder: Path, replaced: bool) -> None:
    """Say where the files are, and what they are in place of."""
    screen = output.screen()
    screen.heading("Files")
    screen.verbatim(str(folder))
    if replaced:
        screen.say(f"In place of the earlier {found.exhibit.kind} analysis there.")
    if shelf.results:
        screen.say(f"For a report with this analysis: costsim report {shelf.results}")
