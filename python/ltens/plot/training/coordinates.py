"""The coordinate check: sizes after a few steps against the width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..style import light_grid, mark_sizes, new_axes, styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...training.coordinates import CoordinateCheck


def coordinate_check(check: CoordinateCheck, *, ax: Axes | None = None) -> Axes:
    """Draw the typical size of each quantity against the width, a line for each number of steps.

    Parameters
    ----------
    check : CoordinateCheck
        What `ltens.coordinate_check` returns; its slopes after the most steps stand in the legend.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import ltens
    >>> check = ltens.coordinate_check([8, 16], seeds=2, steps=[1, 2])
    >>> coordinate_check(check).get_xlabel()
    'width N'
    """
    ax = new_axes() if ax is None else ax
    slopes, last = check.slopes, len(check.steps) - 1
    for name, (colour, marker) in zip(check.sizes, styles(), strict=False):
        for t, line in enumerate(check.typical(name)):
            label = f"{name.replace('_', ' ')}: slope {slopes[name][t]:+.2f}"
            ax.plot(
                check.widths, line, color=colour, marker=marker, markersize=4,
                alpha=0.35 + 0.65 * (t + 1) / (last + 1), linewidth=0.7 + 0.8 * (t == last),
                label=label if t == last else None,
            )  # fmt: skip
    ax.set(xscale="log", yscale="log", xlabel="width N", ylabel="root mean square")
    steps = ", ".join(str(count) for count in check.steps)
    ax.set_title(f"{check.parametrization}: after {steps} steps (faint to full)")
    mark_sizes(ax, check.widths)
    light_grid(ax)
    ax.legend(frameon=False, fontsize=8)
    return ax
