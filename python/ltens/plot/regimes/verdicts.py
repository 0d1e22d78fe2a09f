"""Why a curve was put into its regime: L and L - limit with their slopes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..style import COLOURS, light_grid, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...regimes import Classification


def regime(found: Classification, *, ax: Axes | None = None) -> Axes:
    """Draw the loss and, above its limit, what is left of it, each with its slope.

    A straight line through L is the resolution-limited law; one of slope -1 through L - limit,
    which is drawn for comparison, the variance-limited one.

    Parameters
    ----------
    found : Classification
        Of `ltens.regimes.classify`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import numpy as np
    >>> from ltens.regimes import classify
    >>> x = np.array([10, 20, 40, 80, 160])
    >>> regime(classify(x, 0.5 + 3 / x, limit=0.5)).get_title()
    'variance-limited'
    """
    ax = new_axes() if ax is None else ax
    blue, orange = COLOURS[:2]
    x, loss = found.sizes, found.losses
    _points(
        ax,
        x,
        loss,
        np.nan_to_num(found.errors) * loss,
        color=blue,
        marker="o",
        label=f"L: {found.slope}",
    )
    if found.above is not None:
        _line(ax, x, loss, found.slope.exponent, blue)
    if found.above is not None and found.limit:
        rest = loss - found.limit
        kept = rest > 0
        error = np.nan_to_num(found.errors) * loss
        label = f"L − limit: {found.above}"
        _points(ax, x[kept], rest[kept], error[kept], color=orange, marker="s", label=label)
        if kept.any():
            start = float(rest[kept][0])
            ends = np.array([x[kept][0], x[-1]])
            ax.plot(ends, start * ends[0] / ends, ":", color="0.35", label="slope −1")
        kind = "known" if found.limit_known else "fitted"
        ax.axhline(found.limit, color="0.6", linewidth=0.8, linestyle="--", label=f"limit, {kind}")
        floor = float(rest[kept].min()) if kept.any() else found.limit
        ax.set_ylim(bottom=0.5 * min(floor, float(loss.min())))
    ax.set(xscale="log", yscale="log", xlabel="size x", ylabel="loss", title=found.verdict)
    light_grid(ax)
    ax.legend(frameon=False, fontsize=9)
    return ax


def _points(
    ax: Axes,
    x: np.ndarray,
    y: np.ndarray,
    error: np.ndarray,
    **style: Any,
) -> None:
    # On logarithmic axes an error bar that reaches 0 would run out of the picture.
    below = np.minimum(error, 0.7 * y)
    ax.errorbar(
        x,
        y,
        yerr=np.stack([below, error]),
        linestyle="none",
        markersize=5,
        elinewidth=1,
        **style,
    )


def _line(ax: Axes, x: np.ndarray, y: np.ndarray, exponent: float, colour: str) -> None:
    """Draw the power law through the geometric centre of the points."""
    centre = np.exp(np.log(x).mean())
    ends = np.array([x[0], x[-1]])
    ax.plot(ends, np.exp(np.log(y).mean()) * (ends / centre) ** -exponent, color=colour, lw=1)
