"""PyTorch as most people write it: batched parameters, autograd, `torch.optim.Adam`, `StepLR`."""

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


def environment(threads: int) -> dict[str, str]:
    """Threads of OpenMP."""
    return {"OMP_NUM_THREADS": str(threads)}


def prepare(problem: PeerProblem, steps: int) -> Callable[[], Arrays]:
    """A training of `steps` updates; nothing is compiled."""
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

    def preactivations(w: Tensor, b: Tensor) -> Tensor:
        if problem.dimension == 1:
            return torch.addcmul(b[:, :, None], w, x[:, 0])
        return w @ x.T + b[:, :, None]

    def run() -> Arrays:
        p = [torch.from_numpy(array.copy()).requires_grad_() for array in problem.start]
        w, b, a, c = p
        adam = torch.optim.Adam(p, lr=LR, betas=(BETA1, BETA2), eps=EPSILON)
        decay = torch.optim.lr_scheduler.StepLR(adam, LR_DECAY_EVERY, gamma=LR_DECAY)
        for _ in range(steps):
            adam.zero_grad()
            hidden = activate(preactivations(w, b))
            if problem.classes:
                output = a @ hidden + c[:, :, None]
                loss = torch.logsumexp(output, 1) - (y.T * output).sum(1)
            else:
                output = torch.bmm(a[:, None, :], hidden)[:, 0] + c[:, None]
                loss = (output - y) ** 2
            loss.mean(1).sum().backward()
            adam.step()
            decay.step()
        w, b, a, c = (array.detach().numpy() for array in p)
        return w, b, a, c

    return run
