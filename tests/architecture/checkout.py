"""The checkout under test: where it is, and which files belong to it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def repository_files(root: Path = ROOT) -> list[Path]:
    """Every file that git tracks or would track (so nothing ignored), relative to the checkout."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "-c", "-o", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    names = {Path(name) for name in listed.stdout.split("\0") if name}
    return sorted(name for name in names if (root / name).is_file())


def copy_checkout(folder: Path) -> Path:
    """Copy the repository's files into a new folder, where a test may spoil them."""
    for name in repository_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    return folder


def write_files(folder: Path, files: dict[str, str]) -> Path:
    """Write small files, each under its path within the folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
