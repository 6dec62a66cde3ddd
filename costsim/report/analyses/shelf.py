"""Where the files of an analysis go: a new folder, or the folder of results that it is of.

In a folder of results they are below `analyses`, in place of an earlier analysis of the same kind:
an analysis is only another way to look at the run, whose own files are never touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from costsim.errors import OutputError
from costsim.results.folder import Destination, replace_files
from costsim.results.summary import bytes_writer

KEPT = "analyses"
FIGURES = "figures"


@dataclass(frozen=True)
class Shelf:
    """A new folder, or a folder of results; neither, and nothing is written."""

    new: Destination | None = None
    results: Path | None = None

    @classmethod
    def at(cls, out: Path | None, results: Path | None) -> Shelf:
        """The folder that was asked for, else the results that are analysed, if any.

        Raises `OutputError` if the folder exists already or cannot be made.
        """
        kept = results / KEPT if results and not out else None
        if kept and kept.exists() and not kept.is_dir():
            raise OutputError(f"{kept} is a file, and analyses are kept in a folder of that name.")
        return cls(Destination.named(out)) if out else cls(results=results)

    @property
    def wanted(self) -> bool:
        """Whether anything is written at all."""
        return bool(self.new or self.results)

    def put(self, kind: str, files: Mapping[str, bytes]) -> tuple[Path, bool]:
        """Write the files of one kind of analysis, whole or not at all.

        The folder that they are in, and whether they are in place of earlier ones. Raises
        `OutputError` if they cannot be written.
        """
        if self.new:
            writers = {name: bytes_writer(content) for name, content in files.items()}
            return self.new.write(writers), False
        return _renewed(self.results or Path(), kind, files)


def _renewed(results: Path, kind: str, files: Mapping[str, bytes]) -> tuple[Path, bool]:
    """The files in place of an earlier analysis, whose other figures go."""
    folder = results / KEPT
    main = folder / f"{kind}.json"
    earlier, stale = main.is_file(), _figures(main) - {Path(name).name for name in files}
    replace_files(results, {f"{KEPT}/{name}": each for name, each in files.items()})
    for name in stale:
        (folder / FIGURES / name).unlink(missing_ok=True)
    return folder, earlier


def _figures(main: Path) -> set[str]:
    """The files of the figures that an earlier analysis left."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        pictures = json.loads(main.read_text(encoding="utf-8"))["pictures"]
        names = [str(each["name"]) for each in pictures]
        return {f"{name}.svg" for name in names if re.fullmatch(r"[a-z0-9_-]+", name)}
    return set()
