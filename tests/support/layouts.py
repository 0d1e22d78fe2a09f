"""The same numbers in every memory layout NumPy knows, and arrays that are wrong."""

from collections.abc import Callable

import numpy as np


def _strided(array: np.ndarray) -> np.ndarray:
    """Every third element of a larger array, along each axis."""
    wide = np.full([3 * n for n in array.shape], 77, array.dtype)
    view = wide[tuple(slice(None, None, 3) for _ in array.shape)]
    view[...] = array
    return view


def _reversed(array: np.ndarray) -> np.ndarray:
    """Negative strides along every axis."""
    back = tuple(slice(None, None, -1) for _ in array.shape)
    return array[back].copy()[back]


def _misaligned(array: np.ndarray) -> np.ndarray:
    """One byte past an aligned address."""
    raw = np.zeros(array.nbytes + 1, np.uint8)
    view = raw[1:].view(array.dtype).reshape(array.shape)
    view[...] = array
    return view


def _read_only(array: np.ndarray) -> np.ndarray:
    copy = array.copy()
    copy.setflags(write=False)
    return copy


class _Subclass(np.ndarray):
    pass


# layouts that hold the same numbers
LAYOUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "plain": np.copy,
    "strided": _strided,
    "reversed": _reversed,
    "fortran": lambda a: np.array(a, order="F"),
    "misaligned": _misaligned,
    "read-only": _read_only,
    "other byte order": lambda a: a.astype(a.dtype.newbyteorder()),
    "subclass": lambda a: a.copy().view(_Subclass),
}

# what is not the same array at all
WRONG: dict[str, Callable[[np.ndarray], object]] = {
    "empty": lambda a: a[:0].copy(),
    "no samples along the last axis": lambda a: a[..., :0].copy(),
    "longer": lambda a: np.concatenate([a, a]),
    "shorter": lambda a: a.ravel()[: a.size - 1].copy(),
    "one more axis": lambda a: a[..., None].copy(),
    "flat": lambda a: np.float64(1.5),
    "no axis": lambda a: a.ravel()[:1].reshape(()).copy(),
    "float16": lambda a: a.astype(np.float16),
    "integers": lambda a: a.astype(np.int32),
    "complex": lambda a: a.astype(np.complex64),
    "objects": lambda a: a.astype(object),
    "strings": lambda a: a.astype("U4"),
    "dates": lambda a: np.zeros(a.shape, "datetime64[s]"),
    "records": lambda a: np.zeros(a.shape, [("re", "f4"), ("im", "f4")]),
    "broadcast": lambda a: np.broadcast_to(a.ravel()[:1].reshape([1] * a.ndim), [2] * a.ndim),
    "None": lambda a: None,
    "list": lambda a: a.tolist(),
    "bytes": lambda a: a.tobytes(),
    "memoryview": lambda a: a.copy().data,
}
