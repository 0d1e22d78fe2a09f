"""F7: the test loss against the ridge at fixed N and T."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...plot import solvable_loss
from ...solvable import Spectrum, optimal_ridge, sweep, theory
from ..effort import Effort
from ..figures import new_figure, redraw

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def make(effort: Effort) -> Figure:
    """Draw F7; M = 6000, N = 400, T = 100, alpha = 1, and N = T = 100 beside."""
    M, pairs = (800, ((80, 20), (20, 20))) if effort.quick else (6000, ((400, 100), (100, 100)))
    spectrum = Spectrum.power_law(1.0, M)
    figure, axes = new_figure(2, width=9.5)
    ridges = np.geomspace(1e-4, 1e2, 7 if effort.quick else 13) * 2.5 / M
    for ax, (N, T) in zip(axes, pairs, strict=True):
        ds = sweep(
            spectrum, N=N, T=T, ridge=ridges, draws=4, threads=effort.threads, progress=False
        )
        solvable_loss(ds, against="ridge", ax=ax)
        fine = np.geomspace(ridges[0], ridges[-1], 200)
        redraw(ax.get_lines()[0], fine, theory(spectrum, N=N, T=T, ridge=fine).test_loss)
        best = optimal_ridge(spectrum, N=N, T=T)
        ax.axvline(best.ridge, color="0.4", linewidth=1, linestyle="--", label="best ridge")
        ax.legend(frameon=False)
        ax.set(title=f"N = {N}, T = {T}, M = {M}, α = 1")
    return figure
