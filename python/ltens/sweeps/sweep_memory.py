"""What a sweep takes of the memory."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..memory import require_memory
from ..threads import thread_count
from ..training.engines import names
from ..training.networks import parameter_bytes
from ..training.results import result_bytes
from ..training.training_memory import training_bytes as needed_bytes

if TYPE_CHECKING:
    from .configuration import Configuration

_CELL_BYTES = 2000  # of a cell, its blocks and its place in the table


def table_bytes(configuration: Configuration) -> int:
    """Return the memory of the results."""
    shape, kept = configuration.shape, 0
    if configuration.keep_networks:
        places = math.prod(shape[:-2]) // len(configuration.dimensions)
        kept = places * sum(
            parameter_bytes(shape[-1], n, d, configuration.widest_dtype, configuration.task.outputs)
            for n in configuration.widths.tolist()
            for d in configuration.dimensions
        )
    classes = configuration.task.classes is not None
    return kept + result_bytes(math.prod(shape), len(configuration.checkpoints), classes=classes)


def training_bytes(configuration: Configuration, networks: int) -> int:
    """Return the memory of so many networks of the largest width while they are trained."""
    others = sum(task.samples for task in configuration.evaluation_tasks().values())
    samples = configuration.over.get("samples")
    return max(
        needed_bytes(
            networks,
            int(configuration.widths.max()),
            configuration.task,
            activation,
            configuration.widest_dtype,
            threads=thread_count(),
            engine=configuration.engine if configuration.engine in names() else "auto",
            batch_size=configuration.training.batch_size,
            samples=None if samples is None else max(samples.values),
            dimension=max(configuration.dimensions),
            other_samples=others,
            copies=2 if configuration.held_out is None else 3,  # the start, and what is returned
        )
        for activation in configuration.activations
    )


def require_sweep_memory(configuration: Configuration) -> None:
    """Raise MemoryError if the results, the largest block and what axes need do not fit."""
    seeds, over = len(configuration.seeds), configuration.over
    cells = math.prod(configuration.shape[:-1])
    needed = table_bytes(configuration) + training_bytes(configuration, seeds)
    if over:
        needed += _CELL_BYTES * cells + _task_bytes(configuration)
    require_memory(
        needed,
        f"a sweep of {f'{cells} cells of ' if over else ''}{seeds} seed(s) up to width "
        f"{configuration.widths.max()}",
        f"take fewer {'values, ' if over else ''}seeds, smaller widths, fewer checkpoints or "
        "keep_networks=False",
    )


def _task_bytes(configuration: Configuration) -> int:
    """Return the memory of the tasks that are made for the axes."""
    names = configuration.varied("task")
    axes = {name: configuration.over[name].values for name in names}
    samples: tuple[int, ...] = axes.pop("samples", (configuration.task.samples,))
    axes.pop("dimension", None)
    others = math.prod(len(values) for values in axes.values())
    beside = configuration.task.outputs + 1  # targets and weights
    return 8 * others * sum(samples) * sum(d + beside for d in configuration.dimensions)
