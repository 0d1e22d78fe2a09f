"""One-pass SGD: loss against steps in four phases, theory and drawn (Paquette et al. 2024)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...plot.style import light_grid, styles
from ...solvable import SgdPhase, Spectrum, one_pass_sgd, simulate_one_pass_sgd
from ...standard_errors import standard_errors
from ..effort import Effort
from ..figures import log_integers, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_POINTS = ((1.0, 0.0), (1.0, 0.7), (0.7, 1.2), (0.4, 0.3))


def make(effort: Effort) -> Figure:
    """Draw one point of each phase."""
    M, N, last, draws = (100, 30, 1000, 24) if effort.quick else (200, 60, 5000, 96)
    figure, ax = new_figure()
    grid, steps = np.geomspace(1, 30 * last, 100), log_integers(10, last, 8)
    for (alpha, beta), (colour, marker) in zip(_POINTS, styles(), strict=False):
        spectrum = Spectrum.source_capacity(2 * alpha, 2 * (alpha + beta), M)
        unit = spectrum.null_loss
        ax.plot(grid, one_pass_sgd(spectrum, grid, N=N, lr=0.2) / unit, color=colour)
        run = simulate_one_pass_sgd(spectrum, steps, N=N, lr=0.2, draws=draws) / unit
        error = standard_errors(run, axis=0)
        name = SgdPhase.of(alpha, beta).name
        label = f"{name}: α = {alpha:g}, β = {beta:g}"
        ax.errorbar(
            steps, run.mean(axis=0), error, fmt=marker, color=colour, markersize=4, label=label
        )
    ax.set(xscale="log", yscale="log", xlabel="steps = samples", ylabel="test loss / null loss")
    ax.set(title=f"One-pass SGD, N = {N}, M = {M}: points drawn, lines theory")
    light_grid(ax)
    ax.legend(frameon=False)
    return figure
