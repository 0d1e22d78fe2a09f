"""The activations and their derivatives in NumPy and float64: z (...) -> (...)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from .._typing import Floats

Function = Callable[[Floats], Floats]
_LEAKY_SLOPE = 0.01
_NORMAL = 1.0 / np.sqrt(2.0 * np.pi)


@dataclass(frozen=True)
class Activation:
    """A function, its derivative and its symmetries.

    Attributes
    ----------
    value, derivative : callable
    piecewise_linear : bool
    homogeneous : int
        p > 0 where act(s z) = s^p act(z) for all s > 0, else 0.
    parity : int
        1 where act(-z) = act(z), -1 where act(-z) = -act(z), else 0.
    """

    value: Function
    derivative: Function
    piecewise_linear: bool = False
    homogeneous: int = 0
    parity: int = 0


def evaluate(name: str, z: Floats) -> Floats:
    """Return act(z), float64, same shape.

    Examples
    --------
    >>> evaluate("relu", np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    return np.asarray(ACTIVATIONS[name].value(z), dtype=np.float64)


def derivative(name: str, z: Floats) -> Floats:
    """Return act'(z), float64, same shape; at a kink the value from the left.

    Examples
    --------
    >>> derivative("relu", np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 1.])
    """
    return np.asarray(ACTIVATIONS[name].derivative(z), dtype=np.float64)


def _silu_slope(z: Floats) -> Floats:
    s = special.expit(z)
    return np.asarray(s * (1.0 + z * (1.0 - s)))


def _sigmoid_slope(z: Floats) -> Floats:
    s = special.expit(z)
    return np.asarray(s * (1.0 - s))


def _gelu_slope(z: Floats) -> Floats:
    return np.asarray(special.ndtr(z) + z * _NORMAL * np.exp(-0.5 * z * z))


def _mish_slope(z: Floats) -> Floats:
    t = np.tanh(np.logaddexp(0.0, z))
    return np.asarray(t + z * special.expit(z) * (1.0 - t * t))


ACTIVATIONS: dict[str, Activation] = {
    "relu": Activation(
        lambda z: np.maximum(z, 0.0),
        lambda z: np.where(z > 0, 1.0, 0.0),
        piecewise_linear=True,
        homogeneous=1,
    ),
    "leaky_relu": Activation(
        lambda z: np.where(z > 0, z, _LEAKY_SLOPE * z),
        lambda z: np.where(z > 0, 1.0, _LEAKY_SLOPE),
        piecewise_linear=True,
        homogeneous=1,
    ),
    "abs": Activation(
        np.abs,
        lambda z: np.where(z > 0, 1.0, -1.0),
        piecewise_linear=True,
        homogeneous=1,
        parity=1,
    ),
    "silu": Activation(lambda z: z * special.expit(z), _silu_slope),
    "gelu": Activation(lambda z: z * special.ndtr(z), _gelu_slope),
    "tanh": Activation(np.tanh, lambda z: 1.0 - np.tanh(z) ** 2, parity=-1),
    "sigmoid": Activation(special.expit, _sigmoid_slope),
    "softplus": Activation(lambda z: np.logaddexp(0.0, z), special.expit),
    "erf": Activation(special.erf, lambda z: 2.0 / np.sqrt(np.pi) * np.exp(-z * z), parity=-1),
    "sin": Activation(np.sin, np.cos, parity=-1),
    "square": Activation(np.square, lambda z: 2.0 * z, homogeneous=2, parity=1),
    "relu2": Activation(
        lambda z: np.square(np.maximum(z, 0.0)),
        lambda z: 2.0 * np.maximum(z, 0.0),
        homogeneous=2,
    ),
    "mish": Activation(lambda z: z * np.tanh(np.logaddexp(0.0, z)), _mish_slope),
}
PIECEWISE_LINEAR = tuple(name for name, row in ACTIVATIONS.items() if row.piecewise_linear)
