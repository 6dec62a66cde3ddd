"""The command line: each command parses, calls one function of the library, and prints.

Data goes to standard output, messages and progress to standard error. Exit codes: 0 done, 1 done
but a check failed, 2 wrong command line, 3 invalid scenario, 4 cannot read or write, 5 a fault of
ours, 130 interrupted.
"""

from __future__ import annotations

import sys

import click

from costsim import __version__
from costsim.cli import analysing, running


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="costsim")
def cli() -> None:
    """Does a new way of assessing save money, how much, and how soon is it repaid?

    Begin with `costsim new my-scenario.yaml`, edit the file, then `costsim run my-scenario.yaml`.
    """


for _command in (
    running.run,
    running.report,
    running.check,
    running.new,
    running.trace,
    running.schema,
    analysing.uncertainty,
    analysing.sensitivity,
    analysing.voi,
):
    cli.add_command(_command)


def _invoke() -> object:
    with cli.make_context("costsim", sys.argv[1:]) as context:
        return cli.invoke(context)


def main() -> None:
    """Run the command line and leave with its exit code."""
    from costsim.faults import guarded

    sys.exit(guarded(_invoke))
