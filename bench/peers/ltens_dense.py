"""ltens, one of its engines: the dense one."""

from __future__ import annotations

from collections.abc import Callable

from bench.peers.problem import Arrays, PeerProblem, points

REQUIRES = ("ltens",)


def environment(threads: int) -> dict[str, str]:
    """Nothing but the thread count."""
    return {"LTENS_NUM_THREADS": str(threads)}


def applies_to(engine: str, activation: str, dimension: int) -> bool:
    """Whether an engine of the package takes such a problem."""
    from ltens import _core

    return engine in _core.engine_costs(
        width=1, samples=1000, dimension=dimension, activation=activation, float64=False
    )


def prepare(problem: PeerProblem, steps: int, engine: str = "dense") -> Callable[[], Arrays]:
    """A training of `steps` updates."""
    import ltens

    nets = ltens.Networks(*problem.start, activation=problem.activation)
    x = points(problem.samples, problem.dimension)
    task = ltens.Task(x, (x * x).sum(axis=1))
    training = ltens.Training(steps=steps)

    def run() -> Arrays:
        end = ltens.train(nets, task, training, engine=engine, threads=problem.threads).networks
        return end.w, end.b, end.a, end.c

    return run
