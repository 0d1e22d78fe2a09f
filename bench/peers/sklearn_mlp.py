"""scikit-learn: an `MLPRegressor` for each network, one step of Adam for each `partial_fit`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from bench.peers.problem import (
    BETA1,
    BETA2,
    EPSILON,
    LR,
    LR_DECAY,
    LR_DECAY_EVERY,
    Arrays,
    PeerProblem,
)

REQUIRES = ("sklearn",)
_ACTIVATIONS = {"relu": "relu", "tanh": "tanh"}


def environment(threads: int) -> dict[str, str]:
    """The threads are Python's; BLAS gets one."""
    return {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def applies(problem: PeerProblem) -> bool:
    """Whether scikit-learn has the activation, and the loss is the mean square."""
    return problem.activation in _ACTIVATIONS and not problem.classes


def prepare(problem: PeerProblem, steps: int) -> Callable[[], Arrays]:
    """A training of `steps` updates; nothing is compiled."""
    x, y = problem.data()

    def train(s: int) -> Any:
        net = _network(problem, x, y, s)
        for t in range(steps):
            net._optimizer.learning_rate_init = LR * LR_DECAY ** (t // LR_DECAY_EVERY)
            net.partial_fit(x, y)
        return net

    def run() -> Arrays:
        with ThreadPoolExecutor(problem.threads) as pool:
            nets = list(pool.map(train, range(problem.networks)))
        w = np.stack([net.coefs_[0].T for net in nets])
        b = np.stack([net.intercepts_[0] for net in nets])
        a = np.stack([net.coefs_[1][:, 0] for net in nets])
        return w, b, a, np.array([net.intercepts_[1][0] for net in nets])

    return run


def _network(problem: PeerProblem, x: np.ndarray, y: np.ndarray, s: int) -> Any:
    """A network before its first step: its loss is half the mean square, so half the epsilon."""
    from sklearn.neural_network import MLPRegressor
    from sklearn.neural_network._stochastic_optimizers import AdamOptimizer

    net = MLPRegressor(
        hidden_layer_sizes=(problem.width,), activation=_ACTIVATIONS[problem.activation], alpha=0.0,
        batch_size=problem.samples, shuffle=False,
    )  # fmt: skip
    net.partial_fit(x, y)  # makes the arrays
    w, b, a, c = (array[s] for array in problem.start)
    for array, start in zip(
        [*net.coefs_, *net.intercepts_], [w.T, a[:, None], b, c[None]], strict=True
    ):
        array[...] = start
    net._optimizer = AdamOptimizer(
        net.coefs_ + net.intercepts_, LR, beta_1=BETA1, beta_2=BETA2, epsilon=EPSILON / 2
    )
    return net
