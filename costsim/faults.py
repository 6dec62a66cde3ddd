"""What happens when a command cannot go on: a message for people, and an exit code for scripts.

Never a traceback: a fault of ours goes to a log file, whose path is printed.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from functools import singledispatch

import click

from costsim.errors import CostsimError, ScenarioError
from costsim.streams import prepare_streams

INTERRUPTED = 130
ENVIRONMENT = 4
FAULT = 5


def guarded(command: Callable[[], object]) -> int:
    """Run a command; its exit code, whatever happens."""
    try:
        prepare_streams()
        answer = command()
        sys.stdout.flush()
    except BaseException as error:  # every end of a command has its answer below
        return _answer(error)
    return answer if isinstance(answer, int) else 0


@singledispatch
def _answer(error: BaseException) -> int:
    """Say what happened, and give the exit code; anything unforeseen is logged in full."""
    text = f"{' '.join(sys.argv[1:])}\n{''.join(traceback.format_exception(error))}"
    fault = "This is a fault of costsim, not yours. Please report it"
    try:
        handle, name = tempfile.mkstemp(prefix="costsim-", suffix=".log", text=True)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
    except OSError:
        return _said(f"{fault}: {type(error).__name__}: {error}", FAULT)
    return _said(f"{fault} with this log: {name}", FAULT)


@_answer.register
def _(error: SystemExit) -> int:
    return error.code if isinstance(error.code, int) else 0


@_answer.register(KeyboardInterrupt)
@_answer.register(click.exceptions.Abort)
def _(_error: BaseException) -> int:
    return _said("Interrupted. Nothing was written.", INTERRUPTED)


@_answer.register
def _(error: click.exceptions.Exit) -> int:
    return error.exit_code


@_answer.register
def _(error: click.ClickException) -> int:
    error.show()
    return error.exit_code


@_answer.register
def _(error: CostsimError) -> int:
    return _said(str(error), error.exit_code)


@_answer.register
def _(error: ScenarioError) -> int:
    from costsim.report.problems import lines

    return _said("\n".join(lines(error.problems)), error.exit_code)


@_answer.register
def _(error: ImportError) -> int:
    return _said(
        f"A package that costsim needs is missing or broken: {error.name or error}. "
        "Put it right with: python -m pip install --upgrade --force-reinstall costsim",
        ENVIRONMENT,
    )


@_answer.register(MemoryError)
def _(_error: BaseException) -> int:
    return _said("There is not enough memory. Use fewer --replications, or --keep 1.", ENVIRONMENT)


@_answer.register
def _(error: OSError) -> int:
    return _said(f"Cannot go on: {error.strerror or error}.", ENVIRONMENT)


@_answer.register(BrokenPipeError)
def _(_error: BaseException) -> int:
    """Whoever read our output has gone (`| head`): leave quietly, flushing to nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _said(message: str, code: int) -> int:
    sys.stderr.write(f"{message}\n")
    return code
