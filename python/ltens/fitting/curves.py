"""The curves of a Dataset: one for each combination of what is not the size and not the seed."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from ..words import exact

if TYPE_CHECKING:
    from collections.abc import Hashable

    import xarray as xr

REPETITIONS = ("seed", "draw")
"""Dimensions over which a statistic of the losses is taken."""


def curves_of(ds: xr.Dataset, size: str = "width", variable: str = "loss") -> dict[str, xr.Dataset]:
    """Return the parts of a Dataset that are one curve each, by what they have of the other axes.

    Parameters
    ----------
    ds : xarray.Dataset
    size : str
        The dimension that is the size.
    variable : str
        What is drawn or fitted against it.

    Examples
    --------
    >>> import numpy as np
    >>> import xarray as xr
    >>> ds = xr.Dataset({"loss": (("activation", "lr", "width"), np.ones((1, 2, 3)))},
    ...                 {"activation": ["silu"], "lr": [0.1, 0.01], "width": [1, 2, 3]})
    >>> list(curves_of(ds)), list(curves_of(ds.sel(activation="silu"), size="lr"))
    (['silu, lr=0.1', 'silu, lr=0.01'], ['width=1', 'width=2', 'width=3'])
    """
    axes = axes_beside(ds, size, variable)
    return {
        ", ".join(_named(ds, axis, i) for axis, i in zip(axes, place, strict=True)): ds.isel(
            dict(zip(axes, place, strict=True))
        )
        for place in itertools.product(*(range(ds.sizes[axis]) for axis in axes))
    }


def axes_beside(ds: xr.Dataset, size: str = "width", variable: str = "loss") -> list[Hashable]:
    """Return the dimensions of a variable that are neither the size nor repetitions."""
    if variable not in ds:
        return []
    return [name for name in ds[variable].dims if name not in (size, *REPETITIONS)]


def _named(ds: xr.Dataset, axis: Hashable, i: int) -> str:
    """Return an activation by its name, anything else with what it is."""
    value = ds[axis].values[i]
    text = exact(value.item() if hasattr(value, "item") else value)
    return text if axis == "activation" else f"{axis}={text}"
