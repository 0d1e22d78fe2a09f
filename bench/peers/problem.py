"""The common problem: y = |x|^2 on [-2, 2]^d or ten classes of digits; Adam with step decay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import logsumexp

DOMAIN = (-2.0, 2.0)
ACTIVATIONS = ("relu", "silu", "tanh", "sin", "square")
LR, LR_DECAY, LR_DECAY_EVERY = 0.01, 0.2, 10_000
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8

# w (S, N, d); b, a (S, N); c (S,); of the digits a (S, 10, N) and c (S, 10)
Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class PeerProblem:
    """What to train, and on how many threads; of the digits `samples` is the number of all."""

    activation: str
    start: Arrays  # of the dtype to train in
    samples: int
    threads: int
    task: str = "square"  # or "digits": 64 inputs, 10 classes, cross-entropy

    @property
    def classes(self) -> bool:
        """Whether the loss is the cross-entropy."""
        return self.task == "digits"

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
        """x (D, d) and y (D,), of the digits (D, 10), in the dtype of the training."""
        x, y = exact_data(self)
        return x.astype(self.dtype), y.astype(self.dtype)


def exact_data(problem: PeerProblem) -> tuple[np.ndarray, np.ndarray]:
    """The same in float64; |x|^2 on a grid in one dimension, uniformly drawn in more."""
    if problem.classes:
        import ltens

        task = ltens.Task.digits("train")
        return task.x, task.y
    x = points(problem.samples, problem.dimension)
    return x, (x * x).sum(axis=1)


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
        task=problem.task,
    )  # fmt: skip


def load(path: Path) -> PeerProblem:
    """Read what `save` wrote."""
    with np.load(path) as file:
        return PeerProblem(
            activation=str(file["activation"]),
            start=(file["w"], file["b"], file["a"], file["c"]),
            samples=int(file["samples"]),
            threads=int(file["threads"]),
            task=str(file["task"]),
        )


def losses(problem: PeerProblem, arrays: Arrays) -> np.ndarray:
    """(S,) losses in float64, network by network."""
    from bench.peers.numpy_batched import activate

    x, y = exact_data(problem)
    result = np.empty(problem.networks)
    for s, (w, b, a, c) in enumerate(
        zip(*(np.asarray(v, np.float64) for v in arrays), strict=True)
    ):
        hidden = activate(problem.activation, w @ x.T + b[:, None])[0]
        if problem.classes:
            f = (a @ hidden).T + c
            result[s] = np.mean(logsumexp(f, axis=1) - (y * f).sum(axis=1))
        else:
            result[s] = np.mean((a @ hidden + c - y) ** 2)
    return result
