"""numba: the loops a physicist would write, one network after the other on each thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bench.peers.problem import BETA1, BETA2, EPSILON, Arrays, PeerProblem, schedule

REQUIRES = ("numba",)
_NUMBERS = {"relu": 0, "silu": 1, "tanh": 2, "sin": 3, "square": 4}


def environment(threads: int) -> dict[str, str]:
    """Threads of numba."""
    return {"NUMBA_NUM_THREADS": str(threads)}


def applies(problem: PeerProblem) -> bool:
    """Whether the loss is the mean square."""
    return not problem.classes


def prepare(problem: PeerProblem, steps: int) -> Callable[[], Arrays]:
    """A training of `steps` updates; the first call compiles."""
    x, y = problem.data()
    train = _compiled(_NUMBERS[problem.activation])

    def run_for(times: np.ndarray) -> Arrays:
        w, b, a, c = (array.copy() for array in problem.start)
        train((np.ascontiguousarray(x.T), y), (w, b, a, c[:, None]), times)
        return w, b, a, c

    run_for(schedule(1, problem.dtype))
    times = schedule(steps, problem.dtype)
    return lambda: run_for(times)


def _compiled(number: int) -> Any:
    import numba

    forward, backward, adam = (numba.njit(fastmath=True)(of) for of in _loops(number, numba))

    @numba.njit(parallel=True, fastmath=True)  # type: ignore[untyped-decorator]
    def train(data: Any, start: Any, times: Any) -> None:
        (x, y), (w, b, a, c) = data, start
        count, width, dimension = w.shape
        samples, at_b, at_a = len(y), width * dimension, width * (dimension + 1)
        size = at_a + width + 1
        for s in numba.prange(count):
            p, g = np.empty(size, w.dtype), np.empty(size, w.dtype)
            m, v = np.zeros(size, w.dtype), np.zeros(size, w.dtype)
            h, slope = np.empty((width, samples), w.dtype), np.empty((width, samples), w.dtype)
            work = (h, slope, np.empty(samples, w.dtype))
            p[:at_b] = w[s].ravel()
            p[at_b:at_a] = b[s]
            p[at_a : size - 1] = a[s]
            p[size - 1] = c[s, 0]
            for t in range(len(times)):
                forward(p, x, y, work)
                backward(p, g, x, work)
                adam(p, g, m, v, times[t])
            # What is assigned as w[s] = ... is lost in a prange over arrays of a tuple.
            for i in range(width):
                for k in range(dimension):
                    w[s, i, k] = p[i * dimension + k]
                b[s, i], a[s, i] = p[at_b + i], p[at_a + i]
            c[s, 0] = p[size - 1]

    return train


def _loops(number: int, numba: Any) -> tuple[Any, Any, Any]:
    """Return what one network does in a step: values and residuals, the gradient, the update."""

    @numba.njit(fastmath=True)  # type: ignore[untyped-decorator]  # numba need not be installed
    def activate(z: Any) -> Any:
        one = z * 0 + 1
        if number == 0:
            return (z, one) if z > 0 else (z * 0, z * 0)
        if number == 1:
            s = one / (one + np.exp(-z))
            h = z * s
            return h, s + h * (one - s)
        if number == 2:
            h = np.tanh(z)
            return h, one - h * h
        if number == 3:
            return np.sin(z), np.cos(z)
        return z * z, z + z

    def forward(p: Any, x: Any, y: Any, work: Any) -> None:
        h, slope, f = work
        width, dimension = len(h), len(x)
        f[:] = p[len(p) - 1]
        for i in range(width):
            for j in range(len(f)):
                z = p[width * dimension + i]
                for k in range(dimension):
                    z += p[i * dimension + k] * x[k, j]
                h[i, j], slope[i, j] = activate(z)
                f[j] += p[width * (dimension + 1) + i] * h[i, j]
        for j in range(len(f)):
            f[j] = 2 * (f[j] - y[j]) / f.dtype.type(len(f))

    def backward(p: Any, g: Any, x: Any, work: Any) -> None:
        h, slope, f = work
        width, dimension = len(h), len(x)
        g[len(p) - 1] = f.sum()
        for i in range(width):
            a = p[width * (dimension + 1) + i]
            sum_a = sum_b = f.dtype.type(0)
            for j in range(len(f)):
                sum_a += f[j] * h[i, j]
                slope[i, j] *= f[j]
                sum_b += slope[i, j]
            g[width * (dimension + 1) + i], g[width * dimension + i] = sum_a, a * sum_b
            for k in range(dimension):
                sum_w = f.dtype.type(0)
                for j in range(len(f)):
                    sum_w += slope[i, j] * x[k, j]
                g[i * dimension + k] = a * sum_w

    def adam(p: Any, g: Any, m: Any, v: Any, now: Any) -> None:
        beta1, beta2, eps = p.dtype.type(BETA1), p.dtype.type(BETA2), p.dtype.type(EPSILON)
        one = p.dtype.type(1)
        for i in range(p.size):
            m[i] = beta1 * m[i] + (one - beta1) * g[i]
            v[i] = beta2 * v[i] + (one - beta2) * g[i] * g[i]
            p[i] -= now[0] * (m[i] / now[1]) / (np.sqrt(v[i] / now[2]) + eps)

    return forward, backward, adam
