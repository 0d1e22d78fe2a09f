"""What a surface misses, against each size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...validation import one_of
from ..style import light_grid, new_axes, styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...fitting import SurfaceLaw


def surface_residuals(
    law: SurfaceLaw, against: str | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw log10(loss / law) of each run against one size, or against the law's loss.

    Parameters
    ----------
    law : SurfaceLaw
    against : str, optional
        A size; the law's loss by default.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import ltens
    >>> n, d = (a.ravel() for a in np.meshgrid([1e6, 1e7, 1e8, 1e9], [1e8, 1e9, 1e10, 1e11]))
    >>> law = ltens.fit_surface({"params": n, "tokens": d}, 2 + 90 / n**0.3 + 800 / d**0.3)
    >>> surface_residuals(law).get_xlabel()
    'loss of the law'
    """
    ax = new_axes(height=3.2) if ax is None else ax
    if against is None:
        x, label = law.losses * np.exp(-law.residuals), "loss of the law"
    else:
        label = one_of(against, law.names, "against")
        x = law.sizes[label]
    dex = law.residuals / np.log(10)
    for at, (name, (colour, marker)) in enumerate(zip(law.table.labels, styles(), strict=False)):
        rows = law.table.groups == at
        ax.plot(x[rows], dex[rows], marker, color=colour, markersize=3.5, label=name)
    ax.axhline(0.0, color="0.4", linewidth=0.8, zorder=1)
    ax.set(xscale="log", xlabel=label, ylabel="log$_{10}$(loss / law)")
    light_grid(ax)
    if len(law.table.labels) > 1:
        ax.legend(frameon=False)
    return ax
