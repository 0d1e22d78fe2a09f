"""Gradient flow on the model: loss in time for several N and T, and the compute frontier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...plot.style import light_grid, styles
from ...solvable import (
    Rates,
    Spectrum,
    compute_frontier,
    gradient_flow,
    simulate_gradient_flow,
)
from ..effort import Effort
from ..figures import new_figure, slope_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def make(effort: Effort) -> Figure:
    """Draw both for alpha = 1."""
    M = 200 if effort.quick else 1000
    spectrum = Spectrum.power_law(1.0, M)
    figure, axes = new_figure(2, width=9.5)
    times, dots = np.geomspace(1e-1, 1e6, 80), np.geomspace(1e-1, 1e6, 15)
    pairs = [(M // 10, np.inf), (M // 10, M // 4), (M // 4, M // 10), (M // 10, M // 10)]
    for (N, T), (colour, marker) in zip(pairs, styles(), strict=False):
        axes[0].plot(times, gradient_flow(spectrum, times, N=N, T=T), color=colour)
        run = simulate_gradient_flow(spectrum, dots, N=N, T=T, draws=4, threads=effort.threads)
        label = f"N = {N}, T = {'∞' if np.isinf(T) else int(T)}"
        axes[0].plot(dots, run.mean(axis=0), marker, color=colour, markersize=4, label=label)
    axes[0].set(title=f"Gradient flow, α = 1, M = {M}: points drawn, lines theory", xlabel="time")
    compute = np.geomspace(10, M**2, 9)
    _, best = compute_frontier(spectrum, compute)
    for N in (3, 10, 30, 100) if M > 300 else (3, 10, 30):
        loss = gradient_flow(spectrum, compute / N, N=N)
        axes[1].plot(compute, loss, color="0.7", linewidth=1.0)
        axes[1].annotate(f"{N}", (compute[-1], loss[-1]), fontsize=8, color="0.4")
    axes[1].plot(compute, best, "o-", color="#D55E00", markersize=4, label="best N")
    exponent = Rates(2.0, 2.0).compute
    ends = (float(compute[0]), float(compute[-1]))
    slope_line(axes[1], ends, 0.7 * float(best[0]), -exponent, f"slope −{exponent:.2f}")
    axes[1].set(title="Compute frontier, T = ∞; grey: fixed N", xlabel="compute N · time")
    for ax in axes:
        ax.set(xscale="log", yscale="log", ylabel="test loss")
        light_grid(ax)
        ax.legend(frameon=False)
    return figure
