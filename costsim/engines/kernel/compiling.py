"""How the kernel's functions are compiled, and where the compiled code is kept.

numba compiles a function when it is first called, which takes seconds, and keeps the result on disk
for the next process. It does not notice when a function that another one calls has changed, so the
folder is named after everything that the kernel's code depends on. It lies with the user's caches,
because an installed package may be read-only; where even that cannot be written, nothing is kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

import numba as _numba
import numpy as np
from platformdirs import user_cache_path

Function = TypeVar("Function", bound=Callable[..., Any])

numba: Any = _numba  # its types know neither the options that are used here nor what they return
# No reference counting (_nrt): arrays are handed in and none is made, and counting costs more than
# the model does. Everything is inlined, because the tables are many to hand from call to call.
OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False, "forceinline": True}


def compiled(function: Function) -> Function:
    """The function as machine code; the interpreter runs it if numba's compiler is switched off.

    Nothing is reordered or contracted (no fastmath), so it gives the same bits as the interpreter.
    """
    folder = cache_folder()
    known = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder or known)
    try:
        return cast(Function, numba.njit(cache=folder is not None, **OPTIONS)(function))
    finally:
        numba.config.CACHE_DIR = known


@cache
def cache_folder() -> Path | None:
    """Where compiled code is kept; None if nowhere can be written.

    `NUMBA_CACHE_DIR` replaces the user's folder for caches.
    """
    given = os.environ.get("NUMBA_CACHE_DIR")
    base = Path(given) if given else user_cache_path("costsim", appauthor=False)
    folder = base / f"kernel-{_fingerprint()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK | os.X_OK) else None


def _fingerprint() -> str:
    """A hash of the kernel's source and of numba's version."""
    digest = blake2b(numba.__version__.encode(), digest_size=8)
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def high_product(a: Any, b: Any) -> Any:
    """The upper 64 bits of the product of two unsigned 64-bit numbers."""
    return np.uint64((int(a) * int(b)) >> 64)


def _one_multiplication(_: Any, a: Any, b: Any) -> Any:
    """The processor's own multiplication, which numba has no other way to ask for."""
    from llvmlite import ir

    def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(*(builder.zext(value, wide) for value in values))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return numba.types.uint64(a, b), generate


_high_product = numba.extending.intrinsic(_one_multiplication)


@numba.extending.overload(high_product)  # type: ignore[untyped-decorator]
def _compiled_high_product(a: Any, b: Any) -> Any:  # noqa: ARG001 (numba reads their names)
    def product(a: Any, b: Any) -> Any:
        return _high_product(a, b)

    return product
