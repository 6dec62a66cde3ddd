"""Where compiled code is kept for the next process, because compiling takes seconds.

numba keeps it, but does not notice when a function that another one calls has changed, so the
folder is named after the source of all that the kernel's code is made of. It lies with the user's
caches, because an installed package may be read-only. A cache that cannot be written, or is
damaged, is a slower start and nothing more.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numba as _numba
from numba.core import caching as _caching
from platformdirs import user_cache_path

numba: Any = _numba  # neither has types
caching: Any = _caching
PREFIX, KEPT_SECONDS = "kernel-", 30 * 24 * 3600


class _Kept(caching.FunctionCache):  # type: ignore[misc]  # numba has no types
    """Compiled code on disk; where it is damaged, or cannot be written, there is none."""

    def load_overload(self, *words: Any) -> Any:
        """What was compiled before, or None."""
        try:
            return super().load_overload(*words)
        except Exception:  # whatever a damaged file can cause
            with suppress(OSError):
                self.flush()
            return None

    def save_overload(self, *words: Any) -> None:
        """Keep it for the next process, if that can be done."""
        with suppress(OSError):
            super().save_overload(*words)


def keep(code: Any) -> None:
    """Have what is compiled of a function kept, and read if it was compiled before."""
    folder = cache_folder()
    if folder is None or not hasattr(code, "py_func"):  # the compiler is switched off
        return
    known = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        code._cache = _Kept(code.py_func)
    finally:
        numba.config.CACHE_DIR = known


def is_kept() -> bool:
    """Whether the clock was compiled before, which takes longest."""
    folder = cache_folder()
    return folder is not None and any(folder.rglob("clock.run-*.nbi"))


@cache
def cache_folder() -> Path | None:
    """Where compiled code is kept; None if nowhere can be written.

    `NUMBA_CACHE_DIR` replaces the user's folder for caches. What other versions left there is
    deleted when nothing has used it for a month.
    """
    given = os.environ.get("NUMBA_CACHE_DIR")
    try:
        base = Path(given) if given else user_cache_path("costsim", appauthor=False)
        folder = base / f"{PREFIX}{_fingerprint()}"
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        _delete_old(base)
    except (OSError, RuntimeError):  # RuntimeError: there is no home directory
        return None
    return folder if os.access(folder, os.W_OK | os.X_OK) else None


def _delete_old(base: Path) -> None:
    for folder in base.glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):  # somebody else was quicker
            if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _fingerprint() -> str:
    """A hash of numba's version and of the source."""
    digest = blake2b(numba.__version__.encode(), digest_size=8)
    for source in sources():
        digest.update(source.read_bytes())
    return digest.hexdigest()


def sources() -> list[Path]:
    """The files that compiled code is made of, and takes numbers from."""
    kernel = Path(__file__).parent
    return [*sorted(kernel.glob("*.py")), kernel.parent / "protocol.py"]
