"""A sweep as cells, labels and a worker function, for `ltens.scheduling`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from .._typing import Ints
from ..build import build_info
from ..computation import Arrays, Plain
from ..scheduling import Cell, Computation, Watch
from ..status import CANCELLED
from ..training.engines import choose
from ..training.networks import Networks
from ..training.results import Run, kept_columns, kept_histories
from ..training.settings import Training
from ..training.task import Task
from ..training.trainer import train
from .configuration import Configuration
from .dataset import parameter_name, provenance_of

KIND = "sweep"


def computation_of(configuration: Configuration, threads: int = 1) -> Computation:
    """Return the computation of a checked sweep.

    Examples
    --------
    >>> computation = computation_of(Configuration.checked(widths=[2], seeds=3, activations="relu"))
    >>> [cell.key for cell in computation.cells], computation.labels
    (['{"activation":"relu","width":2}'], array([0, 1, 2]))
    """
    task = configuration.task
    return Computation(
        kind=KIND,
        worker=train_block,
        common=computation_common(configuration),
        cells=[cell for place in configuration.places() for cell in _cells(configuration, place)],
        labels=configuration.seeds.astype(np.int64),
        identity=configuration.identity(),
        numerics=numerics(),
        provenance=provenance_of(threads),
        arrays=_arrays(task)
        | {
            f"{name}_{key}": array
            for name, other in configuration.evaluation_tasks().items()
            for key, array in _arrays(other).items()
        },
    )


def _arrays(task: Task) -> Arrays:
    return {"x": task.x, "y": task.y, "weights": task.weights}


def _tasks(configuration: Configuration) -> dict[str, Any]:
    """Return the tasks in plain data."""
    return {
        "task": _plain(configuration.task),
        "evaluation_tasks": {
            name: _plain(other) for name, other in configuration.evaluation_tasks().items()
        },
    }


def _plain(task: Task) -> dict[str, Any]:
    """Return the arguments that make a task again."""
    return {**_arrays(task), "loss": task.loss, "classes": task.classes}


def computation_common(configuration: Configuration) -> dict[str, Any]:
    """Return what every worker gets."""
    return {
        **_tasks(configuration),
        "training": asdict(configuration.training),
        "checkpoints": configuration.checkpoints,
        "keep_networks": configuration.keep_networks,
        "rng": configuration.rng,
        **configuration.options(),
    }


def _cells(configuration: Configuration, place: Mapping[str, Plain]) -> list[Cell]:
    """Return the cells at one combination of values of the axes ``over``."""
    here, data = configuration.at(place), own_data(configuration, place)
    return [
        sweep_cell(here, activation, width, place, data)
        for width in here.widths.tolist()
        for activation in here.activations
    ]


def own_data(configuration: Configuration, place: Mapping[str, Plain]) -> dict[str, Any]:
    """Return what a worker gets of the configuration at one place beyond what is common.

    Examples
    --------
    >>> configuration = Configuration.checked([1], 1, over={"init": ["he", "torch"]})
    >>> own_data(configuration, {"init": "he"})
    {'init': 'he'}
    """
    here = configuration.at(place)
    data: dict[str, Any] = {name: getattr(here, name) for name in configuration.varied("networks")}
    if configuration.varied("training"):
        data["training"] = asdict(here.training)
    if configuration.varied("task"):
        data |= _tasks(here)
    return data


def sweep_cell(
    configuration: Configuration,
    activation: str,
    width: int,
    place: Mapping[str, Plain] | None = None,
    data: Mapping[str, Any] | None = None,
) -> Cell:
    """Return the cell of an activation and a width, with its predicted time.

    Parameters
    ----------
    configuration : Configuration
        Without axes ``over``: that of the cell alone.
    activation : str
    width : int
    place : dict, optional
        The other coordinates of the cell.
    data : dict, optional
        See `Cell`.
    """
    training = configuration.training
    choice = configuration.choice(activation, width)
    per_step = choice.seconds_per_network_step
    if (held_out := configuration.held_out) is not None:
        look = choose(width, held_out, activation, "float64", engine="dense")
        per_step += look.seconds_per_network_step / training.held_out_every
    return Cell(
        {"activation": activation, "width": width, **(place or {})},
        seconds=per_step * training.steps,
        work=configuration.network_work(width),
        granule=choice.side_by_side,
        data=data or {},
    )


def numerics() -> dict[str, Any]:
    """Return what the bits of a result depend on besides its configuration."""
    build = build_info()
    return {name: build[name] for name in ("numerics_version", "numerics_id")}


def train_block(
    common: Mapping[str, Any],
    coordinates: Mapping[str, Plain],
    labels: Ints,
    watch: Watch,
) -> Arrays:
    """Train the labelled networks of one activation and width; the worker of a sweep."""
    width = int(coordinates["width"])
    run = train_labels(common, str(coordinates["activation"]), width, labels, watch)
    held_out = "held_out" in common["evaluation_tasks"]
    classes = common["task"]["classes"] is not None
    arrays: Arrays = {"label": labels}
    for attribute, column in kept_columns(held_out=held_out, classes=classes).items():
        values = getattr(run, attribute)
        arrays[column.name] = np.char.encode(values) if values.dtype.kind == "U" else values
    if (count := len(common["checkpoints"])) > 0:
        beyond = count - run.history.shape[1]  # checkpoints after the last step of this training
        for name in kept_histories(classes=classes):
            history = getattr(run, name)
            arrays[name] = np.pad(history, ((0, 0), (0, beyond)), constant_values=np.nan)
    if common["keep_networks"]:
        for name, array in run.networks.arrays().items():
            arrays[parameter_name(name, coordinates)] = array
    finished = run.status != CANCELLED
    return {name: array[finished] for name, array in arrays.items()}


def train_labels(
    common: Mapping[str, Any],
    activation: str,
    width: int,
    labels: Ints,
    watch: Watch,
) -> Run:
    """Train networks from their seed labels alone."""
    task, training = Task(**common["task"]), Training(**common["training"])
    nets = Networks.init(
        width,
        labels,
        activation=activation,
        dimension=task.dimension,
        outputs=task.outputs,
        init=common["init"],
        scale=common["init_scale"],
        parametrization=training.parametrization,
        base_width=training.base_width,
        dtype=common["dtype"],
        rng=common["rng"],
    )
    report, training = watch.report, Training(**common["training"])
    checkpoints = common["checkpoints"]
    return train(
        nets,
        task,
        training,
        engine=common["engine"],
        rtol=common["rtol"],
        threads=watch.threads,
        checkpoints=checkpoints[checkpoints <= training.steps],
        progress=None if report is None else lambda done, _: report(done),
        cancel=watch.cancel,
        **{name: Task(**given) for name, given in common["evaluation_tasks"].items()},
        seeds=labels,
        rng=common["rng"],
    )
