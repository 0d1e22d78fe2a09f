"""The error that seeds have in common, along x."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..style import COLOURS, light_grid, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...tickets import BiasVariance


def shared_error(split: BiasVariance, *, ax: Axes | None = None) -> Axes:
    """Draw the seeds' mean error f - y against x and a band of one standard deviation of a seed.

    Parameters
    ----------
    split : BiasVariance
        Of `ltens.tickets.bias_variance`, in one dimension.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If the samples are not of dimension 1, or there are several outputs.

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> nets = ltens.Networks.init(4, 20)
    >>> split = ltens.tickets.bias_variance(nets, task, exclude="none")
    >>> shared_error(split).get_xlabel()
    'x'
    """
    if split.x.shape[1] != 1:
        raise ValueError(
            f"split has samples of dimension {split.x.shape[1]}, but the picture needs 1."
        )
    if split.bias_x.ndim == 2:
        raise ValueError(
            f"split has {split.bias_x.shape[1]} outputs, but the picture is of networks of one."
        )
    if ax is None:
        ax = new_axes()
    order = np.argsort(split.x[:, 0])
    x, mean = split.x[order, 0], split.bias_x[order]
    spread = np.sqrt(split.variance_x[order])
    ax.axhline(0.0, color="0.5", linewidth=0.8)
    ax.fill_between(
        x, mean - spread, mean + spread, color=COLOURS[4], alpha=0.35, linewidth=0,
        label="± standard deviation of one seed",
    )  # fmt: skip
    ax.plot(x, mean, color=COLOURS[0], linewidth=1.3, label=f"mean of {split.seeds} seeds")
    ax.set(xlabel="x", ylabel="error f(x) − y(x)")
    ax.ticklabel_format(axis="y", style="sci", scilimits=(-2, 2))
    ax.set_title(f"bias² is {split.share:.0%} of the mean loss", fontsize=10)
    light_grid(ax)
    ax.legend(frameon=False, fontsize=8)
    return ax
