"""Exact values: by mpmath with 50 digits, and by NumPy and SciPy in float64 to judge float32.

The float64 functions err by a few of their own units, 2^-29 of a unit of float32; those of the
activations are the twin's.
"""

from collections.abc import Callable

import mpmath
import numpy as np
from mpmath import mp, mpf
from scipy import special

from reference import ACTIVATIONS as TWIN

from .functions import ACTIVATIONS

Exact = tuple[Callable[[mpf], mpf], Callable[[np.ndarray], np.ndarray]]

ELEMENTARY: dict[str, Exact] = {
    "exp": (mpmath.exp, np.exp),
    "expm1": (mpmath.expm1, np.expm1),
    "tanh": (mpmath.tanh, np.tanh),
    "log1p": (mpmath.log1p, np.log1p),
    "erf": (mpmath.erf, special.erf),
    "erfcx": (lambda x: mpmath.exp(x * x) * mpmath.erfc(x), special.erfcx),
    "sin": (mpmath.sin, np.sin),
    "cos": (mpmath.cos, np.cos),
    "log1p_positive": (mpmath.log1p, np.log1p),
}
VALUES: dict[str, Exact] = {
    name: (row.exact_value, TWIN[name].value) for name, row in ACTIVATIONS.items()
}
SLOPES: dict[str, Exact] = {
    name: (row.exact_slope, TWIN[name].derivative) for name, row in ACTIVATIONS.items()
}


def exact(reference: Exact, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact value at each x as an unevaluated sum of two float64 numbers."""
    by_mpmath, by_numpy = reference
    if x.dtype == np.float32:
        with np.errstate(all="ignore"):
            high = by_numpy(x.astype(np.float64))
        return high, np.zeros_like(high)
    with mp.workdps(50):
        values = [by_mpmath(mpf(float(v))) for v in x]
        high = np.array([float(v) for v in values])
        low = np.array([float(v - mpf(h)) for v, h in zip(values, high, strict=True)])
    return high, low
