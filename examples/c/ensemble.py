"""Train 8 networks on y = x^2 by the C interface, through ctypes: as any language would.

The library is that of the installed package, or the file given as the first argument.
"""

import ctypes
import sys
from ctypes import POINTER, byref, c_char_p, c_double, c_int, c_size_t, c_uint64, c_void_p


class Result(ctypes.Structure):
    """What came of one network."""

    _fields_ = (("loss", c_double), ("steps", c_uint64), ("outcome", c_uint64))


def library(path: str) -> ctypes.CDLL:
    """Load the library; say what it is called with, so that ctypes converts and checks."""
    loaded = ctypes.CDLL(path)
    loaded.ltens_last_error.restype = c_char_p
    numbers = POINTER(c_double)
    loaded.ltens_create.argtypes = [
        *[c_size_t] * 3,
        c_char_p,
        c_int,
        c_char_p,
        POINTER(c_uint64),
        POINTER(c_uint64),
        POINTER(c_void_p),
    ]
    loaded.ltens_task_create.argtypes = [*[c_size_t] * 2, *[numbers] * 3, POINTER(c_void_p)]
    loaded.ltens_training_create.argtypes = [POINTER(c_void_p)]
    loaded.ltens_training_set.argtypes = [c_void_p, c_char_p, numbers, c_size_t]
    loaded.ltens_train.argtypes = [
        *[c_void_p] * 3,
        c_char_p,
        c_double,
        c_int,
        *[c_void_p] * 2,
        POINTER(Result),
        c_size_t,
    ]
    for name in ("ltens_free", "ltens_task_free", "ltens_training_free"):
        getattr(loaded, name).argtypes = [c_void_p]
        getattr(loaded, name).restype = None
    return loaded


def main(path: str) -> None:
    """Print the loss of each network."""
    ltens = library(path)

    def call(function: str, *arguments: object) -> None:
        if getattr(ltens, function)(*arguments) != 0:
            raise RuntimeError(ltens.ltens_last_error().decode())

    members, samples = 8, 100
    x = (c_double * samples)(*(-2 + 4 * j / (samples - 1) for j in range(samples)))
    y = (c_double * samples)(*(value * value for value in x))
    seeds = (c_uint64 * members)(*range(members))
    results = (Result * members)()
    networks, task, training = c_void_p(), c_void_p(), c_void_p()
    float64 = 1
    call("ltens_create", members, 10, 1, b"silu", float64, b"torch", seeds, None, byref(networks))
    call("ltens_task_create", samples, 1, x, y, None, byref(task))
    call("ltens_training_create", byref(training))
    call("ltens_training_set", training, b"steps", byref(c_double(1000)), 1)
    call("ltens_train", networks, task, training, b"auto", 0, 1, None, None, results, members)
    for i, result in enumerate(results):
        print(f"network {i}: loss {result.loss:.17g} after {result.steps} steps")
    ltens.ltens_training_free(training)
    ltens.ltens_task_free(task)
    ltens.ltens_free(networks)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        from ltens import get_library

        main(get_library())
