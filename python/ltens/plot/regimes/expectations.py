"""Theories beside the measured exponents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...verdicts import CONTRADICTED, HOLDS, UNDECIDED
from ..style import COLOURS, light_grid, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...regimes import Comparison

_COLOURS = {HOLDS: COLOURS[2], CONTRADICTED: COLOURS[1], UNDECIDED: "0.5"}


def theories(found: Comparison, *, ax: Axes | None = None) -> Axes:
    """Draw, for each theory, its prediction and the measured exponent with its interval.

    The grey band is what the prediction's tolerance allows, to the right without end for a lower
    bound. A theory holds if the whole interval lies in it.

    Parameters
    ----------
    found : Comparison
        Of `ltens.regimes.compare`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import numpy as np
    >>> from ltens.regimes import compare
    >>> N = np.array([4, 8, 16, 32, 64])
    >>> theories(compare(N, 1 / N, dimension=1)).get_xlabel()
    'exponent'
    """
    if not hasattr(found, "rows"):
        raise TypeError(
            f"found is a {type(found).__name__}, but must be one Comparison: pick an "
            "activation, as in compare(ds)['relu']."
        )
    rows = found.rows
    ax = new_axes(8.0, 1.3 + 0.5 * len(rows)) if ax is None else ax
    place = np.arange(len(rows))
    right = max(max(row.predicted + row.tolerance, row.exponent) for row in rows) * 1.6
    for y, row in zip(place, rows, strict=True):
        high = min(row.high, right)
        colour = _COLOURS[row.verdict]
        band = row.claim.region
        ax.barh(y, min(band[1], right) - band[0], left=band[0], height=0.5, color="0.9", zorder=0)
        ends = [[max(row.exponent - row.low, 0.0)], [max(high - row.exponent, 0.0)]]
        ax.errorbar(row.exponent, y, xerr=ends, fmt="o", color=colour, markersize=6, elinewidth=1.5)
        ax.plot(row.predicted, y, "|", color="black", markersize=16, markeredgewidth=2)
        ax.annotate(
            f"{row.verdict}, p = {row.p_value:.2g}",
            (1.0, y),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=9,
        )
    ax.plot([], [], "|", color="black", markersize=12, markeredgewidth=2, label="predicted")
    ax.plot([], [], "s", color="0.85", markersize=9, label="its tolerance")
    ax.plot([], [], "o", color="0.3", label=f"measured, {100 * found.level:g} %")
    names = [f"{row.theory}\n{row.quantity}" for row in rows]
    ax.set_yticks(place, labels=names, fontsize=9)
    ax.set(ylim=(len(rows) - 0.5, -0.5), xlabel="exponent")
    low = min(0.0, *(row.low for row in rows if np.isfinite(row.low)))
    ax.set_xlim(
        low * 1.1, min(right, 1.15 * max(max(r.predicted, min(r.high, right)) for r in rows))
    )
    light_grid(ax)
    ax.legend(frameon=False, fontsize=9, loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    return ax
