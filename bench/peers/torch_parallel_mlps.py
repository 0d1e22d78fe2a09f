"""PyTorch: all networks as one wide layer whose outputs are gathered by a scatter-add.

The formulation of ParallelMLPs (arXiv 2206.08369): one matrix product for all first layers, and a
scatter-add over each network's own neurons in the place of many small ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from torch import Tensor

REQUIRES = ("torch",)


def environment(threads: int, compiled: bool) -> dict[str, str]:
    """Threads of OpenMP."""
    return {"OMP_NUM_THREADS": str(threads)}


def applies(problem: PeerProblem, compiled: bool) -> bool:
    """Whether the loss is the mean square."""
    return not problem.classes


def prepare(problem: PeerProblem, steps: int, compiled: bool) -> Callable[[], Arrays]:
    """A training of `steps` updates; the first call compiles."""
    import torch

    torch.set_num_threads(problem.threads)
    x, y = (torch.from_numpy(array) for array in problem.data())
    activate = {
        "relu": torch.relu,
        "silu": torch.nn.functional.silu,
        "tanh": torch.tanh,
        "sin": torch.sin,
        "square": torch.square,
    }[problem.activation]
    count, width, dimension = problem.start[0].shape
    owner = torch.arange(count).repeat_interleave(width)

    def loss(w: Tensor, b: Tensor, a: Tensor, c: Tensor) -> Tensor:
        h = activate(torch.addmm(b[:, None], w, x.T)) * a[:, None]
        f = torch.zeros(count, len(x), dtype=h.dtype).index_add(0, owner, h) + c[:, None]
        return ((f - y) ** 2).mean(1).sum()

    made = torch.compile(loss) if compiled else loss

    def train(number: int) -> list[Tensor]:
        w, b, a, c = (torch.from_numpy(array.copy()) for array in problem.start)
        p = [w.reshape(-1, dimension), b.reshape(-1), a.reshape(-1), c]
        for array in p:
            array.requires_grad_()
        adam = torch.optim.Adam(p, lr=LR, betas=(BETA1, BETA2), eps=EPSILON, foreach=True)
        decay = torch.optim.lr_scheduler.StepLR(adam, LR_DECAY_EVERY, gamma=LR_DECAY)
        for _ in range(number):
            adam.zero_grad()
            made(*p).backward()
            adam.step()
            decay.step()
        return p

    train(2)

    def run() -> Arrays:
        w, b, a, c = (
            array.detach().numpy().reshape(first.shape)
            for array, first in zip(train(steps), problem.start, strict=True)
        )
        return w, b, a, c

    return run
