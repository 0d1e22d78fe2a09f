"""The first paper's protocol (arXiv 2310.02258) with one learning rate, and in muP (2203.03466).

With one learning rate for all widths the median loss of wide SiLU networks rises with the width.
In muP, which is the same at N = 70, it has no reason to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...plot.style import light_grid, mark_sizes, styles
from ...sweeps.sweeping import sweep
from ...tables import markdown
from ...training.settings import Training
from ..effort import Effort
from ..figures import new_figure

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

BASE = 70
_WAYS = {"standard": "standard", "mup": f"muP, standard at N = {BASE}"}


def measured(effort: Effort, parametrization: str) -> xr.Dataset:
    """Train SiLU and ReLU networks of N = 10 to 1000, 32 seeds, 50,000 steps; less if quick."""
    steps = 500 if effort.quick else 50_000
    return sweep(
        [10, 70, 200] if effort.quick else [10, 20, 40, 70, 100, 200, 400, 700, 1000],
        4 if effort.quick else 32,
        activations=["silu", "relu"],
        training=Training(steps=steps, lr_decay_every=max(1, steps // 5)),
        parametrization=parametrization,
        base_width=BASE,
        threads=effort.threads,
        store=effort.store(f"protocol-{parametrization}"),
        progress=False,
    )


def make(effort: Effort) -> Figure:
    """Draw medians and quartiles against width, a panel for each activation."""
    figure, axes = new_figure(2, width=10.0)
    for (parametrization, label), (colour, marker) in zip(_WAYS.items(), styles(), strict=False):
        ds = measured(effort, parametrization)
        for ax, activation in zip(axes, ds.activation.values, strict=True):
            losses = ds.loss.sel(activation=activation).values
            low, middle, high = np.nanquantile(losses, [0.25, 0.5, 0.75], axis=-1)
            ax.fill_between(ds.width, low, high, color=colour, alpha=0.2, linewidth=0)
            ax.plot(ds.width, middle, color=colour, marker=marker, markersize=4, label=label)
            ax.set(xscale="log", yscale="log", xlabel="width N", title=activation)
            mark_sizes(ax, ds.width)
            ax.tick_params(axis="x", labelsize=8)
            light_grid(ax)
    axes[0].set_ylabel("median loss, quartiles of the seeds")
    axes[0].legend(frameon=False)
    return figure


def table(effort: Effort) -> str:
    """Return medians and quartiles."""
    cells: dict[tuple[str, int], list[str]] = {}
    for parametrization in _WAYS:
        ds = measured(effort, parametrization)
        for activation in ds.activation.values.tolist():
            for width in ds.width.values.tolist():
                losses = ds.loss.sel(activation=activation, width=width).values
                low, middle, high = np.nanquantile(losses, [0.25, 0.5, 0.75])
                text = f"{middle:.1e} [{low:.1e}, {high:.1e}]"
                cells.setdefault((activation, width), []).append(text)
    return (
        markdown(("activation", "N", *_WAYS.values()), [(*k, *v) for k, v in cells.items()]) + "\n"
    )
