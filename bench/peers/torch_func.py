"""PyTorch: `torch.func` over a stack of networks, as in its tutorial on ensembles."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bench.peers.problem import BETA1, BETA2, EPSILON, Arrays, PeerProblem, schedule

if TYPE_CHECKING:
    from torch import Tensor

    Tensors = tuple[Tensor, ...]

REQUIRES = ("torch",)


def environment(threads: int, compiled: bool) -> dict[str, str]:
    """Threads of OpenMP."""
    return {"OMP_NUM_THREADS": str(threads)}


def prepare(problem: PeerProblem, steps: int, compiled: bool) -> Callable[[], Arrays]:
    """A training of `steps` updates; the first call compiles."""
    import torch

    torch.set_num_threads(problem.threads)
    x, y = (torch.from_numpy(array) for array in problem.data())
    classes = problem.classes
    start = [torch.from_numpy(array) for array in problem.start]
    activate = {
        "relu": torch.relu,
        "silu": torch.nn.functional.silu,
        "tanh": torch.tanh,
        "sin": torch.sin,
        "square": torch.square,
    }[problem.activation]

    def loss(p: Tensors) -> Tensor:
        w, b, a, c = p
        z = torch.outer(w[:, 0], x[:, 0]) if x.shape[1] == 1 else w @ x.T
        if classes:
            f = a @ activate(z + b[:, None]) + c[:, None]
            return (torch.logsumexp(f, 0) - (y.T * f).sum(0)).mean()
        return ((a @ activate(z + b[:, None]) + c - y) ** 2).mean()

    gradient = torch.func.vmap(torch.func.grad(loss))

    def step(p: Tensors, m: Tensors, v: Tensors, now: Tensor) -> tuple[Tensors, Tensors, Tensors]:
        g = gradient(p)
        m = tuple(BETA1 * old + (1 - BETA1) * new for old, new in zip(m, g, strict=True))
        v = tuple(BETA2 * old + (1 - BETA2) * new * new for old, new in zip(v, g, strict=True))
        p = tuple(
            old - now[0] * (first / now[1]) / (torch.sqrt(second / now[2]) + EPSILON)
            for old, first, second in zip(p, m, v, strict=True)
        )
        return p, m, v

    made = torch.compile(step) if compiled else step
    times = list(torch.from_numpy(schedule(steps, problem.dtype)))

    @torch.no_grad()  # type: ignore[untyped-decorator]  # torch need not be installed
    def train(count: int) -> Tensors:
        p = tuple(start)
        m = tuple(torch.zeros_like(array) for array in p)
        v = tuple(torch.zeros_like(array) for array in p)
        for now in times[:count]:
            p, m, v = made(p, m, v, now)
        return p

    train(2)

    def run() -> Arrays:
        w, b, a, c = (array.numpy() for array in train(steps))
        return w, b, a, c

    return run
