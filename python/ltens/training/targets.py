"""The named target functions of `Task.from_function`, each of x (D, d) float64 to y (D,) float64.

In d = 1 they are the textbook functions; in d > 1 `square`, `cube`, `abs`, `sin` and `exp` are
sums over the coordinates, `step` looks at the sign of the sum and `runge`, `gaussian` at the
distance from the origin.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .._typing import Floats


def square(x: Floats) -> Floats:
    """Return sum_k x_k^2."""
    return np.asarray(np.sum(x * x, axis=1))


def cube(x: Floats) -> Floats:
    """Return sum_k x_k^3."""
    return np.asarray(np.sum(x * x * x, axis=1))


def absolute(x: Floats) -> Floats:
    """Return sum_k |x_k|."""
    return np.asarray(np.sum(np.abs(x), axis=1))


def sine(x: Floats) -> Floats:
    """Return sum_k sin x_k."""
    return np.asarray(np.sum(np.sin(x), axis=1))


def exponential(x: Floats) -> Floats:
    """Return sum_k exp x_k."""
    return np.asarray(np.sum(np.exp(x), axis=1))


def step(x: Floats) -> Floats:
    """Return 1 where sum_k x_k > 0, else 0."""
    return np.where(np.sum(x, axis=1) > 0, 1.0, 0.0)


def runge(x: Floats) -> Floats:
    """Return 1 / (1 + 25 |x|^2)."""
    return 1.0 / (1.0 + 25.0 * square(x))


def gaussian(x: Floats) -> Floats:
    """Return exp(-|x|^2 / 2)."""
    return np.asarray(np.exp(-0.5 * square(x)))


FUNCTIONS: dict[str, Callable[[Floats], Floats]] = {
    "square": square,
    "cube": cube,
    "abs": absolute,
    "sin": sine,
    "exp": exponential,
    "step": step,
    "runge": runge,
    "gaussian": gaussian,
}
