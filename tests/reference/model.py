"""The network, its loss and its gradient.

f_k(x) = c_k + sum_i a_ki act(w_i.x + b_i),   L = sum_j q_j loss(f(x_j), y_j), see losses.py;
one output, sum_j q_j (f(x_j) - y_j)^2, unless a has a dimension more.
"""

from typing import NamedTuple

import numpy as np

from reference.activations import ACTIVATIONS
from reference.losses import LOSSES


class Parameters(NamedTuple):
    """Parameters of S networks; a gradient has the same form."""

    w: np.ndarray  # (S, N, d)
    b: np.ndarray  # (S, N)
    a: np.ndarray  # (S, N) for one output, else (S, C, N)
    c: np.ndarray  # (S,) for one output, else (S, C)

    def double(self) -> "Parameters":
        """The same numbers as float64."""
        return Parameters(*(np.asarray(array, dtype=np.float64) for array in self))

    def readout(self) -> tuple[np.ndarray, np.ndarray]:
        """(S, C, N) output weights and (S, C) output biases, also for C = 1."""
        return (self.a, self.c) if self.a.ndim == 3 else (self.a[:, None], self.c[:, None])


def inputs(x: np.ndarray) -> np.ndarray:
    """Samples as (D, d) float64."""
    x = np.asarray(x, dtype=np.float64)
    return x[:, None] if x.ndim == 1 else x


def targets(y: np.ndarray) -> np.ndarray:
    """Targets as (D, C) float64."""
    return inputs(y)


def preactivations(p: Parameters, x: np.ndarray) -> np.ndarray:
    """(S, N, D) values w_i.x_j + b_i, summed over the dimensions one by one."""
    x = inputs(x)
    z = np.broadcast_to(p.b[:, :, None], (*p.b.shape, len(x))).copy()
    for k in range(x.shape[1]):
        z += p.w[:, :, k, None] * x[:, k]
    return z


def outputs(p: Parameters, hidden: np.ndarray) -> np.ndarray:
    """(S, D, C) outputs of hidden values (S, N, D), output by output."""
    a, c = p.readout()
    each = [(a[:, k, :, None] * hidden).sum(axis=1) + c[:, k, None] for k in range(c.shape[1])]
    return np.stack(each, axis=-1)


def predict(p: Parameters, activation: str, x: np.ndarray) -> np.ndarray:
    """(S, D) predictions, (S, D, C) of several outputs."""
    p = p.double()
    f = outputs(p, ACTIVATIONS[activation].value(preactivations(p, x)))
    return f if p.a.ndim == 3 else f[..., 0]


def sample_weights(x: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """(D,) float64: the weights as given, or 1/D each."""
    if weights is None:
        return np.full(len(x), 1 / len(x))
    return np.asarray(weights, dtype=np.float64)


def loss(
    p: Parameters,
    activation: str,
    x: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray | None = None,
    *,
    kind: str = "mse",
) -> np.ndarray:
    """(S,) losses."""
    p = p.double()
    f = outputs(p, ACTIVATIONS[activation].value(preactivations(p, x)))
    return (sample_weights(x, weights) * LOSSES[kind].value(f, targets(y))).sum(axis=1)


def error(
    p: Parameters,
    activation: str,
    x: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray | None = None,
    *,
    kind: str = "mse",
) -> np.ndarray:
    """(S,) shares of the weights on samples whose class is not the predicted one.

    NaN without classes, or where an output is.
    """
    p = p.double()
    wrong = LOSSES[kind].wrong
    if wrong is None:
        return np.full(len(p.w), np.nan)
    f = outputs(p, ACTIVATIONS[activation].value(preactivations(p, x)))
    q = sample_weights(x, weights)
    share = (q * wrong(f, targets(y))).sum(axis=1) / q.sum()
    return np.where(np.isnan(f).any(axis=(1, 2)), np.nan, share)


def gradient(
    p: Parameters,
    activation: str,
    x: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray | None = None,
    *,
    kind: str = "mse",
) -> tuple[np.ndarray, Parameters]:
    """(S,) losses and the gradient of each with respect to its own parameters."""
    p = p.double()
    x, y = inputs(x), targets(y)
    q = sample_weights(x, weights)
    act = ACTIVATIONS[activation]
    z = preactivations(p, x)  # (S, N, D)
    hidden = act.value(z)
    f = outputs(p, hidden)  # (S, D, C)
    upstream = q[:, None] * LOSSES[kind].derivative(f, y)  # (S, D, C), dL/df(x_j)
    a, c = p.readout()
    back = sum(upstream[:, None, :, k] * a[:, k, :, None] for k in range(c.shape[1]))
    into_neuron = back * act.derivative(z)  # (S, N, D), dL/dz
    return (q * LOSSES[kind].value(f, y)).sum(axis=1), Parameters(
        w=into_neuron @ x,
        b=into_neuron.sum(axis=2),
        a=np.einsum("sdc,snd->scn", upstream, hidden).reshape(p.a.shape),
        c=upstream.sum(axis=1).reshape(p.c.shape),
    )
