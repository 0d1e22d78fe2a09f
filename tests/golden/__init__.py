"""Hashes of trained networks, one file for each numerics version.

``PYTHONPATH=python:tests python -m golden`` adds what is missing in the file of the present
version, and refuses to change what is there: other bits need another ``numerics_version``
(cpp/include/ltens/build_info.hpp).
"""

import hashlib
import itertools
import json
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, NamedTuple

import ltens
from support.registry import ACTIVATIONS, DTYPES, ENGINES

FOLDER = Path(__file__).parent
WIDTHS = (7, 300)  # lanes are networks; lanes are neurons
SAMPLES = 270  # more than one block of 256
TRAINING = ltens.Training(steps=20, lr_decay_every=8)
OTHERS = {  # for the dense engine; 24 samples in 20 steps are more than the task has
    "batches": ltens.Training(steps=20, lr_decay_every=8, batch_size=24),
    "sgd": ltens.Training(steps=20, lr=0.001, optimizer="sgd", schedule="constant"),
    "cosine": ltens.Training(steps=20, schedule="cosine"),
    "adamw": ltens.Training(
        steps=20, optimizer="adamw", weight_decay=(0.5, 0, 1, -0.5), schedule="wsd", warmup=4
    ),
    "sign": ltens.Training(
        steps=20, lr=0.001, optimizer="sign", weight_decay=0.1, schedule="power", lr_power_time=5
    ),
    "decay": ltens.Training(steps=20, weight_decay=0.01, schedule="cosine", lr_floor=0.25),
}

Hashes = dict[str, dict[str, str]]  # numerics id -> case -> hash


SEVERAL = {"mse": 3, "cross_entropy": 10, "logistic": 1}  # loss -> outputs


class Case(NamedTuple):
    """What is trained."""

    engine: str
    activation: str
    dtype: str
    shape: tuple[int, int]  # width, dimension
    how: str = ""  # a name in OTHERS
    loss: str = ""  # a name in SEVERAL; one output and mse without


def path_of(version: int) -> Path:
    """The file of one numerics version."""
    return FOLDER / f"version_{version}.json"


def stored(version: int) -> Hashes:
    """What the file holds, nothing if there is none."""
    path = path_of(version)
    return json.loads(path.read_text()) if path.exists() else {}


def samples_in(dimension: int) -> list[list[float]]:
    """Samples by arithmetic that rounds alike everywhere."""
    return [
        [-2 + 4 * ((j + 1) * (k + 1) * 0.6180339887 % 1) for k in range(dimension)]
        for j in range(SAMPLES)
    ]


def squared_norm(row: list[float]) -> float:
    """Not by `sum`, which from Python 3.12 on compensates for rounding."""
    return reduce(add, (v * v for v in row))


def grid(dimension: int) -> ltens.Task:
    """Targets |x|^2."""
    x = samples_in(dimension)
    return ltens.Task(x, [squared_norm(row) for row in x])


def several(dimension: int, loss: str) -> ltens.Task:
    """Targets |x|^2 - k, or classes by intervals of the first coordinate."""
    x, outputs = samples_in(dimension), SEVERAL[loss]
    if loss == "mse":
        return ltens.Task(x, [[squared_norm(row) - k for k in range(outputs)] for row in x])
    classes = max(outputs, 2)
    return ltens.Task(x, [int(3 * (row[0] + 2)) % classes for row in x], loss=loss)


def hash_of(*case: Any) -> str:
    """Train three networks as a Case says and hash all that comes out."""
    engine, activation, dtype, (width, dimension), how, loss = Case(*case)
    training = OTHERS.get(how, TRAINING)
    task = several(dimension, loss) if loss else grid(dimension)
    nets = ltens.Networks.init(
        width, 3, activation=activation, dimension=dimension, outputs=SEVERAL.get(loss, 1),
        dtype=dtype,
    )  # fmt: skip
    run = ltens.train(nets, task, training, engine=engine, checkpoints=[0, 9, 20])
    assert run.engine == engine, "the path under test was not taken"
    digest = hashlib.sha256()
    for array in (*run.networks.arrays().values(), run.loss, run.history, run.status):
        digest.update(array.tobytes())
    if loss in ("cross_entropy", "logistic"):
        digest.update(run.error.tobytes() + run.error_history.tobytes())
    digest.update(" ".join(run.engines).encode())
    return digest.hexdigest()[:16]


def cases() -> dict[str, Case]:
    """Every engine with every activation it is for, both dtypes, narrow and wide, d = 1 and 3.

    And other ways to train, with two activations, some with every engine; several outputs and the
    losses of classes, with every activation, and some ways with two.
    """
    full = {
        f"{engine} {activation} {dtype} N{width} d{dimension}": Case(
            engine.name, activation, dtype, (width, dimension)
        )
        for engine in ENGINES
        for activation, dtype, width in itertools.product(engine.activations, DTYPES, WIDTHS)
        for dimension in (1, 3)
        if dimension in engine.dimensions
    }  # fmt: skip
    others = {
        f"dense {activation} {dtype} N{width} d3 {how}": Case(
            "dense", activation, dtype, (width, 3), how
        )
        for activation, dtype, width in itertools.product(("relu", "silu"), DTYPES, WIDTHS)
        for how in OTHERS
    }  # fmt: skip
    engines = {
        f"{engine} {activation} {dtype} N{width} d1 {how}": Case(
            engine, activation, dtype, (width, 1), how
        )
        for (engine, activation), dtype, width, how in itertools.product(
            (("piecewise", "relu"), ("quadrature", "silu")), DTYPES, WIDTHS, ("adamw", "sign")
        )
    }  # fmt: skip
    outputs = {
        f"dense {activation} {dtype} N{width} d3 {loss} C{number}": Case(
            "dense", activation, dtype, (width, 3), "", loss
        )
        for activation, dtype, width in itertools.product(ACTIVATIONS, DTYPES, WIDTHS)
        for loss, number in SEVERAL.items()
    }  # fmt: skip
    ways = {
        f"dense {activation} {dtype} N{width} d9 {loss} C{number} {how}": Case(
            "dense", activation, dtype, (width, 9), how, loss
        )
        for activation, dtype, width in itertools.product(("relu", "silu"), DTYPES, WIDTHS)
        for loss, number in SEVERAL.items()
        for how in ("batches", "sgd", "adamw")
    }  # fmt: skip
    return full | others | engines | outputs | ways


def current() -> dict[str, str]:
    """The hashes of this build on the instruction set in use."""
    return {name: hash_of(*case) for name, case in cases().items()}
