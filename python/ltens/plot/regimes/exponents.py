"""alpha_K, alpha_D and alpha_P of several populations (figure 2b of Bahri et al. 2021)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..style import COLOURS, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...regimes import Duality

_ROWS = (  # label, marker, colour, height within the row
    ("alpha_K: spectrum", "D", COLOURS[2], 0.24),
    ("alpha_D: samples", "o", COLOURS[0], 0.08),
    ("alpha_P: features", "s", COLOURS[1], -0.08),
    ("replica curve of the spectrum", "|", "black", -0.24),
)


def regimes_duality(found: Mapping[str, Duality], *, ax: Axes | None = None) -> Axes:
    """Draw the exponents of each population in a row, with 95 % intervals.

    Parameters
    ----------
    found : dict of str to Duality
        From `ltens.regimes.duality`, by the names of the rows.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If `found` is empty.

    Examples
    --------
    >>> from ltens.regimes import duality, torus_features
    >>> one = duality(torus_features(1, 1.0, S=400), [4, 8, 16], ranks=(4, 16), draws=2)
    >>> regimes_duality({"torus": one}).get_xlabel()
    'exponent'
    """
    if not found:
        raise ValueError("found is empty, but must hold at least one population.")
    ax = new_axes(7.0, 1.3 + 0.55 * len(found)) if ax is None else ax
    places = -np.arange(len(found), dtype=np.float64)
    values = np.array([_values(each) for each in found.values()])  # (rows, 4, 3)
    for k, (label, marker, colour, height) in enumerate(_ROWS):
        value, low, high = values[:, k].T
        ax.errorbar(
            value,
            places + height,
            xerr=np.stack([value - low, high - value]),
            fmt=marker,
            color=colour,
            markersize=9 if marker == "|" else 4.5,
            elinewidth=1.2,
            label=label,
        )
    for between in places[:-1] - 0.5:
        ax.axhline(between, color="0.9", linewidth=0.6)
    ax.set_yticks(places, labels=list(found))
    ax.set(xlabel="exponent", xlim=(0, None), ylim=(places[-1] - 0.5, 0.5))
    ax.grid(visible=True, axis="x", color="0.9", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, fontsize="small")
    return ax


def _values(each: Duality) -> list[tuple[float, float, float]]:
    """Return value, low and high of the four rows."""
    rows = [(each.kernel.exponent, *each.kernel.interval)]
    for law in (each.data, each.features):
        ends = law.interval() if law.has_interval else (law.exponent, law.exponent)
        rows.append((law.exponent, *ends))
    return [*rows, (each.theory_exponent,) * 3]
