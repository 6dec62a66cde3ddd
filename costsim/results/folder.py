"""The results folder: it appears whole or not at all, and never replaces what is there.

Files are written into a hidden folder beside the final one, flushed to the disk, and the folder is
renamed at the end. A full disk, a kill or an interruption leaves the earlier results untouched.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from costsim.errors import OutputError

HIDDEN = ".costsim-"
SCENARIO = "scenario"
A_DAY = 24 * 60 * 60
Writer = Callable[[Path], None]


@dataclass(frozen=True)
class Destination:
    """Where results will go: a folder to be made, found writable before anything is simulated."""

    final: Path
    numbered: bool

    @classmethod
    def named(cls, folder: Path) -> Destination:
        """A folder that the analyst named; `OutputError` if it exists or cannot be made."""
        if folder.exists() or folder.is_symlink():
            kind = "folder" if folder.is_dir() else "file"
            raise OutputError(
                f"The {kind} {folder} exists already, and results are never written over others. "
                "Choose another name for --out, or move it away."
            )
        _try_writing(folder.parent)
        return cls(folder, numbered=False)

    @classmethod
    def next_in(cls, results: Path, stem: str) -> Destination:
        """The next free number in a folder of results, such as results/coram-2017-003."""
        _try_writing(results)
        return cls(_next_free(results, safe_stem(stem)), numbered=True)

    def write(self, writers: Mapping[str, Writer]) -> Path:
        """Write every file, and make the folder appear under its final name, which is returned.

        Raises `OutputError` if that cannot be done; then nothing is left behind.
        """
        with _hidden_folder(self.final.parent) as hidden:
            try:
                for name, writer in writers.items():
                    (hidden / name).parent.mkdir(parents=True, exist_ok=True)
                    writer(hidden / name)
                    _flush(hidden / name)
                return self._appear(hidden)
            except OSError as error:
                raise OutputError(
                    f"Could not write the results to {self.final}: {reason(error)}. "
                    "Nothing was left half-written. Free some space or choose another --out."
                ) from error

    def _appear(self, hidden: Path) -> Path:
        final = self.final
        while True:
            try:
                return _renamed(hidden, final)
            except OSError:
                if not (self.numbered and final.exists()):
                    raise
                final = _next_free(final.parent, re.sub(r"-\d+$", "", final.name))


def _renamed(hidden: Path, final: Path) -> Path:
    """The folder under its final name, unless something has that name already."""
    if final.exists():
        raise FileExistsError(17, "it exists already", str(final))
    return hidden.rename(final)


def safe_stem(name: str) -> str:
    """A file name's stem, safe on every system: letters, digits, dot, dash and underscore.

    >>> safe_stem("../../CON"), safe_stem("Coram 2017: final?")
    ('CON_', 'Coram-2017-final')
    """
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._ ")[:80] or "scenario"
    return re.sub(r"^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", r"\1_", stem, flags=re.IGNORECASE)


def _next_free(results: Path, stem: str) -> Path:
    taken = [
        int(found[1])
        for each in results.glob(f"{stem}-*")
        if (found := re.fullmatch(rf"{re.escape(stem)}-(\d+)", each.name))
    ]
    return results / f"{stem}-{max(taken, default=0) + 1:03d}"


def _hidden_name() -> str:
    """A name that tells whose it is, so that what a killed run has left can be cleared away."""
    return f"{HIDDEN}{platform.node()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def _sweep(folder: Path) -> None:
    """Clear away what a run that was killed has left."""
    for each in folder.glob(f"{HIDDEN}*"):
        if _left_behind(each):
            shutil.rmtree(each, ignore_errors=True)


def _left_behind(hidden: Path) -> bool:
    """Whether the run that made a hidden folder is gone: known here, elsewhere after a day."""
    host, _, number = hidden.name.removeprefix(HIDDEN).rpartition("-")[0].rpartition("-")
    if host == platform.node() and number.isdigit() and os.name == "posix":
        return not _runs(int(number))
    return time.time() - hidden.stat().st_mtime > A_DAY


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True


def _try_writing(folder: Path) -> None:
    """Prove that a file can be written where the folder is, or will be; make nothing yet."""
    known = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    probe = known / _hidden_name()
    try:
        probe.write_bytes(b"")
        probe.unlink()
        _sweep(known)
    except OSError as error:
        raise OutputError(
            f"Cannot write in {folder}: {reason(error)}. Choose another folder with --out."
        ) from error


def replace_files(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder that is there, in place of earlier ones of the same names.

    All are written under hidden names first. Raises `OutputError` if that cannot be done, or if a
    file cannot be replaced; each file is then whole, the earlier one or the new one.
    """
    hidden = folder / _hidden_name()
    try:
        for name, content in contents.items():
            (hidden / name).parent.mkdir(parents=True, exist_ok=True)
            (hidden / name).write_bytes(content)
            _flush(hidden / name)
        return [_replaced(hidden / name, folder / name) for name in contents]
    except OSError as error:
        raise OutputError(
            f"Cannot write in {folder}: {reason(error)}. Each document there is whole: the earlier "
            "one, or the new one."
        ) from error
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _replaced(written: Path, final: Path) -> Path:
    if final.parent.is_symlink() and final.parent.parent.name:
        raise OutputError(
            f"{final.parent} is a link to another place, where nothing is written. Take it away."
        )
    final.parent.mkdir(exist_ok=True)
    try:
        return written.replace(final)
    except PermissionError as error:
        raise OutputError(
            f"Cannot replace {final}: {reason(error)}. If it is open in Excel or another program, "
            f"close it there, then run: costsim report {final.parent}"
        ) from error


@contextmanager
def _hidden_folder(parent: Path) -> Iterator[Path]:
    hidden = parent / _hidden_name()
    made = [each for each in (parent, *parent.parents) if not each.exists()]
    try:
        hidden.mkdir(parents=True)
        yield hidden
    except OSError as error:
        raise OutputError(f"Cannot write in {parent}: {reason(error)}.") from error
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
        with suppress(OSError):  # as long as nothing is in them
            for each in made:
                each.rmdir()


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def reason(error: OSError) -> str:
    """Why the system refused, in its own words without numbers or paths."""
    return error.strerror or type(error).__name__
