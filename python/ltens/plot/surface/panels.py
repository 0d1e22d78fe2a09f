"""All pictures of a surface on one page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from .allocation import frontier
from .curves import loss_surface
from .parabolas import isoflop
from .residuals import surface_residuals

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ...fitting import SurfaceLaw

_WIDTH, _HEIGHT = 5.2, 3.9  # inches of a panel
_ACROSS = 3
_ACROSS_GROUPS = 4


def surface_panels(
    law: SurfaceLaw, *, cost: float = 6.0, level: float = 0.95, figure: Figure | None = None
) -> Figure:
    """Draw loss against each size, what the law misses against each, and the frontier.

    Each group has panels of its own, but for the residuals. Where there are two sizes, the loss at
    fixed compute is drawn, too; where there is one, no frontier.

    Parameters
    ----------
    law : SurfaceLaw
        Of `ltens.fit_surface`.
    cost : float
        compute = cost * first * second.
    level : float
        Of the frontier's band.
    figure : matplotlib Figure, optional
        An empty one to draw on; a new figure by default.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> import ltens, numpy as np
    >>> n, d = (a.ravel() for a in np.meshgrid([1e6, 1e7, 1e8, 1e9], [1e8, 1e9, 1e10, 1e11]))
    >>> law = ltens.fit_surface({"N": n, "D": d}, 2 + 90 / n**0.3 + 800 / d**0.3)
    >>> [ax.get_xlabel() for ax in surface_panels(law).axes if ax.get_xlabel()]
    ['N', 'D', 'N', 'N', 'D', 'compute']
    """
    drawn = _panels(law, cost, level)
    across = min(_ACROSS if len(law.table.labels) == 1 else _ACROSS_GROUPS, len(drawn))
    down = -(-len(drawn) // across)
    if figure is None:
        import matplotlib.pyplot as plt

        figure = plt.figure(figsize=(_WIDTH * across, _HEIGHT * down), layout="constrained")
    axes: Any = figure.subplots(down, across, squeeze=False).ravel()
    for ax, (title, draw) in zip(axes, drawn, strict=False):
        draw(ax=ax)
        if title:
            ax.set_title(title)
    for ax in axes[len(drawn) :]:
        ax.remove()
    return figure


def _panels(law: SurfaceLaw, cost: float, level: float) -> list[tuple[str, Callable[..., Axes]]]:
    """Return the title of each panel and what draws it."""
    missed = [("", partial(surface_residuals, law, name)) for name in law.names]
    found: list[tuple[str, Callable[..., Axes]]] = []
    for label in law.table.labels:
        group = label or None
        found += [(label, partial(loss_surface, law, name, group=group)) for name in law.names]
        if len(law.names) == 2:
            found.append((label, partial(isoflop, law, cost=cost, group=group)))
        if len(law.table.labels) == 1:
            found += missed
        if len(law.names) > 1:
            found.append((label, partial(frontier, law, cost=cost, level=level, group=group)))
    return found if len(law.table.labels) == 1 else [*found, *missed]
