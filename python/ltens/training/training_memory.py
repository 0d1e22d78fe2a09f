"""What training takes of the memory, from the sizes alone."""

from __future__ import annotations

from typing import Any

from .. import _core
from .networks import parameter_bytes
from .task import Task


def training_bytes(
    networks: int,
    width: int,
    task: Task,
    activation: str,
    dtype: str,
    *,
    threads: int,
    engine: str = "auto",
    batch_size: int | None = None,
    samples: int | None = None,
    dimension: int | None = None,
    other_samples: int = 0,
    copies: int = 1,
) -> int:
    """Return the bytes that training so many networks takes besides the networks and the task.

    Measured peaks are between two thirds and three halves of it where it is large
    (``tests/python/training/test_training_memory.py``).

    Parameters
    ----------
    networks, width : int
    task : Task
    activation, dtype : str
    threads : int
        Groups of narrow networks, or wide networks, that are trained at once.
    engine : str
        "auto" or a name; whether it applies is not looked at.
    batch_size : int, optional
    samples, dimension : int, optional
        In place of those of the task.
    other_samples : int
        Of the evaluation and held-out tasks.
    copies : int
        Of all parameters, that are kept from the start to the end.

    Examples
    --------
    >>> task = Task.from_function("square", samples=10)
    >>> of = {"task": task, "activation": "relu", "dtype": "float32", "threads": 1}
    >>> 40 < training_bytes(1, 4_000_000, **of) / training_bytes(1, 80_000, **of) < 60
    True
    """
    count = task.samples if samples is None else samples
    d = task.dimension if dimension is None else dimension
    batch = 0 if batch_size is None or batch_size >= count else batch_size
    single = dtype == "float32"
    problem: dict[str, Any] = {
        "width": width,
        "samples": count,
        "dimension": d,
        "activation": activation,
        "float64": not single,
        "batch": batch,
        "outputs": task.outputs,
        "loss": task.loss,
    }
    name = _core.choose_engine(**problem) if engine == "auto" else engine
    core = _core.training_bytes(
        engine=name, networks=networks, threads=threads, other_samples=other_samples, **problem
    )
    rounded = 4 * count * (d + task.outputs + 1) if single else 0
    return int(core) + rounded + copies * parameter_bytes(networks, width, d, dtype, task.outputs)
