"""The activations and their derivatives in NumPy and float64: z (...) -> (...)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from .._typing import Floats

_LEAKY_SLOPE = 0.01
_NORMAL = 1.0 / np.sqrt(2.0 * np.pi)


def evaluate(name: str, z: Floats) -> Floats:
    """Return act(z), float64, same shape.

    Examples
    --------
    >>> evaluate("relu", np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    return np.asarray(ACTIVATIONS[name][0](z), dtype=np.float64)


def derivative(name: str, z: Floats) -> Floats:
    """Return act'(z), float64, same shape; at a kink the value from the left.

    Examples
    --------
    >>> derivative("relu", np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 1.])
    """
    return np.asarray(ACTIVATIONS[name][1](z), dtype=np.float64)


def _silu_slope(z: Floats) -> Floats:
    s = special.expit(z)
    return np.asarray(s * (1.0 + z * (1.0 - s)))


def _sigmoid_slope(z: Floats) -> Floats:
    s = special.expit(z)
    return np.asarray(s * (1.0 - s))


ACTIVATIONS: dict[str, tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]] = {
    "relu": (lambda z: np.maximum(z, 0.0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "leaky_relu": (
        lambda z: np.where(z > 0, z, _LEAKY_SLOPE * z),
        lambda z: np.where(z > 0, 1.0, _LEAKY_SLOPE),
    ),
    "abs": (np.abs, lambda z: np.where(z > 0, 1.0, -1.0)),
    "silu": (lambda z: z * special.expit(z), _silu_slope),
    "gelu": (
        lambda z: z * special.ndtr(z),
        lambda z: special.ndtr(z) + z * _NORMAL * np.exp(-0.5 * z * z),
    ),
    "tanh": (np.tanh, lambda z: 1.0 - np.tanh(z) ** 2),
    "sigmoid": (special.expit, _sigmoid_slope),
    "softplus": (lambda z: np.logaddexp(0.0, z), special.expit),
    "erf": (special.erf, lambda z: 2.0 / np.sqrt(np.pi) * np.exp(-z * z)),
    "sin": (np.sin, np.cos),
    "square": (np.square, lambda z: 2.0 * z),
}
PIECEWISE_LINEAR = ("relu", "leaky_relu", "abs")
