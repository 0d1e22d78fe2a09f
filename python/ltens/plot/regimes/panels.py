"""The four regimes of random features, one panel each (figure 2a of Bahri et al. 2021)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..style import light_grid, mark_sizes, styles

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ...regimes import RegimeCurve, RegimeCurves

_PANELS = (
    ("variance_data", "Variance-limited in data"),
    ("variance_features", "Variance-limited in features"),
    ("resolution_data", "Resolution-limited in data"),
    ("resolution_features", "Resolution-limited in features"),
)
_WORDS = {"D": "samples D", "P": "features P"}


def regimes_panels(curves: Mapping[str, RegimeCurves], *, figure: Figure | None = None) -> Figure:
    """Draw the four curves of each population in four panels, the Gaussian theory as lines.

    Parameters
    ----------
    curves : dict of str to RegimeCurves
        From `ltens.regimes.measure_regimes`, by the names that go into the legend; the exponent
        with its 95 % interval is added to it.
    figure : matplotlib Figure, optional
        An empty one to draw on; a new figure by default.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    ValueError
        If `curves` is empty.

    Examples
    --------
    >>> from ltens.regimes import gaussian_features, measure_regimes
    >>> from ltens.solvable import Spectrum
    >>> population = gaussian_features(Spectrum.power_law(1.0, M=100))
    >>> sizes = {"sizes": [4, 8, 16], "fixed": 4, "large_sizes": [16, 32, 64]}
    >>> len(regimes_panels({"Gaussian": measure_regimes(population, **sizes)}).axes)
    4
    """
    if not curves:
        raise ValueError("curves is empty, but must hold at least one population.")
    from matplotlib.ticker import NullFormatter

    if figure is None:
        import matplotlib.pyplot as plt

        figure = plt.figure(figsize=(11.0, 8.0), layout="constrained")
    axes: Any = figure.subplots(2, 2).ravel()
    for ax, (name, title) in zip(axes, _PANELS, strict=True):
        for (label, each), (colour, marker) in zip(curves.items(), styles(), strict=False):
            _draw(ax, getattr(each, name), label, colour, marker)
        first: RegimeCurve = getattr(next(iter(curves.values())), name)
        ax.set(title=title, xscale="log", yscale="log", xlabel=_label(first))
        limit = "L(P)" if first.size == "D" else "L(D)"
        excess = f"(L(D, P) − {limit}) / {limit}"
        ax.set_ylabel(excess if first.fixed is not None else "L / null loss")
        mark_sizes(ax, first.distances)
        ax.yaxis.set_minor_formatter(NullFormatter())
        light_grid(ax)
        ax.legend(frameon=False, fontsize="small")
    return figure


def _label(curve: RegimeCurve) -> str:
    if curve.fixed is None:
        return _WORDS[curve.size]
    other = "P" if curve.size == "D" else "D"
    return f"{curve.size} − {other} − 1,  {_WORDS[other]} = {curve.fixed}"


def _draw(ax: Any, curve: RegimeCurve, label: str, colour: str, marker: str) -> None:
    """Draw points with standard errors and the theory, in units of the limit or the null loss."""
    law = curve.law(against="distances")
    low, high = law.interval()
    scale, theory_scale = curve.unit
    ax.errorbar(
        curve.distances,
        curve.mean / scale,
        curve.standard_error / scale,
        fmt=marker,
        color=colour,
        markersize=4.5,
        elinewidth=1,
        label=f"{label}: −{law.exponent:.2f} [{low:.2f}, {high:.2f}]",
    )
    order = np.argsort(curve.distances)
    ax.plot(
        curve.distances[order],
        curve.theory[order] / theory_scale,
        color=colour,
        linewidth=1.1,
    )
