"""A training as an xarray.Dataset, laid out as a sweep of one activation and one width."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from .._typing import Floats
from ..build import __version__, build_info
from ..status import flags
from ..validation import seed_labels
from .results import HISTORIES, Run, kept_columns, kept_histories

if TYPE_CHECKING:
    import xarray as xr


def run_dataset(run: Run, seeds: Any, *, keep_networks: bool) -> xr.Dataset:
    """Return the Dataset of a run; see `Run.to_dataset`."""
    import xarray as xr

    count, width = len(run.networks), run.networks.width
    labels = seed_labels(count if seeds is None else seeds).astype(np.int64)
    if len(labels) != count:
        raise ValueError(
            f"seeds has {len(labels)} label(s), but must have one for each of the {count} "
            "network(s)."
        )
    if not isinstance(keep_networks, bool):
        raise TypeError(f"keep_networks is {keep_networks!r}, but must be True or False.")
    data = _results(run)
    if keep_networks:
        data |= _parameters(run)
    ds = xr.Dataset(
        data,
        {
            "activation": np.array([run.networks.activation], object),
            "width": [width],
            "seed": labels,
        },
        _attributes(run),
    )
    if len(run.checkpoints):
        ds = ds.assign_coords(checkpoint=run.checkpoints.astype(np.int64))
    return ds


def _results(run: Run) -> dict[str, Any]:
    """Return what there is of every network; without held-out data or classes nothing of them."""
    dims = ("activation", "width", "seed")
    data: dict[str, Any] = {}
    classes = _known(run.error)
    kept = kept_columns(held_out=_known(run.held_out_loss), classes=classes)
    for attribute, column in kept.items():
        values = getattr(run, attribute)
        values = values.astype(object) if values.dtype.kind == "U" else values
        attrs = flags() if column.name == "status" else {}
        attrs |= {"long_name": column.meaning} if column.meaning else {}
        data[column.name] = (dims, values[np.newaxis, np.newaxis], attrs)
    if len(run.checkpoints):
        for name in kept_histories(classes=classes):
            values = getattr(run, name)[np.newaxis, np.newaxis]
            data[name] = ((*dims, "checkpoint"), values, {"long_name": HISTORIES[name]})
    return data


def _parameters(run: Run) -> dict[str, Any]:
    """Return the arrays of the networks, called as in a sweep."""
    n = run.networks.width
    axes = {
        "w": (f"neuron_{n}", "dimension"),
        "b": (f"neuron_{n}",),
        "a": (f"neuron_{n}",),
        "c": (),
    }
    outputs = ("output",) if run.networks.c.ndim == 2 else ()
    return {
        f"{name}_{n}": (
            ("activation", "seed", *(outputs if name in "ac" else ()), *axes[name]),
            array[np.newaxis],
        )
        for name, array in run.networks.arrays().items()
    }


def _known(values: Floats) -> bool:
    """Return whether it was measured: what was not is NaN for every network."""
    return bool(np.isfinite(values).any())


def _attributes(run: Run) -> dict[str, Any]:
    """Return what a run knows of its making: numbers and strings only, for netCDF."""
    build = build_info()
    versions = {"ltens": __version__, "numpy": np.__version__, "python": build["python"]}
    return {
        "title": "ltens run: final losses of trained networks",
        "dimension": run.networks.dimension,
        **({"outputs": run.networks.outputs} if run.networks.outputs > 1 else {}),
        "dtype": run.networks.dtype.name,
        "build": json.dumps(build),
        "versions": json.dumps(versions),
    }
