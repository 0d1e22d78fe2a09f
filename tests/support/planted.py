"""Ensembles with a known answer."""

import numpy as np

import ltens


def square(samples: int = 200, domain: tuple[float, float] = (-2.0, 2.0)) -> ltens.Task:
    return ltens.Task.from_function("square", domain=domain, samples=samples)


def pairs(
    k: int, seeds: int, *, activation: str = "silu", rng: int = 0, shuffled: bool = False,
    noise: float = 0.0,
) -> ltens.Networks:  # fmt: skip
    """Return networks of k mirror pairs; shuffled: the sign of w of each neuron drawn anew."""
    draw = np.random.default_rng(rng)
    w = draw.uniform(0.2, 1.5, (seeds, k))
    b, a = draw.normal(0, 1, (seeds, k)), draw.normal(1, 0.5, (seeds, k))
    w, b, a = np.concatenate([w, -w], 1), np.concatenate([b, b], 1), np.concatenate([a, a], 1)
    if shuffled:
        w *= draw.choice([-1, 1], w.shape)
    w = w + noise * draw.normal(size=w.shape)
    return ltens.Networks(w[..., None], b, a, np.zeros(seeds), activation=activation)


def with_errors(
    seeds: int, bias: float, spread: float, *, correlation: float = 0.0, rng: int = 0,
    samples: int = 200, aligned: bool = False,
) -> tuple[ltens.Networks, ltens.Task]:  # fmt: skip
    """Return networks of width 3 and a task whose errors f - y are planted.

    f(x) - y(x) = bias + spread * z_s x / rms(x), z_s standard normal: squared bias bias^2, variance
    spread^2. correlation: each batch of networks shares sqrt(correlation) of z. aligned: the error
    is bias + spread * z_s, so that bias and spread are along the same function.
    """
    draw = np.random.default_rng(rng)
    x = np.linspace(-1, 1, samples)
    z = np.sqrt(1 - correlation) * draw.normal(size=seeds) + np.sqrt(correlation) * draw.normal()
    slope = (0.0 if aligned else spread) * z / np.sqrt(np.mean(x**2))
    # relu(x) - relu(-x) = x; the third neuron is constant.
    w = np.tile([[1.0], [-1.0], [0.0]], (seeds, 1, 1))
    a = np.stack([1 + slope, -1 - slope, np.ones(seeds)], axis=1)
    b = np.tile([0.0, 0.0, 1.0], (seeds, 1))
    nets = ltens.Networks(w, b, a, bias - 1.0 + (spread if aligned else 0.0) * z, activation="relu")
    return nets, ltens.Task(x, x)


def permuted(nets: ltens.Networks, order: np.ndarray) -> ltens.Networks:
    return ltens.Networks(
        nets.w[:, order], nets.b[:, order], nets.a[:, order], nets.c, activation=nets.activation
    )
