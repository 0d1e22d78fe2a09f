"""Losses against width, with the fitted laws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..report import laws, loss_quantiles, per_activation
from .style import light_grid, mark_sizes, new_axes, styles

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

    from ..fitting import Law


def scaling(ds: xr.Dataset, *, fits: bool = True, ax: Axes | None = None) -> Axes:
    """Draw median loss against width, with the quartiles as a band and the fitted laws dashed.

    Parameters
    ----------
    ds : xarray.Dataset
        The result of `ltens.sweep`, or one activation of it.
    fits : bool
        Draw the law of each activation with at least 3 widths; its exponent and 95 % interval
        stand in the legend.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If `ds` is not the result of a sweep.

    Examples
    --------
    >>> import xarray as xr
    >>> loss = np.geomspace(1.0, 1e-3, 4)[None, :, None] * np.ones((1, 4, 5))
    >>> ds = xr.Dataset({"loss": (("activation", "width", "seed"), loss)},
    ...                 {"activation": ["silu"], "width": [1, 10, 100, 1000]})
    >>> scaling(ds).get_xlabel()
    'width N'
    """
    parts = per_activation(ds)
    found = laws(ds) if fits else {}
    if ax is None:
        ax = new_axes()
    for (name, part), (colour, marker) in zip(parts.items(), styles(), strict=False):
        _draw_activation(ax, part, _label(name, found.get(name)), colour, marker)
        law = found.get(name)
        if law is not None:
            _draw_law(ax, law, colour)
    ax.set(xscale="log", yscale="log", xlabel="width N", ylabel="median loss (MSE)")
    mark_sizes(ax, ds["width"].values)
    light_grid(ax)
    ax.legend(frameon=False)
    return ax


def _draw_activation(ax: Axes, ds: xr.Dataset, label: str, colour: str, marker: str) -> None:
    """Draw medians and the band between the quartiles."""
    order = np.argsort(ds["width"].values)
    width = ds["width"].values[order]
    low, median, high = loss_quantiles(ds, [0.25, 0.5, 0.75])[:, order]
    ax.fill_between(width, low, high, color=colour, alpha=0.2, linewidth=0)
    ax.plot(width, median, marker, color=colour, markersize=5, label=label)


def _draw_law(ax: Axes, law: Law, colour: str) -> None:
    """Draw a fitted law over the sizes it was fitted to."""
    sizes = np.geomspace(law.sizes.min(), law.sizes.max(), 50)
    ax.plot(sizes, law.predict(sizes), "--", color=colour, linewidth=1.2)


def _label(name: str, law: Law | None) -> str:
    """Return the legend entry: name, exponent and interval."""
    if law is None:
        return name
    text = rf"{name}: $\alpha$ = {law.exponent:.2f}"
    if law.has_interval:
        low, high = law.interval()
        text += f" [{low:.2f}, {high:.2f}]"
    return text
