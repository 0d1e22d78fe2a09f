"""Networks by width out of a Dataset that keeps their parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ..status import is_ok
from .inputs import Arrays, NetworksLike

if TYPE_CHECKING:
    import xarray as xr


def networks_by_width(data: xr.Dataset | Mapping[int, NetworksLike]) -> dict[int, NetworksLike]:
    """Return networks by increasing width, those of a Dataset that were trained to their end.

    Raises
    ------
    TypeError
        If `data` is neither a mapping of widths to networks nor a Dataset.
    ValueError
        If it is empty, has more than one curve, or has not kept the networks.

    Examples
    --------
    >>> networks_by_width({})
    Traceback (most recent call last):
    ...
    ValueError: data holds no width, but must hold networks of at least one.
    """
    if hasattr(data, "data_vars"):
        found = _of_dataset(data)
    elif isinstance(data, Mapping):
        found = dict(cast("Mapping[int, NetworksLike]", data))
    else:
        raise TypeError(
            f"data is a {type(data).__name__}, but must be a mapping of widths to networks, or a "
            "Dataset of ltens.sweep with keep_networks=True."
        )
    if not found:
        raise ValueError("data holds no width, but must hold networks of at least one.")
    for width, nets in found.items():
        shape: tuple[int, ...] = getattr(getattr(nets, "b", None), "shape", ())
        if len(shape) != 2 or shape[1] != width:
            raise ValueError(f"data[{width!r}] is {nets!r}, but must be networks of that width.")
    return dict(sorted(found.items()))


def _of_dataset(ds: Any) -> dict[int, NetworksLike]:
    for name in ("width", "activation", "loss"):
        if name not in ds.variables:
            raise ValueError(
                f"data has no {name!r}, but must be the result of ltens.sweep or a part of it."
            )
    table = ds
    for name in set(ds["loss"].dims) - {"width", "seed"}:
        if ds.sizes[name] != 1:
            raise ValueError(
                f"data has {ds.sizes[name]} values of {name!r}, but a budget is of one: choose it "
                f"with ds.sel({name}=...)."
            )
        table = table.isel({name: 0})
    widths = table["width"].values.reshape(-1).tolist()
    return {n: _networks(table, n) for n in widths}


def _networks(table: Any, n: int) -> Arrays:
    """Return the networks of one width that were trained to their end."""
    if f"w_{n}" not in table:
        raise ValueError(
            f"data has no 'w_{n}', but must hold the networks: sweep with keep_networks=True."
        )
    status = table["status"].sel(width=n) if "width" in table["status"].dims else table["status"]
    good = is_ok(status.values)
    parts = {name: np.asarray(table[f"{name}_{n}"].values, np.float64)[good] for name in "wbac"}
    return Arrays(**parts, activation=str(table["activation"].values))
