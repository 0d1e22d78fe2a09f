"""ltens, one of its engines."""

from __future__ import annotations

from collections.abc import Callable

from bench.peers.problem import Arrays, PeerProblem, points

REQUIRES = ("ltens",)


def environment(threads: int, engine: str) -> dict[str, str]:
    """Nothing but the thread count."""
    return {"LTENS_NUM_THREADS": str(threads)}


def applies(problem: PeerProblem, engine: str) -> bool:
    """Whether the engine takes such a problem."""
    from ltens import _core

    if problem.classes:
        return engine == "dense"
    return engine in _core.engine_costs(
        width=problem.width,
        samples=problem.samples,
        dimension=problem.dimension,
        activation=problem.activation,
        float64=problem.dtype == "float64",
    )


def prepare(problem: PeerProblem, steps: int, engine: str) -> Callable[[], Arrays]:
    """A training of `steps` updates."""
    import ltens

    nets = ltens.Networks(*problem.start, activation=problem.activation)
    if problem.classes:
        task = ltens.Task.digits("train")
    else:
        x = points(problem.samples, problem.dimension)
        task = ltens.Task(x, (x * x).sum(axis=1))
    training = ltens.Training(steps=steps)

    def run() -> Arrays:
        end = ltens.train(nets, task, training, engine=engine, threads=problem.threads).networks
        return end.w, end.b, end.a, end.c

    return run
