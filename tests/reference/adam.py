"""Full-batch Adam with step decay, in PyTorch's form (Kingma & Ba 2015, algorithm 1).

m <- b1 m + (1-b1) g,  v <- b2 v + (1-b2) g^2,  p <- p - lr_t mhat / (sqrt(vhat) + eps),
lr_t = lr decay^floor((t-1)/every), t from 1.
"""

from dataclasses import dataclass

import numpy as np

from reference.model import Parameters, gradient


@dataclass(frozen=True)
class AdamSettings:
    """The numbers of a training; the defaults are the first paper's protocol."""

    steps: int = 50_000
    lr: float = 0.01
    lr_decay: float = 0.2
    lr_decay_every: int = 10_000
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8


def train(
    p: Parameters,
    activation: str,
    x: np.ndarray,
    y: np.ndarray,
    *,
    settings: AdamSettings,
    weights: np.ndarray | None = None,
) -> Parameters:
    """Parameters after `settings.steps` updates; the given ones are left alone."""
    s = settings
    now = [array.copy() for array in p.double()]
    m = [np.zeros_like(array) for array in now]
    v = [np.zeros_like(array) for array in now]
    for t in range(1, s.steps + 1):
        lr = s.lr * s.lr_decay ** ((t - 1) // s.lr_decay_every)
        _, grad = gradient(Parameters(*now), activation, x, y, weights)
        for k, g in enumerate(grad):
            m[k] = s.beta1 * m[k] + (1 - s.beta1) * g
            v[k] = s.beta2 * v[k] + (1 - s.beta2) * g * g
            m_hat = m[k] / (1 - s.beta1**t)
            v_hat = v[k] / (1 - s.beta2**t)
            now[k] = now[k] - lr * m_hat / (np.sqrt(v_hat) + s.epsilon)
    return Parameters(*now)
