"""Loss against one size of a surface, with the fitted curves at fixed values of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats
from ...validation import one_of
from ..style import light_grid, new_axes, plain_loss_axis, size_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...fitting import SurfaceLaw

_SLICES = 6
_POINTS = 200


def loss_surface(
    law: SurfaceLaw,
    against: str | None = None,
    *,
    group: str | None = None,
    slices: int = _SLICES,
    ax: Axes | None = None,
) -> Axes:
    """Draw loss against one size: the runs, and the law at some values of another, by colour.

    Parameters
    ----------
    law : SurfaceLaw
        Of `ltens.fit_surface`.
    against : str, optional
        The size on the axis; the first by default. Colour is the next one; further sizes are at
        their geometric means: each run's loss is that times what the law says of the difference.
    group : str, optional
        Whose runs and law, where there are groups.
    slices : int
        Curves.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import ltens
    >>> n, d = (a.ravel() for a in np.meshgrid([1e6, 1e7, 1e8, 1e9], [1e8, 1e9, 1e10, 1e11]))
    >>> law = ltens.fit_surface({"params": n, "tokens": d}, 2 + 90 / n**0.3 + 800 / d**0.3)
    >>> loss_surface(law, "tokens").get_xlabel()
    'tokens'
    """
    import matplotlib.pyplot as plt
    from matplotlib.colors import LogNorm

    ax = new_axes() if ax is None else ax
    name = one_of(against if against is not None else law.names[0], law.names, "against")
    rows = law.table.groups == law.group_at(group)
    x, loss = law.sizes[name][rows], law.losses[rows]
    others = [each for each in law.names if each != name]
    fixed = {each: float(np.exp(np.log(law.sizes[each][rows]).mean())) for each in others}
    grid = np.geomspace(x.min(), x.max(), _POINTS)
    if not others:
        ax.plot(x, loss, "o", markersize=3.5)
        ax.plot(grid, law.predict({name: grid}, group=group), "-", linewidth=1.2)
        return _finish(ax, name)
    colour = law.sizes[others[0]][rows]
    norm = LogNorm(colour.min(), colour.max())
    if len(others) > 1:
        loss = loss * _without(law, others[1:], fixed, rows, group)
    points = ax.scatter(x, loss, c=colour, norm=norm, s=14, cmap="viridis", zorder=3)
    for value in np.geomspace(colour.min(), colour.max(), slices):
        curve = law.predict({**fixed, name: grid, others[0]: value}, group=group)
        ax.plot(grid, curve, "-", color=plt.get_cmap("viridis")(norm(value)), linewidth=1.1)
    ax.figure.colorbar(points, ax=ax, label=others[0])
    at = ", ".join(f"{each} {size_label(fixed[each])}" for each in others[1:])
    return _finish(ax, name, loss, f"loss at {at}" if at else "loss")


def _without(
    law: SurfaceLaw,
    further: list[str],
    fixed: dict[str, float],
    rows: NDArray[np.bool_],
    group: str | None,
) -> Floats:
    """Return by what factor the law's loss of each run changes with further sizes as fixed."""
    own = {each: column[rows] for each, column in law.sizes.items()}
    moved = own | {each: np.full_like(own[each], fixed[each]) for each in further}
    return np.asarray(law.predict(moved, group=group) / law.predict(own, group=group))


def _finish(ax: Axes, name: str, loss: Floats | None = None, words: str = "loss") -> Axes:
    ax.set(xscale="log", yscale="log", xlabel=name, ylabel=words)
    if loss is not None:
        ax.set_ylim(loss.min() / 1.05, loss.max() * 1.1)
    plain_loss_axis(ax)
    light_grid(ax)
    return ax
