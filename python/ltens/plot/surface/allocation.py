"""The sizes of lowest loss against compute, with the band of their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..style import light_grid, new_axes, styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...fitting import SurfaceLaw

_POINTS = 25
_BEYOND = 100.0  # times the largest compute of the runs


def frontier(
    law: SurfaceLaw,
    compute: ArrayLike | None = None,
    cost: float = 6.0,
    *,
    level: float = 0.95,
    group: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the two sizes of lowest loss against compute, each with its profile interval as a band.

    Parameters
    ----------
    law : SurfaceLaw
        Of two sizes or more; the first two are drawn.
    compute : (M,) array, optional
        From the smallest of the runs to a hundred times the largest by default.
    cost : float
        compute = cost * first * second.
    level : float
    group : str, optional
        Whose law, where there are groups.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import ltens
    >>> n, d = (a.ravel() for a in np.meshgrid([1e6, 1e7, 1e8, 1e9], [1e8, 1e9, 1e10, 1e11]))
    >>> noise = np.exp(0.01 * np.random.default_rng(0).normal(size=16))
    >>> law = ltens.fit_surface({"N": n, "D": d}, (2 + 90 / n**0.3 + 800 / d**0.3) * noise)
    >>> frontier(law).get_xlabel()
    'compute'
    """
    ax = new_axes() if ax is None else ax
    first, second = law.names[:2]
    spent = cost * law.sizes[first] * law.sizes[second]
    if compute is None:
        compute = np.geomspace(spent.min(), _BEYOND * spent.max(), _POINTS)
    found = law.frontier(compute, cost, group=group, interval=level)
    drawn = (
        (first, found.first, found.first_interval),
        (second, found.second, found.second_interval),
    )
    for (name, sizes, ends), (colour, _) in zip(drawn, styles(), strict=False):
        assert ends is not None
        ax.fill_between(found.compute, *ends, color=colour, alpha=0.35, linewidth=0)
        ax.plot(found.compute, sizes, "-", color=colour, linewidth=0.9, label=f"best {name}")
    ax.axvspan(spent.min(), spent.max(), color="0.88", zorder=0, label="compute of the runs")
    ax.set(xscale="log", yscale="log", xlabel="compute", ylabel="size")
    light_grid(ax)
    ax.legend(frameon=False)
    return ax
