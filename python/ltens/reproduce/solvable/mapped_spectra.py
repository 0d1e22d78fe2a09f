"""F4 and F5: what a random linear or ReLU map makes of the spectrum of images.

Patches of photographs stand in for CIFAR-10, at 12 x 12 x 3 = 432 inputs so that the maps can be
several times as wide as the data in a minute: N / inputs is what the figures are about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..._typing import Floats
from ...plot import solvable_spectra
from ...solvable import photo_patches
from ..effort import Effort
from ..figures import new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def linear(effort: Effort) -> Figure:
    """Draw F4: the rank stays that of the inputs, whatever N."""
    return _make("linear", effort.quick)


def relu(effort: Effort) -> Figure:
    """Draw F5: the power law goes on to min(N, T)."""
    return _make("ReLU", effort.quick)


def _make(name: str, quick: bool) -> Figure:
    size, T = (8, 800) if quick else (12, 3000)
    X = photo_patches(T, size=size)
    X = X - X.mean(axis=0)
    inputs = X.shape[1]
    widths = [round(factor * inputs) for factor in (1, 2, 3, 4)]
    spectra = {f"the {inputs} inputs": _eigenvalues(X)}
    for N in widths:
        u = np.random.default_rng(N).standard_normal((inputs, N)) / np.sqrt(inputs)
        features = X @ u if name == "linear" else np.maximum(X @ u, 0)
        spectra[f"N = {N}"] = _eigenvalues(features - features.mean(axis=0)) * inputs / N
    figure, ax = new_figure()
    solvable_spectra(spectra, ax=ax)
    ax.axvline(inputs, color="0.6", linewidth=1, linestyle=":")
    ax.set(title=f"Photo patches, random {name} map to N features, T = {T}")
    ax.set(ylabel="eigenvalue (per input / N)", ylim=(1e-12 if name == "linear" else 1e-8, None))
    return figure


def _eigenvalues(X: Floats) -> Floats:
    return np.asarray(np.linalg.svd(X, compute_uv=False) ** 2 / len(X))
