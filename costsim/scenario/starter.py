"""The starter scenario: a commented file to begin from, which runs as it is."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from costsim.errors import OutputError


def starter_text() -> str:
    """The text of the starter scenario."""
    return files("costsim.scenario").joinpath("starter.yaml").read_text(encoding="utf-8")


def write_starter(path: Path) -> None:
    """Write the starter scenario to a new file.

    Raises `OutputError` if the file exists, or cannot be written.
    """
    try:
        stream = path.open("x", encoding="utf-8", newline="\n")
    except FileExistsError as error:
        rule = f"{path} exists already, and is left as it is. Choose another name."
        raise OutputError(rule) from error
    except OSError as error:
        raise OutputError(f"Could not write {path}: {error.strerror}.") from error
    try:
        with stream:
            stream.write(starter_text())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise OutputError(f"Could not write {path}: {error.strerror}.") from error
