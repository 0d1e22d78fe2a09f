"""What the loss is made of, against width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..style import new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...tickets import Budget

# Colour: the cause; light: what averaging over seeds would take away.
_COLOURS = {
    "approximation, shared": "#0072B2",
    "approximation, independent": "#8CC4E8",
    "optimisation, shared": "#D55E00",
    "optimisation, independent": "#F3B183",
}


def budget(found: Budget, *, ax: Axes | None = None) -> Axes:
    """Draw the four parts of the loss at each width, in percent of it, with 95 % intervals.

    The line of each part's interval stands at the end of its bar; a part below zero, as an
    unbiased estimate of what is small may be, goes down from zero. The black mark is the best
    known loss, the number above the mean loss.

    Parameters
    ----------
    found : Budget
        Of `ltens.tickets.budget`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> nets = {n: ltens.Networks.init(n, 20) for n in (2, 4)}
    >>> budget(ltens.tickets.budget(nets, task, exclude="none")).get_xlabel()
    'width N'
    """
    if ax is None:
        ax = new_axes(width=max(6.0, 0.9 * len(found) + 1.5))
    places = np.arange(len(found))
    above, below = np.zeros(len(found)), np.zeros(len(found))
    offsets = np.linspace(-0.24, 0.24, len(_COLOURS))
    for (name, colour), offset in zip(_COLOURS.items(), offsets, strict=True):
        share = 100 * np.array([row.shares[name] for row in found.rows])
        ends = 100 * np.array([row.share_intervals[name] for row in found.rows])
        begin = np.where(share >= 0, above, below)
        ax.bar(places, share, 0.7, bottom=begin, color=colour, label=name, linewidth=0)
        ax.errorbar(
            places + offset,
            begin + share,
            np.maximum(np.abs(ends - share[:, np.newaxis]).T, 0.0),
            fmt="none",
            ecolor="0.25",
            elinewidth=1,
            capsize=2,
        )
        above, below = above + np.maximum(share, 0), below + np.minimum(share, 0)
    losses = np.array([row.loss for row in found.rows])
    best = 100 * np.array([row.best for row in found.rows]) / losses
    ax.hlines(best, places - 0.35, places + 0.35, color="black", linewidth=2, label="best known")
    for place, row in zip(places.tolist(), found.rows, strict=True):
        ax.annotate(f"{row.loss:.2g}", (place, 0.99), xycoords=("data", "axes fraction"),
                    ha="center", va="top", fontsize=8)  # fmt: skip
    ax.axhline(0, color="black", linewidth=0.6)
    ax.set_xticks(places, [str(width) for width in found.widths])
    ax.set(xlabel="width N", ylabel="part of the mean loss (%)")
    ax.margins(y=0.1)
    ax.legend(frameon=False, ncols=2, fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return ax
