"""What happens when a command cannot go on: a message for people, and an exit code for scripts.

Never a traceback: a fault of ours goes to a log file, whose path is printed.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

import click

from costsim.errors import CostsimError, ScenarioError

INTERRUPTED = 130
ENVIRONMENT = 4
FAULT = 5


def guarded(command: Callable[[], object]) -> int:
    """Run a command; its exit code, whatever happens."""
    try:
        _prepare()
        answer = command()
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_left()
    except KeyboardInterrupt:
        return _said("Interrupted. Nothing was written.", INTERRUPTED)
    except click.exceptions.Abort:
        return _said("Interrupted. Nothing was written.", INTERRUPTED)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CostsimError as error:
        return _explain(error)
    except (ImportError, MemoryError, OSError) as error:
        return _said(_environment(error), ENVIRONMENT)
    except Exception:
        return _said(_logged(), FAULT)
    return answer if isinstance(answer, int) else 0


def _prepare() -> None:
    from costsim.streams import prepare_streams

    prepare_streams()


def _said(message: str, code: int) -> int:
    click.echo(message, err=True)
    return code


def _explain(error: CostsimError) -> int:
    if isinstance(error, ScenarioError):
        from costsim.report.problems import lines

        return _said("\n".join(lines(error.problems)), error.exit_code)
    return _said(str(error), error.exit_code)


def _environment(error: Exception) -> str:
    if isinstance(error, ImportError):
        return (
            f"A package that costsim needs is missing or broken: {error.name or error}. "
            "Put it right with: python -m pip install --upgrade --force-reinstall costsim"
        )
    if isinstance(error, MemoryError):
        return "There is not enough memory. Use fewer --replications, or --keep 1."
    return f"Cannot go on: {error.strerror if isinstance(error, OSError) else error}."


def _reader_left() -> int:
    """Whoever read our output has gone (`| head`): leave quietly, flushing to nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _logged() -> str:
    handle, name = tempfile.mkstemp(prefix="costsim-", suffix=".log", text=True)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(f"{' '.join(sys.argv[1:])}\n{traceback.format_exc()}")
    return f"This is a fault of costsim, not yours. Please report it with this log: {Path(name)}"
