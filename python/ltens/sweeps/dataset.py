"""The table a sweep fills, and the xarray.Dataset made of it, which survives netCDF."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ..build import __version__, build_info
from ..computation import Plain
from ..scheduling import Layout, Table
from ..status import CANCELLED, flags
from ..training.networks import parameter_shapes
from ..training.results import COLUMNS, HISTORIES, kept_columns, kept_histories
from .configuration import Configuration, without

if TYPE_CHECKING:
    import xarray as xr


def sweep_table(configuration: Configuration) -> Table:
    """Return the table of a sweep of which nothing is done: losses NaN, status "cancelled"."""
    axes = {
        "activation": list(configuration.activations),
        **{name: axis.coordinates for name, axis in configuration.over.items()},
        "width": configuration.widths.tolist(),
    }
    labels = configuration.seeds.astype(np.int64)
    outputs, classes = configuration.task.outputs, configuration.task.classes is not None
    table = Table(axes, "seed", labels, partial(_layout, outputs=outputs))
    held_out = configuration.held_out is not None
    for column in kept_columns(held_out=held_out, classes=classes).values():
        table.declare(column.name, column.dtype)
    if len(configuration.checkpoints):
        for name in kept_histories(classes=classes):
            table.declare(name, np.float64, (len(configuration.checkpoints),))
    if configuration.keep_networks:
        for n in configuration.widths.tolist():
            for d in configuration.dimensions:
                where = {"width": n} | ({"dimension": d} if "dimension" in axes else {})
                for name, rest in parameter_shapes(n, d, outputs).items():
                    key = parameter_name(name, where)
                    table.declare(key, configuration.widest_dtype, rest)
    return table


def parameter_name(letter: str, coordinates: Mapping[str, Plain]) -> str:
    """Return what the parameters w, b, a or c of a cell are called in its store and Dataset.

    Input weights have another shape in every dimension, and so another name if that is an axis.

    Examples
    --------
    >>> parameter_name("w", {"width": 10}), parameter_name("w", {"width": 10, "dimension": 3})
    ('w_10', 'w_10_3')
    """
    name = f"{letter}_{coordinates['width']}"
    if letter == "w" and "dimension" in coordinates:
        return f"{name}_{coordinates['dimension']}"
    return name


def sweep_dataset(
    configuration: Configuration, table: Table, provenance: Mapping[str, Any]
) -> xr.Dataset:
    """Return the Dataset of a table.

    Dimensions ``(activation, ..., width, seed)``, the axes ``over`` between, for ``history`` also
    ``checkpoint``; attributes are numbers and strings only, ``configuration``, ``build`` and
    ``versions`` being JSON.
    """
    ds = table.dataset(_attributes(configuration, provenance))
    if len(configuration.checkpoints):
        ds = ds.assign_coords(checkpoint=configuration.checkpoints.astype(np.int64))
    return ds


def provenance_of(threads: int) -> dict[str, Any]:
    """Return build, versions and threads of each block, kept with every result."""
    build = build_info()
    versions = {"ltens": __version__, "numpy": np.__version__, "python": build["python"]}
    return {"build": build, "versions": versions, "threads": threads}


_PARAMETERS = re.compile(r"([wbac])_(\d+)(?:_(\d+))?")
_MEANINGS = {column.name: column.meaning for column in COLUMNS.values() if column.meaning}


def _layout(name: str, outputs: int = 1) -> Layout:
    """Return where an array of a block goes; see `parameter_name` for those of parameters."""
    if name in _MEANINGS:
        return Layout(attrs={"long_name": _MEANINGS[name]})
    if name == "status":
        return Layout(fill=CANCELLED, attrs=flags())
    if name in HISTORIES:
        return Layout(rest=("checkpoint",), attrs={"long_name": HISTORIES[name]})
    if (found := _PARAMETERS.fullmatch(name)) is not None:
        letter, width, dimension = found.groups()
        neuron = f"neuron_{width}"
        inputs = "dimension" if dimension is None else f"dimension_{dimension}"
        each = () if outputs == 1 else ("output",)
        rest = {"w": (neuron, inputs), "b": (neuron,), "a": (*each, neuron), "c": each}[letter]
        without = ("width",) if dimension is None else ("dimension", "width")
        return Layout(without=without, rest=rest)
    return Layout()


def _attributes(configuration: Configuration, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes: no bool and no None, which netCDF refuses."""
    key = configuration.philox_key
    return {
        "title": "ltens sweep: final losses of trained networks",
        **without(configuration.training.describe(), configuration.over),
        **_task_attributes(configuration),
        **{
            f"{name}_{key}": value
            for name, other in configuration.evaluation_tasks().items()
            for key, value in (("samples", other.samples), ("fingerprint", other.fingerprint))
        },
        **without(configuration.options(), {"engine", *configuration.over}),  # it is a variable
        "rng": str(configuration.rng),
        "philox_key": f"{int(key[0]):016x} {int(key[1]):016x}",
        "threads": provenance["threads"],
        "configuration": json.dumps(configuration.describe()),
        "build": json.dumps(provenance["build"]),
        "versions": json.dumps(provenance["versions"]),
    }


def _task_attributes(configuration: Configuration) -> dict[str, Any]:
    """Return what all networks' tasks have in common."""
    task, varied = configuration.task, configuration.varied("task")
    common = {
        "samples": task.samples,
        "dimension": task.dimension,
        "domain": np.array(task.domain),
        **({"noise": task.recipe.noise} if task.recipe and task.recipe.noise else {}),
        **({"outputs": task.outputs} if task.outputs > 1 else {}),
    }
    names = {"task_function": task.name} if "function" not in varied else {}
    if task.loss != "mse":
        names["task_loss"] = task.loss
    marks = {} if varied else {"task_fingerprint": task.fingerprint}
    return without(common, varied) | names | marks
