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
from typing import NamedTuple

import ltens
from support.registry import DTYPES, ENGINES

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


class Case(NamedTuple):
    """What is trained."""

    engine: str
    activation: str
    dtype: str
    shape: tuple[int, int]  # width, dimension
    how: str = ""  # a name in OTHERS


def path_of(version: int) -> Path:
    """The file of one numerics version."""
    return FOLDER / f"version_{version}.json"


def stored(version: int) -> Hashes:
    """What the file holds, nothing if there is none."""
    path = path_of(version)
    return json.loads(path.read_text()) if path.exists() else {}


def grid(dimension: int) -> ltens.Task:
    """Samples and targets |x|^2 by arithmetic that rounds alike everywhere.

    Not by `sum`: from Python 3.12 on it compensates for rounding.
    """
    x = [
        [-2 + 4 * ((j + 1) * (k + 1) * 0.6180339887 % 1) for k in range(dimension)]
        for j in range(SAMPLES)
    ]
    return ltens.Task(x, [reduce(add, (v * v for v in row)) for row in x])


def hash_of(engine: str, activation: str, dtype: str, shape: tuple[int, int], how: str = "") -> str:
    """Train three networks and hash all that comes out."""
    training, (width, dimension) = OTHERS.get(how, TRAINING), shape
    nets = ltens.Networks.init(width, 3, activation=activation, dimension=dimension, dtype=dtype)
    run = ltens.train(nets, grid(dimension), training, engine=engine, checkpoints=[0, 9, 20])
    assert run.engine == engine, "the path under test was not taken"
    digest = hashlib.sha256()
    for array in (*run.networks.arrays().values(), run.loss, run.history, run.status):
        digest.update(array.tobytes())
    digest.update(" ".join(run.engines).encode())
    return digest.hexdigest()[:16]


def cases() -> dict[str, Case]:
    """Every engine with every activation it is for, both dtypes, narrow and wide, d = 1 and 3.

    And other ways to train, with two activations, some with every engine.
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
    return full | others | engines


def current() -> dict[str, str]:
    """The hashes of this build on the instruction set in use."""
    return {name: hash_of(*case) for name, case in cases().items()}
