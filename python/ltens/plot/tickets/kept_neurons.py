"""Loss against neurons kept by pruning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..style import COLOURS, light_grid, new_axes, styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...tickets import Pruning


def pruning(
    runs: Mapping[str, Pruning],
    trained: Mapping[int, ArrayLike] | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the median loss against neurons kept, beside networks trained at these widths.

    Parameters
    ----------
    runs : mapping of name to Pruning
        Of `ltens.tickets.prune`; the quartiles of the networks are shaded.
    trained : mapping of width to losses (S,), optional
        Of networks trained at that width.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> done = ltens.tickets.prune(ltens.Networks.init(8, 3), task)
    >>> pruning({"backward": done}).get_xlabel()
    'neurons'
    """
    if ax is None:
        ax = new_axes()
    for (name, done), (colour, marker) in zip(runs.items(), styles(), strict=False):
        low, middle, high = np.quantile(done.loss, [0.25, 0.5, 0.75], axis=0)
        ax.plot(
            done.kept, middle, f"{marker}-", color=colour, markersize=4, linewidth=1,
            label=f"pruned, read-out refitted: {name}",
        )  # fmt: skip
        ax.fill_between(done.kept, low, high, color=colour, alpha=0.15, linewidth=0)
        start = float(np.median(done.trained))
    if runs:
        ax.axhline(start, color="0.5", linestyle=":", linewidth=1, label="before, as trained")
    if trained:
        widths = sorted(trained)
        middle = [float(np.nanmedian(np.asarray(trained[n], np.float64))) for n in widths]
        ax.plot(widths, middle, "X--", color=COLOURS[6], markersize=5, linewidth=1,
                label="trained at that width")  # fmt: skip
    ax.set(xscale="log", yscale="log", xlabel="neurons", ylabel="median loss (MSE)")
    light_grid(ax)
    ax.legend(frameon=False, fontsize=8)
    return ax
