"""F11: the power law ends where N or T reaches the latent dimension M."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...plot.style import light_grid, styles
from ...solvable import Asymptotics, Spectrum, sweep, theory
from ..effort import Effort
from ..figures import log_integers, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def make(effort: Effort) -> Figure:
    """Draw F11; M = 300, N = 900, T swept through M, three ridges; with label noise beside."""
    M, N = (100, 300) if effort.quick else (300, 900)
    spectrum = Spectrum.power_law(1.0, M)
    T = sorted(
        {*log_integers(5, 3 * M, 12 if effort.quick else 18), *(round(M * f) for f in (0.9, 1.1))}
    )
    T = [t for t in T if t not in (M, N)]
    grid = np.geomspace(5, 3 * M, 400)
    figure, axes = new_figure(2, width=9.0)
    for ax, noise in zip(axes, (0.0, 0.01), strict=True):
        ridges = [0.0, 1e-4 / M, 1e-2 / M]
        ds = sweep(
            spectrum,
            N=N,
            T=T,
            ridge=ridges,
            noise=noise,
            draws=4,
            threads=effort.threads,
            progress=False,
        )
        for ridge, (colour, marker) in zip(ridges, styles(), strict=False):
            line = theory(spectrum, N=N, T=grid, ridge=ridge, noise=noise).test_loss
            ax.plot(grid, np.where((line > 0) & np.isfinite(line), line, np.nan), color=colour)
            loss = ds["test_loss"].sel(N=N, ridge=ridge).values
            ax.plot(
                T,
                loss,
                marker,
                color=colour,
                markersize=4,
                label=f"ridge {ridge:.1e}" if ridge else "no ridge",
            )
        law = Asymptotics(1.0, M).ridgeless_loss(N, grid[grid < 0.9 * M])
        ax.plot(grid[grid < 0.9 * M], law, ":", color="0.3", label="power law, M → ∞")
        ax.axvline(M, color="0.6", linewidth=1, linestyle="--")
        ax.set(xscale="log", yscale="log", xlabel="samples T", ylabel="test loss")
        ax.set(
            title=f"M = {M} (dashed), N = {N}, noise {noise:g}",
            ylim=(1e-13 if not noise else 1e-6, None),
        )
        light_grid(ax)
        ax.legend(frameon=False)
    return figure
