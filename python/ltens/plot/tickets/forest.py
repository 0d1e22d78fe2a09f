"""Exponents under other protocols, with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..style import light_grid, new_axes, styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...tickets import Sensitivity


def sensitivity(found: Sensitivity, *, ax: Axes | None = None) -> Axes:
    """Draw a forest plot: one line for each protocol, one mark for each activation.

    Parameters
    ----------
    found : Sensitivity
        Of `ltens.tickets.sensitivity`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> from ltens.tickets import Sensitivity, Variant
    >>> row = Variant("base", "silu", 1.0, (0.9, 1.1), (5, 50), 100, 0.01, 0)
    >>> sensitivity(Sensitivity((row,))).get_xlabel()
    'exponent of the median loss, 95 % interval'
    """
    names = list(dict.fromkeys(row.name for row in found.rows))
    activations = list(dict.fromkeys(row.activation for row in found.rows))
    if ax is None:
        ax = new_axes(7.0, 1.2 + 0.3 * len(names))
    for k, (activation, (colour, marker)) in enumerate(zip(activations, styles(), strict=False)):
        rows = [row for row in found.rows if row.activation == activation]
        value = [row.exponent for row in rows]
        error = [
            [row.exponent - row.interval[0] for row in rows],
            [row.interval[1] - row.exponent for row in rows],
        ]
        shift = 0.18 * (k - (len(activations) - 1) / 2)
        places = [names.index(row.name) + shift for row in rows]
        ax.errorbar(
            value, places, xerr=error, fmt=marker, color=colour, markersize=5, label=activation
        )
    ax.axvline(1.0, color="0.5", linestyle="--", linewidth=1)
    ax.set_yticks(range(len(names)), labels=names, fontsize=9)
    ax.set(ylim=(len(names) - 0.5, -0.5), xlabel="exponent of the median loss, 95 % interval")
    light_grid(ax)
    ax.legend(frameon=False, fontsize=9)
    return ax
