"""IsoFLOP curves: the law's loss against one size at fixed compute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..._typing import Floats
from ...validation import positive
from ..style import light_grid, new_axes, plain_loss_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...fitting import SurfaceLaw

_BUDGETS = 7
_NEAR = 0.02  # of log compute: runs that belong to a budget
_POINTS = 200


def isoflop(
    law: SurfaceLaw,
    budgets: ArrayLike | None = None,
    cost: float = 6.0,
    *,
    group: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the law's loss against the first size at budgets of compute = cost * x * y.

    Parameters
    ----------
    law : SurfaceLaw
        Of two sizes.
    budgets : (M,) array, optional
        Those that the runs share, if they share at most twelve; else seven over the runs' range.
        Runs at a budget are drawn, too; the lowest loss of each curve is marked.
    cost : float
    group : str, optional
        Whose runs and law, where there are groups.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If the law has other than two sizes.

    Examples
    --------
    >>> import ltens
    >>> n, d = (a.ravel() for a in np.meshgrid([1e6, 1e7, 1e8, 1e9], [1e8, 1e9, 1e10, 1e11]))
    >>> law = ltens.fit_surface({"params": n, "tokens": d}, 2 + 90 / n**0.3 + 800 / d**0.3)
    >>> isoflop(law).get_xlabel()
    'params'
    """
    import matplotlib.pyplot as plt

    if len(law.names) != 2:
        raise ValueError(f"law has {len(law.names)} size(s), but IsoFLOP curves need two.")
    price = positive(cost, "cost")
    ax = new_axes() if ax is None else ax
    first, second = law.names
    rows = law.table.groups == law.group_at(group)
    x, loss = law.sizes[first][rows], law.losses[rows]
    compute = price * x * law.sizes[second][rows]
    wanted = _shared(compute) if budgets is None else np.asarray(budgets, dtype=np.float64)
    colours = plt.get_cmap("viridis")(np.linspace(0.0, 0.9, len(wanted)))
    best = law.frontier(wanted, price, group=group)
    for budget, colour, lowest in zip(wanted, colours, best.first, strict=True):
        at = np.abs(np.log(compute / budget)) < _NEAR
        ends = (x[at].min(), x[at].max()) if at.sum() > 1 else (lowest / 10, lowest * 10)
        grid = np.geomspace(*ends, _POINTS)
        curve = law.predict({first: grid, second: budget / price / grid}, group=group)
        ax.plot(grid, curve, "-", color=colour, linewidth=1.1)
        ax.plot(x[at], loss[at], "o", color=colour, markersize=3, label=f"{budget:.2g}")
    ax.plot(best.first, best.loss, "D--", color="0.2", markersize=4, linewidth=0.9, label="lowest")
    ax.set(xscale="log", yscale="log", xlabel=first, ylabel="loss")
    plain_loss_axis(ax)
    light_grid(ax)
    ax.legend(frameon=False, fontsize="x-small", title="compute", title_fontsize="x-small", ncols=2)
    return ax


def _shared(compute: Floats) -> Floats:
    """Return the budgets that runs share, or some over their range."""
    logs = np.sort(np.log(compute))
    parts = np.split(logs, np.flatnonzero(np.diff(logs) > _NEAR) + 1)
    shared = [float(np.exp(part.mean())) for part in parts if len(part) > 2]
    if 0 < len(shared) <= 12:
        return np.array(shared)
    return np.geomspace(compute.min(), compute.max(), _BUDGETS)
