"""How well each pair of neurons fits the target alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...validation import integer
from ..style import new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...tickets import PairScores


def pair_score_map(scores: PairScores, index: int = 0, *, ax: Axes | None = None) -> Axes:
    """Draw -log10(1 - R^2) of every pair, matched pairs beside one another, the best first.

    Parameters
    ----------
    scores : PairScores
        Of `ltens.tickets.pair_scores`, with its matrix.
    index : int
        Which network.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If the matrix was not kept.

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> scores = ltens.tickets.pair_scores(ltens.Networks.init(6, 1), task)
    >>> pair_score_map(scores).get_xlabel()
    'neuron, in the order of its pair'
    """
    if scores.matrix is None:
        raise ValueError("scores has no matrix, but the picture needs one: score fewer networks.")
    chosen = integer(index, "index", minimum=0, maximum=len(scores.matrix) - 1)
    if ax is None:
        ax = new_axes(5.6, 4.6)
    order = scores.pairs[chosen].ravel()
    rest = np.setdiff1d(np.arange(scores.single.shape[1]), order)
    order = np.concatenate([order, rest])
    r2 = scores.matrix[chosen][np.ix_(order, order)]
    nines = -np.log10(np.maximum(1 - r2, 1e-6))
    image = ax.imshow(nines, cmap="viridis", vmin=0, interpolation="nearest", origin="upper")
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.9)
    bar.set_label(r"$-\log_{10}(1 - R^2)$: 2 is $R^2 = 0.99$")
    ax.set(xlabel="neuron, in the order of its pair", ylabel="neuron")
    return ax
