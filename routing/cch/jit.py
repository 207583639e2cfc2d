"""How the kernels are compiled, and the one number they all know."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

BLOCKED = np.int32(2**30 - 1)
"""What a blocked arc, and a place that cannot be reached, weighs inside the kernels: twice it is an int32."""

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def kernel(function: Kernel) -> Kernel:
    """Compile a function over arrays that releases the interpreter lock and is kept on disk."""
    return cast(Kernel, njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)(function))


def inlined(function: Kernel) -> Kernel:
    """Write a small step of a kernel into the kernels that use it: a call would cost more than the step."""
    return cast(Kernel, njit(inline="always", nogil=True, error_model="numpy", boundscheck=False)(function))


def frozen(array: NDArray[Any], dtype: type[np.generic]) -> NDArray[Any]:
    """
    Return the array as the kernels were compiled for: one after another in memory, and read-only.

    Nothing is copied where it is so already, memory-mapped files included.
    """
    fixed = np.require(np.asarray(array), dtype, ("C", "A")).view()
    fixed.flags.writeable = False
    return fixed
