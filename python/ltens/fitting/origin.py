"""What a Dataset says of how its networks were trained: kept beside the losses, as plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import tables

if TYPE_CHECKING:
    import xarray as xr

_KEPT = ("lr", "optimizer", "parametrization", "base_width", "steps", "batch_size", "samples")


def origin_of(ds: xr.Dataset, size: str) -> dict[str, Any]:
    """Return what is known of the training, by name; empty for a Dataset that says nothing.

    Parameters
    ----------
    ds : xarray.Dataset
        One curve of the result of `ltens.sweep`.
    size : str
        The dimension that is the size.

    Returns
    -------
    dict
        Fields of `ltens.Training` that the attributes hold; "lr" of each size where it differs, by
        size; "at", what was selected; "tuning" and "configuration" as the sweep noted them.

    Examples
    --------
    >>> import xarray as xr
    >>> ds = xr.Dataset({"loss": ("width", [2.0, 1.0])}, {"width": [1, 2]}, {"lr": 0.01})
    >>> origin_of(ds, "width")
    {'lr': 0.01}
    >>> tuned = ds.assign_coords(lr=("width", [0.1, 0.03]))
    >>> origin_of(tuned, "width")
    {'lr': {'1': 0.1, '2': 0.03}}
    """
    found = {name: tables.plain(ds.attrs[name]) for name in _KEPT if name in ds.attrs}
    for name in ("tuning", "configuration"):
        if (text := _parsed(ds.attrs.get(name))) is not None:
            found[name] = text
    at = {
        str(name): tables.plain(coordinate.values)
        for name, coordinate in ds.coords.items()
        if coordinate.ndim == 0 and coordinate.dtype.kind in "iufU"
    }
    if "lr" in ds.coords and ds["lr"].dims == (size,):
        values = zip(ds[size].values.tolist(), ds["lr"].values.tolist(), strict=True)
        found["lr"] = {f"{n:g}": lr for n, lr in values if np.isfinite(lr)}
    elif "lr" in at:
        found["lr"] = at["lr"]
    if at:
        found["at"] = at
    return found


def _parsed(text: object) -> Mapping[str, Any] | None:
    """Return a mapping written as JSON; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
