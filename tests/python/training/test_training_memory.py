"""The memory that training takes, as predicted and as measured in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import ltens
from ltens.training.training_memory import training_bytes

_MEASURED = """
import json, sys
import numpy as np
import ltens

of = json.loads(sys.argv[1])
rng = np.random.default_rng(0)
d, C, D = of.get("dimension", 1), of.get("outputs", 1), of["samples"]
task = ltens.Task(rng.uniform(-1, 1, (D, d)), rng.uniform(-1, 1, D if C == 1 else (D, C)))
nets = ltens.Networks.init(
    of["width"], of["networks"], activation=of["activation"], dimension=d, outputs=C,
    dtype=of.get("dtype", "float32"),
)
small = ltens.Task([0.0, 1.0], [0.0, 1.0])
ltens.train(ltens.Networks.init(1, 2), small, ltens.Training(steps=1), threads=2)  # libraries
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")  # the peak begins anew

def status(name):
    lines = open("/proc/self/status").read().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(name))

before = status("VmRSS:")
how = {"engine": of["engine"], "threads": 2}
if of["gradient"]:
    ltens.loss_and_gradient(nets, task, **how)
else:
    ltens.train(nets, task, ltens.Training(steps=2, batch_size=of.get("batch_size")), **how)
print(status("VmHWM:") - before)
"""

_SHAPES: dict[str, dict[str, Any]] = {
    "one wide network": {"width": 1_000_000, "networks": 1, "samples": 10},
    "wide ones of several outputs": {
        "width": 200_000, "networks": 1, "samples": 20, "outputs": 4, "dimension": 2,
        "dtype": "float64", "activation": "silu",
    },
    "many samples": {"width": 50, "networks": 4, "samples": 300_000, "dimension": 10},
    "batches": {
        "width": 50, "networks": 4, "samples": 500_000, "outputs": 3, "batch_size": 100,
    },
    "many narrow networks": {"width": 200, "networks": 10_000, "samples": 10, "dimension": 10},
    "piecewise": {"width": 100, "networks": 2, "samples": 500_000, "engine": "piecewise"},
    "quadrature": {
        "width": 100, "networks": 2, "samples": 700_000, "engine": "quadrature",
        "activation": "silu",
    },
    "a gradient": {"width": 1_000_000, "networks": 1, "samples": 20, "gradient": True},
    "a gradient on nodes": {
        "width": 300_000, "networks": 1, "samples": 1000, "engine": "quadrature",
        "activation": "silu", "gradient": True,
    },
}  # fmt: skip


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux to measure")
@pytest.mark.parametrize("name", _SHAPES)
def test_the_predicted_memory_is_that_measured(name):
    given: dict[str, Any] = {
        "engine": "dense",
        "activation": "relu",
        "gradient": False,
        **_SHAPES[name],
    }
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, json.dumps(given)],
        capture_output=True,
        text=True,
        check=True,
    )
    measured = int(done.stdout)
    dimension, outputs = given.get("dimension", 1), given.get("outputs", 1)
    on_nodes = given["gradient"] and given["engine"] == "quadrature"  # measured in float64
    dtype = "float64" if on_nodes else given.get("dtype", "float32")
    one = [[0.0] * dimension], [[0.0] * outputs] if outputs > 1 else [0.0]
    predicted = training_bytes(
        given["networks"],
        given["width"],
        ltens.Task(*one),
        given["activation"],
        dtype,
        threads=2,
        engine=given["engine"],
        batch_size=given.get("batch_size"),
        samples=given["samples"],
        copies=3 if given["gradient"] else 1,
    )
    assert measured > 20e6
    assert measured / 1.5 < predicted < measured * 1.5


def test_what_does_not_fit_is_refused_before_any_work(monkeypatch):
    monkeypatch.setattr("ltens.memory.available_memory", lambda: 10**8)
    nets, task = ltens.Networks.init(1_000_000, 1), ltens.Task([0.0, 1.0], [0.0, 1.0])
    for call in (ltens.train, ltens.loss_and_gradient):
        with pytest.raises(MemoryError, match=r"training 1 network\(s\) of width 1000000 needs"):
            call(nets, task)
    with pytest.raises(MemoryError, match="a sweep of 1 seed"):
        ltens.sweep(widths=[1_000_000], seeds=1, task=task)
