"""The loss against a parameter that is tuned, at each width, with the best values marked."""

from __future__ import annotations

import json
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from ...fitting.curves import curves_of
from ..style import axis_label, light_grid, new_axes

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

_LINES = ("-", "--", ":", "-.")
_MOST_IN_LEGEND = 12


def tuning(ds: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """Draw the median loss on the evaluation task against the parameter that was tuned.

    One curve for each width, dark ones narrow and light ones wide; the best value of each has a
    ring. Further axes and activations have other line styles. Where half of the networks diverged
    there is no point.

    Parameters
    ----------
    ds : xarray.Dataset
        Of `ltens.tune`, or a part of it.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If `ds` is not the result of `ltens.tune`.

    Examples
    --------
    >>> import ltens
    >>> few = {"training": ltens.Training(steps=100), "activations": "silu", "progress": False}
    >>> ds = ltens.tune([2, 4], seeds=5, values=[0.001, 0.03, 3.0], **few)
    >>> tuning(ds).get_xlabel()
    'learning rate'
    """
    if "tuning" not in ds.attrs or "median_loss" not in ds:
        raise ValueError("ds has no 'tuning', but must be the result of ltens.tune.")
    parameter = str(json.loads(ds.attrs["tuning"])["parameter"])
    ax = new_axes() if ax is None else ax
    table = ds if "width" in ds["median_loss"].dims else ds.expand_dims("width")
    table = table.sortby("width")
    if ds[parameter].dtype.kind in "if":
        table = table.sortby(parameter)
    colours = _colours(table.sizes["width"])
    groups = curves_of(table.isel(width=0), parameter, "median_loss")
    widths = table["width"].values.tolist()
    for style, (name, group) in zip(cycle(_LINES), groups.items(), strict=False):
        place = {
            dim: group[dim].values
            for dim in table["median_loss"].dims
            if dim not in ("width", parameter)
        }
        for colour, width in zip(colours, widths, strict=True):
            curve = table["median_loss"].sel({**place, "width": width})
            first = name == next(iter(groups))
            shown = first and (len(widths) <= _MOST_IN_LEGEND or width in (widths[0], widths[-1]))
            label = f"N = {width}" if shown else None
            _draw(ax, curve, parameter, colour=colour, style=style, label=label)
        if len(groups) > 1:
            ax.plot([], [], style, color="0.4", linewidth=1.2, label=name)
    _finish(ax, table[parameter].values, parameter)
    ax.legend(frameon=False, fontsize="small")
    return ax


def _colours(count: int) -> list[Any]:
    from matplotlib import colormaps

    return [colormaps["viridis"](0.9 * i / max(count - 1, 1)) for i in range(count)]


def _draw(
    ax: Axes, curve: xr.DataArray, parameter: str, *, colour: Any, style: str, label: str | None
) -> None:
    """Draw one width, and a ring at its best value."""
    loss = np.where(np.isfinite(curve.values), curve.values, np.nan)
    values = curve[parameter].values
    x = values if values.dtype.kind in "if" else np.arange(len(values))
    ax.plot(x, loss, style, marker="o", markersize=3.5, color=colour, linewidth=1.2, label=label)
    if np.isfinite(loss).any():
        best = int(np.nanargmin(loss))
        ring: dict[str, Any] = {"markersize": 10, "markerfacecolor": "none", "markeredgewidth": 1.4}
        ax.plot(x[best], loss[best], "o", color=colour, **ring)


def _finish(ax: Axes, values: Any, parameter: str) -> None:
    ax.set(yscale="log", xlabel=axis_label(parameter), ylabel="median loss on the evaluation task")
    if values.dtype.kind not in "if":
        ax.set_xticks(range(len(values)), labels=[str(value) for value in values])
    elif values.min() > 0 and values.max() >= 10 * values.min():
        ax.set_xscale("log")
    light_grid(ax)
