"""Averages of narrow networks against wide ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..style import COLOURS, light_grid, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...tickets import Ensembling


def ensembling(found: Ensembling, *, ax: Axes | None = None) -> Axes:
    """Draw the loss of averaged outputs and of the uncorrelated rule beside that of real networks.

    Parameters
    ----------
    found : Ensembling
        Of `ltens.tickets.ensembling`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> nets = {n: ltens.Networks.init(width=n, seeds=20) for n in (2, 4)}
    >>> ensembling(ltens.tickets.ensembling(nets, task, exclude="none")).get_ylabel()
    'median loss (MSE)'
    """
    if ax is None:
        ax = new_axes(7.0, 4.6)
    rows = found.rows
    kinds = (
        ("observed", "o", "trained networks of the wide width"),
        ("averaged", "s", "outputs of k narrow ones averaged"),
        ("uncorrelated", "^", "rule for uncorrelated errors, $\\Sigma l / k^2$"),
    )
    for shift, (name, marker, label), colour in zip((-1, 0, 1), kinds, COLOURS, strict=False):
        value = np.array([getattr(row, name) for row in rows])
        low, high = np.array([row.intervals[name] for row in rows]).T
        error = np.maximum([value - low, high - value], 0)
        places = np.arange(len(rows)) + 0.16 * shift
        ax.errorbar(places, value, error, fmt=marker, color=colour, markersize=5, label=label)
    narrow = [row.narrow_loss for row in rows]
    ax.plot(
        np.arange(len(rows)), narrow, "_", color="0.4", markersize=16, label="one narrow network"
    )
    ax.set_xticks(
        np.arange(len(rows)), labels=[f"{r.k}×{r.narrow}\nvs {r.wide}" for r in rows], fontsize=8
    )
    ax.set(yscale="log", ylabel="median loss (MSE)", xlabel="networks × width against one width")
    light_grid(ax)
    ax.legend(frameon=False, fontsize=8)
    return ax
