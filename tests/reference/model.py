"""The network, its loss and its gradient.

f(x) = c + sum_i a_i act(w_i.x + b_i),   L = sum_j q_j (f(x_j) - y_j)^2.
"""

from typing import NamedTuple

import numpy as np

from reference.activations import ACTIVATIONS


class Parameters(NamedTuple):
    """Parameters of S networks; a gradient has the same form."""

    w: np.ndarray  # (S, N, d)
    b: np.ndarray  # (S, N)
    a: np.ndarray  # (S, N)
    c: np.ndarray  # (S,)

    def double(self) -> "Parameters":
        """The same numbers as float64."""
        return Parameters(*(np.asarray(array, dtype=np.float64) for array in self))


def inputs(x: np.ndarray) -> np.ndarray:
    """Samples as (D, d) float64."""
    x = np.asarray(x, dtype=np.float64)
    return x[:, None] if x.ndim == 1 else x


def preactivations(p: Parameters, x: np.ndarray) -> np.ndarray:
    """(S, N, D) values w_i.x_j + b_i, summed over the dimensions one by one."""
    x = inputs(x)
    z = np.broadcast_to(p.b[:, :, None], (*p.b.shape, len(x))).copy()
    for k in range(x.shape[1]):
        z += p.w[:, :, k, None] * x[:, k]
    return z


def predict(p: Parameters, activation: str, x: np.ndarray) -> np.ndarray:
    """(S, D) predictions."""
    p = p.double()
    hidden = ACTIVATIONS[activation].value(preactivations(p, x))
    return (p.a[:, :, None] * hidden).sum(axis=1) + p.c[:, None]


def sample_weights(x: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """(D,) float64: the weights as given, or 1/D each."""
    if weights is None:
        return np.full(len(x), 1 / len(x))
    return np.asarray(weights, dtype=np.float64)


def loss(
    p: Parameters, activation: str, x: np.ndarray, y: np.ndarray, weights: np.ndarray | None = None
) -> np.ndarray:
    """(S,) losses."""
    residual = predict(p, activation, x) - np.asarray(y, dtype=np.float64)
    return (sample_weights(x, weights) * residual**2).sum(axis=1)


def gradient(
    p: Parameters, activation: str, x: np.ndarray, y: np.ndarray, weights: np.ndarray | None = None
) -> tuple[np.ndarray, Parameters]:
    """(S,) losses and the gradient of each with respect to its own parameters."""
    p = p.double()
    x = inputs(x)
    q = sample_weights(x, weights)
    act = ACTIVATIONS[activation]
    z = preactivations(p, x)  # (S, N, D)
    hidden = act.value(z)
    residual = (p.a[:, :, None] * hidden).sum(axis=1) + p.c[:, None] - np.asarray(y, np.float64)
    upstream = 2 * q * residual  # (S, D), dL/df(x_j)
    into_neuron = upstream[:, None, :] * p.a[:, :, None] * act.derivative(z)  # dL/dz
    return (q * residual**2).sum(axis=1), Parameters(
        w=into_neuron @ x,
        b=into_neuron.sum(axis=2),
        a=(upstream[:, None, :] * hidden).sum(axis=2),
        c=upstream.sum(axis=1),
    )
