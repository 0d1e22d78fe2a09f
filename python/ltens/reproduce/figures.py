"""What the figures share: axes side by side, sizes in round numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._typing import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D


def new_figure(columns: int = 1, *, width: float = 6.0, height: float = 4.2) -> tuple[Figure, Any]:
    """Return a figure and its axes: one, or an array of several side by side."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, columns, figsize=(width, height), layout="constrained")
    return figure, axes


def log_integers(low: int, high: int, count: int) -> list[int]:
    """Return different integers, about evenly spaced in the logarithm.

    Examples
    --------
    >>> log_integers(1, 8, 4)
    [1, 2, 4, 8]
    """
    return [int(n) for n in np.unique(np.geomspace(low, high, count).round())]


def redraw(line: Line2D, x: Floats, y: Floats) -> None:
    """Give a theory line through the points of a sweep a finer grid; infinities are gaps."""
    line.set_data(x, np.where(np.isfinite(y), y, np.nan))


def slope_line(ax: Axes, x: tuple[float, float], y: float, exponent: float, label: str) -> None:
    """Draw y (x / x0)^exponent as a thin dashed line, labelled in the legend."""
    ends = np.array(x)
    line = y * (ends / ends[0]) ** exponent
    ax.plot(ends, line, color="0.35", linewidth=1.0, linestyle="--", label=label)
