"""How large the terms are that cancel in a loss or a gradient.

An algorithm that evaluates the sums in any order, in a precision with unit roundoff eps, has an
error of about eps * magnitude per rounding (Higham, Accuracy and Stability, section 3.1), where
magnitude is the same sum with every term replaced by its absolute value. |act''| <= 2 for all
smooth activations here, hence the factor 2 with which an error in z enters a derivative.

An error e_k in output f_k enters a loss as |l'_k| e_k, where l'_k is at most the softmax (or the
sigmoid) plus y_k, and it changes a softmax p_k by p_k (e_k + sum_l p_l e_l) at the most.
"""

import numpy as np

from reference.activations import ACTIVATIONS, sigmoid
from reference.losses import LOSSES, softmax
from reference.model import Parameters, inputs, outputs, preactivations, sample_weights, targets


def _parts(
    p: Parameters, activation: str, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Magnitudes of hidden values and derivatives (S, N, D), outputs (S, D, C) and magnitudes."""
    act = ACTIVATIONS[activation]
    z = preactivations(p, x)
    absolute = Parameters(*(np.abs(array) for array in p))
    z_size = preactivations(absolute, np.abs(inputs(x)))
    slope = np.abs(act.derivative(z))
    value = act.value(z)
    hidden = np.abs(value) + 1 + (1 + slope) * z_size
    derivative = np.maximum(slope, 1) + (0 if act.piecewise_linear else 2) * z_size
    return hidden, derivative, outputs(p, value), outputs(absolute, hidden)


def _probabilities(f: np.ndarray, kind: str) -> np.ndarray:
    return softmax(f) if kind == "cross_entropy" else sigmoid(f)


def _loss_size(f: np.ndarray, f_size: np.ndarray, y: np.ndarray, kind: str) -> np.ndarray:
    """Magnitudes (S, D) of the loss of each sample."""
    if kind == "mse":
        return ((f_size + np.abs(y)) ** 2).sum(axis=-1)
    entering = ((_probabilities(f, kind) + y) * (1 + f_size)).sum(axis=-1)
    return np.abs(LOSSES[kind].value(f, y)) + entering


def _slope_size(f: np.ndarray, f_size: np.ndarray, y: np.ndarray, kind: str) -> np.ndarray:
    """Magnitudes (S, D, C) of the derivative in each output."""
    if kind == "mse":
        return 2 * (f_size + np.abs(y))
    probability = _probabilities(f, kind)
    shared = (probability * f_size).sum(axis=-1, keepdims=True)
    return probability * (1 + f_size + shared) + y


def loss_magnitude(
    p: Parameters,
    activation: str,
    x: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray | None = None,
    *,
    kind: str = "mse",
) -> np.ndarray:
    """(S,) magnitudes of the losses."""
    _, _, f, f_size = _parts(p.double(), activation, x)
    return (sample_weights(x, weights) * _loss_size(f, f_size, targets(y), kind)).sum(axis=1)


def gradient_magnitude(
    p: Parameters,
    activation: str,
    x: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray | None = None,
    *,
    kind: str = "mse",
) -> Parameters:
    """Magnitude of every gradient element."""
    p = p.double()
    x, y = inputs(x), targets(y)
    hidden, derivative, f, f_size = _parts(p, activation, x)
    upstream = sample_weights(x, weights)[:, None] * _slope_size(f, f_size, y, kind)
    a, _ = p.readout()
    into_neuron = np.einsum("sdc,scn->snd", upstream, np.abs(a)) * derivative
    return Parameters(
        w=into_neuron @ np.abs(x),
        b=into_neuron.sum(axis=2),
        a=np.einsum("sdc,snd->scn", upstream, hidden).reshape(p.a.shape),
        c=upstream.sum(axis=1).reshape(p.c.shape),
    )
