"""The best size against compute by envelope, by parabolas and by the surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..style import light_grid, new_axes, styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...fitting import Envelope, IsoFlop

_POINTS = 25


def best_sizes(*found: Envelope | IsoFlop, level: float = 0.95, ax: Axes | None = None) -> Axes:
    """Draw the first size of lowest loss against compute, and the frontier of the surface.

    Sizes at the edge of the runs, which say little, are open.

    Parameters
    ----------
    *found : Envelope or IsoFlop
        Of `ltens.fit_envelope` and `ltens.fit_isoflop`; the surface is that of the last.
    level : float
        Of the band of the surface's frontier.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import ltens
    >>> budgets = np.repeat(np.geomspace(1e18, 1e21, 4), 7)
    >>> params = 0.07 * budgets**0.514 * np.tile(np.geomspace(0.2, 5, 7), 4)
    >>> tokens = budgets / 6 / params
    >>> losses = 1.8 + 480 / params**0.35 + 2100 / tokens**0.37
    >>> found = ltens.fit_isoflop({"params": params, "tokens": tokens}, losses)
    >>> best_sizes(found).get_ylabel()
    'best params'
    """
    if not found:
        raise ValueError("found is empty, but must hold an envelope or parabolas.")
    ax = new_axes() if ax is None else ax
    law, first = found[-1].law, found[-1].names[0]
    spent = np.concatenate([each.compute for each in found])
    compute = np.geomspace(spent.min(), spent.max(), _POINTS)
    surface = law.frontier(compute, found[-1].cost, interval=level)
    assert surface.first_interval is not None
    ax.fill_between(compute, *surface.first_interval, color="0.6", alpha=0.4, linewidth=0)
    label = f"surface: {law.allocation:.3f}"
    ax.plot(compute, surface.first, "-", color="0.2", linewidth=1.0, label=label)
    for each, (colour, marker) in zip(found, styles(), strict=False):
        words = "parabolas" if type(each).__name__ == "IsoFlop" else "envelope"
        low, high = each.interval(level)
        text = f"{words}: {each.exponent:.3f} [{low:.3f}, {high:.3f}], bias {each.bias:+z.3f}"
        for at, face, name in ((each.inside, colour, text), (~each.inside, "none", None)):
            ax.plot(
                each.compute[at],
                each.best[at],
                marker,
                color=colour,
                markerfacecolor=face,
                markersize=4,
                label=name,
            )
        _draw_line(ax, each, colour)
    ax.set(xscale="log", yscale="log", xlabel="compute", ylabel=f"best {first}")
    light_grid(ax)
    ax.legend(frameon=False, fontsize="small", title="best size grows as compute to the power")
    return ax


def _draw_line(ax: Axes, found: Envelope | IsoFlop, colour: str) -> None:
    used = found.used
    x, y = np.log(found.compute[used]), np.log(found.best[used])
    ends = np.array([found.compute.min(), found.compute.max()])
    line = np.exp(y.mean() + found.exponent * (np.log(ends) - x.mean()))
    ax.plot(ends, line, "--", color=colour, linewidth=1.0)
