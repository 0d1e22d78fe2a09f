"""Time of one training step over engine, activation, width, sample count and dtype.

Run with `pytest bench --benchmark-only`. A step is measured inside a training of STEPS of them, so
that the call's own cost is spread; every row states its accuracy too: the largest error of the
gradient relative to the dense one in float64, in units of its largest element.
"""

import itertools

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import ltens
from ltens import _core

STEPS = 200
NETWORKS = 64
PIECEWISE_LINEAR = [row["name"] for row in _core.activation_info() if row["piecewise_linear"]]


def gradient_error(nets: ltens.Networks, task: ltens.Task, engine: str) -> float:
    """Largest deviation of the gradient from the dense one of the same networks in float64."""
    _, grad = ltens.loss_and_gradient(nets, task, engine=engine)
    _, exact = ltens.loss_and_gradient(nets.astype("float64"), task, engine="dense")
    return max(
        float(np.abs(getattr(grad, name) - getattr(exact, name)).max())
        / float(np.abs(getattr(exact, name)).max())
        for name in ("w", "b", "a", "c")
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("samples", [100, 1000])
@pytest.mark.parametrize("width", [1, 10, 100, 1000])
@pytest.mark.parametrize(
    "path",
    [
        *itertools.product(["dense"], ["relu", "silu", "gelu", "sin"]),
        *itertools.product(["piecewise"], PIECEWISE_LINEAR),
        *itertools.product(["quadrature"], ["silu", "gelu", "sin"]),
    ],
    ids="-".join,
)
def test_training_step(
    benchmark: BenchmarkFixture, path: tuple[str, str], width: int, samples: int, dtype: str
) -> None:
    engine, activation = path
    networks = max(1, NETWORKS * 10 // max(width, 10))
    nets = ltens.Networks.init(width, networks, activation=activation, dtype=dtype)
    task = ltens.Task.from_function("square", samples=samples)
    training = ltens.Training(steps=STEPS)
    options = {"engine": engine}
    benchmark.pedantic(ltens.train, (nets, task, training), options, rounds=5, warmup_rounds=1)
    updates = networks * width * samples * STEPS
    benchmark.extra_info.update(
        networks=networks,
        seconds_per_step=benchmark.stats["min"] / STEPS if benchmark.stats else None,
        million_updates_per_second=updates / benchmark.stats["min"] / 1e6
        if benchmark.stats
        else None,
        gradient_error=gradient_error(nets, task, engine),
    )
