"""ltens, one of its engines: the dense one."""

from __future__ import annotations

from collections.abc import Callable

from bench.peers.problem import DOMAIN, Arrays, Problem

REQUIRES = ("ltens",)


def environment(threads: int) -> dict[str, str]:
    """Nothing but the thread count."""
    return {"LTENS_NUM_THREADS": str(threads)}


def prepare(problem: Problem, steps: int, engine: str = "dense") -> Callable[[], Arrays]:
    """A training of `steps` updates."""
    import ltens

    w, b, a, c = problem.start
    nets = ltens.Networks(w[:, :, None], b, a, c, activation=problem.activation)
    task = ltens.Task.from_function("square", domain=DOMAIN, samples=problem.samples)
    training = ltens.Training(steps=steps)

    def run() -> Arrays:
        end = ltens.train(nets, task, training, engine=engine, threads=problem.threads).networks
        return end.w[:, :, 0], end.b, end.a, end.c

    return run
