"""Median losses against width for several protocols."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..style import light_grid, new_axes, styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def medians(curves: Mapping[str, Mapping[int, ArrayLike]], *, ax: Axes | None = None) -> Axes:
    """Draw the median of the losses against width, a curve for each protocol, quartiles shaded.

    Parameters
    ----------
    curves : mapping of name to mapping of width to losses (S,)
        Losses that are not finite are left out.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If there is no curve, or a width without a finite loss.

    Examples
    --------
    >>> medians({"short": {5: [0.2, 0.3], 10: [0.1, 0.2]}}).get_xlabel()
    'width N'
    """
    if not curves:
        raise ValueError("curves is empty, but must hold at least one mapping of widths to losses.")
    if ax is None:
        ax = new_axes()
    for (name, by_width), (colour, marker) in zip(curves.items(), styles(), strict=False):
        widths = sorted(by_width)
        low, middle, high = np.array([_quartiles(name, n, by_width[n]) for n in widths]).T
        ax.plot(widths, middle, f"{marker}-", color=colour, markersize=4, linewidth=1, label=name)
        ax.fill_between(widths, low, high, color=colour, alpha=0.15, linewidth=0)
    ax.set(xscale="log", yscale="log", xlabel="width N", ylabel="median loss (MSE)")
    light_grid(ax)
    ax.legend(frameon=False, fontsize=8)
    return ax


def _quartiles(name: str, width: int, losses: ArrayLike) -> np.ndarray:
    values = np.asarray(losses, dtype=np.float64)
    values = values[np.isfinite(values)]
    if values.size == 0:
        raise ValueError(f"curves[{name!r}][{width}] holds no finite loss, but must hold one.")
    return np.quantile(values, [0.25, 0.5, 0.75])
