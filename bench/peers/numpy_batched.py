"""NumPy: the gradient by hand, chunks of networks that fit the cache, one Python thread a core.

In float64 this is also the reference that every peer's losses are checked against.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from bench.peers.problem import BETA1, BETA2, EPSILON, Arrays, PeerProblem, schedule

REQUIRES = ("numpy",)
CHUNK_ELEMENTS = 64_000  # N * D values of each intermediate array: it stays in the L2 cache


def environment(threads: int) -> dict[str, str]:
    """The threads are Python's, one for each chunk at work; BLAS gets one."""
    return {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def activate(name: str, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Value and derivative."""
    if name == "relu":
        return np.maximum(z, 0), (z > 0).astype(z.dtype)
    if name == "silu":
        s = 1 / (1 + np.exp(-z))
        value = z * s
        return value, s + value * (1 - s)
    if name == "tanh":
        value = np.tanh(z)
        return value, 1 - value * value
    if name == "sin":
        return np.sin(z), np.cos(z)
    if name == "square":
        return z * z, 2 * z
    raise ValueError(f"activation is {name!r}, which this peer does not know.")


def preactivations(w: np.ndarray, b: np.ndarray, x: np.ndarray) -> np.ndarray:
    """(S, N, D)."""
    if x.shape[1] == 1:
        return np.asarray(w * x[:, 0] + b[:, :, None])
    return np.asarray(w @ x.T + b[:, :, None])


def gradient(problem: PeerProblem, p: list[np.ndarray], basis: np.ndarray, y: np.ndarray) -> Arrays:
    """Gradient of all networks; `basis` (D, d + 1) holds x and 1, so that b's sums ride along."""
    w, b, a, c = p
    hidden, derivative = activate(problem.activation, preactivations(w, b, basis[:, :-1]))
    if problem.classes:
        f = a @ hidden + c[:, :, None]
        f = np.exp(f - f.max(axis=1, keepdims=True))
        r = (f / f.sum(axis=1, keepdims=True) - y.T) / w.dtype.type(len(y))
        inner = (derivative * (a.transpose(0, 2, 1) @ r)) @ basis
        return inner[:, :, :-1], inner[:, :, -1], r @ hidden.transpose(0, 2, 1), r.sum(axis=2)
    residual = np.matmul(a[:, None, :], hidden)[:, 0] + c[:, None] - y
    residual *= w.dtype.type(2 / len(y))
    derivative *= residual[:, None, :]
    inner = a[:, :, None] * (derivative @ basis)
    outer = np.matmul(hidden, residual[:, :, None])[:, :, 0]
    return inner[:, :, :-1], inner[:, :, -1], outer, residual.sum(1)


def train(problem: PeerProblem, start: list[np.ndarray], steps: int) -> list[np.ndarray]:
    """Adam on some of the networks, in the dtype of `start`."""
    dtype = start[0].dtype
    x, y = (array.astype(dtype) for array in problem.data())
    basis = np.concatenate([x, np.ones_like(x[:, :1])], axis=1)
    p = [array.copy() for array in start]
    m = [np.zeros_like(array) for array in p]
    v = [np.zeros_like(array) for array in p]
    for lr, correction1, correction2 in schedule(steps, dtype):
        for k, g in enumerate(gradient(problem, p, basis, y)):
            m[k] *= BETA1
            m[k] += (1 - BETA1) * g
            v[k] *= BETA2
            v[k] += (1 - BETA2) * g * g
            p[k] -= lr * (m[k] / correction1) / (np.sqrt(v[k] / correction2) + EPSILON)
    return p


def prepare(problem: PeerProblem, steps: int) -> Callable[[], Arrays]:
    """A training of `steps` updates."""
    chunk = max(1, CHUNK_ELEMENTS // (problem.width * problem.samples))
    starts = [
        [array[first : first + chunk] for array in problem.start]
        for first in range(0, problem.networks, chunk)
    ]

    def run() -> Arrays:
        with ThreadPoolExecutor(problem.threads) as pool:
            ends = list(pool.map(lambda start: train(problem, start, steps), starts))
        w, b, a, c = (np.concatenate(parts) for parts in zip(*ends, strict=True))
        return w, b, a, c

    return run
