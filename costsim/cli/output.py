"""What commands have in common at their end: where they print, and the code that they leave."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from costsim.report.screen import Screen


def documents(folder: Path, quiet: bool) -> None:
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


def exit_code(interrupted: bool, passed: bool) -> int:
    """130 after an interruption, 1 where a check failed, else 0."""
    return 130 if interrupted else 0 if passed else 1


def screen() -> Screen:
    """The terminal, or whatever standard output is."""
    from costsim.report.screen import Screen

    return Screen()


def print_json(content: Mapping[str, Any]) -> None:
    """JSON on standard output, in ASCII, which every terminal and pipe passes on unharmed."""
    from costsim.results.summary import json_text

    sys.stdout.write(json_text(content, ascii_only=True))


def command() -> list[str]:
    """The command as given, without the path of the program or the folders of files."""
    return ["costsim", *(Path(part).name or part for part in sys.argv[1:])]
