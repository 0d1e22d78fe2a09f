"""The table a sweep fills, and the xarray.Dataset made of it, which survives netCDF."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..build import __version__, build_info
from ..scheduling import Layout, Table
from ..status import CANCELLED, flags
from ..training.results import COLUMNS, kept_columns
from .configuration import Configuration

if TYPE_CHECKING:
    import xarray as xr


def sweep_table(configuration: Configuration) -> Table:
    """Return the table of a sweep of which nothing is done: losses NaN, status "cancelled"."""
    axes = {
        "activation": list(configuration.activations),
        "width": configuration.widths.tolist(),
    }
    table = Table(axes, "seed", configuration.seeds.astype(np.int64), _layout)
    for column in kept_columns(held_out=configuration.held_out is not None).values():
        table.declare(column.name, column.dtype)
    if len(configuration.checkpoints):
        table.declare("history", np.float64, (len(configuration.checkpoints),))
    if configuration.keep_networks:
        for n in configuration.widths.tolist():
            for name, rest in parameter_shapes(n, configuration.task.dimension).items():
                table.declare(f"{name}_{n}", configuration.dtype, rest)
    return table


def parameter_shapes(width: int, dimension: int) -> dict[str, tuple[int, ...]]:
    """Return the shape of each parameter of one network."""
    return {"w": (width, dimension), "b": (width,), "a": (width,), "c": ()}


def sweep_dataset(
    configuration: Configuration, table: Table, provenance: Mapping[str, Any]
) -> xr.Dataset:
    """Return the Dataset of a table.

    Dimensions ``(activation, width, seed)``, for ``history`` also ``checkpoint``; attributes are
    numbers and strings only, ``configuration``, ``build`` and ``versions`` being JSON.
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


_MEANINGS = {column.name: column.meaning for column in COLUMNS.values() if column.meaning}


def _layout(name: str) -> Layout:
    """Return where an array of a block goes; w_N, b_N, a_N, c_N are parameters of width N."""
    if name in _MEANINGS:
        return Layout(attrs={"long_name": _MEANINGS[name]})
    if name == "status":
        return Layout(fill=CANCELLED, attrs=flags())
    if name == "history":
        meaning = "loss after so many steps, float64"
        return Layout(rest=("checkpoint",), attrs={"long_name": meaning})
    letter, _, width = name.partition("_")
    if letter in ("w", "b", "a", "c") and width.isdigit():
        neuron = f"neuron_{width}"
        rest = {"w": (neuron, "dimension"), "b": (neuron,), "a": (neuron,), "c": ()}[letter]
        return Layout(without=("width",), rest=rest)
    return Layout()


def _attributes(configuration: Configuration, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes: no bool and no None, which netCDF refuses."""
    task = configuration.task
    key = configuration.philox_key
    return {
        "title": "ltens sweep: final losses of trained networks",
        **configuration.training.describe(),
        "samples": task.samples,
        "dimension": task.dimension,
        "domain": np.array(task.domain),
        "task_function": task.name,
        "task_fingerprint": task.fingerprint,
        **{
            f"{name}_{key}": value
            for name, other in configuration.evaluation_tasks().items()
            for key, value in (("samples", other.samples), ("fingerprint", other.fingerprint))
        },
        **{k: v for k, v in configuration.options().items() if k != "engine"},  # a variable
        "rng": str(configuration.rng),
        "philox_key": f"{int(key[0]):016x} {int(key[1]):016x}",
        "threads": provenance["threads"],
        "configuration": json.dumps(configuration.describe()),
        "build": json.dumps(provenance["build"]),
        "versions": json.dumps(provenance["versions"]),
    }
