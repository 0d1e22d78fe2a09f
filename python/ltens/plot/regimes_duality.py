"""alpha_D and alpha_P against alpha_K (figure 2b of Bahri et al. 2021)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from .style import COLOURS, light_grid, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..fitting import Law
    from ..regimes import Duality


def regimes_duality(found: Mapping[str, Duality], *, ax: Axes | None = None) -> Axes:
    """Draw measured exponents with 95 % intervals against that of the kernel's spectrum.

    Parameters
    ----------
    found : dict of str to Duality
        From `ltens.regimes.duality`, by the names that are written beside the points.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes
        With the line on which the three agree.

    Raises
    ------
    ValueError
        If `found` is empty.

    Examples
    --------
    >>> from ltens.regimes import duality, torus_features
    >>> one = duality(torus_features(1, 1.0, S=400), [4, 8, 16], ranks=(4, 16), draws=2)
    >>> regimes_duality({"torus": one}).get_xlabel()
    'exponent of the spectrum, alpha_K'
    """
    if not found:
        raise ValueError("found is empty, but must hold at least one population.")
    ax = new_axes(6.4, 5.6) if ax is None else ax
    for i, (name, each) in enumerate(found.items()):
        x = each.kernel.exponent
        _point(ax, x, each.data, 0, "alpha_D: in samples" if i == 0 else "")
        _point(ax, x, each.features, 1, "alpha_P: in features" if i == 0 else "")
        label = "alpha_D = alpha_P of the replica curve" if i == 0 else ""
        ax.plot(x, each.theory_exponent, "_", color="black", markersize=12, label=label)
        top = max(each.data.exponent, each.features.exponent, each.theory_exponent)
        ax.annotate(
            name, (x, top), xytext=(0, 7), textcoords="offset points", ha="center", fontsize=7.5
        )
    low, high = 0.0, 1.12 * max(*ax.get_xlim(), *ax.get_ylim())
    ax.plot([low, high], [low, high], color="0.5", linewidth=1.0, linestyle="--", zorder=0)
    ax.set(xlim=(low, high), ylim=(low, high), aspect="equal")
    ax.set(xlabel="exponent of the spectrum, alpha_K", ylabel="exponent of the loss")
    light_grid(ax)
    ax.legend(frameon=False, loc="lower right")
    return ax


def _point(ax: Axes, x: float, law: Law, which: int, label: str) -> None:
    """Draw an exponent; the two of a population stand a little apart."""
    error = None
    if law.has_interval:
        error = np.abs(np.array(law.interval()) - law.exponent)[:, None]
    ax.errorbar(
        [x + (0.012 if which else -0.012)],
        [law.exponent],
        error,
        fmt="os"[which],
        color=COLOURS[which],
        markersize=5,
        elinewidth=1.2,
        label=label or None,
    )
