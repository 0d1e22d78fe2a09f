"""JAX: `scan` over steps, `pmap` over devices; gradient, networks and samples in two ways each.

Hidden values have the layout (N, D), samples last: about three times as fast as (D, N).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from bench.peers.problem import BETA1, BETA2, EPSILON, Arrays, PeerProblem, schedule

if TYPE_CHECKING:
    from jax import Array

    # of one network: w (N, d); b, a (N,); c (); of the digits a (10, N) and c (10,)
    Parameters = tuple[Array, Array, Array, Array]
    State = tuple[Parameters, Parameters, Parameters]  # with Adam's two moments

REQUIRES = ("jax",)
BLOCK = 128  # samples whose hidden values (N, BLOCK) stay in the first caches


def environment(threads: int, flags: str, **_: object) -> dict[str, str]:
    """One host device for each thread; read by XLA when JAX is imported."""
    return {
        "XLA_FLAGS": f"--xla_force_host_platform_device_count={threads} {flags}".strip(),
        "JAX_PLATFORMS": "cpu",
        "JAX_ENABLE_X64": "1",  # arrays keep the dtype they come in
    }


def prepare(
    problem: PeerProblem, steps: int, *, gradient: str, seeds: str, samples: str, flags: str
) -> Callable[[], Arrays]:
    """A training of `steps` updates, compiled ahead of time."""
    import jax
    import jax.numpy as jnp

    of_samples = (_by_grad if gradient == "grad" else _by_hand)(problem)
    x, y = (jnp.asarray(array) for array in problem.data())
    q = jnp.full(len(x), 1 / len(x), y.dtype)
    whole = _whole if samples == "whole" else _in_blocks
    gradient_of = whole(of_samples, x, y, q)

    def step(state: State, now: Array) -> tuple[State, None]:
        p, m, v = state
        lr, correction1, correction2 = now
        g = gradient_of(p)
        m = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, m, g)
        v = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, v, g)
        p = jax.tree.map(
            lambda p, m, v: p
            - lr * (m / correction1) / (jnp.sqrt(v / correction2) + EPSILON),
            p, m, v,
        )  # fmt: skip
        return (p, m, v), None

    times = jnp.asarray(schedule(steps, problem.dtype))

    def train(p: Parameters) -> Parameters:
        zeros = jax.tree.map(jnp.zeros_like, p)
        end: Parameters = jax.lax.scan(step, (p, zeros, zeros), times)[0][0]
        return end

    def train_all(p: Parameters) -> Parameters:
        end: Parameters = jax.lax.map(train, p) if seeds == "map" else jax.vmap(train)(p)
        return end

    devices = math.gcd(jax.local_device_count(), problem.networks)
    each = problem.networks // devices
    start = tuple(array.reshape(devices, each, *array.shape[1:]) for array in problem.start)
    if devices == 1:
        start = tuple(jnp.asarray(array) for array in problem.start)
        compiled = jax.jit(train_all).lower(start).compile()
    else:
        compiled = jax.pmap(train_all).lower(start).compile()

    def run() -> Arrays:
        end = jax.block_until_ready(compiled(start))
        w, b, a, c = (
            np.asarray(array).reshape(first.shape)
            for array, first in zip(end, problem.start, strict=True)
        )
        return w, b, a, c

    return run


def _preactivations(w: Array, b: Array, x: Array) -> Array:
    z = w * x[:, 0] if x.shape[1] == 1 else w @ x.T
    return z + b[:, None]


def _by_grad(problem: PeerProblem) -> Callable[..., Parameters]:
    """The gradient of sum_j q_j (f(x_j) - y_j)^2 by JAX."""
    import jax
    import jax.numpy as jnp

    activate = {
        "relu": jax.nn.relu,
        "silu": jax.nn.silu,
        "tanh": jnp.tanh,
        "sin": jnp.sin,
        "square": jnp.square,
    }[problem.activation]

    def loss(p: Parameters, x: Array, y: Array, q: Array) -> Array:
        w, b, a, c = p
        if problem.classes:
            f = a @ activate(_preactivations(w, b, x)) + c[:, None]
            return jnp.sum(q * (jax.nn.logsumexp(f, axis=0) - (y.T * f).sum(0)))
        return jnp.sum(q * (a @ activate(_preactivations(w, b, x)) + c - y) ** 2)

    gradient: Callable[..., Parameters] = jax.grad(loss)
    return gradient


def _by_hand(problem: PeerProblem) -> Callable[..., Parameters]:
    """The same, written out."""
    import jax
    import jax.numpy as jnp

    def silu(z: Array) -> tuple[Array, Array]:
        s = jax.nn.sigmoid(z)
        h = z * s
        return h, s + h * (1 - s)

    def tanh(z: Array) -> tuple[Array, Array]:
        h = jnp.tanh(z)
        return h, 1 - h * h

    value_and_slope: Callable[[Array], tuple[Array, Array]] = {
        "relu": lambda z: (jnp.maximum(z, 0), (z > 0).astype(z.dtype)),
        "silu": silu,
        "tanh": tanh,
        "sin": lambda z: (jnp.sin(z), jnp.cos(z)),
        "square": lambda z: (z * z, 2 * z),
    }[problem.activation]

    def gradient(p: Parameters, x: Array, y: Array, q: Array) -> Parameters:
        w, b, a, c = p
        h, slope = value_and_slope(_preactivations(w, b, x))
        if problem.classes:
            r = q * (jax.nn.softmax(a @ h + c[:, None], axis=0) - y.T)
            inner = slope * (a.T @ r)
            return inner @ x, inner.sum(1), r @ h.T, r.sum(1)
        r = 2 * q * (a @ h + c - y)
        inner = slope * r
        along = (inner * x[:, 0]).sum(1)[:, None] if x.shape[1] == 1 else inner @ x
        return a[:, None] * along, a * inner.sum(1), h @ r, r.sum()

    return gradient


def _whole(
    of_samples: Callable[..., Parameters], x: Array, y: Array, q: Array
) -> Callable[[Parameters], Parameters]:
    return lambda p: of_samples(p, x, y, q)


def _in_blocks(
    of_samples: Callable[..., Parameters], x: Array, y: Array, q: Array
) -> Callable[[Parameters], Parameters]:
    """Scan blocks of samples, so that no (N, D) array is ever stored."""
    import jax
    import jax.numpy as jnp

    short = -len(x) % BLOCK
    blocks = tuple(
        jnp.concatenate([array, jnp.zeros((short, *array.shape[1:]), array.dtype)]).reshape(
            -1, BLOCK, *array.shape[1:]
        )
        for array in (x, y, q)
    )

    def gradient(p: Parameters) -> Parameters:
        def add(total: Parameters, block: tuple[Array, Array, Array]) -> tuple[Parameters, None]:
            return jax.tree.map(jnp.add, total, of_samples(p, *block)), None

        total: Parameters = jax.lax.scan(add, jax.tree.map(jnp.zeros_like, p), blocks)[0]
        return total

    return gradient
