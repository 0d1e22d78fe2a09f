"""Adam and SGD with momentum in PyTorch's form, their learning rates, on full or given batches.

adam (Kingma & Ba 2015, algorithm 1): m <- b1 m + (1-b1) g,  v <- b2 v + (1-b2) g^2,
p <- p - lr_t mhat / (sqrt(vhat) + eps); sgd: m <- mu m + g, p <- p - lr_t m; t from 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reference.model import Parameters, gradient, sample_weights


@dataclass(frozen=True)
class Settings:
    """The numbers of a training; the defaults are the first paper's protocol."""

    steps: int = 50_000
    lr: float = 0.01
    lr_decay: float = 0.2
    lr_decay_every: int = 10_000
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    optimizer: str = "adam"
    momentum: float = 0.9
    schedule: str = "step"
    lr_factors: tuple[float, ...] = (1, 1, 1, 1)  # of w, b, a, c

    def rate(self, t: int) -> float:
        """The learning rate of step t."""
        if self.schedule == "constant":
            return self.lr
        if self.schedule == "cosine":
            return self.lr * (1 + np.cos(np.pi * (t - 1) / self.steps)) / 2
        return self.lr * self.lr_decay ** ((t - 1) // self.lr_decay_every)


def train(
    p: Parameters,
    activation: str,
    x: np.ndarray,
    y: np.ndarray,
    *,
    settings: Settings,
    weights: np.ndarray | None = None,
    batches: Callable[[], np.ndarray] | None = None,
) -> Parameters:
    """Parameters after `settings.steps` updates; the given ones are left alone.

    `batches` gives the samples (B,) of the next step, the same for all networks.
    """
    s = settings
    now = [array.copy() for array in p.double()]
    m = [np.zeros_like(array) for array in now]
    v = [np.zeros_like(array) for array in now]
    q = sample_weights(x, weights)
    for t in range(1, s.steps + 1):
        which = np.arange(len(x)) if batches is None else batches()
        scaled = q[which] * len(x) / len(which)
        _, grad = gradient(Parameters(*now), activation, x[which], y[which], scaled)
        for k, g in enumerate(grad):
            lr = s.lr_factors[k] * s.rate(t)
            if s.optimizer == "sgd":
                m[k] = s.momentum * m[k] + g
                now[k] = now[k] - lr * m[k]
                continue
            m[k] = s.beta1 * m[k] + (1 - s.beta1) * g
            v[k] = s.beta2 * v[k] + (1 - s.beta2) * g * g
            m_hat = m[k] / (1 - s.beta1**t)
            v_hat = v[k] / (1 - s.beta2**t)
            now[k] = now[k] - lr * m_hat / (np.sqrt(v_hat) + s.epsilon)
    return Parameters(*now)
