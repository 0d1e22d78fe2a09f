"""The theory, from a measured spectrum, against regression on the data it was measured on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...plot.style import light_grid, styles
from ...solvable import DataProblem, digits, photo_patches
from ..effort import Effort
from ..figures import log_integers, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


_FEATURES = (15, 60, 240)


def make(effort: Effort) -> Figure:
    """Draw digits with their labels, and photo patches with random linear teachers."""
    figure, axes = new_figure(3, width=13.0)
    labelled = DataProblem.of(*digits())
    count, size = (1500, 8) if effort.quick else (6000, 12)
    patches = DataProblem.isotropic(photo_patches(count, size=size))
    for problem, colour, name in ((labelled, "#0072B2", "digits"), (patches, "#D55E00", "photos")):
        values = problem.spectrum.eigenvalues
        rank = np.arange(1, len(values) + 1)
        relative = values / values[0]
        axes[0].plot(rank[values > 0], relative[values > 0], color=colour, label=name)
    axes[0].set(title="Spectra", xlabel="rank i", ylabel="eigenvalue / the largest", ylim=(1e-8, 2))
    _losses(axes[1], labelled, 1.0, effort)
    axes[1].set(title="Digits, one-hot labels, ridge 1")
    _losses(axes[2], patches, 1e-2, effort)
    axes[2].set(title="Photo patches, random teachers, ridge 0.01")
    for ax in axes:
        ax.set(xscale="log", yscale="log")
        light_grid(ax)
        ax.legend(frameon=False)
    return figure


def _losses(ax: Axes, problem: DataProblem, ridge: float, effort: Effort) -> None:
    last = int(0.7 * len(problem.X))
    T, grid = log_integers(10, last, 6 if effort.quick else 10), np.geomspace(10, last, 100)
    for n, (colour, marker) in zip(_FEATURES, styles(), strict=False):
        ax.plot(grid, problem.predicted(n, grid, ridge), color=colour)
        runs = [problem.simulate(N=n, T=t, ridge=ridge, draws=4, threads=effort.threads) for t in T]
        ax.errorbar(
            T,
            [run.test_loss for run in runs],
            [run.standard_error for run in runs],
            fmt=marker,
            color=colour,
            markersize=4,
            label=f"N = {n}",
        )
    ax.set(xlabel="samples T", ylabel="loss on other rows")
