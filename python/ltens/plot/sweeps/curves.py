"""Losses against size, with the fitted laws and what they miss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...fitting.headline import symbol
from ...fitting.summary import ends_or_none
from ..style import (
    light_grid,
    mark_sizes,
    new_axes,
    plain_loss_axis,
    size_label,
    stacked_axes,
    styles,
    wrapped_legend,
)
from .series import Series, series_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...fitting import Law
    from .series import Drawable

_BEYOND = 3.0  # times the largest size: how far a law is drawn beyond it
_TWO_SIDED = 1.96  # standard errors of a 95 % interval of a point


def scaling(
    data: Drawable,
    *,
    x: str = "width",
    loss: str = "loss",
    fits: bool = True,
    band: float = 0.5,
    ax: Axes | None = None,
    residuals: Axes | bool = True,
    **options: Any,
) -> Axes:
    """Draw loss against size: points with 95 % intervals, band of the seeds, what holds of them.

    A law is drawn over the sizes it holds for, dashed, and beyond them dotted with the band of its
    prediction. Where none holds, the straight line is the exponent at the large end. The legend
    gives the exponent, its 95 % interval and its range.

    Parameters
    ----------
    data : xarray.Dataset, RunTable, Law or dict of str to Law
        The result of `ltens.sweep` or one activation of it, or that of `ltens.read_table`; or laws
        that are already fitted, of anyone's data.
    x : str
        The dimension of a sweep that is the size, such as "samples".
    loss : str
        The variable of a sweep that is drawn, such as "error" or "held_out_loss".
    fits : bool
        Fit each curve with at least 3 sizes.
    band : float
        Share of the seeds within the shaded band.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    residuals : bool or matplotlib Axes
        Draw log10(loss / law) below. With `ax`, give the Axes to draw it on.
    **options
        Of `ltens.fit`, such as ``statistic="mean"`` or ``model="power_law"``.

    Returns
    -------
    matplotlib Axes
        The upper ones.

    Raises
    ------
    ValueError
        If `data` is not the result of a sweep.

    Examples
    --------
    >>> import xarray as xr
    >>> noise = np.random.default_rng(0).lognormal(sigma=0.1, size=(1, 4, 5))
    >>> loss = np.geomspace(1.0, 1e-3, 4)[None, :, None] * noise
    >>> ds = xr.Dataset({"loss": (("activation", "width", "seed"), loss)},
    ...                 {"activation": ["silu"], "width": [1, 10, 100, 1000]})
    >>> scaling(ds).get_ylabel()
    'median loss'
    """
    curves = series_of(data, fits=fits, band=band, size=x, loss=loss, **options)
    wanted = bool(residuals) if isinstance(residuals, bool) else True
    below = None if isinstance(residuals, bool) else residuals
    if ax is None:
        if below is None and wanted and any(map(_has_law, curves)):
            ax, below = stacked_axes()
        else:
            ax = new_axes()
    for curve, (colour, marker) in zip(curves, styles(), strict=False):
        _draw_losses(ax, curve, colour, marker)
        if below is not None and _has_law(curve):
            _draw_residuals(below, curve, colour, marker)
    sizes = np.concatenate([curve.sizes for curve in curves])
    words = f"{curves[0].statistic} {curves[0].loss}".replace("_", " ")
    ax.set(xscale="log", yscale="log", ylabel=words)
    _finish(below if below is not None else ax, curves[0].label, sizes)
    if below is not None:
        _finish_residuals(ax, below, sizes)
    light_grid(ax)
    plain_loss_axis(ax)
    if any(text for text in ax.get_legend_handles_labels()[1]):
        wrapped_legend(ax)
    return ax


def _has_law(curve: Series) -> bool:
    return curve.law is not None and curve.law.chosen is not None


def _finish(lowest: Axes, label: str, sizes: np.ndarray[Any, Any]) -> None:
    lowest.set(xscale="log", xlabel=label)
    mark_sizes(lowest, sizes)


def _finish_residuals(ax: Axes, below: Axes, sizes: np.ndarray[Any, Any]) -> None:
    below.axhline(0.0, color="0.4", linewidth=0.8, zorder=1)
    below.set_ylabel("log$_{10}$(loss / law)")
    mark_sizes(ax, sizes)
    ax.tick_params(labelbottom=False)
    light_grid(below)


def _draw_losses(ax: Axes, curve: Series, colour: str, marker: str) -> None:
    """Draw the band, the points with their intervals, and the law."""
    ax.fill_between(curve.sizes, curve.low, curve.high, color=colour, alpha=0.18, linewidth=0)
    text = _label(curve.name, curve.law)
    ax.plot(curve.sizes, curve.losses, marker, color=colour, markersize=4.5, label=text)
    if np.isfinite(curve.error).any():
        lengths = curve.losses * np.expm1(_TWO_SIDED * np.stack([-curve.error, curve.error]))
        ax.errorbar(
            curve.sizes, curve.losses, yerr=np.abs(lengths), fmt="none", ecolor=colour, elinewidth=1
        )
    if curve.law is not None:
        _draw_law(ax, curve.law, colour)


def _draw_law(ax: Axes, law: Law, colour: str) -> None:
    """Draw a law where it holds, beyond it dotted with its band; else the line at the large end."""
    low, high = law.range
    sizes = np.geomspace(low, high, 200)
    if law.chosen is None:
        inside = (law.sizes >= low) & (law.sizes <= high)
        middle = np.log(law.sizes[inside]).mean()
        level = np.log(law.losses[inside]).mean()
        line = np.exp(level - law.end.exponent * (np.log(sizes) - middle))
        ax.plot(sizes, line, "-", color=colour, linewidth=1.2)
        return
    ax.plot(sizes, law.predict(sizes), "--", color=colour, linewidth=1.2)
    if law.asked or law.degrees < 1:
        return
    beyond = np.geomspace(high, _BEYOND * high, 9)
    expected = law.predict(beyond, interval=0.95)
    ax.plot(beyond, expected.loss, ":", color=colour, linewidth=1.2)
    ax.fill_between(
        beyond, expected.low, expected.high, color=colour, alpha=0.12, linewidth=0, hatch="///"
    )


def _draw_residuals(ax: Axes, curve: Series, colour: str, marker: str) -> None:
    """Draw log10(loss / law) with the points' own intervals."""
    assert curve.law is not None
    half = np.nan_to_num(_TWO_SIDED * curve.error / np.log(10))
    ax.errorbar(
        curve.sizes,
        curve.law.residuals,
        yerr=half,
        fmt=marker,
        color=colour,
        markersize=3.5,
        elinewidth=1,
    )


def _label(name: str, law: Law | None) -> str:
    """Return the legend entry: name, exponent, interval and range, floor."""
    if law is None:
        return name
    text = rf"$\alpha$ = {law.exponent:.2f}"
    ends = ends_or_none(law, 0.95, "profile" if law.has_interval else "residuals")
    if ends is not None:
        low, high = ends
        text += f" [{low:.2f}, {high:.2f}]".replace("inf", r"$\infty$")
    text += f", {symbol(law)} = {'–'.join(map(size_label, law.range))}"
    if law.chosen is None:
        text += ", no law shown"
    elif law.floor > 0:
        text += f", floor {law.floor:.1e}"
    if "broken" in law.model:
        text += " (last piece)"
    return f"{name}: {text}" if name else text
