"""Adam, AdamW, SGD and sign descent in PyTorch's form, their learning rates, full or given batches.

adam (Kingma & Ba 2015, algorithm 1): m <- b1 m + (1-b1) g,  v <- b2 v + (1-b2) g^2,
p <- p - lr_t mhat / (sqrt(vhat) + eps); sgd: m <- mu m + g, p <- p - lr_t m; sign: the same with
sign(m); t from 1. A weight decay is part of adam's gradient, and apart from all others.
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
    weight_decay: tuple[float, ...] = (0, 0, 0, 0)
    warmup: int = 0
    lr_floor: float = 0.0
    cooldown: float = 0.2
    lr_power: float = 0.5
    lr_power_time: float = 1000.0

    def rate(self, t: int) -> float:
        """The learning rate of step t."""
        warm = min(1.0, t / self.warmup) if self.warmup else 1.0
        return self.lr * warm * self.shape(t - 1)

    def shape(self, before: int) -> float:
        """The schedule after so many steps, from 1."""
        if self.schedule == "constant":
            return 1.0
        if self.schedule == "power":
            return (1 + before / self.lr_power_time) ** -self.lr_power
        if self.schedule == "step":
            return self.lr_decay ** (before // self.lr_decay_every)
        if self.schedule == "cosine":
            falling = (1 + np.cos(np.pi * before / self.steps)) / 2
        else:
            falling = min(1.0, (self.steps - before) / (self.cooldown * self.steps))
        return self.lr_floor + (1 - self.lr_floor) * falling


def train(
    p: Parameters,
    activation: str,
    x: np.ndarray,
    y: np.ndarray,
    *,
    settings: Settings,
    weights: np.ndarray | None = None,
    batches: Callable[[], np.ndarray] | None = None,
    kind: str = "mse",
) -> Parameters:
    """Parameters after `settings.steps` updates; the given ones are left alone.

    `batches` gives the samples (B,) of the next step, the same for all networks; `kind` is one of
    the losses.
    """
    s = settings
    now = [array.copy() for array in p.double()]
    m = [np.zeros_like(array) for array in now]
    v = [np.zeros_like(array) for array in now]
    q = sample_weights(x, weights)
    for t in range(1, s.steps + 1):
        which = np.arange(len(x)) if batches is None else batches()
        scaled = q[which] * len(x) / len(which)
        _, grad = gradient(Parameters(*now), activation, x[which], y[which], scaled, kind=kind)
        for k, slope in enumerate(grad):
            lr, decay = s.lr_factors[k] * s.rate(t), s.weight_decay[k]
            g = slope + decay * now[k] if s.optimizer == "adam" else slope
            if s.optimizer != "adam":
                now[k] = now[k] - lr * decay * now[k]
            if s.optimizer in ("sgd", "sign"):
                m[k] = s.momentum * m[k] + g
                now[k] = now[k] - lr * (m[k] if s.optimizer == "sgd" else np.sign(m[k]))
                continue
            m[k] = s.beta1 * m[k] + (1 - s.beta1) * g
            v[k] = s.beta2 * v[k] + (1 - s.beta2) * g * g
            m_hat = m[k] / (1 - s.beta1**t)
            v_hat = v[k] / (1 - s.beta2**t)
            now[k] = now[k] - lr * m_hat / (np.sqrt(v_hat) + s.epsilon)
    return Parameters(*now)
