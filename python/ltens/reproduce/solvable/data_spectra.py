"""F2 and F3: covariance spectra of images, cut off at the number of samples or pixels.

Maloney, Roberts & Sully show CIFAR-10, which is not shipped in a package: here patches of the same
32 x 32 x 3 = 3072 inputs from the two photographs of scikit-learn stand in.
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

_COUNTS = (100, 200, 400, 500)


def samples(effort: Effort) -> Figure:
    """Draw F2: all pixels, T patches; the spectrum ends at rank T."""
    X = photo_patches(max(_COUNTS), size=16 if effort.quick else 32)
    figure, ax = new_figure()
    solvable_spectra({f"T = {T}": _spectrum(X[:T]) for T in _COUNTS}, ax=ax)
    ax.set(title=f"Photo patches, {X.shape[1]} inputs, T samples", ylim=(1e-5, None))
    return figure


def pixels(effort: Effort) -> Figure:
    """Draw F3: as many samples as CIFAR-10's inputs, the first pixels only."""
    count, size = (800, 16) if effort.quick else (3072, 32)
    X = photo_patches(count, size=size)
    order = np.random.default_rng(0).permutation(X.shape[1])
    figure, ax = new_figure()
    spectra = {f"{n} inputs": _spectrum(X[:, order[:n]]) for n in _COUNTS}
    solvable_spectra(spectra, ax=ax)
    ax.set(title=f"Photo patches, T = {count} samples, random pixels", ylim=(1e-6, None))
    return figure


def _spectrum(X: Floats) -> Floats:
    """Return the eigenvalues of the covariance that the samples can show."""
    centred = X - X.mean(axis=0)
    values = np.linalg.svd(centred, compute_uv=False) ** 2 / len(X)
    return np.asarray(values[: min(len(X) - 1, X.shape[1])])
