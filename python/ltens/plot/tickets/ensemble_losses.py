"""Distributions of the losses of averages and of wide networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..style import COLOURS, light_grid, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...tickets import Averaging


def ensemble_losses(row: Averaging, *, bins: int = 50, ax: Axes | None = None) -> Axes:
    """Draw how the losses of trained wide networks and both predictions are distributed.

    Parameters
    ----------
    row : Averaging
        Of `ltens.tickets.ensembling`, such as ``found[10, 20]``.
    bins : int
        Over the range of all losses, equal in log loss.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> nets = {n: ltens.Networks.init(width=n, seeds=20) for n in (2, 4)}
    >>> row = ltens.tickets.ensembling(nets, task, exclude="none")[2, 4]
    >>> ensemble_losses(row).get_xlabel()
    'loss (MSE)'
    """
    from matplotlib.ticker import NullFormatter

    if ax is None:
        ax = new_axes()
    kinds = (
        (row.observed_draws, "one network of the wide width", COLOURS[0]),
        (row.averaged_draws, "outputs of k narrow ones averaged", COLOURS[1]),
        (row.uncorrelated_draws, "rule for uncorrelated errors, $\\Sigma l / k^2$", COLOURS[2]),
    )
    logs = [np.log10(losses) for losses, _, _ in kinds]
    whole = np.concatenate(logs)
    edges = np.linspace(whole.min() - 0.05, whole.max() + 0.05, bins + 1)
    for values, (losses, label, colour) in zip(logs, kinds, strict=True):
        counts, _ = np.histogram(values, edges)
        filled = losses is row.observed_draws
        alpha = 0.45 if filled else 1.0
        ax.stairs(
            counts / len(losses), 10.0**edges, color=colour, fill=filled, alpha=alpha, label=label
        )
        ax.axvline(float(10.0 ** np.median(values)), color=colour, linewidth=0.9, linestyle="--")
    ax.set(xscale="log", xlabel="loss (MSE)", ylabel="share of losses")
    ax.xaxis.set_minor_formatter(NullFormatter())  # they overlap
    light_grid(ax)
    ax.legend(frameon=False, fontsize=7)
    return ax
