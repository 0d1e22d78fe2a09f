"""Losses of whole trainings against the step, with the fitted law."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..style import light_grid, new_axes, plain_loss_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...fitting import HistoryLaw

_POINTS = 100
_MOST_NAMED = 10  # sizes with a line each in the legend


def histories(law: HistoryLaw, *, ax: Axes | None = None) -> Axes:
    """Draw the loss of each training against the step, by size, and the law; grey is left out.

    Parameters
    ----------
    law : HistoryLaw
        Of `ltens.fit_histories`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import ltens
    >>> n, seed, t = np.meshgrid([8, 16, 32, 64], [0, 1], np.geomspace(10, 1e4, 12))
    >>> run = [f"{a:g}/{b:g}" for a, b in zip(n.ravel(), seed.ravel())]
    >>> loss = (0.1 + 2 / n**0.8 + 3 / t**0.5).ravel()
    >>> law = ltens.fit_histories({"N": n.ravel(), "step": t.ravel()}, loss, runs=run, discard=0.3)
    >>> histories(law).get_xlabel()
    'step'
    """
    ax = new_axes() if ax is None else ax
    table = law.histories
    sizes, groups = law.histories.by_size()
    for at, (values, colour) in enumerate(zip(sizes, shades(len(sizes)), strict=True)):
        label = ", ".join(f"{k} {v:.4g}" for k, v in zip(table.sizes, values, strict=True))
        for run in np.flatnonzero(groups == at):
            _draw_run(ax, law, table.runs == run, colour)
        own = law.kept & (groups[table.runs] == at)
        grid = np.geomspace(table.steps[own].min(), table.steps[own].max(), _POINTS)
        points = dict(zip(table.sizes, map(float, values), strict=True)) | {law.time: grid}
        ax.plot(grid, law.predict(points), "-", color=colour, linewidth=1.5, label=label)
    ax.set(xscale="log", yscale="log", xlabel=law.time, ylabel="loss")
    plain_loss_axis(ax)
    light_grid(ax)
    named_sizes(ax)
    return ax


def shades(count: int) -> list[Any]:
    """Return a colour for each size, dark for small ones."""
    import matplotlib.pyplot as plt

    return list(plt.get_cmap("viridis")(np.linspace(0.0, 0.88, count)))


def named_sizes(ax: Axes) -> None:
    """Name the sizes in a legend; of many only some."""
    lines, labels = ax.get_legend_handles_labels()
    every = -(-len(lines) // _MOST_NAMED)
    ax.legend(lines[::every], labels[::every], frameon=False, fontsize="x-small")


def _draw_run(ax: Axes, law: HistoryLaw, own: Any, colour: Any) -> None:
    table = law.histories
    early = own & ~law.kept & (table.steps > 0)
    ax.plot(table.steps[early], table.losses[early], ".", color="0.75", markersize=3, zorder=1)
    kept = own & law.kept
    ax.plot(table.steps[kept], table.losses[kept], ".", color=colour, markersize=3.5, alpha=0.6)
