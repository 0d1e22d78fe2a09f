"""The parts of a sweep that its reports and pictures look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .._typing import Floats
from ..fitting.curves import REPETITIONS, curves_of
from ..status import is_ok

if TYPE_CHECKING:
    import xarray as xr


def per_curve(ds: xr.Dataset, size: str = "width", loss: str = "loss") -> dict[str, xr.Dataset]:
    """Return the Dataset of each activation and combination of other axes, by name.

    Parameters
    ----------
    ds : xarray.Dataset
    size : str
        The dimension that is the size; each part has it and ``seed``, and no other but those of
        histories and parameters.
    loss : str
        A variable that it must have beside: the losses or errors that are looked at.

    Raises
    ------
    ValueError
        If this is not the result of a sweep, or has no such size or losses.

    Examples
    --------
    >>> import xarray as xr
    >>> ds = xr.Dataset({"loss": (("activation", "lr", "width"), np.ones((1, 2, 3)))},
    ...                 {"activation": ["relu"], "lr": [0.1, 0.2], "width": [1, 2, 3]})
    >>> list(per_curve(ds)), list(per_curve(ds.isel(lr=0)))
    (['relu, lr=0.1', 'relu, lr=0.2'], ['relu'])
    """
    missing = [name for name in ("loss", loss, size, "activation") if name not in ds.variables]
    if missing:
        raise ValueError(
            f"ds has no {missing[0]!r}, but must be the result of ltens.sweep or a part of it."
        )
    table = ds if "activation" in ds.dims else ds.expand_dims("activation")
    if size not in table["loss"].dims:
        held = ", ".join(axes_of(table))
        raise ValueError(f"size is {size!r}, but the axes of the sweep are: {held}.")
    if "seed" not in table["loss"].dims:
        table = table.expand_dims("seed")
    return curves_of(table, size)


def axes_of(ds: xr.Dataset) -> list[str]:
    """Return the axes of a sweep but the seeds.

    Examples
    --------
    >>> import xarray as xr
    >>> axes_of(xr.Dataset({"loss": (("activation", "width", "seed"), np.ones((1, 2, 3)))}))
    ['activation', 'width']
    """
    return [str(name) for name in ds["loss"].dims if name not in REPETITIONS]


def natural_size(ds: xr.Dataset) -> str:
    """Return the size that a report is by: the width, or samples or steps if there is one width.

    Examples
    --------
    >>> import xarray as xr
    >>> ds = xr.Dataset({"loss": (("activation", "samples", "width"), np.ones((1, 3, 1)))})
    >>> natural_size(ds), natural_size(ds.isel(samples=0))
    ('samples', 'width')
    """
    if ds.sizes.get("width", 1) == 1:
        for name in ("samples", "steps"):
            if ds.sizes.get(name, 1) > 1 and name in ds["loss"].dims:
                return name
    return "width"


def finished_losses(ds: xr.Dataset, size: str = "width", loss: str = "loss") -> Floats:
    """Return the losses (W, S) of one curve, NaN for networks that did not finish well."""
    values = ds[loss].transpose(size, "seed").values.astype(np.float64)
    good = np.isfinite(values)
    if "status" in ds:
        good &= is_ok(ds["status"].transpose(size, "seed").values)
    return np.where(good, values, np.nan)
