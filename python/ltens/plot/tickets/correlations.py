"""Correlation of the errors of two seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..style import new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...tickets import BiasVariance


def error_correlation(split: BiasVariance, *, largest: int = 100, ax: Axes | None = None) -> Axes:
    """Draw the matrix of correlations of errors, seeds ordered by their leading common error.

    Parameters
    ----------
    split : BiasVariance
        Of `ltens.tickets.bias_variance`.
    largest : int
        At most so many seeds are drawn.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> split = ltens.tickets.bias_variance(ltens.Networks.init(5, 20), task, exclude="none")
    >>> error_correlation(split).get_xlabel()
    'seed, ordered'
    """
    if ax is None:
        ax = new_axes(5.4, 4.6)
    matrix = split.correlations[:largest, :largest]
    order = np.argsort(np.linalg.eigh(matrix)[1][:, -1])
    image = ax.imshow(
        matrix[np.ix_(order, order)], cmap="RdBu_r", vmin=-1, vmax=1, interpolation="nearest"
    )
    ax.figure.colorbar(image, ax=ax, shrink=0.9).set_label("correlation of errors")
    low, high = split.intervals["correlation"]
    ax.set_title(f"mean {split.correlation:.2f} [{low:.2f}, {high:.2f}]", fontsize=10)
    ax.set(xlabel="seed, ordered", ylabel="seed, ordered")
    return ax
