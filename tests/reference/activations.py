"""Activations and their derivatives, each by its textbook formula.

At a kink the derivative is PyTorch's: relu'(0) = 0, leaky_relu'(0) = slope, abs'(0) = 0.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

LEAKY_SLOPE = 0.01

_erf = np.frompyfunc(math.erf, 1, 1)
_erfc = np.frompyfunc(math.erfc, 1, 1)


def erf(z: np.ndarray) -> np.ndarray:
    """Error function to the last bit or so, element by element."""
    return np.asarray(_erf(z), dtype=np.float64)


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-z)) without overflow on either side."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def normal_cdf(z: np.ndarray) -> np.ndarray:
    """Standard normal distribution function, accurate in the lower tail too."""
    return 0.5 * np.asarray(_erfc(-z / math.sqrt(2)), dtype=np.float64)


def normal_pdf(z: np.ndarray) -> np.ndarray:
    """Standard normal density."""
    return np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)


def silu_derivative(z: np.ndarray) -> np.ndarray:
    """d/dz z s(z) = s + z s (1 - s); 1 - s(z) is written s(-z), which does not cancel."""
    return sigmoid(z) + z * sigmoid(z) * sigmoid(-z)


def mish_derivative(z: np.ndarray) -> np.ndarray:
    """d/dz z tanh(u) = tanh(u) + z s(z) / cosh(u)^2 with u = softplus(z), u' = s(z)."""
    u = np.logaddexp(0.0, z)
    return np.tanh(u) + z * sigmoid(z) / np.cosh(np.minimum(u, 350)) ** 2  # cosh overflows at 710


@dataclass(frozen=True)
class Activation:
    """A function, its derivative, whether it is piecewise linear, and whether it is analytic."""

    value: Callable[[np.ndarray], np.ndarray]
    derivative: Callable[[np.ndarray], np.ndarray]
    piecewise_linear: bool = False
    analytic: bool = True


ACTIVATIONS: dict[str, Activation] = {
    "relu": Activation(
        lambda z: np.where(z > 0, z, 0.0),
        lambda z: np.where(z > 0, 1.0, 0.0),
        piecewise_linear=True,
        analytic=False,
    ),
    "leaky_relu": Activation(
        lambda z: np.where(z > 0, z, LEAKY_SLOPE * z),
        lambda z: np.where(z > 0, 1.0, LEAKY_SLOPE),
        piecewise_linear=True,
        analytic=False,
    ),
    "abs": Activation(np.abs, np.sign, piecewise_linear=True, analytic=False),
    "silu": Activation(lambda z: z * sigmoid(z), silu_derivative),
    "gelu": Activation(lambda z: z * normal_cdf(z), lambda z: normal_cdf(z) + z * normal_pdf(z)),
    "tanh": Activation(np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": Activation(sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    "softplus": Activation(lambda z: np.logaddexp(0.0, z), sigmoid),
    "erf": Activation(erf, lambda z: 2 / math.sqrt(math.pi) * np.exp(-z * z)),
    "sin": Activation(np.sin, np.cos),
    "square": Activation(lambda z: z * z, lambda z: 2 * z),
    "relu2": Activation(
        lambda z: np.where(z > 0, z * z, 0.0),
        lambda z: np.where(z > 0, 2 * z, 0.0),
        analytic=False,
    ),
    "mish": Activation(lambda z: z * np.tanh(np.logaddexp(0.0, z)), mish_derivative),
}
