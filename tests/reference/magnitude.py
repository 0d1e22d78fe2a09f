"""How large the terms are that cancel in a loss or a gradient.

An algorithm that evaluates the sums in any order, in a precision with unit roundoff eps, has an
error of about eps * magnitude per rounding (Higham, Accuracy and Stability, section 3.1), where
magnitude is the same sum with every term replaced by its absolute value. |act''| <= 2 for all
smooth activations here, hence the factor 2 with which an error in z enters a derivative.
"""

import numpy as np

from reference.activations import ACTIVATIONS
from reference.model import Parameters, inputs, preactivations, sample_weights


def _parts(
    p: Parameters, activation: str, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Magnitudes of hidden values (S, N, D), derivatives (S, N, D) and residuals (S, D)."""
    act = ACTIVATIONS[activation]
    z = preactivations(p, x)
    absolute = Parameters(*(np.abs(array) for array in p))
    z_size = preactivations(absolute, np.abs(inputs(x)))
    slope = np.abs(act.derivative(z))
    hidden = np.abs(act.value(z)) + 1 + (1 + slope) * z_size
    derivative = np.maximum(slope, 1) + (0 if act.piecewise_linear else 2) * z_size
    residual = (absolute.a[:, :, None] * hidden).sum(axis=1) + absolute.c[:, None] + np.abs(y)
    return hidden, derivative, residual


def loss_magnitude(
    p: Parameters, activation: str, x: np.ndarray, y: np.ndarray, weights: np.ndarray | None = None
) -> np.ndarray:
    """(S,) magnitudes of the losses."""
    residual = _parts(p.double(), activation, x, y)[2]
    return (sample_weights(x, weights) * residual**2).sum(axis=1)


def gradient_magnitude(
    p: Parameters, activation: str, x: np.ndarray, y: np.ndarray, weights: np.ndarray | None = None
) -> Parameters:
    """Magnitude of every gradient element."""
    p = p.double()
    x = inputs(x)
    hidden, derivative, residual = _parts(p, activation, x, y)
    upstream = 2 * sample_weights(x, weights) * residual
    into_neuron = upstream[:, None, :] * np.abs(p.a)[:, :, None] * derivative
    return Parameters(
        w=into_neuron @ np.abs(x),
        b=into_neuron.sum(axis=2),
        a=(upstream[:, None, :] * hidden).sum(axis=2),
        c=upstream.sum(axis=1),
    )
