"""How the kernel is compiled, function by function when it is first called; `keeping` keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba as _numba
import numpy as np

from costsim.engines.kernel.keeping import keep

Function = TypeVar("Function", bound=Callable[..., Any])

numba: Any = _numba  # its types know neither the options that are used here nor what they return
# No reference counting (_nrt): arrays are handed in and none is made, and counting costs more than
# the model does. Everything is inlined, because the tables are many to hand from call to call.
OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False, "forceinline": True}


def compiled(function: Function) -> Function:
    """The function as machine code; the interpreter runs it if numba's compiler is switched off.

    Nothing is reordered or contracted (no fastmath), so it gives the same bits as the interpreter.
    """
    code = numba.njit(**OPTIONS)(function)
    keep(code)
    return cast(Function, code)


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
