"""F10: without a ridge the loss diverges at N = T."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...plot import solvable_loss
from ...solvable import Spectrum, optimal_ridge, sweep, theory
from ..effort import Effort
from ..figures import log_integers, new_figure, redraw

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def make(effort: Effort) -> Figure:
    """Draw F10; M = 1500, N = 50 and 200."""
    M, fixed = (300, [10, 40]) if effort.quick else (1500, [50, 200])
    spectrum = Spectrum.power_law(1.0, M)
    around = {round(n * f) for n in fixed for f in (0.7, 0.85, 0.93, 1.07, 1.15, 1.4)}
    T = sorted({*log_integers(4, M, 8 if effort.quick else 14), *around} - set(fixed))
    ds = sweep(
        spectrum,
        N=fixed,
        T=T,
        draws=6 if effort.quick else 16,
        threads=effort.threads,
        progress=False,
    )
    figure, ax = new_figure()
    solvable_loss(ds, against="T", finite_size=True, ax=ax)
    # The lines of the sweep join its points; close to the peak a finer one is needed.
    grid = np.geomspace(4, M, 1200)
    for n, line in zip(fixed, list(ax.get_lines())[::2], strict=False):
        loss = theory(spectrum, N=n, T=grid, finite_size=True).test_loss
        redraw(line, grid, loss)
        best = optimal_ridge(spectrum, N=float(n), T=grid)
        ax.plot(grid, best.test_loss, ":", color=line.get_color(), linewidth=1.2)
    ax.set(title=f"α = 1, M = {M}: no ridge; dotted: the best ridge")
    ax.set(
        ylim=(0.3 * ds["theory"].min().item(), 8 * ds["theory_finite_size"].isel(T=0).max().item())
    )
    return figure
