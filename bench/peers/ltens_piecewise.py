"""ltens, piecewise engine, exact."""

from __future__ import annotations

from collections.abc import Callable

from bench.peers import ltens_dense
from bench.peers.problem import Arrays, PeerProblem

REQUIRES = ltens_dense.REQUIRES
environment = ltens_dense.environment


def applies(activation: str, dimension: int) -> bool:
    """Whether there is such a training."""
    return ltens_dense.applies_to("piecewise", activation, dimension)


def prepare(problem: PeerProblem, steps: int) -> Callable[[], Arrays]:
    """A training of `steps` updates."""
    return ltens_dense.prepare(problem, steps, "piecewise")
