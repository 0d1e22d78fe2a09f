"""Normalised curves of all sizes on top of each other, and how far they spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..style import light_grid, plain_loss_axis, stacked_axes
from .measured_histories import named_sizes, shades

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...fitting import Collapse


def collapse(found: Collapse, *, ax: Axes | None = None) -> Axes:
    """Draw (loss - limit) / (last loss - limit) against t / T for each training, by size.

    Below, unless `ax` is given: the spread of these curves and the noise of the seeds.

    Parameters
    ----------
    found : Collapse
        Of `HistoryLaw.collapse`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        With the curves.

    Examples
    --------
    >>> from ltens.fitting.histories.planted import PlantedHistories
    >>> import ltens
    >>> law = ltens.fit_histories(PlantedHistories(horizon=1.6).data(rng=0), discard=0)
    >>> collapse(law.collapse(0.1)).get_ylabel()
    'reducible loss / last'
    """
    below = None
    if ax is None:
        ax, below = stacked_axes()
    for at, (label, colour) in enumerate(zip(found.labels, shades(len(found.labels)), strict=True)):
        for i, run in enumerate(np.flatnonzero(found.groups == at)):
            name = label if i == 0 else None
            ax.plot(found.x, found.curves[run], "-", color=colour, linewidth=0.9, label=name)
    ax.set(xscale="log", yscale="log", ylabel="reducible loss / last")
    plain_loss_axis(ax)
    light_grid(ax)
    named_sizes(ax)
    last = ax
    if below is not None:
        below.plot(found.x, found.spread, "-", color="#D55E00", label="spread over sizes")
        below.plot(found.x, found.noise, "--", color="0.3", label="noise of seeds")
        below.set(ylabel="relative", ylim=(0.0, None))
        light_grid(below)
        below.legend(frameon=False, fontsize="x-small")
        last = below
    last.set_xlabel("t / T")
    return ax
