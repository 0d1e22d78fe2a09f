"""F6: eigenvalues of the model's features, Phi Phi^T, in theory and drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...plot.style import styles
from ...solvable import Spectrum, feature_eigenvalues
from ..effort import Effort
from ..figures import new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIZES = ((50, 1000), (200, 400), (400, 100), (800, 1000))


def make(effort: Effort) -> Figure:
    """Draw F6 for M = 1500, alpha = 1."""
    M = 300 if effort.quick else 1500
    spectrum = Spectrum.power_law(1.0, M)
    figure, ax = new_figure()
    rng = np.random.default_rng(0)
    for (N, T), (colour, _) in zip(_SIZES, styles(), strict=False):
        n, t = (N // 5, T // 5) if effort.quick else (N, T)
        unit = n * t / M
        predicted = feature_eigenvalues(spectrum, N=n, T=t) / unit
        rank = np.arange(1, len(predicted) + 1)
        u = rng.standard_normal((n, M)) / np.sqrt(M)
        X = rng.standard_normal((M, t)) * np.sqrt(spectrum.eigenvalues)[:, None]
        drawn = np.linalg.svd(u @ X, compute_uv=False)[: len(rank)] ** 2 / unit
        shown = np.unique(np.geomspace(1, len(rank), 24).astype(int)) - 1
        ax.plot(rank, predicted, color=colour, linewidth=1.2)
        ax.plot(
            rank[shown], drawn[shown], "o", color=colour, markersize=3.5, label=f"N = {n}, T = {t}"
        )
    ax.plot(np.arange(1, M + 1), spectrum.eigenvalues, "--", color="0.4", label="latent spectrum")
    ax.set(xscale="log", yscale="log", xlabel="rank i", ylabel="eigenvalue of ΦΦᵀ · M / (N T)")
    ax.set(title="Features of the model: points drawn, lines theory", ylim=(1e-8, 20))
    ax.legend(frameon=False)
    ax.grid(visible=True, color="0.9", linewidth=0.6)
    return figure
