"""The losses of one sample, their derivatives in the outputs, and what counts as wrong.

f and y are (..., C): C outputs, one for mse of one output and for logistic.

mse:           sum_k (f_k - y_k)^2
cross_entropy: log sum_k exp(f_k) - sum_k y_k f_k, for sum_k y_k = 1
logistic:      log(1 + exp(f)) - y f
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reference.activations import sigmoid


@dataclass(frozen=True)
class Loss:
    """Value (...,), derivative (..., C) and wrong (...,), where there are classes, of f and y."""

    value: Callable[[np.ndarray, np.ndarray], np.ndarray]
    derivative: Callable[[np.ndarray, np.ndarray], np.ndarray]
    wrong: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None


def log_sum_exp(f: np.ndarray) -> np.ndarray:
    """log sum_k exp(f_k) (..., 1), whatever the size of f."""
    top = f.max(axis=-1, keepdims=True)
    return top + np.log(np.exp(f - top).sum(axis=-1, keepdims=True))


def softmax(f: np.ndarray) -> np.ndarray:
    """exp(f_k) / sum_l exp(f_l)."""
    return np.exp(f - log_sum_exp(f))


def cross_entropy(f: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Cross entropy of softmax(f) with y, whose sum is 1."""
    return (log_sum_exp(f) - (y * f).sum(axis=-1, keepdims=True))[..., 0]


LOSSES: dict[str, Loss] = {
    "mse": Loss(
        lambda f, y: ((f - y) ** 2).sum(axis=-1),
        lambda f, y: 2 * (f - y),
    ),
    "cross_entropy": Loss(
        cross_entropy,
        lambda f, y: softmax(f) - y,
        lambda f, y: f.argmax(axis=-1) != y.argmax(axis=-1),  # the first of equal ones
    ),
    "logistic": Loss(
        lambda f, y: (np.logaddexp(0.0, f) - y * f)[..., 0],
        lambda f, y: sigmoid(f) - y,
        lambda f, y: ((f > 0) != (y >= 0.5))[..., 0],
    ),
}
