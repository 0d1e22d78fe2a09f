"""4 / exponent beside the dimension of the data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..style import light_grid, new_axes, styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...regimes import DimensionTable


def inverse_exponent(table: DimensionTable, *, ax: Axes | None = None) -> Axes:
    """Draw 4 / exponent of each curve against its dimension, with both intervals.

    The line is exponent = 4/d; the theory allows what is on it and below.

    Parameters
    ----------
    table : DimensionTable
        Of `ltens.regimes.dimension_table`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import numpy as np
    >>> from ltens.regimes import dimension_table
    >>> D = np.array([16, 32, 64, 128])
    >>> table = dimension_table({"a": (D, D**-2.0)}, {"a": 2.0})
    >>> inverse_exponent(table).get_xlabel()
    'dimension d'
    """
    ax = new_axes(5.2, 4.6) if ax is None else ax
    top = 0.0
    for row, (colour, marker) in zip(table.rows, styles(), strict=False):
        high = row.inverse_interval[1] if math.isfinite(row.inverse_interval[1]) else row.inverse
        ax.errorbar(
            row.dimension,
            row.inverse,
            xerr=[
                [row.dimension - row.dimension_interval[0]],
                [row.dimension_interval[1] - row.dimension],
            ],
            yerr=[[row.inverse - row.inverse_interval[0]], [high - row.inverse]],
            fmt=marker,
            color=colour,
            markersize=6,
            elinewidth=1,
            label=row.name,
        )
        top = max(top, high, row.dimension_interval[1])
    line = np.array([0.0, 1.08 * top])
    ax.plot(line, line, color="0.4", linewidth=1, linestyle="--", label="exponent = 4/d")
    ax.set(xlim=line, ylim=line, xlabel="dimension d", ylabel="4 / exponent")
    light_grid(ax)
    ax.legend(frameon=False, fontsize=9)
    return ax
