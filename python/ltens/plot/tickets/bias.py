"""Squared bias and variance against width."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..style import light_grid, mark_sizes, new_axes, styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...tickets import BiasVariance


def bias_variance(splits: Mapping[int, BiasVariance], *, ax: Axes | None = None) -> Axes:
    """Draw squared bias, variance and mean loss over seeds against width, with 95 % intervals.

    Where the squared bias may be zero an arrow goes down from the bound above it.

    Parameters
    ----------
    splits : mapping of width to BiasVariance
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> splits = {
    ...     n: ltens.tickets.bias_variance(ltens.Networks.init(n, 20), task, exclude="none")
    ...     for n in (2, 4)
    ... }
    >>> bias_variance(splits).get_xlabel()
    'width N'
    """
    if ax is None:
        ax = new_axes()
    widths = np.array(sorted(splits))
    names = (("loss", "mean loss"), ("variance", "variance"), ("bias2", "bias²"))
    for (name, label), (colour, marker) in zip(names, styles(), strict=False):
        value = np.array([getattr(splits[n], name) for n in widths.tolist()])
        low, high = np.array([splits[n].intervals[name] for n in widths.tolist()]).T
        drawn = (value > 0) & (low > 0)
        ax.errorbar(
            widths[drawn],
            value[drawn],
            np.array([value - low, high - value])[:, drawn],
            fmt=f"{marker}-",
            color=colour,
            markersize=5,
            linewidth=1,
            label=label,
        )
        bound = ~drawn & (high > 0)
        ax.errorbar(
            widths[bound], high[bound], 0.4 * high[bound], uplims=True, fmt=" ", color=colour
        )
    ax.set(xscale="log", yscale="log", xlabel="width N", ylabel="loss (MSE)")
    mark_sizes(ax, widths)
    light_grid(ax)
    ax.legend(frameon=False)
    return ax
