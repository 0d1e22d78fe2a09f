"""Approach 1 of Hoffmann et al.: training curves against compute, and their envelope."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..style import light_grid, new_axes, plain_loss_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...fitting import Envelope


def envelope(found: Envelope, *, ax: Axes | None = None) -> Axes:
    """Draw loss against compute: each training by the colour of its size, and the lowest loss.

    Where the best training is the smallest or the largest that is there, the envelope is dotted: it
    does not enter the exponent.

    Parameters
    ----------
    found : Envelope
        Of `ltens.fit_envelope`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import ltens
    >>> n, passes = (a.ravel() for a in np.meshgrid(np.geomspace(1e7, 1e10, 16),
    ...                                             np.geomspace(2, 200, 30), indexing="ij"))
    >>> losses = 1.8 + 480 / n**0.35 + 2100 / (passes * n) ** 0.37
    >>> found = ltens.fit_envelope({"params": n, "tokens": passes * n}, losses, runs=n)
    >>> envelope(found).get_xlabel()
    'compute'
    """
    import matplotlib.pyplot as plt
    from matplotlib.colors import LogNorm

    ax = new_axes() if ax is None else ax
    law, first = found.law, found.names[0]
    sizes, trainings = law.sizes[first], law.table.trainings
    assert trainings is not None
    spent = found.cost * sizes * law.sizes[found.names[1]]
    norm, colours = LogNorm(sizes.min(), sizes.max()), plt.get_cmap("viridis")
    for at in np.unique(trainings):
        rows = np.flatnonzero(trainings == at)
        rows = rows[np.argsort(spent[rows])]
        colour = colours(norm(sizes[rows[0]]))
        ax.plot(spent[rows], law.losses[rows], "-", color=colour, linewidth=0.9)
    inside = np.where(found.inside, found.loss, np.nan)
    ax.plot(found.compute, found.loss, ":", color="0.1", linewidth=1.4)
    ax.plot(found.compute, inside, "-", color="0.1", linewidth=1.8, label="lowest loss")
    ax.figure.colorbar(plt.cm.ScalarMappable(norm, colours), ax=ax, label=first)
    ax.set(xscale="log", yscale="log", xlabel="compute", ylabel="loss")
    plain_loss_axis(ax)
    light_grid(ax)
    ax.legend(frameon=False)
    return ax
