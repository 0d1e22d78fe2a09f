"""The local exponent against size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..style import light_grid, mark_sizes, new_axes, styles
from .series import Series, series_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .series import Drawable


def local_exponent(
    data: Drawable,
    *,
    x: str = "width",
    guides: tuple[float, ...] = (),
    level: float = 0.95,
    ax: Axes | None = None,
    **options: Any,
) -> Axes:
    """Draw -d log loss / d log size between neighbouring sizes, and that of the laws that hold.

    A power law is a horizontal line here; a floor bends it to 0, a break is a step.

    Parameters
    ----------
    data : xarray.Dataset, Law or dict of str to Law
        As for `scaling`.
    x : str
        The dimension of a sweep that is the size, such as "samples".
    guides : tuple of float
        Exponents to draw as horizontal lines, such as (1, 4).
    level : float
        Of the intervals, from the seeds.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **options
        Of `ltens.fit`.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If `data` is not the result of a sweep, or has fewer than 3 widths.

    Examples
    --------
    >>> import ltens
    >>> law = ltens.fit([1, 10, 100, 1000], [1.0, 0.1, 0.01, 0.001])
    >>> local_exponent(law, guides=(1.0,)).get_ylabel()
    'local exponent'
    """
    curves = [each for each in series_of(data, fits=True, band=0.5, size=x, **options) if each.law]
    if not curves:
        raise ValueError("data has fewer than 3 widths, but a local exponent needs at least 3.")
    ax = new_axes() if ax is None else ax
    for curve, (colour, marker) in zip(curves, styles(), strict=False):
        _draw(ax, curve, level, colour, marker)
    for value in guides:
        ax.axhline(value, color="0.5", linewidth=0.8, linestyle=":")
        ax.annotate(
            f"{value:g}",
            (1.0, value),
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            color="0.4",
            fontsize="small",
        )
    ax.set(xscale="log", xlabel=curves[0].label, ylabel="local exponent")
    mark_sizes(ax, np.concatenate([curve.sizes for curve in curves]))
    light_grid(ax)
    if any(curve.name for curve in curves):
        ax.legend(frameon=False)
    return ax


def _draw(ax: Axes, curve: Series, level: float, colour: str, marker: str) -> None:
    """Draw slopes with intervals, and the law's own slope dashed."""
    assert curve.law is not None
    local = curve.law.local_exponents(level)
    half = np.nan_to_num(np.stack([local.exponents - local.low, local.high - local.exponents]))
    ax.errorbar(
        local.sizes,
        local.exponents,
        yerr=half,
        fmt=marker,
        color=colour,
        markersize=4.5,
        elinewidth=1,
        label=curve.name,
    )
    if curve.law.chosen is None:
        low, high = curve.law.range
        ax.plot([low, high], [curve.law.exponent] * 2, "-", color=colour, linewidth=1.2)
        return
    sizes = np.geomspace(*curve.law.range, 400)
    slope = -np.gradient(np.log(curve.law.predict(sizes)), np.log(sizes))
    ax.plot(sizes, slope, "--", color=colour, linewidth=1.2)
