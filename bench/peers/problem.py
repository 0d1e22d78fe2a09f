"""The common problem: y = |x|^2 on [-2, 2]^d, Adam with step decay, given start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

DOMAIN = (-2.0, 2.0)
ACTIVATIONS = ("relu", "silu", "tanh", "sin", "square")
LR, LR_DECAY, LR_DECAY_EVERY = 0.01, 0.2, 10_000
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # w (S, N, d); b, a (S, N); c (S,)


@dataclass(frozen=True)
class PeerProblem:
    """What to train, and on how many threads."""

    activation: str
    start: Arrays  # of the dtype to train in
    samples: int
    threads: int

    @property
    def networks(self) -> int:
        """S."""
        return len(self.start[0])

    @property
    def width(self) -> int:
        """N."""
        return int(self.start[0].shape[1])

    @property
    def dimension(self) -> int:
        """The d of the samples."""
        return int(self.start[0].shape[2])

    @property
    def dtype(self) -> np.dtype:
        """What the parameters are trained in."""
        return self.start[0].dtype

    @property
    def updates_per_step(self) -> int:
        """Neuron-sample updates of one step: S N D."""
        return self.networks * self.width * self.samples

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """x (D, d) and y (D,): a grid in one dimension, uniformly drawn in more."""
        x = points(self.samples, self.dimension)
        return x.astype(self.dtype), (x * x).sum(axis=1).astype(self.dtype)


def points(samples: int, dimension: int) -> np.ndarray:
    """(D, d) float64."""
    if dimension == 1:
        return np.linspace(*DOMAIN, samples)[:, None]
    return np.random.default_rng(0).uniform(*DOMAIN, size=(samples, dimension))


def schedule(steps: int, dtype: np.dtype) -> np.ndarray:
    """(steps, 3): lr_t, 1 - beta1^t, 1 - beta2^t for t from 1."""
    t = np.arange(1, steps + 1, dtype=np.float64)
    lr = LR * LR_DECAY ** ((t - 1) // LR_DECAY_EVERY)
    return np.stack([lr, 1 - BETA1**t, 1 - BETA2**t], axis=1).astype(dtype)


def save(path: Path, problem: PeerProblem) -> None:
    """Write a problem to an .npz file."""
    w, b, a, c = problem.start
    np.savez(
        path, w=w, b=b, a=a, c=c,
        activation=problem.activation, samples=problem.samples, threads=problem.threads,
    )  # fmt: skip


def load(path: Path) -> PeerProblem:
    """Read what `save` wrote."""
    with np.load(path) as file:
        return PeerProblem(
            activation=str(file["activation"]),
            start=(file["w"], file["b"], file["a"], file["c"]),
            samples=int(file["samples"]),
            threads=int(file["threads"]),
        )


def losses(problem: PeerProblem, arrays: Arrays) -> np.ndarray:
    """(S,) mean squared errors in float64, network by network."""
    from bench.peers.numpy_batched import activate

    x = points(problem.samples, problem.dimension)
    y = (x * x).sum(axis=1)
    result = np.empty(problem.networks)
    for s, (w, b, a, c) in enumerate(
        zip(*(np.asarray(v, np.float64) for v in arrays), strict=True)
    ):
        hidden = activate(problem.activation, w @ x.T + b[:, None])[0]
        result[s] = np.mean((a @ hidden + c - y) ** 2)
    return result
