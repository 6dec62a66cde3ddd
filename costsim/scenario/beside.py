"""Files that stand beside a scenario: dates of referrals, tables of deflators."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath


def found_beside(folder: Path, name: str) -> Path:
    """The file of a relative name within the scenario's folder.

    Raises `ValueError` in plain words where there is none, or where it lies elsewhere.
    """
    absolute = PurePosixPath(name).is_absolute() or PureWindowsPath(name).is_absolute()
    target = folder
    try:
        target = (folder / name).resolve()
        there = not absolute and target.is_relative_to(folder) and target.is_file()
    except (OSError, ValueError):  # a name that no system has
        there = False
    if not there:
        shown = name if len(name) <= 80 else f"{name[:77]}..."
        raise ValueError(
            f"cannot find {shown!r} in the scenario's folder|Put the CSV file beside it"
        )
    return target
