"""The (w, b) scatter of one network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...validation import integer
from ..style import COLOURS, light_grid, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...tickets.inputs import NetworksLike


def neuron_scatter(nets: NetworksLike, index: int = 0, *, ax: Axes | None = None) -> Axes:
    """Draw b against w of the neurons of one network, and the line w = 0.

    Parameters
    ----------
    nets : networks
        Of dimension 1.
    index : int
        Which network.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If the networks are not of dimension 1, or there is no such network.

    Examples
    --------
    >>> import ltens
    >>> neuron_scatter(ltens.Networks.init(50, 1)).get_ylabel()
    'bias $b_i$'
    """
    chosen = integer(index, "index", minimum=0, maximum=len(nets.b) - 1)
    if nets.w.shape[2] != 1:
        raise ValueError(f"nets have dimension {nets.w.shape[2]}, but the picture needs 1.")
    if ax is None:
        ax = new_axes(5.4, 4.6)
    w, b = np.asarray(nets.w[chosen, :, 0]), np.asarray(nets.b[chosen])
    size = float(np.clip(600 / len(w), 1.5, 20))
    ax.axvline(0.0, color=COLOURS[1], linestyle="--", linewidth=1)
    ax.scatter(w, b, s=size, color=COLOURS[0], alpha=0.6, linewidths=0, rasterized=len(w) > 2000)
    reach = 1.05 * np.abs(w).max()
    ax.set(xlim=(-reach, reach), xlabel="input weight $w_i$", ylabel="bias $b_i$")
    ax.set_title(f"{len(w)} neurons, {nets.activation}", fontsize=10)
    light_grid(ax)
    return ax
