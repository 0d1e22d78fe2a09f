"""The parts of a sweep that its reports and pictures look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .._typing import Floats
from ..status import is_ok

if TYPE_CHECKING:
    import xarray as xr


def per_activation(ds: xr.Dataset) -> dict[str, xr.Dataset]:
    """Return the Dataset of each activation by name.

    Raises
    ------
    ValueError
        If this is not the result of a sweep.

    Examples
    --------
    >>> import xarray as xr
    >>> ds = xr.Dataset({"loss": (("activation", "width", "seed"), np.ones((1, 2, 3)))},
    ...                 {"activation": ["relu"], "width": [1, 2]})
    >>> list(per_activation(ds))
    ['relu']
    """
    missing = [name for name in ("loss", "width", "activation") if name not in ds.variables]
    if missing:
        raise ValueError(
            f"ds has no {missing[0]!r}, but must be the result of ltens.sweep or a part of it."
        )
    table = ds if "activation" in ds.dims else ds.expand_dims("activation")
    if "seed" not in table["loss"].dims:
        table = table.expand_dims("seed")
    names = [str(name) for name in table["activation"].values]
    return {name: table.isel(activation=i) for i, name in enumerate(names)}


def finished_losses(ds: xr.Dataset) -> Floats:
    """Return the losses (W, S) of one activation, NaN for networks that did not finish well."""
    loss = ds["loss"].transpose("width", "seed").values.astype(np.float64)
    good = np.isfinite(loss)
    if "status" in ds:
        good &= is_ok(ds["status"].transpose("width", "seed").values)
    return np.where(good, loss, np.nan)
