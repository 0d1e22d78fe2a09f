"""The table a sweep fills: an xarray.Dataset that survives netCDF."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import xarray as xr

from .build import __version__, build_info
from .configuration import Configuration
from .training import STATUS, Run

_CANCELLED = STATUS.index("cancelled")


def empty_dataset(configuration: Configuration, threads: int) -> xr.Dataset:
    """Return the Dataset of a sweep of which nothing is done: losses NaN, status "cancelled".

    Dimensions ``(activation, width, seed)``, for ``history`` also ``checkpoint``; attributes are
    numbers and strings only, ``configuration``, ``build`` and ``versions`` being JSON.
    """
    shape, dims = configuration.shape, ("activation", "width", "seed")
    ds = xr.Dataset(
        data_vars={
            "loss": (dims, np.full(shape, np.nan), {"long_name": "final loss, float64"}),
            "status": (dims, np.full(shape, _CANCELLED, np.int8), _flags()),
            "engine": (dims[:2], np.full(shape[:2], "", dtype=object)),
            "seconds": (dims[:2], np.full(shape[:2], np.nan), {"units": "s"}),
        },
        coords={
            "activation": np.array(configuration.activations, dtype=object),
            "width": configuration.widths,
            "seed": configuration.seeds.astype(np.int64),
        },
        attrs=_attributes(configuration, threads),
    )
    if len(configuration.checkpoints):
        ds = ds.assign_coords(checkpoint=configuration.checkpoints.astype(np.int64))
        ds["history"] = (
            (*dims, "checkpoint"),
            np.full((*shape, len(configuration.checkpoints)), np.nan),
            {"long_name": "loss after so many steps, float64"},
        )
    if configuration.keep_networks:
        ds = ds.assign(_parameter_variables(configuration))
    return ds


def enter(ds: xr.Dataset, activation: int, width: int, run: Run, seconds: float) -> None:
    """Write one finished block into the Dataset, in place.

    Cancelled networks keep a NaN loss: one of a half-done training would look like a result.
    """
    finished = run.status != _CANCELLED
    ds["loss"].values[activation, width] = np.where(finished, run.loss, np.nan)
    ds["status"].values[activation, width] = run.status
    ds["engine"].values[activation, width] = run.engine
    ds["seconds"].values[activation, width] = seconds
    if "history" in ds:
        ds["history"].values[activation, width] = run.history
    n = int(ds["width"].values[width])
    if f"w_{n}" in ds:
        for name, array in run.networks.arrays().items():
            ds[f"{name}_{n}"].values[activation] = array


def _flags() -> dict[str, Any]:
    """Return the attributes of an enumeration, by the CF convention."""
    return {
        "flag_values": np.arange(len(STATUS), dtype=np.int8),
        "flag_meanings": " ".join(STATUS),
    }


def _parameter_variables(configuration: Configuration) -> dict[str, Any]:
    """Return variables w_N, b_N, a_N, c_N for each width N, all NaN."""
    activations, _, seeds = configuration.shape
    variables: dict[str, Any] = {}
    for n in configuration.widths.tolist():
        neuron = f"neuron_{n}"
        shapes = {
            "w": (("activation", "seed", neuron, "dimension"), (n, configuration.task.dimension)),
            "b": (("activation", "seed", neuron), (n,)),
            "a": (("activation", "seed", neuron), (n,)),
            "c": (("activation", "seed"), ()),
        }
        for name, (dims, rest) in shapes.items():
            values = np.full((activations, seeds, *rest), np.nan, configuration.dtype)
            variables[f"{name}_{n}"] = (dims, values)
    return variables


def _attributes(configuration: Configuration, threads: int) -> dict[str, Any]:
    """Return the attributes: no bool and no None, which netCDF refuses."""
    task = configuration.task
    key = configuration.philox_key
    build = build_info()
    versions = {
        "ltens": __version__,
        "numpy": np.__version__,
        "xarray": xr.__version__,
        "python": build["python"],
    }
    return {
        "title": "ltens sweep: final losses of trained networks",
        **asdict(configuration.training),
        "samples": task.samples,
        "dimension": task.dimension,
        "domain": np.array(task.domain),
        "task_function": task.name,
        "task_fingerprint": task.fingerprint,
        "init": configuration.init,
        "init_scale": configuration.init_scale,
        "dtype": configuration.dtype,
        "rng": str(configuration.rng),
        "philox_key": f"{int(key[0]):016x} {int(key[1]):016x}",
        "threads": threads,
        "configuration": json.dumps(configuration.describe()),
        "build": json.dumps(build),
        "versions": json.dumps(versions),
    }
