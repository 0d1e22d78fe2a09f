"""PyTorch: `torch.compile` of a gradient written by hand for all networks at once, with Adam."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bench.peers.problem import BETA1, BETA2, EPSILON, Arrays, PeerProblem, schedule

if TYPE_CHECKING:
    from torch import Tensor

    Tensors = list[Tensor]

REQUIRES = ("torch",)


def environment(threads: int) -> dict[str, str]:
    """Generated code takes its threads from OpenMP."""
    return {"OMP_NUM_THREADS": str(threads)}


def prepare(problem: PeerProblem, steps: int) -> Callable[[], Arrays]:
    """A training of `steps` updates; the first call compiles."""
    import torch

    torch.set_num_threads(problem.threads)
    x, y = (torch.from_numpy(array) for array in problem.data())
    value_and_derivative: dict[str, Callable[[Tensor], tuple[Tensor, Tensor]]] = {
        "relu": lambda z: (torch.relu(z), (z > 0).to(z.dtype)),
        "silu": _silu,
        "tanh": lambda z: (torch.tanh(z), 1 - torch.tanh(z) ** 2),
        "sin": lambda z: (torch.sin(z), torch.cos(z)),
        "square": lambda z: (z * z, 2 * z),
    }
    activate, classes = value_and_derivative[problem.activation], problem.classes

    if problem.dimension == 1:

        def preactivations(w: Tensor, b: Tensor) -> Tensor:
            return w * x[:, 0] + b[:, :, None]

        def back(inner: Tensor) -> Tensor:
            return (inner * x[:, 0]).sum(2, keepdim=True)

    else:

        def preactivations(w: Tensor, b: Tensor) -> Tensor:
            return w @ x.T + b[:, :, None]

        def back(inner: Tensor) -> Tensor:
            return inner @ x

    def step(p: Tensors, m: Tensors, v: Tensors, now: Tensor) -> tuple[Tensors, Tensors, Tensors]:
        w, b, a, c = p
        hidden, derivative = activate(preactivations(w, b))
        if classes:
            residual = (torch.softmax(a @ hidden + c[:, :, None], 1) - y.T) / len(x)
            inner = (a.transpose(1, 2) @ residual) * derivative
            gradient = (
                inner @ x,
                inner.sum(2),
                residual @ hidden.transpose(1, 2),
                residual.sum(2),
            )
            return adam(p, m, v, gradient, now)
        residual = ((a[:, :, None] * hidden).sum(1) + c[:, None] - y) * (2 / len(x))
        inner = residual[:, None, :] * derivative
        gradient = (
            a[:, :, None] * back(inner),
            a * inner.sum(2),
            (residual[:, None, :] * hidden).sum(2),
            residual.sum(1),
        )
        return adam(p, m, v, gradient, now)

    def adam(
        p: Tensors, m: Tensors, v: Tensors, gradient: tuple[Tensor, ...], now: Tensor
    ) -> tuple[Tensors, Tensors, Tensors]:
        m = [BETA1 * old + (1 - BETA1) * g for old, g in zip(m, gradient, strict=True)]
        v = [BETA2 * old + (1 - BETA2) * g * g for old, g in zip(v, gradient, strict=True)]
        p = [
            old - now[0] * (first / now[1]) / (torch.sqrt(second / now[2]) + EPSILON)
            for old, first, second in zip(p, m, v, strict=True)
        ]
        return p, m, v

    compiled = torch.compile(step)
    times = list(torch.from_numpy(schedule(steps, problem.dtype)))

    @torch.no_grad()  # type: ignore[untyped-decorator]  # torch need not be installed
    def train(count: int) -> Tensors:
        p = [torch.from_numpy(array) for array in problem.start]
        m = [torch.zeros_like(array) for array in p]
        v = [torch.zeros_like(array) for array in p]
        for now in times[:count]:
            p, m, v = compiled(p, m, v, now)
        return p

    train(2)

    def run() -> Arrays:
        w, b, a, c = (array.numpy() for array in train(steps))
        return w, b, a, c

    return run


def _silu(z: Tensor) -> tuple[Tensor, Tensor]:
    import torch

    s = torch.sigmoid(z)
    hidden = z * s
    return hidden, s + hidden * (1 - s)
