"""Exact values: by mpmath with 50 digits, and by NumPy and SciPy in float64 to judge float32.

The float64 functions err by about one of their own units, 2^-29 of a unit of float32.
"""

from collections.abc import Callable

import mpmath
import numpy as np
from mpmath import mp, mpf
from scipy import special

PHI = 1 / np.sqrt(2 * np.pi)


def _mp_sigmoid(z: mpf) -> mpf:
    return 1 / (1 + mpmath.exp(-z))


def _mp_silu_slope(z: mpf) -> mpf:
    return _mp_sigmoid(z) * (1 + z * _mp_sigmoid(-z))


def _mp_phi(z: mpf) -> mpf:
    return mpmath.erfc(-z / mpmath.sqrt(2)) / 2


def _mp_density(z: mpf) -> mpf:
    return mpmath.exp(-z * z / 2) / mpmath.sqrt(2 * mpmath.pi)


def _mp_softplus(z: mpf) -> mpf:
    return max(z, mpf(0)) + mpmath.log1p(mpmath.exp(-abs(z)))


def _density(z: np.ndarray) -> np.ndarray:
    return PHI * np.exp(-z * z / 2)


def _silu_slope(z: np.ndarray) -> np.ndarray:
    return special.expit(z) * (1 + z * special.expit(-z))


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
}

VALUES: dict[str, Exact] = {
    "relu": (lambda z: max(z, mpf(0)), lambda z: np.maximum(z, 0)),
    "leaky_relu": (lambda z: z if z > 0 else z / 100, lambda z: np.where(z > 0, z, 0.01 * z)),
    "abs": (abs, np.abs),
    "silu": (lambda z: z * _mp_sigmoid(z), lambda z: z * special.expit(z)),
    "gelu": (lambda z: z * _mp_phi(z), lambda z: z * special.ndtr(z)),
    "tanh": ELEMENTARY["tanh"],
    "sigmoid": (_mp_sigmoid, special.expit),
    "softplus": (_mp_softplus, lambda z: np.logaddexp(0, z)),
    "erf": ELEMENTARY["erf"],
    "sin": ELEMENTARY["sin"],
    "square": (lambda z: z * z, np.square),
}

SLOPES: dict[str, Exact] = {
    "relu": (lambda z: mpf(int(z > 0)), lambda z: np.where(z > 0, 1.0, 0.0)),
    "leaky_relu": (
        lambda z: mpf(1) if z > 0 else mpf(1) / 100,
        lambda z: np.where(z > 0, 1.0, 0.01),
    ),
    "abs": (mpmath.sign, np.sign),
    "silu": (_mp_silu_slope, _silu_slope),
    "gelu": (
        lambda z: _mp_phi(z) + z * _mp_density(z),
        lambda z: special.ndtr(z) + z * _density(z),
    ),
    "tanh": (lambda z: mpmath.sech(z) ** 2, lambda z: 1 / np.cosh(z) ** 2),
    "sigmoid": (
        lambda z: _mp_sigmoid(z) * _mp_sigmoid(-z),
        lambda z: special.expit(z) * special.expit(-z),
    ),
    "softplus": (_mp_sigmoid, special.expit),
    "erf": (
        lambda z: 2 * mpmath.exp(-z * z) / mpmath.sqrt(mpmath.pi),
        lambda z: 2 / np.sqrt(np.pi) * np.exp(-z * z),
    ),
    "sin": ELEMENTARY["cos"],
    "square": (lambda z: 2 * z, lambda z: 2 * z),
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
