"""JAX: `vmap` over networks and `scan` over steps, `pmap` over host devices.

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

    Parameters = tuple[Array, Array, Array, Array]  # of one network: w (N, d); b, a (N,); c ()
    State = tuple[Parameters, Parameters, Parameters]  # with Adam's two moments

REQUIRES = ("jax",)


def environment(threads: int) -> dict[str, str]:
    """One host device for each thread; read by XLA when JAX is imported."""
    return {
        "XLA_FLAGS": f"--xla_force_host_platform_device_count={threads}",
        "JAX_PLATFORMS": "cpu",
        "JAX_ENABLE_X64": "1",  # arrays keep the dtype they come in
    }


def prepare(problem: PeerProblem, steps: int) -> Callable[[], Arrays]:
    """A training of `steps` updates, compiled ahead of time."""
    import jax
    import jax.numpy as jnp

    activate = {
        "relu": jax.nn.relu,
        "silu": jax.nn.silu,
        "tanh": jnp.tanh,
        "sin": jnp.sin,
        "square": jnp.square,
    }[problem.activation]
    x, y = (jnp.asarray(array) for array in problem.data())

    def loss(p: Parameters) -> Array:
        w, b, a, c = p
        z = w * x[:, 0] if problem.dimension == 1 else w @ x.T
        return jnp.mean((a @ activate(z + b[:, None]) + c - y) ** 2)

    gradient = jax.grad(loss)

    def step(state: State, now: Array) -> tuple[State, None]:
        p, m, v = state
        lr, correction1, correction2 = now
        g = gradient(p)
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

    devices = math.gcd(jax.local_device_count(), problem.networks)
    each = problem.networks // devices
    start = tuple(array.reshape(devices, each, *array.shape[1:]) for array in problem.start)
    if devices == 1:
        start = tuple(jnp.asarray(array) for array in problem.start)
        compiled = jax.jit(jax.vmap(train)).lower(start).compile()
    else:
        compiled = jax.pmap(jax.vmap(train)).lower(start).compile()

    def run() -> Arrays:
        end = jax.block_until_ready(compiled(start))
        w, b, a, c = (
            np.asarray(array).reshape(first.shape)
            for array, first in zip(end, problem.start, strict=True)
        )
        return w, b, a, c

    return run
